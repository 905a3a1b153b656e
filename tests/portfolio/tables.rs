//! A small set of tables, and the means to run it in memory.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;

use mingzhang::analyse::plan_book;
use mingzhang::ingest::bulk::{Groups, Layout, TAIL_BYTES, footer_bytes, recognise, recognise_groups};
use mingzhang::ingest::{FormatBook, InputFile};
use mingzhang::portfolio::merge::Merged;
use mingzhang::portfolio::read::Reading;
use mingzhang::portfolio::result::LineResult;
use mingzhang::portfolio::storage::{Bytes, Results, Spill, Watch};
use mingzhang::portfolio::table_set::TableSet;
use mingzhang::portfolio::{Lent, Means, run};
use mingzhang::report::wording::{Lang, Wording};
use mingzhang::rules::case_file;

/// 20 minutes and no messages included; 0.15 a minute, 0.30 a multimedia message, 0.10 a text message.
pub const PLAN: &str = r#"
schema = "mingzhang.plan/1"
id = "bulk-39"
name = "Bulk 39"
operator = "cmcc"
kind = "plan"
[[clause]]
id = "1"
text = "39 yuan a month with 20 minutes."
source = "made for tests"
retrieved = 2025-10-01
[fee]
monthly = "39.00"
first_month = "full"
billed_as = ["Bulk 39 fee"]
clause = "1"
[[allowance]]
id = "voice"
unit = "voice"
amount = "20min"
clause = "1"
[[rate]]
id = "voice-out"
unit = "voice"
per = "event"
count = "60s"
stages = [{ price = "0.15" }]
billed_as = ["Calls"]
clause = "1"
[[rate]]
id = "sms-out"
unit = "sms"
per = "event"
count = "1"
stages = [{ price = "0.10" }]
billed_as = ["Texts"]
clause = "1"
[[rate]]
id = "mms-out"
unit = "mms"
per = "event"
count = "1"
stages = [{ price = "0.30" }]
billed_as = ["Pictures"]
clause = "1"
[[rate]]
id = "data-out"
unit = "data"
per = "cycle"
count = "1GB"
stages = [{ price = "5.00" }]
billed_as = ["Data"]
clause = "1"
"#;

/// Every kind of usage is declared complete for October.
pub const CASE: &str = r#"
schema = "mingzhang.case/1"
title = "many"
as_of = 2025-11-20
[[coverage]]
file = "usage.csv"
kinds = ["voice", "sms", "mms", "data"]
start = 2025-10-01
end = 2025-10-31
"#;

const USAGE: &str = "msisdn,start,kind,direction,scope,peer,duration_s,bytes,record_id\n";
const BILL: &str = "msisdn,period,item,category,amount\n";
const ORDERS: &str = "msisdn,at,action,product,effective_from\n";
const PAYMENTS: &str = "paid_at,platform,payee,description,amount,direction,status,order_id,merchant_order_id,msisdn,face_value\n";

/// Files by path.
pub type Files = BTreeMap<String, String>;
/// The bytes of files by path.
pub type Raw = BTreeMap<String, Vec<u8>>;

/// Returns the bytes of texts.
pub fn raw(files: &Files) -> Raw {
    files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect()
}

/// Number of the line at that index.
pub fn number(index: usize) -> String {
    format!("{}", 13_800_000_000u64 + index as u64)
}

/// The tables of so many lines. Each line has 25 started minutes (5 × 0.15 = 0.75 beyond the plan) and two texts
/// (0.20): 39.95 a month. Index modulo 10 chooses what is wrong: 1 pictures without pictures, 2 the fee twice, 3 a
/// total above the items, 4 paid twice, 5 two calls at once, 6 an odd spelling, 7 no usage at all; the rest is right.
pub fn files(lines: usize) -> Files {
    let mut usage = Vec::new();
    let (mut bill, mut orders, mut payments) = (BILL.to_owned(), ORDERS.to_owned(), PAYMENTS.to_owned());
    for index in 0..lines {
        let (msisdn, fault) = (number(index), index % 10);
        let mut event = |day: usize, clock: &str, kind: &str, seconds: usize| {
            let spelt = if fault == 6 && day == 2 {
                format!("2025/10/{day:02} {clock}")
            } else {
                format!("2025-10-{day:02} {clock}")
            };
            let id = usage.len();
            let row = format!("{msisdn},{spelt},{kind},out,domestic,13900000001,{seconds},0,{id}");
            usage.push((format!("{day:02}{clock}"), row));
        };
        if fault != 7 {
            for day in 1..=5 {
                event(day, "10:00:00", "voice", 281);
            }
            event(8, "11:00:00", "sms", 0);
            event(9, "12:00:00", "sms", 0);
        }
        if fault == 5 {
            event(1, "10:01:00", "voice", 0);
            event(1, "10:02:00", "voice", 1);
        }
        let mut items = vec![("Bulk 39 fee", "plan-fee", 3900), ("Calls", "voice", 75), ("Texts", "sms", 20)];
        match fault {
            1 => items.push(("Pictures", "mms", 1500)),
            2 => items.push(("Bulk 39 fee", "plan-fee", 3900)),
            _ => {}
        }
        let sum: i64 = items.iter().map(|(.., fen)| fen).sum();
        let total = if fault == 3 { sum + 700 } else { sum };
        let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        for (item, category, fen) in &items {
            bill += &format!("{msisdn},2025-10,{item},{category},{}\n", yuan(*fen));
        }
        bill += &format!("{msisdn},2025-10,Total,total,{}\n", yuan(total));
        orders += &format!("{msisdn},2025-01-01 10:00:00,order,bulk-39,2025-01-01\n");
        for time in 0..if fault == 4 { 2 } else { 1 } {
            let paid = yuan(total);
            payments += &format!(
                "2025-11-05 09:00:0{time},alipay,中国移动,话费自动充值,{paid},out,success,A{index:06}{time},\"\",{msisdn},{paid}\n"
            );
        }
    }
    usage.sort();
    let usage = usage.into_iter().fold(USAGE.to_owned(), |text, (_, row)| text + &row + "\n");
    let named =
        [("usage.csv", usage), ("bill.csv", bill), ("orders.csv", orders), ("payments.csv", payments)];
    named.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

/// The rows of one line. A table without a row of it says nothing about it: its window is declared for the lines that
/// are seen in it.
pub fn of_line(files: &Files, msisdn: &str) -> Files {
    let own = |text: &String| {
        let rows = text.lines().enumerate().filter(|(row, line)| *row == 0 || line.contains(msisdn));
        rows.fold(String::new(), |text, (_, line)| text + line + "\n")
    };
    let all = files.iter().map(|(path, text)| (path.clone(), own(text)));
    all.filter(|(_, text)| text.lines().count() > 1).collect()
}

/// Everything in memory.
#[derive(Default)]
pub struct Memory {
    files: Vec<Vec<u8>>,
    spilled: Mutex<Vec<u8>>,
    /// Results by partition.
    pub results: Mutex<BTreeMap<usize, Vec<u8>>>,
    /// Partitions that were judged in this run.
    pub judged: Mutex<Vec<usize>>,
}

impl Bytes for Memory {
    fn read_at(&self, file: usize, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let rest = self.files[file].get(offset as usize..).unwrap_or_default();
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

impl Spill for Memory {
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut spilled = self.spilled.lock().expect("no thread panicked");
        spilled.extend_from_slice(bytes);
        Ok((spilled.len() - bytes.len()) as u64)
    }

    fn read(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let spilled = self.spilled.lock().expect("no thread panicked");
        into.copy_from_slice(&spilled[offset as usize..offset as usize + into.len()]);
        Ok(())
    }
}

impl Results for Memory {
    fn is_finished(&self, partition: usize) -> bool {
        self.results.lock().expect("no thread panicked").contains_key(&partition)
    }

    fn finish(&self, partition: usize, bytes: &[u8]) -> io::Result<()> {
        self.judged.lock().expect("no thread panicked").push(partition);
        self.results.lock().expect("no thread panicked").insert(partition, bytes.to_vec());
        Ok(())
    }
}

impl Watch for Memory {
    fn read(&self, _: u64) {}
    fn finished(&self, _: u64) {}
}

impl Memory {
    /// Returns how many bytes were spilled.
    pub fn spilled_bytes(&self) -> usize {
        self.spilled.lock().expect("no thread panicked").len()
    }

    /// Returns all results in the order of the numbers.
    pub fn lines(&self) -> Vec<LineResult> {
        let results = self.results.lock().expect("no thread panicked");
        let sequences = results.values().map(|bytes| Box::new(&bytes[..]) as Box<dyn io::Read + Send>);
        let mut merged = Merged::of(sequences.collect()).expect("results hold");
        let mut lines = Vec::new();
        while let Some(line) = merged.next_line().expect("results hold") {
            lines.push(line);
        }
        lines
    }
}

/// Two workers, much memory, everything, with the screen.
pub fn usual() -> Means {
    Means { workers: 2, row_budget_bytes: 64 << 20, part: (1, 1), screens: true }
}

/// Runs the tables; `memory` may hold results of an earlier run.
pub fn run_with(files: &Files, case: &str, means: Means, memory: &mut Memory) -> Reading {
    run_raw(&raw(files), case, means, memory)
}

/// Runs tables of any kind; `memory` may hold results of an earlier run.
pub fn run_raw(files: &Raw, case: &str, means: Means, memory: &mut Memory) -> Reading {
    let formats = FormatBook::built_in();
    let case_file = case_file::parse("case.toml", case).expect("the case file holds");
    let plan = InputFile { path: "plans/bulk-39.toml".to_owned(), bytes: PLAN.as_bytes().to_vec() };
    let (plans, problems) = plan_book(&[plan]).expect("plans hold");
    assert!(problems.is_empty(), "{problems:?}");
    memory.files = files.values().cloned().collect();
    let layouts = files.iter().map(|(path, bytes)| layout(path, bytes, formats));
    let set = TableSet {
        layouts: layouts.collect(),
        small: Vec::new(),
        as_of: case_file.as_of.expect("a day"),
        case_file,
        plans,
        assumed_plans: Vec::new(),
        formats,
    };
    let wording = Wording::load(Lang::Zh).expect("the wording holds");
    let memory = &*memory;
    let lent = Lent { bytes: memory, spill: memory, results: memory, watch: memory };
    run(&set, &wording, means, lent).expect("the tables are judged")
}

fn layout(path: &str, bytes: &[u8], formats: &FormatBook) -> Layout {
    let length = bytes.len();
    let found = if bytes.starts_with(b"PAR1") {
        let footer = length - TAIL_BYTES - footer_bytes(&bytes[length - TAIL_BYTES..]).expect("a footer");
        let groups = Groups::of(&bytes[footer..length - TAIL_BYTES]).expect("flat columns");
        recognise_groups(path, length as u64, groups, None, formats)
    } else {
        recognise(path, length as u64, &bytes[..length.min(64 << 10)], None, formats)
    };
    found.unwrap_or_else(|| panic!("{path} is a bulk table"))
}

/// Runs the tables in the usual way and returns the results.
pub fn judged(files: &Files) -> Vec<LineResult> {
    let mut memory = Memory::default();
    run_with(files, CASE, usual(), &mut memory);
    memory.lines()
}
