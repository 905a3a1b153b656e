//! The other side's reply beside our figures. A difference is explained only when one single change of counting or
//! rounding gives exactly the figure of the reply.

use super::{Place, ReplyLine, place};
use crate::analyse::Analysis;
use crate::error::Result;
use crate::model::case::{Case, Line};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::{BillLine, Category};
use crate::rating::outcome::ExpectedItem;
use crate::rating::rounding_audit::{RoundingChange, rounding_audit};
use crate::reconcile::name::same;
use crate::report::wording::Wording;
use crate::settle::outcome::{SettledItem, SettledLine};

/// Returns the amounts of a reply, each beside ours.
///
/// # Errors
/// When an amount leaves the exact range, or a sentence is missing in the wording files.
pub fn lines(analysis: &Analysis, reply: &Case, wording: &Wording) -> Result<Vec<ReplyLine>> {
    let mut lines = Vec::new();
    for line in &reply.lines {
        let ours = analysis
            .case
            .lines
            .iter()
            .zip(&analysis.settled)
            .find(|(own, _)| own.info.msisdn == line.info.msisdn);
        for row in &line.bill {
            let beside = Beside { row, ours, place: place(reply, row.at), wording };
            lines.push(beside.line(&line.info.msisdn)?);
        }
    }
    Ok(lines)
}

struct Beside<'a> {
    row: &'a BillLine,
    ours: Option<(&'a Line, &'a SettledLine)>,
    place: Place,
    wording: &'a Wording,
}

/// Our figure for an item.
struct Computed<'a> {
    /// As the report prints it: after the findings.
    amount: Interval,
    /// From rules and records alone.
    as_rated: Interval,
    /// The item, where it is a single one.
    item: Option<&'a ExpectedItem>,
}

impl Beside<'_> {
    fn line(&self, msisdn: &str) -> Result<ReplyLine> {
        let (row, cycle) = (self.row, self.row.cycle);
        let computed = self.computed();
        let difference = computed.as_ref().map(|it| distance(it.amount, row.amount)).transpose()?;
        let changes = self.changes(computed.as_ref().and_then(|it| it.item))?;
        let as_rated = computed.as_ref().is_some_and(|it| it.as_rated == Interval::exact(row.amount));
        let billed = self.billed(cycle)?;
        let (outcome, why) = match (difference, changes.as_slice()) {
            (None, _) => ("no-rule", Message::new("reply.no-rule")),
            (Some(difference), _) if difference.is_zero() => ("same", Message::new("reply.same")),
            _ if as_rated => ("explained", Message::new("reply.as-rated")),
            (Some(_), []) if billed == Some(row.amount) => {
                ("not-explained", Message::new("reply.repeats-bill"))
            }
            (Some(_), []) => ("not-explained", Message::new("reply.not-explained")),
            (Some(_), found) => {
                ("explained", Message::new("reply.explained").list("changes", found.to_vec()))
            }
        };
        Ok(ReplyLine {
            msisdn: msisdn.to_owned(),
            period: cycle.to_string(),
            item: row.item.clone(),
            place: self.place.clone(),
            replied: row.amount.to_string(),
            billed: billed.map(|amount| amount.to_string()),
            computed_low: computed.as_ref().map(|it| it.amount.low.to_string()),
            computed_high: computed.as_ref().map(|it| it.amount.high.to_string()),
            difference: difference.map(|difference| difference.to_string()),
            outcome: outcome.to_owned(),
            why: self.wording.say(&why)?,
        })
    }

    /// What the report expects for the item: by its name, else by its category.
    fn computed(&self) -> Option<Computed<'_>> {
        let (_, settled) = self.ours?;
        let cycle = settled.rated.cycles.get(&self.row.cycle)?;
        if self.row.category == Category::Total {
            let gap = settled.gaps.iter().find(|gap| gap.cycle == self.row.cycle);
            let amount = gap.map_or(cycle.total, |gap| Interval::exact(gap.expected));
            return Some(Computed { amount, as_rated: cycle.total, item: None });
        }
        let named = |item: &&ExpectedItem| {
            item.names.iter().chain([&item.name]).any(|name| same(name, &self.row.item))
        };
        let mut items: Vec<&ExpectedItem> = cycle.items.iter().filter(named).collect();
        if items.is_empty() {
            items = cycle.items.iter().filter(|item| item.category == self.row.category).collect();
        }
        // Several items behind one name have no figure of their own.
        let [item] = items.as_slice() else { return None };
        let of_item = |it: &&SettledItem| it.cycle == self.row.cycle && it.name == item.name;
        let after_findings = settled.expected.iter().find(of_item).map(|it| it.amount);
        Some(Computed {
            amount: after_findings.unwrap_or(item.amount),
            as_rated: item.amount,
            item: Some(item),
        })
    }

    fn billed(&self, cycle: Cycle) -> Result<Option<Money>> {
        let Some((line, _)) = self.ours else { return Ok(None) };
        let of_item =
            line.bill_of(cycle).filter(|(_, it)| same(&it.item, &self.row.item)).map(|(_, it)| it.amount);
        let amounts: Vec<Money> = of_item.collect();
        if amounts.is_empty() { Ok(None) } else { Money::sum(amounts).map(Some) }
    }

    fn changes(&self, item: Option<&ExpectedItem>) -> Result<Vec<Message>> {
        let (Some((line, settled)), Some(item)) = (self.ours, item) else { return Ok(Vec::new()) };
        let Some(rule) = item.rule.split_once("/rate.") else { return Ok(Vec::new()) };
        let found = rounding_audit(line, &settled.rated, self.row.cycle, rule, self.row.amount)?;
        Ok(found.iter().map(RoundingChange::words).collect())
    }
}

/// reply − the nearest of our bounds; zero inside them.
fn distance(computed: Interval, replied: Money) -> Result<Money> {
    if replied < computed.low {
        replied.minus(computed.low)
    } else if replied > computed.high {
        replied.minus(computed.high)
    } else {
        Ok(Money::ZERO)
    }
}
