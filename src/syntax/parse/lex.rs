//! The linear scan: text into tokens and comments. It decides nothing about grammar; it only finds where strings,
//! comments and brackets begin and end, so that everything after it can skip safely.

use super::Report;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Comment, Place};
use pest::unicode::{XID_CONTINUE, XID_START};

/// What a token is, as far as cutting and slips need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `industry`, `and`
    Word,
    /// `50_000`, `1.5万`, `30%`
    Number,
    /// `"汽车"`
    Text,
    /// `r"^x"`
    Raw,
    /// `@2026-11-21`
    Date,
    /// `(`, `[`, `{` or their full-width forms, as the plain one
    Open(char),
    /// `)`, `]`, `}` or their full-width forms, as the plain one
    Close(char),
    /// `=>`, `,`, `+`
    Mark,
    /// Anything that the language does not have: `；`, `“汽车”`, `#`
    Foreign,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Whether a line break stands before it.
    pub(super) first_on_line: bool,
}

/// The text in pieces.
pub(super) struct Tokens {
    pub(super) list: Vec<Token>,
    pub(super) comments: Vec<Comment>,
}

/// Marks of two and three characters, longest first; some belong to other languages and are slips.
const LONG_MARKS: [&str; 14] = ["===", "!==", "==", "=>", "!=", "<=", ">=", "<>", "=<", "&&", "||", "->", "..", "/*"];

/// Cuts the text into tokens; what cannot be cut is reported.
pub(super) fn lex(text: &str, report: &mut Report<'_>) -> Tokens {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lexer =
        Lexer { text, at: start, first_on_line: true, tokens: Tokens { list: Vec::new(), comments: Vec::new() } };
    while let Some(c) = lexer.peek() {
        lexer.step(c, report);
    }
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    first_on_line: bool,
    tokens: Tokens,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_while(&mut self, keep: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !keep(c)).unwrap_or(rest.len());
    }

    /// A token from `start` to where the lexer stands.
    fn push(&mut self, kind: Kind, start: usize) {
        let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let first_on_line = std::mem::take(&mut self.first_on_line);
        self.tokens.list.push(Token { kind, start: cut(start), end: cut(self.at), first_on_line });
    }

    fn step(&mut self, c: char, report: &mut Report<'_>) {
        let start = self.at;
        match c {
            '\n' => {
                self.first_on_line = true;
                self.at += 1;
            }
            ' ' | '\t' | '\r' | '\u{a0}' | '\u{3000}' => self.at += c.len_utf8(),
            '/' if self.rest().starts_with("//") => self.comment(report),
            '"' => self.quoted(start, Kind::Text, report),
            'r' if self.rest().starts_with("r\"") => {
                self.at += 1;
                self.quoted(start, Kind::Raw, report);
            }
            '@' => self.date(start),
            '0'..='9' => self.number(start, report),
            _ if begins_word(c) => {
                self.skip_while(continues_word);
                self.push(Kind::Word, start);
            }
            _ if c.is_control() => {
                self.at += c.len_utf8();
                self.refuse_controls(start, report);
            }
            _ => self.mark(c, start),
        }
    }

    /// Reports the control characters since `start`, which are refused in texts and comments too.
    fn refuse_controls(&self, start: usize, report: &mut Report<'_>) {
        let read = &self.text[start..self.at];
        // those past ASCII begin with this byte
        if !read.bytes().any(|byte| byte.is_ascii_control() || byte == 0xc2) {
            return;
        }
        for (at, c) in read.char_indices().filter(|(_, c)| c.is_control() && !matches!(c, '\t' | '\r' | '\n')) {
            let message = format!("the control character U+{:04X} cannot stand in a rule file", u32::from(c));
            let span = report.span(start + at, start + at + c.len_utf8());
            report.add(Diagnostic::error(Code::InvalidText, span, message));
        }
    }

    fn comment(&mut self, report: &mut Report<'_>) {
        let start = self.at;
        self.skip_while(|c| c != '\n');
        self.refuse_controls(start, report);
        let text = self.text[start..self.at].trim_end().to_owned();
        let place = Place(report.span(start, start + text.len()));
        self.tokens.comments.push(Comment { text, place });
    }

    /// A text or raw text; the lexer stands at its opening quote.
    fn quoted(&mut self, start: usize, kind: Kind, report: &mut Report<'_>) {
        self.at += 1;
        let mut escaped = false;
        let end = self.rest().bytes().position(|byte| {
            if byte == b'\n' || (byte == b'"' && !escaped) {
                return true;
            }
            escaped = kind == Kind::Text && byte == b'\\' && !escaped;
            false
        });
        let Some(end) = end.filter(|&end| self.rest()[end..].starts_with('"')) else {
            self.skip_while(|c| c != '\n');
            let shown = self.text[start..self.at].trim_end();
            let open = report.span(start, start + shown.len());
            report.add(
                Diagnostic::error(Code::UnclosedBracket, open, "this text has no closing quotation mark")
                    .help("a text ends on its own line; a line break inside it is written `\\n`"),
            );
            // Kept as a text, so that the rest of the declaration is cut as its author meant it.
            self.push(kind, start);
            return;
        };
        self.at += end + 1;
        self.refuse_controls(start, report);
        self.push(kind, start);
    }

    fn date(&mut self, start: usize) {
        self.at += 1;
        loop {
            self.skip_while(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '+' | '-'));
            let mut next = self.rest().chars();
            if next.next() == Some('.') && next.next().is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1;
            } else {
                break;
            }
        }
        self.push(if self.at > start + 1 { Kind::Date } else { Kind::Foreign }, start);
    }

    fn number(&mut self, start: usize, report: &mut Report<'_>) {
        self.skip_while(|c| c.is_ascii_digit() || c == '_');
        let mut next = self.rest().chars();
        if next.next() == Some('.') && next.next().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
            self.skip_while(|c| c.is_ascii_digit() || c == '_');
        }
        if let Some(unit) = self.peek().filter(|&c| matches!(c, '万' | '亿' | '%')) {
            self.at += unit.len_utf8();
        }
        let number_end = self.at;
        self.skip_while(continues_word);
        let shown = &self.text[start..self.at];
        if number_end < self.at {
            let tail = &self.text[number_end..self.at];
            let message = format!("`{shown}` is neither a number nor a name");
            let help = if matches!(tail, "元" | "块" | "人" | "天" | "岁")
                || XID_START(tail.chars().next().unwrap_or('_'))
            {
                format!("put a blank before `{tail}`, or leave it out; the units of numbers are `万`, `亿` and `%`")
            } else {
                "names do not begin with a digit".to_owned()
            };
            report.add(Diagnostic::error(Code::InvalidNumber, report.span(start, self.at), message).help(help));
        } else if shown.contains('_')
            && (shown.contains("__") || shown.split(['.', '万', '亿', '%']).any(|part| part.ends_with('_')))
        {
            let message = format!("the `_` in `{shown}` must stand between two digits");
            report.add(Diagnostic::error(Code::InvalidNumber, report.span(start, self.at), message));
        }
        self.push(Kind::Number, start);
    }

    fn mark(&mut self, c: char, start: usize) {
        let plain = half_width(c);
        if matches!(plain, '(' | '[' | '{' | ')' | ']' | '}') {
            self.at += c.len_utf8();
            let kind = if matches!(plain, '(' | '[' | '{') { Kind::Open(plain) } else { Kind::Close(plain) };
            return self.push(kind, start);
        }
        if let Some(length) = self.foreign_quotes(c) {
            self.at += length;
            return self.push(Kind::Foreign, start);
        }
        if matches!(c, ',' | ':' | '+' | '*') {
            self.at += 1;
            return self.push(Kind::Mark, start);
        }
        let ahead = |mark: &str| mark.chars().eq(self.rest().chars().map(half_width).take(mark.len()));
        let long = LONG_MARKS.iter().find(|mark| mark.starts_with(plain) && ahead(mark));
        let count = long.map_or(1, |mark| mark.len());
        self.at += self.rest().chars().take(count).map(char::len_utf8).sum::<usize>();
        let known = matches!(
            &self.text[start..self.at],
            "=>" | "==" | "!=" | "<=" | ">=" | ".." | "=" | "<" | ">" | "|" | "," | ":" | "." | "+" | "-" | "*" | "/"
        );
        if !known && count == 1 && XID_CONTINUE(c) {
            // Full-width digits and the like: one token, one message.
            self.skip_while(XID_CONTINUE);
        }
        self.push(if known { Kind::Mark } else { Kind::Foreign }, start);
    }

    /// The length of `“…”` or `'…'` on one line, so that one wrong pair of quotation marks is one token.
    fn foreign_quotes(&self, c: char) -> Option<usize> {
        let closing = match c {
            '“' | '”' => ['”', '“'],
            '‘' | '’' => ['’', '‘'],
            '＂' => ['＂', '"'],
            '「' => ['」', '」'],
            '\'' => ['\'', '\''],
            '`' => ['`', '`'],
            _ => return None,
        };
        let mut length = c.len_utf8();
        for next in self.rest()[length..].chars() {
            if next == '\n' || next == '"' && !closing.contains(&'"') {
                break;
            }
            length += next.len_utf8();
            if closing.contains(&next) {
                return Some(length);
            }
        }
        Some(c.len_utf8())
    }
}

/// What pest asks a table, without the table for ASCII.
fn begins_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() || c == '_' } else { XID_START(c) }
}

fn continues_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { XID_CONTINUE(c) }
}

/// The plain form of a full-width character.
pub(super) fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        _ => c,
    }
}
