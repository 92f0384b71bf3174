//! Strategies for the property tests of host applications (feature `proptest`).
//!
//! [`lead`] draws leads that meet a rule set where it matters: for every field that the rule file declares or reads,
//! values on and next to the constants of its rules, labels of its list, and often nothing. A service that links gradus
//! tests its own code with them — what it does with grade A, with a missing class, with no tags at all — and the cases
//! keep up with the rule file when that changes.
//!
//! ```
//! use gradus::{RuleSet, strategy};
//! use proptest::prelude::*;
//!
//! let rules = RuleSet::parse(r#"
//!     score fit {
//!       indicator size on employees { [1000..) => 80, [..1000) => 30, missing => 0 }
//!       grades { [60..] => "A", [..60) => "B" }
//!     }
//! "#)?;
//! let at = rules.at(strategy::moment());
//! proptest!(|(lead in strategy::lead(&rules))| {
//!     let grade_a = rules.evaluate(&lead, &at).grade("fit") == Some("A");
//!     prop_assert_eq!(grade_a, lead.employees().is_some_and(|employees| employees >= 1000));
//! });
//! # Ok::<(), gradus::LoadError>(())
//! ```
//!
//! A counterexample shrinks towards a lead of which nothing is known.

mod constants;
#[cfg(test)]
mod tests;

use crate::lead::Lead;
use crate::rule_set::RuleSet;
use crate::time::At;
use crate::types::{FieldType, Type};
use crate::value::Value;
use constants::{Constants, Place};
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::sample::{select, subsequence};
use proptest::strategy::{BoxedStrategy, Just, Strategy};

/// How often a field that may be missing has a value.
const PRESENT: f64 = 0.7;

/// The instant around which [`lead`] draws times: 2026-01-01T09:00:00Z.
pub fn moment() -> Timestamp {
    Timestamp::constant(1_767_258_000, 0)
}

/// Leads for a rule set. Times lie around [`moment`]: evaluate them there, or use [`lead_at`].
///
/// Every lead is one that [`RuleSet::check_lead`] accepts.
pub fn lead(rules: &RuleSet) -> impl Strategy<Value = Lead> + use<> {
    lead_at(rules, &rules.at(moment()))
}

/// Leads for a rule set whose times lie around an instant: on and next to the dates and the numbers of days that the
/// rules mention.
pub fn lead_at(rules: &RuleSet, at: &At) -> impl Strategy<Value = Lead> + use<> {
    lead_with(rules, at, |_| None)
}

/// The same with strategies of one's own for some fields, by name: what a host knows better, and extension fields that
/// only the host reads do not come by themselves.
///
/// ```
/// use gradus::{RuleSet, Value, strategy};
/// use proptest::prelude::*;
///
/// let rules = RuleSet::parse("let big = employees > 100 and deal_size > 5")?;
/// let leads = strategy::lead_with(&rules, &rules.at(strategy::moment()), |field| match field {
///     "employees" => Some((1_i64..10).prop_map(|count| Some(Value::from(count))).boxed()),
///     _ => None,
/// });
/// proptest!(|(lead in leads)| prop_assert!((1..10).contains(&lead.employees().unwrap_or(1))));
/// # Ok::<(), gradus::LoadError>(())
/// ```
pub fn lead_with<F>(rules: &RuleSet, at: &At, own: F) -> impl Strategy<Value = Lead> + use<F>
where
    F: Fn(&str) -> Option<BoxedStrategy<Option<Value>>>,
{
    let loaded = rules.loaded();
    let constants = Constants::of(&loaded.model);
    let drawer = Drawer { constants, at };
    let read = loaded.program.explained(&loaded.model).wanted.iter();
    let fields = read.filter_map(|&slot| Some((u32::try_from(slot).ok()?, loaded.model.schema.fields.get(slot)?)));
    let (names, values): (Vec<String>, Vec<_>) = fields
        .map(|(slot, field)| {
            let place = Place { slot, column: None };
            let value = own(&field.name).unwrap_or_else(|| drawer.maybe(field, place));
            (field.name.to_string(), value)
        })
        .unzip();
    values.prop_map(move |values| names.iter().cloned().zip(values).collect())
}

/// Draws values of fields.
struct Drawer<'a> {
    constants: Constants,
    at: &'a At,
}

impl Drawer<'_> {
    /// A value, or nothing.
    fn maybe(&self, field: &FieldType, place: Place) -> BoxedStrategy<Option<Value>> {
        weighted(PRESENT, self.value(field, place)).boxed()
    }

    fn value(&self, field: &FieldType, place: Place) -> BoxedStrategy<Value> {
        let constants = &self.constants;
        match &field.kind {
            Type::Bool => proptest::bool::ANY.prop_map(Value::from).boxed(),
            Type::Int => one_of(constants.ints(place)),
            Type::Decimal => one_of(constants.decimals(place)),
            Type::Float => one_of(constants.floats(place)),
            Type::Text => one_of(constants.texts(place)),
            Type::Code if &*field.name == "id" => "[A-Z]-[0-9]{1,4}".prop_map(Value::from).boxed(),
            Type::Code => one_of(constants.texts(place)),
            Type::Region => one_of(constants.regions(place)),
            Type::Date => one_of(constants.dates(place, self.at)),
            Type::DateTime => one_of(constants.instants(place, self.at)),
            Type::Choice(labels) => one_of(labels.labels().map(str::to_owned).collect()),
            Type::Set(labels) => {
                let labels: Vec<String> = labels.labels().map(str::to_owned).collect();
                let count = labels.len();
                subsequence(labels, 0..=count.min(4)).prop_map(Value::from).boxed()
            }
            Type::SetOfText | Type::SetOfCode => {
                let texts = constants.texts(place);
                let count = texts.len();
                subsequence(texts, 0..=count.min(4)).prop_map(Value::from).boxed()
            }
            Type::List(elements) => self.list(elements, place.slot),
        }
    }

    /// Up to four elements. A field that every element has is always there.
    fn list(&self, elements: &[FieldType], slot: u32) -> BoxedStrategy<Value> {
        let columns = (0_u32..).zip(elements).map(|(column, field)| {
            let place = Place { slot, column: Some(column) };
            if field.required { self.value(field, place).prop_map(Some).boxed() } else { self.maybe(field, place) }
        });
        let columns: Vec<BoxedStrategy<Option<Value>>> = columns.collect();
        let names: Vec<String> = elements.iter().map(|field| field.name.to_string()).collect();
        let element = columns.prop_map(move |values| {
            let present = names.iter().cloned().zip(values).filter_map(|(name, value)| Some((name, value?)));
            Value::Record(present.collect())
        });
        vec(element, 0..=4).prop_map(Value::List).boxed()
    }
}

/// One of some values, shrinking towards the first; nothing to choose from is nothing.
fn one_of<V: Clone + std::fmt::Debug + Into<Value> + 'static>(values: Vec<V>) -> BoxedStrategy<Value> {
    if values.is_empty() {
        return Just(Value::Null).boxed();
    }
    select(values).prop_map(Into::into).boxed()
}
