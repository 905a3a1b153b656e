//! Layer 1: plan files, case files, laws and holidays: as written → checked.

pub mod calendar;
pub mod case_file;
mod check;
pub mod deadline;
pub mod law;
pub mod plan;
pub mod plan_book;
pub mod problem_text;
