//! Ties of bill lines and expected items (fine print 25 and 26).

use mingzhang::model::quantity::Unit;
use mingzhang::rating::outcome::{ExpectedItem, ItemKind};
use mingzhang::reconcile::outcome::TieRule;

use super::builders::{OCTOBER, Papers, item};

fn ties(bill: &[(&str, &str, &str)], items: Vec<ExpectedItem>) -> Vec<(Vec<usize>, Vec<usize>, TieRule)> {
    let papers = Papers::new().bill(OCTOBER, bill).rated(OCTOBER, items, vec![]);
    papers.reconciled().groups.into_iter().map(|group| (group.lines, group.items, group.rule)).collect()
}

#[test]
fn names_tie_whatever_their_width_and_brackets() {
    let items = vec![item("monthly", ItemKind::Monthly, "套餐月费（5G）", "59.00")];
    assert_eq!(ties(&[("套餐月费 (５G)", "plan-fee", "59.00")], items), [(vec![0], vec![0], TieRule::Name)]);
}

#[test]
fn the_only_item_of_the_kind_ties_without_a_name() {
    let items = vec![item("data-out", ItemKind::Overage(Unit::Data), "套餐外流量费", "5.00")];
    assert_eq!(ties(&[("上网费", "data", "5.00")], items), [(vec![0], vec![0], TieRule::OnlyOfKind)]);
}

#[test]
fn several_of_a_category_are_compared_together() {
    let rate = |name| item(name, ItemKind::Overage(Unit::Data), name, "5.00");
    let lines = [("国内上网费", "data", "5.00"), ("省外上网费", "data", "5.00")];
    assert_eq!(ties(&lines, vec![rate("a"), rate("b")]), [(vec![0, 1], vec![0, 1], TieRule::Category)]);
}

#[test]
fn a_merged_line_ties_texts_and_mms() {
    let items = vec![
        item("sms-out", ItemKind::Overage(Unit::Sms), "短信费", "0.10"),
        item("mms-out", ItemKind::Overage(Unit::Mms), "彩信费", "0.30"),
    ];
    assert_eq!(ties(&[("短彩信费", "sms", "0.40")], items), [(vec![0], vec![0, 1], TieRule::OnlyOfKind)]);
}

#[test]
fn nothing_is_tied_by_likeness() {
    let items = vec![item("data-out", ItemKind::Overage(Unit::Data), "套餐外流量费", "5.00")];
    let groups = ties(&[("阅读", "vas", "5.00"), ("合计", "total", "5.00")], items);
    assert_eq!(groups, [(vec![0], vec![], TieRule::Alone), (vec![], vec![0], TieRule::Alone)]);
}

#[test]
fn a_twin_reduction_joins_its_charge_and_another_does_not() {
    let lines = [
        ("彩信费", "mms", "15.00"),
        ("减免（彩信费）", "discount", "-5.00"),
        ("月度优惠", "discount", "-1.00"),
    ];
    assert_eq!(
        ties(&lines, vec![]),
        [(vec![0, 1], vec![], TieRule::Alone), (vec![2], vec![], TieRule::Alone)]
    );
}

#[test]
fn what_a_platform_was_paid_for_is_not_expected_on_the_bill() {
    let mut bought = item("pack", ItemKind::Pack, "10GB流量月包", "15.00");
    bought.paid_elsewhere = true;
    assert!(ties(&[("合计", "total", "0.00")], vec![bought]).is_empty());
}
