//! Problems of a file as text with the lines they are about. Chinese columns align.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::model::message::Message;
use crate::spec::SpecProblem;

/// Returns the problems of one file as plain text, each with its line and a mark below the place.
///
/// `text` is the file as it was read; `say` puts a message into words.
pub fn render(problems: &[SpecProblem], text: &str, say: &dyn Fn(&Message) -> String) -> String {
    let renderer = Renderer::plain();
    let label = say(&Message::new("spec.label"));
    let mut printed = String::new();
    for problem in problems {
        let title = one_line(&say(&problem.message));
        let place = place(problem, text);
        let snippet =
            Snippet::source(text).path(problem.path.as_str()).annotation(AnnotationKind::Primary.span(place));
        let group = Level::ERROR.with_name(label.as_str()).primary_title(title.as_str()).element(snippet);
        printed.push_str(&renderer.render(&[group]));
        printed.push('\n');
    }
    printed
}

/// Returns the bytes to mark: the problem's own, cut to whole characters of one line, else its whole row.
fn place(problem: &SpecProblem, text: &str) -> Range<usize> {
    let row_start =
        text.split_inclusive('\n').take(problem.row.saturating_sub(1) as usize).map(str::len).sum::<usize>();
    let row_end = text[row_start..].find('\n').map_or(text.len(), |length| row_start + length);
    let inside = problem.span.start >= row_start && problem.span.start < problem.span.end;
    if !inside || !text.is_char_boundary(problem.span.start) {
        return row_start..row_end;
    }
    let end = problem.span.end.min(row_end).max(problem.span.start);
    if text.is_char_boundary(end) { problem.span.start..end } else { problem.span.start..row_end }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
