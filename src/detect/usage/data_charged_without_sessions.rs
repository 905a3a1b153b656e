//! USE-004 data-charged-without-sessions.

use crate::detect::usage::absent;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{Finding, FindingKind};
use crate::model::quantity::Unit;

/// Data fee without a session in a complete list.
pub static DETECTOR: Detector = Detector {
    code: "USE-004",
    name: "data-charged-without-sessions",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Data],
    basis: &["dx-33", "xf-10", "mfd-122", "mfd-985", "jg-41", "hy-cmcc-7"],
    page: include_str!("data_charged_without_sessions.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    absent::stakes(facts, Unit::Data)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    absent::findings(facts, DETECTOR.code, Unit::Data)
}
