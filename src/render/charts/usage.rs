//! Charts of use: how allowances ran out, and what was used and charged by day.

use std::cmp::Reverse;

use crate::error::Result;
use crate::model::money::Money;
use crate::render::chart::days::{self, PANELS_MAX, Panel};
use crate::render::charts::{Chart, who};
use crate::render::words::{Words, shown};
use crate::report::model::{Report, UsageDays};

/// The burn-down of the allowances that ran out, else of the cycle used most; none without an allowance.
pub(super) fn burn_down(report: &Report, words: Words<'_>) -> Result<Option<Chart>> {
    let granted: Vec<&UsageDays> =
        report.usage.iter().filter(|days| days.granted > 0 && total(&days.inside) > 0).collect();
    let (chosen, more) = chosen(granted);
    let mut panels = Vec::new();
    for days in chosen {
        let args = [
            ("who", who(report, &days.msisdn)),
            ("period", days.period.clone()),
            ("unit", words.plain(&format!("chart.unit.{}", days.unit))?),
            ("granted", volume(&days.unit, days.granted, words)?),
            ("inside", volume(&days.unit, total(&days.inside), words)?),
            ("outside", volume_or_none(days, words)?),
        ];
        let at = days.overage_from.as_deref().map(|at| at.get(5..16).unwrap_or(at).to_owned());
        let moment = at.map(|at| words.with("chart.burn-down.moment", &[("at", &at)])).transpose()?;
        panels.push(Panel { days, title: words.filled("chart.burn-down.panel", &args)?, moment });
    }
    let description = description(&panels, "chart.burn-down.key", more, words)?;
    Ok((!panels.is_empty()).then_some(Chart {
        id: "burn-down",
        title: words.plain("chart.burn-down")?,
        note: words.plain("chart.burn-down.key")?,
        description,
        drawing: days::burn_down(&panels),
    }))
}

/// Use against charge of the kinds for which the list states fees or something was used outside an allowance.
pub(super) fn use_and_charge(report: &Report, words: Words<'_>) -> Result<Option<Chart>> {
    let charged: Vec<&UsageDays> = report
        .usage
        .iter()
        .filter(|days| total(&days.outside) > 0 || days.fees.iter().any(|fee| is_yuan(fee)))
        .collect();
    let (chosen, more) = chosen(charged);
    let mut panels = Vec::new();
    for days in chosen {
        let fees = days.fees.iter().map(|fee| Money::parse(fee)).collect::<Result<Vec<_>>>()?;
        let sum = if fees.is_empty() { String::new() } else { Money::sum(fees)?.to_string() };
        let used = total(&days.inside).saturating_add(total(&days.outside));
        let args = [
            ("who", who(report, &days.msisdn)),
            ("period", days.period.clone()),
            ("unit", words.plain(&format!("chart.unit.{}", days.unit))?),
            ("used", volume(&days.unit, used, words)?),
            ("outside", volume_or_none(days, words)?),
            ("fees", shown(&sum)),
        ];
        panels.push(Panel { days, title: words.filled("chart.usage.panel", &args)?, moment: None });
    }
    let description = description(&panels, "chart.usage.key", more, words)?;
    Ok((!panels.is_empty()).then_some(Chart {
        id: "usage",
        title: words.plain("chart.usage")?,
        note: words.plain("chart.usage.key")?,
        description,
        drawing: days::use_and_charge(&panels)?,
    }))
}

/// Returns the panels to draw, by number, cycle and kind, and how many are left out: those with the most use
/// outside come first, then the latest.
fn chosen(mut all: Vec<&UsageDays>) -> (Vec<&UsageDays>, usize) {
    all.sort_by_key(|days| (Reverse(total(&days.outside) > 0), Reverse(days.period.clone())));
    let more = all.len().saturating_sub(PANELS_MAX);
    all.truncate(PANELS_MAX);
    all.sort_by_key(|days| (&days.msisdn, &days.period, &days.unit));
    (all, more)
}

fn description(panels: &[Panel<'_>], key: &str, more: usize, words: Words<'_>) -> Result<String> {
    let stop = words.0.lang().clause_separator();
    let parts: Vec<String> = panels
        .iter()
        .map(|panel| match &panel.moment {
            Some(moment) => format!("{}{}{moment}", panel.title, words.0.lang().list_separator()),
            None => panel.title.clone(),
        })
        .collect();
    let mut text = format!("{} {}", words.plain(key)?, parts.join(stop));
    if more > 0 {
        text.push_str(&format!(" {}", words.count("chart.more", more)?));
    }
    Ok(text)
}

fn total(days: &[u64]) -> u64 {
    days.iter().fold(0, |sum, day| sum.saturating_add(*day))
}

fn is_yuan(fee: &str) -> bool {
    fee.contains(|c: char| ('1'..='9').contains(&c))
}

fn volume_or_none(days: &UsageDays, words: Words<'_>) -> Result<String> {
    match total(&days.outside) {
        0 => Ok(String::new()),
        outside => volume(&days.unit, outside, words),
    }
}

/// Returns a volume as people read it; exact figures stand in the tables.
fn volume(unit: &str, amount: u64, words: Words<'_>) -> Result<String> {
    let (size, name) = match unit {
        "data" => [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")]
            .into_iter()
            .find(|(size, _)| amount >= *size)
            .unwrap_or((1, "B")),
        "voice" => return words.with("chart.volume.minutes", &[("count", &amount.div_ceil(60).to_string())]),
        _ => return words.with("chart.volume.count", &[("count", &amount.to_string())]),
    };
    let hundredths = (u128::from(amount) * 100 + u128::from(size / 2)) / u128::from(size);
    let number = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    Ok(format!("{} {name}", number.trim_end_matches('0').trim_end_matches('.')))
}
