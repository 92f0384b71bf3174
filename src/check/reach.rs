//! Which numbers can come out: of an expression, of an indicator, of a score.

use super::Checker;
use crate::hir::node::{Clamp, Constant, Fold, Node, NumberKind, Rank};
use crate::hir::{self, NodeId};
use crate::types::Type;
use crate::value::Fixed;

/// Which scores can be reached: from `low` to `high`, multiples of `step`, all in units of 10^-12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) low: i128,
    pub(super) high: i128,
    /// The greatest common divisor of all steps; nothing when only zero is reached.
    pub(super) step: i128,
}

/// What any decimal reaches.
pub(super) const EVERY_DECIMAL: Reach = Reach { low: Fixed::MIN.units(), high: Fixed::MAX.units(), step: 1 };

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
    /// Which sums the indicators can make, before the score's clamp.
    pub(super) fn reach_of_score(&self, indicators: &[hir::Indicator], weighted: bool) -> Reach {
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
        total
    }

    /// The least and the most points of an indicator, as explanations show them: rules of a `sum` that exclude each other
    /// do not add up. Grades are proved without that, so that what they have to cover is seen in each rule alone.
    pub(super) fn points_reached(&self, indicator: &hir::Indicator) -> (Fixed, Fixed) {
        let reach = self.reach_of_indicator(indicator);
        let most = if indicator.sum && reach.high > 0 {
            let most = self.most_together(&indicator.rules, |rule| Some(self.reach(rule.result?).high));
            indicator.clamp.apply(Fixed::from_units(most)).units().min(reach.high)
        } else {
            reach.high
        };
        (Fixed::from_units(reach.low), Fixed::from_units(most))
    }

    /// Which points an indicator can give.
    fn reach_of_indicator(&self, indicator: &hir::Indicator) -> Reach {
        let zero = Reach::of(Fixed::ZERO);
        let points = indicator.rules.iter().filter_map(|rule| Some((rule, self.reach(rule.result?))));
        let reach = if indicator.sum {
            points.fold(zero, |total, (_, reach)| total.plus(reach.or(zero)))
        } else {
            let tests: Vec<NodeId> = indicator.rules.iter().map(|rule| rule.test).collect();
            let complete = self.always_fires(&tests);
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
                let tests: Vec<NodeId> = arms.iter().map(|(test, _)| *test).collect();
                let complete = self.always_fires(&tests);
                let any = arms.iter().map(|(_, value)| self.reach(*value)).reduce(Reach::or).unwrap_or(zero);
                if complete { any } else { any.or(zero) }
            }
            _ if self.is_int(node) => Reach { step: Fixed::ONE.units(), ..EVERY_DECIMAL },
            _ => EVERY_DECIMAL,
        }
    }

    /// Whether a node of numbers is certainly an int.
    pub(super) fn is_int(&self, node: NodeId) -> bool {
        match self.nodes.get(node) {
            Node::Constant(constant) => matches!(constant, Constant::Int(_)),
            Node::Field(index) => self.field_kind(*index) == Type::Int,
            Node::Element(list, column) => match self.field_kind(*list) {
                Type::List(elements) => elements[*column as usize].kind == Type::Int,
                _ => false,
            },
            Node::Arithmetic(_, kind, ..) | Node::Absolute(kind, _) | Node::Round(kind, ..) => *kind == NumberKind::Int,
            Node::Least(list) | Node::Greatest(list) | Node::Coalesce(list) => list.iter().all(|id| self.is_int(*id)),
            Node::CountPresent(_)
            | Node::DatePart(..)
            | Node::DaysBetween(..)
            | Node::HoursSince(_)
            | Node::MonthsSince(_)
            | Node::Rank(Rank::Tile(_), _) => true,
            Node::Aggregate(aggregate) => match aggregate.fold {
                Fold::Count | Fold::CountDistinct | Fold::Sum(NumberKind::Int) => true,
                Fold::Least | Fold::Greatest | Fold::First | Fold::Last => {
                    aggregate.value.is_some_and(|value| self.is_int(value))
                }
                _ => false,
            },
            _ => false,
        }
    }
}
