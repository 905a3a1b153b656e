//! Records other than usage: bill lines, payments, orders, charges, balance logs. Each knows its row.

use rust_decimal::Decimal;

use crate::model::coded::coded_enum;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, WallTime};
use crate::model::quantity::Unit;
use crate::model::source::RowRef;

coded_enum! {
    /// What a bill line is for.
    Category {
        /// Monthly fee of the plan.
        PlanFee = "plan-fee",
        /// Price of a pack.
        PackFee = "pack-fee",
        /// Calls outside the allowances.
        Voice = "voice",
        /// Text messages.
        Sms = "sms",
        /// Multimedia messages.
        Mms = "mms",
        /// Data.
        Data = "data",
        /// 增值业务 of the operator.
        Vas = "vas",
        /// 代收: collected for somebody else.
        ThirdParty = "third-party",
        /// Roaming.
        Roaming = "roaming",
        /// A reduction (negative).
        Discount = "discount",
        /// A promised return (negative).
        Credit = "credit",
        /// 违约金, 滞纳金.
        LateFee = "late-fee",
        /// Anything else that is charged.
        Other = "other",
        /// A printed total; not a charge.
        Total = "total",
        /// Money received; not a charge.
        Payment = "payment",
        /// Balance before; not a charge.
        OpeningBalance = "opening-balance",
        /// Balance after; not a charge.
        ClosingBalance = "closing-balance",
    }
}

impl Category {
    /// Returns whether lines of this category add up to what was charged.
    pub fn is_charge(self) -> bool {
        !matches!(self, Self::Total | Self::Payment | Self::OpeningBalance | Self::ClosingBalance)
    }

    /// Returns the category of usage of that unit.
    pub fn of_unit(unit: Unit) -> Self {
        match unit {
            Unit::Voice => Self::Voice,
            Unit::Sms => Self::Sms,
            Unit::Mms => Self::Mms,
            Unit::Data => Self::Data,
        }
    }
}

/// One line of a bill, charge or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillLine {
    /// Where it stands.
    pub at: RowRef,
    /// Cycle that it charges.
    pub cycle: Cycle,
    /// Item as printed, trimmed.
    pub item: String,
    /// What it is for.
    pub category: Category,
    /// Kinds of usage that the item may contain; two for 短彩信费, none for fees.
    pub units: Vec<Unit>,
    /// Yuan; positive = the customer pays. Of 原价/减免/实际消费 it is 实际消费.
    pub amount: Money,
    /// Units charged, where printed.
    pub quantity: Option<Decimal>,
    /// Yuan per unit, where printed.
    pub unit_price: Option<Decimal>,
    /// Provider of a 代收 or 增值 item.
    pub provider: Option<String>,
}

coded_enum! {
    /// Which way money moved.
    MoneyDirection {
        /// Paid by the customer.
        Out = "out",
        /// Received by the customer.
        In = "in",
        /// Neither: 不计收支, `/`, transfers.
        Neutral = "",
    }
}

coded_enum! {
    /// What became of a payment.
    PaymentStatus {
        /// Paid.
        Success = "success",
        /// Wholly given back, or the refund itself.
        Refunded = "refunded",
        /// Given back in part.
        PartlyRefunded = "partly-refunded",
        /// On its way.
        Pending = "pending",
        /// Closed.
        Closed = "closed",
        /// Failed.
        Failed = "failed",
    }
}

/// One row of a payment export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Where it stands.
    pub at: RowRef,
    /// When it was paid.
    pub paid_at: WallTime,
    /// `alipay`, `wechat`, a bank …
    pub platform: String,
    /// Payee as printed; empty = not stated.
    pub payee: String,
    /// Purpose as printed; empty = not stated.
    pub description: String,
    /// Yuan without sign: what was really paid.
    pub amount: Money,
    /// Which way it moved.
    pub direction: MoneyDirection,
    /// What became of it.
    pub status: PaymentStatus,
    /// The platform's id; empty = none.
    pub order_id: String,
    /// The merchant's id; empty = none.
    pub merchant_order_id: String,
    /// Line that it is for, possibly masked; empty = not stated.
    pub msisdn: String,
    /// Yuan credited by a top-up, where it differs from what was paid.
    pub face_value: Option<Money>,
    /// Yuan given back, where the row of the payment itself says so (已退款(￥39.93)).
    pub refunded: Option<Money>,
}

coded_enum! {
    /// What an order row does.
    OrderAction {
        /// Begins a product.
        Order = "order",
        /// Extends it.
        Renew = "renew",
        /// Ends it.
        Cancel = "cancel",
        /// Replaces the plan.
        Change = "change",
        /// Suspends the line (停机保号).
        Suspend = "suspend",
        /// Ends a suspension.
        Resume = "resume",
    }
}

/// One row of an order record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Where it stands.
    pub at: RowRef,
    /// When it was made.
    pub ordered_at: WallTime,
    /// What it does.
    pub action: OrderAction,
    /// Product id; empty = only the name is known.
    pub product: String,
    /// Product name as printed; empty = only the id is known.
    pub name: String,
    /// First day in force, where stated.
    pub effective_from: Option<Day>,
    /// Last day in force (inclusive, as printed), where stated.
    pub effective_last: Option<Day>,
    /// Yuan a period, where stated.
    pub price: Option<Money>,
    /// Where it was ordered; empty = the operator.
    pub channel: String,
    /// Whether a confirmation is on record; none = not stated.
    pub confirmed: Option<bool>,
    /// Whether it renews by itself; none = not stated.
    pub auto_renew: Option<bool>,
    /// Order id; empty = none.
    pub order_id: String,
}

/// One row of a list that details bill lines; set against the bill, never added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Where it stands.
    pub at: RowRef,
    /// When it was charged.
    pub charged_at: WallTime,
    /// Cycle that it charges, where stated.
    pub cycle: Option<Cycle>,
    /// Item as printed.
    pub item: String,
    /// What it is for.
    pub category: Category,
    /// Yuan; positive = the customer pays.
    pub amount: Money,
    /// Provider, where stated.
    pub provider: Option<String>,
}

/// One row of a balance log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalletEntry {
    /// Where it stands.
    pub at: RowRef,
    /// When the balance changed.
    pub changed_at: WallTime,
    /// Account; empty = not stated.
    pub account: String,
    /// Order that changed it; empty = none.
    pub order_id: String,
    /// Signed change in yuan; positive = the balance grew.
    pub change: Money,
    /// Balance before, where printed.
    pub before: Option<Money>,
    /// Balance after, where printed.
    pub after: Option<Money>,
    /// Remark as printed.
    pub note: String,
}
