//! The results of partitions, parts and cases as one sequence in the order of case and number.

use std::io::Read;

use crate::error::Result;
use crate::portfolio::codec::Reader;
use crate::portfolio::result::{LineResult, damaged};
use crate::portfolio::storage::failed;

/// Results that were written in order, read one after the other.
struct Stream<'r> {
    from: Box<dyn Read + Send + 'r>,
    held: Vec<u8>,
    at: usize,
    next: Option<LineResult>,
}

/// Several sequences of results as one.
pub struct Merged<'r> {
    streams: Vec<Stream<'r>>,
}

/// Bytes that are read at a time.
const PIECE_BYTES: usize = 64 << 10;

impl<'r> Merged<'r> {
    /// Returns the sequence of all results.
    ///
    /// # Errors
    /// When a sequence cannot be read.
    pub fn of(sequences: Vec<Box<dyn Read + Send + 'r>>) -> Result<Self> {
        let mut streams = Vec::new();
        for from in sequences {
            let mut stream = Stream { from, held: Vec::new(), at: 0, next: None };
            stream.advance()?;
            streams.push(stream);
        }
        Ok(Self { streams })
    }

    /// Returns the next result in the order of case and number.
    ///
    /// # Errors
    /// When a sequence cannot be read, or is damaged.
    pub fn next_line(&mut self) -> Result<Option<LineResult>> {
        let open = self.streams.iter_mut().filter(|stream| stream.next.is_some());
        let first = open.min_by(|a, b| key(a).cmp(&key(b)));
        first.map_or(Ok(None), Stream::advance)
    }
}

fn key<'s>(stream: &'s Stream<'_>) -> Option<(&'s str, &'s str)> {
    stream.next.as_ref().map(|result| (result.case.as_str(), result.msisdn.as_str()))
}

impl Stream<'_> {
    /// Returns the result at hand and takes up the next one.
    fn advance(&mut self) -> Result<Option<LineResult>> {
        let next = self.read()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    fn read(&mut self) -> Result<Option<LineResult>> {
        // A length takes at most ten bytes.
        self.hold(10)?;
        if self.at == self.held.len() {
            return Ok(None);
        }
        let mut reader = Reader::new(&self.held[self.at..]);
        let length = reader.number() as usize;
        self.at = self.held.len() - reader.left();
        self.hold(length)?;
        let bytes = self.held.get(self.at..self.at + length).ok_or_else(damaged)?;
        let result = LineResult::read(&mut Reader::new(bytes))?;
        self.at += length;
        Ok(Some(result))
    }

    /// Has at least so many bytes at hand, unless the sequence ends before.
    fn hold(&mut self, wanted: usize) -> Result<()> {
        while self.held.len() - self.at < wanted {
            self.held.drain(..self.at);
            self.at = 0;
            let before = self.held.len();
            self.held.resize(before + PIECE_BYTES.max(wanted), 0);
            let read =
                self.from.read(&mut self.held[before..]).map_err(failed("portfolio.results-failed"))?;
            self.held.truncate(before + read);
            if read == 0 {
                return Ok(());
            }
        }
        Ok(())
    }
}
