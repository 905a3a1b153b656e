//! Workbooks as raw XML, so that a test controls every byte.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Parts of a workbook under construction.
pub struct Workbook {
    sheets: Vec<(String, String, &'static str)>,
    is_1904: bool,
    extra: Vec<(String, Vec<u8>)>,
}

/// Style 1 is a date with time, style 2 an amount.
const STYLES: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm:ss"/><numFmt numFmtId="165" formatCode="&quot;¥&quot;#,##0.00"/></numFmts>
<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs>
</styleSheet>"##;

/// Returns a text cell.
pub fn text(at: &str, value: &str) -> String {
    let escaped = value.replace('&', "&amp;").replace('<', "&lt;");
    format!(r#"<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>"#)
}

/// Returns a number cell, stored exactly as given.
pub fn number(at: &str, stored: &str, style: u8) -> String {
    format!(r#"<c r="{at}" s="{style}"><v>{stored}</v></c>"#)
}

/// Returns a row of text cells in columns A, B, C …
pub fn text_row(row: u32, cells: &[&str]) -> String {
    let column = |index: usize| char::from(b'A' + index as u8);
    let cells: String =
        cells.iter().enumerate().map(|(i, value)| text(&format!("{}{row}", column(i)), value)).collect();
    format!(r#"<row r="{row}">{cells}</row>"#)
}

impl Workbook {
    pub fn new() -> Self {
        Self { sheets: Vec::new(), is_1904: false, extra: Vec::new() }
    }

    pub fn sheet(mut self, name: &str, rows: &str) -> Self {
        self.sheets.push((name.to_owned(), rows.to_owned(), "visible"));
        self
    }

    pub fn hidden_sheet(mut self, name: &str, rows: &str) -> Self {
        self.sheets.push((name.to_owned(), rows.to_owned(), "hidden"));
        self
    }

    pub fn with_1904(mut self) -> Self {
        self.is_1904 = true;
        self
    }

    pub fn part(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.extra.push((name.to_owned(), bytes));
        self
    }

    pub fn bytes(self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut write = |name: &str, content: &[u8]| {
            zip.start_file(name, SimpleFileOptions::default()).expect("a part begins");
            zip.write_all(content).expect("a part is written");
        };
        let (mut list, mut relations, mut types) = (String::new(), String::new(), String::new());
        for (index, (name, rows, state)) in self.sheets.iter().enumerate() {
            let id = index + 1;
            list += &format!(r#"<sheet name="{name}" sheetId="{id}" state="{state}" r:id="rId{id}"/>"#);
            relations += &format!(
                r#"<Relationship Id="rId{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{id}.xml"/>"#
            );
            types += &format!(
                r#"<Override PartName="/xl/worksheets/sheet{id}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
            );
            let sheet = format!(
                r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
            );
            write(&format!("xl/worksheets/sheet{id}.xml"), sheet.as_bytes());
        }
        let date = if self.is_1904 { r#"<workbookPr date1904="1"/>"# } else { "<workbookPr/>" };
        let workbook = format!(
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{date}<sheets>{list}</sheets></workbook>"#
        );
        write("xl/workbook.xml", workbook.as_bytes());
        relations += r#"<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#;
        let rels = format!(
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#
        );
        write("xl/_rels/workbook.xml.rels", rels.as_bytes());
        write("xl/styles.xml", STYLES.as_bytes());
        let types = format!(
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>"#
        );
        write("[Content_Types].xml", types.as_bytes());
        write("_rels/.rels", br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#);
        for (name, bytes) in &self.extra {
            write(name, bytes);
        }
        zip.finish().expect("the container closes").into_inner()
    }
}
