//! An independent reader of traces: it knows nothing of rating and recomputes every formula from its text.

use mingzhang::rating::outcome::ExpectedItem;
use mingzhang::report::wording::{Lang, Wording};
use serde_json::Value as Json;

/// Steps whose kind decides how they are read; every other formula says all by itself.
const KINDS: [&str; 5] = ["count", "round-truncate", "stages", "sum", "suspended"];

/// One step as a reader sees it.
struct Step<'a> {
    rule: &'a str,
    kind: String,
    formula: &'a str,
    after: &'a str,
}

/// A fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value(i128, i128);

fn divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { divisor(b, a % b) }
}

fn value(top: i128, bottom: i128) -> Value {
    let divisor = divisor(top, bottom).max(1) * bottom.signum();
    Value(top / divisor, bottom / divisor)
}

/// Recomputes every step of an item; returns the figure of its last step, or what does not hold.
pub fn evaluate(item: &ExpectedItem) -> Result<Value, String> {
    let steps = item.trace.iter().map(|step| Step {
        rule: &step.rule,
        kind: step.what.key.trim_start_matches("rating.step.").to_owned(),
        formula: &step.formula,
        after: &step.after,
    });
    recompute(steps)
}

/// Recomputes every expected line of a report.json; returns how many formulas it read, or what does not hold.
pub fn evaluate_report(report: &Json) -> Result<usize, String> {
    let words = Wording::load(Lang::Zh).expect("the wording holds");
    let kinds = KINDS.map(|kind| (words.word(&format!("rating.step.{kind}")).expect("words"), kind));
    let text = |step: &'_ Json, key: &str| step[key].as_str().unwrap_or_default().to_owned();
    let mut formulas = 0;
    for expected in report["expected"].as_array().ok_or("no expected lines")? {
        let trace = expected["trace"].as_array().ok_or("no trace")?;
        let steps = trace.iter().map(|step| {
            let known = kinds.iter().find(|(words, _)| *words == text(step, "what"));
            let [rule, formula, after] =
                ["rule", "formula", "after"].map(|key| step[key].as_str().unwrap_or(""));
            Step { rule, kind: known.map_or("", |(_, kind)| kind).to_owned(), formula, after }
        });
        let figure = recompute(steps)?;
        if Some(figure) != number(&text(expected, "amount_high")) {
            return Err(format!("{} is not what its trace ends with", expected["name"]));
        }
        formulas += trace.iter().filter(|step| !text(step, "formula").is_empty()).count();
    }
    Ok(formulas)
}

fn recompute<'a>(steps: impl Iterator<Item = Step<'a>>) -> Result<Value, String> {
    let mut figure = value(0, 1);
    let mut earlier = Vec::new();
    for step in steps {
        let kind = step.kind.as_str();
        let wrong = || format!("{}: {} gives not {}", step.rule, step.formula, step.after);
        let after = expression(step.after).ok_or_else(wrong)?;
        // What a finding decides about a line is no computation: it belongs to no rule of a plan.
        if step.formula.is_empty() && !step.rule.contains('/') {
            figure = after;
            continue;
        }
        // "500.00 > 300.00 : …" and "1/12: …" state why; what follows the colon is computed.
        let formula = step.formula.rsplit(": ").next().unwrap_or_default();
        let holds = if let Some((left, right)) = formula.split_once(" → ") {
            kind == "suspended" || rounds_to(expression(left).ok_or_else(wrong)?, right, kind)
        } else if let Some((left, right)) = formula.split_once(" = ") {
            if matches!(kind, "sum" | "stages") {
                let known =
                    left.split(" + ").all(|term| expression(term).is_some_and(|it| earlier.contains(&it)));
                known.then_some(()).ok_or_else(wrong)?;
            }
            let (left, right) = (expression(left), expression(right));
            // A counted volume is shown as steps; `after` is their size.
            left.is_some() && left == right && (kind == "count" || right == Some(after))
        } else if let Some((low, high)) = formula.split_once(" … ") {
            expression(low).is_some() && expression(high) == Some(after)
        } else {
            expression(formula) == Some(after)
        };
        holds.then_some(()).ok_or_else(wrong)?;
        earlier.push(after);
        figure = after;
    }
    Ok(figure)
}

/// Returns a plain decimal number such as an amount.
pub fn number(text: &str) -> Option<Value> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = 10i128.pow(u32::try_from(places.len()).ok()?);
    Some(value(sign * format!("{whole}{places}").parse::<i128>().ok()?, scale))
}

fn rounds_to(exact: Value, shown: &str, kind: &str) -> bool {
    let places = shown.split_once('.').map_or(0, |(_, places)| places.len());
    let scaled = exact.0.abs() * 10i128.pow(places as u32);
    let half = if kind == "round-truncate" { 0 } else { exact.1 };
    let whole = (2 * scaled + half).div_euclid(2 * exact.1);
    number(shown) == Some(value(whole * exact.0.signum(), 10i128.pow(places as u32)))
}

/// Sums of products of numbers, volumes, ⌈…⌉, ⌊…⌋ and min(a, b); left to right within a product.
fn expression(text: &str) -> Option<Value> {
    if let Some(inner) = text.strip_prefix("min(").and_then(|rest| rest.strip_suffix(')')) {
        let (a, b) = inner.split_once(", ")?;
        let (a, b) = (expression(a)?, expression(b)?);
        return Some(if a.0 * b.1 <= b.0 * a.1 { a } else { b });
    }
    if let Some(inner) = text.strip_prefix('⌈').and_then(|rest| rest.strip_suffix('⌉')) {
        let Value(top, bottom) = expression(inner)?;
        return Some(value((top + bottom - 1).div_euclid(bottom), 1));
    }
    if let Some(inner) = text.strip_prefix('⌊').and_then(|rest| rest.strip_suffix('⌋')) {
        let Value(top, bottom) = expression(inner)?;
        return Some(value(top.div_euclid(bottom), 1));
    }
    if let Some((left, right)) = text.rsplit_once(" − ") {
        let (a, b) = (expression(left)?, product(right)?);
        return Some(value(a.0 * b.1 - b.0 * a.1, a.1 * b.1));
    }
    let mut sum = value(0, 1);
    for term in text.split(" + ") {
        let term = product(term)?;
        sum = value(sum.0 * term.1 + term.0 * sum.1, sum.1 * term.1);
    }
    Some(sum)
}

fn product(text: &str) -> Option<Value> {
    let mut words = text.split(' ');
    let mut result = atom(words.next()?)?;
    while let Some(operator) = words.next() {
        let next = atom(words.next()?)?;
        result = match operator {
            "×" => value(result.0 * next.0, result.1 * next.1),
            "÷" => value(result.0 * next.1, result.1 * next.0),
            _ => return None,
        };
    }
    Some(result)
}

/// `12.5`, `1/3`, `206MB`, `61s`, `2min`.
fn atom(text: &str) -> Option<Value> {
    if let Some((top, bottom)) = text.split_once('/') {
        return Some(value(top.parse().ok()?, bottom.parse().ok()?));
    }
    let sizes = [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1), ("min", 60), ("s", 1)];
    let size = sizes.into_iter().find(|(suffix, _)| text.ends_with(suffix)).unwrap_or(("", 1));
    let Value(top, bottom) = number(text.strip_suffix(size.0)?)?;
    Some(value(top * size.1, bottom))
}
