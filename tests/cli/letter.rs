//! `letter`, run the way a person does.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{mingzhang, samples};

/// Returns status, what is printed and what is said.
fn letter(case: &str, channel: &str, out: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let run = mingzhang()
        .env_remove("MINGZHANG_LANG")
        .arg("letter")
        .arg(samples().join(case))
        .args(["--to", channel, "--out"])
        .arg(out)
        .args(more)
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (run.status.code(), text(run.stdout), text(run.stderr))
}

#[test]
fn a_letter_is_written_as_markdown_and_as_pdf_and_its_blanks_are_named() {
    let folder = TempDir::new().expect("a folder");
    let (status, printed, said) = letter("mms-15-yuan", "operator", folder.path(), &[]);
    assert_eq!(status, Some(0), "{said}");
    for name in ["operator.md", "operator.pdf"] {
        assert!(printed.contains(name) && folder.path().join(name).is_file(), "{printed}");
    }
    assert!(said.contains("证件号码后四位、通讯地址与邮编、签名、日期"), "{said}");
}

#[test]
fn one_file_is_written_where_one_is_named() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("申诉书.pdf");
    let (status, printed, said) = letter("mms-15-yuan", "miit", &file, &[]);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(printed.trim(), file.display().to_string());
    assert!(fs::read(&file).expect("written").starts_with(b"%PDF-"));
    assert!(said.contains("要先向运营商投诉"), "{said}");
}

#[test]
fn nothing_is_written_to_a_platform_that_has_nothing_to_answer() {
    let folder = TempDir::new().expect("a folder");
    let (status, printed, _) = letter("mms-15-yuan", "platform", folder.path(), &[]);
    assert_eq!(status, Some(0));
    assert!(printed.contains("没有关于平台付款的发现"), "{printed}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn a_channel_that_does_not_exist_is_a_wrong_flag() {
    let folder = TempDir::new().expect("a folder");
    assert_eq!(letter("mms-15-yuan", "nobody", folder.path(), &[]).0, Some(2));
}

#[test]
fn a_font_that_is_none_is_said_so() {
    let folder = TempDir::new().expect("a folder");
    let font = samples().join("README.md").display().to_string();
    let (status, _, said) = letter("mms-15-yuan", "operator", folder.path(), &["--font", &font]);
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("字体文件无法读取"), "{said}");
}
