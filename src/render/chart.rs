//! What the charts show: data from the report model, laid out in whole pixels.

pub mod composition;
pub mod drawing;
pub mod scale;
pub mod text_width;
pub mod waterfall;
