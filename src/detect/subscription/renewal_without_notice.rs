//! SUB-012 renewal-without-notice.

use chrono::Days;

use crate::detect::orders::{begins, is_like, quote_orders};
use crate::detect::papers::bill_item;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{ClauseRef, Evidence, EvidenceRole, Finding, FindingKind, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day};
use crate::model::plan::Pack;
use crate::model::record::OrderAction;
use crate::rating::in_force::{Basis, PackInForce};
use crate::reconcile::name::same;

/// A pack whose own rules promise a notice before each renewal was renewed, and no notice is on record.
pub static DETECTOR: Detector = Detector {
    code: "SUB-012",
    name: "renewal-without-notice",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["xfss-10", "wljy-18-old", "wljy-18", "ptjg-20", "mfd-509"],
    page: include_str!("renewal_without_notice.md"),
    stakes,
    detect,
};

/// Days before the promised day on which a notice still counts as one for this renewal.
const EARLY_DAYS: u64 = 31;
/// Words of a conversation that speak of a renewal to come.
const NOTICE_WORDS: [&str; 5] = ["续订", "续费", "到期", "自动扣", "提醒"];

/// The latest renewal of a pack.
struct Renewal<'a> {
    renewed: &'a PackInForce,
    pack: &'a Pack,
    /// Bill line that charges it, where there is one.
    charged: Option<usize>,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(renewals(facts).iter().map(|renewal| stake(facts, renewal)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let unannounced = renewals(facts).into_iter().filter(|renewal| !is_announced(facts, renewal));
    Ok(unannounced.map(|renewal| finding(facts, &renewal)).collect())
}

fn renewals<'a>(facts: &Facts<'a>) -> Vec<Renewal<'a>> {
    let mut latest: Vec<Renewal<'a>> = vec![];
    for renewed in facts.rated.in_force.packs.iter().filter(|pack| is_renewal(facts, pack)) {
        let Some(pack) = renewed.pack.pack().filter(|pack| pack.renewal_notice_days > 0) else { continue };
        latest.retain(|other| other.renewed.pack.id != renewed.pack.id);
        latest.push(Renewal { renewed, pack, charged: charge(facts, renewed) });
    }
    latest
}

/// Returns whether the validity is a renewal by itself and not an order: a renewal row begins it, or it follows
/// one of the same order.
fn is_renewal(facts: &Facts<'_>, pack: &PackInForce) -> bool {
    let row = facts.line.orders.iter().find(|order| pack.basis == Basis::Order(order.at));
    let by_row = row.is_some_and(|row| {
        let own_start = begins(row) && row.effective_from.unwrap_or(row.ordered_at.day()) == pack.start.day();
        if own_start { row.action == OrderAction::Renew } else { pack.auto_renew }
    });
    let follows = || {
        let same_pack = |other: &&PackInForce| other.pack.id == pack.pack.id && other.start < pack.start;
        facts.rated.in_force.packs.iter().any(|other| same_pack(&other))
    };
    by_row || (pack.basis == Basis::CaseFile && pack.auto_renew && follows())
}

fn charge(facts: &Facts<'_>, renewed: &PackInForce) -> Option<usize> {
    let names = crate::detect::orders::bill_names(&renewed.pack);
    let cycle = Cycle::of(renewed.start.day());
    let mut charges = facts
        .line
        .charges_of(cycle)
        .filter(|(_, line)| line.amount.is_positive() && names.iter().any(|name| same(name, &line.item)));
    charges.next().map(|(index, _)| index)
}

/// Returns the last day on which the notice was due.
fn due(renewal: &Renewal<'_>) -> Day {
    let start = renewal.renewed.start.day();
    start.checked_sub_days(Days::new(renewal.pack.renewal_notice_days.into())).unwrap_or(start)
}

/// Returns whether a conversation in the month before speaks of the renewal.
fn is_announced(facts: &Facts<'_>, renewal: &Renewal<'_>) -> bool {
    let due = due(renewal);
    let earliest = due.checked_sub_days(Days::new(EARLY_DAYS)).unwrap_or(due);
    facts.case.file.contacts.iter().any(|contact| {
        let in_time = earliest <= contact.at.day() && contact.at.day() <= due;
        let said = contact.said.as_deref().unwrap_or_default();
        let about =
            NOTICE_WORDS.iter().any(|word| said.contains(word)) || is_like(said, &renewal.renewed.pack.name);
        in_time && about
    })
}

fn stake(facts: &Facts<'_>, renewal: &Renewal<'_>) -> Stake {
    let pack = &renewal.renewed.pack;
    let charged = renewal.charged.map(|index| (index, &facts.line.bill[index]));
    let what = charged.map_or_else(
        || {
            Message::new("detect.what.bill-line")
                .text("item", &pack.name)
                .text("amount", renewal.renewed.price)
        },
        |(_, line)| bill_item(line),
    );
    let evidence: Vec<Evidence> = charged.map(|(index, _)| facts.amounts(&[index])).unwrap_or_default();
    Stake {
        cycle: Cycle::of(renewal.renewed.start.day()),
        day: Some(renewal.renewed.start.day()),
        amount: Money::ZERO,
        on: charged.map(|(index, line)| (Target::BillLine(index), line.amount)).into_iter().collect(),
        subject: format!("{}|{}", pack.id, renewal.renewed.start),
        what,
        evidence,
        clauses: vec![ClauseRef { plan: pack.id.clone(), clause: renewal.pack.clause.clone() }],
        missing: vec![],
    }
}

fn finding(facts: &Facts<'_>, renewal: &Renewal<'_>) -> Finding {
    let pack = |message: Message| {
        message.text("pack", &renewal.renewed.pack.name).text("start", renewal.renewed.start.day())
    };
    let stake = stake(facts, renewal);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Question, Verdict::Probable, "none");
    finding.explanation = pack(finding.explanation)
        .count("days", renewal.pack.renewal_notice_days as usize)
        .text("due", due(renewal));
    let rows = facts.line.orders.iter().filter(|order| renewal.renewed.basis == Basis::Order(order.at));
    quote_orders(facts, &mut finding, EvidenceRole::Supports, rows);
    finding.innocent = vec![Message::new("SUB-012.innocent")];
    finding.ask = vec![pack(Message::new("SUB-012.ask"))];
    finding
}
