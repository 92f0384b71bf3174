//! cel: Google's expression language, walked as a tree. Amounts are cents, since its numbers are whole or floating.

use super::expressions::{self, Language};
use super::{Many, One};
use crate::model::{Syntax, Test, labels, members, quoted};
use crate::record::{AMOUNTS, BOOLS, INTS, LABELS, Record, SETS, TEXTS};
use cel::common::types::CelString;
use cel::{Context, Env, Program, Value};
use std::sync::Arc;

struct Cel(Arc<Env>);

impl Syntax for Cel {
    fn leaf(&self, test: &Test) -> String {
        let range = |name: &str, low: Option<i64>, high: Option<i64>| match (low, high) {
            (Some(low), Some(high)) => format!("({name} >= {low} && {name} < {high})"),
            (Some(low), None) => format!("{name} >= {low}"),
            (None, Some(high)) => format!("{name} < {high}"),
            (None, None) => unreachable!("no range is open on both sides"),
        };
        match test {
            Test::Label(field, list) if list.len() == 1 => {
                format!("{} == {}", LABELS[*field], quoted(labels(*field, list), ", "))
            }
            Test::Label(field, list) => format!("{} in [{}]", LABELS[*field], quoted(labels(*field, list), ", ")),
            Test::Int(field, low, high) => range(INTS[*field], *low, *high),
            Test::Amount(field, low, high) => {
                let range = range(AMOUNTS[*field], *low, *high);
                if AMOUNTS[*field] == "budget" { format!("(budget != null && {range})") } else { range }
            }
            Test::Bool(field, true) => BOOLS[*field].to_owned(),
            Test::Bool(field, false) => format!("!{}", BOOLS[*field]),
            Test::Any(field, list) => {
                let each = members(*field, list).map(|member| format!("\"{member}\" in {}", SETS[*field]));
                format!("({})", each.collect::<Vec<_>>().join(" || "))
            }
            Test::Text(field, needles) => {
                let each = needles.iter().map(|needle| format!("{}.contains(\"{needle}\")", TEXTS[*field]));
                format!("({})", each.collect::<Vec<_>>().join(" || "))
            }
            Test::Title(present) => format!("title {} null", if *present { "!=" } else { "==" }),
            Test::Budget(present) => format!("budget {} null", if *present { "!=" } else { "==" }),
            Test::All(_) | Test::Or(_) => self.condition(test),
        }
    }
}

impl Language for Cel {
    type Program = Program;

    fn compile(&mut self, source: &str) -> Program {
        self.0.compile(source).unwrap_or_else(|error| panic!("{error} in {source}"))
    }

    fn run(&mut self, record: &'static Record, programs: &[Program], mut take: impl FnMut(usize, i64)) {
        let context = self.context(record);
        for (index, program) in programs.iter().enumerate() {
            match program.execute(&context) {
                Ok(Value::Bool(value)) => take(index, i64::from(value)),
                Ok(Value::Int(value)) => take(index, value),
                other => panic!("{other:?}"),
            }
        }
    }
}

impl Cel {
    fn context(&self, record: &'static Record) -> Context<'static, 'static> {
        let mut context = Context::with_env(Arc::clone(&self.0));
        for (field, name) in LABELS.iter().enumerate() {
            match record.label(field) {
                Some(label) => context.add_variable_as_val(*name, Box::new(CelString::from(label))),
                None => context.add_variable_from_value(*name, Value::Null),
            }
        }
        for (field, name) in INTS.iter().enumerate() {
            context.add_variable_from_value(*name, record.int(field));
        }
        for (field, name) in AMOUNTS.iter().enumerate() {
            context.add_variable_from_value(*name, record.amount(field));
        }
        for (field, name) in BOOLS.iter().enumerate() {
            context.add_variable_from_value(*name, record.bool(field));
        }
        for (field, name) in SETS.iter().enumerate() {
            let members: Vec<&str> = record.set(field).iter().map(String::as_str).collect();
            context.add_variable_from_value(*name, members);
        }
        for (field, name) in TEXTS.iter().enumerate() {
            context.add_variable_as_val(*name, Box::new(CelString::from(record.text(field))));
        }
        context
    }
}

fn language() -> Cel {
    Cel(Arc::new(Env::stdlib()))
}

pub fn compile(rules: &[Test]) -> Box<dyn Many> {
    expressions::many(language(), rules)
}

pub fn one() -> Box<dyn One> {
    expressions::one(language())
}
