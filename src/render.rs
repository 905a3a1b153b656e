//! Layer 7: the forms in which a report is read. Every renderer reads only the report model and the words.

pub mod chart;
pub mod chart_svg;
pub mod charts;
pub mod html;
pub mod ics;
pub mod json;
pub mod letter;
pub mod markdown;
pub mod markup;
pub mod outputs;
pub mod pdf;
pub mod png;
pub mod template;
pub mod visible;
mod words;
pub mod xlsx;
