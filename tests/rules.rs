//! Tests of rules.

mod calendar;
mod case_file;
mod law;
mod law_use;
mod plan;
mod plan_book;
mod problem_text;
