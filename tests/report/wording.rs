use std::collections::BTreeSet;

use mingzhang::model::message::Message;
use mingzhang::report::wording::{Lang, Wording};

fn load(lang: Lang) -> Wording {
    Wording::load(lang).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Returns the names that a template uses.
fn placeholders(template: &str) -> BTreeSet<String> {
    let engine = minijinja::Environment::new();
    let template = engine.template_from_str(template).unwrap_or_else(|error| panic!("{template}: {error}"));
    template.undeclared_variables(false).into_iter().collect()
}

#[test]
fn both_languages_hold_the_same_keys() {
    let keys = |lang| load(lang).templates().map(|(key, _)| key.to_owned()).collect::<BTreeSet<_>>();
    let (zh, en) = (keys(Lang::Zh), keys(Lang::En));
    let only: Vec<_> = zh.symmetric_difference(&en).collect();
    assert!(only.is_empty(), "in one language only: {only:?}");
}

#[test]
fn both_languages_fill_in_the_same_arguments() {
    let en = load(Lang::En);
    let zh = load(Lang::Zh);
    for (key, template) in zh.templates() {
        let other = en.templates().find(|(name, _)| *name == key).map_or("", |(_, template)| template);
        assert_eq!(placeholders(template), placeholders(other), "{key}");
    }
}

#[test]
fn a_list_is_joined_by_the_language() {
    let message = Message::new("html.missing")
        .list("what", vec![Message::new("common.kind.sms"), Message::new("common.kind.mms")]);
    assert_eq!(load(Lang::Zh).say(&message).unwrap(), "缺：短信、彩信");
    assert_eq!(load(Lang::En).say(&message).unwrap(), "missing: text messages, MMS");
}

#[test]
fn a_sentence_without_its_argument_is_an_error() {
    assert!(load(Lang::Zh).say(&Message::new("html.missing")).is_err());
    assert!(load(Lang::Zh).say(&Message::new("no.such.key")).is_err());
}
