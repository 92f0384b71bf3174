//! JSON text → values, numbers by their digits.
//!
//! A reader of our own, because what matters here no general one gives: exact numbers whatever features the host has
//! switched on in `serde_json`, duplicate keys refused, and the path of a mistake.

use super::error::{LeadError, in_path};
use crate::value::fields::Field;
use crate::value::{Fields, Fixed, Text, Value};
use rust_decimal::Decimal;
use smallvec::SmallVec;
use std::borrow::Cow;

/// How deep lists and objects may nest. A lead needs four levels.
pub(super) const MAX_DEPTH: usize = 64;

/// What is wrong with a text, and where: a byte offset, and the steps from the inside out.
#[derive(Debug)]
pub(super) struct Fault {
    offset: usize,
    message: String,
    help: &'static str,
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Key(Box<str>),
    Index(usize),
}

impl Fault {
    fn new(offset: usize, message: impl Into<String>, help: &'static str) -> Fault {
        Fault { offset, message: message.into(), help, steps: Vec::new() }
    }

    /// A value that is not an object cannot be a lead.
    pub(super) fn not_an_object(found: &Value) -> Fault {
        let found = match found {
            Value::List(_) => "a list",
            Value::Text(_) => "a text",
            Value::Null => "`null`",
            Value::Bool(_) => "a bool",
            _ => "a number",
        };
        let message = format!("expected an object, found {found}");
        Fault::new(0, message, "give one object per lead, with its fields as keys")
    }

    fn inside(mut self, step: Step) -> Fault {
        self.steps.push(step);
        self
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => path.extend([".", key]),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    /// As an error about this text.
    pub(super) fn locate(&self, text: &str) -> LeadError {
        let offset = match self.offset {
            // what is wrong with the whole text starts where the text starts
            0 => text.len() - text.trim_start().len(),
            offset => offset,
        };
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        LeadError {
            message: self.message.clone(),
            help: self.help,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            path: self.path(),
        }
    }

    /// In one line, for errors that carry a position of their own or none.
    pub(super) fn describe(&self) -> String {
        format!("{}{}: {}", self.message, in_path(&self.path()), self.help)
    }
}

/// Reads one JSON value.
pub(super) fn parse(text: &str) -> Result<Value, Fault> {
    let mut reader = Reader::new(text);
    let value = reader.value(MAX_DEPTH)?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.malformed("the end of the text")),
    }
}

/// The exact value of a number's digits: whole, decimal, or kept as they are.
pub(super) fn number(digits: &str) -> Value {
    if let Ok(whole) = digits.parse() {
        return Value::Int(whole);
    }
    Fixed::parse(digits).map_or_else(|_| Value::Number(digits.into()), |exact| Value::Decimal(exact.to_decimal()))
}

/// Whether a text is one JSON number.
pub(super) fn is_number(text: &str) -> bool {
    let mut reader = Reader::new(text);
    text.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        && reader.number().is_ok()
        && reader.at == text.len()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// The members of the objects that are open, the outer ones first.
    members: Vec<Member>,
}

/// A key of an object with its value.
struct Member {
    /// Where the key starts.
    offset: usize,
    field: Field,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Reader<'t> {
        Reader { text, at: 0, members: Vec::new() }
    }

    /// The next byte that is not blank.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.next_byte() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                found => return found,
            }
        }
    }

    #[inline]
    fn next_byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Past this byte, if it comes next.
    #[inline]
    fn accept(&mut self, byte: u8) -> bool {
        let found = self.next_byte() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn malformed(&self, expected: &str) -> Fault {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(found) => format!("`{}`", found.escape_debug()),
            None => "the end of the text".to_owned(),
        };
        let message = format!("malformed JSON: expected {expected}, found {found}");
        Fault::new(self.at, message, "correct the text, or let a JSON library write it")
    }

    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        match self.peek() {
            Some(b'{' | b'[') if depth == 0 => {
                let message = format!("lists and objects nest deeper than {MAX_DEPTH} levels");
                Err(Fault::new(self.at, message, "a lead needs four levels: flatten the rest"))
            }
            Some(b'{') => self.object(depth - 1),
            Some(b'[') => self.list(depth - 1),
            Some(b'"') => Ok(Value::Text(match self.string()? {
                Cow::Borrowed(text) => Text::copy_of(text),
                Cow::Owned(text) => Text::new(text),
            })),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.literal(),
            None => Err(self.malformed("a value")),
        }
    }

    fn literal(&mut self) -> Result<Value, Fault> {
        for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
            if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.malformed("a value"))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        let first = self.members.len();
        let read = self.members(depth);
        // in the order of the text, a duplicate comes before whatever went wrong after it
        let ascending = self.members[first..].is_sorted_by(|one, next| one.field.order(&next.field).is_lt());
        let again = if ascending { None } else { self.sort(first) };
        if let Some(fault) = again.or(read.err()) {
            self.members.truncate(first);
            return Err(fault);
        }
        let members = self.members.drain(first..).map(|member| member.field);
        let mut fields = Fields::from_ascending(members);
        // a key that is `null` counts as a key, but not as a field
        fields.retain(|_, value| !matches!(value, Value::Null));
        Ok(Value::Record(fields))
    }

    /// The members of an object, up to its end.
    fn members(&mut self, depth: usize) -> Result<(), Fault> {
        self.at += 1;
        while self.peek() != Some(b'}') {
            let offset = self.at;
            if self.next_byte() != Some(b'"') {
                return Err(self.malformed("a key in double quotes"));
            }
            let name = super::field_name(self.string()?);
            if self.peek() != Some(b':') {
                return Err(self.malformed("`:`").inside(Step::Key((&*name).into())));
            }
            self.at += 1;
            match self.value(depth) {
                Ok(value) => self.members.push(Member { offset, field: Field::new(name, value) }),
                Err(fault) => return Err(fault.inside(Step::Key((&*name).into()))),
            }
            self.separator(b'}', "`,` or `}`", "another key: there is a comma too many")?;
        }
        self.at += 1;
        Ok(())
    }

    /// Sorts the members from `first` on by name. The first that has the name of one before it is a mistake.
    fn sort(&mut self, first: usize) -> Option<Fault> {
        let members = &mut self.members[first..];
        members.sort_unstable_by(|left, right| left.field.order(&right.field).then(left.offset.cmp(&right.offset)));
        let again = members.windows(2).filter(|pair| pair[0].field.name == pair[1].field.name).map(|pair| &pair[1]);
        let again = again.min_by_key(|member| member.offset)?;
        let help = "keep one of them; which one counts is not for us to guess";
        Some(Fault::new(again.offset, "duplicate key", help).inside(Step::Key((&*again.field.name).into())))
    }

    fn list(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut values = Vec::new();
        while self.peek() != Some(b']') {
            let value = self.value(depth).map_err(|fault| fault.inside(Step::Index(values.len())))?;
            values.push(value);
            self.separator(b']', "`,` or `]`", "another value: there is a comma too many")?;
        }
        self.at += 1;
        Ok(Value::List(values))
    }

    /// A comma with something after it, or the end, which stays.
    fn separator(&mut self, end: u8, expected: &str, after_comma: &str) -> Result<(), Fault> {
        match self.peek() {
            Some(b',') => self.at += 1,
            Some(byte) if byte == end => return Ok(()),
            _ => return Err(self.malformed(expected)),
        }
        if self.peek() == Some(end) { Err(self.malformed(after_comma)) } else { Ok(()) }
    }

    /// The exact value of a number, checked against the grammar.
    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        let negative = self.accept(b'-');
        let mut mantissa = 0;
        let mut count = self.at;
        if !self.accept(b'0') {
            self.digits(&mut mantissa)?;
        }
        count = self.at - count;
        let mut places = 0;
        if self.accept(b'.') {
            places = self.at;
            self.digits(&mut mantissa)?;
            places = self.at - places;
        }
        let exponent = self.accept(b'e') || self.accept(b'E');
        if exponent {
            let _signed = self.accept(b'+') || self.accept(b'-');
            self.digits(&mut 0)?;
        }
        // what fifteen digits say is in the range of everything
        if exponent || count + places > 15 {
            return Ok(number(&self.text[start..self.at]));
        }
        let mut mantissa = if negative { -mantissa } else { mantissa };
        if places == 0 {
            return Ok(Value::Int(mantissa));
        }
        while places > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            places -= 1;
        }
        match u32::try_from(places) {
            Ok(places @ ..=12) => Ok(Value::Decimal(Decimal::new(mantissa, places))),
            _ => Ok(number(&self.text[start..self.at])),
        }
    }

    /// At least one digit, put behind those of `value`; with more than 18 of them, the value means nothing.
    #[inline]
    fn digits(&mut self, value: &mut i64) -> Result<(), Fault> {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.next_byte() {
            *value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        if self.at == start { Err(self.malformed("a digit")) } else { Ok(()) }
    }

    /// A text in double quotes; copied only when it has escapes.
    fn string(&mut self) -> Result<Cow<'t, str>, Fault> {
        self.at += 1;
        let mut unescaped: Option<String> = None;
        loop {
            let plain = self.plain();
            match self.next_byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(match unescaped {
                        None => Cow::Borrowed(plain),
                        Some(text) => Cow::Owned(text + plain),
                    });
                }
                Some(b'\\') => {
                    let text = unescaped.get_or_insert_default();
                    text.push_str(plain);
                    text.push(self.escape()?);
                }
                Some(_) => {
                    let message = "malformed JSON: a control character inside a text";
                    return Err(Fault::new(self.at, message, "write it as an escape: `\\n`, `\\t`, `\\u0000`"));
                }
                None => return Err(self.malformed("`\"` at the end of the text value")),
            }
        }
    }

    /// The stretch up to a quote, an escape, or a control character.
    #[inline]
    fn plain(&mut self) -> &'t str {
        let start = self.at;
        let (words, rest) = self.text.as_bytes().get(start..).unwrap_or_default().as_chunks();
        for word in words {
            let stop = first_stop(u64::from_le_bytes(*word));
            self.at += stop;
            if stop < 8 {
                return &self.text[start..self.at];
            }
        }
        self.at += rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
        &self.text[start..self.at]
    }

    fn escape(&mut self) -> Result<char, Fault> {
        self.at += 1;
        let escaped = match self.next_byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.malformed("an escape such as `\\n`")),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// `uXXXX`, twice when the first is half a character.
    fn unicode(&mut self) -> Result<char, Fault> {
        let start = self.at - 1;
        let first = self.code_unit()?;
        let pair: SmallVec<[u16; 2]> =
            if (0xD800..0xDC00).contains(&first) && self.accept(b'\\') && self.next_byte() == Some(b'u') {
                SmallVec::from([first, self.code_unit()?])
            } else {
                SmallVec::from_iter([first])
            };
        match char::decode_utf16(pair).next() {
            Some(Ok(found)) => Ok(found),
            _ => Err(Fault::new(
                start,
                "malformed JSON: half of a surrogate pair is no character",
                "whoever wrote it cut a text in the middle of a character: cut elsewhere, or drop the half",
            )),
        }
    }

    fn code_unit(&mut self) -> Result<u16, Fault> {
        self.at += 1;
        let digits = self.text.as_bytes().get(self.at..self.at + 4).unwrap_or_default();
        let unit = digits.iter().try_fold(0_u16, |unit, &digit| {
            let value = u16::try_from(char::from(digit).to_digit(16)?).ok()?;
            Some(unit << 4 | value)
        });
        match unit {
            Some(unit) if digits.len() == 4 => {
                self.at += 4;
                Ok(unit)
            }
            _ => Err(self.malformed("four hexadecimal digits")),
        }
    }
}

/// Which byte of eight is the first that is a quote, a backslash or a control character; 8 for none.
#[inline]
fn first_stop(word: u64) -> usize {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    // a byte below `least` borrows from its high bit; a borrow is only ever taken from a byte behind the first one
    let below = |word: u64, least: u8| word.wrapping_sub(each(least)) & !word;
    let stops = below(word, 0x20) | below(word ^ each(b'"'), 1) | below(word ^ each(b'\\'), 1);
    (stops & each(0x80)).trailing_zeros() as usize / 8
}
