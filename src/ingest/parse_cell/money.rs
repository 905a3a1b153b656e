//! Amounts: optional sign, ￥ ¥ 元, thousands in groups of three, ASCII or full-width digits,
//! `(12.00)` = −12.00, `欠4.2元` = −4.20,
//! `CNY 12.00`. Never rounded, no exponents; `1.234,50` is refused.

use rust_decimal::Decimal;

use crate::ingest::parse_cell::{CellResult, present, refused};
use crate::model::money::Money;

/// The unit in which a column prints amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyUnit {
    /// 元.
    Yuan,
    /// 分, 0.01 yuan.
    Fen,
    /// 厘, 0.001 yuan.
    Li,
}

impl MoneyUnit {
    fn scale(self) -> u32 {
        match self {
            Self::Yuan => 0,
            Self::Fen => 2,
            Self::Li => 3,
        }
    }
}

/// Returns the amount of a cell in yuan. `unit` is what the header says; a cell that names another unit is refused.
///
/// # Errors
/// When the cell is neither absent nor an amount that is kept exactly.
pub fn money(text: &str, unit: MoneyUnit) -> CellResult<Money> {
    let Some(folded) = present(text) else { return Ok(None) };
    let refuse = || refused("money", text);
    let (negative, bare) = sign_and_rest(without_currency(&folded)).ok_or_else(refuse)?;
    let number = without_unit(bare, unit).ok_or_else(refuse)?;
    let value = plain_decimal(number).ok_or_else(refuse)?;
    let yuan = in_yuan(value, unit).ok_or_else(refuse)?;
    let amount = Money::new(yuan).map_err(|_| refused("money-range", text))?;
    Ok(Some(if negative { amount.negated() } else { amount }))
}

/// Returns an exact plain number: a quantity, a unit price. The grammar of amounts, a trailing unit word is skipped.
///
/// # Errors
/// When the cell is neither absent nor a number.
pub fn decimal(text: &str) -> CellResult<Decimal> {
    let Some(folded) = present(text) else { return Ok(None) };
    let refuse = || refused("number", text);
    let (negative, bare) = sign_and_rest(&folded).ok_or_else(refuse)?;
    let bare = bare.trim_start_matches('¥').trim();
    let end = bare.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(bare.len());
    let (number, suffix) = bare.split_at(end);
    let plausible = suffix.chars().all(|c| c.is_alphabetic() || c == '/' || c == ' ') && !is_exponent(suffix);
    let value = plain_decimal(number).filter(|_| plausible).ok_or_else(refuse)?;
    Ok(Some(if negative { -value } else { value }))
}

fn is_exponent(suffix: &str) -> bool {
    matches!(suffix.trim(), "e" | "E")
}

/// `CNY 123.18`: other currencies are no amounts in yuan.
fn without_currency(text: &str) -> &str {
    let rest = ["CNY", "RMB", "人民币"].iter().find_map(|word| text.strip_prefix(word));
    rest.map_or(text, str::trim_start)
}

fn sign_and_rest(text: &str) -> Option<(bool, &str)> {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let unsigned = !inner.trim_start().starts_with(['-', '+']);
        return unsigned.then_some((true, inner.trim()));
    }
    if let Some(owed) = text.strip_prefix('欠') {
        return Some((true, owed.trim()));
    }
    let (symbol, after) = text.strip_prefix('¥').map_or((false, text), |rest| (true, rest.trim_start()));
    let (sign, rest) = match after.strip_prefix(['-', '+']) {
        Some(rest) => (after.starts_with('-'), rest.trim_start()),
        None => (false, after),
    };
    let doubled = rest.starts_with(['-', '+']) || (symbol && rest.starts_with('¥'));
    (!doubled).then_some((sign, rest))
}

fn without_unit(text: &str, unit: MoneyUnit) -> Option<&str> {
    let text = match text.strip_prefix('¥') {
        Some(rest) if unit == MoneyUnit::Yuan => rest.trim_start(),
        Some(_) => return None,
        None => text,
    };
    match (text.strip_suffix('元'), text.strip_suffix('分')) {
        (Some(rest), _) => (unit == MoneyUnit::Yuan).then(|| rest.trim_end()),
        (_, Some(rest)) => (unit == MoneyUnit::Fen).then(|| rest.trim_end()),
        _ => Some(text),
    }
}

/// Returns the value of digits with an optional fraction and thousands in groups of three.
fn plain_decimal(text: &str) -> Option<Decimal> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().filter(|first| digits(first))?;
    let grouped = whole.contains(',');
    let sized = !grouped || (first.len() <= 3 && groups.all(|group| group.len() == 3 && digits(group)));
    if !sized || fraction.is_some_and(|fraction| !digits(fraction)) {
        return None;
    }
    match grouped {
        true => Decimal::from_str_exact(&text.replace(',', "")).ok(),
        false => Decimal::from_str_exact(text).ok(),
    }
}

fn in_yuan(value: Decimal, unit: MoneyUnit) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(value.mantissa(), value.scale() + unit.scale()).ok()
}
