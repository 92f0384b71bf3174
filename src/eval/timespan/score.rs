//! What points, coverage and scores may be during a stretch of time.

use super::range::{Range, Truth};
use super::{Watch, is_missing};
use crate::eval::number::fixed;
use crate::hir::NodeId;
use crate::hir::node::{Award, Indicator, Node, ScoreParts};
use crate::lead::reading::Datum;
use crate::value::Fixed;

/// From the least to the greatest that points may be, in units.
#[derive(Clone, Copy)]
struct Points {
    low: i128,
    high: i128,
}

impl Points {
    const ZERO: Points = Points { low: 0, high: 0 };

    fn or(self, other: Points) -> Points {
        Points { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    fn plus(self, other: Points) -> Points {
        Points { low: self.low.saturating_add(other.low), high: self.high.saturating_add(other.high) }
    }
}

impl<'a> Watch<'_, 'a> {
    /// The points of a rule: nothing for `skip`. Missing ones, and those past the range, count nothing.
    fn award(&self, award: Award) -> Option<Points> {
        let Award::Points(node) = award else { return None };
        let range = self.range(node);
        let Some(ends) = range.ends() else {
            let all = Points { low: Fixed::MIN.units(), high: Fixed::MAX.units() };
            return Some(if is_missing(range) { Points::ZERO } else { all });
        };
        let (low, high) = (fixed(ends.low).unwrap_or(Fixed::ZERO), fixed(ends.high).unwrap_or(Fixed::ZERO));
        let points = Points { low: low.units(), high: high.units() };
        if low == high && !ends.missing {
            return Some(if low.in_range().is_some() { points } else { Points::ZERO });
        }
        let may_count_nothing = ends.missing || low.in_range().is_none() || high.in_range().is_none();
        Some(if may_count_nothing { points.or(Points::ZERO) } else { points })
    }

    /// The points of an indicator; missing when a rule with `skip` takes it out.
    pub(super) fn indicator(&mut self, indicator: &Indicator) -> Range<'a> {
        let (points, skipped) = if indicator.sum { self.summed(indicator) } else { self.first_award(indicator) };
        let Some(points) = points else { return Range::MISSING };
        let in_range = |units| Fixed::from_units(units).in_range().is_some();
        let all = match (in_range(points.low), in_range(points.high)) {
            (true, true) => points,
            _ if points.low == points.high => Points::ZERO,
            _ => points.or(Points::ZERO),
        };
        let end = |units: i128| {
            let bounded = units.clamp(Fixed::MIN.units(), Fixed::MAX.units());
            Datum::Decimal(indicator.clamp.apply(Fixed::from_units(bounded)))
        };
        Range::between(end(all.low), end(all.high), skipped, None)
    }

    /// Those of the first rule that fires; and whether the indicator may be skipped.
    fn first_award(&self, indicator: &Indicator) -> (Option<Points>, bool) {
        let (mut found, mut skipped) = (None::<Points>, false);
        for (test, award) in &indicator.rules {
            let (may, always) = self.range(*test).fires();
            if may {
                match self.award(*award) {
                    Some(points) => found = Some(found.map_or(points, |found| found.or(points))),
                    None => skipped = true,
                }
            }
            if always {
                return (found, skipped);
            }
        }
        (Some(found.map_or(Points::ZERO, |found| found.or(Points::ZERO))), skipped)
    }

    /// Those of all rules that fire; and whether the indicator may be skipped.
    fn summed(&self, indicator: &Indicator) -> (Option<Points>, bool) {
        let (mut sum, mut skipped) = (Points::ZERO, false);
        for (test, award) in &indicator.rules {
            let (may, always) = self.range(*test).fires();
            match self.award(*award) {
                _ if !may => {}
                Some(points) if always => sum = sum.plus(points),
                Some(points) => sum = sum.plus(points.or(Points::ZERO)),
                None if always => return (None, true),
                None => skipped = true,
            }
        }
        (Some(sum), skipped)
    }

    /// Whether everything was there that an indicator's rules asked for, up to the one that fired.
    pub(super) fn covered(&self, indicator: NodeId) -> Range<'a> {
        let Node::Indicator(indicator) = self.node(indicator) else { return Range::MISSING };
        let there = |mentions: &[NodeId]| {
            let present = mentions.iter().map(|id| self.range(*id).present());
            present.fold((true, true), |(may, always), (one, other)| (may && one, always && other))
        };
        let (mut may, mut may_not) = (false, false);
        for ((test, award), mentions) in indicator.rules.iter().zip(&indicator.mentions) {
            let (may_be_there, always_there) = there(&mentions.test);
            may_not |= !always_there;
            if !may_be_there {
                return Range::decided(false, may);
            }
            let (may_fire, always_fires) = self.range(*test).fires();
            if !may_fire {
                continue;
            }
            let (may_be_there, always_there) = match award {
                Award::Skip => (false, false),
                Award::Points(_) => there(&mentions.points),
            };
            may_not |= !always_there;
            may |= may_be_there && !indicator.sum;
            if always_fires && !(indicator.sum && may_be_there) {
                return Range::decided(!may_not, may);
            }
        }
        Range::decided(!may_not, true)
    }

    /// The sum grows with the points of each part, as long as it is known which parts there are.
    pub(super) fn score(&mut self, id: NodeId, score: &ScoreParts) -> Range<'a> {
        let settled = |watch: &Self| {
            score.parts.iter().all(|part| match watch.range(part.node) {
                Range::Same(_) => true,
                range => range.ends().is_some_and(|ends| !ends.missing),
            })
        };
        if !settled(self) {
            return Range::Any;
        }
        let mut at = |is_high: bool| {
            for part in &score.parts {
                if let Range::Between(ends) = self.range(part.node) {
                    self.state.slots[part.node.index()] = if is_high { ends.high } else { ends.low };
                }
            }
            self.state.compute(id)
        };
        let (low, high) = (at(false), at(true));
        Range::between(low, high, false, None)
    }

    /// The coverage grows with each part that is covered.
    pub(super) fn coverage(&mut self, id: NodeId, score: &ScoreParts) -> Range<'a> {
        let mut at = |is_high: bool| {
            for part in &score.parts {
                let (low, high): (Truth, Truth) = self.range(part.node).truths();
                self.state.slots[part.node.index()] = if is_high { high } else { low }.datum();
            }
            self.state.compute(id)
        };
        let (low, high) = (at(false), at(true));
        Range::between(low, high, false, None)
    }
}
