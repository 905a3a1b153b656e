//! The grammar of single cells: a value, nothing or a sentence, never a crash. Run with
//! `cargo fuzz run -s none cell` on stable.
#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code)]
mod targets;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| targets::cell(bytes));
