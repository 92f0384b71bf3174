//! Whether rules leave nothing out: then one of them always fires.

use super::Checker;
use super::boxes::{Demand, Demands, Subject};
use crate::hir::NodeId;
use crate::hir::node::{Constant, Node};
use crate::types::Type;
use crate::value::Fixed;
use std::collections::BTreeMap;

impl Checker<'_> {
    /// Whether one of the tests is certain to be true, as far as can be told: one always is, or they ask about one value
    /// only and leave nothing of it out, missing included.
    pub(super) fn always_fires(&self, tests: &[NodeId]) -> bool {
        if tests.iter().any(|test| self.nodes.constant(*test) == Some(&Constant::Bool(true))) {
            return true;
        }
        let boxes: Option<Vec<Vec<Demands>>> = tests.iter().map(|test| self.boxes(*test, true)).collect();
        let boxes: Vec<Demands> = boxes.unwrap_or_default().into_iter().flatten().collect();
        let first = boxes.first().and_then(|demands| self.only_subject(demands));
        let Some(subject @ Subject::Value(value)) = first else { return false };
        let (mut missing, mut stretches, mut constants) = (false, Vec::new(), Vec::new());
        let mut axes = boxes.iter().flat_map(BTreeMap::values).filter_map(|demand| Some(demand.numbers.as_ref()?.axis));
        if let Some(first) = axes.next()
            && axes.any(|axis| axis != first)
        {
            return false;
        }
        for demands in &boxes {
            if self.only_subject(demands) != Some(subject) {
                return false;
            }
            match &demands[&subject] {
                Demand { present: Some(false), .. } => missing = true,
                Demand { numbers: Some(numbers), constants: None, truth: None, .. } => {
                    stretches.extend(numbers.list.iter().copied());
                }
                Demand { constants: Some((true, allowed)), numbers: None, truth: None, .. } => {
                    constants.extend(allowed);
                }
                Demand { present: Some(true), numbers: None, constants: None, truth: None } => {
                    stretches.push((i128::MIN, i128::MAX));
                }
                _ => {}
            }
        }
        let both = [true, false].map(Constant::Bool).iter().all(|truth| constants.contains(&truth));
        missing && (both || self.covers(value, stretches))
    }

    /// The value that a box asks about, when it is one; what that was computed from does not count.
    fn only_subject(&self, demands: &Demands) -> Option<Subject> {
        let asked = |demand: &Demand| {
            demand.numbers.is_some()
                || demand.constants.is_some()
                || demand.truth.is_some()
                || demand.present == Some(false)
        };
        let mut asked = demands.iter().filter(|(_, demand)| asked(demand)).map(|(subject, _)| *subject);
        // a box that only wants a value to be there is about the value computed last
        let subject = asked.next().or_else(|| demands.keys().next_back().copied())?;
        asked.next().is_none().then_some(subject)
    }

    /// Whether stretches leave no number, no day, or no label out.
    fn covers(&self, subject: NodeId, mut stretches: Vec<(i128, i128)>) -> bool {
        stretches.sort_unstable();
        let labels = match self.nodes.get(subject) {
            Node::Field(slot) => match self.field_kind(*slot) {
                Type::Choice(choice) => i128::try_from(choice.len()).ok(),
                _ => None,
            },
            _ => None,
        };
        let (first, last) = labels.map_or((i128::MIN, i128::MAX), |count| (0, count - 1));
        // between whole numbers there is nothing to leave out
        let slack = if self.is_int(subject) { Fixed::ONE.units() } else { 1 };
        let mut next = first;
        for (low, high) in stretches {
            if low > next.saturating_add(slack - 1) {
                return false;
            }
            if high >= last {
                return true;
            }
            next = next.max(high + 1);
        }
        false
    }
}
