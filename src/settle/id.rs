//! Ids of findings: from content, with an occurrence, without path or row (fine print 41).

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::model::finding::Finding;

/// Returns the ids of the findings: `F-` and ten hexadecimal digits of code, number, cycle, subject and
/// occurrence.
pub(super) fn ids(msisdn: &str, findings: &[Finding]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let id = |finding: &Finding| {
        let content = format!("{}\n{msisdn}\n{}\n{}", finding.code, finding.cycle, finding.subject);
        let occurrence = seen.entry(content.clone()).and_modify(|count| *count += 1).or_insert(0);
        let digest = Sha256::digest(format!("{content}\n{occurrence}").as_bytes());
        digest.iter().take(5).fold(String::from("F-"), |id, byte| format!("{id}{byte:02x}"))
    };
    findings.iter().map(id).collect()
}
