//! `unique`: proved that no two rules with different results hold for the same lead.

use super::Checker;
use super::boxes::{Axis, Demands, Subject, both};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir;
use crate::syntax::ast;
use std::collections::BTreeMap;

impl Checker<'_> {
    /// Reports, for each rule, one before it that may hold for the same lead with a different result.
    pub(super) fn prove_unique(&mut self, rules: &[hir::Rule], syntax: &ast::Classify) {
        let clashes = self.clashes(rules, syntax);
        for (later, earlier) in clashes {
            let message = format!("two rules of `{}` hold for the same lead, with different results", syntax.name.text);
            let diagnostic = Diagnostic::error(Code::Overlap, rules[later].span, message)
                .related(rules[earlier].span, "the other")
                .help("`unique` promises that at most one rule holds: make them exclude each other, or leave `unique` out");
            self.report(diagnostic);
        }
    }

    /// Pairs of rules that may hold together: each later rule with the first such.
    fn clashes(&self, rules: &[hir::Rule], syntax: &ast::Classify) -> BTreeMap<usize, usize> {
        let mut boxes: Vec<(usize, Demands)> = Vec::new();
        for (position, rule) in rules.iter().enumerate() {
            if !matches!(syntax.rules[position].test, ast::RuleTest::Otherwise(_)) {
                // too many boxes to tell: it may hold for anything
                let of_rule = self.boxes(rule.test, true).unwrap_or_else(|| vec![Demands::new()]);
                boxes.extend(of_rule.into_iter().map(|demands| (position, demands)));
            }
        }
        let axis = busiest_axis(&boxes);
        let extent = |demands: &Demands| axis.map_or((i128::MIN, i128::MAX), |axis| extent(demands, axis));
        boxes.sort_by_key(|(_, demands)| extent(demands).0);
        let mut found: BTreeMap<usize, usize> = BTreeMap::new();
        // a sweep along the axis: only boxes that are open at the same point are compared
        let mut open: Vec<(i128, usize)> = Vec::new();
        for (index, (rule, demands)) in boxes.iter().enumerate() {
            let (low, high) = extent(demands);
            open.retain(|(end, _)| *end >= low);
            for &(_, other) in &open {
                let (other_rule, other_demands) = &boxes[other];
                let (earlier, later) = (*rule.min(other_rule), *rule.max(other_rule));
                let told = found.get(&later).is_some_and(|first| *first <= earlier);
                let differ = rules[earlier].result != rules[later].result;
                if differ && !told && both(demands, other_demands).is_some() {
                    found.insert(later, earlier);
                }
            }
            open.push((high, index));
        }
        found
    }
}

/// The subject, and the axis of it, on which most boxes have stretches.
fn busiest_axis(boxes: &[(usize, Demands)]) -> Option<(Subject, Axis)> {
    let mut counts: BTreeMap<(Subject, Axis), usize> = BTreeMap::new();
    for (subject, demand) in boxes.iter().flat_map(|(_, demands)| demands) {
        if let Some(numbers) = &demand.numbers {
            *counts.entry((*subject, numbers.axis)).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(axis, _)| axis)
}

/// From the least to the greatest number that a box allows of a subject on an axis.
fn extent(demands: &Demands, (subject, axis): (Subject, Axis)) -> (i128, i128) {
    let numbers =
        demands.get(&subject).and_then(|demand| demand.numbers.as_ref()).filter(|numbers| numbers.axis == axis);
    let ends = numbers.and_then(|numbers| Some((numbers.list.first()?.0, numbers.list.last()?.1)));
    ends.unwrap_or((i128::MIN, i128::MAX))
}
