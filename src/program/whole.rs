//! The program of a whole outcome.

use super::assembly::{Assembled, Assembly};
use super::demand::{Demand, Unit};
use super::layout::Grid;
use super::ledger::Ledger;
use super::locator::Locator;
use super::rating::{Indicating, NONE, Ruling};
use crate::grid::{Axes, AxisId, Cells, Conjunction};
use crate::hir::node::Node;
use crate::hir::{NodeId, Rules};
use std::collections::BTreeMap;
use std::ops::Range;

/// Everything that the host sees of a lead: steps, in order.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) steps: Box<[Step]>,
    /// How each axis is located.
    pub(crate) locators: Box<[Locator]>,
    /// The axes of fields whose cells are needed in any case, and do not depend on the instant: they are located before the
    /// first step.
    pub(crate) of_fields: Box<[u32]>,
    pub(crate) grids: Box<[Grid]>,
    /// Where the value of each node is kept.
    pub(crate) registers: Box<[u32]>,
    /// How many registers there are.
    pub(crate) count: usize,
    /// The fields whose values are read, not only located; ascending.
    pub(crate) fields: Box<[u32]>,
    /// Where the words of each block of tags end.
    tag_ends: Box<[u32]>,
}

/// One step.
#[derive(Debug)]
pub(crate) enum Step {
    /// A node, from the values of its children.
    Compute(NodeId, u32),
    /// The cells of some axes, whose values are known by now.
    Locate(Box<[u32]>),
    /// Which boxes of a grid hold.
    Look(u32),
    /// The value of the first rule that fires.
    Choose(u32, Ruling, Box<[Value]>),
    /// A value, if a guard is true.
    Guard(u32, Ruling, Value),
    /// The points of an indicator.
    Points(u32, Box<Indicating>),
    /// Whether an indicator is covered.
    Covered(u32, Box<Indicating>),
    /// A score and its coverage.
    Total(u32, u32, Box<Ledger>),
    /// The tags of a block.
    Tags(TagStep),
}

/// The tags of a block: bits of a grid.
#[derive(Debug)]
pub(crate) struct TagStep {
    /// The block whose tags the host sees.
    pub(crate) block: Option<u32>,
    pub(crate) guard: Ruling,
    pub(crate) grid: u32,
    /// The bit of the first label.
    pub(crate) start: u32,
    pub(crate) labels: u32,
    /// Further boxes of labels, counted from where boxes have owners.
    pub(crate) further: (u32, u32),
    /// Where the set is kept, when later rules read it.
    pub(crate) into: Option<u32>,
}

/// A value that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A constant that is no set.
    Constant(NodeId),
    /// Computed, or chosen.
    Register(u32),
}

/// What a program was made from, for people.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) axes: Axes,
    /// The cells of each literal.
    pub(super) cells: Vec<Cells>,
    /// The axis of each locator.
    pub(super) located: Vec<AxisId>,
    /// The boxes of each grid, by bit.
    pub(super) boxes: Vec<Vec<Option<Conjunction>>>,
}

/// Compiles everything that the host sees.
pub(super) fn compile(rules: &Rules) -> Whole {
    assemble(rules, None)
}

/// The same, keeping what the program was made from.
pub(super) fn draw(rules: &Rules) -> (Whole, Drawing) {
    let mut drawing = Drawing::default();
    (assemble(rules, Some(&mut drawing)), drawing)
}

fn assemble(rules: &Rules, mut drawing: Option<&mut Drawing>) -> Whole {
    let Demand { builder, units, ratings, tags, of_elements, .. } = Demand::new(rules);
    let axes = builder.finish();
    let cells = axes.cells();
    let (registers, count) = registers(rules, &units, &of_elements);
    let mut assembly = Assembly::new(rules, &axes, &cells, &ratings, &registers);
    for (node, unit) in &units {
        assembly.add(*node, unit);
    }
    for (block, tags) in (0..).zip(&tags) {
        assembly.block(block, tags);
    }
    let Assembled { steps, grids, locators, of_fields } = assembly.finish(drawing.as_deref_mut());
    if let Some(drawing) = drawing {
        (drawing.axes, drawing.cells) = (axes, cells);
    }
    let fields = units.keys().filter_map(|node| match rules.nodes.get(*node) {
        Node::Field(slot) => Some(*slot),
        _ => None,
    });
    let mut fields: Vec<u32> = fields.collect();
    fields.sort_unstable();
    let words = rules.tags.iter().map(|tags| tags.labels.len().div_ceil(64));
    let tag_ends = words.scan(0, |end, words| {
        *end += words;
        Some(number(*end))
    });
    let tag_ends = tag_ends.collect();
    Whole { steps, locators, of_fields, grids, count, fields: fields.into(), registers: registers.into(), tag_ends }
}

/// A register for each value; outcomes share that of what they are the value of.
fn registers(
    rules: &Rules,
    units: &BTreeMap<NodeId, Unit>,
    of_elements: &rustc_hash::FxHashSet<NodeId>,
) -> (Vec<u32>, usize) {
    let mut registers = vec![NONE; rules.nodes.len()];
    let mut count = 0;
    for (node, unit) in units {
        registers[node.index()] = match unit {
            Unit::Same(inner) if registers[inner.index()] != NONE => registers[inner.index()],
            _ => {
                count += 1;
                count - 1
            }
        };
    }
    let mut inner: Vec<NodeId> = of_elements.iter().copied().collect();
    inner.sort_unstable();
    for node in inner {
        registers[node.index()] = count;
        count += 1;
    }
    (registers, count as usize)
}

impl Whole {
    /// How many words the tags of all blocks take, a bit for each.
    pub(crate) fn tag_words(&self) -> usize {
        self.tag_ends.last().map_or(0, |end| *end as usize)
    }

    /// Where the words of a block are among them.
    pub(crate) fn tags_of(&self, block: usize) -> Range<usize> {
        let end = |block: usize| self.tag_ends.get(block).map_or(0, |end| *end as usize);
        block.checked_sub(1).map_or(0, end)..end(block)
    }

    /// How many bytes the program takes: rows, tables, steps and registers.
    pub(crate) fn bytes(&self) -> usize {
        let grids: usize = self.grids.iter().map(Grid::bytes).sum();
        let ledgers = self.steps.iter().map(|step| match step {
            Step::Total(_, _, ledger) => size_of_val(&*ledger.entries) + size_of_val(&*ledger.tables),
            Step::Choose(_, Ruling::Cells(_, cells), values) => size_of_val(&**cells) + size_of_val(&**values),
            Step::Choose(_, _, values) => size_of_val(&**values),
            _ => 0,
        });
        grids + ledgers.sum::<usize>() + size_of_val(&*self.steps) + size_of_val(&*self.registers)
    }
}

/// A number of things in memory.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
