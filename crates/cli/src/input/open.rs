//! Opening an input: stdin or file, packed or not, with or without a BOM, in which format.

use crate::error::Error;
use crate::messages::Messages;
use crate::rules::{is_stdin, name_of};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

/// How leads are written.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// An array of objects, or objects one after another
    Json,
    /// JSON Lines: an object a line
    Jsonl,
    /// A header row with the names of the fields, then a row per lead
    Csv,
}

/// An input, unpacked.
pub(super) struct Opened {
    pub(super) name: String,
    pub(super) format: Format,
    /// Whether it is a population that was measured beforehand.
    pub(super) is_population: bool,
    pub(super) reader: Box<dyn Read>,
}

/// What the JSON form of a population begins with, after its bracket.
const MARK: &[u8] = b"\"gradus_population\"";

/// How much is read ahead to find out what an input is.
const AHEAD: usize = 64 << 10;

/// Opens an input; `what` is its name beside the progress bar.
pub(super) fn open(
    path: &Path,
    format: Option<Format>,
    messages: &mut Messages,
    what: &'static str,
) -> Result<Opened, Error> {
    let name = name_of(path);
    let failed = |error: io::Error| Error::input(&name, error.to_string());
    let bar = messages.begin(path, what);
    let raw: Box<dyn Read> =
        if is_stdin(path) { Box::new(io::stdin()) } else { Box::new(File::open(path).map_err(failed)?) };
    let (magic, raw) = ahead(Box::new(bar.wrap_read(raw)), |start| start.len() >= 2).map_err(failed)?;
    let unpacked: Box<dyn Read> =
        if magic.starts_with(&[0x1f, 0x8b]) { Box::new(MultiGzDecoder::new(BufReader::new(raw))) } else { raw };
    let (start, reader) = ahead(unpacked, |start| has_line(start) && !may_be_population(start)).map_err(failed)?;
    refuse_binary(&start).map_err(|reason| Error::input(&name, reason))?;
    let (start, reader) = without_bom(start, reader).map_err(failed)?;
    let format = format.or_else(|| by_extension(path)).unwrap_or_else(|| by_content(&start));
    let is_population = after_bracket(&start).is_some_and(|rest| rest.starts_with(MARK));
    Ok(Opened { name, format, is_population, reader })
}

/// What comes after the bracket that opens an object.
fn after_bracket(start: &[u8]) -> Option<&[u8]> {
    let start = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(start);
    start.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start)
}

/// Whether more has to be read to know whether it is a population.
fn may_be_population(start: &[u8]) -> bool {
    after_bracket(start).is_some_and(|rest| MARK.starts_with(rest))
}

/// Reads until `enough`, the end, or too much; gives what was read, and all of it again in front of the rest.
fn ahead(mut reader: Box<dyn Read>, enough: fn(&[u8]) -> bool) -> io::Result<(Vec<u8>, Box<dyn Read>)> {
    let mut start = Vec::new();
    let mut chunk = vec![0; AHEAD];
    while start.len() < AHEAD && !enough(&start) {
        match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => start.extend_from_slice(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok((start.clone(), Box::new(Cursor::new(start).chain(reader))))
}

/// Whether a line that is not blank has come to its end.
fn has_line(start: &[u8]) -> bool {
    start.trim_ascii_start().contains(&b'\n')
}

/// Some files are opened by mistake so often that they deserve words.
fn refuse_binary(start: &[u8]) -> Result<(), &'static str> {
    match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err("this is UTF-16: save the file as UTF-8"),
        [b'P', b'K', 3, 4, ..] => {
            Err("this is a ZIP archive or an Excel workbook: unpack it, or save it as CSV (UTF-8)")
        }
        _ => Ok(()),
    }
}

/// Passes over a byte order mark.
fn without_bom(start: Vec<u8>, mut reader: Box<dyn Read>) -> io::Result<(Vec<u8>, Box<dyn Read>)> {
    let mut bom = [0; 3];
    match start.strip_prefix("\u{feff}".as_bytes()) {
        Some(rest) => {
            reader.read_exact(&mut bom)?;
            Ok((rest.to_vec(), reader))
        }
        None => Ok((start, reader)),
    }
}

fn by_extension(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    match name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?.1 {
        "json" => Some(Format::Json),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "csv" => Some(Format::Csv),
        _ => None,
    }
}

/// `[` begins an array, a line `{…}` JSON Lines, a `{` whose line does not end it one large object.
fn by_content(start: &[u8]) -> Format {
    let start = start.trim_ascii_start();
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let cut_off = line.len() == start.len() && start.len() >= AHEAD;
    match start.first() {
        None => Format::Jsonl,
        Some(b'[') => Format::Json,
        Some(b'{') if line.ends_with(b"}") || cut_off => Format::Jsonl,
        Some(b'{') => Format::Json,
        Some(_) => Format::Csv,
    }
}
