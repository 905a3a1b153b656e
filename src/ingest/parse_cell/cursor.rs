//! A place in a short text that only moves forward over what it expects.

/// A place in a text.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// Returns the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Returns what is left.
    pub fn rest(self) -> &'a str {
        self.rest
    }

    /// Returns whether nothing is left.
    pub fn at_end(self) -> bool {
        self.rest.is_empty()
    }

    /// Moves over the first of the given words that stands here, and returns it.
    pub fn word(&mut self, words: &[&'static str]) -> Option<&'static str> {
        let found = words.iter().copied().find(|word| self.rest.starts_with(word))?;
        self.rest = &self.rest[found.len()..];
        Some(found)
    }

    /// Moves over spaces.
    pub fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Moves over a run of ASCII digits and returns it; nothing when there is none.
    pub fn digits(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!digits.is_empty()).then_some(digits)
    }

    /// Moves over a run of `least..=most` digits and returns its value; stays and returns nothing otherwise.
    pub fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let mut ahead = *self;
        let digits = ahead.digits().filter(|digits| (least..=most).contains(&digits.len()))?;
        let value = digits.parse().ok()?;
        *self = ahead;
        Some(value)
    }

    /// Moves over exactly `length` digits of a longer run and returns their value.
    pub fn fixed(&mut self, length: usize) -> Option<u32> {
        let head = self.rest.get(..length).filter(|head| head.bytes().all(|b| b.is_ascii_digit()))?;
        let value = head.parse().ok()?;
        self.rest = &self.rest[length..];
        Some(value)
    }

    /// Moves over digits with at most one point between digits (`12`, `12.50`) and returns them.
    pub fn decimal(&mut self) -> Option<&'a str> {
        let start = self.rest;
        let mut ahead = *self;
        ahead.digits()?;
        let mut fraction = ahead;
        if fraction.word(&["."]).is_some() && fraction.digits().is_some() {
            ahead = fraction;
        }
        self.rest = ahead.rest;
        Some(&start[..start.len() - ahead.rest.len()])
    }
}
