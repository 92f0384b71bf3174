//! Documents that know where a line may break, and the one that lays them out.
//!
//! The classic scheme: a group is printed on one line if it fits, else its gaps become new lines. Each decision looks
//! ahead one line at most, so the work is linear in the size of the document.

use std::borrow::Cow;
use std::slice::{Iter, from_ref};

use unicode_width::UnicodeWidthStr;

/// Columns of a line.
pub(super) const LINE_WIDTH: usize = 120;
/// Blanks of one step of indentation.
const STEP: usize = 2;

/// A text with places where it may break.
#[derive(Debug)]
pub(super) enum Doc {
    /// Letters and their display width, without a line's end.
    Text(Cow<'static, str>, usize),
    /// One after the other.
    Concat(Vec<Doc>),
    /// A blank, or a new line when the group is broken.
    Line,
    /// Nothing, or a new line when the group is broken.
    Soft,
    /// A blank, or a new line when the group is broken and what follows does not fit.
    Fill,
    /// A new line; a group that holds one is always broken.
    Hard,
    /// An empty line when the group is broken; stands before a line's end.
    Blank,
    /// A comment at the end of a line; its width does not count, and a `Hard` follows.
    Remark(String),
    /// Only when the group is broken: alignment, trailing commas.
    Broken(Cow<'static, str>),
    /// New lines inside are indented by one more step.
    Nest(Box<Doc>),
    /// On one line if it fits.
    Group(Box<Doc>),
}

impl Doc {
    /// A text of the program or the author.
    pub(super) fn text(text: impl Into<Cow<'static, str>>) -> Doc {
        let text = text.into();
        let width = text.width();
        Doc::Text(text, width)
    }

    /// Blanks that align columns, when the group is broken.
    pub(super) fn pad(width: usize) -> Doc {
        Doc::Broken(Cow::Owned(" ".repeat(width)))
    }

    /// `doc`, indented by one more step.
    pub(super) fn nest(doc: Doc) -> Doc {
        Doc::Nest(Box::new(doc))
    }

    /// `doc`, on one line if it fits.
    pub(super) fn group(doc: Doc) -> Doc {
        Doc::Group(Box::new(doc))
    }

    /// The documents with `separator` between each two.
    pub(super) fn join(docs: Vec<Doc>, separator: &'static str) -> Doc {
        let mut parts = Vec::with_capacity(docs.len() * 2);
        for doc in docs {
            if !parts.is_empty() {
                parts.push(Doc::text(separator));
            }
            parts.push(doc);
        }
        Doc::Concat(parts)
    }

    /// The width on one line, if it can stand on one and is no wider than `limit`.
    pub(super) fn flat_width(&self, limit: usize) -> Option<usize> {
        measure(limit, self, &[]).map(|left| limit - left)
    }
}

/// Lays out a document with [`LINE_WIDTH`] columns.
pub(super) fn render(doc: &Doc) -> String {
    Writer::default().run(Command { indent: 0, mode: Mode::Broken, doc })
}

/// The document on one line, however wide.
pub(super) fn render_flat(doc: &Doc) -> String {
    Writer::default().run(Command { indent: 0, mode: Mode::Flat, doc })
}

/// Whether the gaps of a group are new lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// They are blanks.
    Flat,
    /// They are new lines.
    Broken,
}

/// Something still to print.
#[derive(Clone, Copy, Debug)]
struct Command<'a> {
    /// Columns before a new line.
    indent: usize,
    /// The mode of the group around.
    mode: Mode,
    /// What to print.
    doc: &'a Doc,
}

/// The text so far.
#[derive(Debug, Default)]
struct Writer {
    /// The text.
    out: String,
    /// Columns used on the current line.
    column: usize,
    /// Columns to indent as soon as something is written on the line, so that empty lines hold no blanks.
    pending: usize,
}

impl Writer {
    /// Prints one document and what it holds.
    fn run(mut self, first: Command<'_>) -> String {
        let mut stack = vec![first];
        while let Some(Command { indent, mode, doc }) = stack.pop() {
            let broken = mode == Mode::Broken;
            match doc {
                Doc::Text(text, width) => self.write(text, *width),
                Doc::Broken(text) if broken => self.write(text, text.width()),
                Doc::Remark(text) => {
                    self.write("  ", 2);
                    self.write(text, 0);
                }
                Doc::Line if !broken => self.write(" ", 1),
                Doc::Fill if !broken || self.fits(&Doc::Line, &stack) => self.write(" ", 1),
                Doc::Soft if !broken => {}
                Doc::Line | Doc::Fill | Doc::Soft | Doc::Hard => self.new_line(indent),
                Doc::Blank if broken => self.out.push('\n'),
                Doc::Broken(_) | Doc::Blank => {}
                Doc::Concat(docs) => stack.extend(docs.iter().rev().map(|doc| Command { indent, mode, doc })),
                Doc::Nest(doc) => stack.push(Command { indent: indent + STEP, mode, doc }),
                Doc::Group(doc) => {
                    let mode = if broken && !self.fits(doc, &stack) { Mode::Broken } else { Mode::Flat };
                    stack.push(Command { indent, mode, doc });
                }
            }
        }
        self.out
    }

    /// Appends letters to the line.
    fn write(&mut self, text: &str, width: usize) {
        if text.is_empty() {
            return;
        }
        self.out.extend(std::iter::repeat_n(' ', std::mem::take(&mut self.pending)));
        self.out.push_str(text);
        self.column += width;
    }

    /// Ends the line.
    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.column = indent;
        self.pending = indent;
    }

    /// Whether `doc` on one line, and what follows it up to where the line may end, stays within the width.
    fn fits(&self, doc: &Doc, rest: &[Command<'_>]) -> bool {
        LINE_WIDTH.checked_sub(self.column).is_some_and(|left| measure(left, doc, rest).is_some())
    }
}

/// What is left of `budget` columns after `doc` on one line and the `rest` (last first) up to its first new line.
///
/// Groups in the rest may still break for themselves, so their first gap ends the line.
fn measure(budget: usize, doc: &Doc, rest: &[Command<'_>]) -> Option<usize> {
    let mut left = budget;
    let mut rest = rest.iter().rev();
    let mut stack: Vec<(Mode, Iter<'_, Doc>)> = vec![(Mode::Flat, from_ref(doc).iter())];
    loop {
        let Some((mode, docs)) = stack.last_mut() else {
            match rest.next() {
                Some(command) => stack.push((command.mode, from_ref(command.doc).iter())),
                None => return Some(left),
            }
            continue;
        };
        let mode = *mode;
        let Some(doc) = docs.next() else {
            stack.pop();
            continue;
        };
        match (doc, mode) {
            (Doc::Text(_, width), _) => left = left.checked_sub(*width)?,
            (Doc::Broken(text), Mode::Broken) => left = left.checked_sub(text.width())?,
            (Doc::Line | Doc::Fill, Mode::Flat) => left = left.checked_sub(1)?,
            (Doc::Hard, Mode::Flat) => return None,
            (Doc::Line | Doc::Fill | Doc::Soft | Doc::Hard, Mode::Broken) => return Some(left),
            (Doc::Blank, Mode::Broken) => return Some(left),
            (Doc::Broken(_) | Doc::Soft | Doc::Blank | Doc::Remark(_), _) => {}
            (Doc::Concat(docs), _) => stack.push((mode, docs.iter())),
            (Doc::Nest(doc) | Doc::Group(doc), _) => stack.push((mode, from_ref(&**doc).iter())),
        }
    }
}
