//! Many lines: what the bulk way finds is what `check` finds, whatever the memory, the parts and the interruptions.

mod cells;
mod command;
mod encodings;
mod equal;
mod means;
mod parquet;
mod rows;
mod sums;
mod tables;
