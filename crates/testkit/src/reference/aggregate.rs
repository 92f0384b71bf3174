//! List functions.

use super::condition::{all, any};
use super::expression::{Evaluation, Scope, TOP};
use super::invalid;
use super::number::whole;
use super::types::{Fields, Type};
use super::value::{Element, Value, distinct, order};
use gradus::syntax::ast::Expr;
use num_rational::BigRational;
use std::cmp::Ordering;
use std::rc::Rc;

/// What stands beside the list: `VALUE of … by BY where FILTER`.
pub(super) struct Parts<'e> {
    pub(super) value: Option<&'e Expr>,
    pub(super) by: Option<&'e Expr>,
    pub(super) filter: Option<&'e Expr>,
}

impl Evaluation<'_> {
    /// `sum(.amount of purchases where .amount > 0)` and its kin.
    pub(super) fn aggregate(&self, function: &str, is_distinct: bool, list: &Expr, parts: &Parts<'_>) -> Value {
        let Some(elements) = self.elements(list) else { return Value::Missing };
        let fields = self.rules.element_fields(list);
        match (function, parts.value) {
            ("any" | "all", value) => self.quantify(function, &elements, &fields, value, parts.filter),
            ("count", None) => Value::count(self.kept(&elements, &fields, parts.filter).len()),
            ("first" | "last", Some(value)) => {
                let Some(by) = parts.by else { invalid(&format!("`{function}` without `by`")) };
                self.extreme_by(function == "last", &self.kept(&elements, &fields, parts.filter), &fields, value, by)
            }
            (_, Some(value)) => {
                let kept = self.kept(&elements, &fields, parts.filter);
                let values = kept.iter().map(|element| self.value(value, inside(element, &fields)));
                let present: Vec<Value> = values.filter(|value| !value.is_missing()).collect();
                match function {
                    "count" if is_distinct => Value::count(distinct(present, &self.clock).len()),
                    "count" => Value::count(present.len()),
                    "min" | "max" => self.extreme(function == "max", present),
                    _ => self.total(function, &present, &self.rules.type_of(value, Some(&fields))),
                }
            }
            _ => invalid(&format!("`{function}` of a list")),
        }
    }

    /// The elements of a list, unless it was not loaded.
    pub(super) fn elements(&self, list: &Expr) -> Option<Rc<Vec<Element>>> {
        match self.value(list, TOP) {
            Value::Missing => None,
            Value::List(elements) => Some(elements),
            other => invalid(&format!("a list that is {other:?}")),
        }
    }

    /// The elements whose filter is true.
    fn kept<'e>(&self, elements: &'e [Element], fields: &Fields, filter: Option<&Expr>) -> Vec<&'e Element> {
        let is_kept = |element: &&Element| {
            filter.is_none_or(|filter| self.condition(filter, inside(element, fields)) == Some(true))
        };
        elements.iter().filter(is_kept).collect()
    }

    /// `any(L where C)` tests C; `any(C of L where F)` tests C on the elements that F lets through.
    fn quantify(
        &self,
        function: &str,
        elements: &[Element],
        fields: &Fields,
        value: Option<&Expr>,
        filter: Option<&Expr>,
    ) -> Value {
        let (tested, filter) = match (value, filter) {
            (Some(value), filter) => (value, filter),
            (None, Some(filter)) => (filter, None),
            (None, None) => invalid(&format!("`{function}` without a condition")),
        };
        let kept = self.kept(elements, fields, filter);
        let truths = kept.iter().map(|element| self.condition(tested, inside(element, fields)));
        Value::truth(if function == "any" { any(truths) } else { all(truths) })
    }

    /// The value where the key is least or greatest; of equal keys, the first for `first` and the last for `last`.
    fn extreme_by(&self, last: bool, elements: &[&Element], fields: &Fields, value: &Expr, by: &Expr) -> Value {
        let mut best: Option<(Value, Value)> = None;
        for element in elements {
            let (key, value) = (self.value(by, inside(element, fields)), self.value(value, inside(element, fields)));
            if key.is_missing() || value.is_missing() {
                continue;
            }
            let wins = match best.as_ref().and_then(|(best, _)| order(&key, best, &self.clock)) {
                None => true,
                Some(ordering) if last => ordering != Ordering::Less,
                Some(ordering) => ordering == Ordering::Less,
            };
            if wins {
                best = Some((key, value));
            }
        }
        best.map_or(Value::Missing, |(_, value)| value)
    }

    /// The least or greatest of some values; missing when there are none.
    pub(super) fn extreme(&self, greatest: bool, values: Vec<Value>) -> Value {
        let wanted = if greatest { Ordering::Greater } else { Ordering::Less };
        let better = |best: Value, value: Value| {
            if order(&value, &best, &self.clock) == Some(wanted) { value } else { best }
        };
        values.into_iter().reduce(better).unwrap_or(Value::Missing)
    }

    fn total(&self, function: &str, values: &[Value], kind: &Type) -> Value {
        let sum: BigRational = values.iter().filter_map(Value::as_number).sum();
        match (function, kind) {
            ("sum", Type::Int) => Value::int(sum),
            ("sum", _) => Value::decimal(&sum),
            ("avg", _) if values.is_empty() => Value::Missing,
            ("avg", _) => Value::decimal(&(sum / whole(values.len()))),
            _ => invalid(&format!("`{function}` of a list")),
        }
    }
}

fn inside<'s>(element: &'s Element, fields: &'s Fields) -> Scope<'s> {
    Scope { element: Some((element, fields)) }
}
