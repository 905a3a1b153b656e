//! A clean line with a plan, its usage and its bill, which a scenario then spoils or disguises.

use std::collections::BTreeMap;

use super::month::Month;
use super::papers::{BillRow, Event, OrderRow, PaymentRow, WalletRow};
use super::random::Random;
use super::shapes::{Shape, Window};
use super::tariff::{self, ByKind, GB, Pack, Tariff};
use super::truth::{Expected, NEEDS, Truth};

/// Path of the usage list.
pub const USAGE: &str = "usage/usage.csv";
/// Path of the bill.
pub const BILL: &str = "bills/bill.csv";
/// Path of the order record.
pub const ORDERS: &str = "orders/orders.csv";
/// Path of the payment export.
pub const PAYMENTS: &str = "payments/payments.csv";
/// Path of the balance log.
pub const WALLET: &str = "payments/wallet.csv";

/// The case as it is being built.
#[derive(Debug, Clone)]
pub struct World {
    /// Numbers that vary from copy to copy.
    pub random: Random,
    /// The line.
    pub msisdn: String,
    /// The cycle that the case is about.
    pub month: Month,
    /// First month of the line.
    pub start: Month,
    /// Its first day, where it is not the first of that month.
    pub first_day: String,
    /// Its plan.
    pub tariff: Tariff,
    /// Whether the plan is known to the case.
    pub knows_plan: bool,
    /// Packs that the case knows.
    pub packs: Vec<Pack>,
    /// Usage list.
    pub events: Vec<Event>,
    /// Bill, without printed totals.
    pub bill: Vec<BillRow>,
    /// Order record.
    pub orders: Vec<OrderRow>,
    /// Payment export.
    pub payments: Vec<PaymentRow>,
    /// Balance log.
    pub wallet: Vec<WalletRow>,
    /// Further files.
    pub files: Vec<(String, String)>,
    /// Further files that are no UTF-8 text.
    pub binary: Vec<(String, Vec<u8>)>,
    /// How usage and bills look.
    pub shape: Shape,
    /// What shaped lists say that they hold.
    pub windows: Vec<Window>,
    /// Whether the usage list is handed over even without rows.
    pub empty_usage_list: bool,
    /// Whether the order record is handed over even without rows.
    pub empty_order_list: bool,
    /// Further plan files.
    pub plans: Vec<(String, String)>,
    /// Further tables of case.toml.
    pub case_toml: String,
    /// Fen by which the printed total of a period differs from the sum of its items.
    pub total_off: BTreeMap<String, i64>,
    /// Whether totals are printed.
    pub prints_totals: bool,
    /// Whether each printed total was paid once, by a payment that names the bill.
    pub paid: bool,
    /// Day of the calculation.
    pub as_of: String,
    /// What must be found.
    pub truth: Truth,
    count: i64,
}

impl World {
    /// Returns a line without usage and without a bill.
    pub fn named(name: &str) -> Self {
        let mut random = Random::named(name);
        let month = Month { year: 2025, month: random.between(2, 10) };
        let tariff = Tariff::varied(&mut random);
        let msisdn = format!("1380000{:04}", random.between(1000, 9999));
        let paid = random.between(0, 3) == 0;
        Self {
            random,
            msisdn,
            month,
            start: month.plus(-4),
            first_day: String::new(),
            tariff,
            knows_plan: true,
            packs: Vec::new(),
            events: Vec::new(),
            bill: Vec::new(),
            orders: Vec::new(),
            payments: Vec::new(),
            wallet: Vec::new(),
            files: Vec::new(),
            binary: Vec::new(),
            shape: Shape::General,
            windows: Vec::new(),
            empty_usage_list: false,
            empty_order_list: false,
            plans: Vec::new(),
            case_toml: String::new(),
            total_off: BTreeMap::new(),
            prints_totals: true,
            paid,
            as_of: month.plus(2).day(2),
            truth: Truth::default(),
            count: 0,
        }
    }

    /// Adds a usage event of the main line.
    pub fn event(&mut self, kind: &'static str, start: String) -> &mut Event {
        self.count += 1;
        let peer = if kind == "data" { String::new() } else { format!("1390000{:04}", self.count) };
        let direction = if kind == "data" { "" } else { "out" };
        let msisdn = self.msisdn.clone();
        self.events.push(Event {
            msisdn,
            start,
            kind,
            direction,
            scope: "domestic",
            peer,
            duration_s: 0,
            bytes: 0,
            app: "",
            fee: None,
            id: String::new(),
        });
        self.events.last_mut().expect("just pushed")
    }

    /// Adds an outgoing call on that day of the month.
    pub fn call(&mut self, day: i64, duration_s: i64) -> &mut Event {
        let start = self.time(self.month, day);
        let event = self.event("voice", start);
        event.duration_s = duration_s;
        event
    }

    /// Adds a data session on that day of the month.
    pub fn session(&mut self, day: i64, bytes: i64) -> &mut Event {
        let start = self.time(self.month, day);
        let event = self.event("data", start);
        event.bytes = bytes;
        event
    }

    /// Adds a message of that kind on that day of the month.
    pub fn message(&mut self, kind: &'static str, day: i64) -> &mut Event {
        let start = self.time(self.month, day);
        self.event(kind, start)
    }

    /// Returns a time of that day at which nothing else begins.
    pub fn time(&self, month: Month, day: i64) -> String {
        month.at(day, 8 + self.count % 12, self.count * 7 % 60)
    }

    /// Returns `count` days from the first to the last of the month.
    pub fn days(&self, count: i64) -> Vec<i64> {
        let last = self.month.days();
        (0..count).map(|index| if count == 1 { 1 } else { 1 + index * (last - 1) / (count - 1) }).collect()
    }

    /// Adds an ordinary month without the kinds in `without`: data and calls stay inside the allowance, texts
    /// cost their price. Multimedia messages are sent only where texts are not.
    pub fn live(&mut self, without: &[&str]) {
        if !without.contains(&"sms") {
            let sent = self.random.between(3, 6);
            for day in self.days(sent) {
                self.message("sms", day);
            }
            self.message("sms", 9).direction = "in";
        } else if !without.contains(&"mms") {
            for day in self.days(2) {
                self.message("mms", day);
            }
        }
        if !without.contains(&"voice") {
            let calls = self.random.between(3, 5);
            for day in self.days(calls) {
                let duration_s = self.random.between(15, 590);
                self.call(day, duration_s);
            }
            let incoming = self.call(12, 321);
            incoming.direction = "in";
        }
        if !without.contains(&"data") {
            let share = self.tariff.included.data / 10;
            for day in self.days(6) {
                let bytes = self.random.between(share / 2, share);
                self.session(day, bytes);
            }
        }
    }

    /// Declares that the usage list holds all events of those kinds in the month.
    pub fn complete(&mut self, kinds: &[&str]) {
        let month = self.month;
        self.cover(USAGE, kinds, month.day(1), month.last_day());
    }

    /// Declares a window of a file.
    pub fn cover(&mut self, file: &str, kinds: &[&str], start: String, end: String) {
        if self.shape != Shape::General && file == USAGE {
            let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            return self.windows.push(Window { kinds, start, end });
        }
        let kinds: Vec<String> = kinds.iter().map(|kind| format!("\"{kind}\"")).collect();
        self.case_toml += &format!(
            "\n[[coverage]]\nfile = \"{file}\"\nmsisdn = \"{}\"\nkinds = [{}]\nstart = {start}\nend = {end}\n",
            self.msisdn,
            kinds.join(", ")
        );
    }

    /// Hands over an order record that reaches from the line's first day to the end of the month.
    pub fn complete_orders(&mut self) {
        self.empty_order_list = true;
        let (start, end) = (self.start.day(1), self.month.last_day());
        self.cover(ORDERS, &["orders"], start, end);
    }

    /// Adds an order row of the main line.
    pub fn order(&mut self, action: &'static str, at: String, product: &str, name: &str) -> &mut OrderRow {
        self.count += 1;
        let (msisdn, id) = (self.msisdn.clone(), format!("D{:06}", self.count));
        let row = OrderRow {
            msisdn,
            at,
            action,
            product: product.into(),
            name: name.into(),
            id,
            ..OrderRow::default()
        };
        self.orders.push(row);
        self.orders.last_mut().expect("just pushed")
    }

    /// Adds a bill row of the main line.
    pub fn row(&mut self, month: Month, item: &str, category: &'static str, amount: i64) -> &mut BillRow {
        self.bill.push(BillRow {
            msisdn: self.msisdn.clone(),
            period: month.text(),
            item: item.into(),
            category,
            amount,
            quantity: String::new(),
            unit_price: String::new(),
            provider: String::new(),
        });
        self.bill.last_mut().expect("just pushed")
    }

    /// Adds a bill row of the month of the case.
    pub fn charge(&mut self, item: &str, category: &'static str, amount: i64) -> &mut BillRow {
        self.row(self.month, item, category, amount)
    }

    /// Returns what the usage of a month costs under the plan.
    pub fn fees(&self, month: Month) -> ByKind {
        self.tariff.fees(tariff::chargeable(&self.events, &month.text()))
    }

    /// Adds the monthly fee and every usage fee that the plan asks for.
    pub fn bill_month(&mut self, month: Month) {
        let fees = self.fees(month);
        self.row(month, "套餐月费", "plan-fee", self.tariff.monthly);
        let usage = [
            (tariff::VOICE_ITEM, "voice", fees.voice),
            (tariff::SMS_ITEM, "sms", fees.sms),
            (tariff::MMS_ITEM, "mms", fees.mms),
            (tariff::DATA_ITEM, "data", fees.data),
        ];
        for (item, category, fee) in usage {
            if fee > 0 {
                self.row(month, item, category, fee);
            }
        }
    }

    /// Adds fen to a bill row of the month; the row is made when it is missing.
    pub fn overcharge(&mut self, item: &str, category: &'static str, fen: i64) -> &mut BillRow {
        let period = self.month.text();
        match self.bill.iter().position(|row| row.period == period && row.item == item) {
            Some(index) => {
                self.bill[index].amount += fen;
                &mut self.bill[index]
            }
            None => self.charge(item, category, fen),
        }
    }

    /// Returns the sum of the items of a period.
    pub fn sum_of_items(&self, msisdn: &str, period: &str) -> i64 {
        let own = |row: &&BillRow| row.msisdn == msisdn && row.period == period && row.is_charge();
        self.bill.iter().filter(own).map(|row| row.amount).sum()
    }

    /// Adds a successful deduction by 支付宝.
    pub fn pay(&mut self, at: String, description: &str, amount: i64) -> &mut PaymentRow {
        self.count += 1;
        self.payments.push(PaymentRow {
            at,
            platform: "alipay",
            payee: "中国移动".into(),
            description: description.into(),
            amount,
            direction: "out",
            status: "success",
            order_id: format!("2025{:024}", self.count),
            merchant_order_id: format!("CM{:012}", self.count),
            msisdn: self.msisdn.clone(),
            face_value: None,
        });
        self.payments.last_mut().expect("just pushed")
    }

    /// Returns how platforms describe the payment of a bill.
    pub fn bill_payment_text(&self, month: Month) -> String {
        format!("话费缴费-138****{}-{}账单", &self.msisdn[7..], month.chinese())
    }

    /// An error of that code must be found, in the month of the case, and its whole amount be claimed.
    pub fn expect(
        &mut self,
        code: &'static str,
        verdicts: &'static [&'static str],
        amount: i64,
    ) -> &mut Expected {
        let claim = if verdicts == NEEDS { 0 } else { amount };
        let (msisdn, period) = (self.msisdn.clone(), self.month.text());
        let (amount, claim) = (Some(amount), Some(claim));
        self.truth.expected.push(Expected {
            codes: vec![code],
            kind: "E",
            msisdn,
            period,
            verdicts,
            amount,
            claim,
        });
        self.truth.expected.last_mut().expect("just pushed")
    }

    /// A question (Q) or a remark on waste (W) of that code must come.
    pub fn remark(&mut self, code: &'static str, kind: &'static str) -> &mut Expected {
        let expected = self.expect(code, &[], 0);
        (expected.kind, expected.amount, expected.claim) = (kind, None, None);
        expected.period = String::new();
        expected
    }

    /// Those codes rightly see the same error.
    pub fn allow(&mut self, codes: &[&'static str]) {
        self.truth.allowed.extend(codes);
    }
}

/// Returns a round volume in GB as bytes.
pub fn gb(count: i64) -> i64 {
    count * GB
}
