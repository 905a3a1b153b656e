//! Tables: columns as wide as their cells need, rows that are not cut, a head row on every page.

use crate::error::Result;
use crate::render::markup::{Element, Node};
use crate::render::pdf::face::{Length, PT};
use crate::render::pdf::inline::{classed, is_block, spans};
use crate::render::pdf::layout::{Column, Layout, Setting};
use crate::render::pdf::mark::{Atom, Mark, Tone};
use crate::render::pdf::text::{Style, Text};

/// Distance between the text of a cell and its sides.
const PADDING: (Length, Length) = (4 * PT, 5 * PT / 2);
/// Highest row that is never cut; a higher one is cut between lines.
const ROW_MAX: Length = 620 * PT;
/// Width of a bar in a cell.
const BAR_WIDTH: Length = 60 * PT;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Body,
    Foot,
}

struct Row<'a> {
    part: Part,
    element: &'a Element,
    cells: Vec<&'a Element>,
}

/// How a table looks.
#[derive(Clone, Copy)]
struct Look {
    setting: Setting,
    /// Columns of text side by side, without lines and padding.
    bare: bool,
}

/// Returns a table.
///
/// # Errors
/// When a chart is named that does not exist.
pub fn table(
    layout: &mut Layout<'_>,
    element: &Element,
    column: Column,
    setting: Setting,
) -> Result<Vec<Atom>> {
    let rows = rows(element);
    let bare = element.has_class("cols");
    let mut setting = classed(element, setting);
    if !bare {
        setting = Setting { leading: 138, distance: 2 * PT, ..setting.sized(setting.style.size * 92 / 100) };
    }
    let look = Look { setting, bare };
    let columns = columns(layout, &rows, column, look);
    let mut atoms = caption(layout, element, column, setting);
    let mut head = None;
    for row in &rows {
        let mut lines = row_atoms(layout, row, &columns, look)?;
        if row.part == Part::Head
            && let [atom] = lines.as_mut_slice()
        {
            atom.keep = true;
            layout.heads.push(atom.clone());
            head = Some(layout.heads.len() - 1);
        } else {
            lines.iter_mut().for_each(|atom| atom.head = head);
        }
        atoms.extend(lines);
    }
    keep_ends(&mut atoms, &rows);
    Ok(atoms)
}

/// The sum stays with the last row above it.
fn keep_ends(atoms: &mut [Atom], rows: &[Row<'_>]) {
    let feet = rows.iter().filter(|row| row.part == Part::Foot).count();
    let count = atoms.len();
    if feet > 0 && count > feet {
        atoms[count - feet - 1..count - 1].iter_mut().for_each(|atom| atom.keep = true);
    }
}

fn rows(element: &Element) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for (name, part) in [("thead", Part::Head), ("tbody", Part::Body), ("tfoot", Part::Foot)] {
        for row in element.all(name).flat_map(|group| group.all("tr")) {
            rows.push(Row { part, element: row, cells: row.elements().collect() });
        }
    }
    rows
}

fn caption(layout: &Layout<'_>, element: &Element, column: Column, setting: Setting) -> Vec<Atom> {
    let Some(caption) = element.first("caption") else { return Vec::new() };
    let style = Style { tone: Tone::Soft, ..setting.style };
    let mut atoms = layout.paragraph(&caption.children, column, Setting { style, ..setting });
    atoms.push(Atom::gap(2 * PT));
    atoms.iter_mut().for_each(|atom| atom.keep = true);
    atoms
}

/// Returns the columns: as wide as their longest line if all fit, else between that and their longest part.
fn columns(layout: &Layout<'_>, rows: &[Row<'_>], column: Column, look: Look) -> Vec<Column> {
    let count = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    if look.bare {
        return equal(count, column);
    }
    let room = column.width - PADDING.0 * 2 * Length::try_from(count).unwrap_or(1);
    let mut needs = vec![Need::default(); count];
    for row in rows {
        for (need, cell) in needs.iter_mut().zip(&row.cells) {
            let own = cell_need(layout, cell, row.part, look.setting, room);
            need.least = need.least.max(own.least);
            need.most = need.most.max(own.most);
            need.grows |= own.grows;
        }
    }
    let widths = widths(&needs, room);
    let mut x = column.x;
    let mut columns = Vec::new();
    for width in widths {
        let width = width + PADDING.0 * 2;
        columns.push(Column { x, width });
        x += width;
    }
    columns
}

fn equal(count: usize, column: Column) -> Vec<Column> {
    let count = Length::try_from(count).unwrap_or(1).max(1);
    let distance = 14 * PT;
    let width = (column.width - distance * (count - 1)) / count;
    (0..count).map(|index| Column { x: column.x + index * (width + distance), width }).collect()
}

/// How wide a column must and would like to be, and whether room that is left is of use to it.
#[derive(Debug, Clone, Copy, Default)]
struct Need {
    least: Length,
    most: Length,
    grows: bool,
}

/// Returns the widths of columns with those needs.
fn widths(needs: &[Need], room: Length) -> Vec<Length> {
    let least: Length = needs.iter().map(|need| need.least).sum();
    let most: Length = needs.iter().map(|need| need.most).sum();
    if most <= room {
        // Figures stay as narrow as they are; texts share the room that is left.
        let growing: Length = needs.iter().filter(|need| need.grows).map(|need| need.most).sum();
        let more = |need: &Need| if need.grows { share(room - most, need.most, growing) } else { 0 };
        return needs.iter().map(|need| need.most + more(need)).collect();
    }
    if least <= room {
        let more = |need: &Need| share(room - least, need.most - need.least, most - least);
        return needs.iter().map(|need| need.least + more(need)).collect();
    }
    // Too narrow even for the longest parts: the narrow columns keep their width, the wide ones break inside words.
    let fair = room / Length::try_from(needs.len()).unwrap_or(1).max(1);
    let narrow = |need: &&Need| need.least <= fair;
    let kept: Length = needs.iter().filter(narrow).map(|need| need.least).sum();
    let wide: Length = least - kept;
    let width =
        |need: &Need| if need.least <= fair { need.least } else { share(room - kept, need.least, wide) };
    needs.iter().map(width).collect()
}

/// Returns the part of a length that `part` is of `whole`.
fn share(of: Length, part: Length, whole: Length) -> Length {
    Length::try_from(i64::from(of) * i64::from(part) / i64::from(whole.max(1))).unwrap_or(0)
}

fn cell_need(layout: &Layout<'_>, cell: &Element, part: Part, setting: Setting, room: Length) -> Need {
    let setting = cell_setting(cell, part, setting);
    let (least, most) = widths_of(layout, &cell.children, setting);
    let figure = cell.has_class("money") || cell.has_class("whole");
    // A fingerprint or a path is one long word: it may break anywhere rather than squeeze its neighbours.
    let least = if figure { most } else { least.min(room * 3 / 10) };
    Need { least, most, grows: part == Part::Body && !figure && !cell.has_class("r") }
}

fn widths_of(layout: &Layout<'_>, nodes: &[Node], setting: Setting) -> (Length, Length) {
    let (mut least, mut most) = (0, 0);
    let mut inline = Vec::new();
    let mut take = |(a, b): (Length, Length)| (least, most) = (least.max(a), most.max(b));
    for node in nodes {
        match node {
            Node::Element(element) if element.name == "bar" => take((BAR_WIDTH, BAR_WIDTH)),
            Node::Element(element) if is_block(&element.name) => {
                take(widths_of(layout, &element.children, classed(element, setting)));
            }
            other => inline.push(other.clone()),
        }
    }
    take(Text::new(&spans(&inline, setting.style), layout.faces).widths());
    (least, most)
}

fn cell_setting(cell: &Element, part: Part, setting: Setting) -> Setting {
    let style = match part {
        Part::Head => Style { bold: true, tone: Tone::Soft, size: setting.style.size * 93 / 100 },
        Part::Foot => Style { bold: true, ..setting.style },
        Part::Body => setting.style,
    };
    classed(cell, Setting { style, ..setting })
}

fn row_atoms(layout: &mut Layout<'_>, row: &Row<'_>, columns: &[Column], look: Look) -> Result<Vec<Atom>> {
    let (side, top) = if look.bare { (0, 0) } else { PADDING };
    let mut cells = Vec::new();
    for (cell, column) in row.cells.iter().zip(columns) {
        let setting = cell_setting(cell, row.part, look.setting);
        cells.push(layout.blocks(&cell.children, column.inside(side, side), setting)?);
    }
    let mut parts = Vec::new();
    while cells.iter().any(|cell| !cell.is_empty()) || parts.is_empty() {
        let slices: Vec<Vec<Atom>> = cells.iter_mut().map(|cell| slice(cell, ROW_MAX)).collect();
        parts.push(joined(slices, top));
    }
    if !look.bare {
        let last = parts.len() - 1;
        for (index, part) in parts.iter_mut().enumerate() {
            dress(part, row, columns, index == last);
        }
    }
    Ok(parts)
}

/// Takes atoms from the front of a cell until the height is reached.
fn slice(cell: &mut Vec<Atom>, height: Length) -> Vec<Atom> {
    let mut used = 0;
    let mut count = 0;
    for atom in cell.iter() {
        used += atom.height;
        if count > 0 && used > height {
            break;
        }
        count += 1;
    }
    cell.drain(..count).collect()
}

/// Returns cells side by side as one atom.
fn joined(cells: Vec<Vec<Atom>>, top: Length) -> Atom {
    let mut row = Atom::default();
    for cell in cells {
        let mut y = top;
        for mut atom in cell {
            atom.shift((0, y));
            y += atom.height;
            row.marks.append(&mut atom.marks);
        }
        row.height = row.height.max(y + top);
    }
    row
}

/// Gives a row its backgrounds and its line, and frames the deciding cell.
fn dress(atom: &mut Atom, row: &Row<'_>, columns: &[Column], is_last: bool) {
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return };
    let (left, width) = (first.x, last.x + last.width - first.x);
    let whole = |tone| Mark::Rect { at: (left, 0), size: (width, atom.height), tone };
    let mut below = Vec::new();
    if row.part == Part::Head {
        below.push(whole(Tone::Shade));
    }
    if row.element.has_class("hit") {
        below.push(whole(Tone::RedShade));
    }
    if is_last {
        let tone = if row.part == Part::Body { Tone::Hair } else { Tone::Soft };
        let y = if row.part == Part::Foot { 0 } else { atom.height };
        below.push(Mark::Path { points: vec![(left, y), (left + width, y)], width: PT / 2, tone });
    }
    atom.marks.splice(0..0, below);
    for (_, column) in row.cells.iter().zip(columns).filter(|(cell, _)| cell.has_class("c")) {
        let size = (column.width - PT, atom.height - PT);
        let at = (column.x + PT / 2, PT / 2);
        atom.marks.push(Mark::Frame { at, size, width: PT * 12 / 10, tone: Tone::Red });
    }
}
