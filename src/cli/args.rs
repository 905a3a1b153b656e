//! Commands and flags.

mod bundle;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::bundle::{PackArgs, VerifyArgs};
use crate::render::letter::Channel;
use crate::render::outputs::Format;

/// 明账：把话费账单、详单和支付记录核对成一份经得起运营商复核的争议报告。
///
/// Turns phone bills, usage lists and payment exports into a dispute report that survives the operator's own check.
#[derive(Debug, Parser)]
#[command(name = "mingzhang", version, max_term_width = 100)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Language of reports, letters and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// 中文
    Zh,
    /// English
    En,
}

/// When to colour messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// At a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// 报告与提示的语言 / language of reports and messages
    #[arg(long, global = true, value_enum, default_value = "zh", env = "MINGZHANG_LANG")]
    pub lang: LangArg,
    /// 是否着色 / colour of messages
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub color: ColorArg,
    /// 只输出结果 / print results only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// 多说一些 / say more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 核对账单并写出报告（主要用法） / check the bills and write the report
    Check(CheckArgs),
    /// 新建案件文件夹，内含带注释的 case.toml / scaffold a case folder
    Init(InitArgs),
    /// 查看一个文件是怎样被识别和读取的 / how a file was recognised and read
    Inspect(InspectArgs),
    /// 只计算应收多少，逐步列出算法 / only what the bill should have been, step by step
    Rate(RateArgs),
    /// 写给一个渠道的投诉信 / the complaint letter for one channel
    Letter(LetterArgs),
    /// 说明报告里的一个发现、账单项或金额 / one finding, bill line or amount of a report
    Explain(ExplainArgs),
    /// 打成证据包：原件、报告、规则，供对方复核 / the evidence bundle
    Pack(PackArgs),
    /// 校验证据包，并从原件重新计算比较 / check a bundle and compute its report again
    Verify(VerifyArgs),
    /// 一批案件，或一套含许多号码的表 / many cases, or one set of tables of many lines
    Batch(BatchArgs),
    /// 列出检查项，或查看其中一项 / the catalogue of detectors, or one page of it
    Detectors(CodeArgs),
    /// 列出能识别的文件格式，或查看其中一种 / known layouts, or one of them
    Formats(FormatsArgs),
    /// 列出引用的法律条文，或查看其中一条 / rules of law, or one of them
    Laws(CodeArgs),
    /// 列出套餐规则，查看或校验 / plan rules: list, show, check
    Plans(PlansArgs),
    /// 输出公开文件的 JSON Schema / JSON Schema of a published file
    Schema(SchemaArgs),
    /// 输出命令行补全脚本 / completion script of a shell
    Completions(CompletionsArgs),
    /// 输出手册页 / manual page
    Man,
}

/// Level of a finding for `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum FailOn {
    /// 任何发现 / any finding
    Question,
    /// 缺材料以上 / needs evidence or stronger
    NeedsEvidence,
    /// 很可能以上 / probable or stronger
    Probable,
    /// 证据充分 / proven only
    Proven,
}

/// The papers of a case, and the rules to read them by.
#[derive(Debug, Args)]
pub struct CaseArgs {
    /// 案件文件夹或若干文件 / a case folder, or files
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// 案件说明文件 / case file (default: case.toml of the folder)
    #[arg(long, value_name = "FILE")]
    pub case: Option<PathBuf>,
    /// 套餐规则：文件或内置编号，可多次 / plan file or id of a built-in plan, repeatable
    #[arg(long, value_name = "FILE|ID")]
    pub plan: Vec<String>,
    /// 计算日 / day of the calculation [default: case.toml, else today in Beijing]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<NaiveDate>,
    /// 自己的格式文件，可多次 / format file of your own, repeatable
    #[arg(long, value_name = "FILE")]
    pub format: Vec<PathBuf>,
}

/// `check`
#[derive(Debug, Args)]
#[command(after_help = "例 / Examples:
  mingzhang check sample_bills/mms-15-yuan
  mingzhang check 账单.csv 短彩信详单.csv --plan plans/my-plan.toml --out report
  mingzhang check my-case --as-of 2025-11-20 --formats html,json --fail-on proven")]
pub struct CheckArgs {
    /// The papers.
    #[command(flatten)]
    pub case: CaseArgs,
    /// 报告写到哪里 / where to write [default: mingzhang-report/NAME]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// 输出哪些文件 / which files to write
    #[arg(long, value_parser = format_parser(), value_delimiter = ',', default_values = Format::USUAL.map(Format::name))]
    pub formats: Vec<Format>,
    /// PDF 字库没有的字用这个字体 / font for characters that ours lack, in the PDF
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// 有达到该程度的发现时以状态 1 退出 / exit 1 when a finding reaches this level
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<FailOn>,
}

/// `init`
#[derive(Debug, Clone, Args)]
#[command(after_help = "例 / Examples:
  mingzhang init my-case
  mingzhang init my-case --msisdn 13800001111 --operator 移动 --province 浙江 --title 10月彩信费争议")]
pub struct InitArgs {
    /// 案件文件夹 / case folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// 标题 / title
    #[arg(long)]
    pub title: Option<String>,
    /// 手机号码，可多次 / phone number, repeatable
    #[arg(long, value_name = "NUMBER")]
    pub msisdn: Vec<String>,
    /// 运营商：移动、联通、电信、广电，或代码 / operator: cmcc, cucc, ctcc, cbn, mvno
    #[arg(long)]
    pub operator: Option<String>,
    /// 号码归属省份 / province of the number
    #[arg(long)]
    pub province: Option<String>,
    /// 投诉人姓名 / name of the complainant
    #[arg(long)]
    pub name: Option<String>,
    /// 联系电话 / phone of the complainant
    #[arg(long)]
    pub phone: Option<String>,
    /// 联系地址 / address of the complainant
    #[arg(long)]
    pub address: Option<String>,
    /// 计算日 / day of the calculation
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<NaiveDate>,
}

/// `inspect`
#[derive(Debug, Args)]
#[command(after_help = "例 / Examples:
  mingzhang inspect 账单.csv
  mingzhang inspect usage/*.csv --json --records")]
pub struct InspectArgs {
    /// 文件 / files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// 输出 JSON / print JSON
    #[arg(long)]
    pub json: bool,
    /// 连同归一化后的记录 / with the normalised records (JSON)
    #[arg(long, requires = "json")]
    pub records: bool,
    /// 指定格式编号或格式文件 / id of the format to use, or a format file
    #[arg(long, value_name = "ID|FILE")]
    pub format: Option<String>,
    /// 本机号码 / number of the line
    #[arg(long, value_name = "NUMBER")]
    pub msisdn: Option<String>,
}

/// `rate`
#[derive(Debug, Args)]
#[command(after_help = "例 / Examples:
  mingzhang rate sample_bills/pack-not-renewed
  mingzhang rate 账单.csv 上网详单.csv --plan plans/my-plan.toml")]
pub struct RateArgs {
    /// The papers.
    #[command(flatten)]
    pub case: CaseArgs,
}

/// `letter`
#[derive(Debug, Args)]
#[command(after_help = "例 / Examples:
  mingzhang letter sample_bills/mms-15-yuan --to operator
  mingzhang letter my-case --to miit --out 申诉书.pdf")]
pub struct LetterArgs {
    /// The papers.
    #[command(flatten)]
    pub case: CaseArgs,
    /// 写给谁：运营商、工信部门申诉、12315、黑猫投诉、付款平台 / whom the letter is for
    #[arg(long, value_name = "CHANNEL", value_parser = channel_parser())]
    pub to: Channel,
    /// 写到文件夹，或写成一个 .md 或 .pdf 文件 / a folder, or one .md or .pdf file [default: mingzhang-report/NAME/letters]
    #[arg(long, value_name = "DIR|FILE")]
    pub out: Option<PathBuf>,
    /// 字库没有的字用这个字体 / font for characters that ours lack
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
}

/// `batch`
#[derive(Debug, Args)]
#[command(after_help = "例 / Examples:
  mingzhang batch 2025年投诉 --out report
  mingzhang batch tables --memory 256M --part 1/4 --out part1
  mingzhang batch --merge part1 part2 part3 part4 --out report")]
pub struct BatchArgs {
    /// 案件文件夹的上级文件夹，或一套表所在的文件夹 / a folder of case folders, or the folder of a set of tables
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// 结果写到哪里 / where to write [default: mingzhang-report/batch]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// 内存上限，超出的行暂存磁盘 / bound of memory; rows beyond it wait on disk
    #[arg(long = "memory", value_name = "SIZE", default_value = "512M", value_parser = memory_bytes)]
    pub memory_bytes: u64,
    /// 线程数 / threads [default: all processors]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// 只做第 K 份，共 N 份（按号码分） / only part K of N, by the number of the line
    #[arg(long, value_name = "K/N", value_parser = part)]
    pub part: Option<(u32, u32)>,
    /// 把各份的结果合成一份报告 / add the results of parts up to one report
    #[arg(long, conflicts_with = "part")]
    pub merge: bool,
    /// 从头做起，不接着上次 / begin anew instead of going on where the last run ended
    #[arg(long)]
    pub fresh: bool,
    /// 每个案件、或有发现的每个号码另写一份报告 / a report of each case, or of each number with a finding, too
    #[arg(long)]
    pub reports: bool,
    /// 套餐规则：文件或内置编号，可多次 / plan file or id of a built-in plan, repeatable
    #[arg(long, value_name = "FILE|ID")]
    pub plan: Vec<String>,
    /// 计算日 / day of the calculation [default: case.toml, else today in Beijing]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<NaiveDate>,
    /// 自己的格式文件，可多次 / format file of your own, repeatable
    #[arg(long, value_name = "FILE")]
    pub format: Vec<PathBuf>,
    /// Every line goes the whole way, also those on which nothing can be found; for tests.
    #[arg(long, hide = true)]
    pub no_screen: bool,
}

impl BatchArgs {
    /// Returns how many threads work.
    pub fn workers(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.jobs.unwrap_or_else(all).clamp(1, 64)
    }
}

/// Reads `512M`, `2G` or a number of bytes.
fn memory_bytes(text: &str) -> Result<u64, String> {
    let (digits, unit) = text.split_at(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len());
    let factor = match unit.to_uppercase().as_str() {
        "" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return Err(format!("`{unit}`: K, M, G")),
    };
    let number: u64 = digits.parse().map_err(|_| format!("`{text}`: 256M, 2G"))?;
    number.checked_mul(factor).ok_or_else(|| format!("`{text}`"))
}

/// Reads `1/4`.
fn part(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    parts.filter(|(k, n)| 1 <= *k && k <= n).ok_or_else(|| format!("`{text}`: 1/4 … 4/4"))
}

/// `explain`
#[derive(Debug, Args)]
#[command(after_help = "例 / Examples:
  mingzhang explain report/report.json 2025-10/data-out
  mingzhang explain report/report.json 15.00")]
pub struct ExplainArgs {
    /// 本程序写出的 report.json / report.json of this program
    #[arg(value_name = "REPORT.json")]
    pub report: PathBuf,
    /// 编号、应收项或合计的名称、检查代码、文件或金额 / an id, a name, a check, a file or an amount
    pub id: String,
}

/// A skeleton of a plan file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Skeleton {
    /// 套餐 / a plan
    Plan,
    /// 流量包 / a pack
    Pack,
}

/// A catalogue, or one page of it.
#[derive(Debug, Args)]
pub struct CodeArgs {
    /// 编号 / code or id
    pub id: Option<String>,
}

/// `formats`
#[derive(Debug, Args)]
pub struct FormatsArgs {
    /// 格式编号 / id of a layout
    pub id: Option<String>,
    /// 按样本文件起草一个格式文件 / draft a format file from a sample
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "id")]
    pub new: Option<PathBuf>,
}

/// `plans`
#[derive(Debug, Args)]
pub struct PlansArgs {
    /// 套餐编号 / id of a plan
    pub id: Option<String>,
    /// 校验套餐文件并运行其中的示例 / check a plan file and run its examples
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "id")]
    pub check: Vec<PathBuf>,
    /// 输出带注释的套餐文件样板 / print a commented skeleton of a plan file
    #[arg(long, value_name = "KIND", num_args = 0..=1, default_missing_value = "plan", conflicts_with_all = ["id", "check"])]
    pub new: Option<Skeleton>,
}

/// `schema`
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// 名称 / name
    #[arg(value_parser = ["report", "manifest", "verification", "comparison", "portfolio"])]
    pub name: String,
}

/// `completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// 命令行 / shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(Format::ALL.map(Format::name));
    names.try_map(|name| Format::named(&name).ok_or(name))
}

fn channel_parser() -> impl TypedValueParser<Value = Channel> {
    let names = PossibleValuesParser::new(Channel::ALL.map(Channel::name));
    names.try_map(|name| Channel::named(&name).ok_or(name))
}
