//! SUB-001: had the pack renewed.

use std::sync::Arc;

use mingzhang::error::Result;
use mingzhang::model::case::Line;
use mingzhang::model::coverage::CoveredBy;
use mingzhang::model::interval::Interval;
use mingzhang::model::money::Money;
use mingzhang::model::period::Cycle;
use mingzhang::model::plan::{
    Allowance, Clause, Consumption, Match, Pack, Plan, PlanKind, Rollover, Validity,
};
use mingzhang::model::quantity::{GB, Unit, Volume};
use mingzhang::model::record::OrderAction;
use mingzhang::model::source::RowRef;
use mingzhang::rating::Detail;
use mingzhang::rating::in_force::{Basis, PackInForce};
use mingzhang::rating::outcome::{Change, ItemKind, RatedCycle, RatedLine};

use super::builders::{OCTOBER, Papers, item, money, time};

/// A month pack of 10 GB for 15.00 that renews by itself.
fn pack() -> Plan {
    Plan {
        id: "pack-10gb".to_owned(),
        name: "10GB流量月包".to_owned(),
        aliases: vec![],
        operator: None,
        kind: PlanKind::Pack(Pack {
            price: money("15.00"),
            validity: Validity::Month,
            auto_renew: true,
            renewal_notice_days: 0,
            billed_as: vec![],
            clause: "1".to_owned(),
        }),
        effective_from: None,
        effective_last: None,
        clauses: vec![Clause {
            id: "1".to_owned(),
            text: "每月自动续订".to_owned(),
            source: "资费说明".to_owned(),
            retrieved: None,
            oral: false,
        }],
        allowances: vec![Allowance {
            id: "data".to_owned(),
            amount: Volume::new(Unit::Data, 10 * GB),
            matches: Match::default(),
            shared_with: vec![],
            rollover: Rollover::None,
            clause: "1".to_owned(),
        }],
        consumption: Consumption::default(),
        rates: vec![],
        caps: vec![],
        credits: vec![],
        readings: vec![],
        examples: vec![],
    }
}

/// Had the pack renewed, 5.00 of overage were left: 1 GB at 5.00.
fn renewed(_: &Line, rated: &RatedLine, cycle: Cycle, change: &Change, _: Detail) -> Result<RatedCycle> {
    let Change::PackRenewed { pack, at } = change else { panic!("only the renewal is asked for") };
    assert_eq!((pack.as_str(), *at), ("pack-10gb", cycle.start_time()));
    let mut again = rated.cycles[&cycle].clone();
    again.items[0].amount = Interval::exact(money("5.00"));
    Ok(again)
}

/// The pack was in force in September; October was charged that much overage.
fn lapsed(billed: &str) -> Papers {
    let mut papers = Papers::new()
        .bill(OCTOBER, &[("套餐外流量费", "data", billed), ("期初余额", "opening-balance", "60.00")])
        .usage(&[("2025-10-02 10:00", "data", "")], "data", "2025-10-01", "2025-10-31", CoveredBy::Stated)
        .rated(
            OCTOBER,
            vec![item("data-out", ItemKind::Overage(Unit::Data), "套餐外流量费", billed)],
            vec![],
        );
    papers.rated.in_force.packs.push(PackInForce {
        pack: Arc::new(pack()),
        start: time("2025-09-01"),
        end: time("2025-10-01"),
        price: money("15.00"),
        auto_renew: true,
        cancelled_at: None,
        paid_elsewhere: false,
        basis: Basis::Order(RowRef { source: 0, table: 0, row: 2 }),
    });
    papers.rerate = renewed;
    papers
}

fn ordered(papers: Papers, rows: &[(&str, OrderAction, &str)]) -> Papers {
    papers.orders(rows, "2025-09-01", "2025-10-31", CoveredBy::Declared)
}

#[test]
fn a_missed_renewal_costs_overage_less_what_was_saved() {
    // 55.00 billed − 5.00 had it renewed − 15.00 pack = 35.00; due 20.00.
    let outcome = ordered(lapsed("55.00"), &[]).settle();
    assert_eq!(outcome.of("SUB-001"), ["proven 35.00 35.00"]);
    assert_eq!(outcome.only("SUB-001").finding.explanation.key, "SUB-001.explanation.declared");
    assert_eq!((outcome.totals.expected.high, outcome.totals.explained), (money("20.00"), money("20.00")));
    let names: Vec<_> = outcome.settled.expected.iter().map(|i| (i.name.as_str(), i.amount.high)).collect();
    assert_eq!(names, [("data-out", money("5.00")), ("pack-10gb", money("15.00"))]);
}

#[test]
fn nothing_is_claimed_when_the_pack_would_have_cost_as_much() {
    // 20.00 − 5.00 − 15.00 = 0.00.
    let even = ordered(lapsed("20.00"), &[]).settle();
    assert_eq!((even.of("SUB-001"), even.outcome("SUB-001")), (vec![], "nothing"));
    assert_eq!(even.totals.explained, money("20.00"));
    // One fen more is claimed.
    assert_eq!(ordered(lapsed("20.01"), &[]).settle().of("SUB-001"), ["proven 0.01 0.01"]);
}

#[test]
fn the_verdict_falls_with_orders_balance_and_usage() {
    assert_eq!(lapsed("55.00").settle().of("SUB-001"), ["probable 35.00 35.00"]);
    let mut no_balance = ordered(lapsed("55.00"), &[]);
    no_balance.line.bill.retain(|line| line.category.is_charge());
    assert_eq!(no_balance.settle().of("SUB-001"), ["probable 35.00 35.00"]);
    let mut no_usage = ordered(lapsed("55.00"), &[]);
    no_usage.line.coverage.retain(|part| part.kinds != [mingzhang::model::coverage::CoverKind::Data]);
    // The most that can hang on it: 55.00 − 15.00.
    let outcome = no_usage.settle();
    assert_eq!(outcome.of("SUB-001"), ["needs-evidence 40.00 0.00"]);
    assert_eq!(outcome.totals.claim_proven, Money::ZERO);
}

#[test]
fn a_cancellation_before_the_renewal_ends_it() {
    let before = ordered(lapsed("55.00"), &[("2025-09-28 10:00", OrderAction::Cancel, "10GB流量月包")]);
    assert_eq!(before.settle().outcome("SUB-001"), "not-applicable");
    let other = ordered(lapsed("55.00"), &[("2025-09-28 10:00", OrderAction::Cancel, "彩铃")]);
    assert_eq!(other.settle().of("SUB-001"), ["proven 35.00 35.00"]);
    let mut by_case = ordered(lapsed("55.00"), &[]);
    by_case.rated.in_force.packs[0].basis = Basis::CaseFile;
    by_case.rated.in_force.packs[0].cancelled_at = Some(time("2025-09-30 23:59"));
    assert_eq!(by_case.settle().outcome("SUB-001"), "not-applicable");
    let mut later = ordered(lapsed("55.00"), &[]);
    later.rated.in_force.packs[0].basis = Basis::CaseFile;
    later.rated.in_force.packs[0].cancelled_at = Some(time("2025-10-01 00:01"));
    assert_eq!(later.settle().of("SUB-001"), ["proven 35.00 35.00"]);
}

#[test]
fn a_cancellation_for_a_later_day_still_leaves_the_renewal_due() {
    let cancelled = |last: &str| {
        let mut papers =
            ordered(lapsed("55.00"), &[("2025-09-28 10:00", OrderAction::Cancel, "10GB流量月包")]);
        papers.line.orders[0].effective_last = Some(super::builders::day(last));
        papers.settle().of("SUB-001")
    };
    assert!(cancelled("2025-09-30").is_empty());
    assert_eq!(cancelled("2025-10-31"), ["proven 35.00 35.00"]);
}

#[test]
fn a_pack_without_renewal_a_renewed_one_and_a_debt_are_nothing() {
    let mut once = ordered(lapsed("55.00"), &[]);
    once.rated.in_force.packs[0].auto_renew = false;
    assert_eq!(once.settle().outcome("SUB-001"), "not-applicable");
    let mut again = ordered(lapsed("55.00"), &[]);
    let validity = again.rated.in_force.packs[0].clone();
    again.rated.in_force.packs.push(PackInForce {
        start: time("2025-10-01"),
        end: time("2025-11-01"),
        ..validity
    });
    assert_eq!(again.settle().outcome("SUB-001"), "not-applicable");
    let mut debt = ordered(lapsed("55.00"), &[]);
    debt.line
        .bill
        .iter_mut()
        .filter(|line| !line.category.is_charge())
        .for_each(|l| l.amount = money("-0.01"));
    assert_eq!(debt.settle().outcome("SUB-001"), "not-applicable");
}

#[test]
fn a_prepaid_balance_must_reach_the_price() {
    let with = |balance: &str| {
        let mut papers = ordered(lapsed("55.00"), &[]);
        papers.line.info.prepaid = Some(true);
        papers
            .line
            .bill
            .iter_mut()
            .filter(|l| !l.category.is_charge())
            .for_each(|l| l.amount = money(balance));
        papers.settle().of("SUB-001")
    };
    assert_eq!(with("15.00"), ["proven 35.00 35.00"]);
    assert!(with("14.99").is_empty());
}

#[test]
fn a_bill_printed_before_the_month_ended_may_still_get_its_pack() {
    let outcome = ordered(lapsed("55.00"), &[]).printed_on("2025-10-20").settle();
    assert_eq!(outcome.outcome("SUB-001"), "not-applicable");
}
