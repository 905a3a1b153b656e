//! USE-002 sms-charged-without-sms.

use crate::detect::usage::absent;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{Finding, FindingKind};
use crate::model::quantity::Unit;

/// SMS usage fee without an SMS in a complete list.
pub static DETECTOR: Detector = Detector {
    code: "USE-002",
    name: "sms-charged-without-sms",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Sms],
    basis: &["dx-33", "xf-10", "mfd-122", "mfd-985", "jg-41", "hy-cmcc-7"],
    page: include_str!("sms_charged_without_sms.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    absent::stakes(facts, Unit::Sms)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    absent::findings(facts, DETECTOR.code, Unit::Sms)
}
