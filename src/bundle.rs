//! Layer 9: the evidence bundle. A case and its report as a bag that anybody can check, the check itself, the masked
//! copy, and the other side's records laid beside ours. Pure: it reads and writes only what is passed in.

pub mod archive;
pub mod bag;
pub mod case_set;
pub mod comparison;
pub mod content;
pub mod manifest;
pub mod mask;
pub mod member_name;
pub mod pack;
mod readme;
pub mod records;
pub mod signature;
pub mod timestamp;
pub mod verify;

use sha2::{Digest, Sha256};

/// Returns the SHA-256 of the bytes in hexadecimal, as `sha256sum` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
