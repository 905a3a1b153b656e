//! The worked vectors of published tariff texts: each row of the table, both sides of each edge.

use super::support::{
    MB, amount, book, call, cycle, data, exactly, fifteen_fen_a_minute, line, plan, rate, rate_text,
};

/// A rate on data that has no allowance before it.
fn data_rate(rule: &str) -> mingzhang::rules::plan_book::PlanBook {
    book([plan("demo", "plan", &rate_text("out", "data", rule))])
}

/// Checks what one session of each volume costs. Volumes are in tenths of a MB, so that 9.2 MB is whole.
fn check(rule: &str, vectors: &[(u64, &str)]) {
    let book = data_rate(rule);
    for (tenths_mb, expected) in vectors {
        // 0.1 MB is no whole number of bytes: round up, which no vector here can see.
        let bytes = (tenths_mb * MB).div_ceil(10);
        let line = line("demo", &[data("2025-10-03 10:00:00", bytes)]);
        let rated = rate(&line, &book);
        let found = amount(&rated.cycles[&cycle("2025-10")], "out");
        assert_eq!(found, exactly(expected), "{tenths_mb} tenths of a MB under {rule}");
    }
}

#[test]
fn overage_is_free_from_60_yuan_to_1_gb_and_then_begins_again() {
    // 206 × 0.29 = 59.74; 207 × 0.29 = 60.03 > 60; 1025 MB = 60 + 0.29; 1124 = 60 + 100 × 0.29; 2048 = 2 × 60.
    check(
        r#"per = "cycle"
count = "1MB"
round = "up"
repeat = true
stages = [{ to = "1GB", price = "0.29", cap = "60.00" }]"#,
        &[
            (1000, "29.00"),
            (2060, "59.74"),
            (2061, "60.00"),
            (2070, "60.00"),
            (10240, "60.00"),
            (10241, "60.29"),
            (10250, "60.29"),
            (11240, "89.00"),
            (20480, "120.00"),
        ],
    );
}

#[test]
fn a_hundred_mb_cost_as_much_as_a_gb() {
    // 50 × 0.03 = 1.50; 100 × 0.03 = 3; 1025 MB = 3 + 0.03; 2560 MB = 2 × 3 + min(512 × 0.03, 3) = 9.
    check(
        r#"per = "cycle"
count = "1MB"
round = "up"
repeat = true
stages = [{ to = "1GB", price = "0.03", cap = "3.00" }]"#,
        &[(500, "1.50"), (990, "2.97"), (1000, "3.00"), (10240, "3.00"), (10250, "3.03"), (25600, "9.00")],
    );
}

#[test]
fn a_day_pack_counts_to_one_yuan_and_stacks_above_800_mb() {
    // ⌈9.2⌉ = 10 × 0.1 = 1.00; 805 = 1 + 5 × 0.1; 1700 = 2 × 1 + min(100 × 0.1, 1).
    check(
        r#"per = "day"
count = "1MB"
round = "up"
repeat = true
stages = [{ to = "800MB", price = "0.10", cap = "1.00" }]"#,
        &[(5, "0.10"), (50, "0.50"), (92, "1.00"), (8000, "1.00"), (8050, "1.50"), (17000, "3.00")],
    );
}

#[test]
fn a_day_pack_begins_anew_at_midnight() {
    let book = data_rate(
        r#"per = "day"
count = "1MB"
round = "up"
repeat = true
stages = [{ to = "800MB", price = "0.10", cap = "1.00" }]"#,
    );
    // 4 MB in the last second of the day and 4 MB in the first of the next: 0.40 + 0.40; one day would give 0.80
    // too, so use 8 MB each: 0.80 + 0.80 = 1.60, where one day of 16 MB would cost 1.00.
    let two_days = [data("2025-10-03 23:59:59", 8 * MB), data("2025-10-04 00:00:00", 8 * MB)];
    let rated = rate(&line("demo", &two_days), &book);
    assert_eq!(amount(&rated.cycles[&cycle("2025-10")], "out"), exactly("1.60"));
    let one_day = [data("2025-10-03 23:59:58", 8 * MB), data("2025-10-03 23:59:59", 8 * MB)];
    let rated = rate(&line("demo", &one_day), &book);
    assert_eq!(amount(&rated.cycles[&cycle("2025-10")], "out"), exactly("1.00"));
}

#[test]
fn less_than_a_gb_is_not_counted_when_steps_are_rounded_down() {
    // 0.9 GB = 921.6 MB → 0 steps; 2.7 GB = 2764.8 MB → 2 steps of 3 yuan.
    check(
        r#"per = "cycle"
count = "1GB"
round = "down"
stages = [{ price = "3" }]"#,
        &[(9216, "0.00"), (10239, "0.00"), (10240, "3.00"), (27648, "6.00")],
    );
}

#[test]
fn every_started_block_of_100_mb_costs_ten_yuan() {
    check(
        r#"per = "cycle"
count = "100MB"
round = "up"
stages = [{ price = "10" }]"#,
        &[(10, "10.00"), (1000, "10.00"), (1001, "20.00"), (1010, "20.00"), (2500, "30.00")],
    );
}

#[test]
fn three_mb_blocks_stop_costing_after_ten_a_day() {
    // ⌈17.8 ÷ 3⌉ = 6 × 3 = 18; 30 MB = 10 blocks; above them nothing more.
    check(
        r#"per = "day"
count = "3MB"
round = "up"
stages = [{ to = "30MB", price = "3" }, { price = "0" }]"#,
        &[(178, "18.00"), (300, "30.00"), (301, "30.00"), (500, "30.00")],
    );
}

#[test]
fn a_ladder_of_caps_rises_stage_by_stage() {
    // To 700 MB at most 10; to 1 GB at most 10 more; to 2 GB at most 20 more. 734 MB: 10 + 34 × 0.29 = 19.86.
    check(
        r#"per = "cycle"
count = "1MB"
round = "up"
stages = [
  { to = "700MB", price = "0.29", cap = "10" },
  { to = "1GB", price = "0.29", cap = "10" },
  { to = "2GB", price = "0.29", cap = "20" },
]"#,
        &[(7000, "10.00"), (7340, "19.86"), (10240, "20.00"), (20480, "40.00")],
    );
}

#[test]
fn two_stages_with_caps_begin_again_after_a_gb() {
    // 30 × 0.27 = 8.10; 38 × 0.27 = 10.26 → 10; 110 = 10 + 2.70; 119 = 10 + 5.13 → 15; 1054 = 15 + 8.10.
    check(
        r#"per = "cycle"
count = "1MB"
round = "up"
repeat = true
stages = [{ to = "100MB", price = "0.27", cap = "10" }, { to = "1GB", price = "0.27", cap = "5" }]"#,
        &[
            (300, "8.10"),
            (370, "9.99"),
            (380, "10.00"),
            (1100, "12.70"),
            (1180, "14.86"),
            (1190, "15.00"),
            (10240, "15.00"),
            (10540, "23.10"),
        ],
    );
}

#[test]
fn the_first_three_gb_cost_more_and_a_part_of_a_gb_has_two_readings() {
    // 4.2 GB up: 3 × 5 + 2 × 3 = 21; exact: 15 + 1.2 × 3 = 18.60.
    let whole = [(30720, "15.00"), (40960, "18.00"), (51200, "21.00"), (102_400, "36.00")];
    let stages = r#"stages = [{ to = "3GB", price = "5" }, { price = "3" }]"#;
    check(&format!("per = \"cycle\"\ncount = \"1GB\"\nround = \"up\"\n{stages}"), &whole);
    check(&format!("per = \"cycle\"\ncount = \"1GB\"\nround = \"up\"\n{stages}"), &[(43008, "21.00")]);
    check(&format!("per = \"cycle\"\ncount = \"1GB\"\nround = \"exact\"\n{stages}"), &whole);
    // 43008 tenths of a MB are 4.2 GB rounded up to a byte: 18.600000002… → 18.60.
    check(&format!("per = \"cycle\"\ncount = \"1GB\"\nround = \"exact\"\n{stages}"), &[(43008, "18.60")]);
}

#[test]
fn two_readings_of_one_clause_give_bounds() {
    let text = r#"
[[rate]]
id = "out"
unit = "data"
per = "cycle"
count = "1GB"
round = "exact"
stages = [{ to = "3GB", price = "5" }, { price = "3" }]
clause = "1"
[[reading]]
id = "round-up"
clause = "1"
set = { "rate.out.round" = "up" }
"#;
    let book = book([plan("demo", "plan", text)]);
    let rated = rate(&line("demo", &[data("2025-10-03 10:00:00", 43008 * MB / 10)]), &book);
    let found = amount(&rated.cycles[&cycle("2025-10")], "out");
    // 43008 ÷ 10 MB = 4.2 GB: exact 18.60, each started GB 21.00.
    assert_eq!((found.low, found.high), (exactly("18.60").low, exactly("21.00").low));
    // What decides is said: the clause, the text at the low end, the other reading at the high end.
    let [open] = rated.cycles[&cycle("2025-10")].open.as_slice() else { panic!("one question") };
    assert_eq!(open.clause.as_ref().map(|clause| clause.clause.as_str()), Some("1"));
    let keys = [&open.what, &open.at_low, &open.at_high].map(|message| message.key.as_str());
    assert_eq!(keys, ["rating.open.reading", "rating.open.reading-text", "rating.open.reading-other"]);
    assert_eq!((open.low, open.high), (exactly("18.60").low, exactly("21.00").low));
}

#[test]
fn calls_cost_each_started_minute() {
    let book = book([plan("demo", "plan", &fifteen_fen_a_minute("voice-out"))]);
    for (duration_s, expected) in [(0, "0.00"), (1, "0.15"), (60, "0.15"), (61, "0.30")] {
        let rated = rate(&line("demo", &[call("2025-10-03 10:00:00", duration_s)]), &book);
        let found = amount(&rated.cycles[&cycle("2025-10")], "voice-out");
        assert_eq!(found, exactly(expected), "{duration_s} s");
    }
}

#[test]
fn calls_are_rounded_one_by_one_not_together() {
    let book = book([plan("demo", "plan", &fifteen_fen_a_minute("voice-out"))]);
    // Two calls of 30 s: 2 × 0.15; together they would be one minute.
    let calls = [call("2025-10-03 10:00:00", 30), call("2025-10-03 11:00:00", 30)];
    let rated = rate(&line("demo", &calls), &book);
    assert_eq!(amount(&rated.cycles[&cycle("2025-10")], "voice-out"), exactly("0.30"));
}
