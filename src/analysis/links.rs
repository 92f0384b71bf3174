//! How being there depends on each other: a value that is there was computed from values that are there.

use super::picture::Picture;
use crate::grid::AxisId;
use crate::hir::NodeId;
use crate::hir::node::{Fold, Node};
use smallvec::{SmallVec, smallvec};

/// A value that is there was computed from values that are there.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) axis: AxisId,
    /// What has to be there too.
    pub(crate) needs: SmallVec<[AxisId; 2]>,
    /// Whether it is there as soon as they are.
    pub(crate) suffices: bool,
}

/// How being there depends on each other, axis by axis.
pub(super) fn links(picture: &Picture<'_>) -> Vec<Link> {
    let rules = picture.rules;
    let mut found = Vec::new();
    for axis in picture.axis_ids() {
        let subject = picture.axes.get(axis).subject;
        if let Some(home) = picture.home(subject).filter(|home| *home != axis) {
            found.push(Link { axis, needs: smallvec![home], suffices: true });
        }
        let (mut needs, mut known) = (SmallVec::new(), true);
        let mut need = |child: NodeId| {
            if rules.nodes.constant(child).is_none() && !matches!(rules.nodes.get(child), Node::Today | Node::Now) {
                match picture.home(child) {
                    Some(home) if home != axis => needs.push(home),
                    Some(_) => {}
                    None => known = false,
                }
            }
        };
        let node = rules.nodes.get(subject);
        match node {
            Node::Aggregate(aggregate) => need(aggregate.list),
            node if needs_all(node) => node.children(need),
            _ => {}
        }
        if !needs.is_empty() {
            found.push(Link { axis, needs, suffices: known && needs_nothing_else(node) });
        }
    }
    found
}

/// Whether a node is missing, or unknown, as soon as one of its operands is.
pub(super) fn needs_all(node: &Node) -> bool {
    needs_nothing_else(node)
        || matches!(node, Node::Arithmetic(..) | Node::HoursSince(_) | Node::Decay(..) | Node::Rank(..))
        || matches!(node, Node::Absolute(..) | Node::Round(..) | Node::ToDecimal(_) | Node::StartOfDay(_))
}

/// Whether it is there as soon as all of them are.
fn needs_nothing_else(node: &Node) -> bool {
    match node {
        Node::Aggregate(aggregate) => matches!(aggregate.fold, Fold::Count | Fold::CountDistinct),
        Node::Compare(..)
        | Node::OneOf(..)
        | Node::HasLabels(..)
        | Node::HasTexts(..)
        | Node::Contains(..)
        | Node::Affix(..)
        | Node::Matches(..)
        | Node::WithinLabels(..)
        | Node::WithinTexts(..)
        | Node::WithinRegions(..)
        | Node::Window(..)
        | Node::Least(_)
        | Node::Greatest(_)
        | Node::DateOf(_)
        | Node::DatePart(..)
        | Node::DaysBetween(..)
        | Node::MonthsSince(_) => true,
        _ => false,
    }
}
