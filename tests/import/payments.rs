//! Payments of 支付宝 and 微信, and the general tables of payments, orders, charges and balances.

use super::{column, inspected, profile, read, set_aside};

const ALIPAY: &str = "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,\n";

fn alipay(description: &str, direction: &str, status: &str) -> String {
    format!(
        "2025-10-01 08:00:00,充值缴费,中国联通,/,{description},{direction},14.95,余额,{status},2025100122001\t,CP1\t,,\n"
    )
}

#[test]
fn an_alipay_export_states_filter_window_and_sums() {
    let text = format!(
        "起始时间：[2025-10-01 00:00:00]    终止时间：[2025-10-31 23:59:59]\n导出交易类型：[全部]\n导出时间：[2025-11-05 09:12:52]\n共2笔记录\n\
         收入：0笔 0.00元\n支出：1笔 14.95元\n不计收支：1笔 14.95元\n{ALIPAY}{}{}",
        alipay("为138****1111交费20.00元", "支出", "交易成功"),
        alipay("退款-为138****1111交费20.00元", "不计收支", "退款成功"),
    );
    let reading = read("支付宝交易明细.csv", encoding_rs::GB18030.encode(&text).0.into_owned());
    let table = &reading.source.tables[0];
    assert_eq!(profile(&reading), "alipay/app-2023");
    assert_eq!(table.unfiltered, Some(true));
    assert!(table.controls.iter().all(|control| control.ties), "{:?}", table.controls);
    assert_eq!(table.controls.len(), 7);
    assert_eq!(column(&reading, "platform"), ["alipay"; 2]);
    assert_eq!(column(&reading, "direction"), ["out", ""]);
    assert_eq!(column(&reading, "status"), ["success", "refunded"]);
    assert_eq!(column(&reading, "msisdn"), ["138****1111"; 2]);
    assert_eq!(column(&reading, "face_value"), ["20.00"; 2]);
    assert_eq!(column(&reading, "order_id"), ["2025100122001"; 2]);
}

#[test]
fn a_filtered_export_says_so() {
    let text = format!("导出交易类型：[支出]\n{ALIPAY}{}", alipay("话费", "支出", "交易成功"));
    assert_eq!(read("a.csv", text).source.tables[0].unfiltered, Some(false));
    assert_eq!(
        read("a.csv", format!("{ALIPAY}{}", alipay("话费", "支出", "交易成功"))).source.tables[0].unfiltered,
        None
    );
}

#[test]
fn status_words_of_alipay_map_by_their_table_and_no_row_is_lost() {
    let cases = [
        ("交易成功", "success"),
        ("支付成功", "success"),
        ("还款成功", "success"),
        ("退款成功", "refunded"),
        ("交易关闭", "closed"),
        ("已关闭", "closed"),
        ("等待确认收货", "pending"),
        ("缴费中", "pending"),
        ("还款失败", "failed"),
        ("提现失败，已退回余额", "failed"),
        ("从未见过", "pending"),
    ];
    for (word, status) in cases {
        let reading = read("a.csv", format!("{ALIPAY}{}", alipay("话费", "支出", word)));
        assert_eq!(column(&reading, "status"), [status], "{word}");
        assert_eq!(reading.source.notes.len(), usize::from(word == "从未见过"), "{word}");
    }
}

#[test]
fn refunds_of_wechat_stand_on_the_payment_or_in_their_own_row() {
    let header = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n";
    let row = |direction: &str, amount: &str, status: &str| {
        format!("2025-10-01 08:00:00,商户消费,某店,/,{direction},{amount},零钱,{status},1,/,/\n")
    };
    let cases = [
        (row("支出", "¥100.00", "已退款(￥39.93)"), "partly-refunded", "39.93"),
        (row("支出", "¥39.93", "已退款（￥39.93）"), "refunded", "39.93"),
        (row("支出", "\"￥1,000.00\"", "已全额退款"), "refunded", ""),
        (row("收入", "￥39.93", "已退款￥39.93"), "refunded", ""),
        (row("/", "¥2000.00", "提现已到账"), "success", ""),
    ];
    for (text, status, refunded) in cases {
        let reading = read("a.csv", format!("{header}{text}"));
        assert_eq!(column(&reading, "status"), [status], "{text}");
        assert_eq!(column(&reading, "refunded"), [refunded], "{text}");
    }
}

#[test]
fn amounts_are_without_sign_and_a_signed_export_tells_the_direction() {
    let reading = read("a.csv", "paid_at,amount\n2025-10-01,15.00\n2025-10-02,-15.00\n");
    assert_eq!(column(&reading, "amount"), ["15.00", "15.00"]);
    assert_eq!(column(&reading, "direction"), ["out", "in"]);
    assert_eq!(inspected(&reading)["sum_amount"], "30.00");
}

#[test]
fn orders_are_read_with_inclusive_days_and_answers() {
    let header = "msisdn,at,action,product,name,effective_from,effective_to,price,channel,confirmed,auto_renew,order_id\n";
    let rows = "13800001111,2025-09-01 10:00:00,order,data-10gb,10GB流量月包,2025-09-01,2025-09-30,10.00,app,yes,是,o1\n\
        13800001111,2025-10-28 10:00:00,退订,data-10gb,,,2025-10-31,,,,,o1\n13800001111,2025-11-01 10:00:00,停机保号,,,,,5.00,,,,\n\
        13800001111,2025-11-02 10:00:00,order,,,,,5.00,,,,\n13800001111,2025-11-02 10:00:00,飞走,p,,,,5.00,,也许,,\n";
    let reading = read("orders.csv", format!("{header}{rows}"));
    assert_eq!(column(&reading, "action"), ["order", "cancel", "suspend"]);
    assert_eq!(column(&reading, "effective_to"), ["2025-09-30", "2025-10-31", ""]);
    assert_eq!(column(&reading, "auto_renew"), ["yes", "", ""]);
    assert_eq!(inspected(&reading)["sum_amount"], "15.00");
    let reasons: Vec<String> = set_aside(&reading).into_iter().map(|(_, _, key)| key).collect();
    assert_eq!(reasons, ["ingest.row.missing", "ingest.cell.word", "ingest.cell.yes-no"]);
}

#[test]
fn charges_and_balances_are_read() {
    let charges = read(
        "c.csv",
        "msisdn,charged_at,period,item,amount,provider\n13800001111,2025-10-01,2025-10,手机报,3.00,某公司\n",
    );
    assert_eq!(column(&charges, "category"), ["vas"]);
    assert_eq!(column(&charges, "provider"), ["某公司"]);
    let wallet = read(
        "w.csv",
        "at,account,order_id,change,before,after,note\n2025-10-01 08:00:00,w,o,-15.00,100.00,85.00,n\n2025-10-02 08:00:00,w,o,+5.00,85.00,,n\n",
    );
    assert_eq!(column(&wallet, "change"), ["-15.00", "5.00"]);
    // −15.00 + 5.00
    assert_eq!(inspected(&wallet)["sum_amount"], "-10.00");
}

#[test]
fn a_complete_row_is_a_record_whatever_its_first_words_are() {
    let text = "payee,paid_at,amount\n合计生活超市,2025-10-01,15.00\n合计,,15.00\n说明：仅供参考,,\n";
    let reading = read("a.csv", text);
    assert_eq!(column(&reading, "payee"), ["合计生活超市"]);
    assert_eq!(set_aside(&reading).iter().map(|(row, ..)| *row).collect::<Vec<_>>(), [3, 4]);
}
