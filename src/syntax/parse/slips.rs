//! Tokens of other languages, full-width ones, and phrases that people write for what the language says otherwise.

use super::Report;
use super::chunks::Tape;
use super::lex::{Kind, half_width};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use std::ops::Range;

/// Reports every slip of a chunk; the grammar then leaves the chunk alone, so that nothing is said twice.
pub(super) fn find(tape: Tape<'_>, chunk: Range<usize>, report: &mut Report<'_>) {
    let mut finder = Finder { tape, report, stack: Vec::new(), definitions: 0 };
    for index in chunk {
        // Past the limit a fault need only be known, so that the chunk is not read.
        if finder.report.is_full() {
            return finder.report.mark(finder.span(index, index));
        }
        finder.step(index);
    }
}

struct Finder<'a, 'r, 'l> {
    tape: Tape<'a>,
    report: &'r mut Report<'l>,
    /// The shapes of the open brackets, and whether they hold `name: value` pairs or types.
    stack: Vec<(char, bool)>,
    /// How many `=` of a `let` or `param` are still to come.
    definitions: usize,
}

impl Finder<'_, '_, '_> {
    fn step(&mut self, index: usize) {
        let word = self.tape.word(index);
        match self.tape.kind(index) {
            Some(Kind::Open(shape)) => {
                self.bracket(index, shape);
                let before = index.checked_sub(1).map_or("", |before| self.tape.word(before));
                let pairs = matches!(before, "given" | "previous" | "population" | "list");
                let pairs = pairs || self.stack.last().is_some_and(|&(_, pairs)| pairs);
                self.stack.push((shape, pairs));
            }
            Some(Kind::Close(shape)) => {
                self.bracket(index, shape);
                self.stack.pop();
            }
            Some(Kind::Foreign) => self.foreign(index, word),
            Some(Kind::Mark) => self.mark(index, word),
            Some(Kind::Word) if matches!(word, "let" | "param") && self.stack.is_empty() => self.definitions += 1,
            Some(Kind::Word) if word == "is" => self.is_not(index),
            _ => {}
        }
    }

    fn span(&self, first: usize, last: usize) -> Span {
        match (self.tape.tokens.get(first), self.tape.tokens.get(last)) {
            (Some(first), Some(last)) => self.report.token(first).to(self.report.token(last)),
            _ => Span::default(),
        }
    }

    fn wrong(&mut self, span: Span, message: String, help: &str) {
        let error = Diagnostic::error(Code::WrongToken, span, message);
        self.report.add(if help.is_empty() { error } else { error.help(help) });
    }

    fn bracket(&mut self, index: usize, shape: char) {
        let word = self.tape.word(index);
        if word.len() > 1 {
            self.wrong(self.span(index, index), format!("`{word}` is full-width; write `{shape}`"), "");
        }
    }

    fn foreign(&mut self, index: usize, word: &str) {
        let span = self.span(index, index);
        if let Some(inner) = foreign_text(word) {
            let message = format!("`{word}` has the wrong quotation marks; write `\"{inner}\"`");
            return self.wrong(span, message, "");
        }
        let plain: String = word.chars().map(half_width).collect();
        let full_width = plain != word;
        if matches!(plain.as_str(), "=" | "==") && self.compares_with_missing(index) {
            return;
        }
        let right = match plain.as_str() {
            "=" if self.takes_definition() => "=",
            "=" => "==",
            ";" if self.stack.is_empty() => {
                let message = format!("`{word}` ends nothing; leave it out");
                return self.wrong(span, message, "a declaration ends where the next one begins");
            }
            "#" | "/*" => {
                return self.wrong(span, format!("`{word}` does not begin a comment; write `//`"), "");
            }
            other => match translation(other) {
                Some(right) => right,
                None if full_width => other,
                None => return self.unknown(span, word),
            },
        };
        let what = if full_width { "is full-width" } else { "is not a word of the language" };
        self.wrong(span, format!("`{word}` {what}; write `{right}`"), "");
    }

    /// A character that nobody has a use for; one that cannot be seen is named.
    fn unknown(&mut self, span: Span, word: &str) {
        let invisible =
            word.chars().all(|c| unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) == 0 || c.is_whitespace());
        let error = if invisible {
            let code = word.chars().next().map_or(0, u32::from);
            let message = format!("the invisible character U+{code:04X} cannot stand here");
            Diagnostic::error(Code::InvalidText, span, message)
        } else {
            Diagnostic::error(Code::Syntax, span, format!("`{word}` has no meaning in a rule file"))
        };
        self.report.add(error);
    }

    /// Whether an `=` here defines a `let` or `param`.
    fn takes_definition(&mut self) -> bool {
        let defines = self.stack.is_empty() && self.definitions > 0;
        if defines {
            self.definitions -= 1;
        }
        defines
    }

    fn mark(&mut self, index: usize, word: &str) {
        match word {
            "=" if self.takes_definition() => {}
            "=" | "==" | "!=" if self.compares_with_missing(index) => {}
            "=" => {
                let span = self.span(index, index);
                let field = self.stack.is_empty() && index >= 2 && self.tape.word(index - 2) == "field";
                if field {
                    self.wrong(span, "`=` does not declare a field; write `:` and its type".to_owned(), "");
                } else if self.stack.last().is_some_and(|&(_, pairs)| pairs) {
                    self.wrong(span, "`=` does not stand between a name and its value; write `:`".to_owned(), "");
                } else {
                    self.wrong(span, "`=` does not compare; write `==`".to_owned(), "");
                }
            }
            "<" | ">" | "<=" | ">=" | "==" | "!=" => self.bare_comparison(index, word),
            _ => {}
        }
    }

    /// `x == missing`, `missing != x`
    fn compares_with_missing(&mut self, index: usize) -> bool {
        let before = index.checked_sub(1).map_or("", |before| self.tape.word(before));
        let led = index.checked_sub(2).map_or("", |before| self.tape.word(before));
        let (first, last) = if self.tape.word(index + 1) == "missing" {
            (index, index + 1)
        } else if before == "missing" && !matches!(led, "is") {
            (index - 1, index)
        } else {
            return false;
        };
        let right = if self.tape.word(index).starts_with(['!', '！']) { "is present" } else { "is missing" };
        let message = format!("nothing equals `missing`, so this is never true; write `{right}`");
        let help = match self.tape.kind(index.wrapping_sub(1)) {
            Some(Kind::Word) if first == index && !led.ends_with('.') => format!("`{before} {right}`"),
            _ => String::new(),
        };
        let error = Diagnostic::error(Code::MissingComparison, self.span(first, last), message);
        self.report.add(if help.is_empty() { error } else { error.help(format!("write {help}")) });
        true
    }

    /// `is not missing`, `is not present`
    fn is_not(&mut self, index: usize) {
        let right = match (self.tape.word(index + 1), self.tape.word(index + 2)) {
            ("not", "missing") => "is present",
            ("not", "present") => "is missing",
            _ => return,
        };
        let span = self.span(index, index + 2);
        let message = format!("`is not {}` is written `{right}`", self.tape.word(index + 2));
        self.wrong(span, message, "");
    }

    /// `> 5` as a pattern
    fn bare_comparison(&mut self, index: usize, word: &str) {
        let before = index.checked_sub(1);
        let begins = match before.and_then(|before| self.tape.kind(before)) {
            Some(Kind::Open('{')) => true,
            Some(Kind::Mark) => before.is_some_and(|before| matches!(self.tape.word(before), "," | "|")),
            _ => false,
        };
        if !begins || self.stack.last().is_none_or(|&(shape, _)| shape != '{') {
            return;
        }
        let signed = self.tape.word(index + 1) == "-";
        let last = index + if signed { 2 } else { 1 };
        let value = format!("{}{}", if signed { "-" } else { "" }, self.tape.word(last));
        let shown = format!("{word} {value}");
        let right = match word {
            ">" => format!("write `({value}..)`"),
            ">=" => format!("write `[{value}..)`"),
            "<" => format!("write `(..{value})`"),
            "<=" => format!("write `(..{value}]`"),
            "==" => format!("write `{value}`"),
            _ => "list the other values, or put a rule for this one before and `otherwise` after".to_owned(),
        };
        let span = self.span(index, last.min(self.tape.tokens.len().saturating_sub(1)));
        self.wrong(span, format!("`{shown}` is not a pattern"), &right);
    }
}

/// What a mark of another language is called here.
fn translation(mark: &str) -> Option<&'static str> {
    Some(match mark {
        "&&" | "&" => "and",
        "||" => "or",
        "!" => "not",
        ";" | "、" => ",",
        "===" => "==",
        "!==" | "<>" | "≠" => "!=",
        "=<" | "≤" | "⩽" => "<=",
        "≥" | "⩾" => ">=",
        "->" | "→" | "⇒" => "=>",
        "×" | "·" => "*",
        "÷" => "/",
        "−" | "–" | "—" => "-",
        "。" => ".",
        "…" => "..",
        "【" => "[",
        "】" => "]",
        _ => return None,
    })
}

/// The text between quotation marks of another kind.
fn foreign_text(word: &str) -> Option<&str> {
    let quotes = ['“', '”', '‘', '’', '＂', '「', '」', '\'', '`'];
    let inner = word.strip_prefix(quotes)?;
    Some(inner.strip_suffix(quotes).or_else(|| inner.strip_suffix('"')).unwrap_or(inner))
}
