//! Flags of the evidence bundle.

use std::path::PathBuf;

use clap::Args;

use super::{CaseArgs, format_parser};
use crate::reconcile::compare::Tolerance;
use crate::render::outputs::Format;

/// `pack`
#[derive(Debug, Args)]
#[command(after_help = "例 / Examples:
  mingzhang pack my-case -o bundle.zip
  mingzhang pack my-case -o shared.zip --mask")]
pub struct PackArgs {
    /// The papers.
    #[command(flatten)]
    pub case: CaseArgs,
    /// 证据包写到哪里 / the bundle
    #[arg(short, long = "output", alias = "out", value_name = "FILE")]
    pub output: PathBuf,
    /// 包内报告的形式 / forms of the report in it
    #[arg(long, value_parser = format_parser(), value_delimiter = ',', default_values = Format::USUAL.map(Format::name))]
    pub formats: Vec<Format>,
    /// 遮盖号码、姓名和编号 / replace numbers, names and ids
    #[arg(long)]
    pub mask: bool,
}

/// `verify`
#[derive(Debug, Args)]
#[command(after_help = "例 / Examples:
  mingzhang verify bundle.zip
  mingzhang verify bundle.zip --with 运营商导出.xlsx --out comparison
  mingzhang verify bundle.zip --signature bundle.zip.sig --key id_ed25519.pub
  mingzhang verify bundle.zip --timestamp bundle.zip.tsr --tsa-ca root.pem")]
pub struct VerifyArgs {
    /// 证据包 / the bundle
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// 输出 JSON / print JSON
    #[arg(long)]
    pub json: bool,
    /// SSH 或 minisign 签名文件 / detached signature
    #[arg(long, value_name = "FILE", requires = "key")]
    pub signature: Option<PathBuf>,
    /// 签名者的公钥文件 / public key of the signer
    #[arg(long, value_name = "FILE", requires = "signature")]
    pub key: Option<PathBuf>,
    /// RFC 3161 时间戳文件 / time-stamp token
    #[arg(long, value_name = "FILE")]
    pub timestamp: Option<PathBuf>,
    /// 时间戳服务机构的根证书或中间证书，PEM 或 DER / certificates that the time stamp must lead to
    #[arg(long, value_name = "FILE", requires = "timestamp")]
    pub tsa_ca: Option<PathBuf>,
    /// 对方自己的导出文件，逐行比对 / the other side's own export, compared row by row
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub with: Vec<PathBuf>,
    /// 对方答复的金额表：项目、账期、金额 / their reply: item, period, amount
    #[arg(long, value_name = "FILE")]
    pub reply: Option<PathBuf>,
    /// 比对结果写到哪里 / where to write the comparison
    #[arg(long, value_name = "DIR", default_value = "mingzhang-comparison")]
    pub out: PathBuf,
    /// 时间相差几秒以内视为相同 / times this far apart are the same
    #[arg(long, value_name = "SECONDS", default_value_t = Tolerance::default().time_s)]
    pub time_tolerance: u32,
    /// 时长相差几秒以内视为相同 / durations this far apart are the same
    #[arg(long, value_name = "SECONDS", default_value_t = Tolerance::default().duration_s)]
    pub duration_tolerance: u32,
}
