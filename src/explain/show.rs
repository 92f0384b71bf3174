//! Names and values for people.

use crate::eval::State;
use crate::hir::node::Node;
use crate::hir::{NodeId, PreviousPart, Rules};
use crate::lead::reading::{Datum, Range};
use crate::loaded::Loaded;
use crate::types::Type;
use std::sync::Arc;

/// What a node that rules mention is called, and its value; nothing when it is missing.
pub(crate) fn named_value(rules: &Loaded, state: &State<'_>, id: NodeId) -> (String, Option<String>) {
    if let Node::PopulationLoaded = rules.model.nodes.get(id) {
        // how many leads, and how exact ranks are
        return ("population".into(), state.inputs.population.map(ToString::to_string));
    }
    let (name, kind) = name(&rules.model, id);
    (name, shown(state, state.value(id), kind.as_ref()))
}

/// The name of a field, of a part of an outcome, or of something of the last outcome; with its type where labels need it.
fn name(rules: &Rules, id: NodeId) -> (String, Option<Type>) {
    match rules.nodes.get(id) {
        Node::Field(slot) => {
            let field = &rules.schema.fields[*slot as usize];
            (field.name.to_string(), Some(field.kind.clone()))
        }
        Node::Previous(position) => {
            let previous = &rules.previous[*position as usize];
            let name = &previous.outcome;
            match &previous.part {
                PreviousPart::Class(labels) => (format!("previous.{name}"), Some(Type::Choice(Arc::clone(labels)))),
                PreviousPart::Grade(labels) => {
                    (format!("previous.{name}.grade"), Some(Type::Choice(Arc::clone(labels))))
                }
                PreviousPart::Tags(labels) => (format!("previous.{name}"), Some(Type::Set(Arc::clone(labels)))),
                PreviousPart::Score => (format!("previous.{name}.score"), None),
                PreviousPart::Coverage => (format!("previous.{name}.coverage"), None),
            }
        }
        _ => outcome_name(rules, id).unwrap_or_else(|| ("outcome".into(), None)),
    }
}

fn outcome_name(rules: &Rules, id: NodeId) -> Option<(String, Option<Type>)> {
    if let Some(class) = rules.classes.iter().find(|class| class.value == id) {
        return Some((class.name.clone(), Some(Type::Choice(Arc::clone(&class.labels)))));
    }
    let inner = unwrapped(rules, id)?;
    rules.scores.iter().find_map(|score| score_part(score, id, inner)).or_else(|| tag_name(rules, id, inner))
}

fn score_part(score: &crate::hir::Score, id: NodeId, inner: NodeId) -> Option<(String, Option<Type>)> {
    let name = &score.name;
    if let Some(grades) = score.grades.as_ref().filter(|_| score.grade == Some(id)) {
        return Some((format!("{name}.grade"), Some(Type::Choice(Arc::clone(grades)))));
    }
    let part = match id {
        id if id == score.score => "score".to_owned(),
        id if id == score.coverage => "coverage".to_owned(),
        _ => format!("{}.points", score.indicators.iter().find(|indicator| indicator.points == inner)?.name),
    };
    Some((format!("{name}.{part}"), None))
}

fn tag_name(rules: &Rules, id: NodeId, inner: NodeId) -> Option<(String, Option<Type>)> {
    rules.tags.iter().find_map(|tags| {
        if tags.value == id {
            return Some((tags.name.clone(), Some(Type::Set(Arc::clone(&tags.labels)))));
        }
        let Node::TagSet(tests) = rules.nodes.get(unwrapped(rules, tags.value)?) else { return None };
        let label = tests.iter().position(|test| *test == inner)?;
        let label = tags.labels.label(u32::try_from(label).ok()?);
        Some((format!("{} contains \"{label}\"", tags.name), None))
    })
}

/// What an outcome is made of, without its guard.
fn unwrapped(rules: &Rules, id: NodeId) -> Option<NodeId> {
    let Node::Outcome(inner) = rules.nodes.get(id) else { return None };
    match rules.nodes.get(*inner) {
        Node::When(_, value) => Some(*value),
        _ => Some(*inner),
    }
}

/// A value as people write it, texts without quotation marks; nothing when it is missing.
fn shown(state: &State<'_>, datum: Datum<'_>, kind: Option<&Type>) -> Option<String> {
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
