//! `verify`: whether a bundle is whole and its report follows from its originals.

mod other_side;

use std::path::Path;
use std::sync::Arc;

use crate::bundle::content::Source;
use crate::bundle::manifest::pretty;
use crate::bundle::signature;
use crate::bundle::timestamp::{self, TimestampCheck};
use crate::bundle::verify::{self, Verification};
use crate::cli::Status;
use crate::cli::args::VerifyArgs;
use crate::cli::console::Console;
use crate::cli::file_source::FileSource;
use crate::cli::workspace::{file_name, read_file};
use crate::error::Result;
use crate::model::message::Message;

/// Most problems that are printed; all are counted, and in the JSON.
const SHOWN_MAX: usize = 50;

/// Checks a bundle and prints the result.
///
/// # Errors
/// When a file cannot be read.
pub fn run(args: &VerifyArgs, console: &Console) -> Result<Status> {
    let zip: Arc<dyn Source> = Arc::new(FileSource::open(&args.bundle)?);
    let verified = verify::verify(&zip, &console.wording)?;
    let mut result = verified.verification;
    if let (Some(signature), Some(key)) = (&args.signature, &args.key) {
        let texts = [read(signature)?, read(key)?].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        result = result.with_signature(signature::check(zip.as_ref(), &texts[0], &texts[1]));
    }
    if let Some(token) = &args.timestamp {
        let trusted = args.tsa_ca.as_deref().map(read).transpose()?;
        result = result.with_timestamp(timestamp::check(zip.as_ref(), &read(token)?, trusted.as_deref()));
    }
    if args.json {
        console.print(&pretty(&result));
    } else {
        tell(&result, &file_name(&args.bundle), console);
    }
    let beside = other_side::run(
        args,
        verified.packed.as_ref().map(|it| (it, result.bundle.sha256.as_str())),
        console,
    )?;
    let status = match result.verified {
        true => Status::Done,
        false if verified.usable => Status::FoundAtLevel,
        false => Status::InputUnusable,
    };
    Ok(status.max(beside))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    Ok(read_file(path, &path.display().to_string())?.bytes)
}

fn tell(result: &Verification, name: &str, console: &Console) {
    let key = if result.verified { "bundle.verified" } else { "bundle.not-verified" };
    console.say(&Message::new(key).text("name", name));
    let words = Message::new("bundle.of-file").text("sha256", &result.bundle.sha256);
    console.say(&words.text("bytes", result.bundle.bytes).text("files", result.bundle.files));
    for problem in result.problems.iter().take(SHOWN_MAX) {
        let words =
            Message::new("bundle.problem").text("member", problem.member.as_deref().unwrap_or_default());
        console.say(&words.text("message", &problem.message));
    }
    tell_more(result.problems.len(), SHOWN_MAX, console);
    tell_rerun(result, console);
    tell_side_files(result, console);
    result.remarks.iter().for_each(|remark| console.say(&Message::new("bundle.remark").text("text", remark)));
    if result.verified {
        console.say(&Message::new("bundle.meaning"));
    }
}

fn tell_rerun(result: &Verification, console: &Console) {
    let Some(rerun) = &result.rerun else { return };
    let files = rerun.files.to_string();
    if rerun.equal {
        return console.say(&Message::new("bundle.rerun-equal").text("files", files));
    }
    let words = Message::new("bundle.rerun-differs").text("files", files);
    console.say(&words.count("differing", rerun.differing.len()));
    for member in rerun.differing.iter().take(SHOWN_MAX) {
        console.line(&format!("  {member}"));
    }
    tell_more(rerun.differing.len(), SHOWN_MAX, console);
    let report = &rerun.report;
    if report.count == 0 {
        return;
    }
    console.say(&Message::new("bundle.report-differs").text("count", report.count));
    for difference in &report.shown {
        let absent = || console.words(&Message::new("bundle.absent"));
        let words = Message::new("bundle.difference").text("path", &difference.path);
        let words = words.text("stated", difference.stated.clone().unwrap_or_else(absent));
        console.say(&words.text("computed", difference.computed.clone().unwrap_or_else(absent)));
    }
    tell_more(report.count as usize, report.shown.len(), console);
}

fn tell_side_files(result: &Verification, console: &Console) {
    if let Some(check) = &result.signature {
        let words = match &check.fault {
            None => Message::new("bundle.signature-holds").text("kind", &check.kind),
            Some(fault) => {
                let why = Message::new(format!("bundle.fault.{fault}"));
                Message::new("bundle.signature-fails").text("kind", &check.kind).message("why", why)
            }
        };
        console.say(&words.text("key", &check.key));
    }
    if let Some(check) = &result.timestamp {
        tell_timestamp(check, console);
    }
}

fn tell_timestamp(check: &TimestampCheck, console: &Console) {
    let words = match &check.fault {
        None => Message::new("bundle.timestamp-holds"),
        Some(fault) => {
            let why = Message::new(format!("bundle.fault.{fault}"));
            Message::new("bundle.timestamp-fails").message("why", why)
        }
    };
    console.say(&words.text("time", &check.time).text("issuer", &check.issuer));
    let Some(certificate) = &check.certificate else { return };
    let words = Message::new("bundle.timestamp-certificate").text("serial", &certificate.serial);
    let words = words.text("from", &certificate.valid_from).text("until", &certificate.valid_until);
    console.say(&words.text("subject", &certificate.subject).text("sha256", &certificate.sha256));
    if let Some(trusted) = &check.trusted {
        let words = Message::new("bundle.timestamp-trusted").text("subject", &trusted.subject);
        let between = check.between.iter().map(|it| Message::new("bundle.quoted").text("text", it)).collect();
        console.say(&words.text("sha256", &trusted.sha256).list("between", between));
    } else if check.fault.is_none() {
        console.say(&Message::new("bundle.timestamp-not-traced").text("issuer", &certificate.issuer));
    }
}

fn tell_more(count: usize, shown: usize, console: &Console) {
    if count > shown {
        console.say(&Message::new("bundle.more").count("more", count - shown));
    }
}
