//! Units → steps: which boxes go into which grid, which rulings are tables.

use super::demand::{Block, Rating, Unit, is_scalar};
use super::layout::{Grid, Laid};
use super::ledger::{self, Closing, Entry, Ledger, Quantum, Rated};
use super::locator::{Asked, Locator, Locators, Source};
use super::rating::{Indicating, NONE, Ruling};
use super::whole::{Drawing, Step, TagStep, Value, number};
use crate::grid::{Axes, AxisId, Boxes, Cells, Conjunction};
use crate::hir::node::{Award, Node};
use crate::hir::{NodeId, Rules};
use crate::value::Fixed;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::collections::BTreeMap;

/// How many pairs of a rule and a cell a table may take to fill.
const TABLE: usize = 1 << 16;

/// The first box of each label of a set, and where the step of the set is: stage and place.
struct First {
    boxes: Vec<Option<Conjunction>>,
    step: (usize, usize),
}

/// What is collected for one stage: what is known after the grid before it.
#[derive(Default)]
struct Stage {
    steps: Vec<Step>,
    /// Boxes with owners.
    owned: Vec<(u32, Option<Conjunction>)>,
    /// Of the sets of tags.
    labels: Vec<First>,
    /// Axes whose cell is asked by tables.
    tables: Vec<AxisId>,
}

/// The parts of a program.
pub(super) struct Assembled {
    pub(super) steps: Box<[Step]>,
    pub(super) grids: Box<[Grid]>,
    pub(super) locators: Box<[Locator]>,
    pub(super) of_fields: Box<[u32]>,
}

/// Puts units into the stages in which everything that they need is known.
pub(super) struct Assembly<'r> {
    rules: &'r Rules,
    axes: &'r Axes,
    cells: &'r [Cells],
    ratings: &'r FxHashMap<NodeId, Rating>,
    locators: Locators<'r>,
    registers: &'r [u32],
    /// After which grid a value is known: 0 is before the first.
    available: FxHashMap<NodeId, usize>,
    guards: FxHashMap<NodeId, (usize, Ruling)>,
    stages: Vec<Stage>,
}

impl<'r> Assembly<'r> {
    pub(super) fn new(
        rules: &'r Rules,
        axes: &'r Axes,
        cells: &'r [Cells],
        ratings: &'r FxHashMap<NodeId, Rating>,
        registers: &'r [u32],
    ) -> Assembly<'r> {
        Assembly {
            rules,
            axes,
            cells,
            ratings,
            locators: Locators::new(rules, axes, registers),
            registers,
            available: FxHashMap::default(),
            guards: FxHashMap::default(),
            stages: Vec::new(),
        }
    }

    fn stage(&mut self, index: usize) -> &mut Stage {
        if self.stages.len() <= index {
            self.stages.resize_with(index + 1, Stage::default);
        }
        &mut self.stages[index]
    }

    /// When the value of a node is known.
    fn available(&self, node: NodeId) -> usize {
        self.available.get(&node).copied().unwrap_or(0)
    }

    fn axis_available(&self, axis: AxisId) -> usize {
        self.available(self.axes.get(axis).subject)
    }

    /// When everything that a node is computed from is known.
    fn children_available(&self, node: NodeId) -> usize {
        let nodes = &self.rules.nodes;
        let (mut pending, mut latest) = (vec![node], 0);
        let mut seen = rustc_hash::FxHashSet::default();
        while let Some(id) = pending.pop() {
            nodes.get(id).children(|child| {
                if !nodes.is_of_element(child) {
                    latest = latest.max(self.available(child));
                } else if seen.insert(child) {
                    pending.push(child);
                }
            });
        }
        latest
    }

    fn value(&self, node: NodeId) -> Value {
        if is_scalar(self.rules, node) { Value::Constant(node) } else { Value::Register(self.registers[node.index()]) }
    }

    /// Adds the step of a unit to the stage in which everything that it needs is known.
    pub(super) fn add(&mut self, node: NodeId, unit: &Unit) {
        let into = self.registers[node.index()];
        let (known, step) = match unit {
            Unit::WithTotal => return,
            Unit::Same(inner) => {
                let known = self.available(*inner);
                self.available.insert(node, known);
                return;
            }
            Unit::Compute => (self.children_available(node), Some(Step::Compute(node, into))),
            Unit::Choose(arms) => {
                let Node::Match { arms: values, .. } = self.rules.nodes.get(node) else { return };
                let (known, ruling) = self.ruling(arms);
                let latest = values.iter().map(|(_, value)| self.available(*value)).max().unwrap_or(0);
                let values = values.iter().map(|(_, value)| self.value(*value)).collect();
                (known.max(latest), Some(Step::Choose(into, ruling, values)))
            }
            Unit::Guard(boxes) => {
                let Node::When(guard, inner) = self.rules.nodes.get(node) else { return };
                let (known, ruling) = self.guard(*guard, boxes);
                (known.max(self.available(*inner)), Some(Step::Guard(into, ruling, self.value(*inner))))
            }
            Unit::Points => {
                let (known, indicating) = self.indicating(node);
                (known, indicating.map(|indicating| Step::Points(into, indicating)))
            }
            Unit::Covered(inner) => {
                let (known, indicating) = self.indicating(*inner);
                (known, indicating.map(|indicating| Step::Covered(into, indicating)))
            }
            Unit::Total { sum, coverage } => {
                let (known, ledger) = self.ledger(*sum);
                self.available.extend([(*sum, known), (*coverage, known)]);
                let (sum, coverage) = (self.registers[sum.index()], self.registers[coverage.index()]);
                (known, ledger.map(|ledger| Step::Total(sum, coverage, ledger)))
            }
            Unit::Labels(labels) => {
                let known = self.tag_step(None, Some(into), labels, (0, Ruling::Fixed(0)));
                self.available.insert(node, known);
                return;
            }
        };
        self.available.insert(node, known);
        self.stage(known).steps.extend(step);
    }

    /// The boxes of a union that are not empty, without what they let through anyway.
    fn live(&self, boxes: &Boxes) -> Boxes {
        let live = boxes.iter().filter_map(|found| {
            if found.iter().any(|(_, literal)| self.cells[literal.index()].is_empty()) {
                return None;
            }
            Some(found.iter().filter(|(_, literal)| !self.cells[literal.index()].is_full()).copied().collect())
        });
        live.collect()
    }

    /// Which of several rules is the first that fires, and when that is known.
    fn ruling(&mut self, arms: &[Boxes]) -> (usize, Ruling) {
        let arms: Vec<Boxes> = arms.iter().map(|arm| self.live(arm)).collect();
        // what comes after a rule that always fires never does
        let always = arms.iter().position(|arm| arm.iter().any(SmallVec::is_empty));
        let arms = &arms[..always.map_or(arms.len(), |always| always + 1)];
        match self.common_axis(arms) {
            Some(None) => (0, Ruling::Fixed(always.map_or(NONE, number))),
            Some(Some(axis)) => self.table(axis, arms),
            None => self.boxes(arms),
        }
    }

    /// Whether a guard is true. What one guard guards, such as a score and its grade, shares its boxes.
    fn guard(&mut self, guard: NodeId, boxes: &Boxes) -> (usize, Ruling) {
        if let Some(known) = self.guards.get(&guard) {
            return known.clone();
        }
        let ruling = self.ruling(std::slice::from_ref(boxes));
        self.guards.insert(guard, ruling.clone());
        ruling
    }

    /// The one axis that all boxes ask, if there is just one and its table is not too large; or that there is none.
    fn common_axis(&self, arms: &[Boxes]) -> Option<Option<AxisId>> {
        let mut common = None;
        for (axis, _) in arms.iter().flatten().flatten() {
            if common.is_some_and(|common| common != *axis) {
                return None;
            }
            common = Some(*axis);
        }
        match common {
            Some(axis) if self.axes.get(axis).count().saturating_mul(arms.len()) > TABLE => None,
            common => Some(common),
        }
    }

    /// The first rule that fires, by cell.
    fn table(&mut self, axis: AxisId, arms: &[Boxes]) -> (usize, Ruling) {
        let by_cell = (0..self.axes.get(axis).count()).map(|cell| {
            let first = arms.iter().position(|arm| arm.iter().any(|found| self.holds(found, cell)));
            first.map_or(NONE, number)
        });
        let by_cell = by_cell.collect();
        let known = self.axis_available(axis);
        let place = self.locators.place(axis);
        self.stage(known).tables.push(axis);
        (known + 1, Ruling::Cells(place, by_cell))
    }

    /// Whether a box of one axis, or of none, lets a cell through.
    fn holds(&self, found: &Conjunction, cell: usize) -> bool {
        found.iter().all(|(_, literal)| self.cells[literal.index()].contains(cell))
    }

    /// The first rule that fires, by boxes.
    fn boxes(&mut self, arms: &[Boxes]) -> (usize, Ruling) {
        let asked = arms.iter().flatten().flatten().map(|(axis, _)| self.axis_available(*axis));
        let known = asked.max().unwrap_or(0);
        let owned = &mut self.stage(known).owned;
        let start = number(owned.len());
        for (rule, arm) in (0..).zip(arms) {
            owned.extend(arm.iter().map(|found| (rule, Some(found.clone()))));
        }
        let end = number(owned.len());
        (known + 1, Ruling::Boxes(number(known), start..end))
    }

    /// The rules that fire of an indicator, and the first with something missing.
    fn rated(&mut self, rating: &Rating, sum: bool) -> (usize, Ruling, Ruling) {
        let (known, fired) = if sum {
            let arms: Vec<Boxes> = rating.rules.iter().map(|arm| self.live(arm)).collect();
            self.boxes(&arms)
        } else {
            self.ruling(&rating.rules)
        };
        let (known_missing, missing) = self.ruling(&rating.missing);
        (known.max(known_missing), fired, missing)
    }

    /// How the points of an indicator are found, one by one.
    fn indicating(&mut self, node: NodeId) -> (usize, Option<Box<Indicating>>) {
        let Node::Indicator(indicator) = self.rules.nodes.get(node) else { return (0, None) };
        let Some(rating) = self.ratings.get(&node) else { return (0, None) };
        let (mut known, fired, missing) = self.rated(rating, indicator.sum);
        let awards = indicator.rules.iter().map(|(_, award)| match award {
            Award::Points(points) => {
                known = known.max(self.available(*points));
                Some(self.value(*points))
            }
            Award::Skip => None,
        });
        let awards = awards.collect();
        let mentions = indicator.mentions.iter().map(|mentions| {
            let points = mentions.points.iter();
            points
                .map(|id| {
                    known = known.max(self.available(*id));
                    self.registers[id.index()]
                })
                .collect()
        });
        let mentions = mentions.collect();
        let (sum, clamp) = (indicator.sum, indicator.clamp);
        (known, Some(Box::new(Indicating { sum, fired, missing, awards, mentions, clamp })))
    }

    /// A score of constant points.
    fn ledger(&mut self, node: NodeId) -> (usize, Option<Box<Ledger>>) {
        let Node::Score(parts) = self.rules.nodes.get(node) else { return (0, None) };
        let Some((scales, quantum)) = ledger::scales(self.rules, parts) else { return (0, None) };
        let (mut known, mut base, mut rated) = (0, Entry::default(), Vec::new());
        let mut tables: BTreeMap<AxisId, Vec<Entry>> = BTreeMap::new();
        let mut skips = false;
        for (part, scale) in parts.parts.iter().zip(scales) {
            let Node::Indicator(indicator) = self.rules.nodes.get(part.node) else { continue };
            let Some(rating) = self.ratings.get(&part.node) else { continue };
            skips |= indicator.rules.iter().any(|(_, award)| matches!(award, Award::Skip));
            let arms: Vec<Boxes> = rating.rules.iter().map(|arm| self.live(arm)).collect();
            let gaps: Vec<Boxes> = rating.missing.iter().map(|gap| self.live(gap)).collect();
            let both: Vec<Boxes> = arms.iter().chain(&gaps).cloned().collect();
            let entry = |cell: usize| {
                let holds = |arm: &Boxes| arm.iter().any(|found| self.holds(found, cell));
                let fired = (0..).zip(&arms).filter(|(_, arm)| holds(arm)).map(|(rule, _)| rule);
                scale.entry(fired, gaps.iter().position(holds).map_or(NONE, number))
            };
            match self.common_axis(&both) {
                Some(None) => add(&mut base, entry(0)),
                Some(Some(axis)) => {
                    let cells = self.axes.get(axis).count();
                    let table = tables.entry(axis).or_insert_with(|| vec![Entry::default(); cells]);
                    table.iter_mut().enumerate().for_each(|(cell, sum)| add(sum, entry(cell)));
                }
                None => {
                    let (at, fired, missing) = self.rated(rating, indicator.sum);
                    known = known.max(at);
                    rated.push(Rated { sum: indicator.sum, fired, missing, scale });
                }
            }
        }
        let mut entries = Vec::new();
        let mut starts = Vec::new();
        for (axis, table) in tables {
            let at = self.axis_available(axis);
            known = known.max(at + 1);
            self.stage(at).tables.push(axis);
            starts.push((self.locators.place(axis), number(entries.len())));
            entries.extend(table);
        }
        let shares = (0..=parts.parts.len()).filter_map(|count| Fixed::share(count, parts.parts.len())).collect();
        let unit = Quantum::new(quantum);
        let close = Closing { weighted: parts.weighted, skips, unit, clamp: parts.clamp, shares };
        let (tables, entries, rated) = (starts.into(), entries.into(), rated.into());
        (known, Some(Box::new(Ledger { base, tables, entries, rated, close })))
    }

    /// The tags of a block, for the outcome.
    pub(super) fn block(&mut self, block: u32, tags: &Block) {
        let guard = match &tags.guard {
            Some(guard) => self.ruling(std::slice::from_ref(guard)),
            None => (0, Ruling::Fixed(0)),
        };
        self.tag_step(Some(block), None, &tags.labels, guard);
    }

    /// A set of tags: the first box of each label has the label's bit. When it is known.
    fn tag_step(
        &mut self,
        block: Option<u32>,
        into: Option<u32>,
        labels: &[Boxes],
        (guarded, guard): (usize, Ruling),
    ) -> usize {
        let labels: Vec<Boxes> = labels.iter().map(|boxes| self.live(boxes)).collect();
        let asked = labels.iter().flatten().flatten().map(|(axis, _)| self.axis_available(*axis));
        let at = asked.max().unwrap_or(0);
        let stage = self.stage(at);
        let start = number(stage.owned.len());
        let mut first = Vec::with_capacity(labels.len());
        for (label, boxes) in (0..).zip(labels) {
            let mut boxes = boxes.into_iter();
            first.push(boxes.next());
            stage.owned.extend(boxes.map(|found| (label, Some(found))));
        }
        let further = (start, number(stage.owned.len()));
        let known = guarded.max(at + 1);
        let count = number(first.len());
        let step = TagStep { block, guard, grid: number(at), start: 0, labels: count, further, into };
        let place = self.stage(known).steps.len();
        self.stage(known).steps.push(Step::Tags(step));
        // the bit of the first label is known when all boxes of the grid are
        self.stage(at).labels.push(First { boxes: first, step: (known, place) });
        known
    }

    /// All steps in order, the grids, and how axes are located.
    pub(super) fn finish(mut self, mut drawing: Option<&mut Drawing>) -> Assembled {
        let mut grids = Vec::with_capacity(self.stages.len());
        for index in 0..self.stages.len() {
            grids.push(self.grid(index, drawing.as_deref_mut()));
        }
        let found = self.locators.take();
        if let Some(drawing) = drawing {
            drawing.located = found.iter().map(|it| it.axis).collect();
        }
        let is_of_field =
            |it: &Asked| matches!(it.locator.source, Source::Field(_)) && !it.locator.knows_time(self.rules);
        let always = (0..).zip(&found).filter(|(_, it)| it.always);
        let of_fields = always.clone().filter(|(_, it)| is_of_field(it)).map(|(place, _)| place).collect();
        let mut steps = Vec::new();
        for (index, stage) in std::mem::take(&mut self.stages).into_iter().enumerate() {
            steps.extend(stage.steps);
            let here = always.clone().filter(|(_, it)| !is_of_field(it) && self.axis_available(it.axis) == index);
            let here: Box<[u32]> = here.map(|(place, _)| place).collect();
            if !here.is_empty() {
                steps.push(Step::Locate(here));
            }
            if !matches!(grids[index].rows, super::layout::Rows::None) {
                steps.push(Step::Look(number(index)));
            }
        }
        let locators = found.into_iter().map(|it| it.locator).collect();
        Assembled { steps: steps.into(), grids: grids.into(), locators, of_fields }
    }

    /// The boxes of a stage, laid out.
    fn grid(&mut self, index: usize, drawing: Option<&mut Drawing>) -> Grid {
        let stage = &mut self.stages[index];
        let (owned, labels) = (std::mem::take(&mut stage.owned), std::mem::take(&mut stage.labels));
        let tables = std::mem::take(&mut stage.tables);
        let total = owned.len() + labels.iter().map(|first| first.boxes.len()).sum::<usize>();
        let mut boxes: Vec<Option<Conjunction>> = Vec::with_capacity(total);
        for First { boxes: first, step: (later, step) } in labels {
            if total > 64 {
                boxes.resize(boxes.len().next_multiple_of(64), None);
            }
            if let Some(Step::Tags(tags)) = self.stages[later].steps.get_mut(step) {
                tags.start = number(boxes.len());
            }
            boxes.extend(first);
        }
        let owned_from = boxes.len();
        let (owners, owned): (Vec<u32>, Vec<Option<Conjunction>>) = owned.into_iter().unzip();
        boxes.extend(owned);
        if let Some(drawing) = drawing {
            drawing.boxes.push(boxes.clone());
        }
        let laid = Laid { boxes, owned_from, owners, axes: self.axes, cells: self.cells };
        laid.lay(&mut self.locators, |axis| tables.contains(&axis))
    }
}

fn add(sum: &mut Entry, entry: Entry) {
    sum.iter_mut().zip(entry).for_each(|(sum, part)| *sum += part);
}
