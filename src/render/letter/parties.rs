//! Who writes to whom. What the case does not say is a marked blank, and on the list at the end.

use crate::error::Result;
use crate::render::letter::Channel;
use crate::render::template::{Value, context};
use crate::render::words::Words;
use crate::report::model::{Finding, Report, Subject};

/// The fields that have to be filled in by hand, in the order in which they stand in the letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blanks {
    /// Their names, once each.
    pub names: Vec<String>,
}

impl Blanks {
    /// Puts a field on the list.
    pub fn add(&mut self, what: String) {
        if !self.names.contains(&what) {
            self.names.push(what);
        }
    }

    /// Returns a value that the case states, or a marked blank that is also put on the list.
    ///
    /// # Errors
    /// When a sentence is missing in the wording files.
    pub fn or_blank(&mut self, value: Option<&str>, field: &str, words: Words<'_>) -> Result<String> {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            return Ok(value.to_owned());
        }
        let what = words.plain(&format!("letter.field.{field}"))?;
        let blank = words.with("letter.blank", &[("what", &what)])?;
        self.add(what);
        Ok(blank)
    }
}

/// Returns whom the letter is for, and the facts at its head.
pub fn values(
    report: &Report,
    channel: Channel,
    errors: &[&Finding],
    words: Words<'_>,
    blanks: &mut Blanks,
) -> Result<Value> {
    let company = report.subjects.iter().map(|subject| subject.respondent.as_str()).find(|it| !it.is_empty());
    let platform = platform_name(report, errors, words)?;
    let to = match channel {
        Channel::Operator => blanks.or_blank(company, "respondent", words)?,
        Channel::Platform => blanks.or_blank(platform.as_deref(), "platform", words)?,
        Channel::Miit | Channel::Consumer | Channel::Heimao => {
            words.plain(&format!("letter.office.{}", channel.name()))?
        }
    };
    let mut facts = Vec::new();
    if channel != Channel::Heimao {
        facts.extend(sender(report, channel, words, blanks)?);
    }
    if !matches!(channel, Channel::Operator | Channel::Platform) {
        facts.push(fact("respondent", &blanks.or_blank(company, "respondent", words)?, words)?);
    }
    if matches!(channel, Channel::Miit | Channel::Consumer) {
        facts.push(fact("respondent_address", &blanks.or_blank(None, "respondent_address", words)?, words)?);
    }
    for subject in &report.subjects {
        facts.push(fact("number", &number(report, subject, channel, words)?, words)?);
    }
    if let Some(plan) = report.clauses.first().filter(|_| channel != Channel::Platform) {
        facts.push(fact("plan", &plan.plan_name, words)?);
    }
    Ok(context! { to, facts })
}

fn sender(report: &Report, channel: Channel, words: Words<'_>, blanks: &mut Blanks) -> Result<Vec<Value>> {
    let who = &report.complainant;
    let mut facts = vec![
        fact("name", &blanks.or_blank(who.name.as_deref(), "name", words)?, words)?,
        fact("identity", &blanks.or_blank(None, "identity", words)?, words)?,
        fact("phone", &blanks.or_blank(who.phone.as_deref(), "phone", words)?, words)?,
    ];
    facts.push(match channel {
        Channel::Platform => fact("account", &blanks.or_blank(None, "account", words)?, words)?,
        _ => fact("address", &blanks.or_blank(who.address.as_deref(), "address", words)?, words)?,
    });
    Ok(facts)
}

fn fact(label: &str, value: &str, words: Words<'_>) -> Result<Value> {
    Ok(context! { label => words.plain(&format!("letter.label.{label}"))?, value })
}

/// Returns a number with operator, province and billed days; masked where everybody can read it.
fn number(report: &Report, subject: &Subject, channel: Channel, words: Words<'_>) -> Result<String> {
    let own = if channel == Channel::Heimao { &subject.shown } else { &subject.msisdn };
    let mut parts = vec![own.clone()];
    parts.extend([subject.operator_name.clone()].into_iter().filter(|name| !name.is_empty()));
    parts.extend(report.province.clone());
    if let (Some(start), Some(end)) = (&subject.start, &subject.end) {
        parts.push(words.with("html.billed_days", &[("start", start), ("end", end)])?);
    }
    Ok(parts.join(" · "))
}

/// Returns the platforms of the payments that the findings are about.
fn platform_name(report: &Report, errors: &[&Finding], words: Words<'_>) -> Result<Option<String>> {
    let about = |payment: &&crate::report::model::Payment| {
        errors.iter().any(|finding| payment.findings.contains(&finding.id))
    };
    let mut names: Vec<&str> = report.payments.iter().filter(about).map(|it| it.platform.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let names = names.into_iter().filter(|name| !name.is_empty());
    let names = names.map(|name| words.code("platform", name)).collect::<Result<Vec<_>>>()?;
    Ok(Some(names.join(words.0.lang().list_separator())).filter(|names| !names.is_empty()))
}
