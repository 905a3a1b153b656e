//! `case.toml`: what the person knows and the papers do not say.

mod spec;

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::value::Datetime;

use crate::model::case::{
    Attachment, CaseFile, Complainant, Contact, DeclaredCoverage, Incident, LineInfo, Opening, Operator,
    SourceHint, Statement, Subscription,
};
use crate::model::coverage::CoverKind;
use crate::model::message::Message;
use crate::model::period::{Day, DaySpan};
use crate::model::quantity::{Unit, Volume};
use crate::rules::check::{Checker, Text};
use crate::spec::{self as files, SpecDocument, SpecProblem, SpecText};
use spec::{
    AttachmentSpec, CaseSpec, ContactSpec, CoverageSpec, IncidentSpec, LineSpec, OpeningSpec, SourceSpec,
    StatementSpec, SubscriptionSpec,
};

/// Version of the case file that is read.
pub const SCHEMA: &str = "mingzhang.case/1";

const CHANNELS: [(&str, ()); 7] = [
    ("operator", ()),
    ("platform", ()),
    ("miit", ()),
    ("12315", ()),
    ("heimao", ()),
    ("association", ()),
    ("court", ()),
];
const OUTCOMES: [(&str, ()); 3] = [("kept", ()), ("broken", ()), ("open", ())];
const BILLING: [(&str, bool); 2] = [("prepaid", true), ("postpaid", false)];

/// Returns the checked case file.
///
/// # Errors
/// With every problem of the file, by place.
pub fn parse(path: &str, text: &str) -> Result<CaseFile, Vec<SpecProblem>> {
    let mut document = SpecDocument::parse(SpecText { path, text });
    let spec: Option<CaseSpec> = document.extract();
    let Some(spec) = spec.filter(|_| !document.is_broken()) else { return Err(document.into_problems()) };
    let mut check = Checker::after(document);
    let case = CaseChecker { check: &mut check, msisdns: BTreeSet::new() }.case(spec);
    files::sort_problems(&mut check.problems);
    if check.problems.is_empty() { Ok(case) } else { Err(check.problems) }
}

struct CaseChecker<'c, 'a> {
    check: &'c mut Checker<'a>,
    /// Numbers of the `[[line]]` tables; when there are any, others may only name these.
    msisdns: BTreeSet<String>,
}

impl CaseChecker<'_, '_> {
    fn case(&mut self, spec: CaseSpec) -> CaseFile {
        self.check.schema(spec.schema.as_ref(), SCHEMA);
        let complainant =
            spec.complainant.map(|it| Complainant { name: it.name, phone: it.phone, address: it.address });
        CaseFile {
            title: spec.title,
            province: spec.province,
            as_of: self.check.optional_day(spec.as_of.as_ref()),
            complainant: complainant.unwrap_or_default(),
            lines: each(spec.line, |table, it| self.line(table, it)),
            subscriptions: each(spec.subscription, |table, it| self.subscription(table, it)),
            sources: each(spec.source, |table, it| self.source(table, it)),
            statements: each(spec.statement, |table, it| self.statement(table, it)),
            coverage: each(spec.coverage, |table, it| self.coverage(table, it)),
            openings: each(spec.opening, |table, it| self.opening(table, it)),
            contacts: each(spec.contact, |table, it| self.contact(table, it)),
            incidents: each(spec.incident, |table, it| self.incident(table, it)),
            attachments: each(spec.attachment, |table, it| self.attachment(table, it)),
        }
    }

    fn line(&mut self, table: &Range<usize>, spec: LineSpec) -> Option<LineInfo> {
        let msisdn = self.check.required(table, "msisdn", spec.msisdn.as_ref());
        let number = msisdn.and_then(|text| self.number(text));
        if let (Some(number), Some(text)) = (&number, msisdn)
            && !self.msisdns.insert(number.clone())
        {
            self.check.problem(text.span(), Message::new("case.repeated-line").text("msisdn", number));
        }
        let operators = Operator::ALL.map(|operator| (operator.code(), operator));
        let operator = spec.operator.as_ref().and_then(|word| self.check.choice(word, &operators));
        let prepaid = spec.billing.as_ref().and_then(|word| self.check.choice(word, &BILLING));
        Some(LineInfo { msisdn: number?, operator, prepaid, respondent: spec.respondent })
    }

    fn subscription(&mut self, table: &Range<usize>, spec: SubscriptionSpec) -> Option<Subscription> {
        let msisdn = self.required_msisdn(table, spec.msisdn.as_ref());
        let product = self.check.text(table, "product", spec.product.as_ref());
        let start = self.check.required(table, "start", spec.start.as_ref());
        let start = start.and_then(|start| self.check.day(start));
        let last = self.check.optional_day(spec.end.as_ref());
        self.in_order(start, last, spec.end.as_ref());
        let cancelled_at = self.check.optional_time(spec.cancelled_at.as_ref());
        Some(Subscription {
            msisdn: msisdn?,
            product: product?,
            start: start?,
            last,
            auto_renew: spec.auto_renew,
            cancelled_at,
        })
    }

    fn source(&mut self, table: &Range<usize>, spec: SourceSpec) -> Option<SourceHint> {
        let file = self.file(table, spec.file.as_ref());
        let msisdn = spec.msisdn.as_ref().and_then(|text| self.listed_number(text));
        if let Some(year) = spec.year.as_ref().filter(|year| !(1990..=2100).contains(year.get_ref())) {
            self.check.problem(year.span(), Message::new("case.year").text("value", year.get_ref()));
        }
        Some(SourceHint {
            file: file?,
            msisdn,
            format: spec.format,
            year: spec.year.map(Spanned::into_inner),
        })
    }

    fn statement(&mut self, table: &Range<usize>, spec: StatementSpec) -> Option<Statement> {
        let about = self.check.text(table, "about", spec.about.as_ref());
        let text = self.check.text(table, "text", spec.text.as_ref());
        Some(Statement { about: about?, text: text? })
    }

    fn coverage(&mut self, table: &Range<usize>, spec: CoverageSpec) -> Option<DeclaredCoverage> {
        let file = self.file(table, spec.file.as_ref());
        let msisdn = spec.msisdn.as_ref().and_then(|text| self.listed_number(text));
        let kinds = self.check.required(table, "kinds", spec.kinds.as_ref());
        let kinds = kinds.map(|kinds| self.kinds(kinds));
        let start = self.check.required(table, "start", spec.start.as_ref());
        let start = start.and_then(|start| self.check.day(start));
        let last = self.check.required(table, "end", spec.end.as_ref());
        let last = last.and_then(|last| self.check.day(last));
        self.in_order(start, last, spec.end.as_ref());
        let span = DaySpan::inclusive(start?, last?);
        Some(DeclaredCoverage { file: file?, msisdn, kinds: kinds?, span })
    }

    fn kinds(&mut self, words: &Spanned<Vec<Text>>) -> Vec<CoverKind> {
        if words.get_ref().is_empty() {
            self.check.problem(words.span(), Message::new("spec.empty").text("key", "kinds"));
        }
        let choices = CoverKind::ALL.map(|kind| (kind.code(), kind));
        words.get_ref().iter().filter_map(|word| self.check.choice(word, &choices)).collect()
    }

    fn opening(&mut self, table: &Range<usize>, spec: OpeningSpec) -> Option<Opening> {
        let msisdn = self.required_msisdn(table, spec.msisdn.as_ref());
        let rollover = self.check.required(table, "rollover", spec.rollover.as_ref());
        // The file names no unit: the suffix tells it.
        let volume = |text: &Text| {
            let units = [Unit::Data, Unit::Voice, Unit::Sms];
            units.into_iter().find_map(|unit| Volume::parse(unit, text.get_ref()))
        };
        let rollover = rollover.and_then(|text| self.check.or_note(text, volume(text), "case.rollover"));
        Some(Opening { msisdn: msisdn?, rollover: rollover?, allowance: spec.allowance })
    }

    fn contact(&mut self, table: &Range<usize>, spec: ContactSpec) -> Option<Contact> {
        let at = self.check.required(table, "at", spec.at.as_ref());
        let at = at.and_then(|at| self.check.time(at));
        let channel = self.check.required(table, "channel", spec.channel.as_ref());
        if let Some(channel) = channel {
            self.check.choice(channel, &CHANNELS);
        }
        if let Some(outcome) = &spec.outcome {
            self.check.choice(outcome, &OUTCOMES);
        }
        let due = self.check.optional_time(spec.due.as_ref());
        if let (Some(at), Some(due), Some(place)) = (at, due, &spec.due)
            && due < at
        {
            self.check.ends_before_start(place.span(), &at.to_string());
        }
        Some(Contact {
            at: at?,
            channel: channel?.get_ref().clone(),
            agent_id: spec.agent_id,
            ticket: spec.ticket,
            answered_after_s: spec.answered_after_s,
            said: spec.said,
            promise: spec.promise,
            due,
            outcome: spec.outcome.map(Spanned::into_inner),
            rule_text_given: spec.rule_text_given,
        })
    }

    fn incident(&mut self, table: &Range<usize>, spec: IncidentSpec) -> Option<Incident> {
        let start = self.check.required(table, "start", spec.start.as_ref());
        let start = start.and_then(|start| self.check.time(start));
        let end = self.check.optional_time(spec.end.as_ref());
        if let (Some(start), Some(end), Some(place)) = (start, end, &spec.end)
            && end < start
        {
            self.check.ends_before_start(place.span(), &start.to_string());
        }
        Some(Incident {
            start: start?,
            end,
            place: spec.place,
            rural: spec.rural,
            symptom: spec.symptom,
            tried: spec.tried,
            ticket: spec.ticket,
        })
    }

    fn attachment(&mut self, table: &Range<usize>, spec: AttachmentSpec) -> Option<Attachment> {
        let file = self.file(table, spec.file.as_ref());
        Some(Attachment { file: file?, about: spec.about, obtained: spec.obtained })
    }

    /// Returns a path below the case folder, with `/`.
    fn file(&mut self, table: &Range<usize>, value: Option<&Text>) -> Option<String> {
        let text = self.check.text(table, "file", value)?;
        let path = text.replace('\\', "/");
        let path = path.strip_prefix("./").unwrap_or(&path);
        let inside =
            !path.starts_with('/') && !path.contains(':') && path.split('/').all(|part| part != "..");
        let value = value?;
        self.check.or_note(value, inside.then(|| path.to_owned()), "case.path")
    }

    fn required_msisdn(&mut self, table: &Range<usize>, value: Option<&Text>) -> Option<String> {
        let text = self.check.required(table, "msisdn", value)?;
        self.listed_number(text)
    }

    fn listed_number(&mut self, text: &Text) -> Option<String> {
        let number = self.number(text)?;
        if !self.msisdns.is_empty() && !self.msisdns.contains(&number) {
            let listed: Vec<&str> = self.msisdns.iter().map(String::as_str).collect();
            let message = Message::new("case.unlisted-line").text("msisdn", &number);
            let message = message.text("listed", listed.join(", "));
            self.check.problem(text.span(), message);
        }
        Some(number)
    }

    fn number(&mut self, text: &Text) -> Option<String> {
        let number: String = text.get_ref().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let digits = number.len() >= 5 && number.bytes().all(|byte| byte.is_ascii_digit());
        self.check.or_note(text, digits.then_some(number), "case.number")
    }

    fn in_order(&mut self, start: Option<Day>, last: Option<Day>, place: Option<&Spanned<Datetime>>) {
        if let (Some(start), Some(last), Some(place)) = (start, last, place)
            && last < start
        {
            self.check.ends_before_start(place.span(), &start.to_string());
        }
    }
}

fn each<S, T>(tables: Vec<Spanned<S>>, mut checked: impl FnMut(&Range<usize>, S) -> Option<T>) -> Vec<T> {
    tables
        .into_iter()
        .filter_map(|table| {
            let span = table.span();
            checked(&span, table.into_inner())
        })
        .collect()
}
