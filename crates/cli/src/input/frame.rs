//! Cutting an input into pieces, one lead each: which bytes belong together, not yet what they say.

use super::Bad;
use std::io::Read;

/// A lead that is larger is none: what is missing is the end of a quotation or of an array.
const LARGEST: usize = 16 << 20;

/// What becomes of a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It lies between pieces.
    Pass,
    /// It belongs to the piece.
    Take,
    /// It ends the piece, and does not belong to it.
    End,
    /// It ends the piece, and belongs to it.
    TakeLast,
    /// It cannot stand here.
    Refuse(&'static str),
}

/// Knows where pieces of a format begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framer {
    /// JSON Lines: a piece a line.
    Lines,
    /// JSON: a piece per element of the array, or per object one after another.
    Json(Json),
    /// CSV: a piece a row; line ends in quotation marks do not end it.
    Rows(Row),
}

/// Where in a JSON text we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Json {
    place: Place,
    /// Inside `[ … ]` rather than in a sequence of objects.
    in_array: bool,
    /// Open brackets of the element.
    depth: usize,
    in_text: bool,
    escaped: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Start,
    /// Where an element may begin; after a comma it has to.
    Before {
        comma: bool,
    },
    Inside,
    Done,
}

/// Where in a row we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Row {
    /// At the beginning of a cell.
    #[default]
    CellStart,
    Plain,
    Quoted,
    /// After a quotation mark in a quoted cell: its end, or the first of two.
    Quote,
}

impl Framer {
    fn step(&mut self, byte: u8) -> Step {
        match self {
            Framer::Lines if byte == b'\n' => Step::End,
            Framer::Lines => Step::Take,
            Framer::Json(json) => json.step(byte),
            Framer::Rows(row) => row.step(byte),
        }
    }

    /// What is wrong with an input that ends here.
    fn at_end(&self) -> Option<&'static str> {
        match self {
            Framer::Json(json) if json.in_array && json.place != Place::Done => {
                Some("the array does not end with `]`: the file is cut off, or a bracket or quotation mark is missing")
            }
            Framer::Rows(Row::Quoted) => Some("a quotation mark is not closed: close it, or double it inside a cell"),
            _ => None,
        }
    }
}

impl Json {
    fn step(&mut self, byte: u8) -> Step {
        match (self.place, byte) {
            (Place::Inside, _) => self.inside(byte),
            (_, b' ' | b'\t' | b'\r' | b'\n') => Step::Pass,
            (Place::Start, b'[') => {
                self.in_array = true;
                self.become_place(Place::Before { comma: false }, Step::Pass)
            }
            (Place::Before { comma: false }, b']') if self.in_array => self.become_place(Place::Done, Step::Pass),
            (Place::Before { .. }, b',' | b']') if self.in_array => {
                let after = if byte == b']' { Place::Done } else { self.place };
                self.become_place(after, Step::Refuse("expected a lead: there is a comma too many"))
            }
            (Place::Done, _) => {
                Step::Refuse("there is more text after the end of the array: one array is all there is")
            }
            _ => {
                self.place = Place::Inside;
                self.inside(byte)
            }
        }
    }

    fn become_place(&mut self, place: Place, step: Step) -> Step {
        self.place = place;
        step
    }

    fn inside(&mut self, byte: u8) -> Step {
        if self.in_text {
            self.in_text = self.escaped || byte != b'"';
            self.escaped = !self.escaped && byte == b'\\';
            return Step::Take;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b',' if self.depth == 0 && self.in_array => {
                return self.become_place(Place::Before { comma: true }, Step::End);
            }
            b']' if self.depth == 0 && self.in_array => return self.become_place(Place::Done, Step::End),
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 && !self.in_array {
                    return self.become_place(Place::Before { comma: false }, Step::TakeLast);
                }
            }
            _ => {}
        }
        Step::Take
    }
}

impl Row {
    /// Passes over one byte.
    pub(super) fn step(&mut self, byte: u8) -> Step {
        let (next, step) = match (*self, byte) {
            (Row::Quoted, b'"') => (Row::Quote, Step::Take),
            (Row::Quoted, _) => (Row::Quoted, Step::Take),
            (_, b'\n' | b'\r') => (Row::CellStart, Step::End),
            (_, b',') => (Row::CellStart, Step::Take),
            (Row::CellStart | Row::Quote, b'"') => (Row::Quoted, Step::Take),
            _ => (Row::Plain, Step::Take),
        };
        *self = next;
        step
    }
}

/// A piece of an input.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) bytes: Vec<u8>,
    /// Where it begins, from 1.
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The pieces of an input, in its order. After an error that ends the input there are no more.
pub(super) struct Frames {
    reader: Box<dyn Read>,
    /// What was read last, and which part of it is still to be looked at.
    chunk: Box<[u8]>,
    at: usize,
    filled: usize,
    framer: Framer,
    /// Of the next byte.
    line: usize,
    column: usize,
    piece: Vec<u8>,
    /// Where the piece began.
    start: (usize, usize),
    too_large: bool,
    /// An error that was found together with a piece, and comes after it.
    held: Option<Bad>,
    done: bool,
}

impl Frames {
    pub(super) fn new(reader: Box<dyn Read>, framer: Framer) -> Frames {
        Frames {
            reader,
            chunk: vec![0; 128 << 10].into(),
            at: 0,
            filled: 0,
            framer,
            line: 1,
            column: 1,
            piece: Vec::new(),
            start: (1, 1),
            too_large: false,
            held: None,
            done: false,
        }
    }

    /// Looks at one byte; gives the piece that it ends.
    fn byte(&mut self, byte: u8) -> Option<Result<Frame, Bad>> {
        let step = self.framer.step(byte);
        let here = (self.line, self.column);
        match byte {
            b'\n' => (self.line, self.column) = (self.line + 1, 1),
            // a character counts where it begins
            _ => self.column += usize::from(byte & 0xc0 != 0x80),
        }
        match step {
            Step::Pass => None,
            Step::Refuse(message) => {
                // one error is enough for what follows the end
                self.done = matches!(self.framer, Framer::Json(Json { place: Place::Done, .. }));
                Some(Err(Bad { line: here.0, column: Some(here.1), message: message.into() }))
            }
            Step::Take | Step::TakeLast => {
                if self.piece.is_empty() {
                    self.start = here;
                }
                if self.piece.len() < LARGEST {
                    self.piece.push(byte);
                } else {
                    self.too_large = true;
                }
                if step == Step::TakeLast { self.finish() } else { None }
            }
            Step::End => self.finish(),
        }
    }

    /// The piece so far, unless it is blank.
    fn finish(&mut self) -> Option<Result<Frame, Bad>> {
        let bytes = std::mem::take(&mut self.piece);
        let (line, column) = self.start;
        if std::mem::take(&mut self.too_large) {
            return Some(Err(Bad::line(line, "a lead of more than 16 MiB: is a bracket or quotation mark missing?")));
        }
        (!bytes.trim_ascii().is_empty()).then_some(Ok(Frame { bytes, line, column }))
    }

    /// The last piece, and what is wrong with where the input ends.
    fn end(&mut self) -> Option<Result<Frame, Bad>> {
        self.done = true;
        let wrong = self.framer.at_end();
        if let (Framer::Rows(_), Some(message)) = (self.framer, wrong) {
            return Some(Err(Bad::line(self.start.0, message)));
        }
        let last = self.finish();
        let wrong = wrong.map(|message| Bad::line(self.line, message));
        match last {
            Some(_) => {
                self.held = wrong;
                last
            }
            None => wrong.map(Err),
        }
    }
}

impl Iterator for Frames {
    type Item = Result<Frame, Bad>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(held) = self.held.take() {
            return Some(Err(held));
        }
        while !self.done {
            while self.at < self.filled {
                let byte = self.chunk[self.at];
                self.at += 1;
                let found = self.byte(byte);
                if found.is_some() {
                    return found;
                }
            }
            self.at = 0;
            match self.reader.read(&mut self.chunk) {
                Ok(0) => return self.end(),
                Ok(filled) => self.filled = filled,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => self.filled = 0,
                Err(error) => {
                    self.done = true;
                    return Some(Err(Bad::line(self.line, format!("cannot read any further: {error}"))));
                }
            }
        }
        None
    }
}
