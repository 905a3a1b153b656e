//! Detached signatures of a bundle, made with the user's own tools and checked without a network.

use minisign_verify::{PublicKey as MinisignKey, Signature as MinisignSignature};
use schemars::JsonSchema;
use serde::Serialize;
use ssh_key::{HashAlg, PublicKey, SshSig};

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

/// Checks the signature of a file against a public key; both as the tools write them.
pub fn check(file: &[u8], signature: &str, key: &str) -> SignatureCheck {
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

fn ssh(file: &[u8], signature: &str, key: &str) -> (String, Result<(), &'static str>) {
    let Ok(key) = PublicKey::from_openssh(key.trim()) else { return (String::new(), Err("key-unreadable")) };
    let name = key.fingerprint(HashAlg::Sha256).to_string();
    let outcome = match SshSig::from_pem(signature.trim()) {
        Err(_) => Err("signature-unreadable"),
        Ok(signature) if signature.public_key() != key.key_data() => Err("other-key"),
        Ok(signature) if signature.namespace() != NAMESPACE => Err("other-namespace"),
        Ok(signature) => key.verify(NAMESPACE, file, &signature).map_err(|_| "other-content"),
    };
    (name, outcome)
}

fn minisign(file: &[u8], signature: &str, key: &str) -> (String, Result<(), &'static str>) {
    let lines = key.trim();
    let parsed = MinisignKey::decode(lines).or_else(|_| MinisignKey::from_base64(lines));
    let Ok(parsed) = parsed else { return (String::new(), Err("key-unreadable")) };
    let name = lines.lines().last().unwrap_or_default().to_owned();
    let outcome = match MinisignSignature::decode(signature) {
        Err(_) => Err("signature-unreadable"),
        Ok(signature) => parsed.verify(file, &signature, true).map_err(|error| match error {
            minisign_verify::Error::UnexpectedKeyId => "other-key",
            _ => "other-content",
        }),
    };
    (name, outcome)
}
