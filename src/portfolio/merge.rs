//! The results of partitions, parts and cases as one sequence in the order of case and number.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
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
    piece_bytes: usize,
}

/// Several sequences of results as one.
pub struct Merged<'r> {
    streams: Vec<Stream<'r>>,
    /// The next result of each stream that goes on, the first of all on top.
    heads: BinaryHeap<Head>,
}

/// The next result of a stream.
struct Head {
    result: LineResult,
    stream: usize,
}

/// Bytes that all streams together read at a time, and most of one.
const PIECES_BYTES: usize = 8 << 20;
const PIECE_BYTES: usize = 64 << 10;

impl<'r> Merged<'r> {
    /// Returns the sequence of all results.
    ///
    /// # Errors
    /// When a sequence cannot be read.
    pub fn of(sequences: Vec<Box<dyn Read + Send + 'r>>) -> Result<Self> {
        let piece_bytes = (PIECES_BYTES / sequences.len().max(1)).clamp(4 << 10, PIECE_BYTES);
        let stream = |from| Stream { from, held: Vec::new(), at: 0, piece_bytes };
        let mut streams: Vec<Stream<'r>> = sequences.into_iter().map(stream).collect();
        let mut heads = BinaryHeap::new();
        for (number, stream) in streams.iter_mut().enumerate() {
            heads.extend(stream.read()?.map(|result| Head { result, stream: number }));
        }
        Ok(Self { streams, heads })
    }

    /// Returns the next result in the order of case and number.
    ///
    /// # Errors
    /// When a sequence cannot be read, or is damaged.
    pub fn next_line(&mut self) -> Result<Option<LineResult>> {
        let Some(mut first) = self.heads.peek_mut() else { return Ok(None) };
        Ok(Some(match self.streams[first.stream].read()? {
            Some(next) => std::mem::replace(&mut first.result, next),
            None => PeekMut::pop(first).result,
        }))
    }
}

impl Ord for Head {
    /// The greatest is on top of a heap: that is the first line.
    fn cmp(&self, other: &Self) -> Ordering {
        fn key(head: &Head) -> (&str, &str, usize) {
            (&head.result.case, &head.result.msisdn, head.stream)
        }
        key(other).cmp(&key(self))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

impl Stream<'_> {
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
            self.held.resize(before + self.piece_bytes.max(wanted), 0);
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
