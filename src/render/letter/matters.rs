//! What is wrong, line by line, and what is asked: one request for each matter.

use crate::error::Result;
use crate::model::money::Money;
use crate::render::letter::Channel;
use crate::render::letter::papers::Papers;
use crate::render::letter::parties::Blanks;
use crate::render::template::{Serde, Value, context};
use crate::render::words::{Words, shown};
use crate::report::model::{Clause, Expected, Finding, Law, Payment, Report};

/// The rules on which the term for an answer rests, by channel: the operator's 15 days.
const ANSWER_RULE: &str = "o35-10";
/// The rule that limits appeals to five months.
const APPEAL_RULE: &str = "o35-11";
/// Most titles in the opening sentence.
const TITLES_MAX: usize = 3;

/// Returns the matters, the questions, the evidence and the rules quoted in the annex.
pub fn values(
    report: &Report,
    channel: Channel,
    errors: &[&Finding],
    questions: &[&Finding],
    words: Words<'_>,
    blanks: &mut Blanks,
) -> Result<Value> {
    let papers = Papers::of(report, errors, words, blanks)?;
    let items = errors.iter().enumerate();
    let items = items
        .map(|(index, finding)| item(report, channel, index + 1, finding, &papers, words))
        .collect::<Result<Vec<_>>>()?;
    let laws = quoted_laws(report, channel, errors);
    let answer_rule = laws.iter().find(|law| law.id == ANSWER_RULE).map(|law| law.title.clone());
    let asks = questions.iter().map(|finding| records_asked(&finding.ask, words));
    let asks: Vec<String> = asks.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    let (proven, probable) = sums(errors)?;
    Ok(context! {
        opening => opening(channel, errors, proven, probable, words)?,
        amount => shown(&proven.plus(probable)?.to_string()),
        answer_rule, items, asks, papers => papers.rows,
        clauses => quoted_clauses(errors).iter().map(|clause| Value::from(Serde(clause))).collect::<Vec<_>>(),
        laws => laws.iter().map(|law| Value::from(Serde(law))).collect::<Vec<_>>(),
    })
}

/// Returns the claims of the matters: proven, probable.
fn sums(errors: &[&Finding]) -> Result<(Money, Money)> {
    let of = |verdict: &str| {
        let claims = errors.iter().filter(|finding| finding.verdict == verdict);
        Money::sum(claims.map(|finding| Money::parse(&finding.claim)).collect::<Result<Vec<_>>>()?)
    };
    Ok((of("proven")?, of("probable")?))
}

/// Returns what is wrong in one sentence.
fn opening(
    channel: Channel,
    errors: &[&Finding],
    proven: Money,
    probable: Money,
    words: Words<'_>,
) -> Result<String> {
    let mut titles: Vec<&str> = errors.iter().map(|finding| finding.title.as_str()).collect();
    titles.dedup();
    let more = titles.len() > TITLES_MAX;
    titles.truncate(TITLES_MAX);
    let mut titles = titles.join(&words.plain("letter.titles.separator")?);
    if more {
        titles = words.with("letter.titles.more", &[("titles", &titles)])?;
    }
    let state = match (proven.is_positive(), probable.is_positive(), errors.is_empty()) {
        (_, _, true) => "none",
        (true, false, _) => "proven",
        (true, true, _) => "both",
        (false, true, _) => "probable",
        (false, false, _) => "records",
    };
    let whose = match channel {
        Channel::Operator => "operator",
        Channel::Platform => "platform",
        Channel::Miit | Channel::Consumer | Channel::Heimao => "third",
    };
    let (proven, probable) = (proven.to_string(), probable.to_string());
    let args = [("proven", proven.as_str()), ("probable", &probable), ("titles", &titles)];
    words.with(&format!("letter.opening.{whose}.{state}"), &args)
}

/// Returns one matter: what, why, the lines with billed − due = difference, one request, the papers.
fn item(
    report: &Report,
    channel: Channel,
    number: usize,
    finding: &Finding,
    papers: &Papers,
    words: Words<'_>,
) -> Result<Value> {
    let claimed = Money::parse(&finding.claim)?.is_positive();
    let lines = if claimed { lines(report, finding)? } else { Vec::new() };
    // What is only asked about is not computed: that would look like a claim.
    let steps = if claimed { steps(report, finding, words)? } else { Vec::new() };
    let about = |payment: &&Payment| claimed && payment.findings.contains(&finding.id);
    let payments =
        report.payments.iter().filter(about).map(|it| payment(it, words)).collect::<Result<Vec<_>>>()?;
    let ask = if channel == Channel::Heimao { Vec::new() } else { records_asked(&finding.ask, words)? };
    Ok(context! {
        number, title => &finding.title, period => finding.date.as_ref().unwrap_or(&finding.period),
        explanation => &finding.explanation, lines, steps, payments, ask,
        basis => basis(report, finding, words)?,
        request => request(finding, words)?,
        papers => papers.of_finding(finding).join(words.0.lang().list_separator()),
    })
}

fn lines(report: &Report, finding: &Finding) -> Result<Vec<Value>> {
    let mut rows = Vec::new();
    for line in report.lines.iter().filter(|line| finding.lines.contains(&line.id)) {
        let due = Money::parse(&line.amount)?.minus(Money::parse(&line.disputed)?)?;
        rows.push(context! {
            row => line.source.row.map(|row| row.to_string()).unwrap_or_default(), period => &line.period,
            item => &line.item, amount => shown(&line.amount), due => shown(&due.to_string()),
            difference => shown(&line.disputed),
        });
    }
    Ok(rows)
}

fn payment(payment: &Payment, words: Words<'_>) -> Result<Value> {
    let place = &payment.source;
    Ok(context! {
        paid_at => &payment.paid_at, payee => &payment.payee, description => &payment.description,
        amount => shown(&payment.amount), platform => words.code("platform", &payment.platform)?,
        place => words.place(&place.path, place.sheet.as_deref(), place.row)?,
    })
}

/// Returns the computation of what was due for the bill lines of a finding; where several items are due together
/// (overage and the price of a pack), their sum comes last.
fn steps(report: &Report, finding: &Finding, words: Words<'_>) -> Result<Vec<Value>> {
    let is_about = |item: &&Expected| item.lines.iter().any(|line| finding.lines.contains(line));
    let items: Vec<&Expected> = report.expected.iter().filter(is_about).collect();
    let steps = items.iter().flat_map(|item| &item.trace).filter(|step| !step.formula.trim().is_empty());
    let mut steps: Vec<Value> =
        steps.map(|step| context! { what => &step.what, formula => &step.formula }).collect();
    let due: Vec<&&Expected> = items.iter().filter(|item| item.amount_high != "0.00").collect();
    if due.len() > 1 {
        let sum =
            Money::sum(due.iter().map(|item| Money::parse(&item.amount_high)).collect::<Result<Vec<_>>>()?)?;
        let parts: Vec<String> =
            due.iter().map(|item| format!("{} {}", item.label, shown(&item.amount_high))).collect();
        let formula = format!("{} ＝ {}", parts.join(" ＋ "), shown(&sum.to_string()));
        steps.push(context! { what => words.plain("letter.due_together")?, formula });
    }
    Ok(steps)
}

/// Returns the clauses and laws of a matter by name; their words stand in the annex.
fn basis(report: &Report, finding: &Finding, words: Words<'_>) -> Result<String> {
    let mut names = Vec::new();
    for clause in &finding.clauses {
        let args = [("plan", clause.plan_name.as_str()), ("clause", &clause.clause)];
        names.push(words.with("html.clause_of", &args)?);
    }
    let laws = finding.basis.iter().filter_map(|id| report.laws.iter().find(|law| law.id == *id));
    for law in laws {
        names.push(words.with("letter.law_name", &[("title", &law.title)])?);
    }
    names.dedup();
    Ok(names.join(&words.plain("letter.titles.separator")?))
}

/// Returns the clauses that the matters rest on, once each.
fn quoted_clauses<'a>(findings: &[&'a Finding]) -> Vec<&'a Clause> {
    let mut clauses: Vec<&Clause> = Vec::new();
    for clause in findings.iter().flat_map(|finding| &finding.clauses) {
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    clauses
}

/// Returns the laws that the matters and the terms rest on, once each.
fn quoted_laws<'a>(report: &'a Report, channel: Channel, findings: &[&Finding]) -> Vec<&'a Law> {
    let of_channel: &[&str] = match channel {
        Channel::Operator => &[ANSWER_RULE],
        Channel::Miit => &[ANSWER_RULE, APPEAL_RULE],
        Channel::Consumer | Channel::Heimao | Channel::Platform => &[],
    };
    let cited = |law: &&Law| {
        of_channel.contains(&law.id.as_str())
            || findings.iter().any(|finding| finding.basis.contains(&law.id))
    };
    report.laws.iter().filter(cited).collect()
}

/// Returns what is to be shown or explained, without the clauses that demand money back: the one request of a
/// matter does that, and only where it is proven.
fn records_asked(asks: &[String], words: Words<'_>) -> Result<Vec<String>> {
    let demands = words.plain("letter.demand_words")?;
    let stop = words.plain("letter.stop")?;
    let is_demand = |clause: &str| {
        let clause = clause.to_lowercase();
        demands.split('|').any(|demand| clause.contains(demand))
    };
    let mut kept = Vec::new();
    for ask in asks {
        let clauses: Vec<&str> =
            ask.split_inclusive(['；', ';']).filter(|clause| !is_demand(clause)).collect();
        let text = clauses.concat();
        let text = text.trim().trim_end_matches(['；', ';', '。', '.']);
        if !text.is_empty() {
            kept.push(format!("{text}{stop}"));
        }
    }
    Ok(kept)
}

/// Returns the one request of a finding: proven is demanded, probable is to be checked, else the record is asked for.
fn request(finding: &Finding, words: Words<'_>) -> Result<String> {
    let claimed = Money::parse(&finding.claim)?.is_positive();
    let staked = Money::parse(&finding.amount)?.is_positive();
    match finding.verdict.as_str() {
        "proven" if claimed => words.with("letter.request.proven", &[("amount", &finding.claim)]),
        "probable" if claimed => words.with("letter.request.probable", &[("amount", &finding.claim)]),
        "needs-evidence" if staked => words.with("letter.request.records", &[("amount", &finding.amount)]),
        _ => words.plain("letter.request.explain"),
    }
}
