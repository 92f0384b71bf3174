//! Outcomes as they leave: a table, JSON Lines, or CSV; a row at a time.

use crate::messages::plain;
use gradus::Outcome;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// How outcomes are written.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Columns for people
    Table,
    /// A JSON object per lead and line, with everything
    Jsonl,
    /// A header and a row per lead
    Csv,
}

/// Writes outcomes, one after another.
pub(crate) enum Writer<W: Write> {
    /// As JSON Lines.
    Jsonl(W),
    /// As CSV.
    Csv(Box<csv::Writer<W>>),
    /// As a table.
    Table(Table<W>),
}

impl<W: Write> Writer<W> {
    /// `sample` is any outcome of the rule set: it knows the columns.
    pub(crate) fn new(format: Format, mut out: W, sample: &Outcome) -> io::Result<Writer<W>> {
        Ok(match format {
            Format::Jsonl => Writer::Jsonl(out),
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(columns(sample))?;
                Writer::Csv(Box::new(writer))
            }
            Format::Table => {
                out.flush()?;
                Writer::Table(Table::new(out, columns(sample)))
            }
        })
    }

    /// Writes one.
    pub(crate) fn write(&mut self, outcome: &Outcome) -> io::Result<()> {
        match self {
            Writer::Jsonl(out) => {
                serde_json::to_writer(&mut *out, outcome)?;
                out.write_all(b"\n")
            }
            Writer::Csv(writer) => {
                let cells = cells(outcome, ";");
                Ok(writer.write_record(cells.iter().map(|cell| cell.as_deref().unwrap_or_default()))?)
            }
            Writer::Table(table) => table.write(outcome),
        }
    }

    /// Lets everything so far be seen.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Writer::Jsonl(out) => out.flush(),
            Writer::Csv(writer) => writer.flush(),
            Writer::Table(table) => table.out.flush(),
        }
    }

    /// Writes what is still held back, and gives the output back.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Writer::Jsonl(out) => Ok(out),
            Writer::Csv(writer) => writer.into_inner().map_err(|error| io::Error::other(error.error().to_string())),
            Writer::Table(table) => table.finish(),
        }
    }
}

/// The names of the columns.
fn columns(sample: &Outcome) -> Vec<String> {
    let mut columns = vec!["id".to_owned()];
    columns.extend(sample.classes().map(|(name, _)| name.to_owned()));
    for (name, _) in sample.scores() {
        columns.extend(["score", "grade", "coverage"].map(|part| format!("{name}.{part}")));
    }
    columns.extend(sample.all_tags().map(|(name, _)| name.to_owned()));
    columns
}

/// A cell per column; nothing for what is missing.
fn cells(outcome: &Outcome, between_tags: &str) -> Vec<Option<String>> {
    let mut cells = vec![outcome.id().map(str::to_owned)];
    cells.extend(outcome.classes().map(|(_, label)| label.map(str::to_owned)));
    for (_, scored) in outcome.scores() {
        cells.push(scored.score.map(|score| score.normalize().to_string()));
        cells.push(scored.grade.map(str::to_owned));
        cells.push(scored.coverage.map(|coverage| coverage.normalize().to_string()));
    }
    cells.extend(outcome.all_tags().map(|(_, tags)| tags.map(|tags| tags.join(between_tags))));
    cells
}

/// A table whose widths are those of the header and the first rows; a wider cell later on moves its own row only.
pub(crate) struct Table<W> {
    out: W,
    widths: Vec<usize>,
    /// The header and the first rows, until the widths are known.
    held: Vec<Vec<String>>,
    begun: bool,
}

/// How many rows decide on the widths.
const FIRST_ROWS: usize = 200;

impl<W: Write> Table<W> {
    pub(crate) fn new(out: W, columns: Vec<String>) -> Table<W> {
        Table { out, widths: vec![0; columns.len()], held: vec![columns], begun: false }
    }

    fn write(&mut self, outcome: &Outcome) -> io::Result<()> {
        let row = cells(outcome, ", ").into_iter();
        self.push(&row.map(|cell| cell.unwrap_or_else(|| "-".into())).collect::<Vec<_>>())
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &[String]) -> io::Result<()> {
        let row: Vec<String> = row.iter().map(|cell| plain(cell).replace('\t', " ")).collect();
        if self.begun {
            return self.line(&row);
        }
        self.held.push(row);
        if self.held.len() > FIRST_ROWS { self.begin() } else { Ok(()) }
    }

    /// Writes what is still held back, and gives the output back.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.begin()?;
        Ok(self.out)
    }

    /// Writes the header and the rows held back.
    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let held = std::mem::take(&mut self.held);
        for row in &held {
            for (width, cell) in self.widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let rule: Vec<String> = self.widths.iter().map(|&width| "─".repeat(width)).collect();
        for (position, row) in held.iter().enumerate() {
            self.line(row)?;
            if position == 0 {
                self.line(&rule)?;
            }
        }
        Ok(())
    }

    fn line(&mut self, row: &[String]) -> io::Result<()> {
        let mut line = String::new();
        for (cell, &width) in row.iter().zip(&self.widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
        }
        writeln!(self.out, "{}", line.trim_end())
    }
}
