//! Grades: patterns over the score that must not overlap and must cover every score that can be reached.

use super::Checker;
use super::operand::Operand;
use super::reach::{EVERY_DECIMAL, Reach};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::node::{Clamp, Constant};
use crate::hir::{self, NodeId};
use crate::source::Span;
use crate::syntax::ast::{self, Interval, PatternItem, RuleResult, RuleTest};
use crate::types::Type;
use crate::value::Fixed;
use std::sync::Arc;

/// Scores from `low` to `high`, both reached or not, in units of 10^-12.
#[derive(Clone, Copy, Debug)]
struct Piece {
    low: i128,
    high: i128,
    span: Span,
}

impl Checker<'_> {
    /// The rules of `grades { … }`, proved to partition the reachable scores.
    pub(super) fn grades(
        &mut self,
        index: usize,
        sum: NodeId,
        indicators: &[hir::Indicator],
        weighted: bool,
        clamp: Clamp,
    ) -> Vec<hir::Rule> {
        let syntax = self.scores[index].syntax;
        let Some(grades) = &syntax.grades else { return Vec::new() };
        self.rules_are_sound(grades, syntax.name.place);
        let errors = self.diagnostics.len();
        let labels = Type::Choice(Arc::clone(&self.scores[index].labels));
        let subject = Operand::node(sum, Type::Decimal, syntax.name.place);
        let mut rules = Vec::with_capacity(grades.len());
        for rule in grades {
            let test = self.rule_test(&rule.test, std::slice::from_ref(&subject), rule.place);
            let result = match &rule.result {
                RuleResult::Value(value) if Self::quoted(value).is_some() => {
                    let operand = self.expression(value);
                    self.coerce(&operand, &labels)
                }
                RuleResult::Value(ast::Expr { place, .. }) | RuleResult::Skip(place) => {
                    self.error(Code::NotConstant, *place, "a grade is a quoted text");
                    None
                }
            };
            let result = Some(self.or_unknown(result));
            rules.push(hir::Rule {
                span: rule.place.0,
                test_place: rule.test.span(rule.place.0),
                test,
                result,
                label: None,
                written: rule.test.written(),
            });
        }
        if self.diagnostics.len() == errors {
            let reach = self.reach_of_score(indicators, weighted);
            self.prove_grades(grades, reach, clamp, &syntax.name.text);
        }
        rules
    }

    /// Overlaps first; where there are none, gaps in what is reached.
    fn prove_grades(&mut self, grades: &[ast::Rule], reach: Reach, clamp: Clamp, score: &str) {
        let rest = grades.iter().any(|rule| match &rule.test {
            RuleTest::Otherwise(_) | RuleTest::Always(_) => true,
            RuleTest::Condition(_) => false,
            RuleTest::Patterns(patterns) => patterns.iter().any(|pattern| {
                let anything = |item: &PatternItem| matches!(item, PatternItem::Anything(_) | PatternItem::Present(_));
                pattern.alternatives.iter().any(anything)
            }),
        });
        let mut pieces = Vec::new();
        for rule in grades {
            if let RuleTest::Patterns(patterns) = &rule.test {
                let items = patterns.iter().flat_map(|pattern| &pattern.alternatives);
                items.for_each(|item| self.pieces(item, rule.place.0, &mut pieces));
            }
        }
        pieces.sort_by_key(|piece| (piece.low, piece.high));
        if !self.report_overlaps(&pieces) && !rest {
            self.report_gaps(&pieces, reach, clamp, score, grades);
        }
    }

    /// The scores that a pattern holds.
    fn pieces(&mut self, item: &PatternItem, span: Span, found: &mut Vec<Piece>) {
        match item {
            PatternItem::Interval(interval) => found.push(self.piece(interval, span)),
            PatternItem::Constant(constant) => {
                if let Some(value) = self.decimal_constant(constant) {
                    found.push(Piece { low: value.units(), high: value.units(), span });
                }
            }
            PatternItem::In(set) => {
                let set = self.expression(set);
                for member in Self::set_members(&set).unwrap_or_default().to_vec() {
                    if let Some(Constant::Int(_) | Constant::Decimal(_)) = self.constant_as(&member, &Type::Decimal)
                        && let Some(value) = self.numeric_constant(&member)
                    {
                        found.push(Piece { low: value.units(), high: value.units(), span });
                    }
                }
            }
            PatternItem::Missing(_) | PatternItem::Present(_) | PatternItem::Anything(_) => {}
        }
    }

    fn numeric_constant(&self, operand: &Operand) -> Option<Fixed> {
        match self.nodes.constant(operand.typed()?.0)? {
            Constant::Int(value) => Some(Fixed::from_int(*value)),
            Constant::Decimal(value) => Some(*value),
            _ => None,
        }
    }

    fn piece(&mut self, interval: &Interval, span: Span) -> Piece {
        let mut end =
            |end: &Option<Box<ast::Expr>>| end.as_deref().and_then(|end| self.decimal_constant(end)).map(Fixed::units);
        let low = end(&interval.low).map_or(EVERY_DECIMAL.low, |low| low + i128::from(!interval.low_closed));
        let high = end(&interval.high).map_or(EVERY_DECIMAL.high, |high| high - i128::from(!interval.high_closed));
        Piece { low, high, span }
    }

    /// Whether two pieces share a score.
    fn report_overlaps(&mut self, pieces: &[Piece]) -> bool {
        let mut overlaps = false;
        let mut widest: Option<Piece> = None;
        for &piece in pieces {
            if let Some(earlier) = widest.filter(|earlier| earlier.high >= piece.low) {
                overlaps = true;
                let shared = show(piece.low, earlier.high.min(piece.high));
                let diagnostic =
                    Diagnostic::error(Code::GradeOverlap, piece.span, format!("two grades hold for {shared}"))
                        .related(earlier.span, "the other")
                        .help(format!(
                            "let one end where the other begins, half-open, as in `[..{0})` and `[{0}..]`",
                            Fixed::from_units(piece.low)
                        ));
                self.report(diagnostic);
            }
            widest = Some(widest.filter(|earlier| earlier.high >= piece.high).unwrap_or(piece));
        }
        overlaps
    }

    /// Every stretch of reachable scores that no grade holds.
    fn report_gaps(&mut self, pieces: &[Piece], reach: Reach, clamp: Clamp, score: &str, grades: &[ast::Rule]) {
        let step = reach.step.max(1);
        let clamped = |units: i128| clamp.apply(Fixed::from_units(units)).units();
        let (low, high) = (clamped(reach.low), clamped(reach.high));
        let mut gaps = gaps(pieces, low, high, step);
        // an end at which the clamp bites is reached, on the grid of steps or not
        for (end, free) in [(low, reach.low), (high, reach.high)] {
            let held = pieces.iter().any(|piece| piece.low <= end && end <= piece.high);
            if end != free && !held && !gaps.iter().any(|gap| gap.0 <= end && end <= gap.1) {
                gaps.push((end, end));
            }
        }
        let span = grades.iter().map(|rule| rule.place.0).reduce(Span::to).unwrap_or_default();
        for (low, high) in gaps {
            let shown = show(low, high);
            let message = format!("no grade of `{score}` holds for {shown}, which can be reached");
            let help = if step == 1 && low > EVERY_DECIMAL.low && high < EVERY_DECIMAL.high {
                "scores have decimals here: write half-open intervals such as `[60..80)`"
            } else {
                "add a grade for it, or `otherwise`"
            };
            self.report(Diagnostic::error(Code::GradeGap, span, message).help(help));
        }
    }
}

/// The stretches from `low` to `high` that hold multiples of `step`, but no piece. The pieces are in order.
fn gaps(pieces: &[Piece], low: i128, high: i128, step: i128) -> Vec<(i128, i128)> {
    let up = |units: i128| units.div_euclid(step) * step + if units.rem_euclid(step) == 0 { 0 } else { step };
    let down = |units: i128| units.div_euclid(step) * step;
    let (mut next, last) = (up(low), down(high));
    let mut gaps = Vec::new();
    for piece in pieces {
        if piece.low > next && next <= last {
            let end = down(piece.low - 1).min(last);
            if end >= next {
                gaps.push((next, end));
            }
        }
        if piece.high >= next {
            next = up(piece.high + 1);
        }
    }
    if next <= last {
        gaps.push((next, last));
    }
    gaps
}

/// An interval in the language's own words.
fn show(low: i128, high: i128) -> String {
    // an end that is one unit beside a round number is that number, left out
    let beside = |units: i128, side: i128| {
        let round = Fixed::from_units(units + side).to_string();
        (round.len() < Fixed::from_units(units).to_string().len()).then_some(round)
    };
    let shown = |units: i128| Fixed::from_units(units).to_string();
    if low == high {
        return format!("the score {}", shown(low));
    }
    let from = match beside(low, -1) {
        _ if low <= EVERY_DECIMAL.low => "scores (".to_owned(),
        Some(round) => format!("scores ({round}"),
        None => format!("scores [{}", shown(low)),
    };
    let to = match beside(high, 1) {
        _ if high >= EVERY_DECIMAL.high => ")".to_owned(),
        Some(round) => format!("{round})"),
        None => format!("{}]", shown(high)),
    };
    format!("{from}..{to}")
}
