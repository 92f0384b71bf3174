//! How the cell of a value is found.

use crate::grid::{Axes, Axis, AxisId, Space};
use crate::hir::node::Node;
use crate::hir::{NodeId, Rules};
use crate::operator::Quantifier;
use crate::types::Type;
use crate::value::Text;
use memchr::memmem;
use rustc_hash::FxHashMap;

/// Where a value is, and how its cell is found.
#[derive(Debug)]
pub(crate) struct Locator {
    pub(crate) source: Source,
    pub(crate) finder: Finder,
}

impl Locator {
    /// Whether it is located by conditions that a text alone decides.
    pub(crate) fn is_of_text(&self) -> bool {
        matches!(&self.finder, Finder::Predicates(conditions) if conditions.iter().all(Predicate::is_of_text))
    }

    /// Whether the cell of a value depends on the instant of the evaluation.
    pub(super) fn knows_time(&self, rules: &Rules) -> bool {
        let Finder::Predicates(conditions) = &self.finder else { return false };
        conditions.iter().any(|condition| matches!(rules.nodes.get(condition.node), Node::Window(..)))
    }
}

/// Where the value of an axis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// In the lead: by position in the schema.
    Field(u32),
    /// Computed before: by register.
    Register(u32),
}

/// From a value to its cell. Cell 0 is "missing".
#[derive(Debug)]
pub(crate) enum Finder {
    Presence,
    Truth,
    /// The cells of false and true.
    Bool([u32; 2]),
    /// By the position of the label; those past the end are in the last cell.
    Labels(Box<[u32]>),
    Ints(Box<[i64]>),
    Units(Box<[i128]>),
    Floats(Box<[i128]>),
    Days(Box<[i64]>),
    Instants(Box<[i128]>),
    /// By normal form; all others are in the last cell.
    Texts(Texts),
    /// The same, exactly.
    Codes(Texts),
    /// The bits of labels, by position.
    Members(Box<[u32]>),
    /// A bit for each of these conditions on the value.
    Predicates(Box<[Predicate]>),
}

/// A condition on a value.
#[derive(Debug)]
pub(crate) struct Predicate {
    pub(crate) node: NodeId,
    /// What a text is searched for, ready to be found.
    pub(crate) search: Search,
}

/// How a condition is decided.
#[derive(Debug)]
pub(crate) enum Search {
    /// Any of these is in the text.
    Any(Box<[memmem::Finder<'static>]>),
    /// All of these are.
    All(Box<[memmem::Finder<'static>]>),
    /// It begins or ends with something, matches an expression, or lies in a region.
    Text,
    /// By more than a text.
    Value,
}

impl Predicate {
    fn new(rules: &Rules, subject: NodeId, node: NodeId) -> Predicate {
        let kind = match rules.nodes.get(subject) {
            Node::Field(slot) => rules.schema.fields.get(*slot as usize).map(|field| &field.kind),
            _ => None,
        };
        let form: Option<fn(&Text) -> &str> = match kind {
            Some(Type::Text) => Some(Text::normal),
            Some(Type::Code) => Some(Text::exact),
            _ => None,
        };
        let search = match (rules.nodes.get(node), form) {
            (Node::Contains(_, quantifier, needles), Some(form)) => {
                let finders = needles.iter().map(|needle| memmem::Finder::new(form(needle)).into_owned()).collect();
                if *quantifier == Quantifier::All { Search::All(finders) } else { Search::Any(finders) }
            }
            (Node::Affix(..) | Node::Matches(..) | Node::WithinRegions(..), _) => Search::Text,
            _ => Search::Value,
        };
        Predicate { node, search }
    }

    /// Whether it is decided by a text alone.
    pub(super) fn is_of_text(&self) -> bool {
        !matches!(self.search, Search::Value)
    }
}

/// The cells of the texts that rules mention.
#[derive(Debug)]
pub(crate) struct Texts {
    known: FxHashMap<Box<str>, u32>,
    other: u32,
}

impl Texts {
    fn new(axis: &Axis) -> Texts {
        let form = |text: &Text| match axis.space {
            Space::Code => text.exact().into(),
            _ => text.normal().into(),
        };
        let known: FxHashMap<Box<str>, u32> = axis.texts.iter().map(form).zip(1..).collect();
        Texts { other: cell(axis.texts.len() + 1), known }
    }

    /// The cell of a text in the form that counts.
    pub(crate) fn cell(&self, form: &str) -> u32 {
        self.known.get(form).copied().unwrap_or(self.other)
    }
}

fn cell(cell: usize) -> u32 {
    u32::try_from(cell).unwrap_or(u32::MAX)
}

impl Finder {
    fn new(rules: &Rules, axis: &Axis) -> Finder {
        let wide = || axis.cuts.clone().into_boxed_slice();
        // a cut past the range is never reached, and at its start no key is before it
        let narrow = || {
            axis.cuts
                .iter()
                .map(|cut| i64::try_from(*cut).unwrap_or(if *cut < 0 { i64::MIN } else { i64::MAX }))
                .collect()
        };
        match axis.space {
            Space::Presence => Finder::Presence,
            Space::Truth => Finder::Truth,
            Space::Bool => Finder::Bool([0, 1].map(|key| cell(axis.cell(key)))),
            Space::Label => {
                let last = axis.cuts.last().map_or(0, |cut| usize::try_from(*cut).unwrap_or(0));
                Finder::Labels((0..).take(last + 1).map(|label| cell(axis.cell(label))).collect())
            }
            Space::Int if axis.cuts.iter().all(|cut| *cut <= i128::from(i64::MAX)) => Finder::Ints(narrow()),
            // an int past every int of 64 bits: asked by units
            Space::Int => Finder::Units(
                axis.cuts.iter().map(|cut| cut.saturating_mul(crate::value::Fixed::ONE.units())).collect(),
            ),
            Space::Units => Finder::Units(wide()),
            Space::Float => Finder::Floats(wide()),
            Space::Day => Finder::Days(narrow()),
            Space::Instant => Finder::Instants(wide()),
            Space::Text => Finder::Texts(Texts::new(axis)),
            Space::Code => Finder::Codes(Texts::new(axis)),
            Space::Members(_) => {
                let length = axis.slice.last().map_or(0, |label| *label as usize + 1);
                let mut bits = vec![0; length];
                axis.slice.iter().enumerate().for_each(|(bit, label)| bits[*label as usize] = 1 << bit);
                Finder::Members(bits.into())
            }
            Space::Predicates(_) => {
                let conditions = axis.slice.iter().map(|node| Predicate::new(rules, axis.subject, NodeId(*node)));
                Finder::Predicates(conditions.collect())
            }
        }
    }
}

/// Up to so many cuts are counted one by one, without a branch; more are searched.
const COUNTED: usize = 16;

/// The cell of a key: after "missing", by how many cuts are not above it.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "there are far fewer cells than 32 bits can tell apart")]
pub(crate) fn count_cuts<T: PartialOrd + Copy>(cuts: &[T], key: T) -> u32 {
    if cuts.len() <= COUNTED {
        1 + cuts.iter().map(|cut| u32::from(*cut <= key)).sum::<u32>()
    } else {
        1 + cuts.partition_point(|cut| *cut <= key) as u32
    }
}

/// The axes that are asked, each located once, in the order of its number.
pub(super) struct Locators<'r> {
    rules: &'r Rules,
    axes: &'r Axes,
    registers: &'r [u32],
    places: Vec<Option<u32>>,
    found: Vec<Asked>,
}

/// An axis that is asked.
pub(super) struct Asked {
    pub(super) axis: AxisId,
    pub(super) locator: Locator,
    /// Whether its cell is needed in any case.
    pub(super) always: bool,
}

impl<'r> Locators<'r> {
    pub(super) fn new(rules: &'r Rules, axes: &'r Axes, registers: &'r [u32]) -> Locators<'r> {
        Locators { rules, axes, registers, places: vec![None; axes.len()], found: Vec::new() }
    }

    /// The number of an axis whose cell is needed in any case.
    pub(super) fn place(&mut self, id: AxisId) -> u32 {
        let place = self.place_if_asked(id);
        self.found[place as usize].always = true;
        place
    }

    /// The number of an axis whose cell is only needed if something asks for it.
    pub(super) fn place_if_asked(&mut self, id: AxisId) -> u32 {
        if let Some(place) = self.places[id.index()] {
            return place;
        }
        let axis = self.axes.get(id);
        let source = match self.rules.nodes.get(axis.subject) {
            Node::Field(slot) => Source::Field(*slot),
            _ => Source::Register(self.registers[axis.subject.index()]),
        };
        let place = cell(self.found.len());
        self.found.push(Asked {
            axis: id,
            locator: Locator { source, finder: Finder::new(self.rules, axis) },
            always: false,
        });
        self.places[id.index()] = Some(place);
        place
    }

    /// All that are asked.
    pub(super) fn take(&mut self) -> Vec<Asked> {
        std::mem::take(&mut self.found)
    }
}
