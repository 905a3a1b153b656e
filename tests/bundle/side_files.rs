//! Signatures that lie beside a bundle, and the published schemas.

use mingzhang::bundle::{comparison, manifest, signature, verify};
use serde_json::Value;

use super::{packed, verified};
use crate::report::golden;

/// Made with `ssh-keygen -Y sign -n mingzhang` over `a bundle`.
const SSH_SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgJWaTZBPxazYg+e5XpQ5px9Ox9m
ON6RnnHy35eQYw8icAAAAJbWluZ3poYW5nAAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1l
ZDI1NTE5AAAAQNwt5ygwsGLXnCAGDnj+dNmx4RHlHUCroefmvkrmrCl707hBbkjSblDmgm
jlPHZf1YoAq21v4z8PBvDOfFduTwM=
-----END SSH SIGNATURE-----
";
/// The same with `-n file`.
const SSH_OTHER_PURPOSE: &str = "-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgJWaTZBPxazYg+e5XpQ5px9Ox9m
ON6RnnHy35eQYw8icAAAAEZmlsZQAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx
OQAAAEDGcYAWd1RptnsXZXvYh8CHCe7PN8Hs04w6tnoz2Vifn5/W1z/YsYSZyoX2qMTJ5p
QRmRdwKgMUZdVDOgGTJL8I
-----END SSH SIGNATURE-----
";
const SSH_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICVmk2QT8Ws2IPnuV6UOacfTsfZjjekZ5x8t+XkGMPIn key of the tests\n";
const SSH_OTHER_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIj8W3gdeS0pJSsYXoZyMMayLK0eTnb/01Ws9dCTKiuE another key\n";
/// The published example of minisign-verify: prehashed, over `test`.
const MINISIGN_SIGNATURE: &str = "untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1556193335\tfile:test
y/rUw2y8/hOUYjZU71eHp/Wo1KZ40fGy2VJEDl34XMJM+TX48Ss/17u3IvIfbVR1FkZZSNCisQbuQY+bHwhEBg==
";
const MINISIGN_KEY: &str = "untrusted comment: minisign public key E7620F1842B4E81F
RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3
";

fn fault(file: &[u8], text: &str, key: &str) -> String {
    let check = signature::check(&file.to_vec(), text, key);
    assert_eq!(check.valid, check.fault.is_none());
    check.fault.unwrap_or_default()
}

#[test]
fn an_ssh_signature_holds_for_its_file_its_key_and_its_purpose_only() {
    assert_eq!(fault(b"a bundle", SSH_SIGNATURE, SSH_KEY), "");
    assert_eq!(fault(b"a bundlf", SSH_SIGNATURE, SSH_KEY), "other-content");
    assert_eq!(fault(b"a bundle", SSH_SIGNATURE, SSH_OTHER_KEY), "other-key");
    assert_eq!(fault(b"a bundle", SSH_OTHER_PURPOSE, SSH_KEY), "other-namespace");
    assert_eq!(fault(b"a bundle", SSH_SIGNATURE, "no key"), "key-unreadable");
    assert_eq!(fault(b"a bundle", &SSH_SIGNATURE[..100], SSH_KEY), "signature-unreadable");
    assert_eq!(fault(b"a bundle", "no signature", SSH_KEY), "signature-unreadable");
}

#[test]
fn a_minisign_signature_holds_for_its_file_and_its_key_only() {
    assert_eq!(fault(b"test", MINISIGN_SIGNATURE, MINISIGN_KEY), "");
    assert_eq!(fault(b"Test", MINISIGN_SIGNATURE, MINISIGN_KEY), "other-content");
    assert_eq!(fault(b"test", MINISIGN_SIGNATURE, SSH_KEY), "key-unreadable");
    assert_eq!(fault(b"test", &MINISIGN_SIGNATURE[..80], MINISIGN_KEY), "signature-unreadable");
}

#[test]
fn an_invalid_signature_keeps_a_bundle_from_being_verified() {
    let zip = packed("clean").zip().expect("a ZIP");
    let result = verified(&zip).verification;
    assert!(result.verified);
    assert!(!result.with_signature(signature::check(&zip, SSH_SIGNATURE, SSH_KEY)).verified);
}

#[test]
fn what_is_printed_follows_the_published_schemas() {
    let packed = packed("clean");
    let zip = packed.zip().expect("a ZIP");
    let result = serde_json::to_value(verified(&zip).verification).expect("JSON");
    let manifest_json: Value =
        serde_json::from_str(&super::text(&packed.members["data/rules/run.json"])).expect("JSON");
    for (schema, value) in [(manifest::schema_text(), manifest_json), (verify::schema_text(), result)] {
        let schema: Value = serde_json::from_str(&schema).expect("JSON");
        jsonschema::validate(&schema, &value).unwrap_or_else(|error| panic!("{error}"));
    }
    let published = [
        ("manifest", manifest::schema_text()),
        ("verification", verify::schema_text()),
        ("comparison", comparison::schema_text()),
    ];
    for (name, text) in published {
        golden::check(&format!("schemas/{name}.schema.json"), &text);
    }
}
