//! The bytes of a file of a bundle: held in memory, or read again from where they lie each time they are needed, so that
//! recordings and pictures of any size pass through without being held.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, OnceLock};

use flate2::read::DeflateDecoder;
use sha2::{Digest, Sha256};

use super::hex;

/// What can be read and moved in.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// Something that can be read from its beginning as often as needed. Whoever may open files passes it in.
pub trait Source: Send + Sync {
    /// Opens it at its beginning.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>>;
}

impl Source for Vec<u8> {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        Ok(Box::new(Cursor::new(self.as_slice())))
    }
}

/// Bytes that cost nothing to clone.
#[derive(Clone)]
pub struct Content(Kept);

#[derive(Clone)]
enum Kept {
    Held(Arc<Held>),
    Elsewhere(Arc<Elsewhere>),
}

struct Held {
    bytes: Vec<u8>,
    sha256: OnceLock<String>,
}

struct Elsewhere {
    source: Arc<dyn Source>,
    part: Option<Part>,
    length_bytes: u64,
    sha256: String,
}

/// Where in a ZIP a file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Where its bytes begin.
    pub offset: u64,
    /// How many there are.
    pub packed_bytes: u64,
    /// Whether they are to be inflated.
    pub deflated: bool,
}

impl Content {
    /// Returns bytes that stay where they are. They are known by their SHA-256 in hexadecimal: when other bytes are found
    /// later, reading fails.
    pub fn elsewhere(source: Arc<dyn Source>, part: Option<Part>, length_bytes: u64, sha256: String) -> Self {
        Self(Kept::Elsewhere(Arc::new(Elsewhere { source, part, length_bytes, sha256 })))
    }

    /// Returns how many there are.
    pub fn length_bytes(&self) -> u64 {
        match &self.0 {
            Kept::Held(held) => held.bytes.len() as u64,
            Kept::Elsewhere(it) => it.length_bytes,
        }
    }

    /// Returns their SHA-256 in hexadecimal.
    pub fn sha256(&self) -> String {
        match &self.0 {
            Kept::Held(held) => held.sha256.get_or_init(|| super::sha256(&held.bytes)).clone(),
            Kept::Elsewhere(it) => it.sha256.clone(),
        }
    }

    /// Returns the bytes, reading them where they are not held.
    ///
    /// # Errors
    /// When they cannot be read, or are others by now.
    pub fn bytes(&self) -> io::Result<Cow<'_, [u8]>> {
        match &self.0 {
            Kept::Held(held) => Ok(Cow::Borrowed(&held.bytes)),
            Kept::Elsewhere(_) => {
                let mut bytes = Vec::new();
                self.copy_to(&mut bytes)?;
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Writes the bytes.
    ///
    /// # Errors
    /// When they cannot be read or written, or are others by now.
    pub fn copy_to(&self, target: &mut dyn Write) -> io::Result<()> {
        let it = match &self.0 {
            Kept::Held(held) => return target.write_all(&held.bytes),
            Kept::Elsewhere(it) => it,
        };
        let mut file = BufReader::new(it.source.open()?);
        let (length, sha256) = match it.part {
            None => copy(&mut file, it.length_bytes, target)?,
            Some(part) => {
                file.seek(SeekFrom::Start(part.offset))?;
                let mut packed = file.take(part.packed_bytes);
                if part.deflated {
                    copy(&mut DeflateDecoder::new(packed), it.length_bytes, target)?
                } else {
                    copy(&mut packed, it.length_bytes, target)?
                }
            }
        };
        let unchanged = length == it.length_bytes && sha256 == it.sha256;
        if unchanged { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
    }
}

/// Copies at most one byte more than that many, so that more are noticed; returns how many, and their SHA-256.
///
/// # Errors
/// When reading or writing fails.
pub fn copy(source: &mut dyn Read, most: u64, target: &mut dyn Write) -> io::Result<(u64, String)> {
    let mut digest = Hashing { target, digest: Sha256::new() };
    let length = io::copy(&mut source.take(most.saturating_add(1)), &mut digest)?;
    Ok((length, hex(&digest.digest.finalize())))
}

struct Hashing<'w> {
    target: &'w mut dyn Write,
    digest: Sha256,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.target.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}

impl<T: Into<Vec<u8>>> From<T> for Content {
    fn from(bytes: T) -> Self {
        Self(Kept::Held(Arc::new(Held { bytes: bytes.into(), sha256: OnceLock::new() })))
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kept::Held(a), Kept::Held(b)) => Arc::ptr_eq(a, b) || a.bytes == b.bytes,
            _ => self.length_bytes() == other.length_bytes() && self.sha256() == other.sha256(),
        }
    }
}

impl Eq for Content {}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes, SHA-256 {}", self.length_bytes(), self.sha256())
    }
}
