//! a-tree: an index of boolean expressions, built for many. It cannot search in texts: the host does, once for each
//! needle that rules mention, and hands over booleans. Amounts are cents.

use super::{Many, One};
use crate::model::{Syntax, Test, labels, members, quoted};
use crate::record::{AMOUNTS, BOOLS, INTS, LABELS, Record, SETS};
use crate::w1::{self, Model, Outcome};
use a_tree::{ATree, AttributeDefinition, Event};

/// Field and needle of each text test.
struct Language(Vec<(usize, &'static str)>);

impl Language {
    fn atom(&self, field: usize, needle: &str) -> String {
        let at = self.0.iter().position(|it| *it == (field, needle));
        format!("text_{}", at.expect("all text tests were collected"))
    }
}

impl Syntax for Language {
    fn leaf(&self, test: &Test) -> String {
        let range = |name: &str, low: Option<i64>, high: Option<i64>| match (low, high) {
            (Some(low), Some(high)) => format!("({name} >= {low} and {name} < {high})"),
            (Some(low), None) => format!("{name} >= {low}"),
            (None, Some(high)) => format!("{name} < {high}"),
            (None, None) => unreachable!("no range is open on both sides"),
        };
        match test {
            Test::Label(field, list) if list.len() == 1 => {
                format!("{} = {}", LABELS[*field], quoted(labels(*field, list), ", "))
            }
            Test::Label(field, list) => format!("{} in [{}]", LABELS[*field], quoted(labels(*field, list), ", ")),
            Test::Int(field, low, high) => range(INTS[*field], *low, *high),
            Test::Amount(field, low, high) => range(AMOUNTS[*field], *low, *high),
            Test::Bool(field, true) => BOOLS[*field].to_owned(),
            Test::Bool(field, false) => format!("not {}", BOOLS[*field]),
            Test::Any(field, list) => format!("{} one of [{}]", SETS[*field], quoted(members(*field, list), ", ")),
            Test::Text(field, needles) => {
                let atoms: Vec<String> = needles.iter().map(|needle| self.atom(*field, needle)).collect();
                format!("({})", atoms.join(" or "))
            }
            Test::Title(present) => format!("title is {}null", if *present { "not " } else { "" }),
            Test::Budget(present) => format!("budget is {}null", if *present { "not " } else { "" }),
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

struct Rules {
    tree: ATree<u32>,
    texts: Vec<(usize, &'static str, String)>,
}

impl Rules {
    fn new(rules: &[&Test]) -> Rules {
        let mut language = Language(Vec::new());
        for rule in rules {
            rule.leaves(&mut |leaf| {
                if let Test::Text(field, needles) = leaf {
                    language.0.extend(needles.iter().map(|needle| (*field, *needle)));
                }
            });
        }
        language.0.sort_unstable();
        language.0.dedup();
        let named = |(field, needle): &(usize, &'static str)| (*field, *needle, language.atom(*field, needle));
        let texts: Vec<_> = language.0.iter().map(named).collect();
        let mut attributes: Vec<AttributeDefinition> = Vec::new();
        attributes.extend(LABELS.iter().map(|name| AttributeDefinition::string(name)));
        attributes.extend(INTS.iter().chain(&AMOUNTS).map(|name| AttributeDefinition::integer(name)));
        attributes.extend(BOOLS.iter().map(|name| AttributeDefinition::boolean(name)));
        attributes.extend(SETS.iter().map(|name| AttributeDefinition::string_list(name)));
        attributes.extend(texts.iter().map(|(_, _, name)| AttributeDefinition::boolean(name)));
        let mut tree = ATree::new(&attributes).unwrap_or_else(|error| panic!("{error}"));
        for (id, rule) in (0..).zip(rules) {
            let source = language.condition(rule);
            if let Err(error) = tree.insert(&id, &source) {
                panic!("{error}");
            }
        }
        Rules { tree, texts }
    }

    fn event(&self, record: &Record) -> Event {
        let mut event = self.tree.make_event();
        for (field, name) in LABELS.iter().enumerate() {
            if let Some(label) = record.label(field) {
                event.with_string(name, label).expect("a string");
            }
        }
        for (field, name) in INTS.iter().enumerate() {
            event.with_integer(name, record.int(field)).expect("an integer");
        }
        for (field, name) in AMOUNTS.iter().enumerate() {
            if let Some(cents) = record.amount(field) {
                event.with_integer(name, cents).expect("an integer");
            }
        }
        for (field, name) in BOOLS.iter().enumerate() {
            event.with_boolean(name, record.bool(field)).expect("a boolean");
        }
        for (field, name) in SETS.iter().enumerate() {
            let members: Vec<&str> = record.set(field).iter().map(String::as_str).collect();
            event.with_string_list(name, &members).expect("a list of strings");
        }
        for (field, needle, name) in &self.texts {
            event.with_boolean(name, record.text(*field).contains(needle)).expect("a boolean");
        }
        event.build().expect("all attributes are known")
    }
}

pub fn compile(rules: &[Test]) -> Box<dyn Many> {
    Box::new(Rules::new(&rules.iter().collect::<Vec<_>>()))
}

impl Many for Rules {
    fn matches(&mut self, record: &'static Record, found: &mut Vec<u32>) {
        let event = self.event(record);
        let report = self.tree.search(&event).expect("an event of this tree");
        found.extend(report.matches().iter().copied());
    }
}

/// All conditions are one tree; which of them hold is looked up.
struct File {
    rules: Rules,
    model: Model<usize>,
    holding: Vec<bool>,
}

pub fn one() -> Box<dyn One> {
    let model = w1::model();
    let conditions = model.conditions();
    let rules = Rules::new(&conditions);
    let holding = vec![false; conditions.len()];
    let mut next = 0..;
    let numbered = model.map(|_| next.next().expect("no end"));
    Box::new(File { rules, model: numbered, holding })
}

impl One for File {
    fn evaluate(&mut self, record: &'static Record) -> Outcome {
        let event = self.rules.event(record);
        let report = self.rules.tree.search(&event).expect("an event of this tree");
        self.holding.fill(false);
        report.matches().iter().for_each(|&&id| self.holding[id as usize] = true);
        self.model.evaluate(|&id| self.holding[id])
    }
}
