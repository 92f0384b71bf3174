//! wirefilter-engine: conditions alone, compiled to closures. It has no sets, no missing values and whole numbers of 32
//! bits: a member of a set that rules mention is a boolean field of its own, a missing title is empty, a missing budget
//! is -1, amounts are cents.

use super::{Many, One};
use crate::model::{Syntax, Test, labels, quoted};
use crate::record::{AMOUNTS, BOOLS, INTS, LABELS, MEMBERS, Record, SETS, TEXTS};
use crate::w1::{self, Model, Outcome};
use std::collections::BTreeSet;
use wirefilter::{ExecutionContext, Filter, Scheme, Type};

struct Language;

impl Syntax for Language {
    fn leaf(&self, test: &Test) -> String {
        let range = |name: &str, low: Option<i64>, high: Option<i64>| match (low, high) {
            (Some(low), Some(high)) => format!("{name} in {{{low}..{}}}", high - 1),
            (Some(low), None) => format!("{name} >= {low}"),
            (None, Some(high)) => format!("{name} < {high}"),
            (None, None) => unreachable!("no range is open on both sides"),
        };
        match test {
            Test::Label(field, list) if list.len() == 1 => {
                format!("{} == {}", LABELS[*field], quoted(labels(*field, list), " "))
            }
            Test::Label(field, list) => format!("{} in {{{}}}", LABELS[*field], quoted(labels(*field, list), " ")),
            Test::Int(field, low, high) => range(INTS[*field], *low, *high),
            // -1 is no budget
            Test::Amount(field, low, high) => range(AMOUNTS[*field], low.or(Some(0)), *high),
            Test::Bool(field, true) => BOOLS[*field].to_owned(),
            Test::Bool(field, false) => format!("not {}", BOOLS[*field]),
            Test::Any(field, list) => either(list.iter().map(|member| name(*field, *member))),
            Test::Text(field, needles) => {
                either(needles.iter().map(|needle| format!("{} contains \"{needle}\"", TEXTS[*field])))
            }
            Test::Title(present) => format!("title {} \"\"", if *present { "!=" } else { "==" }),
            Test::Budget(present) => format!("budget {} 0", if *present { ">=" } else { "<" }),
            Test::All(_) | Test::Or(_) => self.condition(test),
        }
    }
}

fn either(list: impl Iterator<Item = String>) -> String {
    let list: Vec<String> = list.collect();
    if list.len() == 1 { list.concat() } else { format!("({})", list.join(" || ")) }
}

fn name(set: usize, member: usize) -> String {
    format!("{}.m{member}", SETS[set])
}

/// The fields, and how a record is set. A filter cannot outlive its scheme, nor a value the filter: the scheme is leaked.
struct Engine {
    scheme: &'static Scheme,
    /// Of each set, the members that rules mention, with their labels and the names of their fields.
    members: [Vec<(&'static str, String)>; 2],
}

impl Engine {
    fn new<'t>(tests: impl Iterator<Item = &'t Test>) -> Engine {
        let mut mentioned = [BTreeSet::new(), BTreeSet::new()];
        for test in tests {
            test.leaves(&mut |leaf| {
                if let Test::Any(field, list) = leaf {
                    mentioned[*field].extend(list);
                }
            });
        }
        let member = |set: usize, member: usize| (MEMBERS[set][member].as_str(), name(set, member));
        let members = [0, 1].map(|set| mentioned[set].iter().map(|it| member(set, *it)).collect::<Vec<_>>());
        let mut scheme = Scheme::new();
        let kinds = [(&LABELS[..], Type::Bytes), (&TEXTS, Type::Bytes), (&INTS, Type::Int), (&AMOUNTS, Type::Int)];
        let fields = kinds.iter().flat_map(|(names, kind)| names.iter().map(|name| ((*name).to_owned(), *kind)));
        let flags = BOOLS.iter().map(|name| (*name).to_owned());
        let flags = flags.chain(members.iter().flatten().map(|(_, name)| name.clone())).map(|name| (name, Type::Bool));
        for (name, kind) in fields.chain(flags) {
            scheme.add_field(name, kind).expect("names differ");
        }
        Engine { scheme: Box::leak(Box::new(scheme)), members }
    }

    fn compile(&self, test: &Test) -> Filter<'static> {
        let source = Language.condition(test);
        self.scheme.parse(&source).unwrap_or_else(|error| panic!("{error}")).compile()
    }

    fn context(&self, record: &'static Record) -> ExecutionContext<'static> {
        let mut context = ExecutionContext::new(self.scheme);
        for (field, name) in LABELS.iter().enumerate() {
            context.set_field_value(name, record.label(field).unwrap_or("")).expect("bytes");
        }
        for (field, name) in TEXTS.iter().enumerate() {
            context.set_field_value(name, record.text(field)).expect("bytes");
        }
        for (field, name) in INTS.iter().enumerate() {
            context.set_field_value(name, record.int(field) as i32).expect("int");
        }
        for (field, name) in AMOUNTS.iter().enumerate() {
            context.set_field_value(name, record.amount(field).unwrap_or(-1) as i32).expect("int");
        }
        for (field, name) in BOOLS.iter().enumerate() {
            context.set_field_value(name, record.bool(field)).expect("bool");
        }
        for (set, members) in self.members.iter().enumerate() {
            for (label, name) in members {
                let has = record.set(set).iter().any(|own| own == label);
                context.set_field_value(name, has).expect("bool");
            }
        }
        context
    }
}

struct Rules(Engine, Vec<Filter<'static>>);

pub fn compile(rules: &[Test]) -> Box<dyn Many> {
    let engine = Engine::new(rules.iter());
    let filters = rules.iter().map(|rule| engine.compile(rule)).collect();
    Box::new(Rules(engine, filters))
}

impl Many for Rules {
    fn matches(&mut self, record: &'static Record, found: &mut Vec<u32>) {
        let context = self.0.context(record);
        let matching = (0..).zip(&self.1).filter(|(_, filter)| filter.execute(&context) == Ok(true));
        found.extend(matching.map(|(index, _)| index));
    }
}

struct File(Engine, Model<Filter<'static>>);

pub fn one() -> Box<dyn One> {
    let model = w1::model();
    let engine = Engine::new(model.conditions().into_iter());
    let filters = model.map(|test| engine.compile(test));
    Box::new(File(engine, filters))
}

impl One for File {
    fn evaluate(&mut self, record: &'static Record) -> Outcome {
        let context = self.0.context(record);
        self.1.evaluate(|filter| filter.execute(&context) == Ok(true))
    }
}
