//! Documents between template and form: a small, strict subset of HTML. A template in `schemas/templates` says what
//! stands where; the PDF and the Markdown of a letter are two ways to print the same tree.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;

pub mod markdown;

/// A node of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text.
    Text(String),
}

/// An element: `<td class="money">15.00</td>`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes in their order.
    pub attributes: Vec<(String, String)>,
    /// What it holds.
    pub children: Vec<Node>,
}

impl Element {
    /// Returns an attribute, empty when it is not there.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    /// Returns whether the word is one of its classes.
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").split_whitespace().any(|own| own == class)
    }

    /// Returns the elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Returns its elements of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.elements().filter(move |element| element.name == name)
    }

    /// Returns its first element of that name.
    pub fn first(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// Cuts off everything from the first element of that name on.
    pub fn cut_at(&mut self, name: &str) {
        let at = self.children.iter().position(|node| match node {
            Node::Element(element) => element.name == name,
            Node::Text(_) => false,
        });
        self.children.truncate(at.unwrap_or(self.children.len()));
    }

    /// Returns its text without the elements around it; white space is one space.
    pub fn text(&self) -> String {
        let mut text = String::new();
        gather(&self.children, &mut text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Returns the root element of a filled template. `name` is for the message.
///
/// # Errors
/// When the template is not well formed: a fault of a template of ours.
pub fn parse(name: &str, text: &str) -> Result<Element> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|error| broken(name).with_source(error))?;
        let Some(top) = open.last_mut() else { return Err(broken(name)) };
        match event {
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => top.children.push(Node::Element(element(&tag))),
            Event::End(_) => {
                let closed = open.pop().unwrap_or_default();
                open.last_mut().ok_or_else(|| broken(name))?.children.push(Node::Element(closed));
            }
            Event::Text(text) => push_text(top, &text),
            Event::GeneralRef(entity) => {
                let c = character(&entity).ok_or_else(|| broken(name))?;
                push_text(top, c.encode_utf8(&mut [0; 4]));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let root = open.pop().filter(|_| open.is_empty()).and_then(|holder| holder.elements().next().cloned());
    root.ok_or_else(|| broken(name))
}

fn element(tag: &BytesStart<'_>) -> Element {
    let attributes = tag.attributes().flatten().filter_map(|attribute| {
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned();
        Some((attribute.key.as_ref().to_owned(), value))
    });
    Element { name: tag.name().as_ref().to_owned(), attributes: attributes.collect(), children: Vec::new() }
}

fn push_text(element: &mut Element, text: &str) {
    match element.children.last_mut() {
        Some(Node::Text(last)) => last.push_str(text),
        _ => element.children.push(Node::Text(text.to_owned())),
    }
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let hexadecimal = number.strip_prefix('x').map(|digits| u32::from_str_radix(digits, 16).ok());
            char::from_u32(hexadecimal.unwrap_or_else(|| number.parse().ok())?)
        }
    }
}

fn gather(nodes: &[Node], text: &mut String) {
    for node in nodes {
        match node {
            Node::Text(own) => text.push_str(own),
            Node::Element(element) if element.name == "br" => text.push(' '),
            Node::Element(element) => gather(&element.children, text),
        }
    }
}

fn broken(name: &str) -> Error {
    Error::new(ErrorKind::Output, Message::new("error.template").text("at", name))
}
