//! Adds up how the cases ended, by detector, and prints the table.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use mingzhang::detect::DETECTORS;
use serde_json::Value;

use super::evaluate::{self, Judged};
use super::scenario::{Case, all_cases};

/// What happened with one detector over the corpus. Counts of findings are of kind E unless they say otherwise.
#[derive(Debug, Default, Clone, Copy)]
pub struct Score {
    /// Cases that inject its error.
    pub errors: usize,
    /// Cases that only look like it.
    pub look_alikes: usize,
    /// Expected findings that came.
    pub hits: usize,
    /// Of these, those that only ask for a record.
    pub asks: usize,
    /// Findings that should not be.
    pub wrong: usize,
    /// Expected findings that did not come.
    pub missed: usize,
    /// Hits with an admitted verdict.
    pub verdict_right: usize,
    /// Hits with amount and claim exact to the fen.
    pub amount_exact: usize,
    /// Questions and remarks (Q, W) that had to come.
    pub remarks: usize,
    /// Of these, those that came.
    pub remarks_hit: usize,
}

/// The scores by code, every disagreement in words, and the reports themselves.
#[derive(Debug, Default)]
pub struct Scores {
    /// By code.
    pub by_code: BTreeMap<&'static str, Score>,
    /// One line a disagreement on a detector that is built.
    pub disagreements: Vec<String>,
    /// Findings beside the truth that only ask for a record, by code.
    pub open: BTreeMap<String, usize>,
    /// Reports by the name of their case.
    pub reports: BTreeMap<String, Value>,
}

/// Returns whether the program has the detector.
pub fn is_built(code: &str) -> bool {
    DETECTORS.iter().any(|detector| detector.code == code)
}

/// Returns the scores of every case; the program runs once, however many tests ask.
pub fn whole_corpus() -> &'static Scores {
    static SCORES: OnceLock<Scores> = OnceLock::new();
    SCORES.get_or_init(|| score(&all_cases()))
}

/// Runs the program on every case, on as many threads as there are cores; the order of the cases stays.
fn score(cases: &[Case]) -> Scores {
    let wording = evaluate::wording();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let report = |case: &Case| evaluate::report(&case.name, &case.printed, &wording);
    let reports: Vec<Value> = std::thread::scope(|scope| {
        let parts = cases.chunks(cases.len().div_ceil(threads));
        let runs: Vec<_> =
            parts.map(|part| scope.spawn(|| part.iter().map(&report).collect::<Vec<_>>())).collect();
        runs.into_iter().flat_map(|run| run.join().expect("every case can be analysed")).collect()
    });
    let mut scores = Scores::default();
    for (case, report) in cases.iter().zip(reports) {
        scores.add(case, &evaluate::judge(case, &evaluate::findings(&report)));
        scores.reports.insert(case.name.clone(), report);
    }
    scores
}

impl Scores {
    fn of(&mut self, code: &'static str) -> &mut Score {
        self.by_code.entry(code).or_default()
    }

    fn add(&mut self, case: &Case, judged: &Judged) {
        let own = self.of(case.code);
        *(if case.injected { &mut own.errors } else { &mut own.look_alikes }) += 1;
        self.add_hits(case, judged);
        for expected in &judged.missed {
            let score = self.of(expected.codes[0]);
            *(if expected.kind.contains('E') { &mut score.missed } else { &mut score.remarks }) += 1;
            if expected.codes.iter().any(|code| is_built(code)) {
                self.disagreements.push(format!("{}: missed {expected:?}", case.name));
            }
        }
        for found in &judged.wrong {
            let known = DETECTORS.iter().find(|detector| detector.code == found.code);
            self.of(known.expect("only built detectors find").code).wrong += 1;
            self.disagreements.push(format!("{}: should not be {found:?}", case.name));
        }
        for found in &judged.open {
            *self.open.entry(found.code.clone()).or_default() += 1;
        }
    }

    fn add_hits(&mut self, case: &Case, judged: &Judged) {
        for (expected, found) in &judged.hits {
            let right = (evaluate::has_verdict(expected, found), evaluate::has_amount(expected, found));
            let code =
                expected.codes.iter().find(|code| **code == found.code).expect("a hit has an expected code");
            let score = self.of(code);
            if found.kind == "E" {
                score.hits += 1;
                score.asks += usize::from(found.verdict == "needs-evidence");
                score.verdict_right += usize::from(right.0);
                score.amount_exact += usize::from(right.1);
            } else {
                score.remarks += 1;
                score.remarks_hit += 1;
            }
            if right != (true, true) {
                self.disagreements.push(format!("{}: expected {expected:?}, got {found:?}", case.name));
            }
        }
    }

    /// Returns the sums over the detectors that are built.
    pub fn totals(&self) -> Score {
        let built = self.by_code.iter().filter(|(code, _)| is_built(code));
        built.fold(Score::default(), |sum, (_, score)| Score {
            errors: sum.errors + score.errors,
            look_alikes: sum.look_alikes + score.look_alikes,
            hits: sum.hits + score.hits,
            asks: sum.asks + score.asks,
            wrong: sum.wrong + score.wrong,
            missed: sum.missed + score.missed,
            verdict_right: sum.verdict_right + score.verdict_right,
            amount_exact: sum.amount_exact + score.amount_exact,
            remarks: sum.remarks + score.remarks,
            remarks_hit: sum.remarks_hit + score.remarks_hit,
        })
    }

    /// Returns the table in Markdown.
    pub fn table(&self) -> String {
        let mut text = String::from(
            "| code | errors | look-alikes | found | only asks | wrong | missed | verdict right | amount exact | precision % | recall % | questions |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for (code, score) in &self.by_code {
            text += &if is_built(code) {
                row(code, score)
            } else {
                format!("| {code} | {} | {} | not built | | | | | | | | |\n", score.errors, score.look_alikes)
            };
        }
        let all = self.by_code.values();
        let (errors, look_alikes) =
            all.fold((0, 0), |(errors, others), score| (errors + score.errors, others + score.look_alikes));
        text += &row("**built**", &self.totals());
        text + &format!(
            "| **all {} cases** | {errors} | {look_alikes} | | | | | | | | | |\n",
            errors + look_alikes
        )
    }
}

fn row(name: &str, s: &Score) -> String {
    let precision = percent(s.hits, s.hits + s.wrong);
    let recall = percent(s.hits, s.hits + s.missed);
    let counts =
        [s.errors, s.look_alikes, s.hits, s.asks, s.wrong, s.missed, s.verdict_right, s.amount_exact];
    let counts = counts.map(|count| count.to_string()).join(" | ");
    format!("| {name} | {counts} | {precision} | {recall} | {}/{} |\n", s.remarks_hit, s.remarks)
}

/// Returns a share in per cent with one place, rounded down; a dash where there is nothing to divide by.
fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = part * 1000 / whole;
    format!("{}.{}", tenths / 10, tenths % 10)
}
