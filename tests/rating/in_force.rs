//! What was in force: orders, case.toml, bills, renewals.

use mingzhang::model::case::{Line, Subscription};
use mingzhang::model::period::{DaySpan, WallTime};
use mingzhang::model::record::{Category, Order, OrderAction};
use mingzhang::rating::in_force::Basis;
use mingzhang::rating::outcome::{Change, RatedLine};
use mingzhang::rating::{rate_line, rerate};
use mingzhang::rules::plan_book::PlanBook;

use super::support::{
    MB, amount, bill_line, book, cycle, data, day, exactly, line, order, plan, rate, subscription, time,
};

const FEE: &str = "[fee]\nmonthly = \"59.00\"\nclause = \"1\"\n";
const RATE: &str = "[[rate]]\nid = \"data-out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\n\
                    stages = [{ price = \"1.00\" }]\nclause = \"1\"\n";

/// A plan without data, a month pack of 100 MB for 10 yuan that renews by itself.
fn pack_book(pack_keys: &str) -> PlanBook {
    let pack = format!(
        "[pack]\nprice = \"10.00\"\nvalidity = \"month\"\nbilled_as = [\"流量月包\"]\nclause = \"1\"\n{pack_keys}\n\
         [[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nclause = \"1\"\n"
    );
    book([plan("demo", "plan", &format!("{FEE}{RATE}")), plan("pack", "pack", &pack)])
}

/// A line with 30 MB a month and bills for these months; those in `charged` charge the pack.
fn pack_line(billed: &[&str], charged: &[&str]) -> Line {
    let events = ["2025-09-15 10:00:00", "2025-10-15 10:00:00", "2025-11-15 10:00:00"]
        .map(|start| data(start, 30 * MB));
    let mut line = line("demo", &events);
    for month in billed {
        line.bill.push(bill_line(month, "月费", Category::PlanFee, "59.00"));
        if charged.contains(month) {
            line.bill.push(bill_line(month, "流量月包", Category::PackFee, "10.00"));
        }
    }
    line
}

fn stated(start: &str, last: Option<&str>, auto_renew: Option<bool>) -> Subscription {
    Subscription { last: last.map(day), auto_renew, ..subscription("pack", start) }
}

/// Months in which the pack was in force.
fn months(rated: &RatedLine) -> Vec<String> {
    rated
        .in_force
        .packs
        .iter()
        .map(|pack| mingzhang::model::period::Cycle::of(pack.start.day()).to_string())
        .collect()
}

#[test]
fn a_renewal_that_the_bill_lacks_did_not_happen() {
    let mut line = pack_line(&["2025-09", "2025-10"], &["2025-09"]);
    line.subscriptions.push(stated("2025-09-01", None, Some(true)));
    let rated = rate(&line, &pack_book("auto_renew = true"));
    assert_eq!(months(&rated), ["2025-09", "2025-11"]);
    let october = &rated.cycles[&cycle("2025-10")];
    assert_eq!((amount(october, "data-out"), amount(october, "pack")), (exactly("30.00"), exactly("0.00")));
}

#[test]
fn a_renewal_that_the_bill_charges_happened() {
    let mut line = pack_line(&["2025-09", "2025-10"], &["2025-09", "2025-10"]);
    line.subscriptions.push(stated("2025-09-01", None, Some(true)));
    let rated = rate(&line, &pack_book("auto_renew = true"));
    let october = &rated.cycles[&cycle("2025-10")];
    assert_eq!((amount(october, "data-out"), amount(october, "pack")), (exactly("0.00"), exactly("10.00")));
}

#[test]
fn without_a_bill_a_statement_that_spans_the_cycle_is_taken() {
    let mut line = pack_line(&["2025-09"], &["2025-09"]);
    line.subscriptions.push(stated("2025-09-01", None, Some(true)));
    assert_eq!(months(&rate(&line, &pack_book("auto_renew = true"))), ["2025-09", "2025-10", "2025-11"]);
    line.subscriptions.pop();
    line.subscriptions.push(stated("2025-09-01", Some("2025-10-31"), Some(true)));
    assert_eq!(months(&rate(&line, &pack_book("auto_renew = true"))), ["2025-09", "2025-10"]);
}

#[test]
fn a_stated_end_without_renewal_holds_even_where_the_bill_is_silent() {
    let mut line = pack_line(&["2025-09", "2025-10"], &["2025-09"]);
    line.subscriptions.push(stated("2025-09-01", Some("2025-10-31"), None));
    assert_eq!(months(&rate(&line, &pack_book("auto_renew = false"))), ["2025-09", "2025-10"]);
}

#[test]
fn a_pack_that_does_not_renew_is_over_after_its_month() {
    let mut line = pack_line(&[], &[]);
    line.subscriptions.push(stated("2025-09-01", None, Some(false)));
    assert_eq!(months(&rate(&line, &pack_book("auto_renew = true"))), ["2025-09"]);
}

#[test]
fn an_order_alone_does_not_renew_but_a_renewal_row_does() {
    let mut line = pack_line(&["2025-09", "2025-10"], &["2025-09"]);
    line.orders =
        vec![Order { auto_renew: Some(true), ..order("2025-09-10 10:00:00", OrderAction::Order, "pack") }];
    assert_eq!(months(&rate(&line, &pack_book("auto_renew = true"))), ["2025-09"]);
    line.orders.push(order("2025-10-01 00:00:00", OrderAction::Renew, "pack"));
    let rated = rate(&line, &pack_book("auto_renew = true"));
    assert_eq!(months(&rated), ["2025-09", "2025-10"]);
    assert!(matches!(rated.in_force.packs[1].basis, Basis::Order(_)));
}

#[test]
fn an_order_is_in_force_from_its_second_or_from_the_named_day() {
    let mut line = pack_line(&[], &[]);
    let from = |day_text: Option<&str>| Order {
        effective_from: day_text.map(day),
        ..order("2025-09-10 10:00:00", OrderAction::Order, "pack")
    };
    for (named, start) in [
        (None, "2025-09-10 10:00:00"),
        (Some("2025-09-10"), "2025-09-10 10:00:00"),
        (Some("2025-09-12"), "2025-09-12 00:00:00"),
    ] {
        line.orders = vec![from(named)];
        assert_eq!(rate(&line, &pack_book("")).in_force.packs[0].start, time(start), "{named:?}");
    }
}

#[test]
fn a_cancellation_ends_by_its_row() {
    let book = pack_book("auto_renew = true");
    let cancel = |keys: Order| {
        let mut line = pack_line(&["2025-09", "2025-10", "2025-11"], &["2025-09", "2025-10", "2025-11"]);
        line.orders = vec![order("2025-09-01 00:00:00", OrderAction::Order, "pack"), keys];
        let rated = rate(&line, &book);
        let last = rated.in_force.packs.last().expect("in force").clone();
        (months(&rated).len(), last.end, last.cancelled_at)
    };
    let row = order("2025-10-10 12:00:00", OrderAction::Cancel, "pack");
    let at = Some(row.ordered_at);
    // Nothing stated: to the end of the month of the cancellation.
    assert_eq!(cancel(row.clone()), (2, time("2025-11-01 00:00:00"), at));
    // The last day in force.
    let last = Order { effective_last: Some(day("2025-10-20")), ..row.clone() };
    assert_eq!(cancel(last), (2, time("2025-10-21 00:00:00"), at));
    // The first day without.
    let first_without = Order { effective_from: Some(day("2025-10-20")), ..row };
    assert_eq!(cancel(first_without), (2, time("2025-10-20 00:00:00"), at));
}

#[test]
fn the_price_is_that_of_the_order_and_a_platform_is_remembered() {
    let mut line = pack_line(&[], &[]);
    let row = order("2025-10-01 00:00:00", OrderAction::Order, "pack");
    line.orders =
        vec![Order { price: Some(super::support::yuan("8.00")), channel: "支付宝".to_owned(), ..row }];
    let rated = rate(&line, &pack_book(""));
    let item =
        rated.cycles[&cycle("2025-10")].items.iter().find(|item| item.name == "pack").expect("the pack");
    assert_eq!((item.amount, item.paid_elsewhere), (exactly("8.00"), true));
}

#[test]
fn a_pack_that_only_the_bill_knows_counts_but_proves_nothing() {
    let line = pack_line(&["2025-10"], &["2025-10"]);
    let rated = rate(&line, &pack_book(""));
    let october = &rated.cycles[&cycle("2025-10")];
    assert_eq!(amount(october, "data-out"), exactly("0.00"));
    let item = october.items.iter().find(|item| item.name == "pack").expect("the pack");
    assert!(item.inferred);
    assert_eq!((item.amount.low, item.amount.high), (exactly("0.00").low, exactly("10.00").low));
}

#[test]
fn the_counterfactual_renews_the_pack_at_its_price() {
    let book = pack_book("auto_renew = true");
    let mut line = pack_line(&["2025-09", "2025-10"], &["2025-09"]);
    line.subscriptions.push(stated("2025-09-01", None, Some(true)));
    let rated = rate(&line, &book);
    let change = |at: WallTime| Change::PackRenewed { pack: "pack".to_owned(), at };
    let renewed =
        rerate(&line, &rated, cycle("2025-10"), &change(time("2025-10-01 00:00:00"))).expect("in range");
    assert_eq!((amount(&renewed, "data-out"), amount(&renewed, "pack")), (exactly("0.00"), exactly("10.00")));
    // One second after the only session it would not have helped.
    let late =
        rerate(&line, &rated, cycle("2025-10"), &change(time("2025-10-15 10:00:01"))).expect("in range");
    assert_eq!(amount(&late, "data-out"), exactly("30.00"));
    let unknown = Change::PackRenewed { pack: "other".to_owned(), at: time("2025-10-01 00:00:00") };
    assert!(rerate(&line, &rated, cycle("2025-10"), &unknown).is_err());
}

#[test]
fn orders_win_over_the_case_file_and_the_contradiction_is_noted() {
    let book = book([plan("old", "plan", FEE), plan("new", "plan", FEE)]);
    let mut line = line("old", &[data("2025-10-15 10:00:00", MB)]);
    line.orders = vec![order("2025-10-01 00:00:00", OrderAction::Change, "new")];
    let rated = rate(&line, &book);
    let plans: Vec<(&str, DaySpan)> =
        rated.in_force.plans.iter().map(|plan| (plan.plan.id.as_str(), plan.span)).collect();
    assert_eq!(plans[0], ("old", DaySpan { start: day("2020-01-01"), end: day("2025-10-01") }));
    assert_eq!((plans[1].0, plans[1].1.start, plans.len()), ("new", day("2025-10-01"), 2));
    assert!(rated.in_force.plans[0].ended && !rated.in_force.plans[1].ended);
    assert_eq!(rated.notes, []);
    line.subscriptions.push(subscription("old", "2025-10-05"));
    let keys: Vec<String> = rate(&line, &book).notes.into_iter().map(|note| note.key).collect();
    assert_eq!(keys, ["rating.note.order-contradicts"]);
}

#[test]
fn a_plan_change_in_mid_month_rates_each_plan_for_its_days() {
    let old = plan("old", "plan", &format!("{FEE}{RATE}"));
    let new = plan(
        "new",
        "plan",
        &format!("{FEE}{}", RATE.replace("1.00", "2.00").replace("data-out", "data-new")),
    );
    let book = book([old, new]);
    let mut line = line("old", &[data("2025-10-14 23:59:59", MB), data("2025-10-15 00:00:00", MB)]);
    line.orders = vec![order("2025-10-15 00:00:00", OrderAction::Change, "new")];
    let rated = rate(&line, &book);
    let october = &rated.cycles[&cycle("2025-10")];
    assert_eq!(
        (amount(october, "data-out"), amount(october, "data-new")),
        (exactly("1.00"), exactly("2.00"))
    );
}

#[test]
fn the_only_plan_named_on_the_command_line_is_assumed_and_marked() {
    let book = book([plan("demo", "plan", &format!("{FEE}{RATE}")), plan("other", "plan", FEE)]);
    let mut line = line("demo", &[data("2025-10-15 10:00:00", MB)]);
    line.subscriptions.clear();
    let rated = rate_line(&line, &book, &["demo".to_owned()]).expect("in range");
    let october = &rated.cycles[&cycle("2025-10")];
    assert_eq!(amount(october, "data-out"), exactly("1.00"));
    assert!(october.items.iter().all(|item| item.inferred));
    assert_eq!(rated.notes.iter().map(|note| note.key.as_str()).collect::<Vec<_>>(), ["rating.note.assumed"]);
    let both = rate_line(&line, &book, &["demo".to_owned(), "other".to_owned()]).expect("in range");
    assert!(both.cycles.is_empty());
    assert!(rate_line(&line, &book, &[]).expect("in range").cycles.is_empty());
}

#[test]
fn each_version_of_a_plan_rates_its_own_days() {
    let version = |window: &str, fee: &str| {
        let text = super::support::plan_text("demo", "plan", &FEE.replace("59.00", fee));
        let text = text.replace("operator = \"cmcc\"", &format!("operator = \"cmcc\"\n{window}"));
        mingzhang::rules::plan::parse("plan.toml", &text).expect("no problems")
    };
    let book = book([
        version("effective_to = 2025-09-30", "59.00"),
        version("effective_from = 2025-10-01", "69.00"),
    ]);
    let line = line("demo", &[data("2025-09-15 10:00:00", MB), data("2025-10-15 10:00:00", MB)]);
    let rated = rate(&line, &book);
    assert_eq!(amount(&rated.cycles[&cycle("2025-09")], "monthly"), exactly("59.00"));
    assert_eq!(amount(&rated.cycles[&cycle("2025-10")], "monthly"), exactly("69.00"));
}

#[test]
fn a_pack_stated_since_before_its_text_is_in_force_from_the_first_version_on() {
    let keys = "auto_renew = true";
    let text = super::support::plan_text(
        "pack",
        "pack",
        &format!("[pack]\nprice = \"10.00\"\nvalidity = \"month\"\nclause = \"1\"\n{keys}\n"),
    );
    let text = text.replace("operator = \"cmcc\"", "operator = \"cmcc\"\neffective_from = 2025-10-01");
    let pack = mingzhang::rules::plan::parse("pack.toml", &text).expect("no problems");
    let book = book([plan("demo", "plan", &format!("{FEE}{RATE}")), pack]);
    let mut line = pack_line(&[], &[]);
    line.subscriptions.push(stated("2020-01-01", None, None));
    assert_eq!(months(&rate(&line, &book)), ["2025-10", "2025-11"]);
}

#[test]
fn a_pack_of_thirty_days_renews_at_its_expiry_when_the_bill_shows_it() {
    let pack = "[pack]\nprice = \"10.00\"\nvalidity = \"30d\"\nauto_renew = true\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", &format!("{FEE}{RATE}")), plan("pack", "pack", pack)]);
    let mut line = pack_line(&["2025-10"], &[]);
    line.orders = vec![order("2025-09-10 10:00:00", OrderAction::Order, "pack")];
    assert_eq!(rate(&line, &book).in_force.packs.len(), 1);
    line.bill.push(bill_line("2025-10", "pack name", Category::PackFee, "10.00"));
    let rated = rate(&line, &book);
    // 2025-09-10 10:00 + 30 × 24 h = 2025-10-10 10:00.
    assert_eq!(
        rated.in_force.packs.iter().map(|pack| pack.start).collect::<Vec<_>>(),
        [time("2025-09-10 10:00:00"), time("2025-10-10 10:00:00")]
    );
}
