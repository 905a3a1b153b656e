//! The words of `schemas/carriers.toml`: which payments concern a phone line, and what they are for.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::embedded;
use crate::model::record::Payment;
use crate::reconcile::name::normalised;
use crate::spec::{self, SpecText};

/// Days within which a payment takes effect.
const DELIVERY_DAYS: u64 = 3;
/// Days that a slow delivery may take when it names none.
const SLOW_DAYS: u64 = 30;
/// Most days that a text can mean as a term of delivery.
const DAYS_NAMED_MAX: u64 = 90;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) payment: PaymentWords,
    item: ItemWords,
    service: ServiceWords,
}

/// A word, and the form in which it is looked for.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
struct Word {
    written: String,
    normalised: String,
}

impl From<String> for Word {
    fn from(written: String) -> Self {
        let normalised = normalised(&written);
        Self { written, normalised }
    }
}

/// Words of payments.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentWords {
    carrier: Vec<Word>,
    false_friend: Vec<Word>,
    top_up: Vec<Word>,
    automatic: Vec<Word>,
    bill: Vec<Word>,
    refund: Vec<Word>,
    slow: Vec<Word>,
    service_fee: Vec<Word>,
    whole_bill: Vec<Word>,
    part: Vec<Word>,
    not_part: Vec<Word>,
    same_payment: Vec<SamePayment>,
    channel: Vec<Channel>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemWords {
    subscription: Vec<Word>,
    outside: Vec<Word>,
    repeatable: Vec<Word>,
    reopen: Vec<Word>,
    foreign: Vec<Word>,
    transfer: Vec<Word>,
    other_card: Vec<Word>,
    reversal: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceWords {
    qualification: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SamePayment {
    prefix: String,
    platform: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Channel {
    platform: String,
    names: Vec<String>,
}

/// Returns the words; that the embedded file holds is tested, so a failure is a bug of ours.
pub(super) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let path = "carriers.toml";
        let read = spec::read(SpecText { path, text: embedded::text(path) });
        read.unwrap_or_else(|problems| panic!("schemas/carriers.toml: {problems:?}"))
    })
}

/// Returns the word by which a usage item is a subscription (彩信包, 手机报) and not a fee for single events;
/// use outside of one (套餐外, 包外) is a fee for events.
pub fn subscription_word(item: &str) -> Option<&'static str> {
    let (words, item) = (&words().item, normalised(item));
    let outside = first_in(&words.outside, &item).is_some();
    first_in(&words.subscription, &item).filter(|_| !outside)
}

/// Returns the word by which an item may rightly stand twice on one bill (副卡, 亲情, 分期).
pub fn repeatable_word(item: &str) -> Option<&'static str> {
    first_in(&words().item.repeatable, &normalised(item))
}

/// Days within which what was paid for must have arrived: 72 hours, unless the row names a longer term or a slow
/// delivery (慢充).
pub fn delivery_days(payment: &Payment) -> u64 {
    let text = text_of(payment);
    let slow = first_in(&words().payment.slow, &text).is_some();
    let named = days_named(&text).filter(|_| slow || text.contains("到账"));
    named.or(slow.then_some(SLOW_DAYS)).unwrap_or(DELIVERY_DAYS).max(DELIVERY_DAYS)
}

/// Returns whether the row says that a service fee is in it.
pub fn names_service_fee(payment: &Payment) -> bool {
    first_in(&words().payment.service_fee, &text_of(payment)).is_some()
}

/// Returns whether the row says that it pays a bill as a whole, and not some single deduction.
pub fn names_bill(payment: &Payment) -> bool {
    first_in(&words().payment.whole_bill, &text_of(payment)).is_some()
}

/// Returns the largest number of days that the text names, as in 30天内到账.
fn days_named(text: &str) -> Option<u64> {
    let before = text.match_indices('天').map(|(at, _)| &text[..at]);
    let number = |before: &str| {
        let digits = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        before[digits..].parse().ok().filter(|days| (1..=DAYS_NAMED_MAX).contains(days))
    };
    before.filter_map(number).max()
}

/// Returns the word by which a text asks to go on beyond a ceiling.
pub fn reopen_word(text: &str) -> Option<&'static str> {
    first_in(&words().item.reopen, &normalised(text))
}

/// Returns the word by which an order moves the line to another owner or operator (过户, 携号转网).
pub fn transfer_word(text: &str) -> Option<&'static str> {
    first_in(&words().item.transfer, &normalised(text))
}

/// Returns the word by which an item is about the use of another card of the account (副卡), whose list is not this
/// line's.
pub fn other_card_word(item: &str) -> Option<&'static str> {
    first_in(&words().item.other_card, &normalised(item))
}

/// Returns the word by which a line takes a charge of an earlier bill back (退费, 冲正).
pub(super) fn reversal_word(item: &str) -> Option<&'static str> {
    first_in(&words().item.reversal, &normalised(item))
}

/// Returns the word by which a file is about a licence (营业执照, 许可证).
pub fn qualification_word(text: &str) -> Option<&'static str> {
    first_in(&words().service.qualification, &normalised(text))
}

/// Returns the word by which an item or place lies outside of the mainland.
pub fn foreign_word(text: &str) -> Option<&'static str> {
    first_in(&words().item.foreign, &normalised(text))
}

impl PaymentWords {
    /// Returns whether the payment concerns a phone line.
    pub(super) fn is_carrier(&self, payment: &Payment) -> bool {
        let text = text_of(payment);
        let friend = first_in(&self.false_friend, &text).is_some();
        !friend && (!payment.msisdn.is_empty() || first_in(&self.carrier, &text).is_some())
    }

    /// Returns whether the payment says that it buys face value.
    pub(super) fn is_top_up(&self, payment: &Payment) -> bool {
        payment.face_value.is_some() || first_in(&self.top_up, &normalised(&payment.description)).is_some()
    }

    /// Returns whether the payment says that it was made by itself.
    pub(super) fn is_automatic(&self, payment: &Payment) -> bool {
        first_in(&self.automatic, &normalised(&payment.description)).is_some()
    }

    /// Returns whether the payment says that it pays a bill.
    pub(super) fn names_bill(&self, payment: &Payment) -> bool {
        first_in(&self.bill, &normalised(&payment.description)).is_some()
    }

    /// Returns whether the payment can be a part of the bill whose month it names: its purpose is the phone bill as
    /// such, not a pack or a service.
    pub(super) fn names_part(&self, payment: &Payment) -> bool {
        let purpose = normalised(&payment.description);
        let other = first_in(&self.not_part, &purpose).or(subscription_word(&payment.description));
        first_in(&self.part, &purpose).is_some() && other.is_none()
    }

    /// Returns whether the row says that it gives money back.
    pub(super) fn names_refund(&self, payment: &Payment) -> bool {
        first_in(&self.refund, &text_of(payment)).is_some()
    }

    /// Returns the platform that lists the same payment, when this is a bank's row for it.
    pub(super) fn listed_by(&self, payment: &Payment) -> Option<&str> {
        let begins =
            |prefix: &str| payment.payee.starts_with(prefix) || payment.description.starts_with(prefix);
        self.same_payment
            .iter()
            .find(|rule| begins(&rule.prefix) && rule.platform != payment.platform)
            .map(|rule| rule.platform.as_str())
    }

    /// Returns whether the channel of an order names that platform.
    pub(super) fn channel_names(&self, channel: &str, platform: &str) -> bool {
        let channel = normalised(channel);
        channel == normalised(platform)
            || self
                .channel
                .iter()
                .any(|rule| rule.platform == platform && rule.names.iter().any(|name| channel.contains(name)))
    }
}

fn text_of(payment: &Payment) -> String {
    format!("{}|{}", normalised(&payment.payee), normalised(&payment.description))
}

fn first_in<'a>(words: &'a [Word], text: &str) -> Option<&'a str> {
    words.iter().find(|word| holds(text, &word.normalised)).map(|word| word.written.as_str())
}

/// Returns whether the short text holds the short word: most are told apart by the word's first byte.
fn holds(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let Some(first) = word.first() else { return true };
    memchr::memchr_iter(*first, text).any(|at| text[at..].starts_with(word))
}
