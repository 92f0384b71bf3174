//! The reference interpreter: the language straight from the syntax tree, slowly and plainly.
//!
//! It is the oracle of the property tests, so it shares nothing with the library but the tree. It walks the tree for
//! every lead, computes with exact fractions, and rounds only where the language says so. Rule files are known to be
//! valid; on anything else it panics and says what it did not understand.

mod aggregate;
mod call;
mod condition;
mod decay;
mod expression;
mod lead;
mod mention;
mod number;
mod outcome;
mod pattern;
mod population;
mod previous;
mod score;
mod test;
mod text;
mod time;
mod types;
mod typing;
mod value;

pub use population::Measured;

use crate::json::Json;
use expression::Evaluation;
use gradus::syntax::ast::{self, Item, RuleFile};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::rc::Rc;
use time::Clock;
use types::{Fields, Type};

/// A rule set, ready to be walked.
#[derive(Debug)]
pub struct Reference {
    files: Vec<RuleFile>,
    /// Where each name is declared: file and item.
    names: HashMap<String, (usize, usize)>,
    overrides: HashMap<String, Json>,
    zone: Option<String>,
    fields: Fields,
}

impl Reference {
    /// Takes the files of one rule set, which must be valid, and the host's values for params.
    pub fn new(files: &[RuleFile], params: &[(String, Json)]) -> Reference {
        let mut names = HashMap::new();
        for (file, index, item) in items(files) {
            if let Some(name) = declared_name(item) {
                names.insert(name.to_owned(), (file, index));
            }
        }
        let zone = items(files).find_map(|(_, _, item)| match item {
            Item::Zone(zone) => Some(zone.text.clone()),
            _ => None,
        });
        let overrides = params.iter().cloned().collect();
        Reference { files: files.to_vec(), names, overrides, zone, fields: all_fields(files) }
    }

    /// The outcome of one lead: `{"id", "classes", "scores", "tags"}`. The population, if there is one, is measured at
    /// the same instant; for many leads against one population, see [`Reference::measure`].
    pub fn evaluate(
        &self,
        lead: &Json,
        at: Timestamp,
        zone: Option<&str>,
        previous: Option<&Json>,
        population: Option<&[Json]>,
    ) -> Json {
        let measured = population.map(|leads| self.measure(leads, at, zone));
        self.evaluate_measured(lead, at, zone, previous, measured.as_ref())
    }

    /// The same against a population that was measured beforehand.
    pub fn evaluate_measured(
        &self,
        lead: &Json,
        at: Timestamp,
        zone: Option<&str>,
        previous: Option<&Json>,
        population: Option<&Measured<'_>>,
    ) -> Json {
        Evaluation::new(self, lead, self.clock(at, zone), previous, population).outcome()
    }

    /// A population, for [`Reference::evaluate_measured`].
    pub fn measure<'a>(&'a self, leads: &[Json], at: Timestamp, zone: Option<&str>) -> Measured<'a> {
        Measured::new(self, leads, &self.clock(at, zone))
    }

    /// The host's zone, else the file's, else UTC.
    fn clock(&self, at: Timestamp, zone: Option<&str>) -> Clock {
        let name = zone.or(self.zone.as_deref()).unwrap_or("UTC");
        match TimeZone::get(name) {
            Ok(zone) => Clock { now: at, zone },
            Err(error) => invalid(&format!("zone \"{name}\": {error}")),
        }
    }

    /// The declaration of a name that is not a field.
    fn declaration(&self, name: &str) -> Option<&Item> {
        self.names.get(name).map(|(file, item)| &self.files[*file].items[*item])
    }

    /// All declarations in the order of the files.
    fn items(&self) -> impl Iterator<Item = &Item> {
        items(&self.files).map(|(_, _, item)| item)
    }
}

fn items(files: &[RuleFile]) -> impl Iterator<Item = (usize, usize, &Item)> {
    let numbered = files.iter().enumerate();
    numbered.flat_map(|(file, rules)| rules.items.iter().enumerate().map(move |(index, item)| (file, index, item)))
}

/// What an item declares, unless it is a field.
fn declared_name(item: &Item) -> Option<&str> {
    match item {
        Item::Param(ast::Param { name, .. })
        | Item::Let(ast::Let { name, .. })
        | Item::Classify(ast::Classify { name, .. })
        | Item::Score(ast::Score { name, .. })
        | Item::Tags(ast::Tags { name, .. }) => Some(&name.text),
        Item::Ruleset(_) | Item::Zone(_) | Item::Placeholders(_) | Item::Field(_) | Item::Test(_) => None,
    }
}

/// The standard lead, then what the files declare. A list that is declared again keeps its standard element fields.
fn all_fields(files: &[RuleFile]) -> Fields {
    let header = |file: &RuleFile| -> Vec<String> {
        let texts = file.items.iter().filter_map(|item| match item {
            Item::Placeholders(header) => Some(types::header_texts(header)),
            _ => None,
        });
        texts.flatten().collect()
    };
    let every_header: Vec<String> = files.iter().flat_map(header).collect();
    let mut fields = types::standard_lead(&every_header);
    for file in files {
        for item in &file.items {
            let Item::Field(field) = item else { continue };
            let mut info = types::read_field(field, &header(file));
            if let (Type::List(own), Some(Type::List(standard))) =
                (&info.kind, fields.get(&field.name.text).map(|field| &field.kind))
            {
                let mut elements = standard.as_ref().clone();
                elements.extend(own.as_ref().clone());
                info.kind = Type::List(Rc::new(elements));
            }
            fields.insert(field.name.text.clone(), info);
        }
    }
    fields
}

/// The one way out when a file is not valid, which its author must hear.
#[expect(clippy::panic, reason = "the checker has accepted every file that comes here, so this is a fault of a test")]
fn invalid(what: &str) -> ! {
    panic!("the reference interpreter was given an invalid rule file: {what}")
}
