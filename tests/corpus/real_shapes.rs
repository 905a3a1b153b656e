//! Scenarios of the other files on papers in the shapes of operators and platforms: import and detection together.

use super::scenario::{Scenario, doing, error, innocent};
use super::shapes::Shape;
use super::truth::PROVEN;
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("USE-001", "移动详单: declared complete", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-001", "declared complete")
    }),
    error("USE-002", "移动详单: declared complete", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-002", "declared complete")
    }),
    error("USE-003", "移动详单: declared complete", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-003", "declared complete")
    }),
    error("USE-004", "移动详单: declared complete", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-004", "declared complete")
    }),
    error("USE-008", "移动详单: data inside the allowance", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-008", "data inside the allowance")
    }),
    error("USE-008", "移动详单: calls inside the allowance", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-008", "calls inside the allowance")
    }),
    error("SUB-001", "移动详单: not renewed, no balance rows", 1, |w| {
        shaped(w, Shape::Cmcc, "SUB-001", "not renewed, no balance rows")
    }),
    error("BILL-003", "移动详单: monthly fee twice", 1, |w| {
        shaped(w, Shape::Cmcc, "BILL-003", "monthly fee twice")
    }),
    innocent("USE-001", "移动详单: one was sent", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-001", "one was sent")
    }),
    innocent("USE-002", "移动详单: used", 1, |w| shaped(w, Shape::Cmcc, "USE-002", "used")),
    innocent("USE-003", "移动详单: used", 1, |w| shaped(w, Shape::Cmcc, "USE-003", "used")),
    innocent("USE-004", "移动详单: used", 1, |w| shaped(w, Shape::Cmcc, "USE-004", "used")),
    innocent("USE-008", "移动详单: allowance used to the byte", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-008", "allowance used to the byte")
    }),
    innocent("USE-008", "移动详单: last call half covered", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-008", "last call half covered")
    }),
    innocent("SUB-001", "移动详单: renewed", 1, |w| shaped(w, Shape::Cmcc, "SUB-001", "renewed")),
    innocent("SUB-001", "移动详单: cancelled", 1, |w| shaped(w, Shape::Cmcc, "SUB-001", "cancelled")),
    innocent("USE-001", "移动详单: pack with order", 1, |w| {
        shaped(w, Shape::Cmcc, "USE-001", "pack with order")
    }),
    innocent("BILL-003", "移动详单: two amounts", 1, |w| {
        shaped(w, Shape::Cmcc, "BILL-003", "two amounts")
    }),
    error("USE-001", "联通详单: declared complete", 1, |w| {
        shaped(w, Shape::Cucc, "USE-001", "declared complete")
    }),
    error("USE-002", "联通详单: declared complete", 1, |w| {
        shaped(w, Shape::Cucc, "USE-002", "declared complete")
    }),
    error("USE-003", "联通详单: declared complete", 1, |w| {
        shaped(w, Shape::Cucc, "USE-003", "declared complete")
    }),
    error("USE-004", "联通详单: declared complete", 1, |w| {
        shaped(w, Shape::Cucc, "USE-004", "declared complete")
    }),
    error("USE-008", "联通详单: data inside the allowance", 1, |w| {
        shaped(w, Shape::Cucc, "USE-008", "data inside the allowance")
    }),
    error("USE-008", "联通详单: calls inside the allowance", 1, |w| {
        shaped(w, Shape::Cucc, "USE-008", "calls inside the allowance")
    }),
    error("SUB-001", "联通详单: not renewed, no balance rows", 1, |w| {
        shaped(w, Shape::Cucc, "SUB-001", "not renewed, no balance rows")
    }),
    error("BILL-003", "联通详单: monthly fee twice", 1, |w| {
        shaped(w, Shape::Cucc, "BILL-003", "monthly fee twice")
    }),
    innocent("USE-001", "联通详单: one was sent", 1, |w| {
        shaped(w, Shape::Cucc, "USE-001", "one was sent")
    }),
    innocent("USE-002", "联通详单: used", 1, |w| shaped(w, Shape::Cucc, "USE-002", "used")),
    innocent("USE-003", "联通详单: used", 1, |w| shaped(w, Shape::Cucc, "USE-003", "used")),
    innocent("USE-004", "联通详单: used", 1, |w| shaped(w, Shape::Cucc, "USE-004", "used")),
    innocent("USE-008", "联通详单: allowance used to the byte", 1, |w| {
        shaped(w, Shape::Cucc, "USE-008", "allowance used to the byte")
    }),
    innocent("USE-008", "联通详单: last call half covered", 1, |w| {
        shaped(w, Shape::Cucc, "USE-008", "last call half covered")
    }),
    innocent("SUB-001", "联通详单: renewed", 1, |w| shaped(w, Shape::Cucc, "SUB-001", "renewed")),
    innocent("SUB-001", "联通详单: cancelled", 1, |w| shaped(w, Shape::Cucc, "SUB-001", "cancelled")),
    innocent("USE-001", "联通详单: pack with order", 1, |w| {
        shaped(w, Shape::Cucc, "USE-001", "pack with order")
    }),
    innocent("BILL-003", "联通详单: two amounts", 1, |w| {
        shaped(w, Shape::Cucc, "BILL-003", "two amounts")
    }),
    error("USE-001", "工作簿: declared complete", 1, |w| {
        shaped(w, Shape::Workbook, "USE-001", "declared complete")
    }),
    error("USE-002", "工作簿: declared complete", 1, |w| {
        shaped(w, Shape::Workbook, "USE-002", "declared complete")
    }),
    error("USE-003", "工作簿: declared complete", 1, |w| {
        shaped(w, Shape::Workbook, "USE-003", "declared complete")
    }),
    error("USE-004", "工作簿: declared complete", 1, |w| {
        shaped(w, Shape::Workbook, "USE-004", "declared complete")
    }),
    error("USE-008", "工作簿: data inside the allowance", 1, |w| {
        shaped(w, Shape::Workbook, "USE-008", "data inside the allowance")
    }),
    error("USE-008", "工作簿: calls inside the allowance", 1, |w| {
        shaped(w, Shape::Workbook, "USE-008", "calls inside the allowance")
    }),
    error("SUB-001", "工作簿: not renewed, no balance rows", 1, |w| {
        shaped(w, Shape::Workbook, "SUB-001", "not renewed, no balance rows")
    }),
    error("BILL-003", "工作簿: monthly fee twice", 1, |w| {
        shaped(w, Shape::Workbook, "BILL-003", "monthly fee twice")
    }),
    innocent("USE-001", "工作簿: one was sent", 1, |w| {
        shaped(w, Shape::Workbook, "USE-001", "one was sent")
    }),
    innocent("USE-002", "工作簿: used", 1, |w| shaped(w, Shape::Workbook, "USE-002", "used")),
    innocent("USE-003", "工作簿: used", 1, |w| shaped(w, Shape::Workbook, "USE-003", "used")),
    innocent("USE-004", "工作簿: used", 1, |w| shaped(w, Shape::Workbook, "USE-004", "used")),
    innocent("USE-008", "工作簿: allowance used to the byte", 1, |w| {
        shaped(w, Shape::Workbook, "USE-008", "allowance used to the byte")
    }),
    innocent("USE-008", "工作簿: last call half covered", 1, |w| {
        shaped(w, Shape::Workbook, "USE-008", "last call half covered")
    }),
    innocent("SUB-001", "工作簿: renewed", 1, |w| shaped(w, Shape::Workbook, "SUB-001", "renewed")),
    innocent("SUB-001", "工作簿: cancelled", 1, |w| shaped(w, Shape::Workbook, "SUB-001", "cancelled")),
    innocent("USE-001", "工作簿: pack with order", 1, |w| {
        shaped(w, Shape::Workbook, "USE-001", "pack with order")
    }),
    innocent("BILL-003", "工作簿: two amounts", 1, |w| {
        shaped(w, Shape::Workbook, "BILL-003", "two amounts")
    }),
    error("PAY-001", "支付宝导出: bill paid twice, unfiltered export of two months", 1, |w| {
        alipay(w, "PAY-001", "bill paid twice, unfiltered export of two months")
    }),
    error("PAY-001", "支付宝导出: bill paid twice, export ends a week later", 1, |w| {
        alipay(w, "PAY-001", "bill paid twice, export ends a week later")
    }),
    innocent("PAY-001", "支付宝导出: top-up as large as the bill", 1, |w| {
        alipay(w, "PAY-001", "top-up as large as the bill")
    }),
    innocent("PAY-001", "支付宝导出: second one refunded", 1, |w| {
        alipay(w, "PAY-001", "second one refunded")
    }),
    innocent("PAY-001", "支付宝导出: second one closed", 1, |w| {
        alipay(w, "PAY-001", "second one closed")
    }),
    innocent("PAY-001", "支付宝导出: bill paid in two equal parts", 1, |w| {
        alipay(w, "PAY-001", "bill paid in two equal parts")
    }),
    innocent("PAY-001", "支付宝导出: overlapping exports", 1, |w| {
        alipay(w, "PAY-001", "overlapping exports")
    }),
    error("PAY-009", "支付宝导出: printed count differs", 1, |w| {
        alipay(w, "PAY-009", "printed count differs")
    }),
    innocent("PAY-009", "支付宝导出: printed count agrees", 1, |w| {
        alipay(w, "PAY-009", "printed count agrees")
    }),
    error("PAY-001", "微信账单: bill paid twice", 2, |w| wechat(w, Paid::Twice)),
    innocent("PAY-001", "微信账单: second one refunded", 2, |w| wechat(w, Paid::Refunded)),
    innocent("PAY-003", "微信账单: paid in parts", 2, |w| wechat(w, Paid::InParts)),
    error("PAY-003", "微信账单: all of it after a part", 2, |w| wechat(w, Paid::AllAfterPart)),
];

/// The scenario of that name, with lists and bills in that shape.
fn shaped(w: &mut World, shape: Shape, code: &str, name: &str) {
    w.shape = shape;
    doing(code, name)(w);
}

/// The scenario of that name, with its exports in the encoding of the app.
fn alipay(w: &mut World, code: &str, name: &str) {
    doing(code, name)(w);
    w.shape_alipay();
}

#[derive(Clone, Copy, PartialEq)]
enum Paid {
    Twice,
    Refunded,
    InParts,
    AllAfterPart,
}

/// The bill is paid from 微信支付, whose workbook holds the two months after.
fn wechat(w: &mut World, paid: Paid) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.row(w.month.plus(-1), "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    w.charge("上期余额", "opening-balance", 0);
    w.as_of = w.month.plus(3).day(10);
    w.paid = false;
    let due = w.sum_of_items(&w.msisdn.clone(), &w.month.text());
    let (text, next) = (w.bill_payment_text(w.month), w.month.plus(1));
    let part = w.random.between(100, 900);
    let amounts = match paid {
        Paid::Twice | Paid::Refunded => [due, due],
        Paid::InParts => [part, due - part],
        Paid::AllAfterPart => [part, due],
    };
    for (minute, amount) in [0, 20].into_iter().zip(amounts) {
        w.pay(next.at(5, 9, minute), &text, amount).platform = "wechat";
    }
    match paid {
        Paid::Twice => {
            w.expect("PAY-001", PROVEN, due).period = next.text();
            w.allow(&["PAY-002", "PAY-003"]);
        }
        Paid::Refunded => w.payments.last_mut().expect("paid twice").status = "refunded",
        Paid::InParts => {}
        Paid::AllAfterPart => w.expect("PAY-003", PROVEN, part).period = next.text(),
    }
    w.shape_wechat(&w.month.day(1), &next.plus(1).last_day());
}
