//! Rows of bills, payments and orders in their plainest spelling.

use std::collections::BTreeMap;

use crate::ingest::bulk::cell::{self, DayMemory};
use crate::ingest::bulk::layout::Layout;
use crate::ingest::bulk::split::Record;
use crate::ingest::bulk::usage::empty_or;
use crate::ingest::format::FormatBook;
use crate::model::money::Money;
use crate::model::period::WallTime;
use crate::model::quantity::Unit;
use crate::model::record::{BillLine, Category, MoneyDirection, Order, OrderAction, Payment, PaymentStatus};
use crate::model::source::RowRef;

/// What the ordinary code makes of an item under a stated category: its kinds of usage, or nothing where it reads
/// the row otherwise.
type Meaning = Option<Vec<Unit>>;

/// Most item names that are remembered; real portfolios have some hundred.
const REMEMBERED_MAX: usize = 4096;

/// What the plain readers remember from row to row.
#[derive(Debug, Default)]
pub struct Plain {
    days: DayMemory,
    items: BTreeMap<(String, Category), Meaning>,
}

/// Where the columns of a bill stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct BillRow {
    pub(super) period: Option<u8>,
    pub(super) item: Option<u8>,
    pub(super) category: Option<u8>,
    pub(super) amount: Option<u8>,
    pub(super) quantity: Option<u8>,
    pub(super) unit_price: Option<u8>,
    pub(super) provider: Option<u8>,
}

/// Where the columns of a payment export stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct PaymentRow {
    pub(super) paid_at: Option<u8>,
    pub(super) platform: Option<u8>,
    pub(super) payee: Option<u8>,
    pub(super) description: Option<u8>,
    pub(super) amount: Option<u8>,
    pub(super) direction: Option<u8>,
    pub(super) status: Option<u8>,
    pub(super) order_id: Option<u8>,
    pub(super) merchant_order_id: Option<u8>,
    pub(super) msisdn: Option<u8>,
    pub(super) face_value: Option<u8>,
}

/// Where the columns of an order record stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrderRow {
    pub(super) at: Option<u8>,
    pub(super) action: Option<u8>,
    pub(super) product: Option<u8>,
    pub(super) name: Option<u8>,
    pub(super) effective_from: Option<u8>,
    pub(super) effective_to: Option<u8>,
    pub(super) price: Option<u8>,
    pub(super) channel: Option<u8>,
    pub(super) confirmed: Option<u8>,
    pub(super) auto_renew: Option<u8>,
    pub(super) order_id: Option<u8>,
}

impl BillRow {
    /// Returns the bill line; none when a cell is not in its plainest spelling.
    pub fn read(
        &self,
        record: &Record<'_, '_>,
        at: RowRef,
        plain: &mut Plain,
        layout: &Layout,
        formats: &FormatBook,
    ) -> Option<BillLine> {
        let of = |slot| record.cell(slot);
        let item = cell::text(of(self.item)).filter(|_| record.is_plain)?;
        let category = Category::from_code(std::str::from_utf8(of(self.category)).ok()?)?;
        let bare = of(self.quantity).is_empty() && of(self.unit_price).is_empty();
        let amount = cell::money_e4(of(self.amount)).filter(|_| bare)?;
        let provider = empty_or(of(self.provider), cell::text)?;
        let cycle = cell::month(of(self.period))?;
        let units = plain.units(item, category, record, layout, formats)?;
        Some(BillLine {
            at,
            cycle,
            item: item.to_owned(),
            category,
            units,
            amount: yuan(amount)?,
            quantity: None,
            unit_price: None,
            provider: (!provider.is_empty()).then(|| provider.to_owned()),
        })
    }
}

impl Plain {
    /// Returns what the ordinary code made of the first row with this item and category.
    fn units(
        &mut self,
        item: &str,
        category: Category,
        record: &Record<'_, '_>,
        layout: &Layout,
        formats: &FormatBook,
    ) -> Meaning {
        let key = (item.to_owned(), category);
        if let Some(known) = self.items.get(&key) {
            return known.clone();
        }
        let read = layout.read_odd(&[(2, std::str::from_utf8(record.text).ok()?)], formats);
        let lines = &read.records.bill;
        let same = lines.first().filter(|line| lines.len() == 1 && line.record.category == category);
        let meaning = same.filter(|line| line.record.item == item).map(|line| line.record.units.clone());
        if self.items.len() < REMEMBERED_MAX {
            self.items.insert(key, meaning.clone());
        }
        meaning
    }
}

impl PaymentRow {
    /// Returns the payment; none when a cell is not in its plainest spelling.
    pub fn read(&self, record: &Record<'_, '_>, at: RowRef, plain: &mut Plain) -> Option<Payment> {
        if !record.is_plain {
            return None;
        }
        let of = |slot| record.cell(slot);
        let text = |slot| empty_or(of(slot), cell::text).map(str::to_owned);
        let id = |slot| empty_or(of(slot), cell::id).map(str::to_owned);
        let direction = match of(self.direction) {
            b"out" => MoneyDirection::Out,
            b"in" => MoneyDirection::In,
            b"" if self.direction.is_some() => MoneyDirection::Neutral,
            _ => return None,
        };
        let status = match of(self.status) {
            b"" => PaymentStatus::Success,
            code => PaymentStatus::from_code(std::str::from_utf8(code).ok()?)?,
        };
        let face_value = match of(self.face_value) {
            // `话费50元`: the ordinary code may find the face value in the description.
            b"" if cell::text(of(self.description)).is_some_and(|text| text.contains('元')) => return None,
            b"" => None,
            face => Some(yuan(cell::money_e4(face)?)?),
        };
        Some(Payment {
            at,
            paid_at: WallTime(plain.days.time(of(self.paid_at))?),
            platform: text(self.platform)?,
            payee: text(self.payee)?,
            description: text(self.description)?,
            amount: yuan(cell::money_e4(of(self.amount))?)?.abs(),
            direction,
            status,
            order_id: id(self.order_id)?,
            merchant_order_id: id(self.merchant_order_id)?,
            msisdn: cell::msisdn(of(self.msisdn))?.to_string(),
            face_value,
            refunded: None,
        })
    }
}

impl OrderRow {
    /// Returns the order; none when a cell is not in its plainest spelling.
    pub fn read(&self, record: &Record<'_, '_>, at: RowRef, plain: &mut Plain) -> Option<Order> {
        if !record.is_plain {
            return None;
        }
        let of = |slot| record.cell(slot);
        let text = |slot| empty_or(of(slot), cell::text).map(str::to_owned);
        let day = |slot| match of(slot) {
            b"" => Some(None),
            cell => cell::day(cell).map(Some),
        };
        let yes_no = |slot| match of(slot) {
            b"" => Some(None),
            b"yes" => Some(Some(true)),
            b"no" => Some(Some(false)),
            _ => None,
        };
        let (product, name) = (text(self.product)?, text(self.name)?);
        let action = OrderAction::from_code(std::str::from_utf8(of(self.action)).ok()?)?;
        if product.is_empty() && name.is_empty() {
            return None;
        }
        Some(Order {
            at,
            ordered_at: WallTime(plain.days.time(of(self.at))?),
            action,
            product,
            name,
            effective_from: day(self.effective_from)?,
            effective_last: day(self.effective_to)?,
            price: match of(self.price) {
                b"" => None,
                price => Some(yuan(cell::money_e4(price)?)?),
            },
            channel: text(self.channel)?,
            confirmed: yes_no(self.confirmed)?,
            auto_renew: yes_no(self.auto_renew)?,
            order_id: empty_or(of(self.order_id), cell::id)?.to_owned(),
        })
    }
}

/// Returns the amount of 0.0001 yuan.
pub fn yuan(e4: i64) -> Option<Money> {
    Money::from_e4(e4).ok()
}
