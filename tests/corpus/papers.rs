//! The papers of a case as rows, and the files that they are printed on.

/// Returns fen as decimal yuan.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

/// A row of a usage list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Line.
    pub msisdn: String,
    /// `2025-10-05 09:30:00`.
    pub start: String,
    /// voice, sms, mms, data, vas.
    pub kind: &'static str,
    /// out, in or empty.
    pub direction: &'static str,
    /// domestic, hmt, international.
    pub scope: &'static str,
    /// Other number.
    pub peer: String,
    /// Seconds of a call.
    pub duration_s: i64,
    /// Bytes of a session.
    pub bytes: i64,
    /// App, if listed.
    pub app: &'static str,
    /// Fen, where the list says so.
    pub fee: Option<i64>,
    /// Record id; empty = none.
    pub id: String,
}

impl Event {
    fn csv(&self) -> String {
        let number = |shown: bool, value: i64| if shown { value.to_string() } else { String::new() };
        let fields = [
            self.msisdn.clone(),
            self.start.clone(),
            self.kind.into(),
            self.direction.into(),
            self.scope.into(),
            self.peer.clone(),
            number(self.kind == "voice", self.duration_s),
            number(self.kind == "data", self.bytes),
            self.app.into(),
            self.fee.map(yuan).unwrap_or_default(),
            self.id.clone(),
        ];
        fields.join(",")
    }
}

/// A row of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillRow {
    /// Line.
    pub msisdn: String,
    /// `2025-10`.
    pub period: String,
    /// Item name.
    pub item: String,
    /// Category of the general record format.
    pub category: &'static str,
    /// Fen.
    pub amount: i64,
    /// Units, where printed.
    pub quantity: String,
    /// Price, where printed.
    pub unit_price: String,
    /// Provider, where printed.
    pub provider: String,
}

impl BillRow {
    /// Returns whether the row adds to the charges.
    pub fn is_charge(&self) -> bool {
        !matches!(self.category, "total" | "payment" | "opening-balance" | "closing-balance")
    }

    fn csv(&self) -> String {
        let amount = yuan(self.amount);
        let [msisdn, period, item] = [&self.msisdn, &self.period, &self.item];
        let [quantity, price, provider] = [&self.quantity, &self.unit_price, &self.provider];
        format!("{msisdn},{period},{item},{},{amount},{quantity},{price},{provider}", self.category)
    }
}

/// A row of an order record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderRow {
    /// Line.
    pub msisdn: String,
    /// When.
    pub at: String,
    /// order, renew, cancel, change, suspend, resume.
    pub action: &'static str,
    /// Product id.
    pub product: String,
    /// Product name.
    pub name: String,
    /// First day in force.
    pub from: String,
    /// Last day in force.
    pub last: String,
    /// Fen.
    pub price: Option<i64>,
    /// Where; empty = the operator.
    pub channel: String,
    /// yes, no or empty.
    pub confirmed: &'static str,
    /// yes, no or empty.
    pub auto_renew: &'static str,
    /// Order id.
    pub id: String,
}

impl OrderRow {
    fn csv(&self) -> String {
        let price = self.price.map(yuan).unwrap_or_default();
        let fields = [
            self.msisdn.as_str(),
            &self.at,
            self.action,
            &self.product,
            &self.name,
            &self.from,
            &self.last,
            &price,
            &self.channel,
            self.confirmed,
            self.auto_renew,
            &self.id,
        ];
        fields.join(",")
    }
}

/// A row of a payment export.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaymentRow {
    /// When.
    pub at: String,
    /// alipay, wechat, a bank.
    pub platform: &'static str,
    /// Payee.
    pub payee: String,
    /// Purpose.
    pub description: String,
    /// Fen.
    pub amount: i64,
    /// out, in, empty.
    pub direction: &'static str,
    /// Status of the general record format.
    pub status: &'static str,
    /// The platform's id.
    pub order_id: String,
    /// The merchant's id.
    pub merchant_order_id: String,
    /// Line it is for; empty = not stated.
    pub msisdn: String,
    /// Fen credited, where it differs.
    pub face_value: Option<i64>,
}

impl PaymentRow {
    fn csv(&self) -> String {
        let amount = yuan(self.amount);
        let face_value = self.face_value.map(yuan).unwrap_or_default();
        let fields = [
            self.at.as_str(),
            self.platform,
            &self.payee,
            &self.description,
            &amount,
            self.direction,
            self.status,
            &self.order_id,
            &self.merchant_order_id,
            &self.msisdn,
            &face_value,
        ];
        fields.join(",")
    }

    fn alipay(&self) -> String {
        let direction = match self.direction {
            "out" => "支出",
            "in" => "收入",
            _ => "不计收支",
        };
        let status = match self.status {
            "success" => "交易成功",
            "refunded" => "退款成功",
            "pending" => "等待付款",
            _ => "交易关闭",
        };
        let kind = if self.status == "refunded" { "退款" } else { "充值缴费" };
        format!(
            "{},{kind},{},/,{},{direction},{},余额宝,{status},{}\t,{}\t,,",
            self.at,
            self.payee,
            self.description,
            yuan(self.amount),
            self.order_id,
            self.merchant_order_id
        )
    }
}

/// A row of a balance log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WalletRow {
    /// When.
    pub at: String,
    /// Account.
    pub account: String,
    /// Order.
    pub order_id: String,
    /// Fen, signed.
    pub change: i64,
    /// Fen before.
    pub before: i64,
    /// Fen after.
    pub after: i64,
}

impl WalletRow {
    fn csv(&self) -> String {
        let [change, before, after] = [self.change, self.before, self.after].map(yuan);
        format!("{},{},{},{change},{before},{after},", self.at, self.account, self.order_id)
    }
}

fn table(header: &str, rows: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = std::iter::once(header.to_owned()).chain(rows).collect();
    lines.join("\n") + "\n"
}

/// Returns a usage list in the general record format.
pub fn usage_csv(rows: &[Event]) -> String {
    table(
        "msisdn,start,kind,direction,scope,peer,duration_s,bytes,app,fee,record_id",
        rows.iter().map(Event::csv),
    )
}

/// Returns a bill in the general record format.
pub fn bill_csv(rows: &[BillRow]) -> String {
    table("msisdn,period,item,category,amount,quantity,unit_price,provider", rows.iter().map(BillRow::csv))
}

/// Returns an order record in the general record format.
pub fn orders_csv(rows: &[OrderRow]) -> String {
    let header = "msisdn,at,action,product,name,effective_from,effective_to,price,channel,confirmed,auto_renew,order_id";
    table(header, rows.iter().map(OrderRow::csv))
}

/// Returns a payment export in the general record format.
pub fn payments_csv(rows: &[PaymentRow]) -> String {
    let header = "paid_at,platform,payee,description,amount,direction,status,order_id,merchant_order_id,msisdn,face_value";
    table(header, rows.iter().map(PaymentRow::csv))
}

/// Returns a balance log in the general record format.
pub fn wallet_csv(rows: &[WalletRow]) -> String {
    table("at,account,order_id,change,before,after,note", rows.iter().map(WalletRow::csv))
}

/// Returns a 支付宝 export of all transactions from one day to another, both included.
pub fn alipay_csv(rows: &[PaymentRow], start: &str, end: &str, exported: &str, stated_rows: usize) -> String {
    let sum = |direction: &str| {
        let part: Vec<i64> =
            rows.iter().filter(|row| row.direction == direction).map(|row| row.amount).collect();
        format!("{}笔 {}元", part.len(), yuan(part.iter().sum()))
    };
    let head = [
        "------------------------------------------------------------------------------------".to_owned(),
        "导出信息：".to_owned(),
        "姓名：林晓明".to_owned(),
        "支付宝账户：lin***@example.com".to_owned(),
        format!("起始时间：[{start} 00:00:00]    终止时间：[{end} 23:59:59]"),
        "导出交易类型：[全部]".to_owned(),
        format!("导出时间：[{exported}]"),
        format!("共{stated_rows}笔记录"),
        format!("收入：{}", sum("in")),
        format!("支出：{}", sum("out")),
        format!("不计收支：{}", sum("")),
        String::new(),
        "------------------------支付宝支付科技有限公司  电子客户回单------------------------".to_owned(),
    ];
    let header = "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,";
    head.join("\n") + "\n" + &table(header, rows.iter().map(PaymentRow::alipay))
}

/// Returns a 中国移动 bill: groups with their sum, items below them, a total.
pub fn cmcc_bill_csv(
    rows: &[BillRow],
    msisdn: &str,
    window: (&str, &str),
    printed: &str,
    total: i64,
) -> String {
    let (start, end) = window;
    let mut text = format!(
        "中国移动通信客户账单\n手机号码：{msisdn}\n账期：{start}至{end}\n打印日期：{printed}\n费用项目,金额(元)\n"
    );
    let group_of = |row: &BillRow| match row.category {
        "plan-fee" => "套餐及固定费",
        "sms" | "mms" => "套餐外短彩信费",
        _ => "",
    };
    for group in ["套餐及固定费", "套餐外短彩信费", ""] {
        let items: Vec<&BillRow> = rows.iter().filter(|row| group_of(row) == group).collect();
        if !group.is_empty() && !items.is_empty() {
            text += &format!("{group},{}\n", yuan(items.iter().map(|row| row.amount).sum()));
        }
        let indent = if group.is_empty() { "" } else { "　" };
        text += &items
            .iter()
            .map(|row| format!("{indent}{},{}\n", row.item, yuan(row.amount)))
            .collect::<String>();
    }
    text + &format!("合计,{}\n", yuan(total))
}

/// Returns a 中国移动 list of messages that prints its window and count.
pub fn cmcc_messages_csv(rows: &[Event], msisdn: &str, window: (&str, &str), count: usize) -> String {
    let (start, end) = window;
    let row = |event: &Event| {
        let way = if event.direction == "in" { "接收" } else { "发送" };
        let kind = if event.kind == "mms" { "彩信" } else { "短信" };
        let fee = yuan(event.fee.unwrap_or(0));
        format!("{},浙江杭州,{},{way},{kind},{kind},,{fee}", event.start, event.peer)
    };
    let head = format!(
        "（详单信息仅供用户参考，不作其他凭证）\n手机号码：{msisdn}\n从{start}到{end} 类型：短/彩信详单 总条数：{}\n",
        count
    );
    head + &table(
        "起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)",
        rows.iter().map(row),
    )
}
