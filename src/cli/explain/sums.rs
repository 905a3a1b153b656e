//! Sums, files, checks and next steps of a report by their names.

use super::Desk;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::report::model::{BillLine, Detector, Finding, Input, NextStep, Payment, Totals};

/// A sum of the report: its name in report.json, its value and how its parts are shown.
struct Sum {
    key: &'static str,
    value: fn(&Totals) -> &str,
    parts: fn(&Desk<'_>),
}

const SUMS: [Sum; 11] = [
    Sum { key: "billed", value: |it| &it.billed, parts: |desk| desk.lines_by(|line| &line.amount) },
    Sum { key: "expected_low", value: |it| &it.expected_low, parts: |desk| desk.every_expected() },
    Sum { key: "expected_high", value: |it| &it.expected_high, parts: |desk| desk.every_expected() },
    Sum { key: "explained", value: |it| &it.explained, parts: |desk| desk.lines_by(|line| &line.explained) },
    Sum { key: "disputed", value: |it| &it.disputed, parts: |desk| desk.lines_by(|line| &line.disputed) },
    Sum {
        key: "unverified",
        value: |it| &it.unverified,
        parts: |desk| desk.lines_by(|line| &line.unverified),
    },
    Sum { key: "claim_proven", value: |it| &it.claim_proven, parts: |desk| desk.findings_of("proven") },
    Sum { key: "claim_probable", value: |it| &it.claim_probable, parts: |desk| desk.findings_of("probable") },
    Sum {
        key: "at_stake_needs_evidence",
        value: |it| &it.at_stake_needs_evidence,
        parts: |desk| desk.findings_of("needs-evidence"),
    },
    Sum { key: "paid", value: |it| &it.paid, parts: |desk| desk.payments_of("out") },
    Sum { key: "refunded", value: |it| &it.refunded, parts: |desk| desk.payments_of("in") },
];

impl Desk<'_> {
    /// Explains the sums of that name: the key of report.json, or what the report calls it.
    pub(super) fn by_sum(&self, name: &str) -> bool {
        let key = name.strip_prefix("totals.").unwrap_or(name);
        let asked = |sum: &&Sum| sum.key == key || self.is_called(sum.key, key);
        let sums: Vec<&Sum> = SUMS.iter().filter(asked).collect();
        for sum in &sums {
            let label = Message::new(format!("explain.sum.{}", sum.key));
            let words = Message::new("explain.sum").message("label", label).text("key", sum.key);
            self.console.say(&words.text("amount", (sum.value)(&self.report.totals)));
        }
        // Bounds of one thing have the same parts.
        if let Some(sum) = sums.first() {
            (sum.parts)(self);
        }
        !sums.is_empty()
    }

    /// Returns the names of all sums, for advice.
    pub(super) fn sum_names() -> impl Iterator<Item = String> {
        SUMS.iter().map(|sum| sum.key.to_owned()).chain(["next_steps".to_owned()])
    }

    fn is_called(&self, key: &str, name: &str) -> bool {
        let names = self.console.words(&Message::new(format!("explain.names.{key}")));
        names.split_whitespace().any(|known| known == name)
    }

    fn lines_by(&self, part: fn(&BillLine) -> &str) {
        for line in self.report.lines.iter().filter(|line| !is_zero(part(line))) {
            let words = Message::new("explain.part").text("id", &line.id).text("label", &line.item);
            self.console.say(&words.text("period", &line.period).text("amount", part(line)));
        }
    }

    fn every_expected(&self) {
        for expected in &self.report.expected {
            let words = Message::new("explain.part").text("id", super::name_of(expected));
            let words = words.text("label", &expected.label).text("period", &expected.period);
            self.console.say(&words.text("amount", super::bounds(expected)));
        }
    }

    fn findings_of(&self, verdict: &str) {
        let of_verdict = |finding: &&Finding| finding.verdict == verdict;
        for finding in self.report.findings.iter().filter(of_verdict) {
            let stake = if verdict == "needs-evidence" { &finding.amount } else { &finding.claim };
            let words = Message::new("explain.part").text("id", &finding.id).text("label", &finding.title);
            self.console.say(&words.text("period", &finding.period).text("amount", stake));
        }
    }

    fn payments_of(&self, direction: &str) {
        let of_direction = |payment: &&Payment| payment.direction == direction;
        for payment in self.report.payments.iter().filter(of_direction) {
            let words = Message::new("explain.part").text("id", &payment.id).text("label", &payment.payee);
            self.console.say(&words.text("period", &payment.paid_at).text("amount", &payment.amount));
        }
    }

    /// Explains an input by its path, or a part of it.
    pub(super) fn by_file(&self, path: &str) -> bool {
        let named = |input: &&Input| input.path.contains(path) && !path.is_empty();
        let inputs: Vec<&Input> = self.report.inputs.iter().filter(named).collect();
        inputs.iter().for_each(|input| self.input(input));
        !inputs.is_empty()
    }

    fn input(&self, input: &Input) {
        let words = Message::new("explain.input").text("path", &input.path).text("sha256", &input.sha256);
        self.console.say(&words.text("profile", input.profile.as_deref().unwrap_or_default()));
        let [read, used, aside] =
            [input.rows_read, input.rows_used, input.rows_set_aside].map(|rows| rows.to_string());
        let words = Message::new("explain.rows").text("read", read).text("used", used);
        self.console.say(&words.text("set_aside", aside));
        if let Some(covers) = &input.covers {
            let words = Message::new("explain.covers").text("start", &covers.start);
            self.console.say(&words.text("end", &covers.end));
        }
        for total in &input.control {
            let words = Message::new("explain.control").text("name", &total.name);
            let words = words.text("stated", &total.stated).text("counted", &total.counted);
            self.console.say(&words);
        }
        if let Some(problem) = &input.problem {
            self.text("explain.text", &problem.message);
            self.text("explain.text", &problem.help);
        }
        for row in self.report.set_aside.iter().filter(|row| row.path == input.path) {
            let place = row.row.map(|row| row.to_string()).unwrap_or_default();
            let words = Message::new("explain.set-aside").text("row", place);
            let words = words.text("value", row.value.as_deref().unwrap_or_default());
            self.console.say(&words.text("reason", &row.reason));
        }
    }

    /// Explains a check by its code or name: how it ended, and what it found.
    pub(super) fn by_check(&self, code: &str) -> bool {
        let named = |check: &&Detector| check.code.eq_ignore_ascii_case(code) || check.name == code;
        let Some(check) = self.report.detectors.iter().find(named) else { return false };
        let outcome = Message::new(format!("explain.outcome.{}", check.outcome));
        let words = Message::new("explain.check").text("code", &check.code).text("title", &check.title);
        self.console.say(&words.message("outcome", outcome));
        check.missing.iter().for_each(|missing| self.text("explain.missing", missing));
        self.report.findings.iter().filter(|it| it.code == check.code).for_each(|it| self.finding(it));
        true
    }

    /// Lists what to do next.
    pub(super) fn by_steps(&self, name: &str) -> bool {
        let asked = name == "next_steps" || self.is_called("next_steps", name);
        if asked {
            self.report.next_steps.iter().for_each(|step| self.next_step(step));
        }
        asked
    }

    /// Shows a step.
    pub(super) fn next_step(&self, step: &NextStep) {
        let words = Message::new("explain.next-step").text("rank", step.rank).text("what", &step.what);
        let money = if is_zero(&step.money) { "" } else { &step.money };
        let words = words.text("who", &step.who).text("money", money);
        self.console.say(&words.text("by", step.by.as_deref().unwrap_or_default()));
    }
}

fn is_zero(amount: &str) -> bool {
    Money::parse(amount).is_ok_and(|amount| amount.is_zero())
}
