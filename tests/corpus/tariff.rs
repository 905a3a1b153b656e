//! Tariffs: as the plan file that the program reads, and as arithmetic in whole fen that it never sees.

use super::papers::{Event, yuan};
use super::random::Random;

/// Bytes in 1 MB and in 1 GB.
pub const MB: i64 = 1 << 20;
/// Bytes in 1 GB.
pub const GB: i64 = 1 << 30;

/// How data outside the allowance is priced, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataPrice {
    /// A price for each started MB of the month.
    PerMb(i64),
    /// A price for each started GB of the month.
    PerGb(i64),
    /// A price for each full GB of the month.
    PerFullGb(i64),
    /// A price for each started MB until a cap is reached, free to 1 GB, then again.
    Ladder(i64, i64),
}

impl DataPrice {
    /// Returns the fee of a volume outside every allowance.
    pub fn fee(self, bytes: i64) -> i64 {
        let bytes = bytes.max(0);
        match self {
            Self::PerMb(price) => up(bytes, MB) * price,
            Self::PerGb(price) => up(bytes, GB) * price,
            Self::PerFullGb(price) => bytes / GB * price,
            Self::Ladder(price, cap) => {
                let steps = up(bytes, MB);
                steps / 1024 * cap + (steps % 1024 * price).min(cap)
            }
        }
    }

    fn toml(self) -> String {
        let (count, stages, repeat) = match self {
            Self::PerMb(price) => ("1MB", format!("{{ price = \"{}\" }}", yuan(price)), false),
            Self::PerGb(price) | Self::PerFullGb(price) => {
                ("1GB", format!("{{ price = \"{}\" }}", yuan(price)), false)
            }
            Self::Ladder(price, cap) => {
                let stage =
                    format!("{{ to = \"1GB\", price = \"{}\", cap = \"{}\" }}", yuan(price), yuan(cap));
                ("1MB", stage, true)
            }
        };
        let repeat = if repeat { "repeat = true\n" } else { "" };
        let round = if matches!(self, Self::PerFullGb(_)) { "down" } else { "up" };
        format!("per = \"cycle\"\ncount = \"{count}\"\nround = \"{round}\"\nstages = [{stages}]\n{repeat}")
    }
}

/// Returns how many steps are started.
pub fn up(volume: i64, step: i64) -> i64 {
    (volume + step - 1) / step
}

/// Volumes or fees of one month by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByKind {
    /// Started minutes, or fen.
    pub voice: i64,
    /// Messages, or fen.
    pub sms: i64,
    /// Messages, or fen.
    pub mms: i64,
    /// Bytes, or fen.
    pub data: i64,
}

/// A plan with plain rates.
#[derive(Debug, Clone)]
pub struct Tariff {
    /// Plan id.
    pub id: String,
    /// Plan name.
    pub name: String,
    /// Monthly fee in fen.
    pub monthly: i64,
    /// Extra keys of `[fee]`.
    pub fee_keys: String,
    /// What the plan includes.
    pub included: ByKind,
    /// Fen a started minute, a message, a message; `data` is unused.
    pub price: ByKind,
    /// Price of data.
    pub data: DataPrice,
    /// `match` of the data allowance.
    pub data_match: String,
    /// Further keys of the data allowance.
    pub data_keys: String,
    /// `rollover` of the data allowance.
    pub rollover: &'static str,
    /// `match` of the voice rate.
    pub voice_match: String,
    /// `[consumption]` order.
    pub order: String,
    /// Further tables of the plan file.
    pub more: String,
    /// Keys after `kind`.
    pub window: String,
}

impl Tariff {
    /// Returns a tariff with varied numbers and allowances for calls and data.
    pub fn varied(random: &mut Random) -> Self {
        let monthly = random.pick(&[1900, 2900, 3900, 5900, 7900, 9900, 12900]);
        let ladder = DataPrice::Ladder(29, 6000);
        let prices = [
            DataPrice::PerMb(3),
            DataPrice::PerGb(300),
            DataPrice::PerGb(500),
            ladder,
            DataPrice::Ladder(3, 300),
        ];
        Self {
            id: format!("corpus-{}", monthly / 100),
            name: format!("语料套餐{}元档", monthly / 100),
            monthly,
            fee_keys: String::new(),
            included: ByKind {
                voice: random.pick(&[0, 100, 150, 200]),
                sms: 0,
                mms: 0,
                data: random.between(2, 20) * GB,
            },
            price: ByKind {
                voice: random.pick(&[10, 15, 19, 25]),
                sms: 10,
                mms: random.pick(&[30, 50, 90]),
                data: 0,
            },
            data: random.pick(&prices),
            data_match: "{ scope = [\"domestic\"] }".into(),
            data_keys: String::new(),
            rollover: "none",
            voice_match: "{ scope = [\"domestic\"] }".into(),
            order: String::new(),
            more: String::new(),
            window: String::new(),
        }
    }

    /// Returns the fees of what happened: first the allowance, then the price.
    pub fn fees(&self, used: ByKind) -> ByKind {
        ByKind {
            voice: (used.voice - self.included.voice).max(0) * self.price.voice,
            sms: (used.sms - self.included.sms).max(0) * self.price.sms,
            mms: (used.mms - self.included.mms).max(0) * self.price.mms,
            data: self.data.fee(used.data - self.included.data),
        }
    }

    /// Returns the plan file.
    pub fn toml(&self) -> String {
        let head = format!(
            "schema = \"mingzhang.plan/1\"\nid = \"{}\"\nname = \"{}\"\noperator = \"cmcc\"\nkind = \"plan\"\n{}\n",
            self.id, self.name, self.window
        );
        let clause = |id: &str, text: &str| {
            format!(
                "[[clause]]\nid = \"{id}\"\ntext = \"{text}\"\nsource = \"虚构资费说明\"\nretrieved = 2024-12-01\n\n"
            )
        };
        let clauses = clause("1", "月费按自然月收取。")
            + &clause("2", "套餐内含资源见表。")
            + &clause("3", "套餐外资费见表。");
        let fee = format!(
            "[fee]\nmonthly = \"{}\"\n{}billed_as = [\"套餐月费\"]\nclause = \"1\"\n\n",
            yuan(self.monthly),
            self.fee_keys
        );
        let order = if self.order.is_empty() {
            String::new()
        } else {
            format!("[consumption]\norder = [{}]\nclause = \"2\"\n\n", self.order)
        };
        head + &clauses + &fee + &self.allowances() + &order + &self.rates() + &self.more
    }

    fn allowances(&self) -> String {
        let allowance = |unit: &str, amount: String, matches: &str, rollover: &str| {
            format!(
                "[[allowance]]\nid = \"{unit}\"\nunit = \"{unit}\"\namount = \"{amount}\"\nmatch = {matches}\n\
                 rollover = \"{rollover}\"\nclause = \"2\"\n\n"
            )
        };
        let domestic = "{ scope = [\"domestic\"] }";
        let included = self.included;
        let mut text = String::new();
        if included.voice > 0 {
            text += &allowance("voice", format!("{}min", included.voice), domestic, "none");
        }
        for (unit, amount) in [("sms", included.sms), ("mms", included.mms)] {
            if amount > 0 {
                text += &allowance(unit, amount.to_string(), domestic, "none");
            }
        }
        if included.data > 0 {
            let keys = format!("{}\n{}", self.data_match, self.data_keys);
            text += &allowance("data", format!("{}MB", included.data / MB), keys.trim_end(), self.rollover);
        }
        text
    }

    fn rates(&self) -> String {
        let rate = |id: &str, unit: &str, matches: &str, how: String, item: &str| {
            format!(
                "[[rate]]\nid = \"{id}\"\nunit = \"{unit}\"\n{matches}{how}billed_as = [\"{item}\"]\nclause = \"3\"\n\n"
            )
        };
        let each = |count: &str, price: i64| {
            format!(
                "per = \"event\"\ncount = \"{count}\"\nround = \"up\"\nstages = [{{ price = \"{}\" }}]\n",
                yuan(price)
            )
        };
        let domestic = "match = { scope = [\"domestic\"] }\n";
        let voice = format!("match = {}\n", self.voice_match);
        rate("voice-out", "voice", &voice, each("60s", self.price.voice), VOICE_ITEM)
            + &rate("sms-out", "sms", "", each("1", self.price.sms), SMS_ITEM)
            + &rate("mms-out", "mms", "", each("1", self.price.mms), MMS_ITEM)
            + &rate("data-out", "data", domestic, self.data.toml(), DATA_ITEM)
    }
}

/// What bills call overage of calls.
pub const VOICE_ITEM: &str = "套餐外语音通信费";
/// What bills call text messages.
pub const SMS_ITEM: &str = "短信费";
/// What bills call multimedia messages.
pub const MMS_ITEM: &str = "彩信费";
/// What bills call overage of data.
pub const DATA_ITEM: &str = "套餐外上网费";

/// Returns what of the events counts against allowances: outgoing, domestic, of that month.
pub fn chargeable(events: &[Event], month: &str) -> ByKind {
    let mut used = ByKind::default();
    let counts = |event: &&Event| {
        event.start.starts_with(month) && event.direction != "in" && event.scope == "domestic"
    };
    for event in events.iter().filter(counts) {
        match event.kind {
            "voice" => used.voice += up(event.duration_s, 60),
            "sms" => used.sms += 1,
            "mms" => used.mms += 1,
            _ => used.data += event.bytes,
        }
    }
    used
}

/// A pack on top of a plan.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Plan id.
    pub id: String,
    /// Name on bills and orders.
    pub name: String,
    /// Fen for one month.
    pub price: i64,
    /// Data in GB; none for packs without volume.
    pub data_gb: i64,
    /// Whether it renews by itself.
    pub auto_renew: bool,
    /// `validity` of `[pack]`.
    pub validity: &'static str,
    /// Further keys of `[pack]`.
    pub pack_keys: String,
}

impl Pack {
    /// Returns a data pack of a calendar month with varied numbers.
    pub fn varied(random: &mut Random) -> Self {
        let data_gb = random.pick(&[3, 5, 10, 20]);
        let name = format!("{data_gb}GB流量月包");
        let price = random.pick(&[500, 1000, 1500, 2000]);
        Self {
            id: format!("corpus-pack-{data_gb}gb"),
            name,
            price,
            data_gb,
            auto_renew: true,
            pack_keys: String::new(),
            validity: "month",
        }
    }

    /// Returns the plan file.
    pub fn toml(&self) -> String {
        let (id, name, price, renew) = (&self.id, &self.name, yuan(self.price), self.auto_renew);
        let clause = "[[clause]]\nid = \"1\"\ntext = \"按自然月收取，次月续订规则见表。\"\nsource = \"虚构流量包说明\"\n\n";
        let pack = format!(
            "[pack]\nprice = \"{price}\"\nvalidity = \"{}\"\nauto_renew = {renew}\n{}clause = \"1\"\n\n",
            self.validity, self.pack_keys
        );
        let allowance = format!(
            "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"{}GB\"\nmatch = {{ scope = [\"domestic\"] }}\n\
             rollover = \"none\"\nclause = \"1\"\n",
            self.data_gb
        );
        let head = format!(
            "schema = \"mingzhang.plan/1\"\nid = \"{id}\"\nname = \"{name}\"\noperator = \"cmcc\"\nkind = \"pack\"\n\n"
        );
        head + clause + &pack + if self.data_gb > 0 { &allowance } else { "" }
    }
}
