//! Which constants the rules hold against which field, and the values on and next to them.

use crate::hir::node::{Constant, Node};
use crate::hir::{NodeId, Rules};
use crate::time::{self, At, Stretch};
use crate::value::moment::Moment;
use crate::value::text::region_segments;
use crate::value::{Fixed, Text};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// How far below a condition fields and constants are looked for.
const REACH: usize = 200;

/// A field of the lead, or of a list's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// By position in the schema.
    pub(super) slot: u32,
    /// Of an element: by position in the list's fields.
    pub(super) column: Option<u32>,
}

/// What the rules hold against each field.
#[derive(Debug, Default)]
pub(super) struct Constants(BTreeMap<Place, Held>);

/// The constants of one field, in order, so that the same rules give the same strategy.
#[derive(Clone, Debug, Default)]
struct Held {
    numbers: BTreeSet<Fixed>,
    texts: BTreeSet<String>,
    dates: BTreeSet<Date>,
    instants: BTreeSet<Timestamp>,
}

impl Constants {
    /// Every comparison's constants are held against the fields that it reads, through arithmetic and list functions.
    pub(super) fn of(rules: &Rules) -> Constants {
        let mut constants = Constants::default();
        for index in 0..rules.nodes.len() {
            let id = NodeId(u32::try_from(index).unwrap_or(u32::MAX));
            if is_test(rules.nodes.get(id)) {
                let (places, held) = below(rules, id);
                for place in places {
                    constants.0.entry(place).or_default().extend(&held);
                }
            }
        }
        constants
    }

    fn held(&self, place: Place) -> Held {
        self.0.get(&place).cloned().unwrap_or_default()
    }

    /// Each number, and its neighbours this far away; 0 and 1 too.
    fn numbers(&self, place: Place, steps: &[Fixed]) -> Vec<Fixed> {
        let held = self.held(place).numbers;
        let beside = held.iter().flat_map(|&number| {
            let around = steps.iter().flat_map(move |&step| [number.subtract(step), number.add(step)]);
            around.flatten().chain([number])
        });
        let all: BTreeSet<Fixed> = beside.chain([Fixed::ZERO, Fixed::ONE]).filter_map(Fixed::in_range).collect();
        let mut all: Vec<Fixed> = all.into_iter().collect();
        // what is near to nothing first: leads shrink towards it
        all.sort_by_key(|number| number.abs());
        all
    }

    pub(super) fn ints(&self, place: Place) -> Vec<i64> {
        let whole = self.numbers(place, &[Fixed::ONE]).into_iter().filter_map(|number| number.round(0)?.to_int());
        let mut seen = BTreeSet::new();
        whole.filter(|number| seen.insert(*number)).collect()
    }

    pub(super) fn decimals(&self, place: Place) -> Vec<Decimal> {
        let hundredth = Fixed::from_units(Fixed::ONE.units() / 100);
        self.numbers(place, &[hundredth, Fixed::ONE]).into_iter().map(Fixed::to_decimal).collect()
    }

    pub(super) fn floats(&self, place: Place) -> Vec<f64> {
        let hundredth = Fixed::from_units(Fixed::ONE.units() / 100);
        self.numbers(place, &[hundredth]).into_iter().map(Fixed::to_f64).collect()
    }

    /// Each text, what contains it, and something else.
    pub(super) fn texts(&self, place: Place) -> Vec<String> {
        let held = self.held(place).texts;
        let containing = held.iter().flat_map(|text| [text.clone(), format!("x {text}"), format!("{text} x")]);
        std::iter::once("other".to_owned()).chain(containing).collect()
    }

    /// Each region, the one above, one below, and something else.
    pub(super) fn regions(&self, place: Place) -> Vec<String> {
        let held = self.held(place).texts;
        let near = held.iter().flat_map(|path| {
            let segments: Vec<&str> = region_segments(path).collect();
            let above = segments.split_last().map(|(_, above)| above.join("/")).filter(|above| !above.is_empty());
            [path.clone(), format!("{path}/x")].into_iter().chain(above)
        });
        std::iter::once("other".to_owned()).chain(near).collect()
    }

    /// Today, the dates that the rules name, and those as many days away as any number that they name, with neighbours.
    pub(super) fn dates(&self, place: Place, at: &At) -> Vec<Date> {
        let held = self.held(place);
        let today = at.today();
        let days = held.numbers.iter().filter_map(|number| number.to_int()).filter(|days| days.abs() < 40_000);
        let away = days.flat_map(|days| [time::add_days(today, -days), time::add_days(today, days)]);
        let named = held.instants.iter().map(|instant| instant.to_zoned(at.zone().clone()).date());
        let centres: BTreeSet<Date> = held.dates.iter().copied().chain(named).chain(away).chain([today]).collect();
        let near: BTreeSet<Date> =
            centres.into_iter().flat_map(|date| [-1, 0, 1].map(|days| time::add_days(date, days))).collect();
        let mut near: Vec<Date> = near.into_iter().filter(|date| (1..=9000).contains(&date.year())).collect();
        near.sort_by_key(|date| time::days_between(*date, today).abs());
        near
    }

    /// Starts of those dates, moments in them, and the instants that the rules name, with neighbours.
    pub(super) fn instants(&self, place: Place, at: &At) -> Vec<Timestamp> {
        let second = SignedDuration::from_secs(1);
        let starts = self.dates(place, at).into_iter().filter_map(|date| Moment::Date(date).instant(at.zone()));
        let within = starts.flat_map(|start| {
            [start.checked_sub(second), Ok(start), start.checked_add(SignedDuration::from_hours(10))]
        });
        let named = self.held(place).instants.into_iter();
        let named = named.flat_map(|named| [named.checked_sub(second), Ok(named), named.checked_add(second)]);
        std::iter::once(at.now()).chain(within.chain(named).flatten()).collect()
    }
}

impl Held {
    fn extend(&mut self, other: &Held) {
        self.numbers.extend(&other.numbers);
        self.texts.extend(other.texts.iter().cloned());
        self.dates.extend(&other.dates);
        self.instants.extend(&other.instants);
    }

    fn text(&mut self, text: &Text) {
        self.texts.insert(text.original().to_owned());
    }

    fn constant(&mut self, constant: &Constant) {
        match constant {
            Constant::Int(value) => drop(self.numbers.insert(Fixed::from_int(*value))),
            Constant::Decimal(value) => drop(self.numbers.insert(*value)),
            Constant::Float(value) => self.numbers.extend(Fixed::parse(&format!("{value:e}")).ok()),
            Constant::Text(text) | Constant::Code(text) | Constant::Region(text) => self.text(text),
            Constant::Texts(texts) | Constant::Codes(texts) => texts.iter().for_each(|text| self.text(text)),
            Constant::Date(date) => drop(self.dates.insert(*date)),
            Constant::Instant(instant) => drop(self.instants.insert(*instant)),
            Constant::Missing | Constant::Bool(_) | Constant::Label(_) | Constant::Labels(_) => {}
        }
    }

    /// What a node states itself.
    fn node(&mut self, node: &Node) {
        match node {
            Node::Constant(constant) => self.constant(constant),
            Node::OneOf(_, constants) => constants.iter().for_each(|constant| self.constant(constant)),
            Node::HasTexts(_, _, texts)
            | Node::Contains(_, _, texts)
            | Node::WithinTexts(_, texts)
            | Node::WithinRegions(_, texts) => texts.iter().for_each(|text| self.text(text)),
            Node::Affix(_, _, text) => self.text(text),
            Node::Window(_, _, Stretch::Days(days)) => drop(self.numbers.insert(Fixed::from_int(*days))),
            // the shortest and the longest that so many months can be
            Node::Window(_, _, Stretch::Months(months)) => {
                let days = [months.saturating_mul(28), months.saturating_mul(31)];
                self.numbers.extend(days.map(Fixed::from_int));
            }
            _ => {}
        }
    }
}

/// Whether a node asks something of values.
fn is_test(node: &Node) -> bool {
    matches!(
        node,
        Node::Compare(..)
            | Node::OneOf(..)
            | Node::HasTexts(..)
            | Node::Contains(..)
            | Node::Affix(..)
            | Node::WithinTexts(..)
            | Node::WithinRegions(..)
            | Node::Window(..)
    )
}

/// The fields and the constants that a test is made of.
fn below(rules: &Rules, test: NodeId) -> (BTreeSet<Place>, Held) {
    let (mut places, mut held) = (BTreeSet::new(), Held::default());
    let (mut seen, mut pending) = (BTreeSet::from([test]), vec![test]);
    while let Some(id) = pending.pop().filter(|_| seen.len() < REACH) {
        let node = rules.nodes.get(id);
        held.node(node);
        match node {
            Node::Field(slot) => drop(places.insert(Place { slot: *slot, column: None })),
            Node::Element(slot, column) => drop(places.insert(Place { slot: *slot, column: Some(*column) })),
            _ => node.children(|child| {
                if seen.insert(child) {
                    pending.push(child);
                }
            }),
        }
    }
    (places, held)
}
