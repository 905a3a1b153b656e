use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

fn mingzhang(arguments: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("mingzhang").expect("the binary").args(arguments).assert()
}

#[test]
fn a_new_case_folder_holds_as_it_stands_and_is_never_overwritten() {
    let folder = TempDir::new().expect("a folder");
    let case = folder.path().join("my-case");
    let path = case.to_str().expect("a path");
    mingzhang(&["init", path]).code(0);
    let text = fs::read_to_string(case.join("case.toml")).expect("case.toml");
    mingzhang_rules_hold(&text);
    for name in ["bills", "usage", "payments", "orders", "plans", "attachments"] {
        assert!(case.join(name).is_dir(), "{name}");
    }
    fs::write(case.join("case.toml"), "schema = \"mingzhang.case/1\"\n# mine\n").expect("written");
    mingzhang(&["init", path]).code(2);
    assert!(fs::read_to_string(case.join("case.toml")).expect("case.toml").ends_with("# mine\n"));
}

#[test]
fn what_the_flags_say_stands_in_the_new_case() {
    let folder = TempDir::new().expect("a folder");
    let case = folder.path().join("case");
    let path = case.to_str().expect("a path");
    let title = "他说\"没有\" \\ 彩信";
    let flags = ["init", path, "--title", title, "--msisdn", "13800001111", "--msisdn", "13900002222"];
    mingzhang(&[&flags[..], &["--operator", "中国移动", "--province", "浙江"]].concat()).code(0);
    let text = fs::read_to_string(case.join("case.toml")).expect("case.toml");
    let parsed = mingzhang::rules::case_file::parse("case.toml", &text).expect("it holds");
    assert_eq!(parsed.title.as_deref(), Some(title));
    assert_eq!(parsed.province.as_deref(), Some("浙江"));
    let numbers: Vec<&str> = parsed.lines.iter().map(|line| line.msisdn.as_str()).collect();
    assert_eq!(numbers, ["13800001111", "13900002222"]);
    assert!(parsed.lines.iter().all(|line| line.operator.is_some_and(|it| it.code() == "cmcc")));
}

#[test]
fn an_answer_that_does_not_fit_makes_no_folder() {
    let folder = TempDir::new().expect("a folder");
    let case = folder.path().join("case");
    mingzhang(&["init", case.to_str().expect("a path"), "--msisdn", "13800001111", "--operator", "火星"])
        .code(2);
    assert!(!case.exists());
}

#[test]
fn completions_and_the_manual_name_every_command() {
    for arguments in [&["completions", "bash"][..], &["man"][..]] {
        let output = mingzhang(arguments).code(0).get_output().stdout.clone();
        let text = String::from_utf8(output).expect("text").to_lowercase();
        for command in ["check", "init", "inspect", "rate", "explain", "detectors", "plans"] {
            assert!(text.contains(command), "{arguments:?} does not name {command}");
        }
    }
}

/// The commented entries hold too: with every `# ` in front of an entry removed the file is still right.
fn mingzhang_rules_hold(text: &str) {
    mingzhang::rules::case_file::parse("case.toml", text).expect("the new case.toml holds");
    let entry = |line: &str| line.starts_with("# [[") || line.starts_with("# ") && line.contains(" = ");
    let open = |line: &str| if entry(line) { line[2..].to_owned() } else { line.to_owned() };
    let filled = text.lines().map(open).collect::<Vec<_>>().join("\n");
    mingzhang::rules::case_file::parse("case.toml", &filled)
        .unwrap_or_else(|problems| panic!("{problems:#?}\n{filled}"));
}
