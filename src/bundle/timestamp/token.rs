//! The fields of a token (RFC 3161, section 2.4.2) in its envelope (RFC 5652, section 5).

use std::str::FromStr;

use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{DateTime, Tag};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;

use super::certificate::Certificate;
use super::parts::Part;

/// `id-signedData`.
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// `id-ct-TSTInfo`: what a token signs.
pub const STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// A token, read but not yet believed.
#[derive(Debug)]
pub struct Token<'a> {
    /// The `TSTInfo` as it was signed.
    pub stamp: &'a [u8],
    /// How the file was hashed.
    pub imprint_algorithm: ObjectIdentifier,
    /// The hash of the file.
    pub imprint: &'a [u8],
    /// When; parts of a second are cut.
    pub time: DateTime,
    /// The certificates that came with it.
    pub certificates: Vec<&'a [u8]>,
    /// Who signed it.
    pub signer: Signer<'a>,
}

/// The signature and what it covers.
#[derive(Debug)]
pub struct Signer<'a> {
    /// Which certificate it says to be of.
    pub id: SignerId<'a>,
    /// How the content was hashed.
    pub digest: ObjectIdentifier,
    /// The signed attributes, as the signature covers them: with the tag of a SET.
    pub signed: Vec<u8>,
    /// The signed attributes: what each is called, and its values.
    pub attributes: Vec<(ObjectIdentifier, Vec<Part<'a>>)>,
    /// How it was signed.
    pub algorithm: ObjectIdentifier,
    /// The signature.
    pub signature: &'a [u8],
}

/// How a certificate is named.
#[derive(Debug)]
pub enum SignerId<'a> {
    /// By who issued it and its number.
    Serial(Name, SerialNumber),
    /// By the id of its key.
    Key(&'a [u8]),
}

impl<'a> Token<'a> {
    /// Reads `ContentInfo`, by itself or behind the status of a `TimeStampResp`. Nothing when it is neither.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut outer = Part::read(bytes)?.inside()?;
        if outer.first()?.tag == Tag::Sequence {
            outer = outer.get(1)?.inside()?;
        }
        (outer.first()?.value::<ObjectIdentifier>()? == SIGNED_DATA).then_some(())?;
        let signed = outer.get(1)?.inside()?.first()?.inside()?;
        let content = signed.get(2)?.inside()?;
        (content.first()?.value::<ObjectIdentifier>()? == STAMP).then_some(())?;
        let stamp: OctetStringRef<'a> = content.get(1)?.first()?;
        let fields = Part::read(stamp.as_bytes())?.inside()?;
        let imprint = fields.get(2)?.inside()?;
        let certificates = signed.iter().skip(3).find(|part| part.is_choice(0));
        let certificates = certificates.map_or(Some(Vec::new()), Part::inside)?;
        let [signer] = signed.last().filter(|part| part.tag == Tag::Set)?.inside()?.try_into().ok()?;
        Some(Self {
            stamp: stamp.as_bytes(),
            imprint_algorithm: imprint.first()?.first()?,
            imprint: imprint.get(1)?.value::<OctetStringRef<'a>>()?.as_bytes(),
            time: time(fields.get(4)?)?,
            certificates: certificates.iter().map(|part| part.whole).collect(),
            signer: Signer::read(&signer)?,
        })
    }

    /// Returns when the file existed, as people read it.
    pub fn time_text(&self) -> String {
        self.time.to_string().replace('T', " ").replace('Z', " UTC")
    }
}

impl<'a> Signer<'a> {
    fn read(signer: &Part<'a>) -> Option<Self> {
        let fields = signer.inside()?;
        let [_, id, digest, attributes, algorithm, signature] = fields.get(..6)?.try_into().ok()?;
        // A token is no plain data, so its attributes must be signed.
        attributes.is_choice(0).then_some(())?;
        let mut signed: Vec<u8> = attributes.whole.to_vec();
        *signed.first_mut()? = u8::from(Tag::Set);
        let attribute = |part: &Part<'a>| {
            let fields = part.inside()?;
            Some((fields.first()?.value()?, fields.get(1)?.inside()?))
        };
        Some(Self {
            id: SignerId::read(&id)?,
            digest: digest.first()?,
            signed,
            attributes: attributes.inside()?.iter().map(attribute).collect::<Option<_>>()?,
            algorithm: algorithm.first()?,
            signature: signature.value::<OctetStringRef<'a>>()?.as_bytes(),
        })
    }

    /// Returns the values of an attribute; nothing unless it stands there exactly once.
    pub fn attribute(&self, name: ObjectIdentifier) -> Option<&[Part<'a>]> {
        let mut found = self.attributes.iter().filter(|(own, _)| *own == name);
        let (_, values) = found.next()?;
        found.next().is_none().then_some(values)
    }

    /// Returns whether it says to be of that certificate.
    pub fn names(&self, certificate: &Certificate<'_>) -> bool {
        match &self.id {
            SignerId::Serial(issuer, serial) => certificate.is_numbered(issuer, serial),
            SignerId::Key(id) => certificate.key_id().is_some_and(|own| own == *id),
        }
    }

    /// Returns what it says about who issued its certificate.
    pub fn issuer_text(&self) -> String {
        match &self.id {
            SignerId::Serial(issuer, _) => issuer.to_string(),
            SignerId::Key(_) => String::new(),
        }
    }
}

impl<'a> SignerId<'a> {
    fn read(id: &Part<'a>) -> Option<Self> {
        if id.is_choice(0) {
            return Some(Self::Key(id.body));
        }
        let fields = id.inside()?;
        Some(Self::Serial(fields.first()?.value()?, fields.get(1)?.value()?))
    }
}

/// `20251122193000Z` or `20251122193000.25Z`.
fn time(field: &Part<'_>) -> Option<DateTime> {
    let text = std::str::from_utf8(field.body).ok().filter(|_| field.tag == Tag::GeneralizedTime)?;
    let digits = text.strip_suffix('Z')?;
    let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    (whole.len() == 14 && whole.bytes().all(|byte| byte.is_ascii_digit())).then_some(())?;
    let part = |range| whole.get(range).unwrap_or_default();
    let day = format!("{}-{}-{}", part(0..4), part(4..6), part(6..8));
    DateTime::from_str(&format!("{day}T{}:{}:{}Z", part(8..10), part(10..12), part(12..14))).ok()
}
