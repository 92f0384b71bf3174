//! Leads from files and stdin, one at a time, in constant memory.
//!
//! A file is opened and unpacked (`open`), cut into pieces of one lead each (`frame`, one small state machine per
//! format), and each piece is read (`leads`). A piece that is no lead costs only itself.

mod frame;
mod leads;
mod open;
mod row;

pub(crate) use leads::{Leads, Pieces, PopulationInput};
pub(crate) use open::Format;

use std::fmt;

/// A piece of an input that is no lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    /// Its line, from 1.
    pub(crate) line: usize,
    /// The character in the line, from 1, where it matters.
    pub(crate) column: Option<usize>,
    /// What is wrong, and what to do.
    pub(crate) message: String,
}

impl Bad {
    /// At a line as a whole.
    pub(crate) fn line(line: usize, message: impl Into<String>) -> Bad {
        Bad { line, column: None, message: message.into() }
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.line)?;
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        write!(f, " {}", self.message)
    }
}
