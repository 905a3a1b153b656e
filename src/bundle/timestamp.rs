//! RFC 3161 time-stamp tokens, checked offline: for which file, when, signed by which certificate, and whether that
//! certificate leads to one the user trusts.
//!
//! Deliberately absent: revocation, which needs a network, and any built-in list of roots, which would be ours to vouch
//! for. Both are said where the result is told.

mod algorithm;
mod certificate;
mod parts;
mod path;
mod signer;
mod token;

use schemars::JsonSchema;
use serde::Serialize;

use super::content::Source;
use algorithm::Digest;
use certificate::Certificate;
use token::Token;

pub use certificate::CertificateFacts;

/// Why a token does not hold, as a stable code; its words are `bundle.fault.<code>`.
pub type Fault = &'static str;

/// Most certificates that are looked at, of a token and of the user's file each.
const CERTIFICATES_MAX: usize = 32;

/// What the check of a time stamp came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct TimestampCheck {
    /// Whether the token is for exactly this file.
    pub matches: bool,
    /// When the token says that the file existed, `YYYY-MM-DD HH:MM:SS UTC`; empty when it could not be read.
    pub time: String,
    /// Who issued it: the subject of the certificate, or what the token says where that is not at hand.
    pub issuer: String,
    /// Whether the signature of the token itself holds, by a certificate that was valid then and is meant for time stamps.
    pub signature_checked: bool,
    /// The certificate that signed; null when it is not at hand.
    pub certificate: Option<CertificateFacts>,
    /// The trusted certificate that the signer's leads to; null when none was given or none is reached.
    pub trusted: Option<CertificateFacts>,
    /// Subjects of the certificates in between, from the signer's upwards.
    pub between: Vec<String>,
    /// Why it does not hold, as a stable code; null when everything that was checked does.
    pub fault: Option<String>,
}

/// Checks a token, or the response that carries one, against a file. `trusted` is a file of certificates, PEM or DER:
/// the way from the signer's certificate must then lead to one of them.
pub fn check(file: &dyn Source, token: &[u8], trusted: Option<&[u8]>) -> TimestampCheck {
    let mut check = TimestampCheck::default();
    let outcome = checked(file, token, trusted, &mut check);
    check.fault = outcome.err().map(str::to_owned);
    check
}

fn checked(
    file: &dyn Source,
    token: &[u8],
    trusted: Option<&[u8]>,
    check: &mut TimestampCheck,
) -> Result<(), Fault> {
    let token = Token::read(token).ok_or("timestamp-unreadable")?;
    check.time = token.time_text();
    check.issuer = token.signer.issuer_text();
    let imprint = Digest::named(&token.imprint_algorithm).ok_or("timestamp-other-digest")?;
    if imprint.of_file(file)? != token.imprint {
        return Err("timestamp-other-file");
    }
    check.matches = true;
    let anchors = trusted.map(certificate::read_file).transpose()?;
    let anchors: Vec<Certificate<'_>> =
        anchors.iter().flatten().filter_map(|raw| Certificate::read(raw)).collect();
    let carried: Vec<Certificate<'_>> =
        token.certificates.iter().take(CERTIFICATES_MAX).filter_map(|raw| Certificate::read(raw)).collect();
    let mut known = carried.iter().chain(&anchors);
    let own = known.find(|it| token.signer.names(it)).ok_or("timestamp-no-certificate")?;
    check.issuer = own.subject();
    check.certificate = Some(own.facts());
    signer::check(&token, own)?;
    check.signature_checked = true;
    if trusted.is_some() {
        let path = path::find(own, &carried, &anchors, token.time)?;
        check.trusted = path.last().map(|anchor| anchor.facts());
        let inner = path.len().saturating_sub(1);
        check.between = path.iter().take(inner).skip(1).map(|it| it.subject()).collect();
    }
    Ok(())
}
