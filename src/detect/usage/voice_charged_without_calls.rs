//! USE-003 voice-charged-without-calls.

use crate::detect::usage::absent;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{Finding, FindingKind};
use crate::model::quantity::Unit;

/// Call fee without a call in a complete list.
pub static DETECTOR: Detector = Detector {
    code: "USE-003",
    name: "voice-charged-without-calls",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Voice],
    basis: &["dx-33", "xf-10", "mfd-122", "mfd-985", "jg-41", "hy-cmcc-7"],
    page: include_str!("voice_charged_without_calls.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    absent::stakes(facts, Unit::Voice)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    absent::findings(facts, DETECTOR.code, Unit::Voice)
}
