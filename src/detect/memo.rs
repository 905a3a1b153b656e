//! What the detectors ask more than once about a line, answered once. It only saves work: what is kept is what would be
//! found again, so that neither the order of the questions nor how often they are asked can be seen.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;

use crate::detect::usage::charged::Charged;
use crate::detect::{Detector, Facts};
use crate::error::Result;
use crate::model::finding::Finding;
use crate::model::record::BillLine;
use crate::reconcile::{other_card_word, subscription_word};

/// Answers about one line, empty at first; [`Facts`] refers to it.
#[derive(Debug, Default)]
pub struct Memo {
    /// Usage charges of the line, and what was asked about each of them.
    charged: OnceCell<Vec<Charged>>,
    /// By bill line: what the words of its item say.
    items: OnceCell<Vec<ItemWords>>,
    /// What detectors found that another one asked ahead of their turn, by code.
    ahead: RefCell<BTreeMap<&'static str, Vec<Finding>>>,
    /// Whether a detector has asked what was found before it: its answer holds for its own turn only.
    looked_back: Cell<bool>,
}

/// What the words of a bill line's item say.
#[derive(Debug, Clone, Copy)]
struct ItemWords {
    is_subscription: bool,
    is_other_card: bool,
}

impl Facts<'_> {
    /// Returns whether the item of a bill line is a subscription and no fee for single events.
    pub fn is_subscription(&self, bill_line: usize) -> bool {
        self.words_of(bill_line).is_subscription
    }

    /// Returns whether the item of a bill line is about the use of another card of the account.
    pub fn is_other_card(&self, bill_line: usize) -> bool {
        self.words_of(bill_line).is_other_card
    }

    fn words_of(&self, bill_line: usize) -> ItemWords {
        let of = |line: &BillLine| ItemWords {
            is_subscription: subscription_word(&line.item).is_some(),
            is_other_card: other_card_word(&line.item).is_some(),
        };
        self.memo.items.get_or_init(|| self.line.bill.iter().map(of).collect())[bill_line]
    }
}

impl Memo {
    /// Returns the usage charges of the line.
    ///
    /// # Errors
    /// Those of `find`, which is called the first time.
    pub(super) fn charged(&self, find: impl FnOnce() -> Result<Vec<Charged>>) -> Result<&[Charged]> {
        if self.charged.get().is_none() {
            // Finding the charges never asks for them, so the cell is still empty.
            _ = self.charged.set(find()?);
        }
        Ok(self.charged.get().map_or(&[], Vec::as_slice))
    }

    /// Remarks that a detector has asked what was found before it.
    pub(super) fn look_back(&self) {
        self.looked_back.set(true);
    }
}

/// Returns what a detector finds in its turn.
///
/// # Errors
/// Those of the detector.
pub(super) fn take_turn(facts: &Facts<'_>, detector: &Detector) -> Result<Vec<Finding>> {
    let ahead = facts.memo.ahead.borrow_mut().remove(detector.code);
    ahead.map_or_else(|| (detector.detect)(facts), Ok)
}

/// Returns whether a detector finds such a thing, ahead of its turn.
///
/// # Errors
/// Those of the detector.
pub(super) fn finds_ahead(
    facts: &Facts<'_>,
    detector: &Detector,
    is_such: impl Fn(&Finding) -> bool,
) -> Result<bool> {
    let memo = facts.memo;
    if let Some(found) = memo.ahead.borrow().get(detector.code) {
        return Ok(found.iter().any(is_such));
    }
    let before = memo.looked_back.replace(false);
    let found = (detector.detect)(facts)?;
    let looked_back = memo.looked_back.replace(before);
    let is_found = found.iter().any(is_such);
    if looked_back {
        memo.look_back();
    } else {
        memo.ahead.borrow_mut().insert(detector.code, found);
    }
    Ok(is_found)
}
