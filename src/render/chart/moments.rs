//! The timeline: a lane for each kind of thing that happened, from the first day to the last.

use chrono::NaiveDate;

use crate::render::chart::drawing::{Anchor, Drawing, Ink, RING_PX};
use crate::render::chart::text_width::{width_px, wrapped};

const WIDTH: i32 = 440;
const LANE_PX: i32 = 44;
const LINE_PX: i32 = 20;
const NAME_PX: i32 = 16;
const LEFT: i32 = 96;
const RIGHT: i32 = 430;

/// A kind of thing with the days on which it happened and what to write there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Name of the kind.
    pub name: String,
    /// Days, each with a short label; empty for none.
    pub marks: Vec<(NaiveDate, String)>,
    /// Whether the marks are about what is disputed.
    pub ink: Ink,
}

/// Returns the chart. A label that would touch the one before is left out; the table below the chart holds all.
pub fn draw(lanes: &[Lane]) -> Drawing {
    let days: Vec<NaiveDate> = lanes.iter().flat_map(|lane| &lane.marks).map(|(day, _)| *day).collect();
    let (Some(first), Some(last)) = (days.iter().min().copied(), days.iter().max().copied()) else {
        return Drawing::new(WIDTH, 1);
    };
    let span = (last - first).num_days().max(1);
    let x_of = |day: NaiveDate| {
        let px = (day - first).num_days() * i64::from(RIGHT - LEFT) / span;
        LEFT + i32::try_from(px).unwrap_or(0)
    };
    let bottom: i32 = lanes.iter().map(lane_px).sum();
    let mut canvas = Drawing::new(WIDTH, bottom + LINE_PX + 8);
    let mut top = 0;
    for lane in lanes {
        draw_lane(&mut canvas, lane, top, &x_of);
        top += lane_px(lane);
    }
    canvas.path(Ink::Soft, &[(LEFT, bottom), (RIGHT, bottom)]);
    canvas.text(Ink::Soft, Anchor::Start, (LEFT, bottom + LINE_PX / 2 + 4), &first.to_string());
    canvas.text(Ink::Soft, Anchor::End, (RIGHT, bottom + LINE_PX / 2 + 4), &last.to_string());
    canvas
}

/// Returns the height of a lane: a long name takes several lines.
fn lane_px(lane: &Lane) -> i32 {
    LANE_PX + (wrapped(&lane.name, LEFT - 12).len() as i32 - 1) * NAME_PX
}

fn draw_lane(canvas: &mut Drawing, lane: &Lane, top: i32, x_of: &dyn Fn(NaiveDate) -> i32) {
    let middle = top + LANE_PX - 12;
    for (row, line) in wrapped(&lane.name, LEFT - 12).iter().enumerate() {
        canvas.text(Ink::Ink, Anchor::Start, (0, middle + row as i32 * NAME_PX), line);
    }
    canvas.path(Ink::Hair, &[(LEFT, middle), (RIGHT, middle)]);
    let mut free_from = LEFT - 4;
    for (day, label) in &lane.marks {
        let x = x_of(*day);
        match lane.ink {
            Ink::Ink => canvas.ring(Ink::Ink, (x, middle)),
            ink => canvas.rect(ink, (x - RING_PX, x + RING_PX), (middle - RING_PX, middle + RING_PX)),
        }
        let width = width_px(label);
        let start = (x - width / 2).clamp(LEFT - 4, (RIGHT + 8 - width).max(LEFT - 4));
        if !label.is_empty() && start >= free_from {
            canvas.text(Ink::Soft, Anchor::Start, (start, middle - 15), label);
            free_from = start + width + 6;
        }
    }
}
