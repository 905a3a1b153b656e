//! The coverage map: a row for each kind of record and month, a cell for each day.

use crate::render::chart::drawing::{Anchor, Drawing, Ink, RING_PX};
use crate::render::chart::text_width::wrapped;
use crate::report::model::CoverageMap;

/// Most rows; the tables hold all.
pub const ROWS_MAX: usize = 60;

const WIDTH: i32 = 440;
const LEFT: i32 = 92;
const CELL_PX: i32 = 11;
const ROW_PX: i32 = 20;
const LINE_PX: i32 = 22;
const SWATCH_PX: i32 = 14;
const NAME_PX: i32 = 16;

/// A row with its words.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    /// Name of the kind of record.
    pub name: String,
    /// Its days.
    pub map: &'a CoverageMap,
}

/// Returns the chart; `names` are those of the cells: proved, inferred, nothing known, with records.
pub fn draw(rows: &[Row<'_>], names: &[String; 4]) -> Drawing {
    let starts = |index: usize| index == 0 || rows[index - 1].map.period != rows[index].map.period;
    let heads = (0..rows.len()).filter(|index| starts(*index)).count();
    let rows_px: i32 = rows.iter().map(row_px).sum();
    let height = heads as i32 * LINE_PX + rows_px + 8 + 4 * LINE_PX;
    let mut canvas = Drawing::new(WIDTH, height);
    let mut top = 0;
    for (index, row) in rows.iter().enumerate() {
        if starts(index) {
            canvas.text(Ink::Soft, Anchor::Start, (0, top + LINE_PX / 2), &row.map.period);
            top += LINE_PX;
        }
        draw_row(&mut canvas, row, top);
        top += row_px(row);
    }
    draw_legend(&mut canvas, names, top + 8);
    canvas
}

/// Returns the height of a row: a long name takes several lines.
fn row_px(row: &Row<'_>) -> i32 {
    ROW_PX + (wrapped(&row.name, LEFT - 6).len() as i32 - 1) * NAME_PX
}

fn draw_row(canvas: &mut Drawing, row: &Row<'_>, top: i32) {
    for (index, line) in wrapped(&row.name, LEFT - 6).iter().enumerate() {
        canvas.text(Ink::Ink, Anchor::Start, (0, top + ROW_PX / 2 + index as i32 * NAME_PX), line);
    }
    for (day, by) in row.map.days.iter().enumerate() {
        let x = LEFT + day as i32 * CELL_PX;
        let ink = match by.as_str() {
            "" => Ink::Open,
            "inferred" => Ink::Unverified,
            _ => Ink::Explained,
        };
        canvas.rect(ink, (x, x + CELL_PX - 2), (top + 3, top + ROW_PX - 3));
        if row.map.events.get(day).is_some_and(|events| *events > 0) {
            canvas.ring(Ink::Ink, (x + CELL_PX / 2 - 1, top + ROW_PX / 2));
        }
    }
}

fn draw_legend(canvas: &mut Drawing, names: &[String; 4], top: i32) {
    let inks = [Some(Ink::Explained), Some(Ink::Unverified), Some(Ink::Open), None];
    for (index, (ink, name)) in inks.into_iter().zip(names).enumerate() {
        let middle = top + index as i32 * LINE_PX + LINE_PX / 2;
        match ink {
            Some(ink) => {
                let y = (middle - SWATCH_PX / 2, middle + SWATCH_PX / 2);
                canvas.rect(ink, (LEFT, LEFT + SWATCH_PX), y);
            }
            None => canvas.ring(Ink::Ink, (LEFT + SWATCH_PX / 2, middle)),
        }
        canvas.text(Ink::Ink, Anchor::Start, (LEFT + SWATCH_PX + RING_PX + 6, middle), name);
    }
}
