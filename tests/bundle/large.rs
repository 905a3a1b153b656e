//! Bundles beyond what a ZIP of the old form, or memory, can hold.

use std::io::{self, Cursor, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mingzhang::bundle::archive::{self, Members, Same};
use mingzhang::bundle::case_set::{CaseMember, Role};
use mingzhang::bundle::content::{Content, ReadSeek, Source};
use mingzhang::bundle::pack;

use super::{bytes, sample, source, verified};

/// The record that only a ZIP with 64-bit fields has.
const END_64: &[u8] = b"PK\x06\x06";

fn zip_of(members: &Members) -> Vec<u8> {
    let mut zip = Cursor::new(Vec::new());
    archive::write(members, &mut zip).unwrap_or_else(|error| panic!("{error:?}"));
    zip.into_inner()
}

fn many(count: u32) -> Members {
    (0..count).map(|number| (format!("bag/{number:06}"), Content::from(number.to_string()))).collect()
}

/// A 16-bit count holds at most 65 534 files, since 65 535 means "see the 64-bit record".
#[test]
fn more_files_than_sixteen_bits_count_are_written_and_read_back() {
    for (count, wide) in [(65_534, false), (65_536, true)] {
        let members = many(count);
        let zip = zip_of(&members);
        assert_eq!(zip.windows(4).any(|window| window == END_64), wide, "{count}");
        let (read, refused) = archive::read(&source(&zip)).expect("a ZIP");
        assert!(refused.is_empty() && read == members, "{count}");
    }
}

#[test]
fn more_files_than_a_bundle_may_hold_are_neither_written_nor_read() {
    assert!(archive::write(&many(100_001), Cursor::new(Vec::new())).is_err());
}

/// Noise that no compression shortens, the same every time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1u64;
    let step = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(step).collect()
}

/// Bytes on a disk that somebody may change.
struct Disk {
    now: Vec<u8>,
    changed: AtomicBool,
}

impl Source for Disk {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        let mut bytes = self.now.clone();
        if self.changed.load(Ordering::Relaxed) {
            bytes[0] ^= 1;
        }
        Ok(Box::new(Cursor::new(bytes)))
    }
}

/// 17 MiB are above the 16 MiB up to which a file of a bundle is held.
#[test]
fn an_attachment_that_is_not_held_is_packed_verified_and_named_when_it_changes() {
    let recording = noise(17 << 20);
    let disk = Arc::new(Disk { now: recording.clone(), changed: AtomicBool::new(false) });
    let mut set = sample("clean");
    let sha256 = mingzhang::bundle::sha256(&recording);
    let content =
        Content::elsewhere(Arc::clone(&disk) as Arc<dyn Source>, None, recording.len() as u64, sha256);
    let path = "attachments/录音.m4a".to_owned();
    set.members.push(CaseMember { role: Role::Attachment, path, bytes: content });
    let packed = pack::pack(&set, None).unwrap_or_else(|error| panic!("{error:?}"));
    let zip = packed.zip().unwrap_or_else(|error| panic!("{error:?}"));
    let result = verified(&zip).verification;
    assert!(result.verified && result.remarks.is_empty(), "{:?} {:?}", result.problems, result.remarks);
    let name = "data/originals/attachments/录音.m4a";
    let (members, _) = archive::read(&source(&zip)).expect("a ZIP");
    assert_eq!(bytes(&members[&format!("{}/{name}", packed.root)]), recording);

    let at =
        zip.windows(64).position(|window| window == &recording[1 << 20..][..64]).expect("stored as it is");
    let mut spoilt = zip.clone();
    spoilt[at] ^= 1;
    let result = verified(&spoilt).verification;
    assert!(!result.verified);
    assert!(result.problems.iter().any(|it| it.member.as_deref().is_some_and(|it| it.ends_with("录音.m4a"))));

    disk.changed.store(true, Ordering::Relaxed);
    assert!(packed.zip().is_err(), "what was hashed is no longer what is there");
}

#[test]
fn a_zip_is_compared_byte_by_byte_while_it_is_written() {
    let zip = zip_of(&many(3));
    let same = |file: &[u8]| {
        let mut same = Same::new(Cursor::new(file.to_vec())).expect("movable");
        archive::write(&many(3), &mut same).unwrap_or_else(|error| panic!("{error:?}"));
        same.holds()
    };
    assert!(same(&zip));
    for at in 0..zip.len() {
        let mut other = zip.clone();
        other[at] ^= 1;
        assert!(!same(&other), "byte {at}");
    }
    assert!(!same(&zip[..zip.len() - 1]));
    assert!(!same(&[&zip[..], b"x"].concat()));
    let mut nothing = Same::new(Cursor::new(Vec::new())).expect("movable");
    assert!(nothing.holds());
    nothing.write_all(b"x").expect("counted");
    assert!(!nothing.holds());
}
