//! The words: keys of `schemas/wording/<language>/<area>.toml` become sentences.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::{Environment, UndefinedBehavior, Value};

use crate::embedded;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::{Arg, Message};

/// Language of everything a user reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Lang {
    /// Chinese, the main language.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Returns the word used in flags, folders and reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// Returns the language of that word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// Returns what stands between the members of a list.
    pub fn list_separator(self) -> &'static str {
        match self {
            Self::Zh => "、",
            Self::En => ", ",
        }
    }

    /// Returns what stands between the parts of a long enumeration.
    pub fn clause_separator(self) -> &'static str {
        match self {
            Self::Zh => "；",
            Self::En => "; ",
        }
    }
}

/// All sentences of one language. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Wording {
    lang: Lang,
    templates: Arc<BTreeMap<String, String>>,
}

impl Wording {
    /// Returns the sentences of a language from the embedded wording files.
    ///
    /// # Errors
    /// When a wording file is not flat text by key, or two files hold the same key.
    pub fn load(lang: Lang) -> Result<Self> {
        let mut templates = BTreeMap::new();
        for (path, text) in embedded::below(&format!("wording/{}/", lang.code())) {
            let area: BTreeMap<String, String> =
                toml::from_str(text).map_err(|error| wording_error(path).with_source(error))?;
            for (key, template) in area {
                if templates.insert(key.clone(), template).is_some() {
                    return Err(wording_error(&format!("{path}: {key}")));
                }
            }
        }
        Ok(Self { lang, templates: Arc::new(templates) })
    }

    /// Returns the language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Returns every key with its template, by key.
    pub fn templates(&self) -> impl Iterator<Item = (&str, &str)> {
        self.templates.iter().map(|(key, template)| (key.as_str(), template.as_str()))
    }

    /// Returns whether there is a sentence of that key.
    pub fn has(&self, key: &str) -> bool {
        self.templates.contains_key(key)
    }

    /// Returns the sentence of a message; messages inside it are put into the same language first.
    ///
    /// # Errors
    /// When the key is unknown, or an argument that the sentence names is missing.
    pub fn say(&self, message: &Message) -> Result<String> {
        let args = message.args.iter().map(|(name, arg)| Ok(((*name).to_owned(), self.value(arg)?)));
        self.fill(&message.key, args.collect::<Result<_>>()?)
    }

    /// Returns the sentence of a key that takes no argument.
    ///
    /// # Errors
    /// When the key is unknown or the sentence needs an argument.
    pub fn word(&self, key: &str) -> Result<String> {
        self.fill(key, BTreeMap::new())
    }

    /// Returns the sentence of a key with its arguments, as templates call it.
    ///
    /// # Errors
    /// When the key is unknown, or an argument that the sentence names is missing.
    pub fn fill(&self, key: &str, args: BTreeMap<String, Value>) -> Result<String> {
        let template = self.templates.get(key).ok_or_else(|| wording_error(key))?;
        if !template.contains('{') {
            return Ok(template.clone());
        }
        let mut engine = Environment::new();
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        engine.render_str(template, Value::from(args)).map_err(|error| wording_error(key).with_source(error))
    }

    fn value(&self, arg: &Arg) -> Result<Value> {
        Ok(match arg {
            Arg::Text(text) => Value::from(text.as_str()),
            Arg::Count(count) => Value::from(*count),
            Arg::Message(message) => Value::from(self.say(message)?),
            Arg::List(messages) => {
                let said = messages.iter().map(|message| self.say(message)).collect::<Result<Vec<_>>>()?;
                Value::from(said.join(self.lang.list_separator()))
            }
        })
    }
}

/// The words are part of the program; a sentence that cannot be said is a fault of a rules file of ours.
fn wording_error(at: &str) -> Error {
    Error::new(ErrorKind::Rules, Message::new("error.wording").text("at", at))
}
