//! rhai: a scripting language, walked as a tree. Amounts are cents, since its numbers are whole or floating.

use super::expressions::{self, Language};
use super::{Many, One};
use crate::model::{Syntax, Test, labels, members, quoted};
use crate::record::{AMOUNTS, BOOLS, INTS, LABELS, Record, SETS, TEXTS};
use rhai::{AST, Dynamic, Engine, Scope};
use std::fmt::Write as _;

struct Rhai(Engine);

impl Syntax for Rhai {
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
                if AMOUNTS[*field] == "budget" { format!("(budget != () && {range})") } else { range }
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
            Test::Title(present) => format!("title {} ()", if *present { "!=" } else { "==" }),
            Test::Budget(present) => format!("budget {} ()", if *present { "!=" } else { "==" }),
            Test::All(_) | Test::Or(_) => self.condition(test),
        }
    }
}

impl Language for Rhai {
    type Program = AST;

    fn compile(&mut self, source: &str) -> AST {
        self.0.compile_expression(source).unwrap_or_else(|error| panic!("{error} in {source}"))
    }

    fn run(&mut self, record: &'static Record, programs: &[AST], mut take: impl FnMut(usize, i64)) {
        let mut scope = scope(record);
        for (index, program) in programs.iter().enumerate() {
            let value: Dynamic =
                self.0.eval_ast_with_scope(&mut scope, program).unwrap_or_else(|error| panic!("{error}"));
            take(index, value.as_bool().map(i64::from).or_else(|_| value.as_int()).expect("a condition or points"));
        }
    }

    fn ladder(&self, rungs: &[(String, i64)], otherwise: i64) -> String {
        let mut source = String::new();
        for (test, value) in rungs {
            let _ = write!(source, "if {test} {{ {value} }} else ");
        }
        format!("{source}{{ {otherwise} }}")
    }
}

fn scope(record: &Record) -> Scope<'static> {
    let mut scope = Scope::with_capacity(24);
    for (field, name) in LABELS.iter().enumerate() {
        scope.push_constant_dynamic(*name, record.label(field).map_or(Dynamic::UNIT, Into::into));
    }
    for (field, name) in INTS.iter().enumerate() {
        scope.push_constant(*name, record.int(field));
    }
    for (field, name) in AMOUNTS.iter().enumerate() {
        scope.push_constant_dynamic(*name, record.amount(field).map_or(Dynamic::UNIT, Dynamic::from));
    }
    for (field, name) in BOOLS.iter().enumerate() {
        scope.push_constant(*name, record.bool(field));
    }
    for (field, name) in SETS.iter().enumerate() {
        let members: rhai::Array = record.set(field).iter().map(|member| member.as_str().into()).collect();
        scope.push_constant(*name, members);
    }
    for (field, name) in TEXTS.iter().enumerate() {
        scope.push_constant_dynamic(*name, record.text(field).into());
    }
    scope
}

pub fn compile(rules: &[Test]) -> Box<dyn Many> {
    expressions::many(Rhai(Engine::new()), rules)
}

pub fn one() -> Box<dyn One> {
    expressions::one(Rhai(Engine::new()))
}
