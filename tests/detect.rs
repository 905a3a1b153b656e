//! Tests of reconcile, detect and settle.

mod builders;
mod credits;
mod evidence;
mod findings;
mod fine_print;
mod given_back;
mod higher_price;
mod packs;
mod pages;
mod parts;
mod payments;
mod pipeline;
mod samples;
mod sums;
mod terms;
mod ties;
mod verdicts;
mod words;
