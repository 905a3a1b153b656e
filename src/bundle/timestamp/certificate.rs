//! Certificates of time-stamp services (RFC 5280, and RFC 3161 section 2.3 for their purpose).

use der::asn1::ObjectIdentifier;
use der::oid::AssociatedOid;
use der::{DateTime, Decode, Document, Tag};
use schemars::JsonSchema;
use serde::Serialize;
use x509_cert::ext::pkix::{
    BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::parts::Part;
use super::{CERTIFICATES_MAX, Fault, algorithm};
use crate::bundle::sha256;

/// `id-kp-timeStamping`.
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// `anyExtendedKeyUsage`.
const ANY_PURPOSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
/// Line before a certificate in a PEM file.
const PEM_BEGIN: &str = "-----BEGIN CERTIFICATE-----";
/// Line after it.
const PEM_END: &str = "-----END CERTIFICATE-----";

/// By what a person knows a certificate again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CertificateFacts {
    /// Whose it is.
    pub subject: String,
    /// Who issued it, as it says.
    pub issuer: String,
    /// Its number, in hexadecimal.
    pub serial: String,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
    /// First day on which it is valid, `YYYY-MM-DD`.
    pub valid_from: String,
    /// Last day on which it is valid, `YYYY-MM-DD`.
    pub valid_until: String,
}

/// A certificate and the bytes that it was read from.
#[derive(Debug)]
pub struct Certificate<'a> {
    /// All of it.
    pub raw: &'a [u8],
    /// The part that its issuer signed.
    signed: &'a [u8],
    fields: x509_cert::Certificate,
}

/// Returns the certificates of a file, PEM or DER, in its order.
///
/// # Errors
/// When there is none in it, or one of them cannot be read.
pub fn read_file(file: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
    let certificates = match std::str::from_utf8(file).ok().filter(|text| text.contains(PEM_BEGIN)) {
        Some(text) => from_pem(text).ok_or("timestamp-ca-unreadable")?,
        None => vec![file.to_vec()],
    };
    let readable = certificates.len() <= CERTIFICATES_MAX
        && certificates.iter().all(|raw| Certificate::read(raw).is_some());
    if readable { Ok(certificates) } else { Err("timestamp-ca-unreadable") }
}

fn from_pem(text: &str) -> Option<Vec<Vec<u8>>> {
    let block = |rest: &str| {
        let (inner, _) = rest.split_once(PEM_END)?;
        let (_, document) = Document::from_pem(&format!("{PEM_BEGIN}{inner}{PEM_END}\n")).ok()?;
        Some(document.as_bytes().to_vec())
    };
    text.split(PEM_BEGIN).skip(1).map(block).collect()
}

impl<'a> Certificate<'a> {
    /// Reads a certificate; nothing when it is none.
    pub fn read(raw: &'a [u8]) -> Option<Self> {
        let part = Part::read(raw).filter(|part| part.tag == Tag::Sequence)?;
        let fields = x509_cert::Certificate::from_der(raw).ok()?;
        let same = fields.signature_algorithm == fields.tbs_certificate.signature;
        same.then_some(Self { raw, signed: part.inside()?.first()?.whole, fields })
    }

    /// Returns whose it is.
    pub fn subject(&self) -> String {
        self.fields.tbs_certificate.subject.to_string()
    }

    /// Returns by what a person knows it again.
    pub fn facts(&self) -> CertificateFacts {
        let fields = &self.fields.tbs_certificate;
        let day = |time: DateTime| time.to_string().split('T').next().unwrap_or_default().to_owned();
        CertificateFacts {
            subject: self.subject(),
            issuer: fields.issuer.to_string(),
            serial: fields.serial_number.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect(),
            sha256: sha256(self.raw),
            valid_from: day(fields.validity.not_before.to_date_time()),
            valid_until: day(fields.validity.not_after.to_date_time()),
        }
    }

    /// Returns the key of its owner.
    pub fn key(&self) -> &SubjectPublicKeyInfoOwned {
        &self.fields.tbs_certificate.subject_public_key_info
    }

    /// Returns the id of that key, where it is stated.
    pub fn key_id(&self) -> Option<Vec<u8>> {
        let (_, id) = self.extension::<SubjectKeyIdentifier>().ok()??;
        Some(id.0.as_bytes().to_vec())
    }

    /// Returns whether that issuer gave it that number.
    pub fn is_numbered(&self, issuer: &Name, serial: &SerialNumber) -> bool {
        let fields = &self.fields.tbs_certificate;
        fields.issuer == *issuer && fields.serial_number == *serial
    }

    /// Returns whether the other one says to be of its issuer.
    pub fn names_as_issuer(&self, other: &Self) -> bool {
        self.fields.tbs_certificate.issuer == other.fields.tbs_certificate.subject
    }

    /// Returns whether it was valid then, both ends included.
    pub fn is_valid_at(&self, time: DateTime) -> bool {
        let validity = &self.fields.tbs_certificate.validity;
        validity.not_before.to_date_time() <= time && time <= validity.not_after.to_date_time()
    }

    /// Checks that it is meant for time stamps and for nothing else, in an extension that must not be passed over.
    ///
    /// # Errors
    /// When it is not.
    pub fn may_stamp(&self) -> Result<(), Fault> {
        let (critical, purposes) = self.extension::<ExtendedKeyUsage>()?.ok_or("timestamp-purpose")?;
        let signs = match self.extension::<KeyUsage>()? {
            Some((_, usage)) => usage.digital_signature() || usage.non_repudiation(),
            None => true,
        };
        if critical && purposes.0 == [TIME_STAMPING] && signs { Ok(()) } else { Err("timestamp-purpose") }
    }

    /// Checks that it may issue the next certificate, with so many issuers already between that one and the signer.
    ///
    /// # Errors
    /// When it may not, or states a condition that is not checked here.
    pub fn may_issue(&self, between: usize) -> Result<(), Fault> {
        let authority = match self.extension::<BasicConstraints>()? {
            Some((_, limits)) => {
                limits.ca && limits.path_len_constraint.is_none_or(|most| between <= usize::from(most))
            }
            None => false,
        };
        let signs = self.extension::<KeyUsage>()?.is_none_or(|(_, usage)| usage.key_cert_sign());
        let purposes = self.extension::<ExtendedKeyUsage>()?;
        let stamps =
            purposes.is_none_or(|(_, it)| it.0.contains(&TIME_STAMPING) || it.0.contains(&ANY_PURPOSE));
        if !authority || !signs || !stamps {
            return Err("timestamp-path-no-authority");
        }
        if self.has_unknown_condition() { Err("timestamp-path-condition") } else { Ok(()) }
    }

    /// Checks that the owner of the other one issued it.
    ///
    /// # Errors
    /// When the signature does not hold or cannot be checked.
    pub fn is_issued_by(&self, issuer: &Self) -> Result<(), Fault> {
        let algorithm = &self.fields.signature_algorithm.oid;
        let signature = self.fields.signature.raw_bytes();
        algorithm::check(issuer.key(), algorithm, None, self.signed, signature)
    }

    /// A critical extension that is not understood must not be passed over (RFC 5280, section 4.2).
    fn has_unknown_condition(&self) -> bool {
        let known = [BasicConstraints::OID, KeyUsage::OID, ExtendedKeyUsage::OID, CertificatePolicies::OID];
        let extensions = self.fields.tbs_certificate.extensions.iter().flatten();
        extensions.into_iter().any(|it| it.critical && !known.contains(&it.extn_id))
    }

    /// An extension and whether it is a condition; an error when it cannot be read or stands there twice.
    fn extension<T: AssociatedOid + for<'d> Decode<'d>>(&self) -> Result<Option<(bool, T)>, Fault> {
        let extensions = self.fields.tbs_certificate.extensions.iter().flatten();
        let mut found = extensions.filter(|it| it.extn_id == T::OID);
        let Some(extension) = found.next() else { return Ok(None) };
        let value = T::from_der(extension.extn_value.as_bytes());
        match (value, found.next()) {
            (Ok(value), None) => Ok(Some((extension.critical, value))),
            _ => Err("timestamp-certificate-unreadable"),
        }
    }
}
