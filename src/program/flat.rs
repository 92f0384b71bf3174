//! Programs without expressions: everything that the host sees comes from the cells of the lead's fields.
//!
//! Most rule files are of this kind. They need no registers and no steps: one look at the grid gives the classes and the
//! tags, tables give the scores, and the cells of the scores the grades.

use super::ledger::Ledger;
use super::locator::{Finder, Predicate, Source};
use super::rating::{NONE, Ruling};
use super::whole::{Step, TagStep, Value, Whole};
use crate::hir::node::{Constant, Node};
use crate::hir::{NodeId, Rules};

/// What to look up.
#[derive(Debug)]
pub(crate) struct Flat {
    pub(crate) classes: Box<[FlatClass]>,
    pub(crate) scores: Box<[FlatScore]>,
    pub(crate) tags: Box<[FlatTags]>,
}

/// A classification.
#[derive(Debug)]
pub(crate) struct FlatClass {
    pub(crate) guards: Box<[Ruling]>,
    pub(crate) ruling: Ruling,
    /// The label of each rule.
    pub(crate) labels: Box<[u32]>,
}

/// A score: the place of its step, and its grades.
#[derive(Debug)]
pub(crate) struct FlatScore {
    pub(crate) guards: Box<[Ruling]>,
    /// The step that sums it up.
    step: usize,
    pub(crate) grades: Option<FlatGrades>,
}

/// Grades by the cell of a score.
#[derive(Debug)]
pub(crate) struct FlatGrades {
    /// Where the score changes its cell, in units.
    pub(crate) cuts: Box<[i128]>,
    /// The label of each cell; the first cell is "missing".
    pub(crate) labels: Box<[Option<u32>]>,
}

/// A block of tags: its step.
#[derive(Debug)]
pub(crate) struct FlatTags {
    step: usize,
}

impl FlatScore {
    /// How the score is summed up.
    pub(crate) fn ledger<'w>(&self, whole: &'w Whole) -> Option<&'w Ledger> {
        match whole.steps.get(self.step) {
            Some(Step::Total(_, _, ledger)) => Some(ledger),
            _ => None,
        }
    }
}

impl FlatTags {
    /// Where the tags are.
    pub(crate) fn step<'w>(&self, whole: &'w Whole) -> Option<&'w TagStep> {
        match whole.steps.get(self.step) {
            Some(Step::Tags(step)) => Some(step),
            _ => None,
        }
    }
}

impl Flat {
    /// What a program comes to when it has no expressions, and asks no outcome again; nothing when it has.
    pub(super) fn new(rules: &Rules, whole: &Whole) -> Option<Flat> {
        let tracer = Tracer { rules, whole };
        let grids = whole.grids.iter().skip(1).all(|grid| matches!(grid.rows, super::layout::Rows::None));
        (grids && whole.fields.is_empty()).then_some(())?;
        let classes = rules.classes.iter().map(|class| tracer.class(class.value)).collect::<Option<_>>()?;
        let scores = rules.scores.iter().map(|score| tracer.score(score)).collect::<Option<_>>()?;
        let tags = (0..).zip(&rules.tags).map(|(block, _)| tracer.tags(block)).collect::<Option<_>>()?;
        // whatever else is computed is for something that was not looked at
        let is_simple = |step: &Step| match step {
            Step::Compute(..) | Step::Points(..) | Step::Covered(..) => false,
            Step::Locate(axes) => axes.iter().all(|axis| tracer.is_of_sum(*axis)),
            _ => true,
        };
        let is_plain = |finder: &Finder| match finder {
            Finder::Predicates(conditions) => conditions.iter().all(Predicate::is_of_text),
            _ => true,
        };
        let simple = whole.steps.iter().all(is_simple) && whole.locators.iter().all(|it| is_plain(&it.finder));
        simple.then_some(Flat { classes, scores, tags })
    }
}

/// Follows values back to the steps that give them.
struct Tracer<'p> {
    rules: &'p Rules,
    whole: &'p Whole,
}

impl<'p> Tracer<'p> {
    /// The step that gives a register its value.
    fn giver(&self, register: u32) -> Option<(usize, &'p Step)> {
        self.whole.steps.iter().enumerate().find(|(_, step)| match step {
            Step::Choose(into, ..) | Step::Guard(into, ..) => *into == register,
            Step::Total(sum, coverage, _) => *sum == register || *coverage == register,
            _ => false,
        })
    }

    /// Whether an axis asks about the sum of a score.
    fn is_of_sum(&self, axis: u32) -> bool {
        match self.whole.locators[axis as usize].source {
            Source::Register(register) => {
                matches!(self.giver(register), Some((_, Step::Total(sum, ..))) if *sum == register)
            }
            Source::Field(_) => false,
        }
    }

    /// What a value is below its guards.
    fn unguarded(&self, node: NodeId) -> Option<(Vec<&'p Ruling>, usize, &'p Step)> {
        let mut register = *self.whole.registers.get(node.index())?;
        let mut guards = Vec::new();
        loop {
            match self.giver(register)? {
                (_, Step::Guard(_, ruling, Value::Register(inner))) => {
                    guards.push(ruling);
                    register = *inner;
                }
                (place, step) => return Some((guards, place, step)),
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

    fn class(&self, node: NodeId) -> Option<FlatClass> {
        let (guards, _, step) = self.unguarded(node)?;
        let Step::Choose(_, ruling, values) = step else { return None };
        let labels = values.iter().map(|value| self.label(*value)).collect::<Option<_>>()?;
        let of_fields = self.is_of_fields(ruling) && guards.iter().all(|guard| self.is_of_fields(guard));
        of_fields.then(|| FlatClass { guards: guards.into_iter().cloned().collect(), ruling: ruling.clone(), labels })
    }

    fn score(&self, score: &crate::hir::Score) -> Option<FlatScore> {
        let (guards, step, total) = self.unguarded(score.score)?;
        let (coverage_guards, coverage_step, _) = self.unguarded(score.coverage)?;
        let Step::Total(sum, _, ledger) = total else { return None };
        let same = coverage_step == step && guards == coverage_guards;
        let of_fields = guards.iter().all(|guard| self.is_of_fields(guard));
        let rulings = ledger.rated.iter().flat_map(|rated| [&rated.fired, &rated.missing]);
        if !same || !of_fields || !rulings.into_iter().all(|ruling| self.is_of_fields(ruling)) {
            return None;
        }
        let grades = match score.grade {
            Some(grade) => Some(self.grades(grade, *sum, &guards)?),
            None => None,
        };
        Some(FlatScore { guards: guards.into_iter().cloned().collect(), step, grades })
    }

    /// Grades by the cell of the sum, under the guards of the score.
    fn grades(&self, node: NodeId, sum: u32, guards: &[&Ruling]) -> Option<FlatGrades> {
        let (own, _, step) = self.unguarded(node)?;
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
        let found =
            self.whole.steps.iter().position(|step| matches!(step, Step::Tags(tags) if tags.block == Some(block)));
        let step = found?;
        match &self.whole.steps[step] {
            Step::Tags(tags) if tags.grid == 0 && self.is_of_fields(&tags.guard) => Some(FlatTags { step }),
            _ => None,
        }
    }
}
