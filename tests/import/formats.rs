//! Recognition: every layout is recognised by its own format and by no other.

use mingzhang::model::case::SourceHint;
use mingzhang::model::message::Arg;
use mingzhang::model::record::{Category, OrderAction, PaymentStatus};
use mingzhang::model::usage::UsageKind;

use super::{code, column, formats, profile, read, read_hinted};

const SAMPLES: [(&str, &str); 12] = [
    (
        "general/usage-1",
        "msisdn,start,kind,direction,scope,peer,duration_s,bytes,app,location,fee,record_id\n13800001111,2025-10-01 08:00:00,voice,out,domestic,10010,60,,,,0.15,a1\n",
    ),
    (
        "general/usage-1",
        "手机号码,开始时间,种类,方向,对方号码,时长(秒),流量(MB),费用(元)\n13800001111,2025-10-01 08:00:00,彩信,发送,10010,,,0.30\n",
    ),
    (
        "general/bill-1",
        "msisdn,period,item,category,amount,quantity,unit_price,provider\n13800001111,2025-10,彩信费,mms,15.00,,,\n",
    ),
    (
        "general/payments-1",
        "paid_at,platform,payee,description,amount,direction,status,order_id,merchant_order_id,msisdn,face_value\n2025-10-01 08:00:00,alipay,中国移动,话费,15.00,out,success,a,b,13800001111,15.00\n",
    ),
    (
        "general/orders-1",
        "msisdn,at,action,product,name,effective_from,effective_to,price,channel,confirmed,auto_renew,order_id\n13800001111,2025-10-01 08:00:00,order,p,n,,,10.00,,yes,no,o1\n",
    ),
    (
        "general/charges-1",
        "msisdn,charged_at,period,item,category,amount,provider\n13800001111,2025-10-01 08:00:00,2025-10,月费,plan-fee,59.00,\n",
    ),
    (
        "general/wallet-1",
        "at,account,order_id,change,before,after,note\n2025-10-01 08:00:00,w1,o1,-15.00,100.00,85.00,\n",
    ),
    (
        "cmcc/voice-list-1",
        "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n2025-10-01 08:00:00,浙江,主叫,10010,47秒,本地,,0.15\n",
    ),
    (
        "cmcc/message-list-1",
        "起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)\n2025-10-01 08:00:00,内地,10010,发送,彩信,彩信,,0.30\n",
    ),
    (
        "cmcc/data-list-1",
        "起始时间,通信地点,上网方式,总时长,总流量,套餐优惠,通信费(元)\n2025-10-01 08:00:00,浙江,CMNET,60,12MB34KB,,0.00\n",
    ),
    (
        "alipay/app-2023",
        "交易时间 ,交易分类 ,交易对方 ,对方账号 ,商品说明 ,收/支 ,金额 ,收/付款方式 ,交易状态 ,交易订单号\t,商家订单号 ,备注 ,\n2025-10-01 08:00:00,充值缴费,中国联通,/,为138****1111交费20.00元,支出,14.95,余额,交易成功,2025\t,C1\t,,\n",
    ),
    (
        "wechat/xlsx-2026",
        "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n2025-10-01 08:00:00,商户消费,某商户,移动话费200元,支出,¥149.60,零钱,支付成功,42001\t,/\t,/\n",
    ),
];

#[test]
fn every_layout_is_recognised_by_its_own_format_and_no_other() {
    for (id, text) in SAMPLES {
        let reading = read("sample.csv", text);
        assert_eq!(profile(&reading), id);
        assert_eq!(reading.source.tables[0].rows_used, 1, "{id}");
    }
    let general = formats().formats().filter(|format| format.id.starts_with("general/"));
    for format in general {
        assert!(SAMPLES.iter().any(|(sample, _)| *sample == format.id), "{} has no sample", format.id);
    }
}

#[test]
fn a_header_is_found_by_content_with_its_columns_in_any_order() {
    let text = "说明\n\n,,\n金额（元）,备注,\u{FEFF}交易对方 ,商品\t,收／支,当前状态,交易单号,交易时间\n￥15.00,,中国移动,话费,支出,支付成功,1,2025/10/1 8:00\n";
    let reading = read("a.csv", text);
    assert_eq!(profile(&reading), "wechat/xlsx-2026");
    assert_eq!(reading.source.tables[0].header_row, 4);
    assert_eq!(column(&reading, "paid_at"), ["2025-10-01 08:00:00"]);
    assert_eq!(column(&reading, "amount"), ["15.00"]);
}

#[test]
fn extra_columns_are_context_in_the_general_format() {
    let reading = read("a.csv", "x1,x2,x3,x4,x5,x6,paid_at,amount\n1,2,3,4,5,6,2025-10-01,15.00\n");
    assert_eq!(profile(&reading), "general/payments-1");
    assert_eq!(reading.source.tables[0].column_of("amount"), Some(8));
}

#[test]
fn an_unknown_layout_names_the_nearest_one_and_the_columns_that_differ() {
    let reading = read("a.csv", "起始时间,对方号码,通信方式,计费号码\n2025-10-01 08:00:00,10010,发送,x\n");
    assert_eq!(code(&reading), "unknown-layout");
    let unusable = reading.source.unusable.expect("not used");
    let text = |name: &str| match &unusable.message.args[name] {
        Arg::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert!(text("format").starts_with("cmcc/message-list-1"));
    assert_eq!(text("missing"), "信息类型、通信费");
    assert_eq!(text("foreign"), "计费号码");
}

#[test]
fn a_table_that_shares_a_few_words_with_a_layout_is_not_taken_for_it() {
    // The 16-column web export of Alipay shares 付款时间, 金额, 收/支 … with the general payments table.
    let text = "交易号,商家订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,交易对方,商品名称,金额（元）,收/支,交易状态,服务费（元）,成功退款（元）,备注,资金状态,\n\
        1,S1,2019-09-30 13:11:25,2019-09-30 13:11:25,2019-09-30 13:11:25,其他,即时到账,某店,午餐,27.00,支出,交易成功,0.00,0.00,,已支出,\n";
    assert_eq!(profile(&read("a.csv", text)), "alipay/web-2019");
}

#[test]
fn a_layout_that_two_formats_fit_is_settled_by_the_case() {
    // Both the orders and the charges table need a time, a name and an amount under these headers.
    let text = "at,change,charged_at,item,amount\n2025-10-01,1,2025-10-01,月费,59.00\n";
    let reading = read("a.csv", text);
    let hint = SourceHint { format: Some("general/wallet-1".to_owned()), ..SourceHint::default() };
    let settled = read_hinted("a.csv", text, Some(&hint));
    assert_eq!(profile(&reading), "general/charges-1", "three headers known against two");
    assert_eq!(profile(&settled), "general/wallet-1");
    let tie = read("a.csv", "at,change,charged_at,item,amount,note\n2025-10-01,1,2025-10-01,月费,59.00,x\n");
    assert_eq!(code(&tie), "ambiguous-layout", "three against three");
    let absent = SourceHint { format: Some("general/nothing".to_owned()), ..SourceHint::default() };
    assert_eq!(code(&read_hinted("a.csv", text, Some(&absent))), "unknown-layout");
}

#[test]
fn a_file_without_any_known_word_says_so() {
    assert_eq!(code(&read("a.txt", "你好，世界\n再见\n")), "unknown-layout");
}

#[test]
fn every_word_table_leads_to_a_word_of_the_general_format() {
    let known = |field: &str, code: &str| match field {
        "kind" => UsageKind::from_code(code).is_some(),
        "direction" => ["out", "in", ""].contains(&code),
        "scope" => ["domestic", "hmt", "international"].contains(&code),
        "failed" => ["yes", "no"].contains(&code),
        "category" => Category::from_code(code).is_some(),
        "status" => PaymentStatus::from_code(code).is_some(),
        "action" => OrderAction::from_code(code).is_some(),
        other => panic!("{other} has no words"),
    };
    for format in formats().formats() {
        for column in &format.columns {
            let codes = column.words.iter().map(|(_, code)| code).chain(&column.otherwise);
            for code in codes {
                assert!(known(&column.field, code), "{}: {} → {code:?}", format.id, column.field);
            }
        }
        let constant = format.constants.get("kind");
        assert!(constant.is_none_or(|code| UsageKind::from_code(code).is_some()), "{}", format.id);
    }
}
