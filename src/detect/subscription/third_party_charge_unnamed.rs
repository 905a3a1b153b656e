//! SUB-005 third-party-charge-unnamed.

use crate::detect::subscription::charge::line_stake;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::record::{BillLine, Category};
use crate::reconcile::name::{normalised, same};

/// A fee collected for somebody else does not say for whom.
pub static DETECTOR: Detector = Detector {
    code: "SUB-005",
    name: "third-party-charge-unnamed",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["xf-8", "dx-33", "zc-tariff-2018"],
    page: include_str!("third_party_charge_unnamed.md"),
    stakes,
    detect,
};

/// Words of an item that name nobody.
const GENERAL_WORDS: [&str; 26] = [
    "代收",
    "代扣",
    "代缴",
    "第三方",
    "信息",
    "服务",
    "业务",
    "增值",
    "合作",
    "内容",
    "包月",
    "功能",
    "点播",
    "梦网",
    "通信",
    "账户",
    "支付",
    "其他",
    "套餐",
    "外",
    "及",
    "类",
    "月",
    "使用",
    "款",
    "费",
];
/// Digits in a row that make a service code.
const CODE_DIGITS: usize = 4;

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(collected(facts).map(|(index, _)| line_stake(facts, index, Money::ZERO, vec![])).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let unnamed = collected(facts).filter(|(_, line)| !names_provider(facts, line));
    Ok(unnamed.map(|(index, line)| finding(facts, index, line)).collect())
}

fn collected<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (usize, &'a BillLine)> {
    let lines = facts.line.bill.iter().enumerate();
    lines.filter(|(_, line)| line.category == Category::ThirdParty && line.amount.is_positive())
}

/// Returns whether the bill, a list that details it, or the item itself names the provider or its code.
fn names_provider(facts: &Facts<'_>, line: &BillLine) -> bool {
    let printed = |name: &Option<String>| name.as_ref().is_some_and(|name| !name.trim().is_empty());
    let details = facts.line.charges.iter().filter(|charge| {
        let period = charge.cycle.unwrap_or_else(|| crate::model::period::Cycle::of(charge.charged_at.day()));
        period == line.cycle && (same(&charge.item, &line.item) || charge.amount == line.amount)
    });
    printed(&line.provider)
        || details.into_iter().any(|charge| printed(&charge.provider))
        || has_name(&line.item)
}

/// Returns whether anything is left of the item once the general words are taken out.
fn has_name(item: &str) -> bool {
    let item = normalised(item);
    let digits = item.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    let rest = GENERAL_WORDS.iter().fold(item, |rest, word| rest.replace(word, ""));
    digits >= CODE_DIGITS || rest.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

fn finding(facts: &Facts<'_>, index: usize, line: &BillLine) -> Finding {
    let stake = line_stake(facts, index, Money::ZERO, vec![]);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Question, Verdict::Probable, "unnamed");
    finding.innocent = vec![Message::new("SUB-005.innocent")];
    finding.ask = vec![
        Message::new("SUB-005.ask")
            .text("month", line.cycle)
            .text("item", &line.item)
            .text("amount", line.amount),
    ];
    finding
}
