//! Locating a lead on the grid, and looking up what holds there.

use super::bits::Bits;
use super::look::{self, Standing};
use super::number::{decimal, fixed};
use super::{Facts, Inputs, Located, State};
use crate::hir::node::Node;
use crate::lead::read::read;
use crate::lead::reading::Datum;
use crate::program::{Finder, Indicating, NONE, Predicate, Ruling, Source, Step, TagStep, Value};
use crate::value::Fixed;

impl<'a> State<'a> {
    /// Runs the program of whole outcomes.
    pub(super) fn run_whole(&mut self) {
        let Inputs { rules, program, .. } = self.inputs;
        let whole = &program.whole;
        self.begin();
        self.slots.resize(whole.count, Datum::Missing);
        self.located.live.resize_with(whole.grids.len(), Vec::new);
        self.located.tags.resize(whole.tag_words(), 0);
        self.located.blocks.resize(rules.tags.len(), false);
        for step in &whole.steps {
            self.step(step);
        }
    }

    /// Reads what is known of the lead, and locates the axes of its fields.
    pub(super) fn begin(&mut self) {
        let Inputs { rules, program, facts, at, .. } = self.inputs;
        let whole = &program.whole;
        self.located.cells.resize(whole.locators.len(), 0);
        match facts {
            Facts::Prepared(prepared, cells, _) if prepared.fits(at.zone()) => {
                self.reading.clear();
                prepared.lend(&mut self.reading);
                self.prepared = Some(prepared);
                self.located.cells.copy_from_slice(cells);
            }
            Facts::Lead(lead) | Facts::Prepared(_, _, lead) => {
                read(lead, &rules.schema, None, at.zone(), &mut self.reading);
                self.locate_all(&whole.of_fields);
            }
            Facts::Record(record) => {
                record.read(&rules.schema, at.zone(), &mut self.reading, &mut self.located.cells);
                self.locate_all(record.to_locate());
            }
        }
    }

    fn locate_all(&mut self, axes: &[u32]) {
        for &axis in axes {
            self.located.cells[axis as usize] = self.locate(axis);
        }
    }

    fn step(&mut self, step: &'a Step) {
        match step {
            Step::Compute(node, into) => self.slots[*into as usize] = self.compute(*node),
            Step::Locate(axes) => self.locate_all(axes),
            Step::Look(grid) => self.look(*grid),
            Step::Choose(into, ruling, values) => {
                let chosen = values.get(self.first(ruling) as usize);
                self.slots[*into as usize] = chosen.map_or(Datum::Missing, |value| self.kept(*value));
            }
            Step::Guard(into, ruling, inner) => {
                let value = if self.first(ruling) == NONE { Datum::Missing } else { self.kept(*inner) };
                self.slots[*into as usize] = value;
            }
            Step::Points(into, indicator) => self.slots[*into as usize] = decimal(self.points(indicator)),
            Step::Covered(into, indicator) => {
                self.slots[*into as usize] = Datum::Bool(self.is_indicator_covered(indicator));
            }
            Step::Total(score, coverage, ledger) => {
                let (found, covered) = ledger.close.of(self.standing().sum(ledger));
                self.slots[*score as usize] = decimal(found);
                self.slots[*coverage as usize] = decimal(covered);
            }
            Step::Tags(tags) => self.tag(tags),
        }
    }

    /// A value that is there.
    fn kept(&self, value: Value) -> Datum<'a> {
        match value {
            Value::Register(register) => self.slots[register as usize],
            Value::Constant(node) => match self.inputs.rules.nodes.get(node) {
                Node::Constant(constant) => super::compare::of_constant(constant),
                _ => Datum::Missing,
            },
        }
    }

    /// The value that an axis asks about.
    fn asked(&self, source: Source) -> Datum<'a> {
        match source {
            Source::Field(slot) => self.field(slot),
            Source::Register(register) => self.slots[register as usize],
        }
    }

    /// The cell of an axis.
    fn locate(&mut self, axis: u32) -> u32 {
        let locator = &self.inputs.program.whole.locators[axis as usize];
        let value = self.asked(locator.source);
        match &locator.finder {
            Finder::Predicates(conditions) => self.conditions(conditions, value),
            finder => look::cell(finder, value, &self.reading.labels, self.inputs.at),
        }
    }

    /// The cell of conditions on a value.
    fn conditions(&mut self, conditions: &[Predicate], value: Datum<'a>) -> u32 {
        let rules = self.inputs.rules;
        let mut room = std::mem::take(&mut self.located.room);
        let cell = look::conditions(conditions, value, &mut room, u32::MAX, rules, |condition, value| {
            self.holds(condition, value)
        });
        self.located.room = room;
        cell
    }

    /// Whether a condition that is decided by more than a text is true.
    fn holds(&self, condition: &Predicate, value: Datum<'_>) -> bool {
        self.predicate(self.inputs.rules.nodes.get(condition.node), value) == Some(true)
    }

    /// Which boxes of a grid hold.
    fn look(&mut self, index: u32) {
        let whole = &self.inputs.program.whole;
        let mut room = std::mem::take(&mut self.located.room);
        let mut live = std::mem::take(&mut self.located.live[index as usize]);
        let grid = &whole.grids[index as usize];
        look::look(grid, &self.located.cells, &mut room, &mut live, |axis, asked, room| {
            let locator = &whole.locators[axis as usize];
            let Finder::Predicates(conditions) = &locator.finder else { return 0 };
            if self.prepared.is_some() && matches!(locator.source, Source::Field(_)) && locator.is_of_text() {
                // located when the lead was prepared
                return self.located.cells[axis as usize];
            }
            let (rules, value) = (self.inputs.rules, self.asked(locator.source));
            look::conditions(conditions, value, room, asked, rules, |condition, value| self.holds(condition, value))
        });
        self.located.room = room;
        self.located.live[index as usize] = live;
    }

    /// Where the lead is, and what holds there.
    fn standing(&self) -> Standing<'_> {
        let Located { cells, live, .. } = &*self.located;
        Standing { grids: &self.inputs.program.whole.grids, cells, live }
    }

    /// The first rule that fires, or none.
    fn first(&self, ruling: &Ruling) -> u32 {
        self.standing().first(ruling)
    }

    /// The points of an indicator; missing when it is skipped.
    fn points(&self, indicator: &'a Indicating) -> Option<Fixed> {
        let (mut total, mut last) = (0_i128, NONE);
        for rule in self.standing().fired(&indicator.fired, indicator.sum) {
            if rule == last {
                continue;
            }
            last = rule;
            let award = (*indicator.awards.get(rule as usize)?)?;
            let points = fixed(self.kept(award)).and_then(Fixed::in_range).unwrap_or(Fixed::ZERO);
            total = total.saturating_add(points.units());
            if !indicator.sum {
                break;
            }
        }
        Some(indicator.clamp.apply(Fixed::from_units(total).in_range().unwrap_or(Fixed::ZERO)))
    }

    /// Whether everything was there that the rules of an indicator asked for, up to the one that fired.
    fn is_indicator_covered(&self, indicator: &'a Indicating) -> bool {
        let missing = self.first(&indicator.missing);
        let is_complete = |rule: u32| {
            let awarded = indicator.awards.get(rule as usize).is_some_and(Option::is_some);
            let mentioned = indicator.mentions.get(rule as usize).map(|mentions| &**mentions).unwrap_or_default();
            let is_there = |register: &u32| !matches!(self.slots[*register as usize], Datum::Missing);
            awarded && mentioned.iter().all(is_there)
        };
        let mut fired = self.standing().fired(&indicator.fired, indicator.sum);
        if indicator.sum {
            return missing == NONE && fired.all(is_complete);
        }
        match fired.next() {
            Some(rule) => (missing == NONE || missing > rule) && is_complete(rule),
            None => missing == NONE,
        }
    }

    /// A set of tags, as bits by label.
    fn tag(&mut self, tags: &'a TagStep) {
        let whole = &self.inputs.program.whole;
        let given = self.first(&tags.guard) != NONE;
        let Located { cells, live, tags: all, blocks, row, .. } = &mut *self.located;
        let standing = Standing { grids: &whole.grids, cells, live };
        if let Some(block) = tags.block {
            let block = block as usize;
            let words = &mut all[whole.tags_of(block)];
            blocks[block] = given;
            if given {
                standing.give(tags, words);
            } else {
                words.fill(0);
            }
        }
        if let Some(into) = tags.into {
            row.clear();
            row.resize((tags.labels as usize).div_ceil(64), 0);
            standing.give(tags, row);
            let labels = Bits::new(row).map(|label| u32::try_from(label).unwrap_or(u32::MAX));
            self.slots[into as usize] = Datum::Labels(self.reading.keep_labels(labels));
        }
    }
}
