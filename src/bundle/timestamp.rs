//! RFC 3161 time-stamp tokens: which file they are for, when, and by whom, read from the token alone.

mod der;

use schemars::JsonSchema;
use serde::Serialize;

use super::sha256;
use der::Der;

/// What the check of a time stamp came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TimestampCheck {
    /// Whether the token is for exactly this file.
    pub matches: bool,
    /// When the token says that the file existed, `YYYY-MM-DD HH:MM:SS UTC`; empty when it could not be read.
    pub time: String,
    /// Who issued it, as the token says; empty when it could not be read.
    pub issuer: String,
    /// Always false: the signature of the token itself needs the issuer's certificate (`openssl ts -verify`).
    pub signature_checked: bool,
    /// Why it does not match, as a stable code; null when it does.
    pub fault: Option<String>,
}

const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const TST_INFO: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x04];

/// Checks a token, or the response that carries one, against a file.
pub fn check(file: &[u8], token: &[u8]) -> TimestampCheck {
    let unreadable = TimestampCheck {
        matches: false,
        time: String::new(),
        issuer: String::new(),
        signature_checked: false,
        fault: Some("timestamp-unreadable".to_owned()),
    };
    let Some(token) = read(token) else { return unreadable };
    let fault = if token.algorithm != SHA256 {
        Some("timestamp-not-sha256")
    } else if token.imprint != sha256(file) {
        Some("timestamp-other-file")
    } else {
        None
    };
    TimestampCheck {
        matches: fault.is_none(),
        time: token.time,
        issuer: token.issuer,
        fault: fault.map(str::to_owned),
        ..unreadable
    }
}

struct Token<'a> {
    algorithm: &'a [u8],
    imprint: String,
    time: String,
    issuer: String,
}

/// `ContentInfo`, by itself or behind the status of a `TimeStampResp`.
fn read(bytes: &[u8]) -> Option<Token<'_>> {
    let (outer, _) = der::read(bytes)?;
    let mut parts = outer.children()?;
    let info = if parts.first()?.tag == der::SEQUENCE {
        parts.get(1)?.children()?
    } else {
        std::mem::take(&mut parts)
    };
    let signed = info.get(1)?.children()?.first()?.children()?;
    let content = signed.get(2)?.children()?;
    (content.first()?.body == TST_INFO).then_some(())?;
    let octets = content.get(1)?.children()?.first()?.body;
    let stamp = der::read(octets)?.0.children()?;
    let imprint = stamp.get(2)?.children()?;
    Some(Token {
        algorithm: imprint.first()?.children()?.first()?.body,
        imprint: imprint.get(1)?.body.iter().map(|byte| format!("{byte:02x}")).collect(),
        time: time(stamp.get(4)?)?,
        issuer: issuer(signed.last()?).unwrap_or_default(),
    })
}

/// `20251122193000Z` → `2025-11-22 19:30:00 UTC`; parts of a second are cut.
fn time(field: &Der<'_>) -> Option<String> {
    let text = std::str::from_utf8(field.body).ok()?;
    let digits = text.get(..14).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    text.ends_with('Z').then_some(())?;
    let part = |range| digits.get(range).unwrap_or_default();
    let (day, clock) = ((part(0..4), part(4..6), part(6..8)), (part(8..10), part(10..12), part(12..14)));
    Some(format!("{}-{}-{} {}:{}:{} UTC", day.0, day.1, day.2, clock.0, clock.1, clock.2))
}

/// The name of the issuer of the first signer's certificate.
fn issuer(signers: &Der<'_>) -> Option<String> {
    let signer = signers.children()?.first()?.children()?;
    let name = signer.get(1)?.children()?.first()?.children()?;
    let mut parts = Vec::new();
    for relative in name {
        let attribute = relative.children()?.first()?.children()?;
        parts.push(String::from_utf8_lossy(attribute.get(1)?.body).into_owned());
    }
    Some(parts.join(", "))
}
