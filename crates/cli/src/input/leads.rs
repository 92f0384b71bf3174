//! The leads of an input, one at a time.

use super::Bad;
use super::frame::{Frame, Framer, Frames, Json, Row as RowState};
use super::open::{Format, Opened, open};
use super::row::Header;
use crate::error::Error;
use crate::messages::Messages;
use gradus::{Lead, LeadError};
use std::io::Read;
use std::path::Path;

/// The pieces of a JSON input as text: last outcomes are read from them.
pub(crate) struct Pieces {
    /// What messages call the input.
    pub(crate) name: String,
    frames: Frames,
}

/// What a population comes from.
pub(crate) enum PopulationInput {
    /// Leads that are still to be measured.
    Leads(Leads),
    /// A population that was measured beforehand: what messages call the input, and its JSON text.
    Measured(String, String),
}

/// The leads of an input: those that can be read, and what is wrong with the others.
pub(crate) struct Leads {
    /// What messages call the input.
    pub(crate) name: String,
    frames: Frames,
    header: Option<Header>,
    /// The line of the lead that came last.
    line: usize,
}

impl Pieces {
    /// Opens a JSON or JSON Lines input.
    pub(crate) fn open(path: &Path, messages: &mut Messages, what: &'static str) -> Result<Pieces, Error> {
        let Opened { name, format, reader, .. } = open(path, None, messages, what)?;
        let framer = match format {
            Format::Json => Framer::Json(Json::default()),
            Format::Jsonl => Framer::Lines,
            Format::Csv => return Err(Error::input(name, "expected JSON or JSON Lines, one outcome per lead")),
        };
        Ok(Pieces { name, frames: Frames::new(reader, framer) })
    }
}

impl Iterator for Pieces {
    type Item = Result<(usize, String), Bad>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = self.frames.next()?.and_then(|frame| Ok((frame.line, utf8(&frame)?.to_owned())));
        Some(piece)
    }
}

impl PopulationInput {
    /// Opens leads, or the JSON form of a population.
    pub(crate) fn open(path: &Path, format: Option<Format>, messages: &mut Messages) -> Result<PopulationInput, Error> {
        let mut opened = open(path, format, messages, "population")?;
        if !opened.is_population {
            return Leads::read(opened).map(PopulationInput::Leads);
        }
        let mut text = String::new();
        let read = opened.reader.read_to_string(&mut text);
        read.map_err(|error| Error::input(&opened.name, error.to_string()))?;
        Ok(PopulationInput::Measured(opened.name, text))
    }
}

impl Leads {
    /// Opens an input; of a CSV file reads the header.
    pub(crate) fn open(
        path: &Path,
        format: Option<Format>,
        messages: &mut Messages,
        what: &'static str,
    ) -> Result<Leads, Error> {
        let opened = open(path, format, messages, what)?;
        if opened.is_population {
            let help = "hand a measured population over with --population, or add it to others with --merge";
            return Err(Error::input(opened.name, format!("expected leads, found a population: {help}")));
        }
        Leads::read(opened)
    }

    fn read(opened: Opened) -> Result<Leads, Error> {
        let Opened { name, format, reader, .. } = opened;
        let framer = match format {
            Format::Json => Framer::Json(Json::default()),
            Format::Jsonl => Framer::Lines,
            Format::Csv => Framer::Rows(RowState::default()),
        };
        let mut leads = Leads { name, frames: Frames::new(reader, framer), header: None, line: 1 };
        if format == Format::Csv {
            let first = leads.frames.next().unwrap_or_else(|| Err(Bad::line(1, "no header: the file is empty")));
            let header = first.and_then(|frame| Header::new(&frame));
            leads.header =
                Some(header.map_err(|bad| Error::input(format!("{}:{}", leads.name, bad.line), bad.message))?);
        }
        Ok(leads)
    }

    /// The names of the columns, of a CSV file.
    pub(crate) fn columns(&self) -> &[String] {
        self.header.as_ref().map(|header| header.names.as_slice()).unwrap_or_default()
    }

    /// The line at which the last lead began.
    pub(crate) fn line(&self) -> usize {
        self.line
    }
}

impl Iterator for Leads {
    type Item = Result<Lead, Bad>;

    fn next(&mut self) -> Option<Self::Item> {
        let frame = match self.frames.next()? {
            Ok(frame) => frame,
            Err(bad) => return Some(Err(bad)),
        };
        self.line = frame.line;
        Some(match &self.header {
            Some(header) => header.lead(&frame),
            None => json(&frame),
        })
    }
}

fn json(frame: &Frame) -> Result<Lead, Bad> {
    Lead::from_json(utf8(frame)?).map_err(|error| located(frame, &error))
}

/// An error with its place in the whole input.
fn located(frame: &Frame, error: &LeadError) -> Bad {
    let before = if error.line() == 1 { frame.column - 1 } else { 0 };
    let path = if error.path().is_empty() { String::new() } else { format!(" in `{}`", error.path()) };
    Bad {
        line: frame.line + error.line() - 1,
        column: Some(before + error.column()),
        message: format!("{}{path}: {}", error.message(), error.help()),
    }
}

/// A piece as text.
pub(super) fn utf8(frame: &Frame) -> Result<&str, Bad> {
    std::str::from_utf8(&frame.bytes).map_err(|error| {
        let good = &frame.bytes[..error.valid_up_to()];
        let lines = good.iter().filter(|&&byte| byte == b'\n').count();
        Bad::line(frame.line + lines, "not UTF-8: save the file as UTF-8")
    })
}
