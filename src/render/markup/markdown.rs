//! A document as Markdown: text stays text, one block a paragraph, tables as pipes.

use crate::render::markup::{Element, Node};
use crate::render::template::markdown_text;

/// Returns the document as Markdown with one line feed at its end.
pub fn text(root: &Element) -> String {
    let mut blocks = Vec::new();
    gather(&root.children, &mut blocks);
    blocks.join("\n\n") + "\n"
}

fn gather(nodes: &[Node], blocks: &mut Vec<String>) {
    for node in nodes {
        match node {
            Node::Text(text) if text.trim().is_empty() => {}
            Node::Text(text) => blocks.push(inline(&[Node::Text(text.clone())])),
            Node::Element(element) => block(element, blocks),
        }
    }
}

fn block(element: &Element, blocks: &mut Vec<String>) {
    let text = || inline(&element.children);
    match element.name.as_str() {
        "h1" => blocks.push(format!("# {}", text())),
        "h2" => blocks.push(format!("## {}", text())),
        "h3" | "h4" => blocks.push(format!("### {}", text())),
        "p" => blocks.extend(Some(text()).filter(|text| !text.is_empty())),
        "ul" | "ol" | "facts" => blocks.push(list(element)),
        "blockquote" | "box" => blocks.push(quotation(element)),
        "pre" => blocks.extend(as_written(element)),
        "table" => blocks.push(table(element)),
        "newpage" | "hr" => blocks.push("---".to_owned()),
        _ => gather(&element.children, blocks),
    }
}

fn list(element: &Element) -> String {
    let items = element.all("li").enumerate().map(|(index, item)| {
        let sign = if element.name == "ol" { format!("{}.", index + 1) } else { "-".to_owned() };
        format!("{sign} {}", inline(&item.children))
    });
    items.collect::<Vec<_>>().join("\n")
}

fn quotation(element: &Element) -> String {
    let mut blocks = Vec::new();
    gather(&element.children, &mut blocks);
    let lines = blocks.iter().map(|block| {
        let lines: Vec<String> =
            block.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
        lines.join("\n")
    });
    lines.collect::<Vec<_>>().join("\n>\n")
}

fn as_written(element: &Element) -> Vec<String> {
    let texts = element.children.iter().filter_map(|node| match node {
        Node::Text(text) => Some(text.as_str()),
        Node::Element(_) => None,
    });
    let lines = texts.flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty());
    lines.map(markdown_text).collect()
}

fn table(element: &Element) -> String {
    let mut lines = Vec::new();
    for (name, is_head) in [("thead", true), ("tbody", false), ("tfoot", false)] {
        for row in element.all(name).flat_map(|group| group.all("tr")) {
            let cells: Vec<String> = row.elements().map(|cell| inline(&cell.children)).collect();
            lines.push(format!("| {} |", cells.join(" | ")));
            if is_head {
                let right = |cell: &Element| cell.has_class("r") || cell.has_class("money");
                let signs: Vec<&str> =
                    row.elements().map(|cell| if right(cell) { "---:" } else { "---" }).collect();
                lines.push(format!("|{}|", signs.join("|")));
            }
        }
    }
    lines.join("\n")
}

fn inline(nodes: &[Node]) -> String {
    let mut text = String::new();
    write_inline(nodes, &mut text);
    text.trim().to_owned()
}

fn write_inline(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => {
                // White space of the template is one space; the text itself is escaped.
                let words = text.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
                let words = words.collect::<Vec<_>>().join(" ");
                let starts = text.starts_with([' ', '\n']) && !out.is_empty() && !out.ends_with(' ');
                out.push_str(if starts { " " } else { "" });
                out.push_str(&markdown_text(&words));
                out.push_str(if text.ends_with([' ', '\n']) && !words.is_empty() { " " } else { "" });
            }
            Node::Element(element) if element.name == "br" => out.push_str("<br>"),
            Node::Element(element) if element.name == "b" => {
                // Bold text that ends in punctuation is closed only where a space follows.
                out.push_str(&format!("**{}** ", inline(&element.children)));
            }
            Node::Element(element) if element.name == "code" => {
                out.push('`');
                out.push_str(&element.text().replace('`', "'"));
                out.push('`');
            }
            Node::Element(element) => write_inline(&element.children, out),
        }
    }
}
