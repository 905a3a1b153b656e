//! Packing a case: originals, report, rules, and what is needed to make the report again.

use std::io::{Cursor, Seek, Write};

use super::archive::{self, Members};
use super::bag;
use super::case_set::{Analysed, CaseSet, Role};
use super::manifest::{File, Fingerprints, Manifest, Program, RecordSet, SCHEMA, Withheld};
use super::member_name::SafeNames;
use super::{readme, records, sha256};
use crate::embedded;
use crate::error::Result;
use crate::report::model::Report;
use crate::rules;

/// Where the originals lie.
pub const ORIGINALS: &str = "data/originals";
/// Where the report lies.
pub const REPORT: &str = "data/report";
/// Where the rules lie.
pub const RULES: &str = "data/rules";
/// The manifest of the run.
pub const RUN: &str = "data/rules/run.json";
/// The list of records.
pub const RECORDS: &str = "data/rules/records.tsv";

/// A bundle and what it was made from.
pub struct Packed {
    /// Name of the folder in the ZIP.
    pub root: String,
    /// The files of the bag, below that folder.
    pub members: Members,
    /// The case and its report.
    pub analysed: Analysed,
    /// What the bundle says about itself.
    pub manifest: Manifest,
}

/// Packs a case. `withheld` names the originals that a masked copy keeps back; none for the case as it is.
///
/// # Errors
/// When the case cannot be analysed.
pub fn pack(set: &CaseSet, withheld: Option<Vec<Withheld>>) -> Result<Packed> {
    let analysed = set.analyse()?;
    let mut payload = Members::new();
    let files = originals(set, &mut payload);
    for output in &analysed.outputs {
        payload.insert(format!("{REPORT}/{}", output.name), output.bytes.clone().into());
    }
    let fingerprints = rules_used(set, &analysed.analysis.report, &mut payload);
    let list = records::list(&analysed.analysis.case);
    payload.insert(RECORDS.to_owned(), list.text.into());
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        program: Program { name: "mingzhang".to_owned(), version: version() },
        as_of: set.settings.as_of.to_string(),
        lang: set.settings.lang.code().to_owned(),
        formats: set.settings.formats.iter().map(|format| format.name().to_owned()).collect(),
        assumed_plans: set.settings.assumed_plans.clone(),
        masked: withheld.is_some(),
        report_id: analysed.analysis.report.id.clone(),
        records: RecordSet { count: list.count, sha256: list.sha256 },
        fingerprints,
        files,
        withheld: withheld.unwrap_or_default(),
    };
    payload.insert(RUN.to_owned(), manifest.to_json().into());
    payload.insert("data/README.md".to_owned(), readme::text(set, &analysed.analysis, &manifest)?.into());
    let info = info(&analysed.analysis.report, &manifest, &payload);
    let root = format!("mingzhang-{}", manifest.report_id);
    Ok(Packed { root, members: bag::build(payload, &info), analysed, manifest })
}

impl Packed {
    /// Writes the ZIP: the same case always gives the same bytes.
    ///
    /// # Errors
    /// When an original was changed meanwhile, or the ZIP cannot be written.
    pub fn write_zip(&self, target: impl Write + Seek) -> Result<()> {
        archive::write(&below(&self.root, &self.members), target)
    }

    /// Returns the ZIP in memory.
    ///
    /// # Errors
    /// As [`Packed::write_zip`].
    pub fn zip(&self) -> Result<Vec<u8>> {
        let mut zip = Cursor::new(Vec::new());
        self.write_zip(&mut zip)?;
        Ok(zip.into_inner())
    }
}

/// Returns the files as they are named in the ZIP.
pub fn below(root: &str, members: &Members) -> Members {
    members.iter().map(|(name, bytes)| (format!("{root}/{name}"), bytes.clone())).collect()
}

/// Version of this program.
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

fn originals(set: &CaseSet, payload: &mut Members) -> Vec<File> {
    let mut names = SafeNames::default();
    let put = |member: &super::case_set::CaseMember| {
        let name = format!("{ORIGINALS}/{}", names.name(&member.path));
        payload.insert(name.clone(), member.bytes.clone());
        File {
            role: member.role.code().to_owned(),
            path: member.path.clone(),
            member: name,
            sha256: member.bytes.sha256(),
            bytes: member.bytes.length_bytes(),
        }
    };
    set.members.iter().map(put).collect()
}

/// Puts plans, laws and the list of the program's data beside the report.
fn rules_used(set: &CaseSet, report: &Report, payload: &mut Members) -> Fingerprints {
    let mut plans = Members::new();
    let mut names = SafeNames::default();
    for member in set.of_role(Role::Plan) {
        let file = member.path.rsplit(['/', '\\']).next().unwrap_or_default();
        plans.insert(format!("plans/{}", names.name(file)), member.bytes.clone());
    }
    for (path, text) in embedded::below("plans/") {
        let used = rules::plan::parse(path, text).is_ok_and(|plan| is_used(&plan.id, set, report));
        if used {
            plans.insert(
                format!("plans/{}", names.name(&format!("built-in/{}", &path["plans/".len()..]))),
                text.into(),
            );
        }
    }
    let laws = ["holidays.toml", "laws.toml"].map(|name| (name.to_owned(), embedded::text(name).into()));
    let laws = Members::from(laws);
    let texts = embedded::below("").map(|(path, text)| (path, text.as_bytes()));
    let data = texts.chain(embedded::fonts()).map(|(path, bytes)| (format!("schemas/{path}"), bytes.into()));
    let data = data.collect();
    let program = format!("mingzhang {}\n{}", version(), bag::manifest(&data));
    let lists = [
        ("program.txt", program),
        ("plans.sha256", bag::manifest(&plans)),
        ("rules.sha256", bag::manifest(&laws)),
    ];
    let [program, plan_list, rule_list] = lists.map(|(name, text)| {
        let fingerprint = sha256(text.as_bytes());
        payload.insert(format!("{RULES}/{name}"), text.into());
        fingerprint
    });
    payload.extend(plans.into_iter().chain(laws).map(|(name, bytes)| (format!("{RULES}/{name}"), bytes)));
    Fingerprints { program, plans: plan_list, rules: rule_list }
}

fn is_used(id: &str, set: &CaseSet, report: &Report) -> bool {
    let steps = report.expected.iter().flat_map(|item| &item.trace);
    set.settings.assumed_plans.iter().any(|plan| plan == id)
        || report.clauses.iter().any(|clause| clause.plan == id)
        || steps.into_iter().any(|step| step.rule.split('/').next() == Some(id))
}

fn info(report: &Report, manifest: &Manifest, payload: &Members) -> Vec<(&'static str, String)> {
    let report_json = payload.get(&format!("{REPORT}/report.json"));
    let mut info = vec![
        ("External-Identifier", report.id.clone()),
        ("External-Description", report.title.clone()),
        ("Bagging-Date", manifest.as_of.clone()),
        ("Bag-Software-Agent", format!("mingzhang {}", manifest.program.version)),
        ("Masked", if manifest.masked { "yes" } else { "no" }.to_owned()),
        ("Program-SHA256", manifest.fingerprints.program.clone()),
        ("Plans-SHA256", manifest.fingerprints.plans.clone()),
        ("Rules-SHA256", manifest.fingerprints.rules.clone()),
        ("Record-Count", manifest.records.count.to_string()),
        ("Record-Set-SHA256", manifest.records.sha256.clone()),
    ];
    info.extend(report_json.map(|content| ("Report-SHA256", content.sha256())));
    info
}
