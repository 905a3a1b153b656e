//! Promises, answers, terms and rule texts: questions of time and service, never money.

pub mod appeal_window_closing;
pub mod contacts;
pub mod promise_broken;
pub mod records_soon_deleted;
pub mod reply_overdue;
pub mod rule_text_withheld;
