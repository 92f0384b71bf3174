//! datalogic-rs: JSON Logic, compiled; data and results in arenas. Amounts are cents, since its numbers are whole or
//! floating.

use super::expressions::{self, Language};
use super::{Many, One};
use crate::model::{Syntax, Test, labels, members, quoted};
use crate::record::{AMOUNTS, BOOLS, INTS, LABELS, Record, SETS, TEXTS};
use datalogic_rs::bumpalo::Bump;
use datalogic_rs::{DataValue, Engine, Logic};

struct DataLogic {
    engine: Engine,
    data: Bump,
    results: Bump,
}

fn var(name: &str) -> String {
    format!("{{\"var\":\"{name}\"}}")
}

fn call(operator: &str, arguments: &[String]) -> String {
    match arguments {
        [one] if operator != "!" => one.clone(),
        _ => format!("{{\"{operator}\":[{}]}}", arguments.join(",")),
    }
}

impl Syntax for DataLogic {
    fn leaf(&self, test: &Test) -> String {
        let null =
            |name: &str, present: bool| format!("{{\"{}\":[{},null]}}", if present { "!==" } else { "===" }, var(name));
        let range = |name: &str, low: Option<i64>, high: Option<i64>| match (low, high) {
            (Some(low), Some(high)) => {
                format!("{{\"and\":[{{\">=\":[{0},{low}]}},{{\"<\":[{0},{high}]}}]}}", var(name))
            }
            (Some(low), None) => format!("{{\">=\":[{},{low}]}}", var(name)),
            (None, Some(high)) => format!("{{\"<\":[{},{high}]}}", var(name)),
            (None, None) => unreachable!("no range is open on both sides"),
        };
        match test {
            Test::Label(field, list) if list.len() == 1 => {
                format!("{{\"===\":[{},{}]}}", var(LABELS[*field]), quoted(labels(*field, list), ","))
            }
            Test::Label(field, list) => {
                format!("{{\"in\":[{},[{}]]}}", var(LABELS[*field]), quoted(labels(*field, list), ","))
            }
            Test::Int(field, low, high) => range(INTS[*field], *low, *high),
            Test::Amount(field, low, high) => {
                let range = range(AMOUNTS[*field], *low, *high);
                if AMOUNTS[*field] == "budget" { call("and", &[null("budget", true), range]) } else { range }
            }
            Test::Bool(field, true) => var(BOOLS[*field]),
            Test::Bool(field, false) => call("!", &[var(BOOLS[*field])]),
            Test::Any(field, list) => {
                let each =
                    members(*field, list).map(|member| format!("{{\"in\":[\"{member}\",{}]}}", var(SETS[*field])));
                call("or", &each.collect::<Vec<_>>())
            }
            Test::Text(field, needles) => {
                let each = needles.iter().map(|needle| format!("{{\"in\":[\"{needle}\",{}]}}", var(TEXTS[*field])));
                call("or", &each.collect::<Vec<_>>())
            }
            Test::Title(present) => null("title", *present),
            Test::Budget(present) => null("budget", *present),
            Test::All(_) | Test::Or(_) => self.condition(test),
        }
    }

    fn condition(&self, test: &Test) -> String {
        match test {
            Test::All(list) => call("and", &list.iter().map(|test| self.condition(test)).collect::<Vec<_>>()),
            Test::Or(list) => call("or", &list.iter().map(|test| self.condition(test)).collect::<Vec<_>>()),
            leaf => self.leaf(leaf),
        }
    }
}

impl Language for DataLogic {
    type Program = Logic;

    fn compile(&mut self, source: &str) -> Logic {
        self.engine.compile(source).unwrap_or_else(|error| panic!("{error} in {source}"))
    }

    fn run(&mut self, record: &'static Record, programs: &[Logic], mut take: impl FnMut(usize, i64)) {
        self.data.reset();
        self.results.reset();
        let data: &DataValue<'_> = value(record, &self.data);
        for (index, program) in programs.iter().enumerate() {
            let result = self.engine.evaluate(program, data, &self.results).unwrap_or_else(|error| panic!("{error}"));
            take(index, result.as_bool().map(i64::from).or_else(|| result.as_i64()).expect("a condition or points"));
        }
    }

    fn ladder(&self, rungs: &[(String, i64)], otherwise: i64) -> String {
        let mut parts: Vec<String> = rungs.iter().flat_map(|(test, value)| [test.clone(), value.to_string()]).collect();
        parts.push(otherwise.to_string());
        format!("{{\"if\":[{}]}}", parts.join(","))
    }
}

fn value<'a>(record: &'a Record, arena: &'a Bump) -> &'a DataValue<'a> {
    let mut fields: Vec<(&str, DataValue<'a>)> = Vec::with_capacity(24);
    for (field, name) in LABELS.iter().enumerate() {
        fields.push((name, record.label(field).map_or(DataValue::Null, DataValue::String)));
    }
    for (field, name) in INTS.iter().enumerate() {
        fields.push((name, DataValue::from_i64(record.int(field))));
    }
    for (field, name) in AMOUNTS.iter().enumerate() {
        fields.push((name, record.amount(field).map_or(DataValue::Null, DataValue::from_i64)));
    }
    for (field, name) in BOOLS.iter().enumerate() {
        fields.push((name, DataValue::Bool(record.bool(field))));
    }
    for (field, name) in SETS.iter().enumerate() {
        let members = record.set(field).iter().map(|member| DataValue::String(member));
        fields.push((name, DataValue::Array(arena.alloc_slice_fill_iter(members))));
    }
    for (field, name) in TEXTS.iter().enumerate() {
        fields.push((name, DataValue::String(record.text(field))));
    }
    arena.alloc(DataValue::Object(arena.alloc_slice_copy(&fields)))
}

fn language() -> DataLogic {
    DataLogic { engine: Engine::new(), data: Bump::new(), results: Bump::new() }
}

pub fn compile(rules: &[Test]) -> Box<dyn Many> {
    expressions::many(language(), rules)
}

pub fn one() -> Box<dyn One> {
    expressions::one(language())
}
