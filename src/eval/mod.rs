//! Program × lead → outcome.
//!
//! One loop over the steps of a plan, or of the program of whole outcomes; each step computes a datum from data that are
//! there already. Everything is total: what cannot be computed is missing.

mod aggregate;
pub(crate) mod bits;
pub(crate) mod compare;
pub(crate) mod flat;
mod grid;
mod look;
pub(crate) mod number;
mod score;
pub(crate) mod text;
pub(crate) mod timespan;

use crate::hir::node::{Constant, DatePart, Decay, Node, NumberKind, Rank};
use crate::hir::{NodeId, PreviousPart, Rules};
use crate::lead::Lead;
use crate::lead::prepared::Prepared;
use crate::lead::read::{Schema, read};
use crate::lead::reading::{Datum, Reading};
use crate::operator::{Direction, Quantifier};
use crate::population::Population;
use crate::previous::Previous;
use crate::program::{Plan, Program};
use crate::time::{self, At, Stretch};
use crate::value::{Fixed, decay};
use jiff::tz::TimeZone;
use look::Room;
use number::{decimal, fixed, int};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// What an evaluation is given.
#[derive(Clone, Copy)]
pub(crate) struct Inputs<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) program: &'a Program,
    pub(crate) facts: Facts<'a>,
    pub(crate) at: &'a At,
    pub(crate) previous: Option<&'a Previous>,
    pub(crate) population: Option<&'a Population>,
}

/// What is known of a lead, in one of its forms.
#[derive(Clone, Copy)]
pub(crate) enum Facts<'a> {
    Lead(&'a Lead),
    /// Read and located beforehand by the same rule set; the lead is for other zones, and for plans.
    Prepared(&'a Prepared, &'a [u32], &'a Lead),
    /// A record of the host: for whole outcomes.
    Record(&'a dyn ReadRecord),
}

/// A record of the host, with how its fields are read.
pub(crate) trait ReadRecord {
    /// Reads what rules need of every field that the schema knows, and locates the axes that it can at once.
    fn read<'a>(&'a self, schema: &Schema, zone: &TimeZone, into: &mut Reading<'a>, cells: &mut [u32]);

    /// The axes of fields that are still to be located.
    fn to_locate(&self) -> &[u32];
}

/// The room that an evaluation needs; kept, so that the next one allocates nothing.
#[derive(Default)]
pub(crate) struct Workspace {
    slots: Vec<Datum<'static>>,
    reading: Reading<'static>,
    sorting: Vec<Datum<'static>>,
    /// Nothing while it is in use.
    located: Option<Box<Located>>,
}

/// Where a lead is on the grid, and what holds there.
#[derive(Debug, Default)]
struct Located {
    /// The cell of each axis.
    cells: Vec<u32>,
    /// Of each grid the boxes that hold.
    live: Vec<Vec<u64>>,
    room: Room,
    /// A set of labels that is put together.
    row: Vec<u64>,
    /// The bits of all tags, and for each block whether its guard is true.
    tags: Vec<u64>,
    blocks: Vec<bool>,
}

/// A vector's room for data of another lifetime: it is empty, and collecting nothing in place keeps the allocation.
fn recycle<'a, 'b>(mut data: Vec<Datum<'a>>) -> Vec<Datum<'b>> {
    if data.capacity() == 0 {
        return Vec::new();
    }
    data.clear();
    data.into_iter().map(|_| Datum::Missing).collect()
}

impl Workspace {
    /// Runs a plan and hands its values over.
    pub(crate) fn run<'a, R>(&mut self, inputs: Inputs<'a>, plan: &Plan, take: impl FnOnce(&mut State<'a>) -> R) -> R {
        self.with(inputs, None, |state| {
            state.run(plan);
            take(state)
        })
    }

    /// Runs the program of whole outcomes and hands its values over.
    pub(crate) fn run_whole<'a, R>(&mut self, inputs: Inputs<'a>, take: impl FnOnce(&mut State<'a>) -> R) -> R {
        self.with(inputs, Some(&inputs.program.whole.registers), |state| {
            state.run_whole();
            take(state)
        })
    }

    /// The cells of the axes of a lead's fields.
    pub(crate) fn locate(&mut self, inputs: Inputs<'_>) -> Box<[u32]> {
        self.with(inputs, None, |state| {
            state.begin();
            state.located.cells.as_slice().into()
        })
    }

    fn with<'a, R>(
        &mut self,
        inputs: Inputs<'a>,
        registers: Option<&'a [u32]>,
        take: impl FnOnce(&mut State<'a>) -> R,
    ) -> R {
        let mut state = State {
            inputs,
            registers,
            slots: recycle(std::mem::take(&mut self.slots)),
            reading: std::mem::take(&mut self.reading).recycle(),
            sorting: recycle(std::mem::take(&mut self.sorting)),
            prepared: None,
            located: self.located.take().unwrap_or_default(),
        };
        let result = take(&mut state);
        self.slots = recycle(state.slots);
        self.reading = state.reading.recycle();
        self.sorting = recycle(state.sorting);
        self.located = Some(state.located);
        result
    }
}

/// The values of an evaluation: a datum per node, and what they point into.
pub(crate) struct State<'a> {
    pub(crate) inputs: Inputs<'a>,
    /// Where the value of each node is kept; without it, at the node's number.
    registers: Option<&'a [u32]>,
    slots: Vec<Datum<'a>>,
    pub(crate) reading: Reading<'a>,
    /// Where the fields are, when they were read beforehand.
    prepared: Option<&'a Prepared>,
    /// For counting what is distinct.
    sorting: Vec<Datum<'a>>,
    located: Box<Located>,
}

impl<'a> State<'a> {
    /// The value of a node that was computed; of any other, missing.
    pub(crate) fn value(&self, id: NodeId) -> Datum<'a> {
        self.slots.get(self.register(id)).copied().unwrap_or(Datum::Missing)
    }

    /// Where the value of a node is kept.
    fn register(&self, id: NodeId) -> usize {
        self.registers.map_or(id.index(), |registers| registers[id.index()] as usize)
    }

    /// The value of a field.
    pub(crate) fn field(&self, slot: u32) -> Datum<'a> {
        match self.prepared {
            Some(prepared) => prepared.field(slot),
            None => self.reading.fields.get(slot as usize).copied().unwrap_or(Datum::Missing),
        }
    }

    /// The bits of the tags of all blocks.
    pub(crate) fn tags(&self) -> &[u64] {
        &self.located.tags
    }

    /// For each block of tags whether its guard is true.
    pub(crate) fn blocks(&self) -> &[bool] {
        &self.located.blocks
    }

    /// A condition's value: true, false, or unknown.
    pub(crate) fn truth(&self, id: NodeId) -> Option<bool> {
        match self.value(id) {
            Datum::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Whether a condition is true.
    pub(crate) fn fires(&self, id: NodeId) -> bool {
        self.truth(id) == Some(true)
    }

    fn run(&mut self, plan: &Plan) {
        let Inputs { rules, facts, at, .. } = self.inputs;
        let wanted = (!plan.reads_all).then_some(plan.wanted.as_slice());
        match facts {
            Facts::Lead(lead) | Facts::Prepared(_, _, lead) => {
                read(lead, &rules.schema, wanted, at.zone(), &mut self.reading);
            }
            // records are evaluated whole
            Facts::Record(_) => self.reading.clear(),
        }
        self.slots.resize(rules.nodes.len(), Datum::Missing);
        for &id in &plan.steps {
            self.slots[id.index()] = self.compute(id);
        }
    }

    /// Computes one node from those below it.
    fn compute(&mut self, id: NodeId) -> Datum<'a> {
        let rules = self.inputs.rules;
        match rules.nodes.get(id) {
            Node::Constant(constant) => self.constant(constant),
            Node::Field(slot) => self.field(*slot),
            // set by the list function, element by element
            Node::Element(..) => Datum::Missing,
            Node::Now => Datum::Instant(self.inputs.at.now()),
            Node::Today => Datum::Date(self.inputs.at.today()),
            Node::Previous(position) => self.previous(*position),
            Node::PopulationLoaded => self.inputs.population.map_or(Datum::Missing, |_| Datum::Bool(true)),
            Node::Match { arms, .. } => {
                let fired = arms.iter().find(|(test, _)| self.fires(*test));
                fired.map_or(Datum::Missing, |(_, value)| self.value(*value))
            }
            Node::Aggregate(aggregate) => self.aggregate(id, aggregate),
            Node::Rank(rank, measured) => self.rank(*rank, *measured),
            Node::Relabel(inner, table) => match self.value(*inner) {
                Datum::Label(label) => table.get(label as usize).map_or(Datum::Missing, |&to| Datum::Label(to)),
                _ => Datum::Missing,
            },
            Node::Spell(inner, texts) => match self.value(*inner) {
                Datum::Label(label) => texts.get(label as usize).map_or(Datum::Missing, Datum::Text),
                _ => Datum::Missing,
            },
            Node::When(guard, inner) => {
                if self.fires(*guard) {
                    self.value(*inner)
                } else {
                    Datum::Missing
                }
            }
            Node::Outcome(inner) => self.value(*inner),
            Node::TagSet(tests) => {
                let labels = (0..).zip(tests).filter(|(_, test)| self.fires(**test)).map(|(label, _)| label);
                let labels: SmallVec<[u32; 16]> = labels.collect();
                Datum::Labels(self.reading.keep_labels(labels))
            }
            Node::Indicator(indicator) => score::points(self, indicator),
            Node::Covered(inner) => match rules.nodes.get(*inner) {
                Node::Indicator(indicator) => Datum::Bool(score::is_covered(self, indicator)),
                _ => Datum::Missing,
            },
            Node::Score(parts) => decimal(score::total(self, parts)),
            Node::Coverage(parts) => decimal(score::coverage(self, parts)),
            node => self.compute_condition(node).unwrap_or_else(|| self.compute_value(node)),
        }
    }

    /// Conditions; nothing when the node is none.
    fn compute_condition(&self, node: &'a Node) -> Option<Datum<'a>> {
        let at = self.inputs.at;
        let truth = match node {
            Node::Not(inner) => self.truth(*inner).map(|truth| !truth),
            Node::All(list) => self.at_least(list.len(), list),
            Node::Any(list) => self.at_least(1, list),
            Node::AtLeast(count, list) => self.at_least(usize::try_from(*count).unwrap_or(0), list),
            Node::IsPresent(inner) => Some(self.is_present(*inner)),
            Node::Fires(inner) => Some(self.fires(*inner)),
            Node::Compare(op, a, b) => compare::compare(*op, self.value(*a), self.value(*b), &self.reading, at),
            Node::OneOf(subject, constants) => {
                let subject = self.value(*subject);
                let equals =
                    |constant| compare::order(subject, compare::of_constant(constant), at) == Some(Ordering::Equal);
                self.known(subject).map(|()| constants.iter().any(equals))
            }
            Node::HasLabels(subject, ..)
            | Node::WithinLabels(subject, _)
            | Node::HasTexts(subject, ..)
            | Node::WithinTexts(subject, _)
            | Node::Contains(subject, ..)
            | Node::Affix(subject, ..)
            | Node::Matches(subject, _)
            | Node::WithinRegions(subject, _)
            | Node::Window(subject, ..) => self.predicate(node, self.value(*subject)),
            _ => return None,
        };
        Some(truth.map_or(Datum::Missing, Datum::Bool))
    }

    /// A condition on a single value, which is unknown just when the value is missing.
    pub(crate) fn predicate(&self, node: &Node, value: Datum<'_>) -> Option<bool> {
        let Inputs { rules, at, .. } = self.inputs;
        match node {
            Node::HasLabels(_, quantifier, labels) => match value {
                Datum::Labels(range) => {
                    let own = self.reading.labels(range);
                    let has = |label: &u32| own.binary_search(label).is_ok();
                    Some(if *quantifier == Quantifier::All { labels.iter().all(has) } else { labels.iter().any(has) })
                }
                _ => None,
            },
            Node::WithinLabels(_, labels) => match value {
                Datum::Labels(range) => {
                    Some(self.reading.labels(range).iter().all(|label| labels.binary_search(label).is_ok()))
                }
                _ => None,
            },
            Node::HasTexts(_, quantifier, texts) => text::has(value, *quantifier, texts, &self.reading),
            Node::WithinTexts(_, texts) => text::within(value, texts, &self.reading),
            Node::Contains(..) | Node::Affix(..) | Node::Matches(..) | Node::WithinRegions(..) => {
                text::decide(rules, node, value)
            }
            Node::Window(_, direction, stretch) => {
                let window = match direction {
                    Direction::Last => at.last(*stretch),
                    Direction::Next => at.next(*stretch),
                };
                at.date(value).map(|date| window.contains(date))
            }
            _ => None,
        }
    }

    /// Numbers, times, and choices between values.
    fn compute_value(&self, node: &'a Node) -> Datum<'a> {
        let at = self.inputs.at;
        match node {
            Node::Arithmetic(op, kind, a, b) => number::arithmetic(*op, *kind, self.value(*a), self.value(*b)),
            Node::ToDecimal(inner) => decimal(fixed(self.value(*inner)).and_then(Fixed::in_range)),
            Node::Absolute(_, inner) => match self.value(*inner) {
                Datum::Int(value) => int(value.checked_abs()),
                Datum::Decimal(value) => Datum::Decimal(value.abs()),
                _ => Datum::Missing,
            },
            Node::Round(kind, inner, digits) => {
                let rounded = fixed(self.value(*inner)).and_then(|value| value.round(*digits));
                match kind {
                    NumberKind::Int => int(rounded.and_then(Fixed::to_int)),
                    NumberKind::Decimal => decimal(rounded.and_then(Fixed::in_range)),
                }
            }
            Node::Least(list) => self.extreme(list, Ordering::Less),
            Node::Greatest(list) => self.extreme(list, Ordering::Greater),
            Node::Coalesce(list) => {
                list.iter().find(|id| self.is_present(**id)).map_or(Datum::Missing, |id| self.value(*id))
            }
            Node::CountPresent(list) => int(i64::try_from(self.count_present(list)).ok()),
            Node::PresentRatio(list) => decimal(Fixed::share(self.count_present(list), list.len())),
            Node::DateOf(inner) => at.date(self.value(*inner)).map_or(Datum::Missing, Datum::Date),
            Node::StartOfDay(inner) => at.instant(self.value(*inner)).map_or(Datum::Missing, Datum::Instant),
            Node::DatePart(part, inner) => int(at.date(self.value(*inner)).map(|date| match part {
                DatePart::Year => time::year(date),
                DatePart::Month => time::month(date),
                DatePart::Day => time::day(date),
                DatePart::Weekday => time::weekday(date),
            })),
            Node::DaysBetween(a, b) => int(at.days_between(self.value(*a), self.value(*b))),
            Node::HoursSince(inner) => int(at.hours_since(self.value(*inner))),
            Node::MonthsSince(inner) => int(at.months_since(self.value(*inner))),
            Node::Decay(spec, points, x) => decimal(self.decay(*spec, *points, *x)),
            _ => Datum::Missing,
        }
    }

    /// Kleene's "at least so many": true when enough are true, false when enough can no longer be.
    fn at_least(&self, count: usize, list: &[NodeId]) -> Option<bool> {
        let (mut yes, mut unknown) = (0, 0);
        for &id in list {
            match self.truth(id) {
                Some(true) => yes += 1,
                Some(false) => {}
                None => unknown += 1,
            }
        }
        if yes >= count {
            Some(true)
        } else if yes + unknown < count {
            Some(false)
        } else {
            None
        }
    }

    /// Something, unless the value is missing.
    fn known(&self, datum: Datum<'_>) -> Option<()> {
        (!matches!(datum, Datum::Missing)).then_some(())
    }

    /// Whether a node has a value.
    pub(crate) fn is_present(&self, id: NodeId) -> bool {
        self.known(self.value(id)).is_some()
    }

    fn count_present(&self, list: &[NodeId]) -> usize {
        list.iter().filter(|id| self.is_present(**id)).count()
    }

    /// The least or greatest of values, all of which must be there.
    fn extreme(&self, list: &[NodeId], wanted: Ordering) -> Datum<'a> {
        let mut best: Option<Datum<'a>> = None;
        for &id in list {
            let value = self.value(id);
            match best {
                _ if matches!(value, Datum::Missing) => return Datum::Missing,
                Some(held) if compare::order(value, held, self.inputs.at) != Some(wanted) => {}
                _ => best = Some(value),
            }
        }
        best.unwrap_or(Datum::Missing)
    }

    fn decay(&self, spec: Decay, points: NodeId, x: NodeId) -> Option<Fixed> {
        let points = fixed(self.value(points))?;
        decayed(spec, points, self.inputs.at.age(self.value(x), period(spec))?)
    }

    fn rank(&self, rank: Rank, measured: NodeId) -> Datum<'a> {
        let measure = self.inputs.program.measure(measured);
        let found = self.inputs.population.zip(measure).zip(fixed(self.value(measured)));
        let Some(((population, measure), value)) = found else { return Datum::Missing };
        match rank {
            Rank::Percent => decimal(population.percent_rank(measure, value)),
            Rank::Tile(tiles) => int(population.tile(measure, value, tiles)),
            Rank::Share => decimal(population.share_above(measure, value)),
        }
    }

    fn constant(&mut self, constant: &'a Constant) -> Datum<'a> {
        match constant {
            Constant::Labels(labels) => Datum::Labels(self.reading.keep_labels(labels.iter().copied())),
            Constant::Texts(texts) => Datum::Texts(self.reading.keep_texts(texts)),
            Constant::Codes(texts) => Datum::Codes(self.reading.keep_texts(texts)),
            single => compare::of_constant(single),
        }
    }

    /// A part of the last outcome; missing when there is none, or when its label no longer exists.
    fn previous(&mut self, position: u32) -> Datum<'a> {
        let wanted = &self.inputs.rules.previous[position as usize];
        let Some(previous) = self.inputs.previous else { return Datum::Missing };
        let label = |label: Option<&String>, choice: &crate::types::Choice| {
            label.and_then(|label| choice.find_written(label)).map_or(Datum::Missing, Datum::Label)
        };
        let score = previous.scores.get(&wanted.outcome);
        let number = |value: Option<rust_decimal::Decimal>| decimal(value.and_then(Fixed::from_decimal));
        match &wanted.part {
            PreviousPart::Class(choice) => {
                label(previous.classes.get(&wanted.outcome).and_then(Option::as_ref), choice)
            }
            PreviousPart::Grade(choice) => label(score.and_then(|score| score.grade.as_ref()), choice),
            PreviousPart::Score => number(score.and_then(|score| score.score)),
            PreviousPart::Coverage => number(score.and_then(|score| score.coverage)),
            PreviousPart::Tags(choice) => match previous.tags.get(&wanted.outcome).and_then(Option::as_ref) {
                Some(labels) => {
                    let found = labels.iter().filter_map(|label| choice.find_written(label));
                    Datum::Labels(self.reading.keep_sorted_labels(found))
                }
                None => Datum::Missing,
            },
        }
    }
}

/// What the age of points is counted in, and how long their period is.
fn period(spec: Decay) -> Stretch {
    match spec {
        Decay::HalfLife(days) | Decay::Linear(days) => Stretch::Days(days),
        Decay::Cliff(stretch) | Decay::Step(_, stretch) => stretch,
    }
}

/// Points of an age.
fn decayed(spec: Decay, points: Fixed, age: i64) -> Option<Fixed> {
    let (Stretch::Days(length) | Stretch::Months(length)) = period(spec);
    match spec {
        Decay::HalfLife(_) => decay::half_life(points, age, length),
        Decay::Linear(_) => decay::linear_decay(points, age, length),
        Decay::Cliff(_) => decay::cliff(points, age, length),
        Decay::Step(rate, _) => decay::step_decay(points, age, rate, length),
    }
}
