//! Yes and no.

use crate::ingest::parse_cell::{CellResult, present, refused};

/// Returns what a yes-no cell says.
///
/// # Errors
/// When the cell is neither absent nor one of the known words.
pub fn yes_no(text: &str) -> CellResult<bool> {
    let Some(folded) = present(text) else { return Ok(None) };
    match folded.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "是" | "有" | "已确认" | "开通" => Ok(Some(true)),
        "no" | "n" | "false" | "0" | "否" | "无" | "未确认" | "关闭" => Ok(Some(false)),
        _ => Err(refused("yes-no", text)),
    }
}
