//! From a document to what follows one another on its pages: paragraphs, headings, lists, boxes.

use std::cell::Cell;

use crate::error::Result;
use crate::render::charts::Chart;
use crate::render::markup::{Element, Node};
use crate::render::pdf::face::{Faces, Length, PT};
use crate::render::pdf::figure;
use crate::render::pdf::inline::{classed, is_block, spans};
use crate::render::pdf::mark::{Atom, Flow, Mark, Role, Tone};
use crate::render::pdf::table;
use crate::render::pdf::text::{Align, Span, Style, Text};

/// Where something is set.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its left edge.
    pub x: Length,
    /// Its width.
    pub width: Length,
}

impl Column {
    /// Returns the column without `left` and `right` at its sides.
    pub fn inside(self, left: Length, right: Length) -> Self {
        Self { x: self.x + left, width: self.width - left - right }
    }
}

/// How the blocks of a document look.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Style of plain text.
    pub style: Style,
    /// Height of a line in hundredths of the type size.
    pub leading: i32,
    /// Distance between paragraphs.
    pub distance: Length,
    /// Where lines stand.
    pub align: Align,
}

impl Setting {
    /// Returns the setting with another type size.
    pub fn sized(self, size: Length) -> Self {
        Self { style: Style { size, ..self.style }, ..self }
    }
}

/// What the blocks of a document share.
pub struct Layout<'a> {
    /// The fonts.
    pub faces: &'a Faces,
    /// The charts, by id.
    pub charts: &'a [Chart],
    /// Head rows met so far.
    pub heads: Vec<Atom>,
    /// How many blocks have been set.
    pub blocks_set: Cell<usize>,
}

impl Layout<'_> {
    /// Returns the whole document.
    ///
    /// # Errors
    /// When a chart is named that does not exist.
    pub fn document(mut self, root: &Element, column: Column, setting: Setting) -> Result<Flow> {
        let atoms = self.blocks(&root.children, column, setting)?;
        Ok(Flow { atoms, heads: self.heads })
    }

    /// Returns blocks one below the other; text between blocks is a paragraph of its own.
    ///
    /// # Errors
    /// When a chart is named that does not exist.
    pub fn blocks(&mut self, nodes: &[Node], column: Column, setting: Setting) -> Result<Vec<Atom>> {
        let mut atoms: Vec<Atom> = Vec::new();
        let mut inline: Vec<Node> = Vec::new();
        for node in nodes {
            match node {
                Node::Element(element) if is_block(&element.name) => {
                    self.flush(&mut inline, &mut atoms, column, setting);
                    let block = self.block(element, column, setting)?;
                    push(&mut atoms, block, distance_before(element, setting));
                }
                other => inline.push(other.clone()),
            }
        }
        self.flush(&mut inline, &mut atoms, column, setting);
        Ok(atoms)
    }

    fn flush(&self, inline: &mut Vec<Node>, atoms: &mut Vec<Atom>, column: Column, setting: Setting) {
        let nodes = std::mem::take(inline);
        let lines = self.paragraph(&nodes, column, setting);
        push(atoms, lines, setting.distance);
    }

    fn block(&mut self, element: &Element, column: Column, setting: Setting) -> Result<Vec<Atom>> {
        Ok(match element.name.as_str() {
            "h1" | "h2" | "h3" | "h4" => self.heading(element, column, setting),
            "p" => self.plain(element, column, setting),
            "pre" => self.lines_as_written(element, column, setting),
            "ul" | "ol" => self.list(element, column, classed(element, setting))?,
            "facts" => self.facts(element, column, classed(element, setting))?,
            "blockquote" => self.quotation(element, column, classed(element, setting))?,
            "table" => table::table(self, element, column, setting)?,
            "card" => self.card(element, column, setting)?,
            "box" => self.boxed(element, column, setting)?,
            "figs" => figure::figures(self, element, column, setting)?,
            "strip" => vec![figure::strip(self.faces, element, column)],
            "bar" => vec![figure::bar(element, column)],
            "chart" => vec![figure::chart(self, element, column)?],
            "hr" => vec![rule(column)],
            "newpage" => vec![Atom { new_page: true, gap: true, ..Atom::default() }],
            _ => self.blocks(&element.children, column, classed(element, setting))?,
        })
    }

    /// Returns the number of the next block in reading order.
    pub fn next_block(&self) -> usize {
        let number = self.blocks_set.get();
        self.blocks_set.set(number + 1);
        number
    }

    /// Returns a paragraph line by line; its first two and last two lines stay together.
    pub fn paragraph(&self, nodes: &[Node], column: Column, setting: Setting) -> Vec<Atom> {
        self.lines_of(nodes, column, setting, Role::Paragraph)
    }

    fn lines_of(&self, nodes: &[Node], column: Column, setting: Setting, role: Role) -> Vec<Atom> {
        let spans = spans(nodes, setting.style);
        if spans.iter().all(|span| span.text.trim().is_empty()) {
            return Vec::new();
        }
        let text = Text::new(&spans, self.faces);
        let lines = text.lines(column.x, column.width, setting.align, setting.leading);
        let count = lines.len();
        let keeps = |index: usize| index == 0 && count > 1 || index + 2 == count;
        let number = self.next_block();
        let atom = |(index, (height, marks))| {
            let mut atom = Atom { height, marks, keep: keeps(index), ..Atom::default() };
            atom.wrap(number, role.clone());
            atom
        };
        lines.into_iter().enumerate().map(atom).collect()
    }

    fn plain(&self, element: &Element, column: Column, setting: Setting) -> Vec<Atom> {
        let mut atoms = self.paragraph(&element.children, column, classed(element, setting));
        atoms.iter_mut().for_each(|atom| atom.keep |= element.has_class("keep"));
        atoms
    }

    /// Returns a text whose own lines are paragraphs, as a law is written.
    fn lines_as_written(&self, element: &Element, column: Column, setting: Setting) -> Vec<Atom> {
        let mut atoms = Vec::new();
        for node in &element.children {
            let Node::Text(text) = node else { continue };
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let line = [Node::Text(line.trim().to_owned())];
                push(&mut atoms, self.paragraph(&line, column, setting), setting.distance / 2);
            }
        }
        atoms
    }

    /// Returns a heading, which never stands at the foot of a page, with its note beside or below it.
    fn heading(&self, element: &Element, column: Column, setting: Setting) -> Vec<Atom> {
        let (size, level) = match element.name.as_str() {
            "h1" => (setting.style.size * 19 / 10, 1),
            "h2" => (setting.style.size * 14 / 10, 1),
            "h3" => (setting.style.size * 115 / 100, 2),
            _ => (setting.style.size * 92 / 100, 3),
        };
        let tone = if level == 3 { Tone::Soft } else { setting.style.tone };
        let style = Style { size, bold: true, tone };
        let heading = Setting { style, leading: 135, ..setting };
        let mut atoms = self.lines_of(&element.children, column, heading, Role::Heading(level));
        if let Some(first) = atoms.first_mut() {
            let outline = (level < 3).then(|| (element.text(), level));
            first.marks.push(Mark::Place { y: 0, id: element.attribute("id").to_owned(), outline });
        }
        if element.name == "h2" && !element.has_class("plain") {
            atoms.push(Atom { height: 3 * PT, ..rule(column) });
        }
        atoms.iter_mut().for_each(|atom| atom.keep = true);
        atoms
    }

    fn list(&mut self, element: &Element, column: Column, setting: Setting) -> Result<Vec<Atom>> {
        let start: usize = element.attribute("start").parse().unwrap_or(1);
        let indent = setting.style.size * 14 / 10;
        let mut atoms: Vec<Atom> = Vec::new();
        for (index, item) in element.all("li").enumerate() {
            let sign = if element.name == "ol" { format!("{}.", start + index) } else { "·".to_owned() };
            let mut lines = self.blocks(&item.children, column.inside(indent, 0), setting)?;
            let span = Span { text: sign, style: setting.style, link: None };
            let marks = Text::new(&[span], self.faces).lines(column.x, indent, Align::Left, setting.leading);
            if let (Some(first), Some((_, marks))) = (lines.first_mut(), marks.into_iter().next()) {
                // Inside the block: the number of an item is read with it.
                let at = usize::from(matches!(first.marks.first(), Some(Mark::Block { .. })));
                first.marks.splice(at..at, marks);
            }
            push(&mut atoms, lines, setting.distance / 3);
        }
        Ok(atoms)
    }

    /// Returns short facts in two columns, read row by row.
    fn facts(&mut self, element: &Element, column: Column, setting: Setting) -> Result<Vec<Atom>> {
        let facts: Vec<&Element> = element.all("li").collect();
        let half = (column.width - 14 * PT) / 2;
        let mut atoms = Vec::new();
        for pair in facts.chunks(2) {
            let mut row = Atom::default();
            for (fact, x) in pair.iter().zip([column.x, column.x + half + 14 * PT]) {
                let mut y = 0;
                for mut atom in self.blocks(&fact.children, Column { x, width: half }, setting)? {
                    atom.shift((0, y));
                    y += atom.height;
                    row.marks.append(&mut atom.marks);
                }
                row.height = row.height.max(y);
            }
            atoms.push(row);
        }
        Ok(atoms)
    }

    /// Returns a quotation with a line at its left.
    fn quotation(&mut self, element: &Element, column: Column, setting: Setting) -> Result<Vec<Atom>> {
        let inner = column.inside(9 * PT, 0);
        let mut atoms = self.blocks(&element.children, inner, setting)?;
        let count = atoms.len();
        for (index, atom) in atoms.iter_mut().enumerate() {
            atom.keep |= count <= 8 && index + 1 < count;
            atom.marks.insert(0, side(column.x, atom.height, 2 * PT, Tone::Hair));
        }
        Ok(atoms)
    }

    /// Returns a matter with a bar at its left in the tone of its verdict.
    fn card(&mut self, element: &Element, column: Column, setting: Setting) -> Result<Vec<Atom>> {
        let tone = match element.attribute("class") {
            "proven" | "probable" => Tone::Red,
            "needs-evidence" | "q" => Tone::Ochre,
            _ => Tone::Green,
        };
        let mut atoms = self.blocks(&element.children, column.inside(11 * PT, 0), setting)?;
        let height: Length = atoms.iter().map(|atom| atom.height).sum();
        let count = atoms.len();
        for (index, atom) in atoms.iter_mut().enumerate() {
            atom.keep |= height < 330 * PT && index + 1 < count;
            atom.marks.insert(0, side(column.x, atom.height, 3 * PT, tone));
        }
        if let Some(first) = atoms.first_mut() {
            first.marks.push(Mark::Place { y: 0, id: element.attribute("id").to_owned(), outline: None });
        }
        Ok(atoms)
    }

    /// Returns blocks in a frame that is open where a page ends.
    fn boxed(&mut self, element: &Element, column: Column, setting: Setting) -> Result<Vec<Atom>> {
        let inside = self.blocks(&element.children, column.inside(8 * PT, 8 * PT), setting)?;
        let mut atoms = vec![Atom { height: 5 * PT, keep: true, ..Atom::default() }];
        atoms.extend(inside);
        if let Some(last) = atoms.last_mut() {
            last.keep = true;
        }
        atoms.push(Atom { height: 6 * PT, ..Atom::default() });
        let count = atoms.len();
        for (index, atom) in atoms.iter_mut().enumerate() {
            let (left, right) = (column.x, column.x + column.width);
            let mut lines =
                vec![vec![(left, 0), (left, atom.height)], vec![(right, 0), (right, atom.height)]];
            if index == 0 {
                lines.push(vec![(left, 0), (right, 0)]);
            }
            if index + 1 == count {
                lines.push(vec![(left, atom.height), (right, atom.height)]);
            }
            let path = |points| Mark::Path { points, width: PT / 2, tone: Tone::Hair };
            atom.marks.extend(lines.into_iter().map(path));
            // A gap in a box carries its sides; without it there would be holes.
            atom.gap = false;
        }
        Ok(atoms)
    }
}

fn distance_before(element: &Element, setting: Setting) -> Length {
    match element.name.as_str() {
        "h1" | "newpage" | "bar" => 0,
        "h2" => setting.style.size * 18 / 10,
        "h3" => setting.style.size * 12 / 10,
        "card" => setting.style.size,
        _ => setting.distance,
    }
}

/// Appends a block with its distance from the one before.
fn push(atoms: &mut Vec<Atom>, block: Vec<Atom>, distance: Length) {
    if block.is_empty() {
        return;
    }
    if let Some(last) = atoms.last()
        && distance > 0
        && !last.new_page
    {
        let keep = last.keep;
        atoms.push(Atom { keep, ..Atom::gap(distance) });
    }
    atoms.extend(block);
}

fn side(x: Length, height: Length, width: Length, tone: Tone) -> Mark {
    Mark::Rect { at: (x, 0), size: (width, height), tone }
}

fn rule(column: Column) -> Atom {
    let points = vec![(column.x, PT), (column.x + column.width, PT)];
    let line = Mark::Path { points, width: PT / 2, tone: Tone::Hair };
    Atom { height: 2 * PT, marks: vec![line], ..Atom::default() }
}
