//! `data/README.md`: how the bundle was made, how to check it without us, and the answers to a court's questions on
//! electronic data, in Chinese and English. Facts only; what is not known is said to be not stated.

use std::collections::BTreeMap;

use super::case_set::CaseSet;
use super::manifest::{File, Manifest};
use crate::analyse::Analysis;
use crate::error::Result;
use crate::ingest::FormatBook;
use crate::model::message::Message;
use crate::model::source::Source;
use crate::render::template::{self, Serde, Value, context};
use crate::report::model::Input;
use crate::report::wording::{Lang, Wording};

/// Returns the text for that bundle.
///
/// # Errors
/// When a sentence is missing in the wording files.
pub fn text(set: &CaseSet, analysis: &Analysis, manifest: &Manifest) -> Result<String> {
    let formats = set.formats()?;
    let obtained: BTreeMap<&str, &str> = analysis
        .report
        .attachments
        .iter()
        .filter_map(|told| Some((told.path.as_str(), told.obtained.as_deref()?)))
        .collect();
    let mut parts = Vec::new();
    for lang in Lang::ALL {
        let wording = Wording::load(lang)?;
        let facts = Facts { analysis, manifest, formats: &formats, obtained: &obtained, wording: &wording };
        let files = manifest.files.iter().map(|file| facts.file(file)).collect::<Result<Vec<Value>>>()?;
        let values = context! { manifest => Value::from(Serde(manifest)), title => analysis.report.title.as_str(), files };
        parts.push(template::fill("bundle-readme.md", &wording, values)?);
    }
    Ok(parts.join("\n---\n\n"))
}

struct Facts<'a> {
    analysis: &'a Analysis,
    manifest: &'a Manifest,
    formats: &'a FormatBook,
    obtained: &'a BTreeMap<&'a str, &'a str>,
    wording: &'a Wording,
}

impl Facts<'_> {
    fn file(&self, file: &File) -> Result<Value> {
        let input = self.analysis.report.inputs.iter().find(|input| {
            let container = input.path.split_once("!/").map_or(input.path.as_str(), |(archive, _)| archive);
            container == file.path
        });
        let input = input.filter(|_| file.role == "input");
        let original =
            self.manifest.withheld.iter().find(|it| it.masked_as.as_deref() == Some(file.member.as_str()));
        Ok(context! {
            member => file.member.as_str(),
            path => file.path.as_str(),
            renamed => !file.member.ends_with(&format!("/{}", file.path)),
            sha256 => file.sha256.as_str(),
            bytes => file.bytes,
            original => original.map(|it| it.commitment.as_str()),
            source => self.source(file, input)?,
            time => self.time(file, input)?,
            tool => self.tool(file, input)?,
        })
    }

    /// Where the file comes from, as far as it says so itself or the case does.
    fn source(&self, file: &File, input: Option<&Input>) -> Result<String> {
        let profile = input.and_then(|input| input.profile.as_deref());
        let format = self.formats.formats().find(|format| Some(format.id.as_str()) == profile);
        let issuer = match format {
            Some(format) if self.wording.lang() == Lang::Zh => format.title_zh.clone(),
            Some(format) => format.title_en.clone(),
            None => String::new(),
        };
        let told = self.obtained.get(file.path.as_str()).copied().unwrap_or_default();
        let words =
            Message::new("readme.source").message("role", Message::new(format!("readme.role.{}", file.role)));
        self.wording.say(&words.text("issuer", issuer).text("obtained", told))
    }

    /// What times the file states.
    fn time(&self, file: &File, input: Option<&Input>) -> Result<String> {
        let covers = input.and_then(|input| input.covers.as_ref());
        let exported = input.filter(|_| file.role == "input").and_then(|input| self.exported_on(&input.path));
        let words = Message::new("readme.time").text("exported", exported.unwrap_or_default());
        let (start, end, by) = covers.map_or(("", "", ""), |it| (&it.start, &it.end, &it.by));
        let by = if by.is_empty() {
            String::new()
        } else {
            self.wording.word(&format!("common.covered-by.{by}"))?
        };
        self.wording.say(&words.text("start", start).text("end", end).text("by", by))
    }

    fn exported_on(&self, path: &str) -> Option<String> {
        let source: &Source = self.analysis.case.sources.iter().find(|source| source.path == path)?;
        source.tables.iter().find_map(|table| table.exported_on).map(|day| day.to_string())
    }

    /// How it was read.
    fn tool(&self, file: &File, input: Option<&Input>) -> Result<String> {
        let Some(input) = input.filter(|_| file.role == "input") else {
            return self.wording.word(&format!("readme.tool.{}", file.role));
        };
        let Some(profile) = &input.profile else { return self.wording.word("readme.tool.unusable") };
        let words = Message::new("readme.tool.read").text("profile", profile).text("read", input.rows_read);
        self.wording.say(&words.text("used", input.rows_used).text("set_aside", input.rows_set_aside))
    }
}
