//! The steps of a whole program, followed back to what they look up.

use super::{Flat, FlatClass, FlatGrades, FlatRated, FlatRows, FlatScore, FlatTags, Pair, Pick, Row};
use crate::hir::node::{Constant, Node};
use crate::hir::{NodeId, Rules};
use crate::program::layout::Rows;
use crate::program::ledger::{Entry, Ledger, Rated};
use crate::program::locator::{Finder, Locator, Source};
use crate::program::rating::{NONE, Ruling};
use crate::program::whole::{Step, TagStep, Value, Whole, number};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

/// Two axes are joined when together they have at most so many rows.
const PAIRED: usize = 64;

/// What a program comes to when it has no expressions, and asks no outcome again; nothing when it has.
pub(super) fn flat(rules: &Rules, whole: &Whole) -> Option<Flat> {
    let tracer = Tracer::new(rules, whole);
    let one_grid = whole.grids.iter().skip(1).all(|grid| matches!(grid.rows, Rows::None));
    (one_grid && whole.fields.is_empty()).then_some(())?;
    let classes = rules.classes.iter().map(|class| tracer.class(class.value)).collect::<Option<_>>()?;
    let mut scores = rules.scores.iter().map(|score| tracer.score(score)).collect::<Option<Box<[FlatScore]>>>()?;
    let tags = (0..).zip(&rules.tags).map(|(block, _)| tracer.tags(block)).collect::<Option<_>>()?;
    // whatever else is computed is for something that was not looked at
    let is_simple = |step: &Step| match step {
        Step::Compute(..) | Step::Points(..) | Step::Covered(..) => false,
        Step::Locate(axes) => axes.iter().all(|axis| tracer.is_of_sum(*axis)),
        _ => true,
    };
    let is_plain = |locator: &Locator| !matches!(locator.finder, Finder::Predicates(_)) || locator.is_of_text();
    let simple = whole.steps.iter().all(is_simple) && whole.locators.iter().all(is_plain);
    let rows = tracer.rows(scores.first_mut());
    simple.then_some(Flat { rows, classes, scores, tags })
}

/// Follows values back to the steps that give them.
struct Tracer<'p> {
    rules: &'p Rules,
    whole: &'p Whole,
    /// The step that gives a register its value.
    givers: FxHashMap<u32, &'p Step>,
    /// The step of each block of tags.
    blocks: FxHashMap<u32, &'p TagStep>,
}

impl<'p> Tracer<'p> {
    fn new(rules: &'p Rules, whole: &'p Whole) -> Tracer<'p> {
        let mut tracer = Tracer { rules, whole, givers: FxHashMap::default(), blocks: FxHashMap::default() };
        for step in &whole.steps {
            match step {
                Step::Choose(into, ..) | Step::Guard(into, ..) => tracer.givers.extend([(*into, step)]),
                Step::Total(sum, coverage, _) => tracer.givers.extend([(*sum, step), (*coverage, step)]),
                Step::Tags(tags) => tracer.blocks.extend(tags.block.map(|block| (block, tags))),
                _ => {}
            }
        }
        tracer
    }

    /// Whether an axis asks about the sum of a score.
    fn is_of_sum(&self, axis: u32) -> bool {
        match self.whole.locators[axis as usize].source {
            Source::Register(register) => {
                matches!(self.givers.get(&register), Some(Step::Total(sum, ..)) if *sum == register)
            }
            Source::Field(_) => false,
        }
    }

    /// What a value is below its guards.
    fn unguarded(&self, node: NodeId) -> Option<(Vec<&'p Ruling>, &'p Step)> {
        let mut register = *self.whole.registers.get(node.index())?;
        let mut guards = Vec::new();
        loop {
            match self.givers.get(&register)? {
                Step::Guard(_, ruling, Value::Register(inner)) => {
                    guards.push(ruling);
                    register = *inner;
                }
                step => return Some((guards, step)),
            }
        }
    }

    /// Whether a ruling goes by the cells of fields alone.
    fn is_of_fields(&self, ruling: &Ruling) -> bool {
        match ruling {
            Ruling::Fixed(_) => true,
            Ruling::Cells(axis, _) => matches!(self.whole.locators[*axis as usize].source, Source::Field(_)),
            Ruling::Boxes(grid, _) => *grid == 0,
        }
    }

    fn label(&self, value: Value) -> Option<u32> {
        let Value::Constant(node) = value else { return None };
        match self.rules.nodes.get(node) {
            Node::Constant(Constant::Label(label)) => Some(*label),
            _ => None,
        }
    }

    /// The first of several rules, by the cells of fields alone.
    fn pick(&self, ruling: &Ruling) -> Option<Pick> {
        self.is_of_fields(ruling).then(|| match ruling {
            Ruling::Fixed(rule) => Pick::Fixed(*rule),
            Ruling::Cells(axis, rules) => Pick::Cells(*axis, rules.clone()),
            Ruling::Boxes(_, range) => Pick::of_boxes(self.boxes(range)),
        })
    }

    fn picks(&self, rulings: &[&Ruling]) -> Option<Box<[Pick]>> {
        rulings.iter().map(|ruling| self.pick(ruling)).collect()
    }

    /// Boxes of the grid that are counted from where boxes have owners.
    fn boxes(&self, range: &Range<u32>) -> Range<u32> {
        let from = self.whole.grids.first().map_or(0, |grid| number(grid.owned_from));
        from + range.start..from + range.end
    }

    fn class(&self, node: NodeId) -> Option<FlatClass> {
        let (guards, step) = self.unguarded(node)?;
        let Step::Choose(_, ruling, values) = step else { return None };
        let labels = values.iter().map(|value| self.label(*value)).collect::<Option<_>>()?;
        Some(FlatClass { guards: self.picks(&guards)?, pick: self.pick(ruling)?, labels })
    }

    fn score(&self, score: &crate::hir::Score) -> Option<FlatScore> {
        let (guards, total) = self.unguarded(score.score)?;
        let (coverage_guards, coverage) = self.unguarded(score.coverage)?;
        let Step::Total(sum, _, ledger) = total else { return None };
        if !std::ptr::eq(total, coverage) || guards != coverage_guards {
            return None;
        }
        let grades = match score.grade {
            Some(grade) => Some(self.grades(grade, *sum, &guards)?),
            None => None,
        };
        let Ledger { base, tables, entries, close, .. } = &**ledger;
        let rated = ledger.rated.iter().map(|rated| self.rated(rated)).collect::<Option<_>>()?;
        let (tables, entries, close) = (tables.clone(), entries.clone(), close.clone());
        Some(FlatScore { guards: self.picks(&guards)?, base: *base, tables, entries, rated, close, grades })
    }

    fn rated(&self, rated: &Rated) -> Option<FlatRated> {
        let missing = self.pick(&rated.missing)?;
        if rated.sum {
            let Ruling::Boxes(0, fired) = &rated.fired else { return None };
            return Some(FlatRated::Sum {
                fired: Pick::of_boxes(self.boxes(fired)),
                missing,
                scale: rated.scale.clone(),
            });
        }
        let entry = |fired: Option<u32>| {
            // something that is missing from the first rule on is asked for by all
            [0, NONE].map(|missing| rated.scale.entry(fired.into_iter(), missing))
        };
        let entries = std::iter::once(None).chain((0..rated.scale.rules()).map(Some)).map(entry).collect();
        Some(FlatRated::First { fired: self.pick(&rated.fired)?, missing, entries })
    }

    /// Grades by the cell of the sum, under the guards of the score.
    fn grades(&self, node: NodeId, sum: u32, guards: &[&Ruling]) -> Option<FlatGrades> {
        let (own, step) = self.unguarded(node)?;
        let Step::Choose(_, Ruling::Cells(axis, rules), values) = step else { return None };
        let locator = &self.whole.locators[*axis as usize];
        let Finder::Units(cuts) = &locator.finder else { return None };
        if locator.source != Source::Register(sum) {
            return None;
        }
        // the guards of the score hold for its grade too; others go by the cell of the sum
        let by_cell = |guard: &&Ruling| match guard {
            Ruling::Cells(guarding, rules) if guarding == axis => Some(Some(rules.clone())),
            guard => guards.contains(guard).then_some(None),
        };
        let by_cell: Vec<Option<Box<[u32]>>> = own.iter().map(by_cell).collect::<Option<_>>()?;
        let mut labels = Vec::with_capacity(rules.len());
        for (cell, rule) in rules.iter().enumerate() {
            let open = by_cell.iter().flatten().all(|guard| guard[cell] != NONE);
            labels.push(match values.get(*rule as usize) {
                Some(value) if open => Some(self.label(*value)?),
                _ => None,
            });
        }
        Some(FlatGrades { cuts: cuts.clone(), labels: labels.into() })
    }

    fn tags(&self, block: u32) -> Option<FlatTags> {
        let tags = self.blocks.get(&block)?;
        let guard = self.pick(&tags.guard)?;
        let further = Pick::of_boxes(self.boxes(&(tags.further.0..tags.further.1)));
        let words = self.whole.tags_of(block as usize);
        let words = number(words.start)..number(words.end);
        (tags.grid == 0).then_some(FlatTags { guard, start: tags.start, labels: tags.labels, further, words })
    }

    /// The rows of a grid of at most a word, with the tables of the first score.
    fn rows(&self, score: Option<&mut FlatScore>) -> Option<FlatRows> {
        let (live, axes, words, lazy) = match self.whole.grids.first().map(|grid| &grid.rows) {
            Some(Rows::Word { live, axes, words, lazy }) => (*live, &**axes, &**words, &**lazy),
            Some(Rows::Chunks { .. }) => return None,
            Some(Rows::None) | None => (0, <&[_]>::default(), <&[_]>::default(), <&[_]>::default()),
        };
        let (mut start, mut tables, mut entries) =
            (Row { boxes: live, entry: Entry::default() }, Vec::new(), Vec::new());
        if let Some(score) = score {
            start.entry = std::mem::take(&mut score.base);
            tables = std::mem::take(&mut score.tables).into_vec();
            entries = std::mem::take(&mut score.entries).into_vec();
        }
        let asked = lazy.iter().map(|lazy| (lazy.axis, lazy.start)).chain(axes.iter().copied());
        let words_of = stretches(asked, words.len());
        let entries_of = stretches(tables.iter().copied(), entries.len());
        let eager: BTreeSet<u32> = axes.iter().chain(&tables).map(|(axis, _)| *axis).collect();
        let of_axis = |axis: u32| -> Vec<Row> {
            let words = words_of.get(&axis).map(|range| &words[range.clone()]);
            let entries = entries_of.get(&axis).map(|range| &entries[range.clone()]);
            let cells = words.map_or(0, <[_]>::len).max(entries.map_or(0, <[_]>::len));
            let row = |cell: usize| Row {
                boxes: words.map_or(u64::MAX, |words| words[cell]),
                entry: entries.map_or(Entry::default(), |entries| entries[cell]),
            };
            (0..cells).map(row).collect()
        };
        let (pairs, rows) = paired(eager.iter().map(|axis| (*axis, of_axis(*axis))).collect());
        Some(FlatRows { start, pairs, rows, lazy: lazy.into(), words: words.into() })
    }
}

/// Joins axes in pairs, the largest with the smallest, as long as a pair has at most so many rows.
fn paired(mut axes: Vec<(u32, Vec<Row>)>) -> (Box<[Pair]>, Box<[Row]>) {
    axes.sort_by_key(|(axis, rows)| (rows.len(), *axis));
    let mut axes = VecDeque::from(axes);
    let (mut pairs, mut found) = (Vec::with_capacity(axes.len()), Vec::new());
    while let Some((one, rows)) = axes.pop_back() {
        let start = number(found.len());
        let stride = number(rows.len());
        let fits = axes.front().is_some_and(|(_, others)| others.len() * rows.len() <= PAIRED);
        match if fits { axes.pop_front() } else { None } {
            Some((other, others)) => {
                pairs.push(Pair { axes: [(one, 1), (other, stride)], start });
                found.extend(others.iter().flat_map(|other| rows.iter().map(|row| row.with(other))));
            }
            None => {
                pairs.push(Pair { axes: [(one, 1), (one, 0)], start });
                found.extend(rows);
            }
        }
    }
    (pairs.into(), found.into())
}

impl Row {
    /// Both together.
    fn with(&self, other: &Row) -> Row {
        let entry = std::array::from_fn(|part| self.entry[part] + other.entry[part]);
        Row { boxes: self.boxes & other.boxes, entry }
    }
}

/// From where to where the cells of each axis are, one after the other.
fn stretches(starts: impl Iterator<Item = (u32, u32)>, end: usize) -> BTreeMap<u32, Range<usize>> {
    let mut starts: Vec<(u32, u32)> = starts.collect();
    starts.sort_by_key(|(_, start)| *start);
    let ends = starts.iter().skip(1).map(|(_, start)| *start as usize).chain([end]);
    let ends: Vec<usize> = ends.collect();
    starts.iter().zip(ends).map(|((axis, start), end)| (*axis, *start as usize..end)).collect()
}
