//! USE-001 mms-charged-without-mms.

use crate::detect::usage::absent;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{Finding, FindingKind};
use crate::model::quantity::Unit;

/// MMS usage fee without an MMS in a complete list.
pub static DETECTOR: Detector = Detector {
    code: "USE-001",
    name: "mms-charged-without-mms",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Mms],
    basis: &["dx-33", "xf-10", "mfd-122", "mfd-985", "jg-41", "hy-cmcc-7"],
    page: include_str!("mms_charged_without_mms.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    absent::stakes(facts, Unit::Mms)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    absent::findings(facts, DETECTOR.code, Unit::Mms)
}
