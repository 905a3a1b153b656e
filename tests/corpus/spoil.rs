//! Changes of a case that must not change what is found, and changes that take evidence away.

use super::papers;
use super::print::Printed;
use super::random::Random;
use super::world::{BILL, USAGE};

/// Returns the case with the rows of every file in another order.
pub fn shuffled(printed: &Printed, name: &str) -> Printed {
    let mut random = Random::named(name);
    let mut shuffled = printed.clone();
    // The order of a bill tree says what belongs to which group.
    for (_, text) in shuffled.files.iter_mut().filter(|(path, _)| !path.contains("cmcc")) {
        let (head, mut rows) = head_and_rows(text);
        random.shuffle(&mut rows);
        *text = joined(&head, &rows);
    }
    shuffled
}

/// Returns the case with every file under another name, in another folder.
pub fn renamed(printed: &Printed) -> Printed {
    let mut renamed = printed.clone();
    for (index, (path, _)) in renamed.files.iter_mut().enumerate() {
        let new = format!("papers/{}.csv", ["zz", "m", "a", "k", "b"][index % 5].repeat(index / 5 + 1));
        renamed.case_toml = renamed.case_toml.replace(&format!("\"{path}\""), &format!("\"{new}\""));
        *path = new;
    }
    for (index, (path, _)) in renamed.binary.iter_mut().enumerate() {
        let extension = path.rsplit('.').next().unwrap_or_default();
        *path =
            format!("papers/{}.{extension}", ["y", "q", "c", "x", "d", "w"][index % 6].repeat(index / 6 + 1));
    }
    renamed
}

/// Returns the case with its usage list and its bill in two files each; identical rows stay together.
pub fn split(printed: &Printed) -> Printed {
    let mut split = printed.clone();
    split.files.clear();
    for (path, text) in &printed.files {
        if path != USAGE && path != BILL {
            split.files.push((path.clone(), text.clone()));
            continue;
        }
        let (head, rows) = head_and_rows(text);
        // A row goes where the first one like it goes.
        let is_first =
            |row: &&String| rows.iter().position(|other| other == *row).unwrap_or(0) * 2 < rows.len();
        let (first, second): (Vec<&String>, Vec<&String>) = rows.iter().partition(is_first);
        let second_path = path.replace(".csv", "-2.csv");
        let owned = |part: Vec<&String>| part.into_iter().cloned().collect::<Vec<_>>();
        split.files.push((path.clone(), joined(&head, &owned(first))));
        split.files.push((second_path.clone(), joined(&head, &owned(second))));
        split.case_toml += &blocks_of(&printed.case_toml, path).replace(path, &second_path);
    }
    split
}

/// Returns the case with papers that have nothing to do with it: a lunch and, if wanted, another line's usage.
pub fn with_unrelated(printed: &Printed, second_line: bool) -> Printed {
    let mut more = printed.clone();
    let lunch = papers::PaymentRow {
        at: "2025-06-11 12:05:33".into(),
        platform: "alipay",
        payee: "街角面馆".into(),
        description: "午餐".into(),
        amount: 2350,
        direction: "out",
        status: "success",
        order_id: "2025061122001400000000000999".into(),
        ..papers::PaymentRow::default()
    };
    more.files.push(("other/lunch.csv".into(), papers::payments_csv(&[lunch])));
    let usage = "msisdn,start,kind,direction,scope,peer,duration_s,bytes,app,fee,record_id\n\
                 13600000001,2025-06-02 10:00:00,sms,out,domestic,13600000002,,,,,\n";
    if second_line {
        more.files.push(("other/usage.csv".into(), usage.into()));
    }
    more
}

/// Returns the case without the declarations for a file.
pub fn without_coverage(printed: &Printed, file: &str) -> Printed {
    let mut less = printed.clone();
    let kept =
        |part: &&str| !(part.starts_with("coverage]]") && part.contains(&format!("file = \"{file}\"")));
    less.case_toml = less.case_toml.split("[[").filter(kept).collect::<Vec<_>>().join("[[");
    less
}

/// Returns the case without a file and without what is declared of it.
pub fn without_file(printed: &Printed, file: &str) -> Printed {
    let mut less = without_coverage(printed, file);
    less.files.retain(|(path, _)| path != file);
    less
}

/// Returns the case without the bill rows of those categories.
pub fn without_rows(printed: &Printed, categories: &[&str]) -> Printed {
    let mut less = printed.clone();
    for (path, text) in less.files.iter_mut().filter(|(path, _)| path == BILL) {
        let (head, mut rows) = head_and_rows(text);
        rows.retain(|row| !categories.iter().any(|category| row.contains(&format!(",{category},"))));
        assert!(!rows.is_empty(), "{path}");
        *text = joined(&head, &rows);
    }
    less
}

fn head_and_rows(text: &str) -> (Vec<String>, Vec<String>) {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let is_header = |line: &String| {
        ["msisdn,", "paid_at,", "at,account", "交易时间,", "起始时间,通信", "费用项目,"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let header = lines.iter().position(is_header).expect("every file has a header");
    let (head, rows) = lines.split_at(header + 1);
    (head.to_vec(), rows.to_vec())
}

fn joined(head: &[String], rows: &[String]) -> String {
    head.iter().chain(rows).map(|line| format!("{line}\n")).collect()
}

/// Returns the `[[coverage]]` tables of a file.
fn blocks_of(case_toml: &str, file: &str) -> String {
    let own = |part: &&str| part.starts_with("coverage]]") && part.contains(&format!("file = \"{file}\""));
    case_toml.split("[[").filter(own).map(|part| format!("\n[[{part}")).collect()
}
