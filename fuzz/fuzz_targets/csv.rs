//! Text under the header of a known layout: read or set aside, never a crash. Run with
//! `cargo fuzz run -s none csv` on stable.
#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code)]
mod targets;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| targets::csv(bytes));
