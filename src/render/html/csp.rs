//! Style sheet and content-security policy of the page.

use sha2::{Digest as _, Sha256};

use crate::embedded;
use crate::error::Result;
use crate::render::visible::visible;
use crate::render::words::Words;
use crate::report::model::Report;

/// Returns the style sheet with the footers of printed pages: period and number left, version and page right.
pub fn style_sheet(report: &Report, words: Words<'_>) -> Result<String> {
    let subjects: Vec<String> = report
        .subjects
        .iter()
        .take(3)
        .map(|subject| {
            let days = [subject.start.as_deref(), subject.end.as_deref()].into_iter().flatten();
            [subject.shown.as_str()].into_iter().chain(days).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let left = css_text(&subjects.join(" · "));
    let made = words.with("html.made_by", &[("version", &report.program.version), ("id", &report.id)])?;
    let middle = css_text(&made);
    let (before, between, after) = (
        css_text(&words.plain("html.page_before")?),
        css_text(&words.plain("html.page_between")?),
        css_text(&words.plain("html.page_after")?),
    );
    let margin_box = "font:8.5pt/1.3 sans-serif;color:#444;vertical-align:top;padding-top:4mm";
    Ok(format!(
        "{}@page{{@bottom-left{{content:{left};{margin_box}}}@bottom-center{{content:{middle};{margin_box}}}\
         @bottom-right{{content:{before} counter(page) {between} counter(pages) {after};{margin_box}}}}}",
        embedded::text("templates/report.css")
    ))
}

/// Returns the style sheet without footers of a report.
pub fn plain_style_sheet() -> String {
    embedded::text("templates/report.css").to_owned()
}

/// Returns the policy: nothing may be loaded, nothing may run, only this very style sheet applies.
pub fn policy(css: &str) -> String {
    let hash = base64(&Sha256::digest(css.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
}

/// Returns a CSS string in which nothing but letters and digits of ASCII stands for itself.
fn css_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in visible(text).chars() {
        if c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.' | '*') {
            quoted.push(c);
        } else {
            quoted.push_str(&format!("\\{:x} ", u32::from(c)));
        }
    }
    quoted.push('"');
    quoted
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let three = [chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0)];
        let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}
