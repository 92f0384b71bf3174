//! Scores: points, skips, weights, clamps, coverage, grades.

use super::expression::{Evaluation, TOP};
use super::invalid;
use super::number::{PLACES, fits_decimal, round, whole};
use super::outcome::{Outcome, result, to_json};
use super::types::{Type, convert};
use super::value::Value;
use crate::json::Json;
use gradus::syntax::ast::{Expr, Indicator, Interval, Name, Rule, RuleResult, Score};
use num_rational::BigRational;
use num_traits::Zero;
use std::rc::Rc;

/// What a score comes to.
pub(super) struct ScoreOutcome {
    score: Value,
    grade: Value,
    coverage: Value,
    /// In the order of the indicators.
    points: Vec<Value>,
}

/// What an indicator comes to.
struct Part {
    weight: BigRational,
    /// Nothing when it was skipped.
    points: Option<BigRational>,
    covered: bool,
}

impl ScoreOutcome {
    /// `fit.grade`, `fit.size.points`
    pub(super) fn part(&self, score: &Score, path: &[&str]) -> Value {
        match path {
            ["score"] => self.score.clone(),
            ["grade"] => self.grade.clone(),
            ["coverage"] => self.coverage.clone(),
            [indicator, "points"] => {
                let is_it = |name: &Name| name.text == *indicator;
                match score.indicators.iter().position(|indicator| is_it(&indicator.name)) {
                    Some(index) => self.points[index].clone(),
                    None => invalid(&format!("indicator `{indicator}`")),
                }
            }
            _ => invalid(&format!("`{}` of a score", path.join("."))),
        }
    }

    pub(super) fn to_json(&self) -> Json {
        let parts = [("score", &self.score), ("grade", &self.grade), ("coverage", &self.coverage)];
        Json::Object(parts.map(|(key, value)| (key.to_owned(), to_json(value))).into())
    }
}

impl Evaluation<'_> {
    /// A score, computed once.
    pub(super) fn score(&self, score: &Score) -> Rc<ScoreOutcome> {
        let key = format!("score {}", score.name.text);
        match self.once(key, || Outcome::Score(Rc::new(self.compute_score(score)))) {
            Outcome::Score(outcome) => outcome,
            Outcome::Value(_) => invalid("a value as a score"),
        }
    }

    fn compute_score(&self, score: &Score) -> ScoreOutcome {
        if !self.is_open(score.when.as_ref()) {
            let points = vec![Value::Missing; score.indicators.len()];
            return ScoreOutcome { score: Value::Missing, grade: Value::Missing, coverage: Value::Missing, points };
        }
        let parts: Vec<Part> = score.indicators.iter().map(|indicator| self.indicator(indicator)).collect();
        let value = self.weighted_total(score, &parts);
        let grade = self.grade(score, &value);
        let covered: BigRational = parts.iter().filter(|part| part.covered).map(|part| &part.weight).sum();
        let asked: BigRational = parts.iter().map(|part| &part.weight).sum();
        let points = parts.iter().map(|part| part.points.as_ref().map_or(Value::Missing, Value::decimal));
        ScoreOutcome { points: points.collect(), coverage: Value::decimal(&(covered / asked)), score: value, grade }
    }

    /// With weights Σ weight × points over the weight that was not skipped, one division at the end; without, Σ points.
    fn weighted_total(&self, score: &Score, parts: &[Part]) -> Value {
        let counted = parts.iter().filter_map(|part| Some((&part.weight, part.points.as_ref()?)));
        let counted: Vec<(&BigRational, &BigRational)> = counted.collect();
        if counted.is_empty() {
            return Value::Missing;
        }
        let is_weighted = score.indicators.iter().any(|indicator| indicator.weight.is_some());
        let result = if is_weighted {
            let weight: BigRational = counted.iter().map(|(weight, _)| *weight).sum();
            let sum: BigRational = counted.iter().map(|(weight, points)| *weight * *points).sum();
            // The exact sum becomes a decimal, then it is divided.
            round(&sum, PLACES) / weight
        } else {
            counted.iter().map(|(_, points)| *points).sum()
        };
        match Value::decimal(&result) {
            Value::Number(result, _) => Value::decimal(&self.clamped(result, score.clamp.as_ref())),
            _ => Value::Missing,
        }
    }

    fn grade(&self, score: &Score, value: &Value) -> Value {
        let rules = score.grades.as_deref().unwrap_or_default();
        if value.is_missing() {
            return Value::Missing;
        }
        match rules.iter().find(|rule| self.fires(rule, std::slice::from_ref(value), TOP)) {
            None => Value::Missing,
            Some(rule) => {
                let labels = Type::Choice(self.rules.grade_labels(score));
                convert(self.value(result(rule), TOP), &labels, &self.clock)
            }
        }
    }

    fn indicator(&self, indicator: &Indicator) -> Part {
        let subjects = self.subjects(&indicator.on);
        let (firing, examined) = if indicator.sum {
            (self.all_firing(&indicator.rules, &subjects, TOP), &indicator.rules[..])
        } else {
            match indicator.rules.iter().position(|rule| self.fires(rule, &subjects, TOP)) {
                Some(index) => (vec![&indicator.rules[index]], &indicator.rules[..=index]),
                None => (Vec::new(), &indicator.rules[..]),
            }
        };
        let is_skipped = firing.iter().any(|rule| matches!(rule.result, RuleResult::Skip(_)));
        let covered = !is_skipped && !self.asks_for_missing(indicator, examined, &firing);
        let points = if is_skipped { None } else { Some(self.points(indicator, &firing)) };
        Part { weight: self.weight(indicator), points, covered }
    }

    /// The points of the rules that fired: missing ones, those past the range and a sum past the range count 0.
    fn points(&self, indicator: &Indicator, firing: &[&Rule]) -> BigRational {
        let points = firing.iter().filter_map(|rule| self.value(result(rule), TOP).as_number().cloned());
        let sum: BigRational = points.filter(fits_decimal).sum();
        let sum = round(&sum, PLACES);
        let sum = if fits_decimal(&sum) { sum } else { BigRational::zero() };
        self.clamped(sum, indicator.clamp.as_ref())
    }

    /// An indicator's weight; without weights all weigh the same.
    fn weight(&self, indicator: &Indicator) -> BigRational {
        let weight = |expr: &Expr| match self.value(expr, TOP).as_number() {
            Some(weight) => weight.clone(),
            None => invalid("a weight that is missing"),
        };
        indicator.weight.as_ref().map_or_else(|| whole(1), weight)
    }

    fn clamped(&self, number: BigRational, clamp: Option<&Interval>) -> BigRational {
        let end = |end: Option<&Expr>| end.and_then(|end| self.value(end, TOP).as_number().cloned());
        let Some(clamp) = clamp else { return number };
        let number = match end(clamp.low.as_deref()) {
            Some(low) if number < low => low,
            _ => number,
        };
        match end(clamp.high.as_deref()) {
            Some(high) if number > high => high,
            _ => number,
        }
    }
}
