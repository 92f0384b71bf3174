//! Values to try: for each thing that a lead can have, some that lie in as many cells as possible.

use super::bounds::bounds;
use super::keys::{civil, date_of, float_of, key_in, set_of, sets};
use super::picture::{Origin, Picture};
use crate::grid::{Axis, AxisId, Space};
use crate::hir::node::{Aggregate, Constant, DatePart, Fold, Node};
use crate::hir::{NodeId, PreviousPart};
use crate::lead::Lead;
use crate::operator::{ArithmeticOperator, Direction};
use crate::time::{At, Stretch, add_days};
use crate::types::{FieldType, Type};
use crate::value::{Fields, Fixed, Text, Value};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// How many values of one thing are tried.
const VALUES: usize = 400;
/// How many cells of one axis.
const CELLS: usize = 128;
const ONE: i128 = Fixed::ONE.units();

/// Finds values.
pub(crate) struct Sampler<'s, 'r> {
    picture: &'s Picture<'r>,
    at: &'s At,
}

impl<'s, 'r> Sampler<'s, 'r> {
    pub(crate) fn new(picture: &'s Picture<'r>, at: &'s At) -> Sampler<'s, 'r> {
        Sampler { picture, at }
    }

    /// Values of a field or of a part of the last outcome for some axes, the simplest first; `Null` is "missing".
    pub(crate) fn values(&self, origin: Origin, axes: &[AxisId]) -> Vec<Value> {
        let mut found = vec![Value::Null];
        match origin {
            Origin::Field(slot) => {
                let Some(field) = self.picture.rules.schema.fields.get(slot as usize) else { return found };
                for axis in axes {
                    self.of_axis(*axis, &mut found);
                }
                self.of_kind(field, axes, &mut found);
                found.extend(self.given(&field.name));
            }
            Origin::Previous(position) => {
                for axis in axes {
                    self.of_axis(*axis, &mut found);
                }
                match self.picture.rules.previous.get(position as usize).map(|previous| &previous.part) {
                    Some(PreviousPart::Class(choice) | PreviousPart::Grade(choice)) => {
                        found.extend(choice.labels().map(Value::from));
                    }
                    Some(PreviousPart::Tags(choice)) => found.extend(sets(&choice.labels().collect::<Vec<_>>(), true)),
                    _ => {}
                }
            }
            Origin::Instant | Origin::Population | Origin::Order(..) => {}
        }
        let mut kept: Vec<Value> = Vec::new();
        for value in found {
            if kept.len() < VALUES && !kept.contains(&value) {
                kept.push(value);
            }
        }
        kept
    }

    /// What the file's own tests give.
    fn given(&self, name: &str) -> impl Iterator<Item = Value> {
        self.picture.rules.tests.iter().filter_map(move |test| test.given.get(name).cloned())
    }

    /// A value of a field alone in a cell of an axis that asks for it.
    pub(crate) fn in_cell(&self, axis: AxisId, cell: usize) -> Option<Value> {
        let described = self.picture.axes.get(axis);
        if cell == 0 {
            return Some(Value::Null);
        }
        match described.space {
            Space::Text | Space::Code => match described.texts.get(cell - 1) {
                Some(text) => Some(Value::Text(text.clone())),
                None => Some(Value::Text(self.other_text(described))),
            },
            Space::Presence | Space::Members(_) | Space::Predicates(_) | Space::Truth => None,
            _ => {
                let key = key_in(described, &bounds(self.picture.rules, described), cell)?;
                self.seek(described.subject, described.space, key).into_iter().next()
            }
        }
    }

    fn of_axis(&self, axis: AxisId, found: &mut Vec<Value>) {
        let described = self.picture.axes.get(axis);
        match described.space {
            Space::Text | Space::Code => {
                found.extend(described.texts.iter().take(CELLS).map(|text| Value::Text(text.clone())));
                found.push(Value::Text(self.other_text(described)));
            }
            Space::Predicates(_) => {
                for node in &described.slice {
                    self.of_predicate(NodeId(*node), found);
                }
            }
            Space::Members(_) | Space::Presence => {}
            Space::Truth => self.of_truth(described.subject, found),
            _ => {
                let bounds = bounds(self.picture.rules, described);
                for cell in (1..described.count()).take(CELLS) {
                    let low = if cell == 1 { i128::MIN } else { described.cuts[cell - 2] };
                    let high = described.cuts.get(cell - 1).copied().unwrap_or(i128::MAX);
                    let keys = [key_in(described, &bounds, cell), bounds.first_from(low, high)];
                    for key in keys.into_iter().flatten() {
                        found.extend(self.seek(described.subject, described.space, key));
                    }
                }
            }
        }
    }

    /// Values of what a value was computed from, so that it gets a key.
    fn seek(&self, node: NodeId, space: Space, key: i128) -> Vec<Value> {
        let rules = self.picture.rules;
        let date = |days: i128| Some(Value::Date(date_of(days)?));
        let one = |value: Option<Value>| value.into_iter().collect::<Vec<_>>();
        let days = |key: i128| i64::try_from(key.div_euclid(ONE)).ok();
        match rules.nodes.get(node) {
            Node::Field(slot) => {
                let kind = rules.schema.fields.get(*slot as usize).map(|field| &field.kind);
                one(kind.and_then(|kind| self.of_key(kind, space, key)))
            }
            Node::Previous(position) => one(match &rules.previous[*position as usize].part {
                PreviousPart::Class(choice) | PreviousPart::Grade(choice) => {
                    u32::try_from(key).ok().map(|label| Value::from(choice.label(label)))
                }
                PreviousPart::Score | PreviousPart::Coverage => {
                    Some(Value::Decimal(Fixed::from_units(key).to_decimal()))
                }
                PreviousPart::Tags(_) => None,
            }),
            Node::ToDecimal(inner) | Node::DateOf(inner) | Node::StartOfDay(inner) => self.seek(*inner, space, key),
            Node::DaysBetween(a, b) => {
                let today = i128::from(crate::time::day_number(self.at.today()));
                let Some(days) = days(key).map(i128::from) else { return Vec::new() };
                match (rules.nodes.get(*a), rules.nodes.get(*b)) {
                    (_, Node::Today) => self.seek(*a, Space::Day, today.saturating_sub(days)),
                    (Node::Today, _) => self.seek(*b, Space::Day, today.saturating_add(days)),
                    (_, Node::Constant(Constant::Date(to))) => {
                        self.seek(*a, Space::Day, i128::from(crate::time::day_number(*to)) - days)
                    }
                    (Node::Constant(Constant::Date(from)), _) => {
                        self.seek(*b, Space::Day, i128::from(crate::time::day_number(*from)) + days)
                    }
                    _ => Vec::new(),
                }
            }
            Node::MonthsSince(inner) => {
                let window = days(key).map(|months| match months {
                    0 => self.at.today(),
                    1.. => add_days(self.at.last(Stretch::Months(months)).first, -1),
                    _ => add_days(self.at.next(Stretch::Months(months.saturating_neg())).last, 1),
                });
                window.map_or_else(Vec::new, |day| self.seek(*inner, Space::Day, crate::time::day_number(day).into()))
            }
            Node::HoursSince(inner) => {
                let instant = days(key).and_then(|hours| {
                    let seconds = hours.checked_mul(3600)?;
                    self.at.now().checked_sub(SignedDuration::from_secs(seconds)).ok()
                });
                instant.map_or_else(Vec::new, |at| self.seek(*inner, Space::Instant, at.as_nanosecond()))
            }
            Node::DatePart(part, inner) => {
                let Some(wanted) = days(key) else { return Vec::new() };
                let today = self.at.today();
                let day = match part {
                    DatePart::Year => i16::try_from(wanted).ok().and_then(|year| Date::new(year, 6, 15).ok()),
                    DatePart::Month => {
                        i8::try_from(wanted).ok().and_then(|month| Date::new(today.year(), month, 1).ok())
                    }
                    DatePart::Day => i8::try_from(wanted).ok().and_then(|day| Date::new(today.year(), 1, day).ok()),
                    DatePart::Weekday => {
                        Some(add_days(today, wanted.saturating_sub(today.weekday().to_monday_one_offset().into())))
                    }
                };
                day.map_or_else(Vec::new, |day| self.seek(*inner, Space::Day, crate::time::day_number(day).into()))
            }
            Node::Arithmetic(operator, _, a, b) => self.seek_operand(*operator, *a, *b, key),
            Node::Absolute(_, inner) => {
                [key, key.saturating_neg()].into_iter().flat_map(|key| self.seek(*inner, space, key)).collect()
            }
            Node::Round(_, inner, _) => self.seek(*inner, space, key),
            Node::Aggregate(aggregate) => self.lists(aggregate, Some(key)),
            _ if space == Space::Day => one(date(key)),
            _ => Vec::new(),
        }
    }

    /// Values of the side of an operation that is no constant.
    fn seek_operand(&self, operator: ArithmeticOperator, a: NodeId, b: NodeId, key: i128) -> Vec<Value> {
        let nodes = &self.picture.rules.nodes;
        let constant = |id: NodeId| nodes.constant(id).and_then(super::picture::constant_units).map(Fixed::from_units);
        let key = Fixed::from_units(key);
        let (side, wanted) = match (operator, constant(a), constant(b)) {
            (ArithmeticOperator::Add, None, Some(c)) => (a, key.subtract(c)),
            (ArithmeticOperator::Add, Some(c), None) => (b, key.subtract(c)),
            (ArithmeticOperator::Subtract, None, Some(c)) => (a, key.add(c)),
            (ArithmeticOperator::Subtract, Some(c), None) => (b, c.subtract(key)),
            (ArithmeticOperator::Multiply, None, Some(c)) => (a, key.divide(c)),
            (ArithmeticOperator::Multiply, Some(c), None) => (b, key.divide(c)),
            (ArithmeticOperator::Divide, None, Some(c)) => (a, key.multiply(c)),
            (ArithmeticOperator::Divide, Some(c), None) => (b, c.divide(key)),
            _ => return Vec::new(),
        };
        let Some(wanted) = wanted else { return Vec::new() };
        // quotients are rounded: the neighbours may be what is meant
        let near = [wanted.units(), wanted.units().div_euclid(ONE) * ONE, (wanted.units().div_euclid(ONE) + 1) * ONE];
        near.into_iter().flat_map(|units| self.seek(side, Space::Units, units)).collect()
    }

    /// A key as a value of a field's type.
    fn of_key(&self, kind: &Type, space: Space, key: i128) -> Option<Value> {
        Some(match (kind, space) {
            (Type::Bool, _) => Value::Bool(key == 1),
            (Type::Choice(choice), _) => Value::from(choice.label(u32::try_from(key).ok()?)),
            (Type::Int, Space::Int) => Value::Int(i64::try_from(key).ok()?),
            (Type::Int, _) => Value::Int(i64::try_from(key.div_euclid(ONE)).ok()?),
            (Type::Decimal, _) => Value::Decimal(Fixed::from_units(key).in_range()?.to_decimal()),
            (Type::Float, _) => Value::Float(float_of(key)),
            (Type::Date, Space::Instant) => Value::Date(civil(Timestamp::from_nanosecond(key).ok()?, self.at)),
            (Type::Date, _) => Value::Date(date_of(key)?),
            (Type::DateTime, Space::Instant) => Value::Instant(Timestamp::from_nanosecond(key).ok()?),
            (Type::DateTime, _) => {
                let noon = date_of(key)?.at(12, 0, 0, 0).to_zoned(self.at.zone().clone()).ok()?;
                Value::Instant(noon.timestamp())
            }
            _ => return None,
        })
    }

    /// A text that is none of those that are mentioned.
    fn other_text(&self, axis: &Axis) -> Text {
        let names = ["other", "another", "其他", "x"].into_iter().map(str::to_owned);
        let mut names = names.chain((0..).map(|number| format!("other {number}")));
        let is_new = |name: &String| {
            let text = Text::new(name.as_str());
            let known = axis.texts.iter().any(|known| known.normal() == text.normal());
            let held = match self.picture.rules.nodes.get(axis.subject) {
                Node::Field(slot) => {
                    let field = self.picture.rules.schema.fields.get(*slot as usize);
                    field.is_some_and(|field| field.placeholders.hold_text(text.normal()))
                }
                _ => false,
            };
            !known && !held
        };
        Text::new(names.find(is_new).unwrap_or_default())
    }

    fn of_predicate(&self, node: NodeId, found: &mut Vec<Value>) {
        let today = self.at.today();
        let mut texts: Vec<String> = Vec::new();
        match self.picture.rules.nodes.get(node) {
            Node::Contains(_, _, needles) => {
                texts.extend(needles.iter().map(|needle| needle.original().to_owned()));
                texts.push(needles.iter().map(Text::original).collect::<Vec<_>>().join(" "));
            }
            Node::Affix(_, _, needle) => texts.push(needle.original().to_owned()),
            Node::Matches(_, regex) => {
                let pattern = self.picture.rules.regexes.get(*regex as usize).map(regex::Regex::as_str);
                texts.extend(pattern.and_then(super::pattern::example));
            }
            Node::HasTexts(_, _, members) | Node::WithinTexts(_, members) => {
                let members: Vec<&str> = members.iter().map(Text::original).collect();
                found.extend(sets(&members, false));
                found.push(set_of(&["other"]));
                found.push(set_of(&[members.as_slice(), &["other"]].concat()));
            }
            Node::WithinRegions(_, regions) => texts.extend(regions.iter().map(|region| region.original().to_owned())),
            Node::Window(_, direction, stretch) => {
                let window = match direction {
                    Direction::Last => self.at.last(*stretch),
                    Direction::Next => self.at.next(*stretch),
                };
                let days = [window.first, window.last, add_days(window.first, -1), add_days(window.last, 1), today];
                found.extend(days.map(Value::Date));
            }
            _ => {}
        }
        found.extend(texts.iter().map(|text| Value::from(text.as_str())));
    }

    /// Values for a condition that is asked as a whole, of one field.
    fn of_truth(&self, node: NodeId, found: &mut Vec<Value>) {
        let rules = self.picture.rules;
        match rules.nodes.get(node) {
            Node::Compare(_, a, b) => {
                for (side, other) in [(*a, *b), (*b, *a)] {
                    if let Some(constant) = rules.nodes.constant(other) {
                        found.extend(self.near_constant(side, constant));
                    }
                    if let Node::Aggregate(aggregate) = rules.nodes.get(side) {
                        found.extend(self.lists(aggregate, None));
                    }
                }
            }
            Node::OneOf(subject, constants) => {
                for constant in constants {
                    found.extend(self.near_constant(*subject, constant));
                }
            }
            Node::Aggregate(aggregate) => found.extend(self.lists(aggregate, None)),
            Node::Not(inner) => self.of_truth(*inner, found),
            Node::All(list) | Node::Any(list) | Node::AtLeast(_, list) => {
                list.iter().for_each(|id| self.of_truth(*id, found));
            }
            _ => self.of_predicate(node, found),
        }
    }

    /// Values at and beside a constant.
    fn near_constant(&self, side: NodeId, constant: &Constant) -> Vec<Value> {
        match constant {
            Constant::Instant(instant) => {
                let key = instant.as_nanosecond();
                let day = 86_400_000_000_000;
                [key, key.saturating_add(day), key.saturating_sub(day)]
                    .into_iter()
                    .flat_map(|key| self.seek(side, Space::Instant, key))
                    .collect()
            }
            Constant::Date(date) => {
                let day = i128::from(crate::time::day_number(*date));
                [day, day + 1, day - 1].into_iter().flat_map(|key| self.seek(side, Space::Day, key)).collect()
            }
            Constant::Text(text) | Constant::Code(text) | Constant::Region(text) => {
                match self.picture.rules.nodes.get(side) {
                    Node::Aggregate(aggregate) => self.lists(aggregate, None),
                    _ => vec![Value::Text(text.clone()), Value::from("other")],
                }
            }
            Constant::Labels(_) | Constant::Texts(_) | Constant::Codes(_) => Vec::new(),
            other => super::picture::constant_units(other).map_or_else(Vec::new, |units| {
                let near = [units, units.saturating_add(ONE), units.saturating_sub(ONE)];
                near.into_iter().flat_map(|key| self.seek(side, Space::Units, key)).collect()
            }),
        }
    }

    /// Values that any field of a kind may have, and combinations of what its axes ask for.
    fn of_kind(&self, field: &FieldType, axes: &[AxisId], found: &mut Vec<Value>) {
        match &field.kind {
            Type::Bool => found.extend([true, false].map(Value::Bool)),
            Type::Choice(choice) => found.extend(choice.labels().take(CELLS).map(Value::from)),
            Type::Set(choice) => {
                let mut asked: Vec<u32> = axes
                    .iter()
                    .filter(|axis| matches!(self.picture.axes.get(**axis).space, Space::Members(_)))
                    .flat_map(|axis| self.picture.axes.get(*axis).slice.iter().copied())
                    .collect();
                asked.extend((0..).take(choice.len().min(CELLS)));
                asked.dedup();
                let labels: Vec<&str> = asked.iter().map(|label| choice.label(*label)).collect();
                found.extend(sets(&labels, false));
            }
            Type::Text | Type::Code | Type::Region => {
                found.push(Value::from("other"));
                // two conditions may hold together of both their texts
                let texts: Vec<String> = found
                    .iter()
                    .filter_map(
                        |value| if let Value::Text(text) = value { Some(text.original().to_owned()) } else { None },
                    )
                    .take(12)
                    .collect();
                for first in &texts {
                    for last in texts.iter().filter(|last| *last != first) {
                        found.push(Value::from(format!("{first} {last}").as_str()));
                    }
                }
                found.push(Value::from(texts.join(" ").as_str()));
            }
            Type::Int | Type::Decimal => found.extend([0, 1, 2, 10, 100, 1000, -1].map(Value::Int)),
            Type::Float => found.extend([0.0, 1.0, 0.5].map(Value::Float)),
            Type::Date | Type::DateTime => {
                let today = self.at.today();
                let day = i128::from(crate::time::day_number(today));
                for days in [0, -1, 1, -30, 30, -365, 365, -3650, 3650] {
                    found.extend(self.of_key(&field.kind, Space::Day, day + days));
                }
            }
            Type::List(_) => found.push(Value::List(Vec::new())),
            Type::SetOfText | Type::SetOfCode => found.push(set_of(&["other"])),
        }
        if matches!(field.kind, Type::DateTime) {
            let dates: Vec<Value> = found
                .iter()
                .filter_map(|value| match value {
                    Value::Date(date) => self.of_key(&field.kind, Space::Day, crate::time::day_number(*date).into()),
                    _ => None,
                })
                .collect();
            found.extend(dates);
        }
    }

    /// Lists for which a list function gives a key, or anything.
    fn lists(&self, aggregate: &Aggregate, key: Option<i128>) -> Vec<Value> {
        let rules = self.picture.rules;
        let Node::Field(slot) = rules.nodes.get(aggregate.list) else { return Vec::new() };
        let Some(Type::List(columns)) = rules.schema.fields.get(*slot as usize).map(|field| &field.kind) else {
            return Vec::new();
        };
        let elements = super::element::elements(rules, self.at, *slot, columns, aggregate);
        let one_of = |element: &Fields| Value::List(vec![Value::Record(element.clone())]);
        let mut found: Vec<Value> = vec![Value::List(Vec::new())];
        let count = key.and_then(|key| usize::try_from(key.div_euclid(ONE)).ok()).filter(|count| *count <= 200);
        for element in &elements {
            match aggregate.fold {
                Fold::Count => {
                    let count = count.unwrap_or(1);
                    found.push(Value::List(vec![Value::Record(element.clone()); count]));
                }
                _ => found.push(one_of(element)),
            }
        }
        if let (Some(key), Some(value)) = (key, aggregate.value)
            && let Node::Element(_, column) = rules.nodes.get(inside(rules, value))
            && let Some(column) = columns.get(*column as usize)
        {
            let wanted = self.of_key(&column.kind, Space::Units, key);
            for element in &elements {
                if let Some(wanted) = &wanted {
                    let mut element = element.clone();
                    element.insert(column.name.to_string(), wanted.clone());
                    found.insert(1, one_of(&element));
                }
            }
        }
        for (first, second) in elements.iter().zip(elements.iter().skip(1)).take(16) {
            found.push(Value::List(vec![Value::Record(first.clone()), Value::Record(second.clone())]));
        }
        found
    }
}

/// What a conversion converts.
fn inside(rules: &crate::hir::Rules, mut node: NodeId) -> NodeId {
    while let Node::ToDecimal(inner) = rules.nodes.get(node) {
        node = *inner;
    }
    node
}

/// Sets a field or a part of the last outcome.
pub(crate) fn set(
    picture: &Picture<'_>,
    origin: Origin,
    value: &Value,
    lead: &mut Lead,
    previous: &mut crate::previous::Previous,
) {
    match origin {
        Origin::Field(slot) => {
            if let Some(field) = picture.rules.schema.fields.get(slot as usize) {
                lead.set(field.name.to_string(), value.clone());
            }
        }
        Origin::Previous(position) => {
            let Some(asked) = picture.rules.previous.get(position as usize) else { return };
            let name = asked.outcome.clone();
            let text =
                |value: &Value| if let Value::Text(text) = value { Some(text.original().to_owned()) } else { None };
            let decimal = if let Value::Decimal(value) = value { Some(*value) } else { None };
            match &asked.part {
                PreviousPart::Class(_) => drop(previous.classes.insert(name, text(value))),
                PreviousPart::Score => previous.scores.entry(name).or_default().score = decimal,
                PreviousPart::Coverage => previous.scores.entry(name).or_default().coverage = decimal,
                PreviousPart::Grade(_) => previous.scores.entry(name).or_default().grade = text(value),
                PreviousPart::Tags(_) => {
                    let labels = match value {
                        Value::List(labels) => Some(labels.iter().filter_map(text).collect()),
                        _ => None,
                    };
                    previous.tags.insert(name, labels);
                }
            }
        }
        Origin::Instant | Origin::Population | Origin::Order(..) => {}
    }
}
