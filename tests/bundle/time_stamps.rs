//! Time stamps: what is told of a good one, and that a bad one is refused for its own reason. The tokens and how they
//! were made: `tests/bundle/tokens/README.md`. OpenSSL says the same of each of them.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use mingzhang::bundle::timestamp::{self, TimestampCheck};

use super::{packed, verified};

const FILE: &[u8] = b"a bundle";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bundle/tokens").join(name)
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn check(file: &[u8], token: &[u8], trusted: Option<&[u8]>) -> TimestampCheck {
    timestamp::check(&file.to_vec(), token, trusted)
}

fn fault(token: &[u8], trusted: Option<&[u8]>) -> String {
    check(FILE, token, trusted).fault.unwrap_or_default()
}

fn at(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).expect("it is in there")
}

fn spoilt(token: &[u8], at: usize) -> Vec<u8> {
    let mut spoilt = token.to_vec();
    spoilt[at] ^= 0x01;
    spoilt
}

#[test]
fn a_good_token_says_when_and_by_which_certificate() {
    let told = check(FILE, &read("p256-sha256.tsr"), None);
    let certificate = told.certificate.clone().expect("it came with the token");
    // As `openssl x509 -serial -subject -issuer -fingerprint -dates` prints p256.pem.
    assert_eq!(certificate.serial, "3e487728577889e0e8e4563fa123336e444baad9");
    assert_eq!(certificate.sha256, "c9b4e1781e9bec4210802146bffe1006774b4d8688f1b554d38305c42a8f4e91");
    assert_eq!(certificate.subject, "CN=Stamps on P-256,O=Tests");
    assert_eq!(certificate.issuer, "CN=Root of the tests,O=Tests");
    assert_eq!(
        (certificate.valid_from.as_str(), certificate.valid_until.as_str()),
        ("2020-01-01", "2099-12-31")
    );
    assert_eq!(told.time, "2026-11-22 22:39:57 UTC");
    assert_eq!(told.issuer, "CN=Stamps on P-256,O=Tests");
    assert!(told.matches && told.signature_checked && told.fault.is_none());
    assert_eq!(told.trusted, None, "nobody said whom to trust");
}

#[test]
fn tokens_of_every_kind_of_key_lead_to_their_root() {
    let root = read("root.pem");
    for (name, between) in [
        ("rsa-sha256.tsr", vec!["CN=Middle of the tests,O=Tests"]),
        ("rsa-sha512.tsr", vec!["CN=Middle of the tests,O=Tests"]),
        ("rsa-sha1-id.tsr", vec!["CN=Middle of the tests,O=Tests"]),
        ("p256-sha256.tsr", vec![]),
        ("token.tst", vec![]),
    ] {
        let told = check(FILE, &read(name), Some(&root));
        assert_eq!(told.fault, None, "{name}");
        assert!(told.signature_checked, "{name}");
        assert_eq!(told.trusted.expect("a root").subject, "CN=Root of the tests,O=Tests", "{name}");
        assert_eq!(told.between, between, "{name}");
    }
    assert_eq!(check(FILE, &read("rsa-sha256.tsr"), None).issuer, "CN=演示时间戳服务,O=Tests");
}

#[test]
fn a_certificate_in_between_may_come_from_the_user_or_be_all_that_is_trusted() {
    let token = read("p384-sha384.tsr");
    let [root, middle] = ["root.pem", "middle.pem"].map(read);
    assert_eq!(fault(&token, None), "");
    assert_eq!(fault(&token, Some(&root)), "timestamp-no-path");
    assert_eq!(fault(&token, Some(&middle)), "");
    let both = [middle, root].concat();
    assert_eq!(fault(&token, Some(&both)), "");
    assert_eq!(fault(&read("p256-sha256.tsr"), Some(&read("root.der"))), "");
    // The very certificate of the service, where its root is not at hand.
    assert_eq!(fault(&read("p256-sha256.tsr"), Some(&read("p256.pem"))), "");
}

#[test]
fn only_a_certificate_that_vouches_is_accepted() {
    let token = read("p256-sha256.tsr");
    // The same name, another key.
    assert_eq!(fault(&token, Some(&read("other-root.pem"))), "timestamp-path-signature");
    assert_eq!(fault(&read("by-clerk.tsr"), None), "");
    assert_eq!(fault(&read("by-clerk.tsr"), Some(&read("root.pem"))), "timestamp-path-no-authority");
    assert_eq!(fault(&read("rsa-sha256.tsr"), Some(&read("p256.pem"))), "timestamp-no-path");
    for unreadable in
        [&b""[..], b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
    {
        assert_eq!(fault(&token, Some(unreadable)), "timestamp-ca-unreadable");
    }
}

#[test]
fn the_certificate_must_be_at_hand_valid_then_and_for_time_stamps_alone() {
    assert_eq!(fault(&read("no-certificate.tsr"), None), "timestamp-no-certificate");
    assert_eq!(fault(&read("no-certificate.tsr"), Some(&read("p256.pem"))), "");
    assert_eq!(fault(&read("expired.tsr"), None), "timestamp-expired");
    assert_eq!(fault(&read("other-purpose.tst"), None), "timestamp-purpose");
    assert_eq!(fault(&read("purpose-not-critical.tst"), None), "timestamp-purpose");
    assert_eq!(fault(&read("no-certificate-id.tst"), None), "timestamp-no-certificate-id");
}

#[test]
fn one_changed_byte_is_told_by_where_it_is() {
    for name in ["p256-sha256.tsr", "p384-sha384.tsr", "rsa-sha256.tsr"] {
        let token = read(name);
        let told = check(FILE, &token, None);
        assert_eq!(told.fault, None);
        // The last digit of the second: nothing but the time changes.
        let digits: String = told.time.chars().filter(char::is_ascii_digit).collect();
        let stamp = at(&token, digits.as_bytes()) + 13;
        assert_eq!(fault(&spoilt(&token, stamp), None), "timestamp-content", "{name}");
        assert_eq!(fault(&spoilt(&token, token.len() - 1), None), "timestamp-signature", "{name}");
        // A letter of the organisation in the certificate: who signed is still found, but it is another certificate.
        let mut certificate = at(&token, b"Tests");
        let of_stamp = at(&token, digits.as_bytes())..at(&token, digits.as_bytes()) + 100;
        while of_stamp.contains(&certificate) {
            certificate = of_stamp.end + at(&token[of_stamp.end..], b"Tests");
        }
        let changed = fault(&spoilt(&token, certificate), None);
        assert!(
            ["timestamp-other-certificate", "timestamp-no-certificate"].contains(&changed.as_str()),
            "{name}: {changed}"
        );
        assert_eq!(check(b"another bundle", &token, None).fault.as_deref(), Some("timestamp-other-file"));
    }
}

/// What a token tells, without what is not signed.
fn facts(told: &TimestampCheck) -> (&str, Option<&str>) {
    (&told.time, told.certificate.as_ref().map(|it| it.sha256.as_str()))
}

#[test]
fn no_changed_byte_makes_a_token_say_something_else() {
    for name in ["p256-sha256.tsr", "token.tst"] {
        let token = read(name);
        let told = check(FILE, &token, None);
        for at in 0..token.len() {
            let changed = check(FILE, &spoilt(&token, at), None);
            assert!(changed.fault.is_some() || facts(&changed) == facts(&told), "{name}: byte {at}");
        }
        for length in 0..token.len() {
            assert_eq!(fault(&token[..length], None), "timestamp-unreadable", "{name}: {length} bytes");
        }
        assert_eq!(fault(&[&token[..], b"x"].concat(), None), "timestamp-unreadable", "{name}");
    }
}

#[test]
fn a_foreign_time_stamp_keeps_a_bundle_from_being_verified() {
    let zip = packed("clean").zip().expect("a ZIP");
    let result = verified(&zip).verification;
    assert!(result.verified);
    assert!(!result.with_timestamp(check(&zip, &read("p256-sha256.tsr"), None)).verified);
}

/// What a person reads, in both languages.
fn said(lang: &str, token: &str, more: &[&str]) -> String {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("bundle.zip");
    std::fs::write(&file, FILE).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mingzhang"));
    command.args(["--lang", lang, "verify"]).arg(&file).arg("--timestamp").arg(path(token)).args(more);
    String::from_utf8(command.output().expect("runs").stdout).expect("text")
}

#[test]
fn it_is_said_plainly_what_was_not_checked() {
    let zh = said("zh", "p256-sha256.tsr", &[]);
    assert!(
        zh.contains("时间戳有效") && zh.contains("没有对照根证书核对") && zh.contains("--tsa-ca"),
        "{zh}"
    );
    let en = said("en", "p256-sha256.tsr", &[]);
    assert!(en.contains("time stamp holds") && en.contains("was not checked against a trusted root"), "{en}");
    let root = path("root.pem");
    let en = said("en", "rsa-sha256.tsr", &["--tsa-ca", &root.to_string_lossy()]);
    assert!(
        en.contains("through \"CN=Middle of the tests,O=Tests\"") && en.contains("revoked is not checked"),
        "{en}"
    );
    let zh = said("zh", "expired.tsr", &[]);
    assert!(zh.contains("✗ 时间戳不成立：时间戳所写的时间不在证书的有效期内"), "{zh}");
}
