//! The papers of a case in the shapes in which operators and platforms hand them over: lists with their preambles in
//! GB18030, workbooks, platform exports. What a shape cannot print is not in the cases that use it.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::month::Month;
use super::papers::{BillRow, Event, PaymentRow, yuan};
use super::tariff::{DATA_ITEM, VOICE_ITEM, up};
use super::world::World;

/// How the papers look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The general record format.
    General,
    /// 中国移动: lists by kind with their window and count, a bill tree; GB18030.
    Cmcc,
    /// 中国联通: lists and bill with its own columns; GB18030.
    Cucc,
    /// The lists and the bill of 中国移动 as workbooks, amounts as numbers.
    Workbook,
}

/// A window in which a list holds all events of its kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Kinds.
    pub kinds: Vec<String>,
    /// First day.
    pub start: String,
    /// Last day.
    pub end: String,
}

/// A table before it becomes a file: the lines above the header, the header, the rows.
struct Table {
    name: String,
    head: Vec<String>,
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl World {
    /// Moves usage and bills into files of the world's shape; orders and balances keep the general format.
    pub fn shape_papers(&mut self, totals: &[BillRow]) {
        if self.shape == Shape::General {
            return;
        }
        let mut tables = self.lists();
        tables.extend(self.bills(totals));
        self.events.clear();
        self.bill.clear();
        self.empty_usage_list = false;
        for table in tables {
            let (extension, bytes) = match self.shape {
                Shape::Workbook => ("xlsx", table.workbook()),
                _ => ("csv", gb18030(&table.text())),
            };
            self.binary.push((format!("papers/{}.{extension}", table.name), bytes));
        }
    }

    /// Prints the payments as 微信支付 does, in a workbook with its preamble.
    pub fn shape_wechat(&mut self, start: &str, end: &str) {
        let rows = std::mem::take(&mut self.payments);
        let head = [
            "微信支付账单明细".to_owned(),
            "微信昵称：[林晓明]".to_owned(),
            format!("起始时间：[{start} 00:00:00] 终止时间：[{end} 23:59:59]"),
            "导出类型：[全部]".to_owned(),
            format!("导出时间：[{} 08:00:00]", self.as_of),
            format!("共{}笔记录", rows.len()),
            "----------------------微信支付账单明细列表--------------------".to_owned(),
        ];
        let header = vec![
            "交易时间",
            "交易类型",
            "交易对方",
            "商品",
            "收/支",
            "金额(元)",
            "支付方式",
            "当前状态",
            "交易单号",
            "商户单号",
            "备注",
        ];
        let rows = rows.iter().map(wechat).collect();
        let table = Table { name: "微信".into(), head: head.to_vec(), header, rows };
        self.binary.push(("payments/微信支付账单.xlsx".into(), table.workbook()));
    }

    /// Moves the 支付宝 exports from UTF-8 to GB18030, in which the app hands them over.
    pub fn shape_alipay(&mut self) {
        let files = std::mem::take(&mut self.files);
        let (alipay, rest): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(path, _)| path.contains("alipay"));
        self.files = rest;
        self.binary.extend(alipay.into_iter().map(|(path, text)| (path, gb18030(&text))));
    }

    fn lists(&self) -> Vec<Table> {
        let mut tables = Vec::new();
        for kinds in [&["voice"][..], &["sms", "mms"], &["data"]] {
            let own: Vec<&Event> = self.events.iter().filter(|event| kinds.contains(&event.kind)).collect();
            let windows: Vec<&Window> = self
                .windows
                .iter()
                .filter(|window| window.kinds.iter().any(|kind| kinds.contains(&kind.as_str())))
                .collect();
            let inside = |window: &Window, event: &Event| {
                window.start.as_str() <= &event.start[..10] && &event.start[..10] <= window.end.as_str()
            };
            for window in &windows {
                let rows: Vec<&Event> = own.iter().copied().filter(|event| inside(window, event)).collect();
                tables.push(self.list(kinds[0], Some(window), &rows));
            }
            let rest: Vec<&Event> = own
                .iter()
                .copied()
                .filter(|event| !windows.iter().any(|window| inside(window, event)))
                .collect();
            assert!(
                windows.is_empty() || rest.is_empty(),
                "a shaped list holds what its windows hold: {rest:?}"
            );
            if !rest.is_empty() {
                tables.push(self.list(kinds[0], None, &rest));
            }
        }
        tables
    }

    fn list(&self, kind: &'static str, window: Option<&Window>, events: &[&Event]) -> Table {
        let title = match kind {
            "voice" => "通话详单",
            "data" => "上网详单",
            _ => "短/彩信详单",
        };
        let mut head =
            vec!["（详单信息仅供用户参考，不作其他凭证）".to_owned(), format!("手机号码：{}", self.msisdn)];
        if let Some(window) = window {
            head.push(format!("从{}到{} 类型：{title} 总条数：{}", window.start, window.end, events.len()));
        }
        let month = window.map_or("", |window| &window.start[..7]);
        let (shape, fees) = (self.shape, self.fees_of(events));
        let rows = events.iter().zip(fees).enumerate();
        let rows = rows.map(|(index, (event, fee))| cells(shape, index, event, &shown(fee))).collect();
        Table { name: format!("{}{month}", title.replace('/', "")), head, header: header(shape, kind), rows }
    }

    /// Returns the fees that a list prints: minutes beyond the allowance and messages at their prices. Data is priced
    /// by the month: a session's fee is known only where nothing costs.
    fn fees_of(&self, events: &[&Event]) -> Vec<Option<i64>> {
        let mut minutes = self.tariff.included.voice;
        let data_free = |event: &Event| {
            let month = &event.start[..7];
            let used = super::tariff::chargeable(&self.events, month).data;
            used <= self.tariff.included.data
        };
        let mut fee = |event: &Event| {
            if event.fee.is_some() {
                return event.fee;
            }
            if event.direction == "in" {
                return Some(0);
            }
            match event.kind {
                "voice" => {
                    let used = up(event.duration_s, 60);
                    let free = used.min(minutes);
                    minutes -= free;
                    Some((used - free) * self.tariff.price.voice)
                }
                "sms" => (self.tariff.included.sms == 0).then_some(self.tariff.price.sms),
                "mms" => Some(self.tariff.price.mms),
                _ => data_free(event).then_some(0),
            }
        };
        events.iter().map(|event| fee(event)).collect()
    }

    fn bills(&self, totals: &[BillRow]) -> Vec<Table> {
        let mut periods: Vec<&String> = self.bill.iter().map(|row| &row.period).collect();
        periods.sort();
        periods.dedup();
        periods.into_iter().map(|period| self.bill_of(period, totals)).collect()
    }

    fn bill_of(&self, period: &str, totals: &[BillRow]) -> Table {
        let (year, month) = period.split_once('-').expect("a period");
        let month = Month { year: year.parse().expect("a year"), month: month.parse().expect("a month") };
        let own: Vec<&BillRow> = self.bill.iter().filter(|row| row.period == period).collect();
        let mut rows = Vec::new();
        for (names, categories) in GROUPS {
            let group = if self.shape == Shape::Cucc { names[1] } else { names[0] };
            let items: Vec<&&BillRow> = own.iter().filter(|row| categories.contains(&row.category)).collect();
            if items.is_empty() {
                continue;
            }
            let names_group = |row: &&&BillRow| [VOICE_ITEM, DATA_ITEM].contains(&row.item.as_str());
            if !items.iter().all(names_group) {
                rows.push(vec![group.to_owned(), yuan(items.iter().map(|row| row.amount).sum())]);
            }
            let indent = if items.iter().all(names_group) { "" } else { "　" };
            rows.extend(items.iter().map(|row| vec![format!("{indent}{}", row.item), yuan(row.amount)]));
        }
        let printed: usize = GROUPS
            .iter()
            .map(|(_, categories)| own.iter().filter(|row| categories.contains(&row.category)).count())
            .sum();
        assert_eq!(printed, own.len(), "a shaped bill prints every row: {own:?}");
        if let Some(total) = totals.iter().find(|total| total.period == period) {
            rows.push(vec!["合计".to_owned(), yuan(total.amount)]);
        }
        let title = if self.shape == Shape::Cucc {
            "中国联通月账单"
        } else {
            "中国移动通信客户账单"
        };
        let head = vec![
            title.to_owned(),
            format!("手机号码：{}", self.msisdn),
            format!("账期：{}至{}", month.day(1), month.last_day()),
            format!("打印日期：{}", month.plus(1).day(3)),
        ];
        let header = if self.shape == Shape::Cucc {
            vec!["费用项目", "应付"]
        } else {
            vec!["费用项目", "金额(元)"]
        };
        Table { name: format!("账单{period}"), head, header, rows }
    }
}

/// Groups of a bill tree, as 中国移动 and as 中国联通 name them, with the categories below them.
const GROUPS: &[([&str; 2], &[&str])] = &[
    (["套餐及固定费", "月固定费"], &["plan-fee", "pack-fee"]),
    (["套餐外短彩信费", "短彩信费"], &["sms", "mms"]),
    (["自有增值业务费", "增值业务费"], &["vas"]),
    (["其他费用", "其他费用"], &["other"]),
    ([VOICE_ITEM, VOICE_ITEM], &["voice"]),
    ([DATA_ITEM, DATA_ITEM], &["data"]),
];

impl Table {
    fn text(&self) -> String {
        let mut text = self.head.iter().map(|line| format!("{line}\r\n")).collect::<String>();
        text += &format!("{}\r\n", self.header.join(","));
        text + &self.rows.iter().map(|row| format!("{}\r\n", row.join(","))).collect::<String>()
    }

    /// Amounts are numbers, as a spreadsheet stores them; everything else is text.
    fn workbook(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let made = ExcelDateTime::from_ymd(2025, 1, 1).expect("a day");
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let sheet = book.add_worksheet();
        for (index, line) in self.head.iter().enumerate() {
            sheet.write_string(index as u32, 0, line).expect("written");
        }
        let first = self.head.len() as u32;
        for (column, name) in self.header.iter().enumerate() {
            sheet.write_string(first, column as u16, *name).expect("written");
        }
        for (index, row) in self.rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let at = (first + 1 + index as u32, column as u16);
                let is_money =
                    ["元", "费", "小计", "应付"].iter().any(|word| self.header[column].contains(word))
                        && self.header[column] != "费用项目";
                match cell.parse::<f64>() {
                    Ok(number) if is_money => sheet.write_number(at.0, at.1, number).expect("written"),
                    _ => sheet.write_string(at.0, at.1, cell).expect("written"),
                };
            }
        }
        book.save_to_buffer().expect("a workbook")
    }
}

/// Returns the header of a list.
fn header(shape: Shape, kind: &str) -> Vec<&'static str> {
    let names = match (shape, kind) {
        (Shape::Cucc, "voice") => {
            "序号,业务类型,通话起始时间,通话时长,呼叫类型,对方号码,通话地点,通话类型,通话费,其他费,小计"
        }
        (Shape::Cucc, "data") => "上网日期,上网时间,通信地点,上网时长,总流量,流量类型,费用(元)",
        (Shape::Cucc, _) => "通信日期,通信时间,通信方式,业务类型,对方号码,费用",
        (_, "voice") => {
            "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费,是否“新通话”"
        }
        (_, "data") => "起始时间,通信地点,上网方式,总时长,总流量,套餐优惠,通信费(元)",
        _ => "起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)",
    };
    names.split(',').collect()
}

/// Returns the cells of a row of a list.
fn cells(shape: Shape, index: usize, event: &Event, fee: &str) -> Vec<String> {
    let (day, time) = event.start.split_at(10);
    let time = time.trim();
    let picture = event.kind == "mms";
    let (start, peer, bytes) = (event.start.as_str(), event.peer.as_str(), volume(event.bytes));
    match (shape, event.kind) {
        (Shape::Cucc, "voice") => cucc_call(index, event, fee),
        (Shape::Cucc, "data") => owned(&[day, time, "杭州", "60", &bytes, "02 套餐内流量", fee]),
        (Shape::Cucc, _) => {
            let kind = if picture { "国内彩信" } else { "国内短信" };
            owned(&[day, time, way(event, ["发送", "接收"]), kind, peer, fee])
        }
        (_, "voice") => {
            let length = clock(event.duration_s);
            owned(&[start, "杭州", way(event, ["主叫", "被叫"]), peer, &length, "本地", "", fee, "否"])
        }
        (_, "data") => owned(&[start, "浙江", "CMNET", "60", &bytes, "", fee]),
        _ => {
            let kind = if picture { "彩信" } else { "短信" };
            owned(&[start, "浙江杭州", peer, way(event, ["发送", "接收"]), kind, kind, "", fee])
        }
    }
}

fn owned(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn way<'a>(event: &Event, words: [&'a str; 2]) -> &'a str {
    if event.direction == "in" { words[1] } else { words[0] }
}

fn shown(fee: Option<i64>) -> String {
    fee.map_or_else(String::new, yuan)
}

fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Prints bytes as lists do, and to the byte: `1GB2MB3KB4B`.
fn volume(bytes: i64) -> String {
    let mut rest = bytes;
    let mut text = String::new();
    for (unit, size) in [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)] {
        if rest >= size {
            text += &format!("{}{unit}", rest / size);
            rest %= size;
        }
    }
    if text.is_empty() { "0KB".into() } else { text }
}

fn cucc_call(index: usize, event: &Event, fee: &str) -> Vec<String> {
    let seconds = event.duration_s;
    let length = if seconds >= 60 {
        format!("{}分{}秒", seconds / 60, seconds % 60)
    } else {
        format!("{seconds}秒")
    };
    let number = (index + 1).to_string();
    let way = way(event, ["主叫", "被叫"]);
    owned(&[
        &number,
        "语音电话",
        &event.start,
        &length,
        way,
        &event.peer,
        "杭州",
        "本地通话",
        fee,
        "0.00",
        fee,
    ])
}

fn wechat(row: &PaymentRow) -> Vec<String> {
    let direction = match row.direction {
        "out" => "支出",
        "in" => "收入",
        _ => "/",
    };
    let (kind, status) = match row.status {
        "success" => ("商户消费", "支付成功"),
        "refunded" if row.direction == "in" => ("中国移动-退款", "已全额退款"),
        "refunded" => ("商户消费", "已全额退款"),
        status => panic!("not printed by this shape: {status}"),
    };
    let amount = format!("¥{}", yuan(row.amount));
    [
        &row.at,
        kind,
        &row.payee,
        &row.description,
        direction,
        &amount,
        "零钱",
        status,
        &row.order_id,
        &row.merchant_order_id,
        "/",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn gb18030(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::GB18030.encode(text);
    assert!(!lost, "every character has its code");
    bytes.into_owned()
}
