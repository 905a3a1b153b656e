//! Usage that was charged.

pub(crate) mod absent;
pub mod charged_while_allowance_remained;
pub mod data_charged_without_sessions;
pub mod mms_charged_without_mms;
pub mod sms_charged_without_sms;
pub mod voice_charged_without_calls;
