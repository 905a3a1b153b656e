//! Parquet tables in the general format. The files were written by polars 2.1; what they hold is written out here.

use proptest::prelude::*;

use super::{code, column, inspected, profile, read};

/// zstd: 8:00:00 voice 60 s 0.15 · 8:00:01.5 text message 0.10 · 8:00:02 data 1 MiB without fee and direction.
const USAGE: &[u8] = include_bytes!("../../fuzz/corpus/parquet/usage");
/// The same without compression.
const PLAIN: &[u8] = include_bytes!("../../fuzz/corpus/parquet/plain");
/// Decimal amounts 15.00 and −39.99; the items are a dictionary.
const BILL: &[u8] = include_bytes!("../../fuzz/corpus/parquet/bill");
/// A binary amount 548.58, a day and a list.
const PAYMENT: &[u8] = include_bytes!("../../fuzz/corpus/parquet/payment");

#[test]
fn times_whole_numbers_and_absent_values_are_read_as_they_are() {
    for bytes in [USAGE, PLAIN] {
        let reading = read("usage.parquet", bytes);
        assert_eq!(profile(&reading), "general/usage-1");
        assert_eq!(column(&reading, "row"), ["1", "2", "3"]);
        let starts = ["2025-10-01 08:00:00", "2025-10-02 08:00:01", "2025-10-03 08:00:02"];
        assert_eq!(column(&reading, "start"), starts);
        assert_eq!(column(&reading, "bytes"), ["0", "0", "1048576"]);
        assert_eq!(column(&reading, "direction"), ["out", "out", ""]);
        assert_eq!(column(&reading, "fee"), ["0.15", "0.10", ""]);
        // 0.15 + 0.10
        assert_eq!(inspected(&reading)["sum_amount"], "0.25");
    }
}

#[test]
fn decimals_keep_their_sign_and_every_digit() {
    let reading = read("bill.parquet", BILL);
    assert_eq!(column(&reading, "item"), ["彩信费", "套餐费"]);
    assert_eq!(column(&reading, "amount"), ["15.00", "-39.99"]);
    // 15.00 − 39.99
    assert_eq!(inspected(&reading)["sum_amount"], "-24.99");
}

#[test]
fn a_binary_amount_is_read_like_one_of_a_workbook_and_lists_are_passed_over() {
    let reading = read("payment.parquet", PAYMENT);
    assert_eq!(column(&reading, "amount"), ["548.58"]);
    assert_eq!(column(&reading, "paid_at"), ["2025-10-01 08:00:00"]);
    assert!(!reading.source.tables[0].columns.iter().any(|used| used.header == "l"));
}

#[test]
fn a_file_that_ends_too_early_is_said_to_be_cut_off() {
    assert_eq!(code(&read("a.parquet", &USAGE[..USAGE.len() - 1])), "truncated");
    assert_eq!(code(&read("a.parquet", b"PAR1".as_slice())), "truncated");
    // A footer that claims to be longer than the file.
    assert_eq!(code(&read("a.parquet", b"PAR1\xFF\xFF\xFF\x7FPAR1".as_slice())), "damaged-parquet");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_changed_byte_never_ends_the_program(at in any::<prop::sample::Index>(), value in any::<u8>()) {
        let mut bytes = BILL.to_vec();
        let at = at.index(bytes.len());
        bytes[at] = value;
        read("a.parquet", bytes);
    }
}
