//! `explain`: a finding, line, payment, sum, file, check or amount of a report, down to rows, clause, formula.

mod sums;

use crate::cli::Status;
use crate::cli::args::ExplainArgs;
use crate::cli::catalogue::unknown_id;
use crate::cli::console::Console;
use crate::cli::workspace::read_file;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::report::model::{BillLine, Clause, Expected, Finding, Payment, Place, Report};

/// Explains what an id, the name of an expected item, a sum, a file, a check or an amount stands for.
///
/// # Errors
/// When the file is no report of this program, or nothing in it has the id.
pub fn run(args: &ExplainArgs, console: &Console) -> Result<Status> {
    let shown = args.report.display().to_string();
    let file = read_file(&args.report, &shown)?;
    let report: Report = serde_json::from_slice(&file.bytes).map_err(|error| {
        let message = Message::new("explain.no-report").text("path", &shown);
        Error::new(ErrorKind::Input, message).with_source(error)
    })?;
    let desk = Desk { report: &report, console };
    let ways = [
        Desk::by_id,
        Desk::by_name,
        Desk::by_sum,
        Desk::by_steps,
        Desk::by_check,
        Desk::by_item,
        Desk::by_amount,
        Desk::by_beginning,
        Desk::by_file,
    ];
    if ways.iter().any(|explains| explains(&desk, &args.id)) {
        return Ok(Status::Done);
    }
    let findings = report.findings.iter().map(|it| it.id.clone());
    let lines = report.lines.iter().map(|it| it.id.clone());
    let payments = report.payments.iter().map(|it| it.id.clone());
    let expected = report.expected.iter().map(name_of);
    let files = report.inputs.iter().map(|it| it.path.clone());
    let known = findings.chain(lines).chain(payments).chain(expected).chain(files).chain(Desk::sum_names());
    Err(unknown_id(&args.id, "explain.what", known))
}

/// Returns the amount of an expected item as it is printed.
fn bounds(expected: &Expected) -> String {
    if expected.amount_low == expected.amount_high {
        return expected.amount_high.clone();
    }
    format!("{} … {}", expected.amount_low, expected.amount_high)
}

fn name_of(expected: &Expected) -> String {
    format!("{}/{}", expected.period, expected.name)
}

/// A report and where its explanations are printed.
struct Desk<'a> {
    report: &'a Report,
    console: &'a Console,
}

impl Desk<'_> {
    fn by_id(&self, id: &str) -> bool {
        let same = |other: &str| other.eq_ignore_ascii_case(id);
        if let Some(finding) = self.report.findings.iter().find(|it| same(&it.id)) {
            self.finding(finding);
        } else if let Some(line) = self.report.lines.iter().find(|it| same(&it.id)) {
            self.bill_line(line);
        } else if let Some(payment) = self.report.payments.iter().find(|it| same(&it.id)) {
            self.payment(payment);
        } else {
            return false;
        }
        true
    }

    /// Explains what an id that was not typed to its end stands for, if there is just one.
    fn by_beginning(&self, beginning: &str) -> bool {
        let ids = self.report.findings.iter().map(|it| &it.id);
        let ids = ids.chain(self.report.lines.iter().map(|it| &it.id));
        let ids = ids.chain(self.report.payments.iter().map(|it| &it.id));
        let begins = |id: &&String| {
            id.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
        };
        let fitting: Vec<&String> = ids.filter(begins).collect();
        match fitting.as_slice() {
            [id] if beginning.len() > 2 => self.by_id(id),
            _ => false,
        }
    }

    /// Explains the expected items of that name, with or without the period before it.
    fn by_name(&self, name: &str) -> bool {
        let named = |it: &&Expected| it.name == name || name_of(it) == name;
        let items: Vec<&Expected> = self.report.expected.iter().filter(named).collect();
        items.iter().for_each(|expected| self.expected(expected));
        !items.is_empty()
    }

    /// Explains the bill lines of that item, as printed, and the expected items of that label.
    fn by_item(&self, item: &str) -> bool {
        let lines: Vec<&BillLine> = self.report.lines.iter().filter(|line| line.item == item).collect();
        lines.iter().for_each(|line| self.bill_line(line));
        let labelled = self.report.expected.iter().filter(|it| it.label == item && lines.is_empty());
        let labelled: Vec<&Expected> = labelled.collect();
        labelled.iter().for_each(|expected| self.expected(expected));
        !lines.is_empty() || !labelled.is_empty()
    }

    /// Explains everything that is of that amount.
    fn by_amount(&self, text: &str) -> bool {
        let Ok(wanted) = Money::parse(text) else { return false };
        let same = |amount: &str| Money::parse(amount).is_ok_and(|amount| amount == wanted);
        let mut found = false;
        for line in self.report.lines.iter().filter(|it| same(&it.amount) || same(&it.disputed)) {
            self.bill_line(line);
            found = true;
        }
        for finding in self.report.findings.iter().filter(|it| same(&it.amount) || same(&it.claim)) {
            self.finding(finding);
            found = true;
        }
        for expected in self.report.expected.iter().filter(|it| same(&it.amount_low) || same(&it.amount_high))
        {
            self.expected(expected);
            found = true;
        }
        for payment in self.report.payments.iter().filter(|it| same(&it.amount)) {
            self.payment(payment);
            found = true;
        }
        found
    }

    fn finding(&self, finding: &Finding) {
        let words = Message::new("explain.finding").text("id", &finding.id).text("code", &finding.code);
        let words = words.text("title", &finding.title).text("period", &finding.period);
        self.console.say(&words.text("amount", &finding.amount).text("claim", &finding.claim));
        self.text("explain.text", &finding.explanation);
        for evidence in &finding.evidence {
            let words =
                Message::new("explain.evidence").text("path", &evidence.path).text("row", evidence.row);
            let words = words.text("column", evidence.column.map(|it| it.to_string()).unwrap_or_default());
            let words = words.text("header", evidence.header.as_deref().unwrap_or_default());
            self.console.say(&words.text("quote", &evidence.quote));
        }
        finding.clauses.iter().for_each(|clause| self.clause(clause));
        for law in self.report.laws.iter().filter(|law| finding.basis.contains(&law.id)) {
            self.console
                .say(&Message::new("explain.law").text("title", &law.title).text("quote", &law.quote));
        }
        finding.ask.iter().for_each(|text| self.text("explain.ask", text));
        finding.innocent.iter().for_each(|text| self.text("explain.innocent", text));
        for deadline in &finding.deadlines {
            let words = Message::new("explain.deadline").text("label", &deadline.label);
            let words = words.text("safe_until", &deadline.safe_until);
            self.console.say(&words.text("at_the_latest", &deadline.at_the_latest));
        }
        let steps = self.report.next_steps.iter();
        steps.filter(|step| step.finding.as_ref() == Some(&finding.id)).for_each(|step| self.next_step(step));
        for id in &finding.lines {
            self.report.lines.iter().filter(|line| line.id == *id).for_each(|line| self.bill_line(line));
        }
    }

    /// Explains a bill line, and how the expected items that it charges were computed.
    fn bill_line(&self, line: &BillLine) {
        let words = Message::new("explain.line").text("id", &line.id).text("item", &line.item);
        let words = words.text("amount", &line.amount).text("period", &line.period);
        let words = words.text("explained", &line.explained).text("disputed", &line.disputed);
        self.console.say(&words.text("unverified", &line.unverified));
        self.place(&line.source);
        self.text("explain.text", &line.why);
        line.findings.iter().for_each(|id| self.text("explain.line-finding", id));
        let charged_by = |it: &&Expected| it.lines.contains(&line.id);
        self.report.expected.iter().filter(charged_by).for_each(|it| self.expected(it));
    }

    fn expected(&self, expected: &Expected) {
        let words = Message::new("explain.expected").text("label", &expected.label);
        let words = words.text("period", &expected.period).text("name", &expected.name);
        self.console.say(&words.text("amount", bounds(expected)));
        let mut clauses: Vec<(&str, &str)> = Vec::new();
        for step in &expected.trace {
            // What a finding decides is no formula: its figure is what is left.
            let formula = if step.formula.is_empty() { &step.after } else { &step.formula };
            self.console.say(&Message::new("explain.step").text("what", &step.what).text("formula", formula));
            let plan = step.rule.split('/').next().unwrap_or_default();
            let clause = (plan, step.clause.as_deref().unwrap_or_default());
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
        let cited = |it: &&Clause| clauses.contains(&(it.plan.as_str(), it.clause.as_str()));
        self.report.clauses.iter().filter(cited).for_each(|clause| self.clause(clause));
    }

    fn payment(&self, payment: &Payment) {
        let words = Message::new("explain.payment").text("id", &payment.id).text("paid_at", &payment.paid_at);
        let words = words.text("payee", &payment.payee).text("amount", &payment.amount);
        self.console.say(&words.text("left_over", &payment.left_over));
        self.place(&payment.source);
        for matched in &payment.matched {
            let words = Message::new("explain.match").text("to", &matched.to).text("id", &matched.id);
            self.console.say(&words.text("amount", &matched.amount).text("rule", &matched.rule));
        }
        payment.findings.iter().for_each(|id| self.text("explain.line-finding", id));
    }

    fn clause(&self, clause: &Clause) {
        let words =
            Message::new("explain.clause").text("plan", &clause.plan_name).text("clause", &clause.clause);
        self.console.say(&words.text("text", &clause.text).text("source", &clause.source));
    }

    fn place(&self, place: &Place) {
        let words = Message::new("explain.place").text("path", &place.path);
        let words = words.text("sheet", place.sheet.as_deref().unwrap_or_default());
        self.console.say(&words.text("row", place.row.map(|row| row.to_string()).unwrap_or_default()));
    }

    fn text(&self, key: &str, text: &str) {
        self.console.say(&Message::new(key).text("text", text));
    }
}
