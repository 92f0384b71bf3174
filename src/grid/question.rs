//! What a single condition asks: of which axes, and for which of their values it is true.

use super::axis::Space;
use crate::hir::node::{Constant, Node};
use crate::hir::{NodeId, Nodes};
use crate::lead::read::Schema;
use crate::operator::{CompareOperator, Quantifier};
use crate::time::day_number;
use crate::types::Type;
use crate::value::{Fixed, Text};
use ordered_float::OrderedFloat;
use smallvec::{SmallVec, smallvec};

/// Keys from the first to before the second; the least and the greatest number stand for open ends.
pub(crate) type Keys = SmallVec<[(i128, i128); 1]>;

/// A question of one axis, by its answers "yes".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    /// There is a value.
    Present,
    /// The condition is true.
    Holds,
    /// The key lies in one of these stretches.
    Within(Keys),
    /// The text is one of those at these places.
    Equals(SmallVec<[u32; 2]>),
    /// The slice has one of these bits.
    AnyBit(u32),
    /// The slice has all of these bits.
    AllBits(u32),
}

/// What a condition asks about the value of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked<'n> {
    /// The key of the value lies in one of these stretches.
    Keys(NodeId, Space, Keys),
    /// The value is one of these texts, or, if negated, another one.
    Texts { subject: NodeId, space: Space, texts: SmallVec<[&'n Text; 2]>, negated: bool },
    /// The set has any, or all, of these labels.
    Members(NodeId, Quantifier, &'n [u32]),
    /// A condition on one value that is unknown just when the value is missing: it is computed, as one bit of a slice.
    Predicate(NodeId),
    /// Nothing about a lead: it compares constants.
    Fixed(bool),
    /// Something else: it is computed, as an axis of its own.
    Opaque,
}

/// What a condition that is not made of others asks.
pub(crate) fn asked<'n>(nodes: &'n Nodes, schema: &'n Schema, node: NodeId) -> Asked<'n> {
    let reader = Reader { nodes, schema };
    let mut found = match nodes.get(node) {
        Node::Field(_) => Some(Asked::Keys(node, Space::Bool, smallvec![(1, 2)])),
        Node::Compare(operator, a, b) => match (nodes.constant(*a), nodes.constant(*b)) {
            (None, Some(constant)) => reader.compared(*a, *operator, constant),
            (Some(constant), None) => reader.compared(*b, turned(*operator), constant),
            (Some(own), Some(constant)) => reader.fixed(reader.compared(*a, *operator, constant), own),
            (None, None) => None,
        },
        Node::OneOf(subject, constants) => {
            let found = reader.one_of(*subject, constants);
            match nodes.constant(*subject) {
                Some(own) => reader.fixed(found, own),
                None => found,
            }
        }
        Node::HasLabels(subject, quantifier, labels) => Some(Asked::Members(*subject, *quantifier, labels)),
        Node::Window(subject, ..)
        | Node::HasTexts(subject, ..)
        | Node::Contains(subject, ..)
        | Node::Affix(subject, ..)
        | Node::Matches(subject, _)
        | Node::WithinLabels(subject, _)
        | Node::WithinTexts(subject, _)
        | Node::WithinRegions(subject, _) => Some(Asked::Predicate(*subject)),
        _ => None,
    };
    if let Some(Asked::Keys(_, Space::Bool, keys)) = &mut found {
        // there is nothing below false and nothing above true
        keys.iter_mut().for_each(|(low, high)| {
            *low = if *low <= 0 { i128::MIN } else { *low };
            *high = if *high > 1 { i128::MAX } else { *high };
        });
    }
    found.unwrap_or(Asked::Opaque)
}

/// `c OP x` as `x OP c`.
pub(crate) fn turned(operator: CompareOperator) -> CompareOperator {
    match operator {
        CompareOperator::Less => CompareOperator::Greater,
        CompareOperator::LessOrEqual => CompareOperator::GreaterOrEqual,
        CompareOperator::Greater => CompareOperator::Less,
        CompareOperator::GreaterOrEqual => CompareOperator::LessOrEqual,
        equality => equality,
    }
}

/// A constant on the axis that a subject has for its kind.
enum Place {
    /// At a key.
    At(i128),
    /// Between a key and the next one.
    After(i128),
}

struct Reader<'n> {
    nodes: &'n Nodes,
    schema: &'n Schema,
}

impl<'n> Reader<'n> {
    fn compared(&self, subject: NodeId, operator: CompareOperator, constant: &'n Constant) -> Option<Asked<'n>> {
        if let Some(space) = text_space(constant) {
            let text = text_of(constant)?;
            let negated = match operator {
                CompareOperator::Equal => false,
                CompareOperator::NotEqual => true,
                // texts have no order
                _ => return None,
            };
            return Some(Asked::Texts { subject, space, texts: smallvec![text], negated });
        }
        let (space, place) = self.place(subject, constant)?;
        let keys = match operator {
            CompareOperator::Equal => at(&place).into_iter().collect(),
            CompareOperator::NotEqual => match place {
                Place::At(key) => smallvec![(i128::MIN, key), (key + 1, i128::MAX)],
                Place::After(_) => smallvec![(i128::MIN, i128::MAX)],
            },
            CompareOperator::Less => smallvec![(i128::MIN, from(&place))],
            CompareOperator::LessOrEqual => smallvec![(i128::MIN, past(&place))],
            CompareOperator::Greater => smallvec![(past(&place), i128::MAX)],
            CompareOperator::GreaterOrEqual => smallvec![(from(&place), i128::MAX)],
        };
        Some(Asked::Keys(subject, space, keys))
    }

    /// What is asked of a constant, answered.
    fn fixed(&self, asked: Option<Asked<'n>>, own: &Constant) -> Option<Asked<'n>> {
        match asked? {
            Asked::Keys(subject, space, keys) => match self.place(subject, own)? {
                (own, Place::At(key)) if own == space => {
                    Some(Asked::Fixed(keys.iter().any(|(low, high)| (*low..*high).contains(&key))))
                }
                _ => None,
            },
            Asked::Texts { space, texts, negated, .. } if text_space(own) == Some(space) => {
                let form = if space == Space::Code { Text::exact } else { Text::normal };
                let own = text_of(own).map(form);
                Some(Asked::Fixed(texts.iter().any(|text| Some(form(text)) == own) != negated))
            }
            _ => None,
        }
    }

    fn one_of(&self, subject: NodeId, constants: &'n [Constant]) -> Option<Asked<'n>> {
        if let Some(space) = constants.first().and_then(text_space) {
            let texts: Option<SmallVec<_>> = constants.iter().map(text_of).collect();
            return Some(Asked::Texts { subject, space, texts: texts?, negated: false });
        }
        let mut keys = Keys::new();
        let mut common = None;
        for constant in constants {
            let (space, place) = self.place(subject, constant)?;
            if common.is_some_and(|common| common != space) {
                return None;
            }
            common = Some(space);
            keys.extend(at(&place));
        }
        keys.sort_unstable();
        keys.dedup();
        keys.dedup_by(|next, last| {
            let touch = last.1 == next.0;
            if touch {
                last.1 = next.1;
            }
            touch
        });
        Some(Asked::Keys(subject, common?, keys))
    }

    /// Where a constant lies on the axis that a subject has; nothing when it has none, or not at all times the same.
    fn place(&self, subject: NodeId, constant: &Constant) -> Option<(Space, Place)> {
        let field = match self.nodes.get(subject) {
            Node::Field(slot) => self.schema.fields.get(*slot as usize).map(|field| &field.kind),
            _ => None,
        };
        let number = |number: Fixed| match field {
            Some(Type::Int) => (Space::Int, whole(number)),
            _ => (Space::Units, Place::At(number.units())),
        };
        Some(match constant {
            Constant::Bool(value) => (Space::Bool, Place::At((*value).into())),
            Constant::Int(value) => number(Fixed::from_int(*value)),
            Constant::Decimal(value) => number(*value),
            Constant::Float(value) => (Space::Float, Place::At(float_key(*value))),
            Constant::Label(label) => (Space::Label, Place::At((*label).into())),
            Constant::Date(date) => (Space::Day, Place::At(day_number(*date).into())),
            // next to a date, an instant is the date on which it falls, and that depends on the zone
            Constant::Instant(instant) if field == Some(&Type::DateTime) => {
                (Space::Instant, Place::At(instant.as_nanosecond()))
            }
            _ => return None,
        })
    }
}

fn text_space(constant: &Constant) -> Option<Space> {
    match constant {
        Constant::Text(_) => Some(Space::Text),
        Constant::Code(_) => Some(Space::Code),
        _ => None,
    }
}

fn text_of(constant: &Constant) -> Option<&Text> {
    match constant {
        Constant::Text(text) | Constant::Code(text) => Some(text),
        _ => None,
    }
}

/// A number among whole ones.
fn whole(number: Fixed) -> Place {
    let (one, units) = (Fixed::ONE.units(), number.units());
    let floor = units.div_euclid(one);
    if units.rem_euclid(one) == 0 { Place::At(floor) } else { Place::After(floor) }
}

/// The keys of a place itself.
fn at(place: &Place) -> Option<(i128, i128)> {
    match place {
        Place::At(key) => Some((*key, key + 1)),
        Place::After(_) => None,
    }
}

/// The first key that is not before a place.
fn from(place: &Place) -> i128 {
    match place {
        Place::At(key) => *key,
        Place::After(key) => key + 1,
    }
}

/// The first key after a place.
fn past(place: &Place) -> i128 {
    match place {
        Place::At(key) | Place::After(key) => key + 1,
    }
}

/// Whole numbers in the order of the floats; both zeros are the same.
pub(crate) fn float_key(value: OrderedFloat<f64>) -> i128 {
    let bits = (value.0 + 0.0).to_bits();
    let magnitude = i128::from(bits & !(1 << 63));
    if bits >> 63 == 1 { -magnitude } else { magnitude }
}
