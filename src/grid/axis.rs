//! Axes and the questions that rules ask of them.

use super::boxes::Polarity;
use super::cells::Cells;
use super::question::Question;
use crate::hir::NodeId;
use crate::value::Text;
use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::BuildHasherDefault;

/// An axis, by its place in [`Axes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AxisId(pub(crate) u32);

impl AxisId {
    /// As an index.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of cells of one axis, described; by its place in [`Axes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LiteralId(pub(crate) u32);

impl LiteralId {
    /// As an index.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// How the values of an axis are told apart. Those that have an order are mapped to whole numbers, their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Space {
    /// Whether there is a value.
    Presence,
    /// A condition that is computed: unknown, false, true.
    Truth,
    /// false is 0, true is 1.
    Bool,
    /// A label by its position in the choice.
    Label,
    /// A whole number.
    Int,
    /// A number, in units of 10^-12.
    Units,
    /// A binary floating-point number, by bits that have its order.
    Float,
    /// A date, or the date of an instant, by the number of the day.
    Day,
    /// An instant, in nanoseconds.
    Instant,
    /// A text, equal to one of those that are mentioned or to none, in normal form.
    Text,
    /// The same, exactly.
    Code,
    /// Which of some labels a set has: by the number of the slice of the labels that are mentioned.
    Members(u32),
    /// Which of some conditions on the value hold: by the number of the slice.
    Predicates(u32),
}

/// One question of the rules to a lead.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// What is asked about.
    pub(crate) subject: NodeId,
    pub(crate) space: Space,
    /// Of an ordered space: keys at which something changes, ascending once frozen.
    pub(crate) cuts: Vec<i128>,
    /// Of texts: those that are mentioned.
    pub(crate) texts: Vec<Text>,
    /// Of a slice: the labels, or the conditions, whose bits make the cell.
    pub(crate) slice: Vec<u32>,
}

impl Axis {
    /// How many cells there are, "missing" among them.
    pub(crate) fn count(&self) -> usize {
        1 + match self.space {
            Space::Presence => 1,
            Space::Truth => 2,
            Space::Text | Space::Code => self.texts.len() + 1,
            Space::Members(_) | Space::Predicates(_) => 1 << self.slice.len(),
            _ => self.cuts.len() + 1,
        }
    }

    /// The cell of a key: how many cuts are not above it.
    pub(crate) fn cell(&self, key: i128) -> usize {
        1 + self.cuts.partition_point(|cut| *cut <= key)
    }

    /// The cells in which the answer to a question is yes. The axis is frozen.
    fn yes(&self, question: &Question) -> Cells {
        let mut cells = Cells::none(self.count());
        match question {
            Question::Present => cells.insert(1..self.count()),
            Question::Holds => cells.insert(2..3),
            Question::Within(ranges) => {
                for (low, high) in ranges {
                    let start = if *low == i128::MIN { 1 } else { self.cell(*low) };
                    let end = if *high == i128::MAX { self.count() } else { self.cell(*high) };
                    cells.insert(start..end);
                }
            }
            Question::Equals(texts) => texts.iter().for_each(|&text| {
                let cell = 1 + text as usize;
                cells.insert(cell..cell + 1);
            }),
            Question::AnyBit(mask) => self.insert_if(&mut cells, |bits| bits & mask != 0),
            Question::AllBits(mask) => self.insert_if(&mut cells, |bits| bits & mask == *mask),
        }
        cells
    }

    /// Adds the cells of a slice whose bits are wanted.
    fn insert_if(&self, cells: &mut Cells, wanted: impl Fn(u32) -> bool) {
        for (cell, bits) in (1..self.count()).zip(0..) {
            if wanted(bits) {
                cells.insert(cell..cell + 1);
            }
        }
    }
}

/// A description of cells of one axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Literal {
    Asked(Question, Polarity),
    /// Of other literals, ascending.
    All(Box<[LiteralId]>),
    Any(Box<[LiteralId]>),
}

fn literal_id(place: usize) -> LiteralId {
    LiteralId(u32::try_from(place).unwrap_or(u32::MAX))
}

/// All axes of a rule set, and what is asked of them. Axes get their cuts while questions come in; cells are known when
/// all have.
#[derive(Debug, Default)]
pub(crate) struct Axes {
    axes: Vec<Axis>,
    known: FxHashMap<(NodeId, Space), AxisId>,
    /// Each with its axis.
    literals: IndexSet<(AxisId, Literal), BuildHasherDefault<FxHasher>>,
}

impl Axes {
    /// The axis of a subject in a space; new or known.
    pub(crate) fn axis(&mut self, subject: NodeId, space: Space) -> AxisId {
        *self.known.entry((subject, space)).or_insert_with(|| {
            self.axes.push(Axis { subject, space, cuts: Vec::new(), texts: Vec::new(), slice: Vec::new() });
            AxisId(u32::try_from(self.axes.len() - 1).unwrap_or(u32::MAX))
        })
    }

    /// How many axes there are.
    pub(crate) fn len(&self) -> usize {
        self.axes.len()
    }

    /// What an axis is.
    pub(crate) fn get(&self, axis: AxisId) -> &Axis {
        &self.axes[axis.index()]
    }

    pub(super) fn get_mut(&mut self, axis: AxisId) -> &mut Axis {
        &mut self.axes[axis.index()]
    }

    /// The cells where a question of an axis has an answer.
    pub(super) fn asked(&mut self, axis: AxisId, question: Question, polarity: Polarity) -> LiteralId {
        let (place, new) = self.literals.insert_full((axis, Literal::Asked(question, polarity)));
        if new && let Some((_, Literal::Asked(Question::Within(ranges), _))) = self.literals.get_index(place) {
            let ends = ranges.iter().flat_map(|(low, high)| [*low, *high]);
            self.axes[axis.index()].cuts.extend(ends.filter(|end| *end != i128::MIN && *end != i128::MAX));
        }
        literal_id(place)
    }

    /// The cells of all of several literals of one axis, which are in order.
    pub(super) fn every(&mut self, asked: &[(AxisId, LiteralId)]) -> LiteralId {
        self.joined(asked, Literal::All)
    }

    /// The cells of any of several literals of one axis, which are in order.
    pub(super) fn some(&mut self, asked: &[(AxisId, LiteralId)]) -> LiteralId {
        self.joined(asked, Literal::Any)
    }

    fn joined(&mut self, asked: &[(AxisId, LiteralId)], join: fn(Box<[LiteralId]>) -> Literal) -> LiteralId {
        match asked {
            [(_, only)] => *only,
            _ => self.add(asked[0].0, join(asked.iter().map(|(_, literal)| *literal).collect())),
        }
    }

    fn add(&mut self, axis: AxisId, literal: Literal) -> LiteralId {
        literal_id(self.literals.insert_full((axis, literal)).0)
    }

    /// Brings the cuts into order. No question may come after that.
    pub(crate) fn freeze(&mut self) {
        for axis in &mut self.axes {
            axis.cuts.sort_unstable();
            axis.cuts.dedup();
        }
    }

    /// The cells of every literal, by its place.
    pub(crate) fn cells(&self) -> Vec<Cells> {
        let mut found: Vec<Cells> = Vec::with_capacity(self.literals.len());
        for (axis, literal) in &self.literals {
            let axis = self.get(*axis);
            let cells = match literal {
                Literal::Asked(question, polarity) => axis.answers(question, *polarity),
                Literal::All(of) => Cells::every(axis.count(), of.iter().map(|it| &found[it.index()])),
                Literal::Any(of) => Cells::any(axis.count(), of.iter().map(|it| &found[it.index()])),
            };
            found.push(cells);
        }
        found
    }
}

impl Axis {
    /// The cells where a question has an answer. Of what is missing every question but "present" is unknown.
    fn answers(&self, question: &Question, polarity: Polarity) -> Cells {
        let all = Cells::all(self.count());
        let yes = self.yes(question);
        let no = || {
            let mut no = all.without(&yes);
            if *question != Question::Present {
                let mut missing = Cells::none(self.count());
                missing.insert(0..1);
                no = no.without(&missing);
            }
            no
        };
        match polarity {
            Polarity::True => yes,
            Polarity::False => no(),
            Polarity::NotTrue => all.without(&yes),
            Polarity::NotFalse => all.without(&no()),
        }
    }
}
