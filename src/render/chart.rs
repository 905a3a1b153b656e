//! What the charts show: data from the report model, laid out in whole pixels.

pub mod composition;
pub mod coverage;
pub mod days;
pub mod drawing;
pub mod moments;
pub mod paid;
pub mod scale;
pub mod text_width;
pub mod waterfall;
