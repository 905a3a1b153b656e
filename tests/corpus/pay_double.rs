//! PAY-001: two deductions for one due sum, on the general format and on 支付宝 exports.

use super::papers;
use super::scenario::{Scenario, error, innocent};
use super::truth::{PROBABLE, PROVEN};
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("PAY-001", "bill paid twice, unfiltered export of two months", 8, |w| twice(w, Export::Long)),
    error("PAY-001", "bill paid twice, export ends a week later", 5, |w| twice(w, Export::Short)),
    error("PAY-001", "bill paid twice, general format", 4, |w| twice(w, Export::General)),
    error("PAY-001", "bill paid on two platforms", 4, two_platforms),
    innocent("PAY-001", "top-up as large as the bill", 4, equal_top_up),
    innocent("PAY-001", "second one refunded", 4, |w| refunded(w, Export::Long)),
    innocent("PAY-001", "second one marked refunded", 4, |w| refunded(w, Export::General)),
    innocent("PAY-001", "two lines topped up alike", 4, two_lines),
    innocent("PAY-001", "two lines topped up alike, one of them in the case", 4, relative),
    innocent("PAY-001", "two top-ups, both credited", 4, both_credited),
    innocent("PAY-001", "two bills of the same amount", 4, two_bills),
    innocent("PAY-001", "second one closed", 3, second_closed),
    innocent("PAY-001", "bill paid in two equal parts", 4, two_halves),
    innocent("PAY-001", "overlapping exports", 4, overlapping),
    innocent("PAY-001", "the bank shows the same payment", 4, on_the_bank_list),
    innocent("PAY-001", "top-up larger than the bill", 3, larger_top_up),
];

#[derive(PartialEq)]
enum Export {
    /// 支付宝, all kinds, to the end of the second month after: weeks beyond the second deduction.
    Long,
    /// 支付宝, all kinds, to a week after.
    Short,
    /// The general record format, which states no window.
    General,
}

fn ordinary(w: &mut World) -> i64 {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    w.as_of = w.month.plus(3).day(10);
    w.sum_of_items(&w.msisdn.clone(), &w.month.text())
}

/// Pays the bill on the 5th of the next month and once more some minutes or hours later.
fn pay_twice(w: &mut World, due: i64) {
    let text = w.bill_payment_text(w.month);
    let next = w.month.plus(1);
    let minute = w.random.between(1, 50);
    let hour = w.random.pick(&[9, 9, 21]);
    w.pay(next.at(5, 9, 0), &text, due);
    w.pay(next.at(5, hour, minute), &text, due);
}

/// Moves the payments to a 支付宝 export from the first of the month of the case to `end`.
fn export_alipay(w: &mut World, end: String) {
    let rows = std::mem::take(&mut w.payments);
    let start = w.month.day(1);
    let exported = format!("{} 23:59:59", w.as_of);
    let text = papers::alipay_csv(&rows, &start, &end, &exported, rows.len());
    w.files.push(("payments/alipay.csv".into(), text));
    w.paid = false;
}

fn twice(w: &mut World, export: Export) {
    let due = ordinary(w);
    pay_twice(w, due);
    let next = w.month.plus(1);
    let expected = w.expect("PAY-001", if export == Export::Long { PROVEN } else { PROBABLE }, due);
    // A payment finding belongs to the month in which it was paid.
    expected.period = next.text();
    w.allow(&["PAY-002", "PAY-003"]);
    match export {
        Export::Long => export_alipay(w, next.plus(1).last_day()),
        Export::Short => export_alipay(w, next.day(12)),
        Export::General => {}
    }
}

fn two_platforms(w: &mut World) {
    twice(w, Export::General);
    w.payments.last_mut().expect("paid twice").platform = "wechat";
}

/// The bill is paid; a top-up of the same amount goes to the balance.
fn equal_top_up(w: &mut World) {
    let due = ordinary(w);
    let text = w.bill_payment_text(w.month);
    w.pay(w.month.plus(1).at(5, 9, 0), &text, due);
    let text = format!("手机充值-138****{}-话费充值", &w.msisdn[7..]);
    w.pay(w.month.plus(1).at(5, 9, 30), &text, due);
    export_alipay(w, w.month.plus(2).last_day());
}

fn refunded(w: &mut World, export: Export) {
    let due = ordinary(w);
    pay_twice(w, due);
    let second = w.payments.last().cloned().expect("paid twice");
    let refund_day = w.random.between(6, 12);
    let mut refund = second.clone();
    refund.at = w.month.plus(1).at(refund_day, 10, 0);
    refund.status = "refunded";
    refund.order_id += "_0001";
    refund.description = format!("退款-{}", second.description);
    if export == Export::General {
        w.payments.last_mut().expect("paid twice").status = "refunded";
        refund.direction = "in";
        w.payments.push(refund);
    } else {
        refund.direction = "";
        w.payments.push(refund);
        export_alipay(w, w.month.plus(2).last_day());
    }
}

/// The number of a relative is topped up with the same amount at the same minute.
fn two_lines(w: &mut World) {
    ordinary(w);
    let other = format!("1370000{}", &w.msisdn[7..]);
    w.case_toml += &format!("\n[[line]]\nmsisdn = \"{other}\"\noperator = \"cmcc\"\n");
    let amount = w.random.pick(&[3000, 5000, 10000]);
    for (minute, msisdn) in [(0, w.msisdn.clone()), (1, other)] {
        let text = format!("手机充值-{}-话费充值", msisdn);
        w.pay(w.month.plus(1).at(3, 12, minute), &text, amount).msisdn = msisdn;
    }
}

/// The same on an export that masks the numbers, and the relative's line is not in the case.
fn relative(w: &mut World) {
    ordinary(w);
    let amount = w.random.pick(&[3000, 5000, 10000]);
    for (minute, start) in [(0, "138"), (1, "137")] {
        let text = format!("手机充值-{start}****{}-话费充值", &w.msisdn[7..]);
        w.pay(w.month.plus(1).at(3, 12, minute), &text, amount);
    }
    export_alipay(w, w.month.plus(2).last_day());
}

/// Both top-ups stand among the payments that the operator received.
fn both_credited(w: &mut World) {
    ordinary(w);
    let amount = w.random.pick(&[3000, 5000, 10000]);
    for day in [6, 18] {
        let text = format!("手机充值-138****{}-话费充值", &w.msisdn[7..]);
        w.pay(w.month.at(day, 12, 0), &text, amount);
        w.charge("本期缴费", "payment", amount);
    }
}

/// Two months cost the same, each is paid once.
fn two_bills(w: &mut World) {
    w.complete(ALL_KINDS);
    w.empty_usage_list = true;
    let before = w.month.plus(-1);
    for month in [before, w.month] {
        w.bill_month(month);
        let text = w.bill_payment_text(month);
        w.pay(month.plus(1).at(5, 9, 0), &text, w.tariff.monthly);
    }
    w.as_of = w.month.plus(3).day(10);
}

/// Neither part settles the bill; both together do.
fn two_halves(w: &mut World) {
    let due = ordinary(w);
    if due % 2 == 1 {
        w.charge("其他费用", "other", 1);
    }
    let text = w.bill_payment_text(w.month);
    for minute in [0, 3] {
        w.pay(w.month.plus(1).at(5, 9, minute), &text, (due + 1) / 2);
    }
    export_alipay(w, w.month.plus(2).last_day());
}

/// Two exports print the same payment.
fn overlapping(w: &mut World) {
    let due = ordinary(w);
    let text = w.bill_payment_text(w.month);
    w.pay(w.month.plus(1).at(5, 9, 0), &text, due);
    let rows = w.payments.clone();
    export_alipay(w, w.month.plus(2).last_day());
    let (start, end) = (w.month.plus(1).day(1), w.month.plus(1).last_day());
    let exported = format!("{} 08:00:00", w.as_of);
    let again = papers::alipay_csv(&rows, &start, &end, &exported, rows.len());
    w.files.push(("payments/alipay-2.csv".into(), again));
}

/// The card behind 支付宝 was charged once; the bank prints it as a payment to 支付宝.
fn on_the_bank_list(w: &mut World) {
    let due = ordinary(w);
    let text = w.bill_payment_text(w.month);
    w.pay(w.month.plus(1).at(5, 9, 0), &text, due);
    let second = w.random.between(0, 1);
    let bank = w.pay(w.month.plus(1).at(5, 9, second), "快捷支付", due);
    (bank.platform, bank.payee) = ("icbc", "支付宝-中国移动".into());
    (bank.order_id, bank.merchant_order_id) = (String::new(), String::new());
}

fn second_closed(w: &mut World) {
    let due = ordinary(w);
    pay_twice(w, due);
    w.payments.last_mut().expect("paid twice").status = "closed";
    export_alipay(w, w.month.plus(2).last_day());
}

fn larger_top_up(w: &mut World) {
    let due = ordinary(w);
    let amount = (due / 5000 + 2) * 5000;
    let text = format!("手机充值-138****{}-话费充值", &w.msisdn[7..]);
    w.pay(w.month.plus(1).at(4, 12, 0), &text, amount);
    w.row(w.month.plus(1), "本期缴费", "payment", amount);
    w.row(w.month.plus(1), "套餐月费", "plan-fee", w.tariff.monthly);
}
