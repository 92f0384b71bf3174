//! Elements of lists to try.

use crate::hir::node::{Aggregate, Constant, Node};
use crate::hir::{NodeId, Rules};
use crate::time::{At, add_days};
use crate::types::{FieldType, Type};
use crate::value::{Fields, Fixed, Value};
use std::collections::BTreeMap;

/// How many elements are tried.
const ELEMENTS: usize = 48;

/// Elements with values that the conditions of a list function mention, in every combination up to a limit.
pub(crate) fn elements(rules: &Rules, at: &At, list: u32, columns: &[FieldType], aggregate: &Aggregate) -> Vec<Fields> {
    let mut asked: BTreeMap<u32, Vec<Value>> = BTreeMap::new();
    let roots = [aggregate.filter, aggregate.value, aggregate.key];
    let mut pending: Vec<NodeId> = roots.into_iter().flatten().collect();
    while let Some(id) = pending.pop() {
        look_at(rules, at, list, columns, id, &mut asked);
        rules.nodes.get(id).children(|child| pending.push(child));
    }
    let mut base = Fields::new();
    for column in columns.iter().filter(|column| column.required) {
        base.insert(column.name.to_string(), Value::Instant(at.now()));
    }
    let mut found = vec![base];
    for (column, values) in asked {
        let Some(column) = columns.get(column as usize) else { continue };
        let mut next = Vec::new();
        for element in &found {
            for value in &values {
                let mut element = element.clone();
                element.insert(column.name.to_string(), value.clone());
                next.push(element);
            }
            if !column.required {
                next.push(element.clone());
            }
        }
        next.truncate(ELEMENTS);
        found = next;
    }
    found
}

/// Notes values of columns that a condition compares.
fn look_at(
    rules: &Rules,
    at: &At,
    list: u32,
    columns: &[FieldType],
    id: NodeId,
    asked: &mut BTreeMap<u32, Vec<Value>>,
) {
    let column_of = |id: NodeId| element_column(rules, list, id);
    let mut note = |column: u32, values: Vec<Value>| {
        let known = asked.entry(column).or_default();
        for value in values {
            if known.len() < 6 && !known.contains(&value) {
                known.push(value);
            }
        }
    };
    let kind = |column: u32| columns.get(column as usize).map(|column| &column.kind);
    match rules.nodes.get(id) {
        Node::Compare(_, a, b) => {
            for (side, other) in [(*a, *b), (*b, *a)] {
                if let (Some(column), Some(constant)) = (column_of(side), rules.nodes.constant(other))
                    && let Some(kind) = kind(column)
                {
                    note(column, near(kind, at, constant));
                }
            }
        }
        Node::OneOf(subject, constants) => {
            if let Some(column) = column_of(*subject)
                && let Some(kind) = kind(column)
            {
                note(column, constants.iter().take(3).flat_map(|constant| near(kind, at, constant)).collect());
            }
        }
        Node::Contains(subject, _, needles) => {
            if let (Some(column), Some(needle)) = (column_of(*subject), needles.first()) {
                note(column, vec![Value::Text(needle.clone())]);
            }
        }
        Node::Affix(subject, _, needle) => {
            if let Some(column) = column_of(*subject) {
                note(column, vec![Value::Text(needle.clone())]);
            }
        }
        Node::Element(of, column) if *of == list => {
            let values = match kind(*column) {
                Some(Type::Int | Type::Decimal) => vec![Value::Int(1)],
                Some(Type::DateTime) => vec![Value::Instant(at.now())],
                Some(Type::Date) => vec![Value::Date(at.today())],
                Some(Type::Bool) => vec![Value::Bool(true), Value::Bool(false)],
                Some(Type::Text | Type::Code) => vec![Value::from("other")],
                Some(Type::Choice(choice)) => choice.labels().take(3).map(Value::from).collect(),
                _ => Vec::new(),
            };
            note(*column, values);
        }
        _ => {}
    }
}

/// The column that a value of an element is made of.
fn element_column(rules: &Rules, list: u32, mut id: NodeId) -> Option<u32> {
    loop {
        id = match rules.nodes.get(id) {
            Node::Element(of, column) if *of == list => return Some(*column),
            Node::ToDecimal(inner)
            | Node::DateOf(inner)
            | Node::MonthsSince(inner)
            | Node::HoursSince(inner)
            | Node::DaysBetween(inner, _) => *inner,
            _ => return None,
        }
    }
}

/// Values of a type at and beside a constant.
fn near(kind: &Type, at: &At, constant: &Constant) -> Vec<Value> {
    let number = |units: i128| match kind {
        Type::Int => Fixed::from_units(units).to_int().map(Value::Int),
        _ => Fixed::from_units(units).in_range().map(|number| Value::Decimal(number.to_decimal())),
    };
    match (kind, constant) {
        (_, Constant::Text(text) | Constant::Code(text)) => vec![Value::Text(text.clone())],
        (Type::Choice(choice), Constant::Label(label)) => vec![Value::from(choice.label(*label))],
        (_, Constant::Bool(value)) => vec![Value::Bool(*value), Value::Bool(!*value)],
        (Type::Date, Constant::Date(date)) => vec![Value::Date(*date), Value::Date(add_days(*date, 1))],
        (Type::DateTime, Constant::Instant(instant)) => vec![Value::Instant(*instant)],
        (Type::Date | Type::DateTime, Constant::Int(days)) => [*days, days.saturating_add(1), days.saturating_sub(1)]
            .iter()
            .map(|days| Value::Date(add_days(at.today(), days.saturating_neg())))
            .collect(),
        (_, other) => super::picture::constant_units(other).map_or_else(Vec::new, |units| {
            let one = Fixed::ONE.units();
            [units, units.saturating_add(one), units.saturating_sub(one)].into_iter().filter_map(number).collect()
        }),
    }
}
