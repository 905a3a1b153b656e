//! Layer 1: plan files, case files, laws and holidays: as written → checked.

pub mod case_file;
mod check;
pub mod plan;
pub mod plan_book;
