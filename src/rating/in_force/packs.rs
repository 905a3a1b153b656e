//! Packs over time. A renewal counts as having happened only when a record or the bill shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Basis, PackInForce, View, first_day_without, validity_end};
use crate::model::case::Subscription;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, WallTime};
use crate::model::plan::{Pack, Validity};
use crate::model::record::{BillLine, Order, OrderAction};
use crate::rules::plan_book::normalised_name;

/// Words in an order's channel that name a platform, so that the price is not on the operator's bill.
const PLATFORM_WORDS: [&str; 16] = [
    "platform",
    "alipay",
    "wechat",
    "taobao",
    "支付宝",
    "微信",
    "淘宝",
    "天猫",
    "京东",
    "拼多多",
    "美团",
    "抖音",
    "快手",
    "闲鱼",
    "号卡",
    "平台",
];
/// Most validities of one pack: a bound against nonsense dates.
const VALIDITIES_MAX: usize = 10_000;

pub(super) fn packs(view: &View<'_>, notes: &mut Vec<Message>) -> Vec<PackInForce> {
    let mut orders: BTreeMap<&str, Vec<&Order>> = BTreeMap::new();
    for row in &view.rows {
        if let Some(id) = view.product_of(row).filter(|id| view.is_pack(id)) {
            orders.entry(id).or_default().push(row);
        }
    }
    let mut stated: BTreeMap<&str, Vec<&Subscription>> = BTreeMap::new();
    for subscription in &view.line.subscriptions {
        if let Some(id) = view.book.named(&subscription.product).filter(|id| view.is_pack(id)) {
            stated.entry(id).or_default().push(subscription);
        }
    }
    let items: Vec<String> = view.line.bill.iter().map(|line| normalised_name(&line.item)).collect();
    let mut packs = Vec::new();
    for (id, names) in view.book.packs() {
        let history = History { view, id, names, items: &items };
        let before = packs.len();
        match (orders.get(id), stated.get(id)) {
            (Some(rows), _) => history.by_orders(rows, &mut packs),
            (None, Some(subscriptions)) => {
                subscriptions.iter().for_each(|subscription| history.by_case_file(subscription, &mut packs));
            }
            (None, None) => history.by_bill(&mut packs),
        }
        if packs.len() == before && (stated.contains_key(id) || orders.contains_key(id)) {
            notes.push(Message::new("rating.note.version-missing").text("plan", id));
        }
    }
    packs.sort_by(|a: &PackInForce, b| (a.start, &a.pack.id).cmp(&(b.start, &b.pack.id)));
    packs
}

/// What is stated about a pack beyond its first validity.
struct Stated {
    /// Last day that is stated outright.
    last: Option<Day>,
    /// First second without it, by cancellation.
    cancelled_end: Option<WallTime>,
    cancelled_at: Option<WallTime>,
    auto_renew: bool,
    /// Whether an open end together with renewal is taken for a cycle without bill (case.toml only).
    open_end_counts: bool,
    price: Option<Money>,
    paid_elsewhere: bool,
    basis: Basis,
}

/// The history of one pack of the line.
struct History<'v, 'a> {
    view: &'v View<'a>,
    id: &'v str,
    /// Normalised names under which a bill may charge it.
    names: &'v BTreeSet<String>,
    /// Normalised items of the line's bill.
    items: &'v [String],
}

impl History<'_, '_> {
    fn by_orders(&self, rows: &[&Order], packs: &mut Vec<PackInForce>) {
        let begins = |row: &&&Order| {
            matches!(row.action, OrderAction::Order | OrderAction::Renew | OrderAction::Change)
        };
        let starts: Vec<&&Order> = rows.iter().filter(begins).collect();
        for (index, row) in starts.iter().enumerate() {
            let start = start_of(row);
            let cancel = rows.iter().find(|other| {
                other.action == OrderAction::Cancel
                    && other.ordered_at >= row.ordered_at
                    && WallTime::at_start_of(first_day_without(other)) > start
            });
            let Some(plan) = self.view.book.get(self.id, start.day()) else { continue };
            let renews = plan.pack().is_some_and(|pack| pack.auto_renew);
            let latest = rows.iter().rev().find_map(|other| other.auto_renew);
            let stated = Stated {
                last: row.effective_last,
                cancelled_end: cancel.map(|cancel| WallTime::at_start_of(first_day_without(cancel))),
                cancelled_at: cancel.map(|cancel| cancel.ordered_at),
                auto_renew: row.auto_renew.or(latest).unwrap_or(renews),
                open_end_counts: false,
                price: row.price,
                paid_elsewhere: is_platform(&row.channel),
                basis: Basis::Order(row.at),
            };
            let next_start = starts.get(index + 1).map(|next| start_of(next));
            self.validities(start, next_start, &stated, packs);
        }
    }

    fn by_case_file(&self, subscription: &Subscription, packs: &mut Vec<PackInForce>) {
        let at_start = self.view.book.get(self.id, subscription.start);
        let plan = at_start.or_else(|| self.view.book.versions(self.id).first());
        let renews = plan.and_then(|plan| plan.pack()).is_some_and(|pack| pack.auto_renew);
        let auto_renew = subscription.auto_renew.unwrap_or(renews);
        let cancelled_end = subscription.cancelled_at.map(|at| Cycle::of(at.day()).end_time());
        let stated = Stated {
            last: subscription.last,
            cancelled_end: subscription.last.is_none().then_some(cancelled_end).flatten(),
            cancelled_at: subscription.cancelled_at,
            auto_renew,
            open_end_counts: auto_renew,
            price: None,
            paid_elsewhere: false,
            basis: Basis::CaseFile,
        };
        self.validities(WallTime::at_start_of(subscription.start), None, &stated, packs);
    }

    /// A pack that only the bill knows: its allowance counts, its price stays unproven.
    fn by_bill(&self, packs: &mut Vec<PackInForce>) {
        for cycle in self.view.line.billed_cycles() {
            let Some(charge) = self.charges(cycle).next() else { continue };
            let start = cycle.start_time();
            let stated = Stated {
                last: None,
                cancelled_end: None,
                cancelled_at: None,
                auto_renew: false,
                open_end_counts: false,
                price: None,
                paid_elsewhere: false,
                basis: Basis::Bill(charge.at),
            };
            packs.extend(
                self.validity(start, &stated).map(|pack| PackInForce { end: cycle.end_time(), ..pack }),
            );
        }
    }

    /// Adds the first validity and every renewal up to the next order row that is shown to have happened.
    fn validities(
        &self,
        first: WallTime,
        next_start: Option<WallTime>,
        stated: &Stated,
        packs: &mut Vec<PackInForce>,
    ) {
        let before = packs.len();
        let mut start = first;
        while packs.len() - before < VALIDITIES_MAX
            && start < self.view.last.end_time()
            && next_start.is_none_or(|next| start < next)
            && stated.cancelled_end.is_none_or(|end| start < end)
        {
            // Before the first version of the text nothing is known; later versions may apply.
            let Some(next) = self.validity(start, stated) else {
                start = Cycle::of(start.day()).end_time();
                continue;
            };
            let monthly = next.pack.pack().is_some_and(|pack| pack.validity == Validity::Month);
            let cycle = Cycle::of(start.day());
            let taken = packs[before..].iter().filter(|pack| Cycle::of(pack.start.day()) == cycle).count();
            // An order row that begins later in the cycle explains that cycle's charge.
            let ordered_later = next_start.is_some_and(|at| monthly && Cycle::of(at.day()) == cycle);
            let shown = start == first || (!ordered_later && self.renewal_is_shown(start, taken, stated));
            let end = validity_end(next.pack.pack().map_or(Validity::Month, |pack| pack.validity), start);
            if shown {
                packs.push(next);
            } else if !monthly {
                return;
            }
            start = end;
        }
    }

    /// Returns whether a renewal at that time is shown, `taken` validities of its cycle being shown already.
    fn renewal_is_shown(&self, start: WallTime, taken: usize, stated: &Stated) -> bool {
        let cycle = Cycle::of(start.day());
        let said_outright = stated.last.is_some_and(|last| start.day() <= last);
        let open_end = stated.last.is_none() && stated.open_end_counts;
        if self.view.line.charges_of(cycle).next().is_none() {
            return said_outright || open_end;
        }
        let bill_is_silent_rightly = !stated.auto_renew || stated.paid_elsewhere;
        self.charges(cycle).count() > taken || (said_outright && bill_is_silent_rightly)
    }

    /// Returns the bill lines of the cycle that charge the pack.
    fn charges(&self, cycle: Cycle) -> impl Iterator<Item = &BillLine> {
        let charges = self.view.line.charges_of(cycle);
        let own =
            charges.filter(|(at, line)| !line.amount.is_negative() && self.names.contains(&self.items[*at]));
        own.map(|(_, line)| line)
    }

    fn validity(&self, start: WallTime, stated: &Stated) -> Option<PackInForce> {
        let plan = self.view.book.get(self.id, start.day())?;
        let pack: &Pack = plan.pack()?;
        let natural = validity_end(pack.validity, start);
        let last = stated.last.and_then(|last| last.succ_opt()).map(WallTime::at_start_of);
        let ends = [Some(natural), last.filter(|end| *end > start), stated.cancelled_end];
        Some(PackInForce {
            pack: Arc::clone(plan),
            start,
            end: ends.into_iter().flatten().min().unwrap_or(natural),
            price: stated.price.unwrap_or(pack.price),
            auto_renew: stated.auto_renew,
            cancelled_at: stated.cancelled_at,
            paid_elsewhere: stated.paid_elsewhere,
            basis: stated.basis,
        })
    }
}

/// Returns when an order row takes effect: from `at` when the day is that day or not stated (fine print 20).
fn start_of(row: &Order) -> WallTime {
    match row.effective_from {
        Some(day) if day != row.ordered_at.day() => WallTime::at_start_of(day),
        _ => row.ordered_at,
    }
}

fn is_platform(channel: &str) -> bool {
    let channel = channel.to_lowercase();
    PLATFORM_WORDS.iter().any(|word| channel.contains(word))
}
