//! Searching for cells in which conditions are what they should be. It visits every possibility, or says that there are
//! too many.

use super::budget::{Budget, Exhausted};
use super::joint::{ANY, Joint};
use super::open::Open;
use super::picture::{Picture, reachable};
use super::possible::Truths;
use super::region::Area;
use super::view::View;
use crate::grid::{AxisId, Cells};
use crate::hir::NodeId;
use smallvec::SmallVec;

/// Keys, from the first to before the end.
pub(crate) type Stretches = Vec<(i128, i128)>;

/// What should be the case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Goal {
    /// Conditions with the truth values that they may have.
    pub(crate) truths: Vec<(NodeId, Truths)>,
    /// Values with the stretches of keys, first to before the end, that they should lie in, and whether they may be
    /// missing instead.
    pub(crate) values: Vec<(NodeId, Stretches, bool)>,
    /// Where the lead should be.
    pub(crate) area: Area,
    /// A score or an indicator whose clamp does not count.
    pub(crate) unclamped: Option<NodeId>,
}

impl Goal {
    /// Some conditions with the truth values that they may have.
    pub(crate) fn truths(truths: impl IntoIterator<Item = (NodeId, Truths)>) -> Goal {
        Goal { truths: truths.into_iter().collect(), ..Goal::default() }
    }

    /// Every node that the goal is about.
    pub(crate) fn nodes(&self) -> Vec<NodeId> {
        self.truths.iter().map(|(id, _)| *id).chain(self.values.iter().map(|(id, ..)| *id)).collect()
    }
}

/// Cells in which the goal may be reached.
pub(crate) struct Leaf<'s> {
    /// By axis.
    pub(crate) cells: &'s [Cells],
    /// Whether it is reached there, rather than perhaps.
    pub(crate) certain: bool,
    /// Whether every axis that was narrowed down is known exactly: then there is such a lead.
    pub(crate) exact: bool,
}

/// What to do after a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    GoOn,
    Stop,
}

/// Tells how something stands in some cells.
pub(crate) type Judge<'j> = dyn FnMut(&[Cells], &mut Budget) -> Result<Stand, Exhausted> + 'j;

/// A search in what can be together.
pub(crate) struct Search<'s, 'r> {
    picture: &'s Picture<'r>,
    joint: &'s Joint,
    cells: Vec<Cells>,
    /// What was narrowed down, with what it was.
    trail: Vec<(AxisId, Cells)>,
    /// By axis: the links that it is part of.
    links: Vec<SmallVec<[u32; 2]>>,
}

/// Axes with the cells to which they are narrowed.
type Choice = SmallVec<[(AxisId, Cells); 2]>;

/// A decision, and what it was decided on before.
struct Frame {
    mark: usize,
    choices: Vec<Choice>,
    next: usize,
}

/// How a goal stands.
pub(crate) enum Stand {
    Lost,
    Reached,
    Perhaps,
    Open(Open),
}

impl<'s, 'r> Search<'s, 'r> {
    pub(crate) fn new(picture: &'s Picture<'r>, joint: &'s Joint) -> Search<'s, 'r> {
        let mut links: Vec<SmallVec<[u32; 2]>> = vec![SmallVec::new(); picture.axes.len()];
        for (index, link) in (0_u32..).zip(&picture.links) {
            for axis in std::iter::once(&link.axis).chain(&link.needs) {
                links[axis.index()].push(index);
            }
        }
        Search { picture, joint, cells: joint.start.clone(), trail: Vec::new(), links }
    }

    /// Visits the places where a goal may be reached, until `visit` has seen enough. Whether it has.
    pub(crate) fn run(
        &mut self,
        goal: &Goal,
        budget: &mut Budget,
        visit: &mut dyn FnMut(Leaf<'_>) -> Next,
    ) -> Result<bool, Exhausted> {
        let cone = reachable(self.picture.rules, goal.nodes());
        let picture = self.picture;
        self.run_with(&goal.area, budget, &mut |cells, budget| stand(picture, cells, goal, &cone, budget), visit)
    }

    /// The same for anything of which it can be told how it stands.
    pub(crate) fn run_with(
        &mut self,
        area: &Area,
        budget: &mut Budget,
        stand: &mut Judge<'_>,
        visit: &mut dyn FnMut(Leaf<'_>) -> Next,
    ) -> Result<bool, Exhausted> {
        let result = self.walk(area, budget, stand, visit);
        self.undo(0);
        result
    }

    fn walk(
        &mut self,
        area: &Area,
        budget: &mut Budget,
        stand: &mut Judge<'_>,
        visit: &mut dyn FnMut(Leaf<'_>) -> Next,
    ) -> Result<bool, Exhausted> {
        let mut stack: Vec<Frame> = Vec::new();
        let area: Choice = area.sides().filter(|(axis, _)| !self.picture.is_derived(*axis)).cloned().collect();
        let mut possible = self.apply(&area, budget)?;
        loop {
            if possible {
                match stand(&self.cells, budget)? {
                    Stand::Lost => {}
                    Stand::Open(open) => {
                        let choices = self.choices(&open);
                        budget.spend(choices.len())?;
                        stack.push(Frame { mark: self.trail.len(), choices, next: 0 });
                    }
                    stand => {
                        let certain = matches!(stand, Stand::Reached);
                        let exact = self.trail.iter().all(|(axis, _)| self.joint.is_exact(*axis));
                        if visit(Leaf { cells: &self.cells, certain, exact }) == Next::Stop {
                            return Ok(true);
                        }
                    }
                }
            }
            // the next choice of the last decision that has one
            possible = loop {
                let Some(frame) = stack.last_mut() else { return Ok(false) };
                let mark = frame.mark;
                let choice = frame.choices.get(frame.next).cloned();
                frame.next += 1;
                self.undo(mark);
                let Some(choice) = choice else {
                    stack.pop();
                    continue;
                };
                if self.apply(&choice, budget)? {
                    break true;
                }
            };
        }
    }

    /// The ways in which something that is open can be decided.
    fn choices(&self, open: &Open) -> Vec<Choice> {
        match open {
            Open::Atom(id) => {
                let Some(atom) = self.picture.atom(*id) else { return Vec::new() };
                let areas = atom.yes.iter().chain(&atom.no);
                let mut choices: Vec<Choice> = areas.map(|area: &Area| area.sides().cloned().collect()).collect();
                if let Some(axis) = atom.axes.first() {
                    let missing = Cells::one(self.cells[axis.index()].count(), 0);
                    choices.push(std::iter::once((*axis, missing)).collect());
                }
                choices
            }
            Open::Axis(axis) => {
                let cells = &self.cells[axis.index()];
                halves(cells).into_iter().map(|half| std::iter::once((*axis, half)).collect()).collect()
            }
        }
    }

    fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((axis, was)) = self.trail.pop() {
                self.cells[axis.index()] = was;
            }
        }
    }

    /// Narrows axes down, and what depends on them. Whether anything is left.
    fn apply(&mut self, choice: &[(AxisId, Cells)], budget: &mut Budget) -> Result<bool, Exhausted> {
        let mut changed = Vec::new();
        for (axis, cells) in choice {
            if !self.narrow(*axis, cells, &mut changed) {
                return Ok(false);
            }
        }
        self.settle(changed, budget)
    }

    /// Takes cells away from an axis. Whether any is left.
    fn narrow(&mut self, axis: AxisId, cells: &Cells, changed: &mut Vec<AxisId>) -> bool {
        let own = &self.cells[axis.index()];
        if own.is_within(cells) {
            return !own.is_empty();
        }
        let left = own.common(cells);
        let some = !left.is_empty();
        self.trail.push((axis, std::mem::replace(&mut self.cells[axis.index()], left)));
        changed.push(axis);
        some
    }

    /// Follows what a change means for other axes, until nothing changes.
    fn settle(&mut self, mut changed: Vec<AxisId>, budget: &mut Budget) -> Result<bool, Exhausted> {
        while let Some(axis) = changed.pop() {
            budget.spend(1)?;
            if !self.settle_group(axis, &mut changed, budget)? {
                return Ok(false);
            }
            for index in 0..self.links[axis.index()].len() {
                if !self.settle_link(self.links[axis.index()][index], &mut changed) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// The rows that are left of a group, and what they leave of its axes.
    fn settle_group(
        &mut self,
        axis: AxisId,
        changed: &mut Vec<AxisId>,
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        let joint = self.joint;
        let Some(group) = joint.group(axis).filter(|group| group.axes.len() > 1) else { return Ok(true) };
        let Some(rows) = &group.rows else { return Ok(true) };
        budget.spend(rows.len())?;
        let mut left: Vec<Option<Cells>> =
            group.axes.iter().map(|axis| Some(Cells::none(self.cells[axis.index()].count()))).collect();
        for row in rows {
            let mut sides = row.iter().zip(&group.axes);
            if sides.all(|(cell, axis)| *cell == ANY || self.cells[axis.index()].contains(*cell as usize)) {
                for (cell, left) in row.iter().zip(&mut left) {
                    match left {
                        Some(_) if *cell == ANY => *left = None,
                        Some(cells) => cells.insert(*cell as usize..*cell as usize + 1),
                        None => {}
                    }
                }
            }
        }
        for (axis, left) in group.axes.iter().zip(left) {
            if let Some(cells) = left
                && !self.narrow(*axis, &cells, changed)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A value that is there was computed from values that are there.
    fn settle_link(&mut self, index: u32, changed: &mut Vec<AxisId>) -> bool {
        let picture = self.picture;
        let Some(link) = picture.links.get(index as usize) else { return true };
        let count = |axis: AxisId| picture.axes.get(axis).count();
        let missing = |axis: AxisId| Cells::one(count(axis), 0);
        let there = |axis: AxisId| Cells::all(count(axis)).without(&Cells::one(count(axis), 0));
        let is_there = |cells: &Cells| !cells.contains(0);
        let is_missing = |cells: &Cells| cells.first() == Some(0) && cells.len() == 1;
        if is_there(&self.cells[link.axis.index()])
            && !link.needs.iter().all(|axis| self.narrow(*axis, &there(*axis), changed))
        {
            return false;
        }
        if link.needs.iter().any(|axis| is_missing(&self.cells[axis.index()]))
            && !self.narrow(link.axis, &missing(link.axis), changed)
        {
            return false;
        }
        if link.suffices {
            let all_there = link.needs.iter().all(|axis| is_there(&self.cells[axis.index()]));
            if all_there && !self.narrow(link.axis, &there(link.axis), changed) {
                return false;
            }
            if let [only] = link.needs.as_slice()
                && is_missing(&self.cells[link.axis.index()])
                && !self.narrow(*only, &missing(*only), changed)
            {
                return false;
            }
        }
        true
    }
}

/// How a goal stands in the cells that are left.
fn stand(
    picture: &Picture<'_>,
    cells: &[Cells],
    goal: &Goal,
    cone: &[NodeId],
    budget: &mut Budget,
) -> Result<Stand, Exhausted> {
    budget.spend(1 + cone.len())?;
    let mut view = View::new(picture, cells, goal.unclamped);
    view.fill(cone);
    let (mut lost, mut open, mut certain) = (false, None, true);
    for (id, wanted) in &goal.truths {
        let truths = view.truths(*id);
        if truths & wanted == 0 {
            lost = true;
            break;
        }
        if truths & !wanted != 0 {
            certain = false;
            open = open.or_else(|| view.open(*id));
        }
    }
    if !lost {
        for (id, ranges, missing) in &goal.values {
            let value = view.value(*id);
            let (inside, outside) = (value.has_within(ranges), value.has_without(ranges));
            if !(inside || value.missing && *missing) {
                lost = true;
                break;
            }
            if outside || (value.missing && !missing) {
                certain = false;
                open = open.or_else(|| view.open(*id));
            }
        }
    }
    Ok(match open {
        _ if lost => Stand::Lost,
        Some(open) => Stand::Open(open),
        None if certain => Stand::Reached,
        None => Stand::Perhaps,
    })
}

/// A set of cells as two smaller ones: "missing" and the rest, or halves.
fn halves(cells: &Cells) -> Vec<Cells> {
    let count = cells.count();
    let first = if cells.contains(0) {
        Cells::one(count, 0)
    } else {
        let mut first = Cells::none(count);
        let mut wanted = cells.len() / 2;
        for run in cells.runs() {
            let taken = run.len().min(wanted);
            first.insert(run.start..run.start + taken);
            wanted -= taken;
        }
        first
    };
    let rest = cells.without(&first);
    [rest, first].into_iter().filter(|half| !half.is_empty()).collect()
}
