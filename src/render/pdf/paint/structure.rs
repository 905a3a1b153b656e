//! The structure of a file for those who hear it: blocks in reading order, drawings in words, the rest is decoration.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, Tag, TagGroup, TagKind, TagTree};

use crate::render::pdf::mark::{Mark, Role};

/// What is being painted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Open {
    #[default]
    Nothing,
    Block,
    Decoration,
}

/// The blocks met so far, by number.
#[derive(Default)]
pub struct Structure {
    blocks: BTreeMap<usize, (Option<Role>, Vec<Identifier>)>,
    open: Open,
}

impl Structure {
    /// Takes note of a mark before it is painted.
    pub fn follow(&mut self, surface: &mut Surface<'_>, mark: &Mark) {
        match mark {
            Mark::Block { number, role } => {
                self.close(surface);
                let id = surface.start_tagged(ContentTag::Other);
                let block = self.blocks.entry(*number).or_default();
                block.0 = Some(role.clone());
                block.1.push(id);
                self.open = Open::Block;
            }
            Mark::BlockEnd => self.close(surface),
            Mark::Link { .. } | Mark::Place { .. } => {}
            _ if self.open == Open::Nothing => {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
                self.open = Open::Decoration;
            }
            _ => {}
        }
    }

    /// Ends what is open: at the end of a block and of a page.
    pub fn close(&mut self, surface: &mut Surface<'_>) {
        if self.open != Open::Nothing {
            surface.end_tagged();
            self.open = Open::Nothing;
        }
    }

    /// Returns the tree: every block once, in reading order.
    pub fn tree(self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for (role, ids) in self.blocks.into_values() {
            let children = ids.into_iter().map(Into::into).collect();
            tree.push(TagGroup::with_children(tag(role), children));
        }
        tree
    }
}

fn tag(role: Option<Role>) -> TagKind {
    match role {
        Some(Role::Heading(level)) => {
            Tag::Hn(NonZeroU16::new(u16::from(level)).unwrap_or(NonZeroU16::MIN), None).into()
        }
        Some(Role::Figure(words)) => Tag::Figure(Some(words)).into(),
        Some(Role::Paragraph) | None => Tag::P.into(),
    }
}
