//! Many lines: what the bulk way finds is what `check` finds, whatever the memory, the parts and the interruptions.

mod cells;
mod command;
mod equal;
mod means;
mod tables;
