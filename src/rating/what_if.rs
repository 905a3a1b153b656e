//! The case with one fact changed.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::model::period::{Cycle, WallTime};
use crate::model::plan::{Plan, PlanKind};
use crate::rating::in_force::{InForce, PackInForce, validity_end};
use crate::rating::outcome::Change;
use crate::rating::variation::Carried;

/// What a change makes of a case, for one cycle.
pub(super) struct WhatIf<'a> {
    pub(super) cycle: Cycle,
    /// Plans and packs of the cycle.
    pub(super) in_force: InForce,
    /// Plans and packs of the cycles before it.
    pub(super) earlier: Cow<'a, InForce>,
    change: &'a Change,
}

impl<'a> WhatIf<'a> {
    /// Returns the case with the change made in `cycle`.
    ///
    /// # Errors
    /// When the change names a plan, pack, allowance or rate that was never in force.
    pub(super) fn new(in_force: &'a InForce, cycle: Cycle, change: &'a Change) -> Result<Self> {
        let mut changed = in_force.clone();
        let known = match change {
            Change::PackRenewed { pack, at } => renew(&mut changed, pack, *at),
            Change::RolloverGranted { plan, allowance, .. } => grants(in_force, plan, allowance),
            Change::RolloverDropped => true,
            Change::PlanReplaced { plan } => replace_plan(&mut changed, cycle, plan),
            _ => edit_all(&mut changed, change),
        };
        if !known {
            return Err(unknown(change));
        }
        // A pack may have been renewed before the cycle; every other change is one of the cycle alone.
        let is_earlier = matches!(change, Change::PackRenewed { .. });
        let earlier = if is_earlier { Cow::Owned(changed.clone()) } else { Cow::Borrowed(in_force) };
        Ok(Self { cycle, earlier, in_force: changed, change })
    }

    /// Changes what rolls over into the cycle.
    pub(super) fn carry(&self, carried: &mut Vec<Carried>) {
        match self.change {
            Change::RolloverDropped | Change::PlanReplaced { .. } => carried.clear(),
            Change::RolloverGranted { plan, allowance, amount } => {
                carried.retain(|rest| rest.plan.id != *plan || rest.allowance != *allowance);
                if let Some(plan) = versions(&self.in_force).find(|known| known.id == *plan) {
                    let (low, high, allowance) = (*amount, *amount, allowance.clone());
                    carried.push(Carried { plan: Arc::clone(plan), allowance, low, high });
                }
            }
            _ => {}
        }
    }
}

/// Puts the plan in the place of those in force in the cycle; false when none was.
fn replace_plan(in_force: &mut InForce, cycle: Cycle, plan: &Arc<Plan>) -> bool {
    let mut found = false;
    for known in in_force.plans.iter_mut().filter(|known| known.span.intersection(cycle.span()).is_some()) {
        known.plan = Arc::clone(plan);
        found = true;
    }
    found
}

fn versions(in_force: &InForce) -> impl Iterator<Item = &Arc<Plan>> {
    let plans = in_force.plans.iter().rev().map(|plan| &plan.plan);
    plans.chain(in_force.packs.iter().rev().map(|pack| &pack.pack))
}

fn grants(in_force: &InForce, plan: &str, allowance: &str) -> bool {
    let mut granting = versions(in_force).filter(|known| known.id == plan);
    granting.any(|known| known.allowances.iter().any(|it| it.id == allowance))
}

fn renew(in_force: &mut InForce, pack: &str, at: WallTime) -> bool {
    let before = in_force.packs.iter().rev().find(|known| known.pack.id == pack && known.start < at);
    let any = || in_force.packs.iter().find(|known| known.pack.id == pack);
    let renewed = before.or_else(any).and_then(|known| {
        let validity = known.pack.pack()?.validity;
        Some(PackInForce { start: at, end: validity_end(validity, at), ..known.clone() })
    });
    let found = renewed.is_some();
    in_force.packs.extend(renewed);
    in_force.packs.sort_by(|a, b| (a.start, &a.pack.id).cmp(&(b.start, &b.pack.id)));
    found
}

/// Edits every plan and pack that the change names, under each of its readings; false when none has the thing.
fn edit_all(in_force: &mut InForce, change: &Change) -> bool {
    let mut found = false;
    let plans = in_force.plans.iter_mut().map(|plan| &mut plan.plan);
    let texts = plans.chain(in_force.packs.iter_mut().map(|pack| &mut pack.pack));
    for plan in texts.filter(|text| names(change, text)) {
        let mut edited = (**plan).clone();
        if edit(&mut edited, change) {
            edited.readings.iter_mut().for_each(|reading| _ = edit(&mut reading.plan, change));
            *plan = Arc::new(edited);
            found = true;
        }
    }
    if let Change::PlanPrice { plan, price } = change {
        let of_pack = in_force.packs.iter_mut().filter(|pack| pack.pack.id == *plan);
        of_pack.for_each(|pack| pack.price = *price);
    }
    found
}

/// Returns whether the change names that plan or pack.
fn names(change: &Change, text: &Plan) -> bool {
    match change {
        Change::PlanPrice { plan, .. }
        | Change::BucketOrder { plan, .. }
        | Change::RateReplaced { plan, .. }
        | Change::AllowancesReplaced { plan, .. } => text.id == *plan,
        _ => false,
    }
}

/// Edits one text of a plan; false when the change is not about it.
fn edit(text: &mut Plan, change: &Change) -> bool {
    match change {
        Change::PlanPrice { plan, price } if text.id == *plan => match &mut text.kind {
            PlanKind::Plan(Some(fee)) => {
                fee.monthly = *price;
                true
            }
            PlanKind::Plan(None) => false,
            PlanKind::Pack(pack) => {
                pack.price = *price;
                true
            }
        },
        Change::BucketOrder { plan, order } if text.id == *plan => {
            text.consumption.order.clone_from(order);
            true
        }
        Change::RateReplaced { plan, rate } if text.id == *plan => {
            let place = text.rates.iter_mut().find(|known| known.id == rate.id);
            place.map(|known| known.clone_from(rate)).is_some()
        }
        Change::AllowancesReplaced { plan, allowances } if text.id == *plan => {
            text.allowances.clone_from(allowances);
            true
        }
        _ => false,
    }
}

fn unknown(change: &Change) -> Error {
    let (key, product) = match change {
        Change::PackRenewed { pack, .. } => ("rating.error.unknown-pack", pack.as_str()),
        Change::RolloverGranted { plan, .. }
        | Change::PlanPrice { plan, .. }
        | Change::BucketOrder { plan, .. }
        | Change::RateReplaced { plan, .. }
        | Change::AllowancesReplaced { plan, .. } => ("rating.error.unknown-rule", plan.as_str()),
        Change::PlanReplaced { plan } => ("rating.error.unknown-rule", plan.id.as_str()),
        Change::RolloverDropped => ("rating.error.unknown-rule", ""),
    };
    Error::new(ErrorKind::Rules, Message::new(key).text("pack", product))
}
