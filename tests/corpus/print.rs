//! The finished case: its files as text, with totals and payments in place.

use super::papers::{self, BillRow};
use super::shapes::Shape;
use super::truth::Truth;
use super::world::{BILL, ORDERS, PAYMENTS, USAGE, WALLET, World};

/// A finished case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Bills, lists, payments, orders.
    pub files: Vec<(String, String)>,
    /// The same in other encodings and containers.
    pub binary: Vec<(String, Vec<u8>)>,
    /// Plan files.
    pub plans: Vec<(String, String)>,
    /// case.toml.
    pub case_toml: String,
    /// Day of the calculation.
    pub as_of: String,
    /// What must be found.
    pub truth: Truth,
}

impl World {
    /// Moves the month's bill to a 中国移动 bill of its own, printed on the third day after the month.
    pub fn print_cmcc_bill(&mut self) {
        self.print_cmcc_bill_on(self.month.plus(1).day(3));
    }

    /// The same, printed on that day; before the end of the month it is a running bill.
    pub fn print_cmcc_bill_on(&mut self, printed: String) {
        let (period, off) = (self.month.text(), self.total_off.get(&self.month.text()).copied().unwrap_or(0));
        let total = self.sum_of_items(&self.msisdn.clone(), &period) + off;
        let (own, rest) = std::mem::take(&mut self.bill).into_iter().partition(|row| row.period == period);
        let rows: Vec<BillRow> = own;
        self.bill = rest;
        let (start, end) = (self.month.day(1), self.month.last_day());
        let text = papers::cmcc_bill_csv(&rows, &self.msisdn, (&start, &end), &printed, total);
        self.files.push(("bills/cmcc.csv".into(), text));
    }

    /// Returns the files of the case: path and text, with totals and payments in place.
    pub fn print(mut self) -> Printed {
        let totals = if self.prints_totals { self.totals() } else { Vec::new() };
        for total in &totals {
            if self.paid && self.payments.is_empty() && total.msisdn == self.msisdn {
                let month = if total.period == self.month.text() { self.month } else { continue };
                let text = self.bill_payment_text(month);
                self.pay(month.plus(1).at(5, 9, 0), &text, total.amount);
            }
        }
        self.shape_papers(&totals);
        if self.shape == Shape::General {
            self.bill.extend(totals);
        }
        let mut files = std::mem::take(&mut self.files);
        let mut put = |wanted: bool, path: &str, text: String| {
            if wanted {
                files.push((path.to_owned(), text));
            }
        };
        put(!self.bill.is_empty(), BILL, papers::bill_csv(&self.bill));
        put(self.empty_usage_list || !self.events.is_empty(), USAGE, papers::usage_csv(&self.events));
        put(self.empty_order_list || !self.orders.is_empty(), ORDERS, papers::orders_csv(&self.orders));
        put(!self.payments.is_empty(), PAYMENTS, papers::payments_csv(&self.payments));
        put(!self.wallet.is_empty(), WALLET, papers::wallet_csv(&self.wallet));
        let mut case_toml = self.case_text();
        let mut plans = std::mem::take(&mut self.plans);
        if self.knows_plan {
            plans.push(("plans/plan.toml".to_owned(), self.tariff.toml()));
        }
        plans.extend(self.packs.iter().map(|pack| (format!("plans/{}.toml", pack.id), pack.toml())));
        if self.shape == Shape::Cucc {
            case_toml = case_toml.replace("cmcc", "cucc").replace("中国移动通信集团", "中国联合网络通信");
            plans.iter_mut().for_each(|(_, text)| *text = text.replace("\"cmcc\"", "\"cucc\""));
        }
        Printed { files, binary: self.binary, plans, case_toml, as_of: self.as_of, truth: self.truth }
    }

    fn totals(&self) -> Vec<BillRow> {
        let mut keys: Vec<(String, String)> =
            self.bill.iter().map(|row| (row.msisdn.clone(), row.period.clone())).collect();
        keys.sort();
        keys.dedup();
        let total = |(msisdn, period): (String, String)| {
            let amount =
                self.sum_of_items(&msisdn, &period) + self.total_off.get(&period).copied().unwrap_or(0);
            let [quantity, unit_price, provider] = [const { String::new() }; 3];
            BillRow {
                msisdn,
                period,
                item: "合计".into(),
                category: "total",
                amount,
                quantity,
                unit_price,
                provider,
            }
        };
        keys.into_iter().map(total).collect()
    }

    fn case_text(&self) -> String {
        let head = "schema = \"mingzhang.case/1\"\ntitle = \"语料\"\nprovince = \"浙江\"\n";
        let line = format!(
            "\n[[line]]\nmsisdn = \"{}\"\noperator = \"cmcc\"\nbilling = \"postpaid\"\n\
             respondent = \"中国移动通信集团浙江有限公司\"\n",
            self.msisdn
        );
        let plan = format!(
            "\n[[subscription]]\nmsisdn = \"{}\"\nproduct = \"{}\"\nstart = {}\n",
            self.msisdn,
            self.tariff.id,
            if self.first_day.is_empty() { self.start.day(1) } else { self.first_day.clone() }
        );
        head.to_owned() + &line + if self.knows_plan { &plan } else { "" } + &self.case_toml
    }
}
