//! What rules mention, and whether something of it is missing: the ground of coverage.

use super::expression::{Evaluation, TOP};
use gradus::syntax::ast::{
    Argument, Container, Expr, ExprKind, Indicator, Interval, Item, PatternItem, Rule, RuleResult, RuleTest,
};
use std::collections::HashSet;

impl Evaluation<'_> {
    /// Whether something that the examined rules mention is missing, or something in the points of those that fired.
    pub(super) fn asks_for_missing(&self, indicator: &Indicator, examined: &[Rule], firing: &[&Rule]) -> bool {
        let mut seen = HashSet::new();
        let tests = examined.iter().any(|rule| match &rule.test {
            RuleTest::Condition(condition) => self.lacks(condition, &mut seen),
            RuleTest::Patterns(patterns) => {
                let is_asked = |items: &[PatternItem]| !matches!(items, [PatternItem::Anything(_)]);
                let asked = patterns.iter().zip(&indicator.on).filter(|(pattern, _)| is_asked(&pattern.alternatives));
                asked.map(|(_, subject)| subject).any(|subject| self.lacks(subject, &mut seen))
            }
            RuleTest::Otherwise(_) | RuleTest::Always(_) => false,
        });
        tests
            || firing.iter().any(|rule| match &rule.result {
                RuleResult::Value(points) => self.lacks(points, &mut seen),
                RuleResult::Skip(_) => false,
            })
    }

    /// Whether a field, list, outcome or population that an expression names is missing. `seen` are the lets that were
    /// already looked into.
    fn lacks(&self, expr: &Expr, seen: &mut HashSet<String>) -> bool {
        match &expr.kind {
            ExprKind::Path(path) => match self.rules.declaration(&path[0].text) {
                Some(Item::Param(_)) => false,
                Some(Item::Let(definition)) => {
                    seen.insert(definition.name.text.clone()) && self.lacks(&definition.value, seen)
                }
                _ => self.value(expr, TOP).is_missing(),
            },
            // Of a list function only the list counts.
            ExprKind::Aggregate { list, .. } => self.lacks(list, seen),
            ExprKind::Call { function, .. } if is_rank(&function.text) && self.population.is_none() => true,
            _ => parts(expr).into_iter().any(|part| self.lacks(part, seen)),
        }
    }
}

fn is_rank(function: &str) -> bool {
    matches!(function, "percent_rank" | "ntile" | "cume_share")
}

/// The expressions directly inside another, in all branches of a `match`.
fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Set(items) | ExprKind::Logic(_, items) => items.iter().collect(),
        ExprKind::Paren(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => vec![inner],
        ExprKind::Compare(_, a, b) => vec![a, b],
        ExprKind::Arithmetic(first, rest) => {
            std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)).collect()
        }
        ExprKind::In { subject, container: Container::Set(set), .. } => vec![subject, set],
        ExprKind::In { subject, container: Container::Interval(interval), .. } => {
            std::iter::once(&**subject).chain(ends(interval)).collect()
        }
        ExprKind::Contains { subject, needle, .. } | ExprKind::Affix { subject, needle, .. } => vec![subject, needle],
        ExprKind::Within { subject, container } => vec![subject, container],
        ExprKind::Matches { subject, .. } | ExprKind::Window { subject, .. } | ExprKind::Is { subject, .. } => {
            vec![subject]
        }
        ExprKind::Call { arguments, .. } => {
            let values = arguments.iter().filter_map(|argument| match argument {
                Argument::Value(value) => Some(value),
                Argument::Period(_) => None,
            });
            values.collect()
        }
        ExprKind::Match { subjects, rules } => subjects.iter().chain(rules.iter().flat_map(rule_parts)).collect(),
        // Leaves; paths, elements and list functions are met before.
        _ => Vec::new(),
    }
}

fn ends(interval: &Interval) -> impl Iterator<Item = &Expr> {
    interval.low.as_deref().into_iter().chain(interval.high.as_deref())
}

/// Patterns hold only constants and params, which are never missing.
fn rule_parts(rule: &Rule) -> Vec<&Expr> {
    let test = match &rule.test {
        RuleTest::Condition(condition) => Some(condition),
        _ => None,
    };
    let result = match &rule.result {
        RuleResult::Value(value) => Some(value),
        RuleResult::Skip(_) => None,
    };
    test.into_iter().chain(result).collect()
}
