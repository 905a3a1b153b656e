//! Shorthands for the words of a renderer.

use crate::error::Result;
use crate::model::message::Message;
use crate::report::model::{BillPaid, ControlTotal, Covers, Payment, PaymentMatch, PaymentTie, Report};
use crate::report::wording::Wording;

/// The words of one language, with shorthands for the ways in which renderers ask.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub(crate) &'a Wording);

impl Words<'_> {
    /// Returns a sentence without arguments.
    pub(crate) fn plain(self, key: &str) -> Result<String> {
        self.0.word(key)
    }

    /// Returns a sentence with text arguments.
    pub(crate) fn with(self, key: &str, args: &[(&'static str, &str)]) -> Result<String> {
        self.0.say(&args.iter().fold(Message::new(key), |message, (name, text)| message.text(name, text)))
    }

    /// Returns a sentence with text arguments that were made for it.
    pub(crate) fn filled(self, key: &str, args: &[(&'static str, String)]) -> Result<String> {
        self.0.say(&args.iter().fold(Message::new(key), |message, (name, text)| message.text(name, text)))
    }

    /// Returns a sentence with one count.
    pub(crate) fn count(self, key: &str, count: usize) -> Result<String> {
        self.0.say(&Message::new(key).count("count", count))
    }

    /// Returns the word for a code of the model, or the code itself where there is none (`common.<area>.<code>`).
    pub(crate) fn code(self, area: &str, code: &str) -> Result<String> {
        let key = format!("common.{area}.{code}");
        if self.0.has(&key) { self.0.word(&key) } else { Ok(code.to_owned()) }
    }

    /// Returns what a payment was matched to, with its yuan.
    pub(crate) fn matched(self, found: &PaymentMatch) -> Result<String> {
        let what = match found.to.as_str() {
            "order" | "payment" => self.plain(&format!("html.match.{}", found.to))?,
            to => self.with(&format!("html.match.{to}"), &[("id", &found.id)])?,
        };
        self.with("html.match", &[("what", &what), ("amount", &shown(&found.amount))])
    }

    /// Returns what a payment was matched to, and what it only fits.
    pub(crate) fn matches(self, payment: &Payment) -> Result<Vec<String>> {
        let matched = payment.matched.iter().map(|found| self.matched(found));
        let mut all =
            matched.chain(payment.ties.iter().map(|tie| self.tie(tie))).collect::<Result<Vec<_>>>()?;
        if !payment.ties.is_empty() {
            all.push(self.plain("payments.tied")?);
        }
        Ok(all)
    }

    /// Returns what a payment fits as well as something else, with its row.
    fn tie(self, tie: &PaymentTie) -> Result<String> {
        let source = &tie.source;
        let place = self.place(&source.path, source.sheet.as_deref(), source.row)?;
        let what = match tie.to.as_str() {
            "order" => self.plain("html.match.order")?,
            _ => self.with("html.match.bill", &[("id", &tie.id)])?,
        };
        self.with("payments.tie", &[("what", &what), ("amount", &shown(&tie.amount)), ("place", &place)])
    }

    /// Returns how much of a bill is paid and open, for bills of which something is open.
    pub(crate) fn bills_open(self, report: &Report) -> Result<Vec<String>> {
        let open = report.bills_paid.iter().filter(|bill| bill.open != "0.00");
        let text = |bill: &BillPaid| {
            let values = [
                ("period", bill.period.as_str()),
                ("due", &bill.due),
                ("paid", &bill.paid),
                ("open", &bill.open),
            ];
            self.with("payments.open", &values)
        };
        open.map(text).collect()
    }

    /// Returns a total that a file prints, and whether it ties.
    pub(crate) fn control_total(self, total: &ControlTotal) -> Result<String> {
        let name = self.code("control", &total.name)?;
        let key = if total.ties { "html.control_ties" } else { "html.control_differs" };
        self.with(key, &[("name", name.as_str()), ("stated", &total.stated), ("counted", &total.counted)])
    }

    /// Returns the days that a file speaks for, and how that is known.
    pub(crate) fn covers(self, days: &Covers) -> Result<String> {
        let by = self.code("covered-by", &days.by)?;
        self.with("html.covers_of", &[("start", &days.start), ("end", &days.end), ("by", &by)])
    }

    /// Returns the name of a part of the use in words: what the records leave empty and the smaller ones have names.
    pub(crate) fn part_name(self, name: &str) -> Result<String> {
        match name {
            "" => self.plain("facts.not-stated"),
            "*" => self.plain("facts.others"),
            name => Ok(name.to_owned()),
        }
    }

    /// Returns the place of a row in words: path, sheet, row.
    pub(crate) fn place(self, path: &str, sheet: Option<&str>, row: Option<u32>) -> Result<String> {
        let file = sheet.map_or_else(|| path.to_owned(), |sheet| format!("{path} · {sheet}"));
        match row {
            Some(row) => self.with("html.place_of", &[("file", &file), ("row", &row.to_string())]),
            None => Ok(file),
        }
    }
}

/// Returns the amount with a real minus sign.
pub(crate) fn shown(amount: &str) -> String {
    amount.replace('-', "−")
}
