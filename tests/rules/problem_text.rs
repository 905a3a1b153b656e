//! Problems as text.

use mingzhang::rules::{case_file, problem_text};

#[test]
fn a_problem_shows_its_line_and_marks_the_place_below_wide_characters() {
    let text = "schema = \"mingzhang.case/1\"\ncomplainant = { name = \"甲乙\", fone = \"1\" }\n";
    let problems = case_file::parse("案件/case.toml", text).expect_err("an unknown key");
    let printed = problem_text::render(&problems, text, &|message| message.key.clone());
    assert!(printed.contains("案件/case.toml:2:"), "{printed}");
    let lines: Vec<&str> = printed.lines().collect();
    let row = lines.iter().position(|line| line.contains("fone")).expect("the line is quoted");
    // `complainant = { name = "甲乙", ` is 29 characters and 2 columns more for the two wide ones: the mark of four
    // stands below `fone`.
    let gutter = lines[row].find("complainant").expect("quoted whole");
    assert_eq!(lines[row + 1].trim_end(), format!("{}|{}^^^^", " ".repeat(gutter - 2), " ".repeat(1 + 31)));
}

#[test]
fn a_problem_without_bytes_marks_its_row() {
    let problem = mingzhang::spec::SpecProblem {
        path: "p.toml".to_owned(),
        row: 2,
        column: 1,
        span: 0..0,
        message: mingzhang::model::message::Message::new("plan.example-fails"),
    };
    let printed = problem_text::render(&[problem], "a = 1\nb = 2\n", &|message| message.key.clone());
    assert!(printed.contains("p.toml:2:1") && printed.contains("^^^^^"), "{printed}");
}
