//! Prints the table of the labelled corpus and, on stderr, every disagreement: `cargo run --example corpus`.

// The files are the test's; what only its checks use is unused here.
#[allow(dead_code)]
#[path = "../tests/corpus.rs"]
mod corpus;

fn main() {
    print!("{}", corpus::table());
    for disagreement in corpus::disagreements() {
        eprintln!("{disagreement}");
    }
    #[cfg(feature = "portfolio")]
    {
        let (count, differences) = corpus::through_batch();
        eprintln!("{count} cases as tables of a portfolio, {} differences", differences.len());
        differences.iter().for_each(|difference| eprintln!("{difference}"));
    }
}
