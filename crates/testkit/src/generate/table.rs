//! `TEST => RESULT` tables: conditions or patterns, and what follows.

use super::build::{expr, set, text};
use super::value::Make;
use super::world::{Kind, Spot, World};
use arbitrary::Result;
use gradus::syntax::ast::{Expr, ExprKind, Pattern, PatternItem, Place, Rule, RuleResult, RuleTest};

/// Where the results of a table come from.
pub(super) enum Results<'r> {
    /// Each made anew.
    Made(Make<'r>),
    /// These in order; the table has no more rules than there are.
    Listed(Vec<RuleResult>),
}

impl Results<'_> {
    fn next(&mut self, world: &mut World<'_, '_>, depth: usize, spot: &Spot) -> Result<Option<RuleResult>> {
        match self {
            Results::Made(make) => Ok(Some(RuleResult::Value(make(world, depth, spot)?))),
            Results::Listed(results) => Ok(if results.is_empty() { None } else { Some(results.remove(0)) }),
        }
    }
}

pub(super) fn rule(test: RuleTest, result: RuleResult) -> Rule {
    Rule { test, result, place: Place::default() }
}

pub(super) fn pattern(alternatives: Vec<PatternItem>) -> Pattern {
    Pattern { alternatives, place: Place::default() }
}

impl World<'_, '_> {
    /// One subject or two for a table of patterns.
    pub(super) fn subjects(&mut self, depth: usize, spot: &Spot) -> Result<Vec<(Expr, Kind)>> {
        let count = if self.one_in(3)? { 2 } else { 1 };
        (0..count).map(|_| self.subject(depth, spot)).collect()
    }

    /// The rules of a table: patterns over the subjects, or conditions when there are none; `otherwise` may end it.
    pub(super) fn table(
        &mut self,
        subjects: &[(Expr, Kind)],
        depth: usize,
        spot: &Spot,
        results: &mut Results<'_>,
    ) -> Result<Vec<Rule>> {
        let mut rules = Vec::new();
        let limit = match results {
            Results::Made(_) => self.number_in(1, 3)?,
            Results::Listed(listed) => listed.len(),
        };
        let has_otherwise = limit > 1 && self.u.arbitrary()?;
        for index in 0..limit {
            let Some(result) = results.next(self, depth, spot)? else { break };
            let test = if has_otherwise && index + 1 == limit {
                RuleTest::Otherwise(Place::default())
            } else if index + 1 == limit && self.one_in(6)? {
                RuleTest::Always(Place::default())
            } else if subjects.is_empty() {
                RuleTest::Condition(self.condition(depth, spot)?)
            } else {
                let patterns = subjects.iter().map(|(_, kind)| self.pattern_of(kind));
                RuleTest::Patterns(patterns.collect::<Result<_>>()?)
            };
            rules.push(rule(test, result));
        }
        Ok(rules)
    }

    /// A pattern that suits a type.
    fn pattern_of(&mut self, kind: &Kind) -> Result<Pattern> {
        if self.one_in(6)? {
            return Ok(pattern(vec![PatternItem::Anything(Place::default())]));
        }
        let mut items = vec![self.pattern_item(kind)?];
        if self.one_in(3)? {
            items.push(PatternItem::Missing(Place::default()));
        } else if self.one_in(3)? {
            let further = self.pattern_item(kind)?;
            if further != items[0] {
                items.push(further);
            }
        }
        Ok(pattern(items))
    }

    fn pattern_item(&mut self, kind: &Kind) -> Result<PatternItem> {
        if self.one_in(8)? {
            let item = self.pick(&[PatternItem::Present(Place::default()), PatternItem::Missing(Place::default())])?;
            return Ok(item);
        }
        Ok(match kind {
            Kind::Bool => PatternItem::Constant(expr(ExprKind::Bool(self.u.arbitrary()?))),
            Kind::Int | Kind::Decimal => match self.number_in(0, 3)? {
                0 => PatternItem::Constant(self.constant_or_param()?.0),
                1 => PatternItem::In(set(vec![
                    expr(ExprKind::Number("5".to_owned())),
                    expr(ExprKind::Number("7".to_owned())),
                ])),
                _ => PatternItem::Interval(self.number_interval()?),
            },
            Kind::Float => PatternItem::Interval(self.number_interval()?),
            Kind::Text => match self.number_in(0, 1)? {
                0 => PatternItem::Constant(text(self.pick(super::words::TEXTS)?)),
                _ => PatternItem::In(self.text_set()?),
            },
            Kind::Code => PatternItem::Constant(text("A-1")),
            Kind::Date | Kind::DateTime => match self.number_in(0, 1)? {
                0 => PatternItem::Constant(self.date_literal()?),
                _ => PatternItem::Interval(self.date_interval()?),
            },
            Kind::Choice(labels, ordered) => match self.number_in(0, 3)? {
                0 if *ordered => PatternItem::Interval(self.label_interval(labels)?),
                1 => PatternItem::In(super::build::texts(&self.some_labels(labels, 1)?)),
                _ => PatternItem::Constant(text(&self.pick(labels)?)),
            },
            Kind::Region => PatternItem::Constant(text("中国/广东")),
            Kind::SetOf(_) | Kind::SetOfText | Kind::SetOfCode | Kind::List(_) => {
                PatternItem::Present(Place::default())
            }
        })
    }

    /// A partition of all numbers by some cuts: `[b..]`, `[a..b)`, `[..a)`, highest first, one interval per cut and one
    /// more.
    pub(super) fn partition(&mut self, cuts: usize) -> Result<Vec<gradus::syntax::ast::Interval>> {
        let mut ends: Vec<(Expr, i64)> = Vec::new();
        for _ in 0..cuts {
            let end = self.constant_or_param()?;
            if ends.iter().all(|(_, known)| *known != end.1) {
                ends.push(end);
            }
        }
        ends.sort_by_key(|(_, hundredths)| std::cmp::Reverse(*hundredths));
        let mut intervals = Vec::new();
        let mut above: Option<Expr> = None;
        // Whether a cut belongs to the interval above it.
        let upward: bool = self.u.arbitrary()?;
        for (end, _) in ends {
            let high = above.map(|end| (end, !upward));
            intervals.push(super::build::interval(Some((end.clone(), upward)), high));
            above = Some(end);
        }
        if let Some(end) = above {
            intervals.push(super::build::interval(None, Some((end, !upward))));
        }
        Ok(intervals)
    }
}
