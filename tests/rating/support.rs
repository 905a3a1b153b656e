//! Lines and plans made by hand, for rating.

use mingzhang::model::case::{Line, LineInfo, Subscription};
use mingzhang::model::coverage::{CoverKind, Coverage, CoveredBy};
use mingzhang::model::interval::Interval;
use mingzhang::model::money::Money;
use mingzhang::model::period::{Cycle, Day, DaySpan, WallTime};
use mingzhang::model::plan::Plan;
use mingzhang::model::record::{BillLine, Category, Order, OrderAction};
use mingzhang::model::source::{CellRef, RowRef};
use mingzhang::model::usage::{Direction, Scope, UsageEvent, UsageKind, UsageTable};
use mingzhang::rating::outcome::{RatedCycle, RatedLine};
use mingzhang::rating::rate_line;
use mingzhang::rules::plan;
use mingzhang::rules::plan_book::PlanBook;

pub const MSISDN: &str = "13800001111";
pub const MB: u64 = 1 << 20;

/// A plan file of that id with these sections below one clause.
pub fn plan_text(id: &str, kind: &str, sections: &str) -> String {
    format!(
        r#"schema = "mingzhang.plan/1"
id = "{id}"
name = "{id} name"
operator = "cmcc"
kind = "{kind}"
[[clause]]
id = "1"
text = "text"
source = "https://example.invalid/tariff"
{sections}
"#
    )
}

/// A rate of that id and unit; `keys` say the rest.
pub fn rate_text(id: &str, unit: &str, keys: &str) -> String {
    format!("[[rate]]\nid = \"{id}\"\nunit = \"{unit}\"\nclause = \"1\"\n{keys}\n")
}

/// 1.00 yuan for each started MB of the cycle.
pub fn yuan_per_mb(id: &str) -> String {
    rate_text(id, "data", "per = \"cycle\"\ncount = \"1MB\"\nstages = [{ price = \"1.00\" }]")
}

/// 0.15 yuan for each started minute of a call.
pub fn fifteen_fen_a_minute(id: &str) -> String {
    rate_text(id, "voice", "per = \"event\"\ncount = \"60s\"\nstages = [{ price = \"0.15\" }]")
}

pub fn allowance_text(id: &str, unit: &str, amount: &str, keys: &str) -> String {
    format!(
        "[[allowance]]\nid = \"{id}\"\nunit = \"{unit}\"\namount = \"{amount}\"\nclause = \"1\"\n{keys}\n"
    )
}

pub fn fee_text(monthly: &str, keys: &str) -> String {
    format!("[fee]\nmonthly = \"{monthly}\"\nclause = \"1\"\n{keys}\n")
}

pub fn pack_text(price: &str, validity: &str, keys: &str) -> String {
    format!("[pack]\nprice = \"{price}\"\nvalidity = \"{validity}\"\nclause = \"1\"\n{keys}\n")
}

pub fn plan(id: &str, kind: &str, sections: &str) -> Plan {
    let text = plan_text(id, kind, sections);
    plan::parse("plan.toml", &text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub fn book(plans: impl IntoIterator<Item = Plan>) -> PlanBook {
    let mut book = PlanBook::default();
    for plan in plans {
        book.add(plan).expect("versions do not overlap");
    }
    book
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub fn time(text: &str) -> WallTime {
    WallTime::new(chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").expect("a time"))
}

pub fn cycle(text: &str) -> Cycle {
    Cycle::parse(text).expect("a cycle")
}

pub fn yuan(text: &str) -> Money {
    Money::parse(text).expect("an amount")
}

pub fn exactly(text: &str) -> Interval {
    Interval::exact(yuan(text))
}

pub fn at(row: u32) -> RowRef {
    RowRef { source: 0, table: 0, row }
}

/// An event with the usual values: outgoing, in the mainland, an id of its own.
pub fn event<'a>(kind: UsageKind, start: &str) -> UsageEvent<'a> {
    UsageEvent {
        start: time(start),
        kind,
        direction: if kind == UsageKind::Data { Direction::Unstated } else { Direction::Out },
        scope: Scope::Domestic,
        failed: false,
        duration_s: 0,
        length_bytes: 0,
        fee: None,
        peer: "",
        app: "",
        location: "",
        record_id: "",
        at: at(1),
    }
}

pub fn data<'a>(start: &str, length_bytes: u64) -> UsageEvent<'a> {
    UsageEvent { length_bytes, ..event(UsageKind::Data, start) }
}

pub fn call<'a>(start: &str, duration_s: u32) -> UsageEvent<'a> {
    UsageEvent { duration_s, ..event(UsageKind::Voice, start) }
}

/// The same events with ids `1`, `2`, … so that none counts as a repetition.
pub fn table(events: &[UsageEvent<'_>]) -> UsageTable {
    let mut table = UsageTable::default();
    for (index, event) in events.iter().enumerate() {
        let id =
            if event.record_id.is_empty() { (index + 1).to_string() } else { event.record_id.to_owned() };
        table.push(&UsageEvent { record_id: &id, at: at(index as u32 + 2), ..*event });
    }
    table.sorted()
}

/// A line on `product` since long ago, by case.toml.
pub fn line(product: &str, events: &[UsageEvent<'_>]) -> Line {
    Line {
        info: LineInfo { msisdn: MSISDN.to_owned(), ..LineInfo::default() },
        usage: table(events),
        subscriptions: vec![subscription(product, "2020-01-01")],
        ..Line::default()
    }
}

pub fn subscription(product: &str, start: &str) -> Subscription {
    Subscription {
        msisdn: MSISDN.to_owned(),
        product: product.to_owned(),
        start: day(start),
        last: None,
        auto_renew: None,
        cancelled_at: None,
    }
}

pub fn order(ordered_at: &str, action: OrderAction, product: &str) -> Order {
    Order {
        at: at(2),
        ordered_at: time(ordered_at),
        action,
        product: product.to_owned(),
        name: String::new(),
        effective_from: None,
        effective_last: None,
        price: None,
        channel: String::new(),
        confirmed: None,
        auto_renew: None,
        order_id: String::new(),
    }
}

pub fn bill_line(period: &str, item: &str, category: Category, amount: &str) -> BillLine {
    BillLine {
        at: at(9),
        cycle: cycle(period),
        item: item.to_owned(),
        category,
        units: Vec::new(),
        amount: yuan(amount),
        quantity: None,
        unit_price: None,
        provider: None,
    }
}

/// "This list states that it holds all events of the kind in these days."
pub fn stated(kind: CoverKind, first: &str, last: &str) -> Coverage {
    Coverage {
        msisdn: None,
        kinds: vec![kind],
        span: DaySpan::inclusive(day(first), day(last)),
        by: CoveredBy::Stated,
        at: CellRef { row: at(1), column: None },
    }
}

pub fn rate(line: &Line, book: &PlanBook) -> RatedLine {
    rate_line(line, book, &[]).expect("amounts in range")
}

/// What the item of that name costs in the cycle.
pub fn amount(rated: &RatedCycle, name: &str) -> Interval {
    let items = rated.items.iter().filter(|item| item.name == name).map(|item| item.amount);
    Interval::sum(items).expect("amounts in range")
}

pub fn total(rated: &RatedCycle) -> Interval {
    Interval::sum(rated.items.iter().map(|item| item.amount)).expect("amounts in range")
}
