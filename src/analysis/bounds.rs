//! Which keys the values of an axis can have.

use crate::grid::{Axis, Space, float_key};
use crate::hir::node::{DatePart, Fold, Node, NumberKind, Rank};
use crate::hir::{NodeId, PreviousPart, Rules};
use crate::time::day_number;
use crate::types::Type;
use crate::value::Fixed;
use crate::value::text::normal_form;
use jiff::Timestamp;
use jiff::civil::Date;
use ordered_float::OrderedFloat;

/// Which keys a value can have: from `low` to before `high`, in steps.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub(crate) low: i128,
    pub(crate) high: i128,
    pub(crate) step: i128,
    /// Keys that mean "missing".
    pub(crate) without: Vec<i128>,
}

impl Bounds {
    /// Whether some key from `low` to before `high` is one of these.
    pub(crate) fn has_between(&self, low: i128, high: i128) -> bool {
        self.first_from(low, high).is_some()
    }

    /// The first key from `low` to before `high`.
    pub(crate) fn first_from(&self, low: i128, high: i128) -> Option<i128> {
        let low = low.max(self.low);
        let high = high.min(self.high);
        let mut key = low.div_euclid(self.step) * self.step;
        if key < low {
            key = key.checked_add(self.step)?;
        }
        while key < high && self.without.contains(&key) {
            key += self.step;
        }
        (key < high).then_some(key)
    }
}

/// The keys that the values of an axis can have.
pub(crate) fn bounds(rules: &Rules, axis: &Axis) -> Bounds {
    const ONE: i128 = Fixed::ONE.units();
    let free = |low: i128, high: i128, step: i128| Bounds { low, high, step, without: Vec::new() };
    let whole = |low: i64, high: i64| free(i128::from(low) * ONE, i128::from(high) * ONE + 1, ONE);
    let field = match rules.nodes.get(axis.subject) {
        Node::Field(slot) => rules.schema.fields.get(*slot as usize),
        _ => None,
    };
    let mut found = match axis.space {
        Space::Bool => free(0, 2, 1),
        Space::Label => match label_count(rules, axis.subject) {
            Some(count) => free(0, count, 1),
            None => free(0, i128::MAX, 1),
        },
        Space::Int => free(i64::MIN.into(), i128::from(i64::MAX) + 1, 1),
        Space::Units => match rules.nodes.get(axis.subject) {
            Node::Aggregate(aggregate) if matches!(aggregate.fold, Fold::Count | Fold::CountDistinct) => {
                whole(0, i64::MAX)
            }
            Node::DatePart(part, _) => match part {
                DatePart::Year => whole(-9999, 9999),
                DatePart::Month => whole(1, 12),
                DatePart::Day => whole(1, 31),
                DatePart::Weekday => whole(1, 7),
            },
            Node::DaysBetween(..) | Node::HoursSince(_) | Node::MonthsSince(_) => whole(i64::MIN, i64::MAX),
            Node::Rank(Rank::Tile(tiles), _) => whole(1, *tiles),
            Node::Rank(..) => free(0, ONE + 1, 1),
            _ if is_int(rules, axis.subject) => whole(i64::MIN, i64::MAX),
            _ => free(Fixed::MIN.units(), Fixed::MAX.units() + 1, 1),
        },
        Space::Float => {
            let limit = float_key(OrderedFloat(f64::MAX));
            free(-limit, limit + 1, 1)
        }
        Space::Day => free(day_number(Date::MIN).into(), i128::from(day_number(Date::MAX)) + 1, 1),
        Space::Instant => free(Timestamp::MIN.as_nanosecond(), Timestamp::MAX.as_nanosecond() + 1, 1),
        _ => free(i128::MIN, i128::MAX, 1),
    };
    if let Some(field) = field {
        let numbers = field.placeholders.numbers.iter();
        match axis.space {
            Space::Int => found.without.extend(numbers.filter_map(|it| it.to_int()).map(i128::from)),
            Space::Units => found.without.extend(numbers.map(|it| it.units())),
            Space::Label => {
                if let Type::Choice(choice) = &field.kind {
                    let held =
                        choice.labels().zip(0..).filter(|(label, _)| field.placeholders.hold_text(&normal_form(label)));
                    found.without.extend(held.map(|(_, position)| position));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a node of numbers is certainly an int.
fn is_int(rules: &Rules, node: NodeId) -> bool {
    match rules.nodes.get(node) {
        Node::Arithmetic(_, kind, ..) | Node::Absolute(kind, _) | Node::Round(kind, ..) => *kind == NumberKind::Int,
        Node::Aggregate(aggregate) => matches!(aggregate.fold, Fold::Sum(NumberKind::Int)),
        _ => false,
    }
}

/// How many labels the list of a choice has, if a node has such a list.
fn label_count(rules: &Rules, node: NodeId) -> Option<i128> {
    let choice = match rules.nodes.get(node) {
        Node::Field(slot) => match &rules.schema.fields.get(*slot as usize)?.kind {
            Type::Choice(choice) => choice,
            _ => return None,
        },
        Node::Previous(position) => match &rules.previous.get(*position as usize)?.part {
            PreviousPart::Class(choice) | PreviousPart::Grade(choice) => choice,
            _ => return None,
        },
        _ => return None,
    };
    i128::try_from(choice.len()).ok()
}
