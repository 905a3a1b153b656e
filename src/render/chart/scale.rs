//! From yuan to pixels: the only place where an amount loses digits, and only for drawing.

use crate::model::money::{Money, MoneyRounding};

/// A linear scale in whole pixels.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    low_fen: i128,
    high_fen: i128,
    start_px: i32,
    length_px: i32,
}

impl Scale {
    /// Returns the scale on which zero and all amounts fit between the two pixels.
    pub fn new(amounts: impl IntoIterator<Item = Money>, start_px: i32, end_px: i32) -> Self {
        let mut scale = Self { low_fen: 0, high_fen: 0, start_px, length_px: end_px - start_px };
        for amount in amounts {
            scale.low_fen = scale.low_fen.min(fen(amount));
            scale.high_fen = scale.high_fen.max(fen(amount));
        }
        scale.high_fen = scale.high_fen.max(scale.low_fen + 1);
        scale
    }

    /// Returns the pixel of an amount.
    pub fn px(self, amount: Money) -> i32 {
        let above = fen(amount).clamp(self.low_fen, self.high_fen) - self.low_fen;
        let px = above * i128::from(self.length_px) / (self.high_fen - self.low_fen);
        self.start_px + i32::try_from(px).unwrap_or(self.length_px)
    }
}

/// Returns the share of `part` in `whole` in thousandths, between 0 and 1000; sizes count, signs do not.
pub fn per_mille(part: Money, whole: Money) -> u32 {
    let (part, whole) = (fen(part.abs()), fen(whole.abs()));
    if whole == 0 { 0 } else { u32::try_from((part * 1000 / whole).min(1000)).unwrap_or(1000) }
}

/// Returns the length in pixels of `part` where `whole` is `length_px` long; never longer.
pub fn length_px(part: u64, whole: u64, length_px: i32) -> i32 {
    if whole == 0 {
        return 0;
    }
    let px = u128::from(part.min(whole)) * u128::from(length_px.unsigned_abs()) / u128::from(whole);
    i32::try_from(px).unwrap_or(length_px)
}

fn fen(amount: Money) -> i128 {
    let yuan = amount.rounded(MoneyRounding::HalfUp, 2).yuan();
    yuan.mantissa() * 10i128.pow(2 - yuan.scale().min(2))
}
