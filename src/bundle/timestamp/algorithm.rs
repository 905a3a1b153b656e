//! Hashes and signatures that time-stamp services use: SHA-2, RSA as in PKCS #1 v1.5, ECDSA on P-256 and P-384.

use der::asn1::{BitString, ObjectIdentifier};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::sha2::{self, Digest as _};
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::Fault;
use crate::bundle::content::Source;
use crate::bundle::signature::each_block;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
const ELLIPTIC: ObjectIdentifier = oid("1.2.840.10045.2.1");
const P256: ObjectIdentifier = oid("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = oid("1.3.132.0.34");

/// A hash that a signature may rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// Names of each hash: its own, and those of RSA and ECDSA signatures over it.
const NAMES: [(Digest, [ObjectIdentifier; 3]); 3] = [
    (
        Digest::Sha256,
        [oid("2.16.840.1.101.3.4.2.1"), oid("1.2.840.113549.1.1.11"), oid("1.2.840.10045.4.3.2")],
    ),
    (
        Digest::Sha384,
        [oid("2.16.840.1.101.3.4.2.2"), oid("1.2.840.113549.1.1.12"), oid("1.2.840.10045.4.3.3")],
    ),
    (
        Digest::Sha512,
        [oid("2.16.840.1.101.3.4.2.3"), oid("1.2.840.113549.1.1.13"), oid("1.2.840.10045.4.3.4")],
    ),
];

impl Digest {
    /// Returns the hash of that name.
    pub fn named(name: &ObjectIdentifier) -> Option<Self> {
        NAMES.iter().find(|(_, [own, _, _])| own == name).map(|(digest, _)| *digest)
    }

    /// Returns the hash of the bytes.
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
        }
    }

    /// Returns the hash of a file.
    ///
    /// # Errors
    /// `file-unreadable`.
    pub fn of_file(self, file: &dyn Source) -> Result<Vec<u8>, Fault> {
        match self {
            Self::Sha256 => hashed::<sha2::Sha256>(file),
            Self::Sha384 => hashed::<sha2::Sha384>(file),
            Self::Sha512 => hashed::<sha2::Sha512>(file),
        }
    }

    fn in_rsa(self) -> Pkcs1v15Sign {
        match self {
            Self::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
            Self::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
            Self::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
        }
    }
}

/// Checks that the owner of the key signed the message. `stated` is the hash where the algorithm, plain RSA, names none.
///
/// # Errors
/// `timestamp-algorithm` when this program cannot check such a signature, `timestamp-signature` when it does not hold.
pub fn check(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &ObjectIdentifier,
    stated: Option<Digest>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Fault> {
    let rsa = key.algorithm.oid == RSA;
    let named = NAMES.iter().find(|(_, [_, of_rsa, of_curve])| [of_rsa, of_curve].contains(&algorithm));
    let digest = match named {
        // A signature of another kind than the key cannot be by that key.
        Some((_, [_, of_rsa, _])) if rsa != (algorithm == of_rsa) => return Err("timestamp-signature"),
        Some((digest, _)) => *digest,
        None => stated.filter(|_| rsa && *algorithm == RSA).ok_or("timestamp-algorithm")?,
    };
    let hash = digest.of(message);
    let holds = if rsa {
        RsaPublicKey::from_pkcs1_der(key.subject_public_key.raw_bytes())
            .is_ok_and(|key| key.verify(digest.in_rsa(), &hash, signature).is_ok())
    } else {
        match curve(key).ok_or("timestamp-algorithm")? {
            P256 => on_p256(&key.subject_public_key, &hash, signature).is_some(),
            P384 => on_p384(&key.subject_public_key, &hash, signature).is_some(),
            _ => return Err("timestamp-algorithm"),
        }
    };
    if holds { Ok(()) } else { Err("timestamp-signature") }
}

fn hashed<D: sha2::Digest>(file: &dyn Source) -> Result<Vec<u8>, Fault> {
    let mut digest = D::new();
    each_block(file, &mut |block| digest.update(block))?;
    Ok(digest.finalize().to_vec())
}

fn curve(key: &SubjectPublicKeyInfoOwned) -> Option<ObjectIdentifier> {
    let parameters = key.algorithm.parameters.as_ref().filter(|_| key.algorithm.oid == ELLIPTIC)?;
    parameters.decode_as().ok()
}

fn on_p256(point: &BitString, hash: &[u8], signature: &[u8]) -> Option<()> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point.raw_bytes()).ok()?;
    key.verify_prehash(hash, &p256::ecdsa::Signature::from_der(signature).ok()?).ok()
}

fn on_p384(point: &BitString, hash: &[u8], signature: &[u8]) -> Option<()> {
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point.raw_bytes()).ok()?;
    key.verify_prehash(hash, &p384::ecdsa::Signature::from_der(signature).ok()?).ok()
}
