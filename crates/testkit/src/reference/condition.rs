//! Conditions in three values: `true`, `false`, and unknown (`None`).

use super::expression::{Evaluation, Scope};
use super::invalid;
use super::text::{code_matches, normal_form, segments, text_matches};
use super::time::{day_before, days_between, plus_months};
use super::value::{Value, equal, has, is_subset, order};
use gradus::syntax::ast::{
    AffixEnd, CompareOperator, Container, Direction, Expr, ExprKind, Interval, Item, LogicOperator, Period, Quantifier,
    Tags, TimeUnit,
};
use jiff::civil::Date;

/// `and` over everything: false when one is false, else unknown when one is unknown.
pub(super) fn all(truths: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let truths: Vec<Option<bool>> = truths.into_iter().collect();
    if truths.contains(&Some(false)) {
        Some(false)
    } else if truths.contains(&None) {
        None
    } else {
        Some(true)
    }
}

/// `or` over everything.
pub(super) fn any(truths: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    not(all(truths.into_iter().map(not)))
}

pub(super) fn not(truth: Option<bool>) -> Option<bool> {
    truth.map(|truth| !truth)
}

impl Evaluation<'_> {
    /// Whether a condition holds.
    pub(super) fn condition(&self, expr: &Expr, scope: Scope<'_>) -> Option<bool> {
        match &expr.kind {
            ExprKind::Not(inner) => not(self.condition(inner, scope)),
            ExprKind::Logic(operator, operands) => {
                let truths = operands.iter().map(|operand| self.condition(operand, scope));
                match operator {
                    LogicOperator::And => all(truths),
                    LogicOperator::Or => any(truths),
                }
            }
            ExprKind::Compare(operator, a, b) => self.compare(*operator, &self.value(a, scope), &self.value(b, scope)),
            ExprKind::In { subject, negated, container } => {
                let subject = self.value(subject, scope);
                let inside = match container {
                    Container::Interval(interval) => self.in_interval(&subject, interval, scope),
                    Container::Set(set) => self.in_set(&subject, &self.value(set, scope)),
                };
                if *negated { not(inside) } else { inside }
            }
            ExprKind::Contains { subject, quantifier, needle } => self.contains(subject, *quantifier, needle, scope),
            ExprKind::Affix { subject, end, needle } => {
                self.text_test(&self.value(subject, scope), &self.value(needle, scope), |text, needle| match end {
                    AffixEnd::Start => text.starts_with(needle),
                    AffixEnd::End => text.ends_with(needle),
                })
            }
            ExprKind::Matches { subject, pattern } => match self.value(subject, scope) {
                Value::Missing => None,
                Value::Code(code) => Some(code_matches(&code, &pattern.text)),
                text => text.as_text().map(|text| text_matches(text, &pattern.text)),
            },
            ExprKind::Within { subject, container } => {
                self.within(&self.value(subject, scope), &self.value(container, scope))
            }
            ExprKind::Window { subject, direction, period } => {
                let date = self.value(subject, scope).as_date(&self.clock)?;
                Some(self.in_window(date, *direction, period))
            }
            ExprKind::Is { subject, present } => Some(self.value(subject, scope).is_missing() != *present),
            _ => self.value(expr, scope).as_truth(),
        }
    }

    fn compare(&self, operator: CompareOperator, a: &Value, b: &Value) -> Option<bool> {
        match operator {
            CompareOperator::Equal => equal(a, b, &self.clock),
            CompareOperator::NotEqual => not(equal(a, b, &self.clock)),
            CompareOperator::Less => order(a, b, &self.clock).map(std::cmp::Ordering::is_lt),
            CompareOperator::LessOrEqual => order(a, b, &self.clock).map(std::cmp::Ordering::is_le),
            CompareOperator::Greater => order(a, b, &self.clock).map(std::cmp::Ordering::is_gt),
            CompareOperator::GreaterOrEqual => order(a, b, &self.clock).map(std::cmp::Ordering::is_ge),
        }
    }

    /// `x in [a..b)` is `x >= a and x < b`.
    pub(super) fn in_interval(&self, subject: &Value, interval: &Interval, scope: Scope<'_>) -> Option<bool> {
        let above = |end: &Expr| {
            let operator = if interval.low_closed { CompareOperator::GreaterOrEqual } else { CompareOperator::Greater };
            self.compare(operator, subject, &self.value(end, scope))
        };
        let below = |end: &Expr| {
            let operator = if interval.high_closed { CompareOperator::LessOrEqual } else { CompareOperator::Less };
            self.compare(operator, subject, &self.value(end, scope))
        };
        // `[..]` still asks for the subject.
        let is_there = if subject.is_missing() { None } else { Some(true) };
        all([
            is_there,
            interval.low.as_deref().map_or(Some(true), above),
            interval.high.as_deref().map_or(Some(true), below),
        ])
    }

    /// `x in { a, b }` is `x == a or x == b`.
    pub(super) fn in_set(&self, subject: &Value, set: &Value) -> Option<bool> {
        if subject.is_missing() {
            return None;
        }
        any(set.as_set()?.iter().map(|item| equal(subject, item, &self.clock)))
    }

    fn contains(&self, subject: &Expr, quantifier: Quantifier, needle: &Expr, scope: Scope<'_>) -> Option<bool> {
        let needles = match (self.value(needle, scope), quantifier) {
            (Value::Missing, _) => return None,
            (Value::Set(items), _) => items,
            (one, _) => vec![one],
        };
        let tags = self.tags_named(subject);
        // Tags are asked label by label, so that a block can read labels of its own.
        let subject = if tags.is_some() { Value::Missing } else { self.value(subject, scope) };
        let is_there = |needle: &Value| match (tags, &subject) {
            (Some(tags), _) => self.has_tag(tags, needle),
            (None, Value::Missing) => None,
            (None, Value::Set(items)) => Some(has(items, needle, &self.clock)),
            (None, text) => self.text_test(text, needle, |text, needle| text.contains(needle)),
        };
        match quantifier {
            Quantifier::One | Quantifier::All => all(needles.iter().map(is_there)),
            Quantifier::Any => any(needles.iter().map(is_there)),
        }
    }

    /// The tags block that an expression names.
    fn tags_named(&self, expr: &Expr) -> Option<&Tags> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.tags_named(inner),
            ExprKind::Path(path) if path.len() == 1 => match self.rules.declaration(&path[0].text) {
                Some(Item::Tags(tags)) => Some(tags),
                _ => None,
            },
            _ => None,
        }
    }

    /// A test of a text in normal form, or of a code as it is.
    fn text_test(&self, subject: &Value, needle: &Value, test: impl Fn(&str, &str) -> bool) -> Option<bool> {
        match (subject, needle.as_text()?) {
            (Value::Missing, _) => None,
            (Value::Code(code), needle) => Some(test(code, needle.trim())),
            (text, needle) => Some(test(&normal_form(text.as_text()?), &normal_form(needle))),
        }
    }

    fn within(&self, subject: &Value, container: &Value) -> Option<bool> {
        match (subject, container) {
            (Value::Missing, _) | (_, Value::Missing) => None,
            (Value::Region(_), Value::Set(regions)) => any(regions.iter().map(|region| self.within(subject, region))),
            (Value::Region(path), Value::Text(region)) => Some(path.starts_with(&segments(region))),
            (Value::Region(path), Value::Region(region)) => Some(path.starts_with(region)),
            (Value::Set(small), Value::Set(big)) => Some(is_subset(small, big, &self.clock)),
            _ => invalid(&format!("{subject:?} within {container:?}")),
        }
    }

    /// `within last N days` are the N dates that end today; months and years begin the day after their start.
    fn in_window(&self, date: Date, direction: Direction, period: &Period) -> bool {
        let today = self.clock.today();
        let count = self.period_count(period);
        let days = match period.unit {
            TimeUnit::Days => Some(count),
            TimeUnit::Weeks => Some(count.saturating_mul(7)),
            TimeUnit::Months | TimeUnit::Years => None,
        };
        let months = if period.unit == TimeUnit::Years { count.saturating_mul(12) } else { count };
        match (days, direction) {
            (Some(days), Direction::Last) => (0..days).contains(&days_between(date, today)),
            (Some(days), Direction::Next) => (0..days).contains(&days_between(today, date)),
            (None, Direction::Last) => date > plus_months(today, -months) && date <= today,
            (None, Direction::Next) => date >= today && date <= day_before(plus_months(today, months)),
        }
    }
}
