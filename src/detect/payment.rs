//! Money taken by platforms.

pub mod deducted_twice;
