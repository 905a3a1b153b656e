//! Totals that a file prints about itself, against what was counted.

use crate::ingest::coverage::Seen;
use crate::ingest::facts::Facts;
use crate::ingest::read_table::TablePlace;
use crate::model::money::Money;
use crate::model::record::MoneyDirection;
use crate::model::source::{CellRef, ControlTotal, RowRef};

const DIRECTIONS: [(&str, &str, MoneyDirection); 3] = [
    ("in", "in_count", MoneyDirection::In),
    ("out", "out_count", MoneyDirection::Out),
    ("neutral", "neutral_count", MoneyDirection::Neutral),
];

/// Returns every printed total beside ours. A row that could not be read still counts as a row.
pub fn controls(facts: &Facts, seen: &Seen, place: TablePlace<'_>) -> Vec<ControlTotal> {
    let mut controls = Vec::new();
    let mut add = |name: &str, stated: String, counted: String| {
        let (row, column) = facts.printed(name).map_or((None, None), |(_, at)| at);
        let row = RowRef { source: 0, table: place.table, row: row.unwrap_or(1) };
        let ties = stated == counted;
        controls.push(ControlTotal {
            name: name.to_owned(),
            stated,
            counted,
            ties,
            at: CellRef { row, column },
        });
    };
    if let Some(stated) = facts.count("count") {
        add("count", stated.to_string(), (seen.records + seen.problems).to_string());
    }
    if let Some(stated) = facts.sum("sum") {
        add("sum", stated.to_string(), printed(if seen.records == 0 { Some(Money::ZERO) } else { seen.sum }));
    }
    for (sum_name, count_name, direction) in DIRECTIONS {
        let counted = seen.by_direction.get(&direction).copied().unwrap_or((0, Some(Money::ZERO)));
        if let Some(stated) = facts.count(count_name) {
            add(count_name, stated.to_string(), counted.0.to_string());
        }
        if let Some(stated) = facts.sum(sum_name) {
            add(sum_name, stated.to_string(), printed(counted.1));
        }
    }
    controls
}

fn printed(sum: Option<Money>) -> String {
    sum.map(|sum| sum.to_string()).unwrap_or_default()
}
