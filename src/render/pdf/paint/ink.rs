//! Colours and patterns: the page's print palette. Every filled tone differs in lightness or pattern from its
//! neighbours, so that a copy in black and white still reads.

use krilla::color::rgb::Color;
use krilla::geom::{PathBuilder, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Paint, Pattern, Stroke};
use krilla::surface::Surface;

use crate::render::chart::drawing::Ink;
use crate::render::pdf::mark::Tone;

const BLACK: u32 = 0x000000;
const WHITE: u32 = 0xffffff;
const SERIES: u32 = 0x33475b;

fn rgb(code: u32) -> Color {
    let [_, red, green, blue] = code.to_be_bytes();
    Color::new(red, green, blue)
}

/// Returns the colour of text and lines.
pub fn color(tone: Tone) -> Color {
    match tone {
        Tone::Black | Tone::Chart(Ink::Ink) => rgb(BLACK),
        Tone::Soft | Tone::Chart(Ink::Soft) => rgb(0x444444),
        Tone::Hair => rgb(0xb0b0b0),
        Tone::Chart(Ink::Hair) => rgb(0x777777),
        Tone::Shade => rgb(0xf0efea),
        Tone::Red | Tone::Chart(Ink::Disputed | Ink::DisputedText) => rgb(0x8f1d0b),
        Tone::RedShade => rgb(0xf8eae6),
        Tone::Green | Tone::Chart(Ink::Missing) => rgb(0x1d5038),
        Tone::GreenShade | Tone::Chart(Ink::Explained) => rgb(0xd4e5db),
        Tone::GreenDeep => rgb(0x8dbda3),
        Tone::Ochre | Tone::Chart(Ink::Unverified) => rgb(0x6b4600),
        Tone::Chart(Ink::Open) => rgb(BLACK),
        Tone::Chart(_) => rgb(SERIES),
    }
}

/// Returns what a rectangle of that tone is filled with, and the colour of its edge.
pub fn fill(surface: &mut Surface<'_>, tone: Tone) -> (Paint, Option<Color>) {
    let Tone::Chart(ink) = tone else { return (color(tone).into(), None) };
    match ink {
        Ink::Open => (rgb(WHITE).into(), Some(rgb(BLACK))),
        Ink::Explained => (rgb(0xc4ddcf).into(), Some(rgb(0x1d5038))),
        Ink::Unverified => (hatch(surface, rgb(0xfff7e0), rgb(0xd0a53c), 4.0, 1.8), Some(rgb(0x6b4600))),
        Ink::Missing => (dots(surface, rgb(0x1d5038)), Some(rgb(0x1d5038))),
        Ink::Series(n) => (series(surface, n % Ink::SERIES), Some(rgb(SERIES))),
        _ => (color(tone).into(), None),
    }
}

fn series(surface: &mut Surface<'_>, n: u8) -> Paint {
    match n {
        0 => rgb(SERIES).into(),
        1 => hatch(surface, rgb(WHITE), rgb(SERIES), 4.0, 1.0),
        2 => rgb(0xd5dde4).into(),
        3 => dots(surface, rgb(SERIES)),
        4 => rgb(0x8fa3b5).into(),
        5 => hatch(surface, rgb(0xd5dde4), rgb(SERIES), 6.0, 1.4),
        6 => hatch(surface, rgb(0x8fa3b5), rgb(WHITE), 4.0, 1.0),
        _ => rgb(WHITE).into(),
    }
}

/// Returns lines at 45 degrees.
fn hatch(surface: &mut Surface<'_>, ground: Color, line: Color, step: f32, width: f32) -> Paint {
    pattern(surface, ground, step, Transform::from_rotate(45.0), |surface| {
        let mut path = PathBuilder::new();
        path.move_to(step / 2.0, 0.0);
        path.line_to(step / 2.0, step);
        let Some(path) = path.finish() else { return };
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke { paint: line.into(), width, ..Stroke::default() }));
        surface.draw_path(&path);
    })
}

fn dots(surface: &mut Surface<'_>, dot: Color) -> Paint {
    pattern(surface, rgb(WHITE), 4.0, Transform::identity(), |surface| fill_square(surface, 1.3, 1.4, dot))
}

fn pattern(
    surface: &mut Surface<'_>,
    ground: Color,
    step: f32,
    transform: Transform,
    draw: impl FnOnce(&mut Surface<'_>),
) -> Paint {
    let mut builder = surface.stream_builder();
    let mut tile = builder.surface();
    fill_square(&mut tile, 0.0, step, ground);
    draw(&mut tile);
    tile.finish();
    Pattern { stream: builder.finish(), transform, width: step, height: step }.into()
}

fn fill_square(surface: &mut Surface<'_>, from: f32, size: f32, color: Color) {
    let mut path = PathBuilder::new();
    let Some(square) = Rect::from_xywh(from, from, size, size) else { return };
    path.push_rect(square);
    let Some(path) = path.finish() else { return };
    surface.set_stroke(None);
    surface.set_fill(Some(Fill {
        paint: color.into(),
        opacity: NormalizedF32::ONE,
        rule: Default::default(),
    }));
    surface.draw_path(&path);
}
