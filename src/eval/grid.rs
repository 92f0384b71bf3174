//! Locating a lead on the grid, and looking up what holds there.

use super::bits::{Bits, copy_bits};
use super::number::{decimal, fixed};
use super::{Facts, Inputs, State};
use crate::hir::NodeId;
use crate::hir::node::Node;
use crate::lead::read::read;
use crate::lead::reading::{Datum, Formed};
use crate::program::{
    Chunk, Entry, Finder, Grid, Group, Indicating, Ledger, NONE, Rows, Ruling, Source, Sparse, Step, TagStep, Value,
    count_cuts,
};
use crate::time::day_number;
use crate::value::Fixed;
use crate::value::text::{exact_of, normal_of, searchable_of};
use std::ops::Range;

impl<'a> State<'a> {
    /// Runs the program of whole outcomes.
    pub(super) fn run_whole(&mut self) {
        let Inputs { rules, program, .. } = self.inputs;
        let whole = &program.whole;
        self.begin();
        self.slots.resize(whole.count, Datum::Missing);
        self.located.live.resize_with(whole.grids.len(), Vec::new);
        self.located.tags.clear();
        self.located.blocks.clear();
        self.located.blocks.resize(rules.tags.len(), None);
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
                let (found, covered) = ledger.close(self.sum(ledger));
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
            Finder::Predicates(conditions) => self.conditions(conditions, value, |_| true),
            finder => self.cell(finder, value),
        }
    }

    /// The cell of conditions on a value, of which only those are computed that are asked.
    fn conditions(&mut self, conditions: &[NodeId], value: Datum<'a>, asked: impl Fn(usize) -> bool) -> u32 {
        let holding = |state: &Self, value: Datum<'_>| {
            let holding = conditions.iter().enumerate().filter(|(bit, condition)| {
                asked(*bit) && state.predicate(state.inputs.rules.nodes.get(**condition), value) == Some(true)
            });
            1 + holding.fold(0, |bits, (bit, _)| bits | 1_u32 << bit)
        };
        match value {
            Datum::Missing => 0,
            Datum::Raw(text) => {
                if !(0..conditions.len()).any(&asked) {
                    return 1;
                }
                let (mut normal, mut searchable) =
                    (std::mem::take(&mut self.located.normal), std::mem::take(&mut self.located.searchable));
                let formed =
                    Formed { normal: normal_of(text, &mut normal), searchable: searchable_of(text, &mut searchable) };
                let cell = holding(self, Datum::Formed(&formed));
                (self.located.normal, self.located.searchable) = (normal, searchable);
                cell
            }
            value => holding(self, value),
        }
    }

    fn cell(&self, finder: &Finder, value: Datum<'a>) -> u32 {
        match (finder, value) {
            (_, Datum::Missing) => 0,
            (Finder::Presence, _) => 1,
            (Finder::Truth, Datum::Bool(truth)) => 1 + u32::from(truth),
            (Finder::Bool(cells), Datum::Bool(truth)) => cells[usize::from(truth)],
            (Finder::Labels(cells), Datum::Label(label)) => {
                cells.get(label as usize).or(cells.last()).copied().unwrap_or(1)
            }
            (Finder::Ints(cuts), Datum::Int(value)) => count_cuts(cuts, value),
            (Finder::Units(cuts), value) => fixed(value).map_or(0, |value| count_cuts(cuts, value.units())),
            (Finder::Floats(cuts), Datum::Float(value)) => count_cuts(cuts, crate::grid::float_key(value)),
            (Finder::Days(cuts), value) => {
                self.inputs.at.date(value).map_or(0, |date| count_cuts(cuts, day_number(date)))
            }
            (Finder::Instants(cuts), Datum::Instant(instant)) => count_cuts(cuts, instant.as_nanosecond()),
            (Finder::Texts(texts), Datum::Text(text)) => texts.cell(text.normal()),
            (Finder::Texts(texts), Datum::Raw(text)) => texts.cell(normal_of(text, &mut String::new())),
            (Finder::Codes(texts), Datum::Code(text)) => texts.cell(text.exact()),
            (Finder::Codes(texts), Datum::RawCode(text)) => texts.cell(exact_of(text)),
            (Finder::Members(bits), Datum::Labels(range)) => {
                let labels = self.reading.labels(range);
                let bits =
                    labels.iter().fold(0, |found, label| found | bits.get(*label as usize).copied().unwrap_or(0));
                1 + bits
            }
            _ => 0,
        }
    }

    /// Which boxes of a grid hold.
    fn look(&mut self, index: u32) {
        let grid = &self.inputs.program.whole.grids[index as usize];
        let mut live = std::mem::take(&mut self.located.live[index as usize]);
        live.clear();
        match &grid.rows {
            Rows::None => {}
            Rows::Word { live: all, axes, words, lazy } => {
                let mut word = *all;
                for (axis, start) in axes {
                    word &= words[(start + self.located.cells[*axis as usize]) as usize];
                }
                for lazy in lazy {
                    let locator = &self.inputs.program.whole.locators[lazy.axis as usize];
                    let Finder::Predicates(conditions) = &locator.finder else { continue };
                    let cell =
                        self.conditions(conditions, self.asked(locator.source), |bit| word & lazy.asking[bit] != 0);
                    word &= words[(lazy.start + cell) as usize];
                }
                live.push(word);
            }
            Rows::Chunks { live: all, groups, chunks, sparse } => {
                self.intersect(all, groups, chunks, &mut live);
                for axis in sparse {
                    self.take_away(axis, all.len(), &mut live);
                }
            }
        }
        self.located.live[index as usize] = live;
    }

    /// The boxes that all rows let through, a chunk at a time.
    fn intersect(&mut self, all: &[Chunk], groups: &[Group], chunks: &[Chunk], live: &mut Vec<u64>) {
        self.located.rows.clear();
        self.located.rows.extend(groups.iter().map(|group| {
            let cells = group.axes.iter().map(|(axis, stride)| self.located.cells[*axis as usize] * stride);
            group.start as usize + cells.sum::<u32>() as usize * all.len()
        }));
        for (index, all) in all.iter().enumerate() {
            let mut left = *all;
            for row in &self.located.rows {
                left.iter_mut().zip(&chunks[row + index]).for_each(|(left, row)| *left &= row);
            }
            live.extend_from_slice(&left);
        }
    }

    /// Takes away the boxes that an axis with many cells does not let through.
    fn take_away(&mut self, axis: &Sparse, width: usize, live: &mut [u64]) {
        let cell = self.located.cells[axis.axis as usize] as usize;
        let Some((checkpoint, end)) = axis.cells.get(cell) else { return };
        let checkpoint = *checkpoint as usize;
        self.located.row.clear();
        self.located.row.extend(axis.checkpoints[checkpoint * width..(checkpoint + 1) * width].iter().flatten());
        for bit in &axis.changes[axis.starts[checkpoint] as usize..*end as usize] {
            self.located.row[*bit as usize / 64] ^= 1 << (bit % 64);
        }
        live.iter_mut().zip(&self.located.row).for_each(|(live, row)| *live &= row);
    }

    /// The first rule that fires, or none.
    fn first(&self, ruling: &Ruling) -> u32 {
        match ruling {
            Ruling::Fixed(rule) => *rule,
            Ruling::Cells(axis, rules) => rules[self.located.cells[*axis as usize] as usize],
            Ruling::Boxes(grid, range) => self.owners(*grid, range).next().unwrap_or(NONE),
        }
    }

    /// The owners of the boxes that hold, ascending.
    fn owners(&self, grid: u32, range: &Range<u32>) -> impl Iterator<Item = u32> {
        let found: &'a Grid = &self.inputs.program.whole.grids[grid as usize];
        let from = found.owned_from;
        let bits =
            Bits::between(&self.located.live[grid as usize], from + range.start as usize, from + range.end as usize);
        bits.map(|bit| found.owner(bit))
    }

    /// The rules that fire of an indicator.
    fn fired(&self, ruling: &Ruling, sum: bool) -> impl Iterator<Item = u32> {
        let (single, several) = match ruling {
            Ruling::Boxes(grid, range) if sum => (None, Some(self.owners(*grid, range))),
            ruling => (Some(self.first(ruling)).filter(|rule| *rule != NONE), None),
        };
        single.into_iter().chain(several.into_iter().flatten())
    }

    /// The sum of what the indicators of a score add.
    fn sum(&self, ledger: &'a Ledger) -> Entry {
        let mut sum = ledger.base;
        let mut add = |entry: &Entry| sum.iter_mut().zip(entry).for_each(|(sum, part)| *sum += part);
        for (axis, start) in &ledger.tables {
            add(&ledger.entries[(start + self.located.cells[*axis as usize]) as usize]);
        }
        for rated in &ledger.rated {
            add(&rated.scale.entry(self.fired(&rated.fired, rated.sum), self.first(&rated.missing)));
        }
        sum
    }

    /// The points of an indicator; missing when it is skipped.
    fn points(&self, indicator: &'a Indicating) -> Option<Fixed> {
        let (mut total, mut last) = (0_i128, NONE);
        for rule in self.fired(&indicator.fired, indicator.sum) {
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
        let mut fired = self.fired(&indicator.fired, indicator.sum);
        if indicator.sum {
            return missing == NONE && fired.all(is_complete);
        }
        match fired.next() {
            Some(rule) => (missing == NONE || missing > rule) && is_complete(rule),
            None => missing == NONE,
        }
    }

    /// The tags of a block, as bits by label.
    fn tag(&mut self, tags: &'a TagStep) {
        let grid = &self.inputs.program.whole.grids[tags.grid as usize];
        let given = self.first(&tags.guard) != NONE;
        let start = self.located.tags.len();
        let words = (tags.labels as usize).div_ceil(64);
        if given {
            let live = &self.located.live[tags.grid as usize];
            copy_bits(live, tags.start as usize, tags.labels as usize, &mut self.located.tags);
            let from = grid.owned_from;
            let further = Bits::between(live, from + tags.further.0 as usize, from + tags.further.1 as usize);
            for bit in further {
                let label = grid.owner(bit) as usize;
                self.located.tags[start + label / 64] |= 1 << (label % 64);
            }
        } else {
            self.located.tags.resize(start + words, 0);
        }
        if let Some(into) = tags.into {
            let labels = Bits::new(&self.located.tags[start..]);
            let labels = labels.map(|label| u32::try_from(label).unwrap_or(u32::MAX));
            self.slots[into as usize] =
                if given { Datum::Labels(self.reading.keep_labels(labels)) } else { Datum::Missing };
        }
        match tags.block {
            Some(block) => self.located.blocks[block as usize] = given.then_some(start),
            None => self.located.tags.truncate(start),
        }
    }
}
