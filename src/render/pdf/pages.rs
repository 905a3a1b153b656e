//! From what follows one another to pages: nothing is cut, headings stay with what they head, head rows come again.

use crate::render::pdf::face::Length;
use crate::render::pdf::mark::{Atom, Flow, Mark, Page};

/// Cuts a document into pages whose text begins at `top` and is at most `height` high.
pub fn cut(flow: &Flow, top: Length, height: Length) -> Vec<Page> {
    let mut pages = Pages { pages: vec![Page::default()], y: 0, top, height };
    let mut rest = flow.atoms.as_slice();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(chunk_length(rest));
        pages.place(chunk, &flow.heads);
        rest = after;
    }
    pages.pages.retain(|page| !page.marks.is_empty());
    if pages.pages.is_empty() {
        pages.pages.push(Page::default());
    }
    pages.pages
}

/// Returns how many atoms from the front have to stand together.
fn chunk_length(atoms: &[Atom]) -> usize {
    let kept = atoms.iter().take_while(|atom| atom.keep).count();
    (kept + 1).min(atoms.len())
}

/// Returns a head row that comes again: to be seen, and not to be read a second time.
fn read_before(head: &Atom) -> Atom {
    let mut head = head.clone();
    head.marks.retain(|mark| !matches!(mark, Mark::Block { .. } | Mark::BlockEnd));
    head
}

struct Pages {
    pages: Vec<Page>,
    y: Length,
    top: Length,
    height: Length,
}

impl Pages {
    fn place(&mut self, chunk: &[Atom], heads: &[Atom]) {
        let needed: Length = chunk.iter().map(|atom| atom.height).sum();
        let begins = chunk.first().is_some_and(|atom| atom.new_page);
        // A chunk higher than a page is set anyway, and cut where it must be.
        if self.y > 0 && (begins || self.y + needed > self.height && needed <= self.height) {
            self.turn();
        }
        for atom in chunk {
            if self.y > 0 && self.y + atom.height > self.height {
                self.turn();
            }
            if atom.gap && self.y == 0 {
                continue;
            }
            let head = atom.head.and_then(|index| heads.get(index)).filter(|_| self.y == 0);
            if let Some(head) = head {
                self.put(&read_before(head));
            }
            self.put(atom);
        }
    }

    fn turn(&mut self) {
        self.pages.push(Page::default());
        self.y = 0;
    }

    fn put(&mut self, atom: &Atom) {
        let mut atom = atom.clone();
        atom.shift((0, self.top + self.y));
        self.y += atom.height;
        if let Some(page) = self.pages.last_mut() {
            page.marks.append(&mut atom.marks);
        }
    }
}
