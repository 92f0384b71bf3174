//! Grades: patterns over the score that must not overlap and must cover every score that can be reached.

use super::Checker;
use super::operand::Operand;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::node::{Clamp, Constant, Node};
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

/// Which scores can be reached: from `low` to `high`, multiples of `step`, all in units of 10^-12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reach {
    low: i128,
    high: i128,
    /// The greatest common divisor of all steps; nothing when only zero is reached.
    step: i128,
}

/// What any decimal reaches.
const EVERY_DECIMAL: Reach = Reach { low: Fixed::MIN.units(), high: Fixed::MAX.units(), step: 1 };

impl Reach {
    fn of(value: Fixed) -> Reach {
        Reach { low: value.units(), high: value.units(), step: value.units().abs() }
    }

    /// What one or the other reaches.
    fn or(self, other: Reach) -> Reach {
        Reach { low: self.low.min(other.low), high: self.high.max(other.high), step: common(self.step, other.step) }
    }

    /// What sums of both reach.
    fn plus(self, other: Reach) -> Reach {
        let bound = |sum: i128| sum.clamp(EVERY_DECIMAL.low, EVERY_DECIMAL.high);
        Reach {
            low: bound(self.low + other.low),
            high: bound(self.high + other.high),
            step: common(self.step, other.step),
        }
    }

    /// Brought into a clamp; the ends that are hit are reached too.
    fn clamped(self, clamp: Clamp) -> Reach {
        let low = clamp.apply(Fixed::from_units(self.low)).units();
        let high = clamp.apply(Fixed::from_units(self.high)).units();
        let mut step = self.step;
        for (end, hit) in [(low, low != self.low), (high, high != self.high)] {
            if hit {
                step = common(step, end.abs());
            }
        }
        Reach { low, high, step }
    }

    /// Times a weight; where the products need more than twelve places, every decimal is taken to be reached.
    fn weighted(self, weight: Fixed) -> Reach {
        let times = |units: i128| Fixed::from_units(units).multiply(weight).map(Fixed::units);
        let exact = |units: i128| {
            let product = times(units)?;
            (Fixed::from_units(product).divide(weight)? == Fixed::from_units(units)).then_some(product)
        };
        let low = times(self.low).unwrap_or(EVERY_DECIMAL.low);
        let high = times(self.high).unwrap_or(EVERY_DECIMAL.high);
        Reach { low, high, step: exact(self.step).unwrap_or(1) }
    }
}

/// The greatest common divisor.
fn common(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
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
            rules.push(hir::Rule { span: rule.place.0, test, result, label: None });
        }
        if self.diagnostics.len() == errors {
            let reach = self.reach_of_score(indicators, weighted, clamp);
            self.prove_grades(grades, reach, &syntax.name.text);
        }
        rules
    }

    /// Which sums the indicators can make.
    fn reach_of_score(&self, indicators: &[hir::Indicator], weighted: bool, clamp: Clamp) -> Reach {
        let mut total = Reach { low: 0, high: 0, step: 0 };
        let mut divided = false;
        for indicator in indicators {
            let skips = indicator.rules.iter().any(|rule| rule.result.is_none());
            let reach = self.reach_of_indicator(indicator);
            let reach = match indicator.weight {
                Some(weight) if weighted => {
                    divided |= skips;
                    reach.weighted(weight)
                }
                _ => reach,
            };
            total = total.plus(if skips { reach.or(Reach::of(Fixed::ZERO)) } else { reach });
        }
        if divided {
            // what is left of the weights divides the sum: between the least and the greatest points, anything
            let mut points = indicators.iter().map(|indicator| self.reach_of_indicator(indicator));
            let first = points.next().unwrap_or(total);
            total = Reach { step: 1, ..points.fold(first, Reach::or) };
        }
        total.clamped(clamp)
    }

    /// Which points an indicator can give.
    fn reach_of_indicator(&self, indicator: &hir::Indicator) -> Reach {
        let zero = Reach::of(Fixed::ZERO);
        let points = indicator.rules.iter().filter_map(|rule| Some((rule, self.reach(rule.result?))));
        let reach = if indicator.sum {
            points.fold(zero, |total, (_, reach)| total.plus(reach.or(zero)))
        } else {
            let always = |rule: &hir::Rule| self.nodes.constant(rule.test) == Some(&Constant::Bool(true));
            let complete = indicator.rules.iter().any(always);
            let mut reaches = points.map(|(_, reach)| reach);
            match reaches.next() {
                None => zero,
                Some(first) => {
                    let any = reaches.fold(first, Reach::or);
                    if complete { any } else { any.or(zero) }
                }
            }
        };
        reach.clamped(indicator.clamp)
    }

    /// Which numbers an expression can give: constants themselves, a `match` what its branches can, ints whole numbers,
    /// everything else every decimal. What can be missing can be zero.
    fn reach(&self, node: NodeId) -> Reach {
        let zero = Reach::of(Fixed::ZERO);
        match self.nodes.get(node) {
            Node::Constant(Constant::Decimal(value)) => Reach::of(*value),
            Node::Constant(Constant::Int(value)) => Fixed::from_int(*value).in_range().map_or(zero, Reach::of),
            Node::Constant(_) => zero,
            Node::ToDecimal(inner) => self.reach(*inner),
            Node::Match { arms, .. } => {
                let rest = arms.last().map(|(test, _)| self.nodes.constant(*test));
                let complete = rest == Some(Some(&Constant::Bool(true)));
                let any = arms.iter().map(|(_, value)| self.reach(*value)).reduce(Reach::or).unwrap_or(zero);
                if complete { any } else { any.or(zero) }
            }
            _ if self.is_int(node) => Reach { step: Fixed::ONE.units(), ..EVERY_DECIMAL },
            _ => EVERY_DECIMAL,
        }
    }

    /// Whether a node of numbers is certainly an int.
    fn is_int(&self, node: NodeId) -> bool {
        use crate::hir::node::{Fold, NumberKind, Rank};
        match self.nodes.get(node) {
            Node::Field(index) => self.field_kind(*index) == Type::Int,
            Node::Arithmetic(_, kind, ..) | Node::Absolute(kind, _) | Node::Round(kind, ..) => *kind == NumberKind::Int,
            Node::CountPresent(_)
            | Node::DatePart(..)
            | Node::DaysBetween(..)
            | Node::HoursSince(_)
            | Node::MonthsSince(_)
            | Node::Rank(Rank::Tile(_), _) => true,
            Node::Aggregate(aggregate) => {
                matches!(aggregate.fold, Fold::Count | Fold::CountDistinct | Fold::Sum(NumberKind::Int))
            }
            _ => false,
        }
    }

    /// Overlaps first; where there are none, gaps in what is reached.
    fn prove_grades(&mut self, grades: &[ast::Rule], reach: Reach, score: &str) {
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
            self.report_gaps(&pieces, reach, score, grades);
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
    fn report_gaps(&mut self, pieces: &[Piece], reach: Reach, score: &str, grades: &[ast::Rule]) {
        let step = reach.step.max(1);
        let up = |units: i128| units.div_euclid(step) * step + if units.rem_euclid(step) == 0 { 0 } else { step };
        let down = |units: i128| units.div_euclid(step) * step;
        let mut next = up(reach.low);
        let last = down(reach.high);
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
