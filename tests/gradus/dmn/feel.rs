//! The part of FEEL that decision tables are written in: values, the entries of a cell, and what they mean, word by word.
//!
//! This is the plain truth that translated tables are compared with. `null` is `None`, and so is a test that is neither
//! true nor false.

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A value that is not `null`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Number(Decimal),
    Text(String),
    Bool(bool),
    Date(Date),
    Time(Time),
    Duration(SignedDuration),
}

/// What the inputs of a table hold, by expression; what is not in it is `null`.
pub(crate) type Scope = BTreeMap<String, Value>;

/// What stands in a cell under an input.
#[derive(Debug)]
pub(crate) enum Entry {
    /// `-`
    Any,
    /// `"Medium", "Low"`
    Some(Vec<Test>),
    /// `not("Medium", "Low")`
    Not(Vec<Test>),
}

/// One test of an input.
#[derive(Debug)]
pub(crate) enum Test {
    /// `"Medium"`, `Complex.aNumber`
    Equal(Operand),
    /// `>= 18`, `< Complex.aNumber`
    Compare(&'static str, Operand),
    /// `[18..65)`; whether the ends belong to it
    Between((bool, Value), (Value, bool)),
}

/// What an input is compared with.
#[derive(Debug)]
pub(crate) enum Operand {
    Constant(Value),
    Input(String),
}

impl Value {
    /// `"Low"`, `100`, `true`, `date("2016-10-01")`; nothing for any other expression.
    pub(crate) fn parse(text: &str) -> Option<Value> {
        let text = text.trim();
        if let Some(quoted) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            return (!quoted.contains('"')).then(|| Value::Text(quoted.to_owned()));
        }
        if let Some((function, argument)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
            return Value::of_type(function, argument.trim().trim_matches('"'));
        }
        text.parse().map(Value::Bool).or_else(|_| text.parse().map(Value::Number)).ok()
    }

    /// A value by the name of its type, as cases and the functions of FEEL write them.
    pub(crate) fn of_type(kind: &str, text: &str) -> Option<Value> {
        match kind {
            "decimal" | "double" => text.parse().ok().map(Value::Number),
            "string" => Some(Value::Text(text.to_owned())),
            "boolean" => text.parse().ok().map(Value::Bool),
            "date" => text.parse().ok().map(Value::Date),
            "time" => text.parse().ok().map(Value::Time),
            "duration" => text.parse().ok().map(Value::Duration),
            _ => None,
        }
    }
}

impl Entry {
    /// Reads a cell; the error is what it could not read.
    pub(crate) fn parse(text: &str) -> Result<Entry, String> {
        let text = text.trim();
        let tests = |text: &str| split(text).into_iter().map(Test::parse).collect::<Result<Vec<Test>, String>>();
        if text == "-" {
            return Ok(Entry::Any);
        }
        match text.strip_prefix("not(").and_then(|rest| rest.strip_suffix(')')) {
            Some(inner) => tests(inner).map(Entry::Not),
            None => tests(text).map(Entry::Some),
        }
    }

    /// The tests of the cell.
    pub(crate) fn tests(&self) -> &[Test] {
        match self {
            Entry::Any => &[],
            Entry::Some(tests) | Entry::Not(tests) => tests,
        }
    }

    /// Whether the cell holds for an input: the disjunction of its tests, of three values.
    pub(crate) fn holds(&self, input: Option<&Value>, scope: &Scope) -> Option<bool> {
        let disjunction = |tests: &[Test]| {
            let truths: Vec<Option<bool>> = tests.iter().map(|test| test.holds(input, scope)).collect();
            let unknown = truths.contains(&None);
            if truths.contains(&Some(true)) { Some(true) } else { (!unknown).then_some(false) }
        };
        match self {
            Entry::Any => Some(true),
            Entry::Some(tests) => disjunction(tests),
            Entry::Not(tests) => disjunction(tests).map(|truth| !truth),
        }
    }
}

impl Test {
    fn parse(text: &str) -> Result<Test, String> {
        let text = text.trim();
        if let Some(operator) = [">=", "<=", ">", "<"].into_iter().find(|operator| text.starts_with(operator)) {
            return Ok(Test::Compare(operator, Operand::parse(&text[operator.len()..])?));
        }
        let ends =
            text.split_once("..").filter(|_| text.starts_with(['[', '(', ']']) && text.ends_with([']', ')', '[']));
        let Some((low, high)) = ends else { return Operand::parse(text).map(Test::Equal) };
        let end =
            |text: &str| Value::parse(text).ok_or_else(|| format!("cannot read the end of an interval: `{text}`"));
        let low_end = (low.starts_with('['), end(&low[1..])?);
        Ok(Test::Between(low_end, (end(&high[..high.len() - 1])?, high.ends_with(']'))))
    }

    /// `null` equals only `null`; in any other comparison with it nothing is known.
    fn holds(&self, input: Option<&Value>, scope: &Scope) -> Option<bool> {
        match self {
            Test::Equal(operand) => Some(input == operand.value(scope)),
            Test::Compare(operator, operand) => {
                let order = input?.cmp(operand.value(scope)?);
                Some(match *operator {
                    ">=" => order != Ordering::Less,
                    "<=" => order != Ordering::Greater,
                    ">" => order == Ordering::Greater,
                    _ => order == Ordering::Less,
                })
            }
            Test::Between((low_closed, low), (high, high_closed)) => {
                let above = if *low_closed { input? >= low } else { input? > low };
                let below = if *high_closed { input? <= high } else { input? < high };
                Some(above && below)
            }
        }
    }
}

impl Operand {
    fn parse(text: &str) -> Result<Operand, String> {
        let text = text.trim();
        let is_name = |text: &str| {
            text.starts_with(char::is_alphabetic) && text.chars().all(|c| c.is_alphanumeric() || " ._".contains(c))
        };
        match Value::parse(text) {
            Some(value) => Ok(Operand::Constant(value)),
            None if is_name(text) => Ok(Operand::Input(text.to_owned())),
            None => Err(format!("cannot read the test `{text}`")),
        }
    }

    fn value<'v>(&'v self, scope: &'v Scope) -> Option<&'v Value> {
        match self {
            Operand::Constant(value) => Some(value),
            Operand::Input(name) => scope.get(name),
        }
    }
}

/// The parts between commas that stand in no quotes and no brackets.
pub(crate) fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut depth) = (Vec::new(), 0, false, 0);
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}
