//! Prints the table of the labelled corpus: `cargo run --example corpus`.

// The files are the test's; what only its checks use is unused here.
#[allow(dead_code)]
#[path = "../tests/corpus.rs"]
mod corpus;

fn main() {
    println!("{}", corpus::table());
}
