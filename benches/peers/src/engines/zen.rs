//! zen-expression: bytecode for a virtual machine; numbers are decimals, as they are in the host's hands.

use super::expressions::{self, Language};
use super::{Many, One};
use crate::model::{Syntax, Test, labels, members, quoted};
use crate::record::{AMOUNTS, BOOLS, INTS, LABELS, Record, SETS, TEXTS};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use zen_expression::Isolate;
use zen_expression::expression::{Expression, Standard};
use zen_expression::variable::{Symbol, Variable, VariableMap};

struct Zen(Isolate);

impl Syntax for Zen {
    fn leaf(&self, test: &Test) -> String {
        let range = |name: &str, low: Option<String>, high: Option<String>| match (low, high) {
            (Some(low), Some(high)) => format!("{name} in [{low}..{high})"),
            (Some(low), None) => format!("{name} >= {low}"),
            (None, Some(high)) => format!("{name} < {high}"),
            (None, None) => unreachable!("no range is open on both sides"),
        };
        let whole = |value: &i64| value.to_string();
        let cents = |value: &i64| Decimal::new(*value, 2).normalize().to_string();
        match test {
            Test::Label(field, list) if list.len() == 1 => {
                format!("{} == {}", LABELS[*field], quoted(labels(*field, list), ", "))
            }
            Test::Label(field, list) => format!("{} in [{}]", LABELS[*field], quoted(labels(*field, list), ", ")),
            Test::Int(field, low, high) => range(INTS[*field], low.as_ref().map(whole), high.as_ref().map(whole)),
            Test::Amount(field, low, high) => {
                let range = range(AMOUNTS[*field], low.as_ref().map(cents), high.as_ref().map(cents));
                if AMOUNTS[*field] == "budget" { format!("(budget != null and {range})") } else { range }
            }
            Test::Bool(field, wanted) => format!("{} == {wanted}", BOOLS[*field]),
            Test::Any(field, list) if list.len() == 1 => {
                format!("contains({}, {})", SETS[*field], quoted(members(*field, list), ", "))
            }
            Test::Any(field, list) => format!("some({}, # in [{}])", SETS[*field], quoted(members(*field, list), ", ")),
            Test::Text(field, needles) => {
                let each = needles.iter().map(|needle| format!("contains({}, \"{needle}\")", TEXTS[*field]));
                format!("({})", each.collect::<Vec<_>>().join(" or "))
            }
            Test::Title(present) => format!("title {} null", if *present { "!=" } else { "==" }),
            Test::Budget(present) => format!("budget {} null", if *present { "!=" } else { "==" }),
            Test::All(_) | Test::Or(_) => self.condition(test),
        }
    }

    fn and(&self) -> &'static str {
        " and "
    }

    fn or(&self) -> &'static str {
        " or "
    }
}

impl Language for Zen {
    type Program = Expression<Standard>;

    fn compile(&mut self, source: &str) -> Expression<Standard> {
        self.0.compile_standard(source).unwrap_or_else(|error| panic!("{error} in {source}"))
    }

    fn run(&mut self, record: &'static Record, programs: &[Expression<Standard>], mut take: impl FnMut(usize, i64)) {
        self.0.set_environment(variable(record));
        for (index, program) in programs.iter().enumerate() {
            match self.0.run_compiled(program.bytecode()) {
                Ok(Variable::Bool(value)) => take(index, i64::from(value)),
                Ok(Variable::Number(value)) => take(index, value.to_i64().expect("a small number")),
                other => panic!("{other:?}"),
            }
        }
    }
}

fn variable(record: &Record) -> Variable {
    let text = |text: &str| Variable::String(Symbol::from(text));
    let mut map = VariableMap::with_capacity(24);
    let mut set = |name: &'static str, value| drop(map.insert(Symbol::from_static(name), value));
    for (field, name) in LABELS.iter().enumerate() {
        set(name, record.label(field).map_or(Variable::Null, text));
    }
    for (field, name) in INTS.iter().enumerate() {
        set(name, Variable::Number(record.int(field).into()));
    }
    for (field, name) in AMOUNTS.iter().enumerate() {
        set(name, record.amount(field).map_or(Variable::Null, |cents| Variable::Number(Decimal::new(cents, 2))));
    }
    for (field, name) in BOOLS.iter().enumerate() {
        set(name, Variable::Bool(record.bool(field)));
    }
    for (field, name) in SETS.iter().enumerate() {
        set(name, Variable::from_array(record.set(field).iter().map(|member| text(member)).collect()));
    }
    for (field, name) in TEXTS.iter().enumerate() {
        set(name, text(record.text(field)));
    }
    Variable::from_object(map)
}

pub fn compile(rules: &[Test]) -> Box<dyn Many> {
    expressions::many(Zen(Isolate::new()), rules)
}

pub fn one() -> Box<dyn One> {
    expressions::one(Zen(Isolate::new()))
}
