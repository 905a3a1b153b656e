//! Whether a token was signed by a certificate, and that one may sign tokens.

use der::asn1::{ObjectIdentifier, OctetStringRef};
use sha1::Digest as _;

use super::Fault;
use super::algorithm::{self, Digest};
use super::certificate::Certificate;
use super::parts::Part;
use super::token::{STAMP, Token};

const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// The hash of the certificate by SHA-1 (RFC 2634).
const CERTIFICATE_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// The same by any hash (RFC 5035).
const CERTIFICATE_ID_2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// Checks content, signature, and certificate, in the order in which each rests on the one before.
///
/// # Errors
/// The first of them that does not hold.
pub fn check(token: &Token<'_>, certificate: &Certificate<'_>) -> Result<(), Fault> {
    let signer = &token.signer;
    let digest = Digest::named(&signer.digest).ok_or("timestamp-algorithm")?;
    let covers = one::<ObjectIdentifier>(signer.attribute(CONTENT_TYPE)) == Some(STAMP)
        && one::<OctetStringRef<'_>>(signer.attribute(MESSAGE_DIGEST))
            .is_some_and(|stated| stated.as_bytes() == digest.of(token.stamp));
    if !covers {
        return Err("timestamp-content");
    }
    algorithm::check(certificate.key(), &signer.algorithm, Some(digest), &signer.signed, signer.signature)?;
    certificate_id(token, certificate)?;
    certificate.may_stamp()?;
    if certificate.is_valid_at(token.time) { Ok(()) } else { Err("timestamp-expired") }
}

fn one<'a, T: der::Decode<'a>>(values: Option<&[Part<'a>]>) -> Option<T> {
    match values? {
        [value] => value.value(),
        _ => None,
    }
}

/// The signature must cover which certificate it is of, else another one for the same key could be laid under it.
fn certificate_id(token: &Token<'_>, certificate: &Certificate<'_>) -> Result<(), Fault> {
    let ids = [CERTIFICATE_ID, CERTIFICATE_ID_2].map(|name| token.signer.attribute(name));
    if ids.iter().all(Option::is_none) {
        return Err("timestamp-no-certificate-id");
    }
    let agrees = |values: &[Part<'_>]| names(values, certificate).unwrap_or(false);
    if ids.into_iter().flatten().all(agrees) { Ok(()) } else { Err("timestamp-other-certificate") }
}

/// Whether the first of the ids is the hash of that certificate.
fn names(values: &[Part<'_>], certificate: &Certificate<'_>) -> Option<bool> {
    let ids = values.first()?.inside()?.first()?.inside()?;
    let fields = ids.first()?.inside()?;
    // The second form states its hash, or means SHA-256 when it does not; the first form is SHA-1 and shorter.
    let stated = fields.first()?.first::<ObjectIdentifier>();
    let field = if stated.is_some() { fields.get(1)? } else { fields.first()? };
    let hash = field.value::<OctetStringRef<'_>>()?.as_bytes();
    let own = match stated {
        Some(name) => Digest::named(&name)?.of(certificate.raw),
        None if hash.len() == 20 => sha1::Sha1::digest(certificate.raw).to_vec(),
        None => Digest::Sha256.of(certificate.raw),
    };
    Some(own == hash)
}
