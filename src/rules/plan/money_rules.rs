//! Fees, packs and credits of a plan file.

use std::collections::BTreeSet;
use std::ops::Range;

use super::PlanChecker;
use super::spec::{CreditSpec, FeeSpec, PackSpec, PlanSpec};
use crate::model::message::Message;
use crate::model::plan::{Credit, DayRate, Fee, FirstMonth, Pack, Share, Validity};
use crate::rules::check::Text;

const FIRST_MONTH: [(&str, FirstMonth); 5] = [
    ("full", FirstMonth::Full),
    ("by-day", FirstMonth::ByDay),
    ("half-after-15", FirstMonth::HalfAfter15),
    ("free", FirstMonth::Free),
    ("overage-only", FirstMonth::OverageOnly),
];
const DAY_RATE: [(&str, DayRate); 2] = [("exact", DayRate::Exact), ("truncated", DayRate::Truncated)];
const ALLOWANCE_SHARE: [(&str, Share); 2] = [("full", Share::Full), ("by-day", Share::ByDay)];
const LAST_MONTH: [(&str, Share); 3] =
    [("full", Share::Full), ("by-day", Share::ByDay), ("free", Share::Free)];

impl PlanChecker<'_, '_> {
    pub(super) fn fee(&mut self, table: &Range<usize>, spec: &FeeSpec) -> Option<Fee> {
        let monthly = self.check.required(table, "monthly", spec.monthly.as_ref());
        let monthly = monthly.and_then(|text| self.check.money(text));
        let first_month = self.check.choice_or_first(spec.first_month.as_ref(), &FIRST_MONTH);
        let day_rate = self.check.choice_or_first(spec.day_rate.as_ref(), &DAY_RATE);
        let share = self.check.choice_or_first(spec.allowance_first_month.as_ref(), &ALLOWANCE_SHARE);
        let last_month = self.check.choice_or_first(spec.last_month.as_ref(), &LAST_MONTH);
        let suspended = spec.suspended.as_ref().map(|text| self.check.money(text));
        let clause = self.clause(table, spec.clause.as_ref());
        Some(Fee {
            monthly: monthly?,
            first_month: first_month?,
            counts_activation_day: spec.counts_activation_day.unwrap_or(true),
            day_rate: day_rate?,
            allowance_first_month: share?,
            last_month: last_month?,
            suspended: suspended.flatten(),
            billed_as: spec.billed_as.clone(),
            clause: clause?,
        })
    }

    pub(super) fn pack(&mut self, table: &Range<usize>, spec: &PackSpec) -> Option<Pack> {
        let price = self.check.required(table, "price", spec.price.as_ref());
        let price = price.and_then(|text| self.check.money(text));
        let validity = self.check.required(table, "validity", spec.validity.as_ref());
        let validity = validity.and_then(|text| self.check.or_note(text, validity_of(text), "plan.validity"));
        let clause = self.clause(table, spec.clause.as_ref());
        Some(Pack {
            price: price?,
            validity: validity?,
            auto_renew: spec.auto_renew.unwrap_or(false),
            renewal_notice_days: spec.renewal_notice_days.unwrap_or(0),
            billed_as: spec.billed_as.clone(),
            clause: clause?,
        })
    }

    pub(super) fn credits(&mut self, spec: &PlanSpec) -> Vec<Credit> {
        let mut seen = BTreeSet::new();
        let credits = spec.credit.iter();
        credits.filter_map(|credit| self.credit(&mut seen, &credit.span(), credit.get_ref())).collect()
    }

    fn credit(
        &mut self,
        seen: &mut BTreeSet<String>,
        table: &Range<usize>,
        spec: &CreditSpec,
    ) -> Option<Credit> {
        let id = self.unique_id(seen, table, spec.id.as_ref());
        let amount = self.check.required(table, "amount", spec.amount.as_ref());
        let amount = amount.and_then(|text| self.check.money(text));
        let first = self
            .check
            .choice_or_first(spec.first_cycle.as_ref(), &[("this-month", false), ("next-month", true)]);
        let cycles = self.check.required(table, "cycles", spec.cycles.as_ref());
        if let Some(cycles) = cycles.filter(|cycles| *cycles.get_ref() == 0) {
            self.check.problem(cycles.span(), Message::new("plan.no-cycles"));
        }
        let clause = self.clause(table, spec.clause.as_ref());
        Some(Credit {
            id: id?,
            amount: amount?,
            starts_next_month: first?,
            cycles: *cycles?.get_ref(),
            billed_as: spec.billed_as.clone(),
            clause: clause?,
        })
    }
}

/// Returns the validity of `month`, `1d` or `30d`.
fn validity_of(text: &Text) -> Option<Validity> {
    match text.get_ref().as_str() {
        "month" => Some(Validity::Month),
        "1d" => Some(Validity::OneDay),
        days => {
            days.strip_suffix('d')?.parse().ok().filter(|days| (2..=3660).contains(days)).map(Validity::Days)
        }
    }
}
