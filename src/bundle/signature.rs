//! Detached signatures of a bundle, made with the user's own tools and checked without a network.

use std::io::{ErrorKind, Read};

use minisign_verify::{Error as MinisignError, PublicKey as MinisignKey, Signature as MinisignSignature};
use p256::ecdsa::signature::Verifier;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256, Sha512};
use ssh_key::{HashAlg, PublicKey, SshSig};

use super::content::Source;

/// The namespace under which `ssh-keygen -Y sign -n` signs a bundle.
pub const NAMESPACE: &str = "mingzhang";

/// What the check of a signature came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SignatureCheck {
    /// `ssh`, `minisign`, or `unknown`.
    pub kind: String,
    /// Whether the key signed exactly this file.
    pub valid: bool,
    /// Fingerprint or comment of the key; empty when it could not be read.
    pub key: String,
    /// Why it is not valid, as a stable code; null when it is.
    pub fault: Option<String>,
}

/// Longest file that a signature of minisign's old kind is checked for: it covers the file itself and not its hash.
const OLD_MINISIGN_BYTES_MAX: u64 = 384 << 20;
/// How much is hashed at a time.
const BLOCK_BYTES: usize = 64 << 10;

/// Why a signature is not valid, as a stable code; its words are `bundle.fault.<code>`.
type Fault = &'static str;

/// Checks the signature of a file against a public key; both as the tools write them.
pub fn check(file: &dyn Source, signature: &str, key: &str) -> SignatureCheck {
    let (kind, (key, outcome)) = if signature.contains("BEGIN SSH SIGNATURE") {
        ("ssh", ssh(file, signature, key))
    } else if signature.trim_start().starts_with("untrusted comment:") {
        ("minisign", minisign(file, signature, key))
    } else {
        ("unknown", (String::new(), Err("signature-unreadable")))
    };
    SignatureCheck {
        kind: kind.to_owned(),
        valid: outcome.is_ok(),
        key,
        fault: outcome.err().map(str::to_owned),
    }
}

fn ssh(file: &dyn Source, signature: &str, key: &str) -> (String, Result<(), Fault>) {
    let Ok(key) = PublicKey::from_openssh(key.trim()) else { return (String::new(), Err("key-unreadable")) };
    let name = key.fingerprint(HashAlg::Sha256).to_string();
    let outcome = match SshSig::from_pem(signature.trim()) {
        Err(_) => Err("signature-unreadable"),
        Ok(signature) if signature.public_key() != key.key_data() => Err("other-key"),
        Ok(signature) if signature.namespace() != NAMESPACE => Err("other-namespace"),
        Ok(signature) => signed_by_ssh(file, &signature, &key),
    };
    (name, outcome)
}

/// What an SSH key signs is a short text around the hash of the file (`PROTOCOL.sshsig` of OpenSSH).
fn signed_by_ssh(file: &dyn Source, signature: &SshSig, key: &PublicKey) -> Result<(), Fault> {
    let hash = match signature.hash_alg() {
        HashAlg::Sha256 => hashed::<Sha256>(file)?,
        HashAlg::Sha512 => hashed::<Sha512>(file)?,
        _ => return Err("signature-unreadable"),
    };
    let mut signed = b"SSHSIG".to_vec();
    for field in [NAMESPACE.as_bytes(), signature.reserved(), signature.hash_alg().as_str().as_bytes(), &hash]
    {
        signed.extend(u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        signed.extend(field);
    }
    key.key_data().verify(&signed, signature.signature()).map_err(|_| "other-content")
}

fn minisign(file: &dyn Source, signature: &str, key: &str) -> (String, Result<(), Fault>) {
    let lines = key.trim();
    let parsed = MinisignKey::decode(lines).or_else(|_| MinisignKey::from_base64(lines));
    let Ok(parsed) = parsed else { return (String::new(), Err("key-unreadable")) };
    let name = lines.lines().last().unwrap_or_default().to_owned();
    let outcome = match MinisignSignature::decode(signature) {
        Err(_) => Err("signature-unreadable"),
        Ok(signature) => signed_by_minisign(file, &signature, &parsed),
    };
    (name, outcome)
}

fn signed_by_minisign(
    file: &dyn Source,
    signature: &MinisignSignature,
    key: &MinisignKey,
) -> Result<(), Fault> {
    let holds = match key.verify_stream(signature) {
        Ok(mut stream) => {
            each_block(file, &mut |block| stream.update(block))?;
            stream.finalize()
        }
        Err(MinisignError::UnsupportedLegacyMode) => {
            let mut bytes = Vec::new();
            let opened = file.open().map_err(|_| "file-unreadable")?;
            opened.take(OLD_MINISIGN_BYTES_MAX).read_to_end(&mut bytes).map_err(|_| "file-unreadable")?;
            key.verify(&bytes, signature, true)
        }
        Err(error) => Err(error),
    };
    holds.map_err(|error| match error {
        MinisignError::UnexpectedKeyId => "other-key",
        _ => "other-content",
    })
}

/// As in `timestamp::algorithm`, for the generation of the hashes that the rest of the program uses.
fn hashed<D: Digest>(file: &dyn Source) -> Result<Vec<u8>, Fault> {
    let mut digest = D::new();
    each_block(file, &mut |block| digest.update(block))?;
    Ok(digest.finalize().to_vec())
}

/// Hands over the bytes of a file, some at a time.
///
/// # Errors
/// `file-unreadable`.
pub(super) fn each_block(file: &dyn Source, act: &mut dyn FnMut(&[u8])) -> Result<(), Fault> {
    let mut opened = file.open().map_err(|_| "file-unreadable")?;
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match opened.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(length) => act(block.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Err("file-unreadable"),
        }
    }
}
