//! Tables with millions of rows in the general record format. The layout is recognised once, by the same code as
//! every other file; rows are then read by grammars that take only the plainest spelling of each cell. A row that
//! they do not take is read by the ordinary code, so that no cell is ever read in two ways.

pub mod cell;
pub mod columns;
pub mod layout;
pub mod rows;
pub mod split;
pub mod usage;

pub use crate::ingest::decode::blocks::Coding;
pub use crate::ingest::read_parquet::cells::Want;
pub use crate::ingest::read_parquet::groups::{Groups, TAIL_BYTES, footer_bytes};
pub use layout::{Body, Layout, Shown, recognise, recognise_groups};
pub use rows::{BillCells, BillRow, OrderCells, OrderRow, PaymentCells, PaymentRow, Plain};
pub use split::{Block, Record};
pub use usage::UsageRow;
