//! A labelled corpus: cases with injected errors and innocent look-alikes, whose truth is computed by the
//! scenario that made them and never by the program.
//!
//! `cargo run --example corpus` prints the table that stands in `tests/corpus/README.md`.

// The paths are written out because the example of the same name shares these files.
#[path = "corpus/bill_scenarios.rs"]
mod bill_scenarios;
#[path = "corpus/evaluate.rs"]
mod evaluate;
#[path = "corpus/lawyer_money.rs"]
mod lawyer_money;
#[path = "corpus/lawyer_more.rs"]
mod lawyer_more;
#[path = "corpus/lawyer_usage.rs"]
mod lawyer_usage;
#[path = "corpus/month.rs"]
mod month;
#[path = "corpus/papers.rs"]
mod papers;
#[path = "corpus/pay_double.rs"]
mod pay_double;
#[path = "corpus/pay_matching.rs"]
mod pay_matching;
#[path = "corpus/pay_parts.rs"]
mod pay_parts;
#[path = "corpus/print.rs"]
mod print;
#[path = "corpus/random.rs"]
mod random;
#[path = "corpus/real_shapes.rs"]
mod real_shapes;
#[path = "corpus/scenario.rs"]
mod scenario;
#[path = "corpus/score.rs"]
mod score;
#[path = "corpus/shapes.rs"]
mod shapes;
#[path = "corpus/sub_fees.rs"]
mod sub_fees;
#[path = "corpus/sub_packs.rs"]
mod sub_packs;
#[path = "corpus/sub_services.rs"]
mod sub_services;
#[path = "corpus/svc_scenarios.rs"]
mod svc_scenarios;
#[path = "corpus/tariff.rs"]
mod tariff;
#[cfg(feature = "portfolio")]
#[path = "corpus/through_batch.rs"]
mod through_batch;
#[path = "corpus/truth.rs"]
mod truth;
#[path = "corpus/use_absent.rs"]
mod use_absent;
#[path = "corpus/use_buckets.rs"]
mod use_buckets;
#[path = "corpus/use_edges.rs"]
mod use_edges;
#[path = "corpus/use_events.rs"]
mod use_events;
#[path = "corpus/use_places.rs"]
mod use_places;
#[path = "corpus/use_prices.rs"]
mod use_prices;
#[path = "corpus/world.rs"]
mod world;
#[path = "corpus/wst_scenarios.rs"]
mod wst_scenarios;

#[cfg(all(test, feature = "portfolio"))]
#[path = "corpus/batch_checks.rs"]
mod batch_checks;
#[cfg(test)]
#[path = "corpus/checks.rs"]
mod checks;
#[cfg(test)]
#[path = "corpus/generator.rs"]
mod generator;
#[cfg(test)]
#[path = "corpus/invariants.rs"]
mod invariants;
#[cfg(test)]
#[path = "corpus/spoil.rs"]
mod spoil;

/// Returns the table of all cases, in Markdown.
pub fn table() -> String {
    score::whole_corpus().table()
}

/// Returns every case and finding on which the program and the truth differ.
pub fn disagreements() -> &'static [String] {
    &score::whole_corpus().disagreements
}

/// Returns how many cases were judged as tables of a portfolio too, and where something else was found.
#[cfg(feature = "portfolio")]
pub fn through_batch() -> (usize, Vec<String>) {
    through_batch::whole()
}
