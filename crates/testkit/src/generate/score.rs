//! Scores.

use super::build::{expr, name, operand, text};
use super::table::{Results, pattern, rule};
use super::words::LABELS;
use super::world::{Kind, MadeOf, Spot, World};
use arbitrary::Result;
use gradus::syntax::ast::{
    Expr, ExprKind, Indicator, Interval, Item, PatternItem, Place, Rule, RuleResult, RuleTest, Score,
};

/// Weights that add up to exactly 100 %.
const WEIGHTS: &[&[&str]] = &[
    &["100%"],
    &["40%", "60%"],
    &["33.3%", "66.7%"],
    &["0.5", "30%", "20%"],
    &["33.33%", "33.33%", "33.34%"],
    &["12.5%", "37.5%", "0.5"],
];

impl World<'_, '_> {
    /// A score, with or without weights, guard, clamp and grades.
    pub(super) fn declare_score(&mut self) -> Result<Item> {
        let own = self.fresh_name()?;
        let (when, title) = (self.guard()?, self.title()?);
        let weights: Vec<Option<&str>> = if self.u.arbitrary()? {
            self.pick(WEIGHTS)?.iter().copied().map(Some).collect()
        } else {
            vec![None; self.number_in(1, 3)?]
        };
        let clamp = self.clamp()?;
        let mut indicators = Vec::new();
        for (weight, indicator) in weights.into_iter().zip(["size", "规模", "last", "grades"]) {
            let weight = weight.map(|weight| expr(ExprKind::Number(weight.to_owned())));
            indicators.push(self.indicator(indicator, weight)?);
        }
        let made_of = MadeOf { lists: false, ..self.made_of };
        let grades = self.grades(&own)?;
        self.made_of = made_of;
        self.know(&[&own, "coverage"], Kind::Decimal);
        for indicator in &indicators {
            self.know(&[&own, &indicator.name.text, "points"], Kind::Decimal);
        }
        self.know_outcome(&[&own, "score"], Kind::Decimal);
        let (name, place) = (name(&own), Place::default());
        Ok(Item::Score(Score { name, title, when, clamp, indicators, grades, place }))
    }

    /// `clamp [0..100]`: closed, an end may be left out.
    fn clamp(&mut self) -> Result<Option<Interval>> {
        let number = |text: &str| Some((expr(ExprKind::Number(text.to_owned())), true));
        let below = Some((super::build::negate(expr(ExprKind::Number("10".to_owned()))), true));
        Ok(match self.number_in(0, 8)? {
            1 => Some(super::build::interval(number("0"), number("100"))),
            2 => Some(super::build::interval(None, number("50"))),
            3 => Some(super::build::interval(below, number("40.5"))),
            4 => Some(super::build::interval(number("5"), None)),
            _ => None,
        })
    }

    fn indicator(&mut self, own: &str, weight: Option<Expr>) -> Result<Indicator> {
        let spot = Spot::default();
        let (sum, clamp, title) = (self.one_in(3)?, self.clamp()?, self.title()?);
        let subjects = if self.u.arbitrary()? { self.subjects(1, &spot)? } else { Vec::new() };
        let mut results = Vec::new();
        for _ in 0..self.number_in(1, 4)? {
            results.push(match self.number_in(0, 5)? {
                0 => RuleResult::Skip(Place::default()),
                1 | 2 => RuleResult::Value(self.number(self.size.depth, &spot)?),
                _ => RuleResult::Value(self.constant_or_param()?.0),
            });
        }
        let rules = self.table(&subjects, self.size.depth, &spot, &mut Results::Listed(results))?;
        let on = subjects.into_iter().map(|(subject, _)| operand(subject)).collect();
        Ok(Indicator { name: name(own), title, weight, sum, clamp, on, rules, place: Place::default() })
    }

    /// Grades that cover every score: a partition of all numbers, or a gap that `otherwise` fills.
    fn grades(&mut self, own: &str) -> Result<Option<Vec<Rule>>> {
        if self.one_in(4)? {
            return Ok(None);
        }
        let cuts = self.number_in(1, 3)?;
        let intervals = self.partition(cuts)?;
        let labels = self.some_of(LABELS, intervals.len())?;
        let mut rules: Vec<Rule> = intervals
            .into_iter()
            .zip(&labels)
            .map(|(interval, label)| {
                let test = pattern(vec![PatternItem::Interval(interval)]);
                rule(RuleTest::Patterns(vec![test]), RuleResult::Value(text(label)))
            })
            .collect();
        if let (true, Some(last)) = (self.one_in(3)?, rules.last_mut()) {
            last.test = RuleTest::Otherwise(Place::default());
        }
        // Best first, so the lowest is the last.
        let lowest_first = labels.into_iter().rev().collect();
        self.know_outcome(&[own, "grade"], Kind::Choice(lowest_first, true));
        Ok(Some(rules))
    }
}
