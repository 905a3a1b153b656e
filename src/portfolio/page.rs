//! The portfolio as one HTML page: charts, tables, no request, no script.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::money::Money;
use crate::portfolio::model::Portfolio;
use crate::render::chart::drawing::{Anchor, Drawing, Ink};
use crate::render::chart::scale::Scale;
use crate::render::chart::text_width::width_px;
use crate::render::chart_svg::{self, Labels};
use crate::render::html::{plain_style_sheet, policy};
use crate::render::template::{self, Serde, Value, context};
use crate::report::wording::Wording;

const WIDTH: i32 = 620;
const ROW_PX: i32 = 26;
const BAR_PX: i32 = 16;
const GAP_PX: i32 = 10;

/// Reports that were written beside the page: path by case or number.
pub type Links = BTreeMap<String, String>;

/// Returns the page.
///
/// # Errors
/// When a sentence is missing in the wording files, or an amount is none.
pub fn render(portfolio: &Portfolio, links: &Links, wording: &Wording) -> Result<String> {
    let css = plain_style_sheet();
    let charts = charts(portfolio, wording)?;
    let page = context! {
        p => Value::from(Serde(portfolio)),
        charts,
        links => Value::from(Serde(links)),
        html_lang => wording.word("html.lang")?,
        csp => policy(&css),
        css => Value::from_safe_string(css),
    };
    template::fill("portfolio.html", wording, page)
}

/// Returns the path of the report of a case or number in a folder, as a link: what is no plain character is escaped.
pub fn link(folder: &str, name: &str) -> String {
    let escaped = name.bytes().fold(String::new(), |link, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            link + char::from(byte).encode_utf8(&mut [0; 1])
        }
        byte => link + &format!("%{byte:02X}"),
    });
    format!("{folder}/{escaped}/report.html")
}

fn charts(portfolio: &Portfolio, wording: &Wording) -> Result<Vec<Value>> {
    let named = |group: &crate::portfolio::model::OfGroup, unknown: &str| {
        let key = format!("portfolio.operator.{}", group.name);
        match (group.name.is_empty(), wording.has(&key)) {
            (true, _) => wording.word(unknown),
            (false, true) => wording.word(&key),
            (false, false) => Ok(group.name.clone()),
        }
    };
    let detectors =
        portfolio.common_problems.iter().map(|it| Ok((it.title.clone(), Money::parse(&it.claim)?)));
    let operators = portfolio.by_operator.iter();
    let operators = operators.map(|it| Ok((named(it, "portfolio.unknown")?, Money::parse(&it.claim)?)));
    let platforms = portfolio.by_platform.iter();
    let platforms = platforms.map(|it| Ok((named(it, "portfolio.unknown")?, Money::parse(&it.claim)?)));
    let months = portfolio.by_month.iter().map(|it| Ok((it.name.clone(), Money::parse(&it.claim)?)));
    let all: [(&str, Vec<(String, Money)>); 4] = [
        ("detector", detectors.collect::<Result<_>>()?),
        ("operator", operators.collect::<Result<_>>()?),
        ("platform", platforms.collect::<Result<_>>()?),
        ("month", months.collect::<Result<_>>()?),
    ];
    let some = all.into_iter().filter(|(_, bars)| bars.iter().any(|(_, amount)| !amount.is_zero()));
    some.map(|(id, bars)| chart(id, &bars, wording)).collect()
}

/// Returns one bar chart with its text alternative.
fn chart(id: &str, bars: &[(String, Money)], wording: &Wording) -> Result<Value> {
    let title = wording.word(&format!("portfolio.chart.{id}"))?;
    let parts: Vec<String> = bars.iter().map(|(name, amount)| format!("{name} {amount}")).collect();
    let text = parts.join(wording.lang().list_separator());
    let svg = chart_svg::svg(&draw(bars), Labels { id, title: &title, description: &text })?;
    Ok(context! { title, text, svg => Value::from_safe_string(svg) })
}

fn draw(bars: &[(String, Money)]) -> Drawing {
    let widest = |texts: Vec<String>| texts.iter().map(|text| width_px(text)).max().unwrap_or(0);
    let left = widest(bars.iter().map(|(name, _)| name.clone()).collect()).min(WIDTH / 2) + GAP_PX;
    let right = widest(bars.iter().map(|(_, amount)| amount.to_string()).collect()) + GAP_PX;
    let scale = Scale::new(bars.iter().map(|(_, amount)| *amount), left, WIDTH - right);
    let mut canvas = Drawing::new(WIDTH, ROW_PX * bars.len() as i32 + 4);
    for (index, (name, amount)) in bars.iter().enumerate() {
        let middle = index as i32 * ROW_PX + ROW_PX / 2;
        canvas.text(Ink::Ink, Anchor::Start, (0, middle), name);
        let y = (middle - BAR_PX / 2, middle + BAR_PX / 2);
        if !amount.is_zero() {
            canvas.rect(Ink::Disputed, (scale.px(Money::ZERO), scale.px(*amount)), y);
        }
        canvas.text(Ink::Ink, Anchor::End, (WIDTH - 2, middle), &amount.to_string());
    }
    canvas
}
