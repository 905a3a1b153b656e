//! Rows of bills, payments and orders in their plainest spelling.

use std::collections::BTreeMap;

use crate::ingest::bulk::cell::{self, DayMemory, MonthMemory};
use crate::ingest::bulk::layout::Layout;
use crate::ingest::bulk::split::Record;
use crate::ingest::bulk::usage::empty_or;
use crate::ingest::format::FormatBook;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, WallTime};
use crate::model::quantity::Unit;
use crate::model::record::{BillLine, Category, MoneyDirection, Order, OrderAction, Payment, PaymentStatus};
use crate::model::source::RowRef;

/// What the ordinary code makes of an item under a stated category: the category and its kinds of usage, or nothing
/// where it reads the row otherwise.
type Meaning = Option<(Category, Vec<Unit>)>;

/// Most items that are remembered; real portfolios have some hundred.
const REMEMBERED_MAX: usize = 4096;

/// What the plain readers remember from row to row.
#[derive(Debug, Default)]
pub struct Plain {
    days: DayMemory,
    months: MonthMemory,
    /// By item and code of the category, as printed.
    items: BTreeMap<Vec<u8>, Meaning>,
    key: Vec<u8>,
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

/// The cells of a bill row.
#[derive(Debug, Clone, Copy)]
pub struct BillCells<'b> {
    /// Cycle.
    pub cycle: Cycle,
    /// Item as printed.
    pub item: &'b str,
    /// Category.
    pub category: Category,
    /// Amount in 0.0001 yuan.
    pub amount_e4: i64,
    /// Who provides it; empty = not stated.
    pub provider: &'b str,
    /// Category as printed.
    code: &'b [u8],
}

/// The cells of a row of a payment export.
#[derive(Debug, Clone, Copy)]
pub struct PaymentCells<'b> {
    /// Seconds of the wall clock.
    pub paid_at: i64,
    /// Platform.
    pub platform: &'b str,
    /// Payee.
    pub payee: &'b str,
    /// What for.
    pub description: &'b str,
    /// Amount in 0.0001 yuan, without sign.
    pub amount_e4: i64,
    /// Where the money went.
    pub direction: MoneyDirection,
    /// Status.
    pub status: PaymentStatus,
    /// Id of the platform.
    pub order_id: &'b str,
    /// Id of the merchant.
    pub merchant_order_id: &'b str,
    /// Number of the line.
    pub msisdn: &'b str,
    /// Value credited, in 0.0001 yuan.
    pub face_value_e4: Option<i64>,
}

/// The cells of a row of an order record.
#[derive(Debug, Clone, Copy)]
pub struct OrderCells<'b> {
    /// Seconds of the wall clock.
    pub ordered_at: i64,
    /// What was done.
    pub action: OrderAction,
    /// Id of the product.
    pub product: &'b str,
    /// Name of the product.
    pub name: &'b str,
    /// First day.
    pub effective_from: Option<Day>,
    /// Last day.
    pub effective_last: Option<Day>,
    /// Price in 0.0001 yuan.
    pub price_e4: Option<i64>,
    /// Channel.
    pub channel: &'b str,
    /// Whether the customer confirmed it.
    pub confirmed: Option<bool>,
    /// Whether it renews itself.
    pub auto_renew: Option<bool>,
    /// Id.
    pub order_id: &'b str,
}

impl BillRow {
    /// Returns the cells; none when one is not in its plainest spelling.
    pub fn cells<'b>(
        &self,
        record: &Record<'b, '_>,
        plain: &mut Plain,
        layout: &Layout,
        formats: &FormatBook,
    ) -> Option<BillCells<'b>> {
        let of = |slot| record.cell(slot);
        let (item, code) = (of(self.item), of(self.category));
        let bare = of(self.quantity).is_empty() && of(self.unit_price).is_empty();
        let amount_e4 = cell::money_e4(of(self.amount)).filter(|_| bare && record.is_plain)?;
        let provider = empty_or(of(self.provider), cell::text)?;
        let cycle = plain.months.month(of(self.period))?;
        let (category, _) = *plain.meaning((item, code), record, layout, formats)?;
        Some(BillCells { cycle, item: std::str::from_utf8(item).ok()?, category, amount_e4, provider, code })
    }

    /// Returns the bill line; none when a cell is not in its plainest spelling.
    pub fn read(
        &self,
        record: &Record<'_, '_>,
        at: RowRef,
        plain: &mut Plain,
        layout: &Layout,
        formats: &FormatBook,
    ) -> Option<BillLine> {
        let cells = self.cells(record, plain, layout, formats)?;
        let (_, units) = plain.meaning((cells.item.as_bytes(), cells.code), record, layout, formats)?;
        Some(BillLine {
            at,
            cycle: cells.cycle,
            item: cells.item.to_owned(),
            category: cells.category,
            units: units.clone(),
            amount: yuan(cells.amount_e4)?,
            quantity: None,
            unit_price: None,
            provider: (!cells.provider.is_empty()).then(|| cells.provider.to_owned()),
        })
    }
}

impl Plain {
    /// Returns what the ordinary code made of the first row with this item and code of a category.
    fn meaning(
        &mut self,
        (item, code): (&[u8], &[u8]),
        record: &Record<'_, '_>,
        layout: &Layout,
        formats: &FormatBook,
    ) -> Option<&(Category, Vec<Unit>)> {
        self.key.clear();
        self.key.extend_from_slice(code);
        // No code of a category holds a comma.
        self.key.push(b',');
        self.key.extend_from_slice(item);
        if !self.items.contains_key(&self.key) {
            let meaning = meaning((item, code), record, layout, formats);
            if self.items.len() >= REMEMBERED_MAX {
                self.items.clear();
            }
            self.items.insert(self.key.clone(), meaning);
        }
        self.items.get(&self.key)?.as_ref()
    }
}

fn meaning(
    (item, code): (&[u8], &[u8]),
    record: &Record<'_, '_>,
    layout: &Layout,
    formats: &FormatBook,
) -> Meaning {
    let item = cell::text(item)?;
    let category = Category::from_code(std::str::from_utf8(code).ok()?)?;
    let read = layout.read_odd(&[(2, std::str::from_utf8(record.text).ok()?)], formats);
    let lines = &read.records.bill;
    let same = lines.first().filter(|line| lines.len() == 1 && line.record.category == category);
    same.filter(|line| line.record.item == item).map(|line| (category, line.record.units.clone()))
}

impl PaymentRow {
    /// Returns the cells; none when one is not in its plainest spelling.
    pub fn cells<'b>(&self, record: &Record<'b, '_>, plain: &mut Plain) -> Option<PaymentCells<'b>> {
        if !record.is_plain {
            return None;
        }
        let of = |slot| record.cell(slot);
        let text = |slot| empty_or(of(slot), cell::text);
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
        let description = text(self.description)?;
        let face_value_e4 = match of(self.face_value) {
            // `话费50元`: the ordinary code may find the face value in the description.
            b"" if description.contains('元') => return None,
            b"" => None,
            face => Some(cell::money_e4(face)?),
        };
        cell::msisdn(of(self.msisdn))?;
        Some(PaymentCells {
            paid_at: plain.days.time(of(self.paid_at))?,
            platform: text(self.platform)?,
            payee: text(self.payee)?,
            description,
            amount_e4: cell::money_e4(of(self.amount))?.abs(),
            direction,
            status,
            order_id: id(of(self.order_id))?,
            merchant_order_id: id(of(self.merchant_order_id))?,
            msisdn: std::str::from_utf8(of(self.msisdn)).ok()?,
            face_value_e4,
        })
    }

    /// Returns the payment; none when a cell is not in its plainest spelling.
    pub fn read(&self, record: &Record<'_, '_>, at: RowRef, plain: &mut Plain) -> Option<Payment> {
        let cells = self.cells(record, plain)?;
        Some(Payment {
            at,
            paid_at: WallTime(cells.paid_at),
            platform: cells.platform.to_owned(),
            payee: cells.payee.to_owned(),
            description: cells.description.to_owned(),
            amount: yuan(cells.amount_e4)?,
            direction: cells.direction,
            status: cells.status,
            order_id: cells.order_id.to_owned(),
            merchant_order_id: cells.merchant_order_id.to_owned(),
            msisdn: cells.msisdn.to_owned(),
            face_value: match cells.face_value_e4 {
                None => None,
                Some(e4) => Some(yuan(e4)?),
            },
            refunded: None,
        })
    }
}

impl OrderRow {
    /// Returns the cells; none when one is not in its plainest spelling.
    pub fn cells<'b>(&self, record: &Record<'b, '_>, plain: &mut Plain) -> Option<OrderCells<'b>> {
        if !record.is_plain {
            return None;
        }
        let of = |slot| record.cell(slot);
        let text = |slot| empty_or(of(slot), cell::text);
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
        if product.is_empty() && name.is_empty() {
            return None;
        }
        Some(OrderCells {
            ordered_at: plain.days.time(of(self.at))?,
            action: OrderAction::from_code(std::str::from_utf8(of(self.action)).ok()?)?,
            product,
            name,
            effective_from: day(self.effective_from)?,
            effective_last: day(self.effective_to)?,
            price_e4: match of(self.price) {
                b"" => None,
                price => Some(cell::money_e4(price)?),
            },
            channel: text(self.channel)?,
            confirmed: yes_no(self.confirmed)?,
            auto_renew: yes_no(self.auto_renew)?,
            order_id: id(of(self.order_id))?,
        })
    }

    /// Returns the order; none when a cell is not in its plainest spelling.
    pub fn read(&self, record: &Record<'_, '_>, at: RowRef, plain: &mut Plain) -> Option<Order> {
        let cells = self.cells(record, plain)?;
        Some(Order {
            at,
            ordered_at: WallTime(cells.ordered_at),
            action: cells.action,
            product: cells.product.to_owned(),
            name: cells.name.to_owned(),
            effective_from: cells.effective_from,
            effective_last: cells.effective_last,
            price: match cells.price_e4 {
                None => None,
                Some(e4) => Some(yuan(e4)?),
            },
            channel: cells.channel.to_owned(),
            confirmed: cells.confirmed,
            auto_renew: cells.auto_renew,
            order_id: cells.order_id.to_owned(),
        })
    }
}

fn id(cell: &[u8]) -> Option<&str> {
    cell::id(cell)?;
    std::str::from_utf8(cell).ok()
}

/// Returns the amount of 0.0001 yuan.
pub fn yuan(e4: i64) -> Option<Money> {
    Money::from_e4(e4).ok()
}
