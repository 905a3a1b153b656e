//! Traces: how a figure was computed, step by step.

use crate::model::message::Message;

/// One step of a computation, readable without us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceStep {
    /// Rule id, e.g. `demo-59/rate.data-out`.
    pub rule: String,
    /// Clause id, if the rule names one.
    pub clause: Option<String>,
    /// What the step does, in words.
    pub what: Message,
    /// The computation as text, e.g. `206 × 0.29 = 59.74`.
    pub formula: String,
    /// Value before the step.
    pub before: String,
    /// Value after the step.
    pub after: String,
}
