//! A condition as a union of boxes: what it demands of each node that it asks about.
//!
//! Two boxes are apart when there is a node of which they demand values that exclude each other, or two nodes that they
//! want in different order. Demands that this does not understand are kept whole: the same condition and its opposite
//! exclude each other, anything else may hold together.

use super::Checker;
use crate::hir::NodeId;
use crate::hir::node::{Constant, Node};
use crate::syntax::ast::CompareOperator;
use crate::value::Fixed;
use jiff::civil;
use std::collections::BTreeMap;

/// How many boxes a test may have before the proof is given up.
const BOXES: usize = 512;

/// What a demand is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Value(NodeId),
    /// How the first value compares with the second, `a < b`: below, at or above 0. The first has the smaller number.
    Order(NodeId, NodeId),
}

/// What is demanded of one subject.
#[derive(Clone, Debug)]
pub(super) struct Demand {
    /// Values that are allowed, on an axis; nothing means any.
    pub(super) numbers: Option<Stretches>,
    /// Constants that are allowed, or that are not.
    pub(super) constants: Option<(bool, Vec<Constant>)>,
    /// Whether it has to be there, or has to be missing.
    pub(super) present: Option<bool>,
    /// Whether a condition that is not understood has to be true, or has to be false.
    pub(super) truth: Option<bool>,
}

/// Stretches of an axis, both ends included, in ascending order.
#[derive(Clone, Debug)]
pub(super) struct Stretches {
    pub(super) axis: Axis,
    pub(super) list: Vec<(i128, i128)>,
}

/// What the numbers of stretches count. A datetime may be asked by days and by instants: these do not compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Axis {
    /// Ints and decimals, in units of 10^-12.
    Number,
    Float,
    Day,
    Instant,
    Label,
    /// Less, equal, greater.
    Order,
}

/// Demands by subject; an empty box holds everything.
pub(super) type Demands = BTreeMap<Subject, Demand>;

impl Checker<'_> {
    /// The boxes in which a condition is `wanted`; nothing when there are too many.
    pub(super) fn boxes(&self, node: NodeId, wanted: bool) -> Option<Vec<Demands>> {
        match (self.nodes.get(node), wanted) {
            (Node::Constant(Constant::Bool(value)), _) => {
                Some(if *value == wanted { vec![Demands::new()] } else { Vec::new() })
            }
            (Node::Not(inner), _) => self.boxes(*inner, !wanted),
            (Node::All(list), true) | (Node::Any(list), false) => {
                let mut product = vec![Demands::new()];
                for &part in list {
                    let part = self.boxes(part, wanted)?;
                    product =
                        product.iter().flat_map(|left| part.iter().filter_map(|right| both(left, right))).collect();
                    if product.len() > BOXES {
                        return None;
                    }
                }
                Some(product)
            }
            (Node::Any(list), true) | (Node::All(list), false) => {
                let mut sum = Vec::new();
                for &part in list {
                    sum.extend(self.boxes(part, wanted)?);
                    if sum.len() > BOXES {
                        return None;
                    }
                }
                Some(sum)
            }
            (atom, _) => Some(vec![self.atom(node, atom, wanted)]),
        }
    }

    /// What one test demands.
    fn atom(&self, node: NodeId, atom: &Node, wanted: bool) -> Demands {
        let value = |subject: NodeId, demand: Demand| (Subject::Value(subject), demand);
        let demand = match atom {
            Node::IsPresent(inner) => Some(value(*inner, Demand { present: Some(wanted), ..ANY })),
            Node::Compare(operator, left, right) => match (self.nodes.constant(*left), self.nodes.constant(*right)) {
                (_, Some(constant)) => comparison(*operator, constant, wanted).map(|demand| value(*left, demand)),
                (Some(constant), _) => {
                    comparison(mirrored(*operator), constant, wanted).map(|demand| value(*right, demand))
                }
                (None, None) => Some(order(*operator, *left, *right, wanted)),
            },
            Node::OneOf(subject, constants) => {
                let points: Option<Vec<(Axis, i128)>> = constants.iter().map(position).collect();
                let points = points.filter(|points| points.windows(2).all(|pair| pair[0].0 == pair[1].0));
                let demand = match points {
                    Some(points) if !points.is_empty() => {
                        let axis = points[0].0;
                        numbers(axis, points.into_iter().map(|(_, point)| (point, point)).collect(), wanted)
                    }
                    _ => Demand {
                        constants: Some((wanted, constants.iter().map(normal).collect())),
                        present: Some(true),
                        ..ANY
                    },
                };
                Some(value(*subject, demand))
            }
            Node::Field(_) | Node::Outcome(_) => Some(value(
                node,
                Demand { constants: Some((true, vec![Constant::Bool(wanted)])), present: Some(true), ..ANY },
            )),
            _ => None,
        };
        let (subject, demand) = demand.unwrap_or_else(|| value(node, Demand { truth: Some(wanted), ..ANY }));
        let mut demands = Demands::new();
        if demand.present != Some(false) && !matches!(atom, Node::IsPresent(_)) {
            let root = match subject {
                Subject::Value(subject) if demand.truth.is_none() => subject,
                _ => node,
            };
            self.demand_presence(root, &mut demands);
        }
        demands.insert(subject, demand);
        demands
    }

    /// A value that is there was computed from values that are there: each of them is demanded too.
    fn demand_presence(&self, root: NodeId, demands: &mut Demands) {
        let mut pending = vec![root];
        while let Some(id) = pending.pop() {
            let mut demand = |child: NodeId| {
                if self.nodes.constant(child).is_none() {
                    demands.entry(Subject::Value(child)).or_insert(Demand { present: Some(true), ..ANY });
                    pending.push(child);
                }
            };
            match self.nodes.get(id) {
                Node::Aggregate(aggregate) => demand(aggregate.list),
                node if needs_all(node) => node.children(demand),
                _ => {}
            }
        }
    }
}

/// Whether a node is missing, or unknown, as soon as one of its operands is.
fn needs_all(node: &Node) -> bool {
    matches!(
        node,
        Node::Compare(..)
            | Node::HasLabels(..)
            | Node::HasTexts(..)
            | Node::Contains(..)
            | Node::Affix(..)
            | Node::Matches(..)
            | Node::WithinLabels(..)
            | Node::WithinTexts(..)
            | Node::WithinRegions(..)
            | Node::Window(..)
            | Node::Arithmetic(..)
            | Node::ToDecimal(_)
            | Node::Absolute(..)
            | Node::Round(..)
            | Node::Least(_)
            | Node::Greatest(_)
            | Node::DateOf(_)
            | Node::StartOfDay(_)
            | Node::DatePart(..)
            | Node::DaysBetween(..)
            | Node::HoursSince(_)
            | Node::MonthsSince(_)
            | Node::Decay(..)
            | Node::Rank(..)
    )
}

/// Nothing demanded.
const ANY: Demand = Demand { numbers: None, constants: None, present: None, truth: None };

/// What both boxes demand; nothing when no lead can meet it.
pub(super) fn both(left: &Demands, right: &Demands) -> Option<Demands> {
    let mut joined = left.clone();
    for (subject, demand) in right {
        let demand = match joined.get(subject) {
            Some(other) => meet(other, demand)?,
            None => demand.clone(),
        };
        joined.insert(*subject, demand);
    }
    Some(joined)
}

/// What both demand of one subject; nothing when that excludes everything.
fn meet(left: &Demand, right: &Demand) -> Option<Demand> {
    let same = |a: Option<bool>, b: Option<bool>| match (a, b) {
        (Some(a), Some(b)) if a != b => None,
        (a, b) => Some(a.or(b)),
    };
    let stretches = match (&left.numbers, &right.numbers) {
        (Some(a), Some(b)) if a.axis == b.axis => {
            Some(Stretches { axis: a.axis, list: intersection(&a.list, &b.list) })
        }
        (a, b) => a.clone().or_else(|| b.clone()),
    };
    if stretches.as_ref().is_some_and(|stretches| stretches.list.is_empty()) {
        return None;
    }
    let constants = match (&left.constants, &right.constants) {
        (Some((true, a)), Some((kind, b))) | (Some((kind @ false, b)), Some((true, a))) => {
            let shared: Vec<Constant> = a.iter().filter(|it| b.contains(it) == *kind).cloned().collect();
            if shared.is_empty() {
                return None;
            }
            Some((true, shared))
        }
        (Some((false, a)), Some((false, b))) => Some((false, a.iter().chain(b).cloned().collect())),
        (a, b) => a.clone().or_else(|| b.clone()),
    };
    Some(Demand {
        numbers: stretches,
        constants,
        present: same(left.present, right.present)?,
        truth: same(left.truth, right.truth)?,
    })
}

/// What two lists of stretches share.
fn intersection(left: &[(i128, i128)], right: &[(i128, i128)]) -> Vec<(i128, i128)> {
    let (mut shared, mut a, mut b) = (Vec::new(), 0, 0);
    while let (Some(&(low_a, high_a)), Some(&(low_b, high_b))) = (left.get(a), right.get(b)) {
        let (low, high) = (low_a.max(low_b), high_a.min(high_b));
        if low <= high {
            shared.push((low, high));
        }
        if high_a < high_b { a += 1 } else { b += 1 }
    }
    shared
}

/// Stretches that are allowed, or everything but them.
fn numbers(axis: Axis, mut stretches: Vec<(i128, i128)>, wanted: bool) -> Demand {
    stretches.sort_unstable();
    let list = if wanted { stretches } else { complement(&stretches) };
    Demand { numbers: Some(Stretches { axis, list }), present: Some(true), ..ANY }
}

fn complement(stretches: &[(i128, i128)]) -> Vec<(i128, i128)> {
    let (mut left, mut next) = (Vec::new(), i128::MIN);
    for &(low, high) in stretches {
        if low > next {
            left.push((next, low - 1));
        }
        next = next.max(high.saturating_add(1));
    }
    if next < i128::MAX {
        left.push((next, i128::MAX));
    }
    left
}

/// A comparison with a constant as a demand.
fn comparison(operator: CompareOperator, constant: &Constant, wanted: bool) -> Option<Demand> {
    if let Some((axis, at)) = position(constant) {
        return Some(against(axis, operator, at, wanted));
    }
    match operator {
        CompareOperator::Equal | CompareOperator::NotEqual => {
            let allowed = wanted == (operator == CompareOperator::Equal);
            Some(Demand { constants: Some((allowed, vec![normal(constant)])), present: Some(true), ..ANY })
        }
        _ => None,
    }
}

/// A comparison of two values as a demand on their order.
fn order(operator: CompareOperator, left: NodeId, right: NodeId, wanted: bool) -> (Subject, Demand) {
    let (first, second, operator) =
        if left <= right { (left, right, operator) } else { (right, left, mirrored(operator)) };
    (Subject::Order(first, second), against(Axis::Order, operator, 0, wanted))
}

/// What `b OP a` is for `a OP b`.
fn mirrored(operator: CompareOperator) -> CompareOperator {
    match operator {
        CompareOperator::Equal | CompareOperator::NotEqual => operator,
        CompareOperator::Less => CompareOperator::Greater,
        CompareOperator::LessOrEqual => CompareOperator::GreaterOrEqual,
        CompareOperator::Greater => CompareOperator::Less,
        CompareOperator::GreaterOrEqual => CompareOperator::LessOrEqual,
    }
}

/// A comparison with a point of an axis as a demand.
fn against(axis: Axis, operator: CompareOperator, at: i128, wanted: bool) -> Demand {
    let stretch = match operator {
        CompareOperator::Equal | CompareOperator::NotEqual => (at, at),
        CompareOperator::Less => (i128::MIN, at - 1),
        CompareOperator::LessOrEqual => (i128::MIN, at),
        CompareOperator::Greater => (at + 1, i128::MAX),
        CompareOperator::GreaterOrEqual => (at, i128::MAX),
    };
    numbers(axis, vec![stretch], wanted != (operator == CompareOperator::NotEqual))
}

/// Where a number, a time or a label stands on its axis.
fn position(constant: &Constant) -> Option<(Axis, i128)> {
    match constant {
        Constant::Int(value) => Some((Axis::Number, Fixed::from_int(*value).units())),
        Constant::Decimal(value) => Some((Axis::Number, value.units())),
        Constant::Float(value) => Some((Axis::Float, float_number(value.0))),
        Constant::Date(date) => Some((Axis::Day, day_number(*date))),
        Constant::Instant(instant) => Some((Axis::Instant, instant.as_nanosecond())),
        Constant::Label(label) => Some((Axis::Label, i128::from(*label))),
        _ => None,
    }
}

/// Finite floats in their order; both zeros are one.
fn float_number(value: f64) -> i128 {
    let magnitude = i128::from(value.abs().to_bits());
    if value < 0.0 { -magnitude } else { magnitude }
}

/// Days since the beginning of the calendar.
fn day_number(date: civil::Date) -> i128 {
    i128::from((date - civil::Date::MIN).get_days())
}

/// A constant whose text is in normal form, so that equal texts are equal constants.
fn normal(constant: &Constant) -> Constant {
    match constant {
        Constant::Text(text) => Constant::Text(crate::value::Text::new(text.normal())),
        Constant::Code(text) => Constant::Code(crate::value::Text::new(text.exact())),
        other => other.clone(),
    }
}
