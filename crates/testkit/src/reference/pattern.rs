//! Which rules fire.

use super::expression::{Evaluation, Scope};
use super::value::{Value, equal};
use gradus::syntax::ast::{Pattern, PatternItem, Rule, RuleTest};

impl Evaluation<'_> {
    /// Whether a rule's own test is true. `otherwise` is: it comes last, so nothing before it fired.
    pub(super) fn fires(&self, rule: &Rule, subjects: &[Value], scope: Scope<'_>) -> bool {
        match &rule.test {
            RuleTest::Condition(condition) => self.condition(condition, scope) == Some(true),
            RuleTest::Patterns(patterns) => {
                patterns.len() == subjects.len()
                    && patterns.iter().zip(subjects).all(|(pattern, subject)| self.fits(pattern, subject, scope))
            }
            RuleTest::Otherwise(_) | RuleTest::Always(_) => true,
        }
    }

    /// The rules that fire when all may: every one with a true test, and `otherwise` when there is none.
    pub(super) fn all_firing<'r>(&self, rules: &'r [Rule], subjects: &[Value], scope: Scope<'_>) -> Vec<&'r Rule> {
        let is_otherwise = |rule: &&Rule| matches!(rule.test, RuleTest::Otherwise(_));
        let tested = rules.iter().filter(|rule| !is_otherwise(rule) && self.fires(rule, subjects, scope));
        let firing: Vec<&Rule> = tested.collect();
        if firing.is_empty() { rules.iter().filter(is_otherwise).collect() } else { firing }
    }

    fn fits(&self, pattern: &Pattern, subject: &Value, scope: Scope<'_>) -> bool {
        pattern.alternatives.iter().any(|item| match item {
            PatternItem::Constant(constant) => equal(subject, &self.value(constant, scope), &self.clock) == Some(true),
            PatternItem::Interval(interval) => self.in_interval(subject, interval, scope) == Some(true),
            PatternItem::In(set) => self.in_set(subject, &self.value(set, scope)) == Some(true),
            PatternItem::Missing(_) => subject.is_missing(),
            PatternItem::Present(_) => !subject.is_missing(),
            PatternItem::Anything(_) => true,
        })
    }
}
