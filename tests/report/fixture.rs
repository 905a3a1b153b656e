//! The report of the invented case `mms-15-yuan`, written by hand.
//!
//! The bill: plan fee 59.00 + messages 0.10 + MMS 15.00 + data outside the plan 15.00 = 89.10. One message is
//! outside the plan at 0.10, 119 MB cost 15.00 by clause 3.2, and the complete list of the month has no MMS:
//! 89.10 − 15.00 = 74.10 is due.

use mingzhang::report::model::*;

const MSISDN: &str = "13800001111";
const BILL: &str = "bills/2025-10账单.csv";
const LIST: &str = "usage/短彩信详单202510.csv";

/// Returns the report of one proven finding.
pub fn mms_15_yuan() -> Report {
    Report {
        schema: SCHEMA.into(),
        program: Program { version: "0.1.0".into() },
        lang: "zh".into(),
        id: "7f3a-21c9".into(),
        as_of: "2025-11-20".into(),
        title: "2025年10月彩信费争议".into(),
        lead: "这张账单多收了 15.00 元：收了彩信费，但没有发过彩信。证据是账单第 7 行和运营商自己的短彩信详单。".into(),
        subjects: vec![Subject {
            msisdn: MSISDN.into(),
            shown: "138****1111".into(),
            operator: "cmcc".into(),
            operator_name: "中国移动".into(),
            respondent: "中国移动通信集团浙江有限公司".into(),
            start: Some("2025-10-01".into()),
            end: Some("2025-10-31".into()),
        }],
        inputs: inputs(),
        set_aside: vec![SetAside {
            path: BILL.into(),
            row: Some(9),
            value: Some("合计".into()),
            class: "structure".into(),
            reason: "合计行，只用来核对".into(),
            ..SetAside::default()
        }],
        totals: totals(),
        lines: lines(),
        expected: expected(),
        gaps: vec![Gap {
            msisdn: MSISDN.into(),
            period: "2025-10".into(),
            billed: "89.10".into(),
            expected: "74.10".into(),
            causes: vec![Cause {
                finding: Some("F-0123456789".into()),
                name: None,
                label: "彩信费：收了彩信费，但没有发过彩信".into(),
                amount: "15.00".into(),
            }],
            residual: "0.00".into(),
        }],
        findings: vec![finding()],
        payments: vec![payment()],
        detectors: detectors(),
        next_steps: vec![NextStep {
            rank: 1,
            what: "向 10086 投诉，要求退还 15.00 元，索要工单号与工号，要求书面答复。".into(),
            who: "中国移动 10086".into(),
            by: Some("2026-02-13".into()),
            money: "15.00".into(),
            finding: Some("F-0123456789".into()),
        }],
        coverage: vec![map("sms", &[1, 4, 9, 10, 15, 21, 28, 31]), map("mms", &[])],
        laws: vec![Law {
            id: "dx-33".into(),
            title: "中华人民共和国电信条例 第三十三条".into(),
            quote: "电信用户要求提供国内长途通信、国际通信、移动通信和信息服务等收费清单的，电信业务经营者应当免费提供。".into(),
            source: "行政法规/电信条例(2016-02-06)".into(),
        }],
        clauses: vec![clause("1.1", "月基本费 59 元。"), clause("3.2", "套餐外国内流量 0.27 元/MB，累计至 10 元可用至 100MB；之后 0.27 元/MB，累计至 5 元不再收费直至 1GB。"), clause("3.3", "套餐外短信 0.10 元/条。")],
        control: Control {
            rows_read: 14,
            rows_used: 13,
            rows_set_aside: 1,
            set_aside_by_class: [("structure".to_owned(), 1)].into_iter().collect(),
            residual: "0.00".into(),
            closes: true,
        },
        complainant: Complainant::default(),
        usage: vec![data_use()],
        facts: vec![facts()],
        timeline: timeline(),
        ..Report::default()
    }
}

/// Returns the same report after a first call to the operator.
pub fn told() -> Report {
    Report { contacts: vec![contact()], ..mms_15_yuan() }
}

/// Returns the report of the same bill without the MMS fee: everything is explained.
pub fn clean() -> Report {
    let mut report = mms_15_yuan();
    report.title = "2025年10月账单核对".into();
    report.lead = "没有发现多收。账单 74.10 元，每一项都能对上规则或记录。".into();
    report.findings.clear();
    report.next_steps.clear();
    report.laws.clear();
    report.lines.retain(|line| line.category != "mms");
    report.payments.clear();
    report.timeline.clear();
    report.detectors[0] = detector("USE-001", "收了彩信费，但没有发过彩信", "nothing", 0);
    report.totals = Totals {
        billed: "74.10".into(),
        disputed: "0.00".into(),
        claim_proven: "0.00".into(),
        paid: "0.00".into(),
        ..totals()
    };
    report.gaps[0].billed = "74.10".into();
    report.gaps[0].causes.clear();
    report
}

/// Returns the report of a case without a bill.
pub fn empty() -> Report {
    let zero = || "0.00".to_owned();
    let report = clean();
    Report {
        lead: "材料里没有账单，无法核对收费；已读入的记录列在下面。".into(),
        totals: Totals {
            billed: zero(),
            expected_low: zero(),
            expected_high: zero(),
            explained: zero(),
            ..report.totals
        },
        lines: vec![],
        expected: vec![],
        gaps: vec![],
        clauses: vec![],
        subjects: vec![],
        ..report
    }
}

/// Returns a report in which every text that comes from a file tries to act.
pub fn hostile() -> Report {
    const EVIL: &str = "<script>alert(1)</script>\u{202e}\u{7}\" onclick=x '</style>|`*\u{feff}";
    let mut report = mms_15_yuan();
    report.title = EVIL.into();
    report.lead = format!("{EVIL} 15.00 元");
    report.subjects[0].shown = EVIL.into();
    for line in &mut report.lines {
        line.item = EVIL.into();
        line.why = EVIL.into();
    }
    report.findings[0].title = EVIL.into();
    report.findings[0].explanation = EVIL.into();
    report.findings[0].evidence[0].quote = EVIL.into();
    report.findings[0].excerpts[0].rows[1].cells[0] = EVIL.into();
    report.findings[0].ask = vec![EVIL.into()];
    report.gaps[0].causes[0].label = EVIL.into();
    report.inputs[0].path = EVIL.into();
    report.payments[0].payee = EVIL.into();
    report.contacts = vec![contact()];
    report.contacts[0].said = Some(EVIL.into());
    report.contacts[0].promise = Some(EVIL.into());
    report.timeline[0].text = EVIL.into();
    report.facts[0].paths = vec![EVIL.into()];
    report.facts[0].tables[0].parts[0].name = EVIL.into();
    report.facts[0].biggest[0].app = EVIL.into();
    report.set_aside[0].value = Some(EVIL.into());
    report.notes = vec![Note { path: Some(EVIL.into()), text: EVIL.into() }];
    report
}

/// Returns a report with everything at once: fourteen months, every verdict and kind, a range, 73 rows set aside.
pub fn many() -> Report {
    let mut report = mms_15_yuan();
    let (line, gap, found) = (report.lines[2].clone(), report.gaps[0].clone(), report.findings[0].clone());
    report.title = "2024年10月至2025年11月话费争议（副卡与亲情号）".into();
    report.totals.expected_low = "1180.40".into();
    report.totals.expected_high = "1210.40".into();
    report.totals.claim_probable = "30.00".into();
    report.totals.unverified = "10.00".into();
    report.totals.at_stake_needs_evidence = "10.00".into();
    let kinds = [("E", "probable"), ("E", "needs-evidence"), ("Q", "proven"), ("W", "proven")];
    for (index, (kind, verdict)) in kinds.into_iter().enumerate() {
        let mut finding = found.clone();
        finding.id = format!("F-111111111{index}");
        finding.code = ["USE-008", "SUB-001", "BILL-004", "WST-001"][index].into();
        finding.kind = kind.into();
        finding.verdict = verdict.into();
        finding.claim = if verdict == "probable" { "15.00".into() } else { "0.00".into() };
        finding.lines = vec![];
        finding.remedies = vec![Remedy {
            text: "如果协议写明双倍返还".into(),
            amount: "30.00".into(),
            basis: String::new(),
        }];
        report.findings.push(finding);
    }
    for month in 0..14 {
        let period = format!("{}-{:02}", 2024 + (9 + month) / 12, (9 + month) % 12 + 1);
        if period == "2025-10" {
            continue;
        }
        for (index, category) in
            ["plan-fee", "data", "voice", "vas", "discount", "third-party"].into_iter().enumerate()
        {
            let mut more = line.clone();
            more.id = format!("L-1{month:04}{index:05}");
            more.period.clone_from(&period);
            more.category = category.into();
            more.item = "国内移动数据流量及增值业务（合并出账）".into();
            more.amount =
                if category == "discount" { "-5.00".into() } else { format!("{}.00", 5 + index * month) };
            more.explained.clone_from(&more.amount);
            more.disputed = "0.00".into();
            more.findings.clear();
            report.lines.push(more);
        }
        let causes = vec![Cause {
            name: Some("not-charged".into()),
            label: "没有收的".into(),
            amount: "-4.10".into(),
            finding: None,
        }];
        report.gaps.push(Gap { period, billed: "70.00".into(), causes, ..gap.clone() });
    }
    report.set_aside = (1..=73)
        .map(|row| SetAside {
            path: BILL.into(),
            row: Some(row),
            column: Some(3),
            header: Some("金额".into()),
            value: Some("12.3O".into()),
            class: "problem".into(),
            reason: "读不懂的金额".into(),
            help: Some("请改成数字后再试".into()),
            ..SetAside::default()
        })
        .collect();
    report.service = vec![Service {
        party: "运营商".into(),
        contacts: 3,
        promises_kept: 1,
        promises_broken: 1,
        median_wait_s: Some(25),
        median_days_to_answer: Some("2.5".into()),
        rule_text_given: "1/2".into(),
        closed: "0/1".to_owned(),
    }];
    let mut second = report.next_steps[0].clone();
    second.rank = 2;
    second.what = "索取 2025-09 的上网详单（用来判断：流量包没有自动续订）。".into();
    second.money = "10.00".into();
    report.next_steps.push(second);
    report.inputs[2].problem =
        Some(Problem {
            code: "truncated".into(), message: "文件不完整".into(), help: "请重新导出。".into()
        });
    report.inputs[2].profile = None;
    report.inputs[2].table = None;
    report.coverage[1].days[10..20].fill(String::new());
    report.coverage[1].days[20..31].fill("inferred".into());
    report.coverage[1].days_covered = 21;
    report.coverage[1].level = "unknown".into();
    report
}

/// 300 MB granted, used up on the 21st at 08:12:45; 119 MB outside after it, for which the list charges 15.00.
fn data_use() -> UsageDays {
    const MB: u64 = 1 << 20;
    let mut inside = vec![15 * MB; 20];
    inside.resize(31, 0);
    let mut outside = vec![0; 20];
    outside.extend([19, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10].map(|mb| mb * MB));
    let mut fees = vec!["0.00".to_owned(); 31];
    fees[20] = "10.00".into();
    fees[21] = "5.00".into();
    UsageDays {
        msisdn: MSISDN.into(),
        period: "2025-10".into(),
        unit: "data".into(),
        granted: 300 * MB,
        inside,
        outside,
        overage_from: Some("2025-10-21 08:12:45".into()),
        fees,
    }
}

fn facts() -> FactSheet {
    let event = FactEvent {
        at: "2025-10-01 08:11:13".into(),
        volume: 1 << 20,
        shown: "1.0 MB".into(),
        app: "视频".into(),
        access: "CMNET".into(),
        source: Place { path: "usage/上网详单202510.csv".into(), sheet: None, row: Some(5) },
    };
    let part = |name: &str, events: u64, share: &str| FactPart {
        name: name.into(),
        events,
        volume: events << 20,
        shown: format!("{events}.0 MB"),
        share: share.into(),
    };
    // 1 + 3 = 4 records of 1 MB each: 25.0 % and 75.0 %.
    let halves = vec![part("10-01 至 10-15", 1, "25.0"), part("10-16 至 10-31", 3, "75.0")];
    FactSheet {
        msisdn: MSISDN.into(),
        period: "2025-10".into(),
        kind: "data".into(),
        paths: vec!["usage/上网详单202510.csv".into()],
        events: 4,
        volume: 4 << 20,
        sentences: vec![
            "上网记录共 4 条，合计 4.0 MB；第一条 2025-10-01 08:11:13，最后一条 2025-10-31 22:10:00。".into(),
        ],
        first: Some(event.clone()),
        last: Some(event.clone()),
        tables: vec![
            FactTable { by: "half".into(), parts: halves },
            FactTable { by: "app".into(), parts: vec![part("", 1, "25.0"), part("*", 3, "75.0")] },
        ],
        biggest: vec![event],
    }
}

fn timeline() -> Vec<Moment> {
    let moment = |at: &str, kind: &str, text: &str, amount: Option<&str>| Moment {
        at: at.into(),
        kind: kind.into(),
        text: text.into(),
        amount: amount.map(str::to_owned),
        source: None,
    };
    vec![
        moment("2025-10-21 08:12:45", "exhausted", "畅享套餐 59 元档的额度用完", None),
        moment("2025-10-31", "bill", "2025-10 账单", Some("89.10")),
        moment("2025-11-05 09:12:33", "payment", "付款给中国移动", Some("89.10")),
        moment("2025-11-08 10:03:00", "contact", "联系运营商：系统正常", None),
        moment("2025-11-10 10:03:00", "promise", "运营商承诺到期：48小时内回复（落空）", None),
    ]
}

fn contact() -> Contact {
    Contact {
        at: "2025-11-08 10:03:00".into(),
        channel: "operator".into(),
        party: "运营商".into(),
        agent_id: Some("8812".into()),
        ticket: Some("20251108000123".into()),
        said: Some("系统正常".into()),
        promise: Some("48小时内回复".into()),
        due: Some("2025-11-10 10:03:00".into()),
        outcome: Some("broken".into()),
        answered_after_s: Some(95),
        rule_text_given: Some(false),
    }
}

/// Returns a report with 10,000 bill lines: 4,000 in one month with a dispute, 6,000 in twelve clean months.
pub fn long() -> Report {
    let mut report = mms_15_yuan();
    let line = report.lines[0].clone();
    for index in 0..9_996 {
        let month = if index < 3_996 { 10 } else { (index - 3_996) / 500 + 11 };
        let mut more = line.clone();
        more.id = format!("L-2{index:09}");
        more.source.row = Some(100 + index);
        more.period = format!("{}-{:02}", 2025 + (month - 1) / 12, (month - 1) % 12 + 1);
        report.lines.push(more);
    }
    report
}

/// Returns a report that strains every chart: 24 months, long names, months without a bill, negative ones, and
/// payments that fit nothing.
pub fn strained() -> Report {
    let mut report = many();
    let (gap, payment, days) = (report.gaps[0].clone(), report.payments[0].clone(), report.usage[0].clone());
    (report.gaps, report.payments, report.usage, report.lines) = (vec![], vec![], vec![], report.lines);
    for month in 0..24 {
        let period = format!("{}-{:02}", 2024 + month / 12, month % 12 + 1);
        let billed = ["123456.78", "0.00", "-35.00", "89.10"][month % 4].to_owned();
        let mut causes = vec![];
        if month == 3 {
            causes.push(Cause {
                finding: None,
                name: Some("unverified".into()),
                label: "国内移动数据流量及增值业务（合并出账，含闲时与定向）MMS International Roaming".into(),
                amount: "15.00".into(),
            });
        }
        let expected = if month == 3 { "74.10".into() } else { billed.clone() };
        report.gaps.push(Gap { period: period.clone(), billed, expected, causes, ..gap.clone() });
        let mut paid = payment.clone();
        paid.id = format!("P-10000000{month:02}");
        paid.paid_at = format!("{period}-05 09:12:33");
        paid.matched[0].id.clone_from(&period);
        if month % 5 == 0 {
            paid.matched.clear();
            paid.left_over = "1089.10".into();
        }
        report.payments.push(paid);
        let mut used = days.clone();
        used.period = period.clone();
        if month % 2 == 0 {
            (used.outside, used.overage_from) = (vec![0; 31], None);
        }
        if month == 23 {
            used.overage_from = Some(format!("{period}-31 23:59:59"));
        }
        report.usage.push(used);
        report.timeline.push(Moment {
            at: format!("{period}-28"),
            kind: "bill".into(),
            text: "账单".into(),
            amount: Some("123456.78".into()),
            source: None,
        });
    }
    report.timeline.sort_by(|a, b| a.at.cmp(&b.at));
    report
}

fn totals() -> Totals {
    Totals {
        billed: "89.10".into(),
        expected_low: "74.10".into(),
        expected_high: "74.10".into(),
        explained: "74.10".into(),
        disputed: "15.00".into(),
        unverified: "0.00".into(),
        claim_proven: "15.00".into(),
        claim_probable: "0.00".into(),
        at_stake_needs_evidence: "0.00".into(),
        paid: "89.10".into(),
        refunded: "0.00".into(),
    }
}

fn inputs() -> Vec<Input> {
    let file = |path: &str, table: &str, profile: &str, read: u64, aside: u64| Input {
        path: path.into(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        bytes: 1234,
        profile: Some(profile.into()),
        verified: true,
        table: Some(table.into()),
        rows_read: read,
        rows_used: read - aside,
        rows_set_aside: aside,
        covers: Some(Covers { start: "2025-10-01".into(), end: "2025-10-31".into(), by: "stated".into() }),
        ..Input::default()
    };
    let mut list = file(LIST, "usage", "cmcc/message-list-1", 8, 0);
    list.control =
        vec![ControlTotal { name: "count".into(), stated: "8".into(), counted: "8".into(), ties: true }];
    vec![
        file(BILL, "bill", "cmcc/bill-web-1", 5, 1),
        list,
        file("payments/alipay.csv", "payments", "alipay/export-1", 1, 0),
    ]
}

fn lines() -> Vec<BillLine> {
    let line = |row: u32, item: &str, category: &str, amount: &str, why: &str| BillLine {
        id: format!("L-000000000{row}"),
        source: Place { path: BILL.into(), sheet: None, row: Some(row) },
        msisdn: MSISDN.into(),
        period: "2025-10".into(),
        item: item.into(),
        category: category.into(),
        amount: amount.into(),
        explained: amount.into(),
        disputed: "0.00".into(),
        unverified: "0.00".into(),
        findings: vec![],
        why: why.into(),
    };
    let mut mms = line(7, "彩信费", "mms", "15.00", "收费期间没有彩信");
    mms.explained = "0.00".into();
    mms.disputed = "15.00".into();
    mms.findings = vec!["F-0123456789".into()];
    vec![
        line(4, "套餐月费", "plan-fee", "59.00", "与套餐规则 1.1 一致"),
        line(5, "短信费", "sms", "0.10", "1 条 × 0.10（规则 3.3）"),
        mms,
        line(8, "套餐外上网费", "data", "15.00", "119 MB，两段计费封顶 15.00（规则 3.2）"),
    ]
}

fn expected() -> Vec<Expected> {
    let item = |name: &str, amount: &str, clause: &str, what: &str, formula: &str| Expected {
        msisdn: MSISDN.into(),
        period: "2025-10".into(),
        name: name.into(),
        label: what.into(),
        amount_low: amount.into(),
        amount_high: amount.into(),
        trace: vec![TraceStep {
            rule: format!("demo-59/{name}"),
            clause: Some(clause.into()),
            what: what.into(),
            formula: formula.into(),
            before: String::new(),
            after: amount.into(),
        }],
        lines: vec![],
    };
    vec![
        item("monthly", "59.00", "1.1", "整月月费", "59.00"),
        item("sms-out", "0.10", "3.3", "套餐外短信", "1 × 0.10 = 0.10"),
        item(
            "data-out",
            "15.00",
            "3.2",
            "套餐外流量按两段计费",
            "119 MB：100 × 0.27 封顶 10.00 ＋ 19 × 0.27 封顶 5.00 = 15.00",
        ),
    ]
}

fn clause(id: &str, text: &str) -> Clause {
    Clause {
        plan: "demo-59".into(),
        plan_name: "畅享套餐 59 元档".into(),
        clause: id.into(),
        text: text.into(),
        source: "资费公示页".into(),
    }
}

fn finding() -> Finding {
    let cell = |row: u32, column: u32, header: &str, quote: &str| Evidence {
        role: "supports".into(),
        path: BILL.into(),
        sheet: None,
        row,
        column: Some(column),
        header: Some(header.into()),
        quote: quote.into(),
        raw: None,
    };
    let row = |row: u32, item: &str, amount: &str, hit: bool| ExcerptRow {
        row,
        cells: vec![item.into(), amount.into()],
        hit,
        hit_column: hit.then_some(2),
    };
    Finding {
        id: "F-0123456789".into(),
        code: "USE-001".into(),
        name: "mms-charged-without-mms".into(),
        kind: "E".into(),
        verdict: "proven".into(),
        msisdn: MSISDN.into(),
        period: "2025-10".into(),
        date: None,
        amount: "15.00".into(),
        claim: "15.00".into(),
        at_stake: "0.00".into(),
        title: "收了彩信费，但没有发过彩信".into(),
        explanation: "收费须有通信发生。短彩信详单写明查询范围为整个账期且总条数与实际行数一致，其中彩信 0 条，所以这笔费用没有对应的通信。".into(),
        evidence: vec![
            cell(7, 2, "金额(元)", "15.00"),
            Evidence { path: LIST.into(), row: 2, column: Some(1), header: None, quote: "总条数：8".into(), role: "supports".into(), ..Evidence::default() },
        ],
        excerpts: vec![
            Excerpt {
                path: BILL.into(),
                sheet: None,
                header: vec!["费用项目".into(), "金额(元)".into()],
                columns: vec![1, 2],
                rows: vec![row(5, "短信费", "0.10", false), row(7, "彩信费", "15.00", true), row(8, "套餐外上网费", "15.00", false)],
            },
            Excerpt {
                path: LIST.into(),
                sheet: None,
                header: vec![],
                columns: vec![1],
                rows: vec![
                    ExcerptRow { row: 1, cells: vec!["查询范围：2025-10-01 至 2025-10-31".into()], hit: true, hit_column: None },
                    ExcerptRow { row: 2, cells: vec!["总条数：8".into()], hit: true, hit_column: Some(1) },
                ],
            },
        ],
        clauses: vec![],
        basis: vec!["dx-33".into()],
        ask: vec!["请提供 2025 年 10 月彩信费 15.00 元对应的逐条原始话单（时间、对方号码、大小、状态）。".into()],
        innocent: vec![
            "长短信或带图短信被手机转为彩信：详单中应有记录，没有。".into(),
            "上月末的彩信延后入账：9 月详单不在材料中，请对方说明。".into(),
        ],
        deadlines: vec![
            deadline("appeal", "向电信用户申诉受理机构申诉", "2026-03-01", "2026-03-31", "o35-11"),
            deadline("first-complaint", "先向运营商投诉", "2026-02-13", "2026-03-15", "o35-10"),
        ],
        lines: vec!["L-0000000007".into()],
        remedies: vec![],
    }
}

fn deadline(what: &str, label: &str, safe: &str, latest: &str, basis: &str) -> Deadline {
    Deadline {
        what: what.into(),
        label: label.into(),
        safe_until: safe.into(),
        at_the_latest: latest.into(),
        basis: basis.into(),
    }
}

fn payment() -> Payment {
    Payment {
        id: "P-0123456789".into(),
        source: Place { path: "payments/alipay.csv".into(), sheet: None, row: Some(26) },
        paid_at: "2025-11-05 09:12:33".into(),
        platform: "alipay".into(),
        payee: "中国移动".into(),
        description: "话费缴费".into(),
        amount: "89.10".into(),
        direction: "out".into(),
        status: "success".into(),
        matched: vec![PaymentMatch {
            to: "bill".into(),
            id: "2025-10".into(),
            amount: "89.10".into(),
            rule: "payee-amount-window".into(),
        }],
        left_over: "0.00".into(),
        findings: vec![],
        counted: "89.10".into(),
        given_back: "0.00".into(),
        ties: Vec::new(),
    }
}

fn detector(code: &str, title: &str, outcome: &str, findings: u64) -> Detector {
    Detector {
        code: code.into(),
        name: String::new(),
        title: title.into(),
        outcome: outcome.into(),
        findings,
        missing: vec![],
    }
}

fn detectors() -> Vec<Detector> {
    vec![
        detector("USE-001", "收了彩信费，但没有发过彩信", "found", 1),
        detector("USE-008", "套餐内还有余量，却收了套餐外费用", "nothing", 0),
        detector("BILL-001", "各项相加与合计不符", "nothing", 0),
        detector("BILL-003", "同一项目收了两次", "nothing", 0),
        detector("SUB-001", "该自动续订的包没有续上", "not-applicable", 0),
        detector("PAY-001", "同一笔钱扣了两次", "nothing", 0),
    ]
}

/// A kind that the list states complete for all 31 days, with one record on each of the days.
fn map(kind: &str, days_with_records: &[u32]) -> CoverageMap {
    CoverageMap {
        msisdn: MSISDN.into(),
        period: "2025-10".into(),
        kind: kind.into(),
        level: "proved".into(),
        days_covered: 31,
        days: vec!["stated".into(); 31],
        events: (1..=31).map(|day| u32::from(days_with_records.contains(&day))).collect(),
    }
}
