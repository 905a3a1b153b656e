//! Tables in columns: grouped, joined, sorted. The only place that names polars. A column holds whole numbers or texts and
//! nothing else, so that no amount can pass through a binary float; whoever adds numbers up sees to it beforehand that no
//! sum leaves 64 bits. Every table comes out in an order of its own, never in that of threads.

use polars_core::prelude::{
    BooleanChunked, Column, DataFrame, DataType, NamedFrom, PolarsResult, SortMultipleOptions,
};
use polars_ops::prelude::{DataFrameJoinOps, JoinArgs, JoinCoalesce, JoinType};

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;

/// A table of named columns of the same length.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    data: DataFrame,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// Whole numbers.
    Whole(Vec<i64>),
    /// Texts.
    Text(Vec<String>),
}

/// Which rows a join keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Those of the first table.
    First,
    /// Those of both tables.
    Both,
}

/// A direction of sorting, with the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order<'n> {
    /// The smallest first.
    Up(&'n str),
    /// The largest first.
    Down(&'n str),
}

impl Frame {
    /// Returns the table of these columns.
    ///
    /// # Errors
    /// When the columns are not of one length.
    pub fn new(columns: Vec<(&str, Values)>) -> Result<Self> {
        let column = |(name, values): (&str, Values)| match values {
            Values::Whole(values) => Column::new(name.into(), values),
            Values::Text(values) => Column::new(name.into(), values),
        };
        Self::of(DataFrame::new_infer_height(columns.into_iter().map(column).collect()))
    }

    fn of(data: PolarsResult<DataFrame>) -> Result<Self> {
        let data = data.map_err(refused)?;
        let exact = data.columns().iter().all(|column| is_exact(column.dtype()));
        assert!(exact, "a table of the portfolio holds whole numbers and texts");
        Ok(Self { data })
    }

    /// Returns how many rows there are.
    pub fn height(&self) -> usize {
        self.data.height()
    }

    /// Returns the names of the columns and whether each holds texts.
    pub fn columns(&self) -> Vec<(String, bool)> {
        let columns = self.data.columns().iter();
        columns.map(|it| (it.name().to_string(), it.dtype() == &DataType::String)).collect()
    }

    /// Returns one row for each combination of `keys`, in their order, with the sums of the columns `of`.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn sums(&self, keys: &[&str], of: &[&str]) -> Result<Self> {
        if self.height() == 0 {
            return self.select(&[keys, of].concat());
        }
        let groups = self.data.group_by(keys.iter().copied()).map_err(refused)?;
        // The engine that it points to brings sockets and a query planner; these sums are all that is needed.
        #[expect(deprecated)]
        let sums = groups.select(of.iter().copied()).sum().map_err(refused)?;
        let mut columns = sums.into_columns();
        for (column, name) in columns.iter_mut().skip(keys.len()).zip(of) {
            column.rename((*name).into());
        }
        Self::of(DataFrame::new_infer_height(columns))?
            .sorted(&keys.iter().map(|key| Order::Up(key)).collect::<Vec<_>>())
    }

    /// Returns the rows of this table with the columns of another, where `on` agrees. What the other does not have
    /// reads as 0 and empty text.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn beside(&self, other: &Self, on: &[&str], keep: Keep) -> Result<Self> {
        let how = match keep {
            Keep::First => JoinType::Left,
            Keep::Both => JoinType::Full,
        };
        let arguments = JoinArgs::new(how).with_coalesce(JoinCoalesce::CoalesceColumns);
        let joined = self.data.join(&other.data, on.iter().copied(), on.iter().copied(), arguments, None);
        Self::of(joined)?.sorted(&on.iter().map(|key| Order::Up(key)).collect::<Vec<_>>())
    }

    /// Returns this table with the rows of another below.
    ///
    /// # Errors
    /// When the other has other columns.
    pub fn above(self, other: &Self) -> Result<Self> {
        if self.data.width() == 0 {
            return Ok(other.clone());
        }
        Self::of(self.data.vstack(&other.data))
    }

    /// Returns these columns.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn select(&self, names: &[&str]) -> Result<Self> {
        Self::of(self.data.select(names.iter().copied()))
    }

    /// Returns the table with one more column.
    ///
    /// # Errors
    /// When the column is not as long as the table.
    pub fn with(&self, name: &str, values: Vec<i64>) -> Result<Self> {
        let mut data = self.data.clone();
        data.with_column(Column::new(name.into(), values)).map_err(refused)?;
        Self::of(Ok(data))
    }

    /// Returns the rows that are marked.
    ///
    /// # Errors
    /// When there are not as many marks as rows.
    pub fn only(&self, marks: Vec<bool>) -> Result<Self> {
        Self::of(self.data.filter(&BooleanChunked::new("".into(), marks)))
    }

    /// Returns the rows in that order; rows that are equal in it stay in theirs.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn sorted(&self, by: &[Order<'_>]) -> Result<Self> {
        let names = by.iter().map(|order| match order {
            Order::Up(name) | Order::Down(name) => *name,
        });
        let down = by.iter().map(|order| matches!(order, Order::Down(_))).collect::<Vec<_>>();
        let options = SortMultipleOptions::new().with_order_descending_multi(down).with_maintain_order(true);
        Self::of(self.data.sort(names, options))
    }

    /// Returns the first rows.
    pub fn first(&self, count: usize) -> Self {
        Self { data: self.data.head(Some(count)) }
    }

    /// Returns the numbers of a column.
    ///
    /// # Errors
    /// When there is no such column of numbers.
    pub fn whole(&self, name: &str) -> Result<Vec<i64>> {
        let column = self.data.column(name).and_then(|column| column.i64()).map_err(refused)?;
        Ok(column.iter().map(Option::unwrap_or_default).collect())
    }

    /// Returns the texts of a column.
    ///
    /// # Errors
    /// When there is no such column of texts.
    pub fn text(&self, name: &str) -> Result<Vec<String>> {
        let column = self.data.column(name).and_then(|column| column.str()).map_err(refused)?;
        Ok(column.iter().map(|text| text.unwrap_or_default().to_owned()).collect())
    }
}

fn is_exact(kind: &DataType) -> bool {
    matches!(kind, DataType::Int64 | DataType::String)
}

fn refused(error: polars_core::error::PolarsError) -> Error {
    Error::new(ErrorKind::Output, Message::new("portfolio.table-failed")).with_source(error)
}
