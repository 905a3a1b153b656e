//! `report.json`, version `mingzhang.report/1`. Fields are added, never changed.
//!
//! Money is decimal text with at least two places; rows and columns are 1-based; days are `YYYY-MM-DD`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of this model.
pub const SCHEMA: &str = "mingzhang.report/1";

/// Defines a type of the report model with the derives that all of them share.
macro_rules! report_type {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    };
}

mod records;

pub use records::*;

report_type! {
    /// The whole report.
    Report {
        /// Always `mingzhang.report/1`.
        schema: String,
        /// What made it.
        program: Program,
        /// Language of the texts: `zh` or `en`.
        lang: String,
        /// Content id of the report: two groups of four hexadecimal digits.
        id: String,
        /// Day of the calculation.
        as_of: String,
        /// Title.
        title: String,
        /// One sentence in plain words: what is wrong, how much, why we know.
        lead: String,
        /// Phone numbers, as shown.
        subjects: Vec<Subject>,
        /// Input files.
        inputs: Vec<Input>,
        /// Rows that were set aside.
        set_aside: Vec<SetAside>,
        /// Remarks that belong to no row: unusable files, contradictions, plans taken as in force.
        notes: Vec<Note>,
        /// Sums.
        totals: Totals,
        /// Bill lines with their disposition.
        lines: Vec<BillLine>,
        /// What the bill should have been.
        expected: Vec<Expected>,
        /// billed − expected by cycle.
        gaps: Vec<Gap>,
        /// Findings.
        findings: Vec<Finding>,
        /// Payments.
        payments: Vec<Payment>,
        /// What was paid for each bill, of the bills that some payment settles.
        #[serde(default)]
        bills_paid: Vec<BillPaid>,
        /// Detectors run and not run.
        detectors: Vec<Detector>,
        /// What to do, ranked.
        next_steps: Vec<NextStep>,
        /// Ways to take the claims on bills, in the order in which they do not shut each other out.
        route: Vec<Channel>,
        /// Service record by party.
        service: Vec<Service>,
        /// The four questions to a platform that sells or resells; empty without contacts with one.
        platform_record: Vec<PlatformAnswer>,
        /// Completeness by line, kind and day.
        coverage: Vec<CoverageMap>,
        /// Buckets: how allowances and packs were used.
        buckets: Vec<Bucket>,
        /// Rules of law that findings rest on, quoted.
        laws: Vec<Law>,
        /// Plan clauses that figures rest on, quoted.
        clauses: Vec<Clause>,
        /// Sums that must close.
        control: Control,
        /// Who complains; masked in shared copies.
        complainant: Complainant,
        /// Quoted files of the case.
        attachments: Vec<Attachment>,
        /// Use and stated fees by day, by number, cycle and kind.
        #[serde(default)]
        usage: Vec<UsageDays>,
        /// What customer service can check, from records only, by number, cycle and kind.
        #[serde(default)]
        facts: Vec<FactSheet>,
        /// What happened and when: orders, allowances used up, payments, contacts, faults.
        #[serde(default)]
        timeline: Vec<Moment>,
        /// Conversations about the case, by time.
        #[serde(default)]
        contacts: Vec<Contact>,
        /// Province of the case, as case.toml names it.
        #[serde(default)]
        province: Option<String>,
    }
}

report_type! {
    /// What made the report.
    Program {
        /// Version of the program.
        version: String,
    }
}

report_type! {
    /// A phone number of the case.
    Subject {
        /// The number.
        msisdn: String,
        /// The number with its middle masked, for headlines.
        shown: String,
        /// Operator code, empty when unknown.
        operator: String,
        /// Operator in words, empty when unknown.
        operator_name: String,
        /// Company that a letter addresses, empty when unknown.
        respondent: String,
        /// First billed day.
        start: Option<String>,
        /// Last billed day (inclusive).
        end: Option<String>,
    }
}

report_type! {
    /// An input file.
    Input {
        /// Path relative to the case folder.
        path: String,
        /// SHA-256 in hexadecimal.
        sha256: String,
        /// Size.
        bytes: u64,
        /// Format id of the (first) table; null when the file could not be used.
        profile: Option<String>,
        /// Whether that layout was confirmed on a real file.
        verified: bool,
        /// General table that it fills; null when the file could not be used.
        table: Option<String>,
        /// Rows below the header that are not blank.
        rows_read: u64,
        /// Rows that became records.
        rows_used: u64,
        /// Rows that did not.
        rows_set_aside: u64,
        /// Days that the file speaks for.
        covers: Option<Covers>,
        /// What the file says about itself.
        control: Vec<ControlTotal>,
        /// Tables, when the file has several.
        tables: Vec<InputTable>,
        /// Why the file could not be used.
        problem: Option<Problem>,
    }
}

report_type! {
    /// One of several tables in a file.
    InputTable {
        /// Sheet of a workbook.
        sheet: Option<String>,
        /// Row of the header.
        header_row: u32,
        /// Format id.
        profile: String,
        /// General table that it fills.
        table: String,
        /// Rows below the header that are not blank.
        rows_read: u64,
        /// Rows that became records.
        rows_used: u64,
        /// Rows that did not.
        rows_set_aside: u64,
    }
}

report_type! {
    /// Days that a file speaks for.
    Covers {
        /// First day.
        start: String,
        /// Last day (inclusive).
        end: String,
        /// `stated`, `declared` or `inferred`.
        by: String,
    }
}

report_type! {
    /// A printed total against the counted one.
    ControlTotal {
        /// What is counted.
        name: String,
        /// As printed.
        stated: String,
        /// Counted.
        counted: String,
        /// Whether both agree.
        ties: bool,
    }
}

report_type! {
    /// Why a file could not be used.
    Problem {
        /// Stable code.
        code: String,
        /// What is wrong.
        message: String,
        /// What to do instead.
        help: String,
    }
}

report_type! {
    /// A row that was set aside.
    SetAside {
        /// Path.
        path: String,
        /// Sheet of a workbook.
        sheet: Option<String>,
        /// Row.
        row: Option<u32>,
        /// Column.
        column: Option<u32>,
        /// Header of the column.
        header: Option<String>,
        /// Value as it stands.
        value: Option<String>,
        /// `structure` or `problem`.
        class: String,
        /// Rule that read it.
        rule: Option<String>,
        /// Why it was set aside.
        reason: String,
        /// What to do.
        help: Option<String>,
    }
}

report_type! {
    /// A remark that belongs to no row.
    Note {
        /// File, if any.
        path: Option<String>,
        /// What it says.
        text: String,
    }
}

report_type! {
    /// Sums over the case.
    Totals {
        /// Σ charges of all bills.
        billed: String,
        /// Lower bound of what was owed.
        expected_low: String,
        /// Upper bound of what was owed.
        expected_high: String,
        /// Σ `lines[].explained`.
        explained: String,
        /// Σ `lines[].disputed`.
        disputed: String,
        /// Σ `lines[].unverified`.
        unverified: String,
        /// Σ claims of proven findings, payments included.
        claim_proven: String,
        /// Σ claims of probable findings, payments included.
        claim_probable: String,
        /// Yuan that hang on missing records, each once.
        at_stake_needs_evidence: String,
        /// Carrier-related payments that succeeded.
        paid: String,
        /// Of it given back.
        refunded: String,
    }
}

report_type! {
    /// A place in a file.
    Place {
        /// Path.
        path: String,
        /// Sheet of a workbook.
        sheet: Option<String>,
        /// Row; null for a made line without row.
        row: Option<u32>,
    }
}

report_type! {
    /// A bill line with its disposition.
    BillLine {
        /// `L-` and ten hexadecimal digits.
        id: String,
        /// Where it stands.
        source: Place,
        /// Number.
        msisdn: String,
        /// Cycle.
        period: String,
        /// Item as printed.
        item: String,
        /// Category.
        category: String,
        /// Yuan.
        amount: String,
        /// Yuan explained.
        explained: String,
        /// Yuan disputed.
        disputed: String,
        /// Yuan that cannot be told yet.
        unverified: String,
        /// Findings on it.
        findings: Vec<String>,
        /// Why, in one sentence.
        why: String,
    }
}

report_type! {
    /// An expected item.
    Expected {
        /// Number.
        msisdn: String,
        /// Cycle.
        period: String,
        /// Rate id, `monthly`, pack id, credit id.
        name: String,
        /// The item in words.
        label: String,
        /// Lower bound.
        amount_low: String,
        /// Upper bound.
        amount_high: String,
        /// Every step.
        trace: Vec<TraceStep>,
        /// Bill lines that charge it.
        #[serde(default)]
        lines: Vec<String>,
    }
}

report_type! {
    /// A step of a computation.
    TraceStep {
        /// Rule id.
        rule: String,
        /// Clause id.
        clause: Option<String>,
        /// What the step does.
        what: String,
        /// The computation as text.
        formula: String,
        /// Value before.
        before: String,
        /// Value after.
        after: String,
    }
}

report_type! {
    /// billed − expected of one cycle.
    Gap {
        /// Number.
        msisdn: String,
        /// Cycle.
        period: String,
        /// Σ charges.
        billed: String,
        /// Settled upper bound.
        expected: String,
        /// Named, disjoint causes.
        causes: Vec<Cause>,
        /// What no cause explains.
        residual: String,
    }
}

report_type! {
    /// A cause of a gap.
    Cause {
        /// Finding, if it is one.
        finding: Option<String>,
        /// Name, if it is none: `not-charged`, `unverified`.
        name: Option<String>,
        /// The cause in words.
        label: String,
        /// Yuan.
        amount: String,
    }
}

report_type! {
    /// A finding.
    Finding {
        /// `F-` and ten hexadecimal digits.
        id: String,
        /// Detector code.
        code: String,
        /// Detector name.
        name: String,
        /// `E`, `Q` or `W`.
        kind: String,
        /// `proven`, `probable` or `needs-evidence`.
        verdict: String,
        /// Number.
        msisdn: String,
        /// Cycle.
        period: String,
        /// Day of the event, where there is one.
        date: Option<String>,
        /// Yuan that it alone would give back, or that hang on it.
        amount: String,
        /// Yuan claimed.
        claim: String,
        /// What is wrong.
        title: String,
        /// Why we know.
        explanation: String,
        /// Quoted cells.
        evidence: Vec<Evidence>,
        /// Quoted rows in their context, for readers.
        excerpts: Vec<Excerpt>,
        /// Clauses.
        clauses: Vec<Clause>,
        /// Law ids.
        basis: Vec<String>,
        /// What to ask, whom.
        ask: Vec<String>,
        /// Innocent explanations.
        innocent: Vec<String>,
        /// Dates.
        deadlines: Vec<Deadline>,
        /// Bill lines it is about.
        lines: Vec<String>,
        /// Conditional remedies, never part of the claim.
        remedies: Vec<Remedy>,
        /// Yuan of `totals.at_stake_needs_evidence` that hang on this finding; no yuan is counted twice.
        #[serde(default)]
        at_stake: String,
    }
}

report_type! {
    /// A quoted cell.
    Evidence {
        /// `supports`, `contradicts` or `context`.
        role: String,
        /// Path.
        path: String,
        /// Sheet of a workbook.
        sheet: Option<String>,
        /// Row.
        row: u32,
        /// Column; null where the whole row is meant.
        column: Option<u32>,
        /// Header of the column.
        header: Option<String>,
        /// The cell as printed.
        quote: String,
        /// Stored form of a workbook number, where it differs.
        raw: Option<String>,
    }
}

report_type! {
    /// Rows of a file around a quoted cell.
    Excerpt {
        /// Path.
        path: String,
        /// Sheet of a workbook.
        sheet: Option<String>,
        /// Headers of the columns shown; empty when the rows stand above the header.
        header: Vec<String>,
        /// 1-based columns shown.
        columns: Vec<u32>,
        /// Rows shown.
        rows: Vec<ExcerptRow>,
    }
}

report_type! {
    /// A row of an excerpt.
    ExcerptRow {
        /// Row.
        row: u32,
        /// Cells of the columns shown.
        cells: Vec<String>,
        /// Whether the row is evidence.
        hit: bool,
        /// Column of the deciding cell.
        hit_column: Option<u32>,
    }
}

report_type! {
    /// A clause of a plan.
    Clause {
        /// Plan id.
        plan: String,
        /// Name of the plan as people know it.
        plan_name: String,
        /// Clause id.
        clause: String,
        /// The rule's own words.
        text: String,
        /// Where they were read.
        source: String,
    }
}

report_type! {
    /// A date to keep.
    Deadline {
        /// `appeal`, `first-complaint`, `records-kept`.
        what: String,
        /// The date in words.
        label: String,
        /// Safe until this day.
        safe_until: String,
        /// At the latest on this day.
        at_the_latest: String,
        /// Law id.
        basis: String,
    }
}

report_type! {
    /// A conditional remedy.
    Remedy {
        /// Under which condition, in words.
        text: String,
        /// Yuan under that condition.
        amount: String,
        /// Law id.
        basis: String,
    }
}

report_type! {
    /// A payment.
    Payment {
        /// `P-` and ten hexadecimal digits.
        id: String,
        /// Where it stands.
        source: Place,
        /// When.
        paid_at: String,
        /// Platform.
        platform: String,
        /// Payee.
        payee: String,
        /// Purpose.
        description: String,
        /// Yuan.
        amount: String,
        /// `out`, `in` or empty.
        direction: String,
        /// Status.
        status: String,
        /// What it was matched to.
        matched: Vec<PaymentMatch>,
        /// Yuan that nothing explains.
        left_over: String,
        /// Findings on it.
        findings: Vec<String>,
        /// Yuan of `totals.paid` that are this payment; 0.00 when no money left or another row shows it too.
        #[serde(default)]
        counted: String,
        /// Yuan of `totals.refunded` that gave it back.
        #[serde(default)]
        given_back: String,
        /// What it fits as well as something else does: nothing was chosen.
        #[serde(default)]
        ties: Vec<PaymentTie>,
    }
}

report_type! {
    /// A bill or an order that a payment fits, as well as it fits another.
    PaymentTie {
        /// `bill` or `order`.
        to: String,
        /// Cycle or order id.
        id: String,
        /// Number of the line.
        msisdn: String,
        /// Where it stands.
        source: Place,
        /// Yuan that it asks for; empty = not stated.
        amount: String,
    }
}

report_type! {
    /// What was paid for a bill.
    BillPaid {
        /// Number of the line.
        msisdn: String,
        /// Cycle.
        period: String,
        /// Yuan that the bill asks for.
        due: String,
        /// Yuan of payments that settle it.
        paid: String,
        /// Yuan that no payment in the papers settles.
        open: String,
        /// Ids of the payments.
        payments: Vec<String>,
    }
}

report_type! {
    /// A match of a payment.
    PaymentMatch {
        /// `line`, `bill`, `order` or `payment`.
        to: String,
        /// Id or cycle of the other side.
        id: String,
        /// Yuan.
        amount: String,
        /// Rule.
        rule: String,
    }
}

report_type! {
    /// A detector.
    Detector {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// Title in words.
        title: String,
        /// `found`, `nothing`, `not-applicable` or `needs-evidence`.
        outcome: String,
        /// How many findings.
        findings: u64,
        /// Missing records.
        missing: Vec<String>,
    }
}

report_type! {
    /// A step to take.
    NextStep {
        /// 1 = first.
        rank: u32,
        /// What to do.
        what: String,
        /// Who does it or whom to ask.
        who: String,
        /// Until when.
        by: Option<String>,
        /// Yuan that hang on it.
        money: String,
        /// Finding.
        finding: Option<String>,
    }
}

report_type! {
    /// A way to take a claim.
    Channel {
        /// Place in the order.
        rank: u32,
        /// `operator`, `miit`, `12315`, `association` or `court`.
        channel: String,
        /// The same in words.
        label: String,
        /// `now`, `later`, `done`, `over` or `shut`.
        state: String,
        /// The same in words.
        state_label: String,
        /// Day after which it may be used, where that is known.
        from: Option<String>,
        /// Whether that day was counted without published days off.
        provisional: bool,
        /// Last safe day.
        until: Option<String>,
        /// When it may be used, and what it shuts out.
        text: String,
        /// Law id, if it may be quoted.
        basis: Option<String>,
    }
}

report_type! {
    /// An answer to one of the four questions to a platform.
    PlatformAnswer {
        /// `qualification`, `response`, `closed` or `corrected`.
        question: String,
        /// The question in words.
        label: String,
        /// The answer, from records only.
        answer: String,
        /// Files, tickets or times that it rests on; for the last two those that are still open.
        records: Vec<String>,
    }
}

report_type! {
    /// Service record of one party.
    Service {
        /// Party.
        party: String,
        /// Contacts.
        contacts: u32,
        /// Promises kept.
        promises_kept: u32,
        /// Promises broken.
        promises_broken: u32,
        /// Median waiting time.
        median_wait_s: Option<u32>,
        /// Median days to an answer.
        median_days_to_answer: Option<String>,
        /// Given of asked, e.g. `1/2`.
        rule_text_given: String,
        /// Matters that ended with a kept promise, of all: `1/2`.
        closed: String,
    }
}

report_type! {
    /// Completeness of one kind over one cycle.
    CoverageMap {
        /// Number.
        msisdn: String,
        /// Cycle.
        period: String,
        /// Kind of record.
        kind: String,
        /// `proved`, `inferred` or `unknown`.
        level: String,
        /// Days proved or inferred, of the days of the cycle.
        days_covered: u32,
        /// By day of the cycle: `stated`, `declared`, `inferred` or empty.
        days: Vec<String>,
        /// Records by day of the cycle.
        events: Vec<u32>,
    }
}

report_type! {
    /// Use of an allowance or pack in a cycle.
    Bucket {
        /// Number.
        msisdn: String,
        /// Cycle.
        period: String,
        /// Bucket id.
        id: String,
        /// Name of the plan or pack.
        plan: String,
        /// Unit.
        unit: String,
        /// Granted, e.g. `10GB`.
        granted: String,
        /// Used.
        used: String,
        /// When it was used up.
        exhausted_at: Option<String>,
    }
}

report_type! {
    /// A rule of law, contract or promise, quoted.
    Law {
        /// Id.
        id: String,
        /// Name and article.
        title: String,
        /// Exact words.
        quote: String,
        /// Where they were read.
        source: String,
    }
}

report_type! {
    /// The sums that must close.
    Control {
        /// Rows read in all files.
        rows_read: u64,
        /// Rows used.
        rows_used: u64,
        /// Rows set aside.
        rows_set_aside: u64,
        /// Rows set aside by class.
        set_aside_by_class: BTreeMap<String, u64>,
        /// Σ of all residuals.
        residual: String,
        /// Whether rows read = used + set aside, billed = explained + disputed + unverified and residual = 0.00.
        closes: bool,
    }
}

report_type! {
    /// Who complains.
    Complainant {
        /// Name.
        name: Option<String>,
        /// Phone.
        phone: Option<String>,
        /// Address.
        address: Option<String>,
    }
}

report_type! {
    /// A quoted file.
    Attachment {
        /// Path.
        path: String,
        /// What it is about.
        about: Option<String>,
        /// Where and when it was obtained.
        obtained: Option<String>,
        /// SHA-256, when the file is there.
        sha256: Option<String>,
    }
}
