//! Cuts the tokens into declarations and checks their brackets, so that one slip costs one message and a lost bracket
//! cannot swallow the rest of the file.

use super::Report;
use super::lex::{Kind, Token};
use crate::diagnostic::{Code, Diagnostic};
use std::ops::Range;

/// The words that begin a header or a declaration, besides `missing as`.
pub(super) const STARTERS: [&str; 9] =
    ["ruleset", "zone", "field", "param", "let", "classify", "score", "tags", "test"];

/// The words that are never names.
pub(super) const RESERVED: [&str; 23] = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "within",
    "contains",
    "matches",
    "match",
    "true",
    "false",
    "otherwise",
    "always",
    "on",
    "when",
    "where",
    "of",
    "by",
    "missing",
    "present",
    "previous",
    "now",
    "today",
];

/// A text and its tokens.
#[derive(Clone, Copy)]
pub(super) struct Tape<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
}

impl<'a> Tape<'a> {
    /// The letters of the token at `index`; empty past the end.
    pub(super) fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| &self.text[token.start as usize..token.end as usize])
    }

    /// The kind of the token at `index`.
    pub(super) fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    fn at_column_zero(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| {
            let before = &self.text[..token.start as usize];
            before.is_empty() || before.ends_with('\n') || before == "\u{feff}"
        })
    }

    /// Whether a declaration can begin here, judged by its first two or three words.
    fn begins_declaration(&self, index: usize, inside: bool) -> bool {
        if self.kind(index) != Some(Kind::Word) {
            return false;
        }
        let (word, next) = (self.word(index), self.word(index + 1));
        if word == "missing" {
            return next == "as";
        }
        if !STARTERS.contains(&word) {
            return false;
        }
        match self.kind(index + 1) {
            Some(Kind::Text) => matches!(word, "ruleset" | "zone" | "test"),
            Some(Kind::Word) if matches!(word, "ruleset" | "zone" | "test") => false,
            Some(Kind::Word) if RESERVED.contains(&next) => matches!(self.word(index + 2), "=" | ":" | "{"),
            Some(Kind::Word) => !(matches!(next, "starts" | "ends") && self.word(index + 2) == "with"),
            // `let = 5`, `classify {`: a declaration whose name was forgotten.
            _ => !inside && self.at_column_zero(index) && matches!(next, "=" | ":" | "{"),
        }
    }

    /// Whether a word stands where only a declaration can: in the first column, after a block that is closed.
    fn stands_alone(&self, index: usize) -> bool {
        index > 0
            && self.kind(index - 1) == Some(Kind::Close('}'))
            && self.kind(index) == Some(Kind::Word)
            && self.at_column_zero(index)
            && !RESERVED.contains(&self.word(index))
            && !matches!(self.word(index), "starts" | "ends")
    }
}

/// An opening bracket that waits for its partner.
struct Open {
    token: usize,
    shape: char,
    /// How deep what it holds is, runs of `not` and `-` counted.
    depth: usize,
    /// Whether `..` stood directly in it: then it is an interval, and `[` may be closed by `)`.
    dots: bool,
}

/// The ranges of tokens that hold one declaration each (or several on one line).
pub(super) fn cut(tape: Tape<'_>, nesting: usize, report: &mut Report<'_>) -> Vec<Range<usize>> {
    let mut cutter = Cutter { tape, nesting, stack: Vec::new(), run: 0, faulty: false };
    let mut chunks = Vec::new();
    let mut begin = 0;
    for index in 0..tape.tokens.len() {
        if index > begin && cutter.is_boundary(begin, index) {
            cutter.close_chunk(report);
            chunks.push(begin..index);
            begin = index;
        }
        cutter.step(index, report);
    }
    cutter.close_chunk(report);
    if begin < tape.tokens.len() {
        chunks.push(begin..tape.tokens.len());
    }
    chunks
}

struct Cutter<'a> {
    tape: Tape<'a>,
    nesting: usize,
    stack: Vec<Open>,
    /// How many `not` or `-` stand directly before the next operand.
    run: usize,
    /// One message about brackets is enough for a chunk.
    faulty: bool,
}

impl Cutter<'_> {
    fn is_boundary(&self, begin: usize, index: usize) -> bool {
        let tape = self.tape;
        let fresh = tape.tokens[index].first_on_line || tape.kind(index - 1) == Some(Kind::Close('}'));
        if !fresh {
            return false;
        }
        let column_zero = tape.at_column_zero(index);
        if self.stack.is_empty() && tape.stands_alone(index) {
            return true;
        }
        if !tape.begins_declaration(index, !self.stack.is_empty())
            || (tape.word(index) == "missing" && tape.word(begin) == "field")
        {
            return false;
        }
        column_zero || self.stack.is_empty()
    }

    fn step(&mut self, index: usize, report: &mut Report<'_>) {
        let tape = self.tape;
        match tape.tokens[index].kind {
            Kind::Open(shape) => {
                let depth = self.depth() + 1 + self.run.saturating_sub(1);
                self.run = 0;
                self.stack.push(Open { token: index, shape, depth, dots: false });
                self.check_depth(depth, index, report);
            }
            Kind::Close(shape) => {
                self.run = 0;
                self.close(shape, index, report);
            }
            Kind::Word if tape.word(index) == "not" && tape.word(index + 1) != "in" => self.prefix(index, report),
            Kind::Mark if tape.word(index) == "-" && !self.ends_operand(index) => self.prefix(index, report),
            Kind::Mark if tape.word(index) == ".." => {
                self.run = 0;
                if let Some(open) = self.stack.last_mut() {
                    open.dots = true;
                }
            }
            // The words of a call or a `match` before its bracket keep the run.
            Kind::Word => {}
            Kind::Mark if tape.word(index) == "." => {}
            _ => self.run = 0,
        }
    }

    fn depth(&self) -> usize {
        self.stack.last().map_or(0, |open| open.depth)
    }

    fn prefix(&mut self, index: usize, report: &mut Report<'_>) {
        self.run += 1;
        self.check_depth(self.depth() + self.run, index, report);
    }

    /// Whether the token before `index` ends a value, so that a `-` after it subtracts.
    fn ends_operand(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else { return false };
        match self.tape.kind(before) {
            Some(Kind::Number | Kind::Text | Kind::Raw | Kind::Date | Kind::Close(_)) => true,
            Some(Kind::Word) => {
                let word = self.tape.word(before);
                !RESERVED.contains(&word) || matches!(word, "true" | "false" | "now" | "today" | "missing" | "present")
            }
            _ => false,
        }
    }

    fn check_depth(&mut self, depth: usize, index: usize, report: &mut Report<'_>) {
        if depth > self.nesting && !self.faulty {
            self.faulty = true;
            let message = format!("brackets, `not` and `-` nest deeper than {}", self.nesting);
            report.add(
                Diagnostic::error(Code::NestingLimit, report.token(&self.tape.tokens[index]), message)
                    .help("give the inner part a name with `let`"),
            );
        }
    }

    fn close(&mut self, shape: char, index: usize, report: &mut Report<'_>) {
        let here = report.token(&self.tape.tokens[index]);
        let Some(open) = self.stack.last() else {
            if !self.faulty {
                self.faulty = true;
                let message = format!("`{shape}` closes nothing");
                report.add(Diagnostic::error(Code::UnclosedBracket, here, message));
            }
            return;
        };
        let fits = partner(open.shape) == shape || (open.dots && open.shape != '{' && shape != '}');
        if fits || self.faulty {
            self.stack.pop();
            return;
        }
        self.faulty = true;
        let opened = report.token(&self.tape.tokens[open.token]);
        let (wanted, shown) = (partner(open.shape), open.shape);
        match self.stack.iter().rposition(|open| partner(open.shape) == shape) {
            // `{ f(a, b => 1 }`: the bracket inside was forgotten.
            Some(position) if shape == '}' || open.shape != '{' => {
                self.stack.truncate(position);
                report.add(
                    Diagnostic::error(Code::UnclosedBracket, opened, format!("`{shown}` is never closed"))
                        .related(here, format!("`{shape}` stands where `{wanted}` is missing")),
                );
            }
            _ if open.shape != '{' => {
                self.stack.pop();
                let message = format!("`{shown}` is closed by `{shape}`");
                report.add(
                    Diagnostic::error(Code::UnclosedBracket, here, message)
                        .related(opened, "opened here")
                        .help(format!("write `{wanted}`; only an interval mixes brackets, as `[1..5)` does")),
                );
            }
            _ => {
                report.add(
                    Diagnostic::error(Code::UnclosedBracket, here, format!("`{shape}` closes nothing"))
                        .related(opened, format!("`{shown}` is open here and needs `{wanted}`")),
                );
            }
        }
    }

    /// Ends a chunk: what is still open stays open.
    fn close_chunk(&mut self, report: &mut Report<'_>) {
        if let Some(open) = self.stack.last().filter(|_| !self.faulty) {
            let message = format!("`{}` is never closed", open.shape);
            report.add(
                Diagnostic::error(Code::UnclosedBracket, report.token(&self.tape.tokens[open.token]), message)
                    .help(format!("close it with `{}`", partner(open.shape))),
            );
        }
        self.stack.clear();
        self.run = 0;
        self.faulty = false;
    }
}

fn partner(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}
