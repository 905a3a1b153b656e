//! Usage that was charged.

pub(crate) mod absent;
pub mod calls_overlap;
pub mod cap_exceeded;
pub(crate) mod carried;
pub(crate) mod charged;
pub mod charged_while_allowance_remained;
pub mod consumption_order_wrong;
pub mod data_charged_without_sessions;
pub mod detail_differs_from_bill;
pub mod domestic_roaming_charged;
pub mod incoming_or_free_number_charged;
pub(crate) mod late;
pub mod mms_charged_without_mms;
pub mod more_units_charged_than_recorded;
pub mod rollover_not_granted;
pub mod rounding_not_in_plan;
pub mod sms_charged_without_sms;
pub mod unit_price_above_plan;
pub mod usage_outside_its_period;
pub mod usage_recorded_twice;
pub mod voice_charged_without_calls;
