//! Names and values for people.

use super::words::{Words, kind};
use crate::eval::State;
use crate::hir::NodeId;
use crate::hir::node::Node;
use crate::lead::reading::{Datum, Range};
use crate::loaded::Loaded;
use crate::types::Type;

/// What a node that rules mention is called, and its value; nothing when it is missing.
pub(crate) fn named_value(rules: &Loaded, state: &State<'_>, id: NodeId) -> (String, Option<String>) {
    let model = &rules.model;
    if let Node::PopulationLoaded = model.nodes.get(id) {
        return ("population".into(), population(state));
    }
    (Words::of_rules(model).value(id), shown(state, state.value(id), kind(model, id).as_ref()))
}

/// How many leads the population has, and how exact ranks are.
pub(super) fn population(state: &State<'_>) -> Option<String> {
    state.inputs.population.map(ToString::to_string)
}

/// How a value is written for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// A number, by its digits.
    Number,
    /// `true` or `false`.
    Truth,
    /// So many elements.
    Count,
}

/// How a value is written for people.
pub(super) fn form_of(datum: Datum<'_>) -> Form {
    match datum {
        Datum::Int(_) | Datum::Decimal(_) => Form::Number,
        Datum::Bool(_) => Form::Truth,
        Datum::List(_) => Form::Count,
        _ => Form::Plain,
    }
}

/// A value as people write it, texts without quotation marks; nothing when it is missing.
pub(crate) fn shown(state: &State<'_>, datum: Datum<'_>, kind: Option<&Type>) -> Option<String> {
    let written = |text: &str| text.to_owned();
    let label = |label: u32| match kind {
        Some(Type::Choice(choice) | Type::Set(choice)) => written(choice.label(label)),
        _ => label.to_string(),
    };
    let set = |members: Vec<String>| members.join(", ");
    let texts = |range: Range| state.reading.texts(range).iter().map(|text| written(text.original())).collect();
    Some(match datum {
        // leads are explained, not records
        Datum::Missing | Datum::Formed(_) | Datum::Kept(_) => return None,
        Datum::Raw(text) | Datum::RawCode(text) => written(text),
        Datum::Bool(value) => value.to_string(),
        Datum::Int(value) => value.to_string(),
        Datum::Decimal(value) => value.to_string(),
        Datum::Float(value) => value.to_string(),
        Datum::Text(text) | Datum::Code(text) | Datum::Region(text) => written(text.original()),
        Datum::Date(date) => date.to_string(),
        Datum::Instant(instant) => {
            let local = instant.to_zoned(state.inputs.at.zone().clone());
            local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        }
        Datum::Label(position) => label(position),
        Datum::Labels(range) => set(state.reading.labels(range).iter().map(|&position| label(position)).collect()),
        Datum::Texts(range) | Datum::Codes(range) => set(texts(range)),
        Datum::List(rows) if rows.count == 1 => "1 element".into(),
        Datum::List(rows) => format!("{} elements", rows.count),
    })
}
