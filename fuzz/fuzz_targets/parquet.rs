//! Parquet bytes, footer and pages: read or refused, never a crash. Run with
//! `cargo fuzz run -s none parquet` on stable.
#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code)]
mod targets;

use libfuzzer_sys::fuzz_target;

// A panic inside a reader of foreign bytes is caught and answered; the hook of the fuzzer would end the run at it.
// One that is not caught still ends the run.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| ())), |bytes: &[u8]| targets::parquet(bytes));
