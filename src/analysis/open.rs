//! What is still open, and by which choice it can be decided.

use super::picture::is_condition;
use super::possible::TRUE;
use super::view::View;
use crate::grid::AxisId;
use crate::hir::NodeId;
use crate::hir::node::{Award, Node};
use rustc_hash::FxHashSet;

/// Something that is not decided yet, and by which choice it can be.
#[derive(Clone, Debug)]
pub(crate) enum Open {
    /// The truth of an atom.
    Atom(NodeId),
    /// The cell of an axis.
    Axis(AxisId),
}

/// What is asked of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Asking {
    Value(NodeId),
    /// Only whether it is there.
    Presence(NodeId),
}

impl View<'_, '_> {
    /// Something by which a condition or value that is not decided yet can be: the first open choice on the way down.
    pub(crate) fn open(&mut self, root: NodeId) -> Option<Open> {
        let rules = self.picture.rules;
        let mut pending = vec![Asking::Value(root)];
        let mut seen = FxHashSet::default();
        while let Some(asking) = pending.pop() {
            if !seen.insert(asking) {
                continue;
            }
            let (Asking::Value(id) | Asking::Presence(id)) = asking;
            if self.picture.atom(id).is_some() {
                if self.truths(id).count_ones() > 1 {
                    return Some(Open::Atom(id));
                }
            } else if is_condition(rules, id) {
                if self.truths(id).count_ones() > 1 {
                    self.push_parts(id, &mut pending);
                }
            } else if self.picture.is_computed(id) {
                if !self.value(id).is_certain() {
                    self.push_parts(id, &mut pending);
                }
            } else if let Some(axis) = self.open_axis(asking, id) {
                return Some(Open::Axis(axis));
            }
        }
        None
    }

    /// The axis of a value that is asked of the lead and is still open.
    fn open_axis(&self, asking: Asking, id: NodeId) -> Option<AxisId> {
        let home = self.picture.home(id).filter(|home| {
            let cells = &self.cells[home.index()];
            cells.contains(0) && cells.len() > 1
        });
        let asked = match asking {
            Asking::Value(_) => self.picture.axes_of(id),
            Asking::Presence(_) => &[],
        };
        home.or_else(|| asked.iter().copied().filter(|axis| self.cells[axis.index()].len() > 1).min())
    }

    /// What a node is made of, as far as it still matters; what is to be looked at first comes last.
    fn push_parts(&mut self, id: NodeId, pending: &mut Vec<Asking>) {
        let start = pending.len();
        match self.picture.rules.nodes.get(id) {
            Node::IsPresent(inner) => pending.push(Asking::Presence(*inner)),
            Node::CountPresent(list) | Node::PresentRatio(list) => {
                pending.extend(list.iter().map(|id| Asking::Presence(*id)));
            }
            Node::Match { arms, .. } => {
                for (test, value) in arms {
                    let truths = self.truths(*test);
                    pending.push(Asking::Value(*test));
                    if truths & TRUE != 0 {
                        pending.push(Asking::Value(*value));
                    }
                    if truths & !TRUE == 0 {
                        break;
                    }
                }
            }
            Node::Indicator(indicator) => {
                for (test, award) in &indicator.rules {
                    let truths = self.truths(*test);
                    pending.push(Asking::Value(*test));
                    if let Award::Points(points) = award
                        && truths & TRUE != 0
                    {
                        pending.push(Asking::Value(*points));
                    }
                    if truths & !TRUE == 0 && !indicator.sum {
                        break;
                    }
                }
            }
            node => node.children(|child| pending.push(Asking::Value(child))),
        }
        pending[start..].reverse();
    }
}
