//! Model × lead × stretch of time → what each value may be during it.
//!
//! An outcome changes when one of its conditions or numbers does, and those are made of others that move with the clock:
//! mostly one way, some of them round and round. So the values that move are computed for a whole stretch at once, as
//! ranges. What is the same all the time is computed as ever, by the one arithmetic; what is monotone in each of its
//! operands has its ends where they have theirs, and is computed there by the same arithmetic; of the rest enough is
//! known to be right. When the ranges of the outcomes are single values, nothing changes in the stretch; when they are
//! not, `search` cuts the stretch in two.

mod clock;
mod list;
mod range;
mod score;
mod search;
mod trend;

pub(crate) use search::next_change;

use super::{State, compare};
use crate::hir::NodeId;
use crate::hir::node::{DatePart, Node, NumberKind};
use crate::lead::reading::Datum;
use crate::operator::{ArithmeticOperator, CompareOperator};
use crate::program::Clocked;
use crate::time::{self, At, days};
use crate::value::Fixed;
use jiff::Timestamp;
use range::{Ends, Range, Truth, key, kind, ordered};
use trend::{Extent, HOUR, Trend};

/// A stretch of time by its first and its last moment. Their dates are the least and the greatest of the stretch.
struct Timespan {
    first: At,
    last: At,
    extent: Extent,
}

/// The values that move with the clock, during a stretch of time.
struct Watch<'s, 'a> {
    /// All other values, and those that turn out the same all the time.
    state: &'s mut State<'a>,
    clocked: &'s Clocked,
    span: Timespan,
    /// By place among the nodes that move.
    ranges: Vec<Range<'a>>,
}

impl Timespan {
    /// From one instant to another, of which the dates are known.
    fn new(at: &At, first: Timestamp, last: Timestamp, dates: &days::Dates) -> Timespan {
        let (low, high) = (dates.low, dates.high);
        let hours = (last.as_nanosecond() - first.as_nanosecond()) / HOUR + 1;
        let extent = [time::days_between(low, high).into(), hours, (month_number(high) - month_number(low)).into()];
        Timespan { first: at.on(first, low), last: at.on(last, high), extent }
    }
}

/// Calendar months since the year 0.
fn month_number(date: jiff::civil::Date) -> i64 {
    time::year(date) * 12 + time::month(date)
}

impl<'a> Watch<'_, 'a> {
    /// What a node may be: children first.
    fn range(&self, id: NodeId) -> Range<'a> {
        match self.clocked.place(id) {
            Some(place) => self.ranges[place],
            None => Range::Same(self.state.value(id)),
        }
    }

    /// Keeps what a node may be.
    fn keep(&mut self, id: NodeId, range: Range<'a>) {
        if let Some(place) = self.clocked.place(id) {
            self.ranges[place] = range;
        }
        if let Range::Same(datum) = range {
            self.state.slots[id.index()] = datum;
        }
    }

    fn node(&self, id: NodeId) -> &'a Node {
        let rules = self.state.inputs.rules;
        rules.nodes.get(id)
    }

    /// Whether it is `now`, written in one way or another.
    fn is_now(&self, id: NodeId) -> bool {
        match self.node(id) {
            Node::Now => true,
            Node::Coalesce(list) => list.first().is_some_and(|first| matches!(self.node(*first), Node::Now)),
            _ => false,
        }
    }

    /// Computes every node that moves, in order.
    fn run(&mut self) {
        let clocked = self.clocked;
        for &id in &clocked.steps {
            let range = self.compute(id);
            self.keep(id, range);
        }
    }

    /// What a node that moves may be during the stretch.
    fn compute(&mut self, id: NodeId) -> Range<'a> {
        let node = self.node(id);
        match node {
            Node::Now => self.now(),
            Node::Today => self.today(),
            Node::Window(x, direction, stretch) => self.window(*x, *direction, *stretch),
            Node::HoursSince(x) => self.hours_since(*x),
            Node::MonthsSince(x) => self.months_since(*x),
            Node::Decay(spec, points, x) => self.decay(*spec, *points, *x),
            Node::Aggregate(aggregate) => self.aggregate(id, aggregate),
            Node::Covered(indicator) => self.covered(*indicator),
            Node::Match { arms, .. } => self.first_of(arms),
            Node::When(guard, inner) => self.when(*guard, *inner),
            Node::Outcome(inner) => self.range(*inner),
            _ if self.is_settled(node) => Range::Same(self.state.compute(id)),
            Node::Not(inner) => {
                let (low, high) = self.range(*inner).truths();
                Range::truth(high.negated(), low.negated())
            }
            Node::All(list) => self.at_least(list.len(), list),
            Node::Any(list) => self.at_least(1, list),
            Node::AtLeast(count, list) => self.at_least(usize::try_from(*count).unwrap_or(0), list),
            Node::IsPresent(inner) => {
                let (may, always) = self.range(*inner).present();
                Range::decided(always, may)
            }
            Node::Fires(inner) => {
                let (may, always) = self.range(*inner).fires();
                Range::decided(always, may)
            }
            Node::Compare(operator, a, b) => self.compared(*operator, *a, *b),
            Node::OneOf(subject, constants) => {
                let subject = self.range(*subject);
                let constants = constants.iter().map(compare::of_constant);
                let possible = constants.map(|constant| self.difference(subject, Range::Same(constant)));
                let possible = possible.into_iter().any(|ends| ends.is_none_or(|(low, high)| low <= 0 && high >= 0));
                self.known(Range::decided(false, possible), [subject, subject])
            }
            Node::HasLabels(..)
            | Node::WithinLabels(..)
            | Node::HasTexts(..)
            | Node::WithinTexts(..)
            | Node::Contains(..)
            | Node::Affix(..)
            | Node::Matches(..)
            | Node::WithinRegions(..) => Range::OPEN,
            Node::Coalesce(list) => self.coalesce(list),
            Node::CountPresent(list) | Node::PresentRatio(list) => self.count_present(node, list),
            Node::Indicator(indicator) => self.indicator(indicator),
            Node::Score(parts) => self.score(id, parts),
            Node::Coverage(parts) => self.coverage(id, parts),
            _ => self.number(id, node),
        }
    }

    /// Numbers and times.
    fn number(&mut self, id: NodeId, node: &Node) -> Range<'a> {
        match node {
            Node::Arithmetic(operator, kind, a, b) => self.arithmetic(*operator, *kind, *a, *b),
            Node::ToDecimal(inner) => {
                let trend = self.range(*inner).trend();
                let range = self.corners(id, *inner, self.range(*inner));
                self.with_trend(range, trend)
            }
            Node::Absolute(kind, inner) => self.absolute(id, *kind, *inner),
            Node::Round(_, inner, _) | Node::Rank(_, inner) | Node::StartOfDay(inner) => {
                self.corners(id, *inner, self.range(*inner))
            }
            Node::Least(list) | Node::Greatest(list) => self.two_corners(id, list),
            Node::DateOf(inner) => self.dated(*inner),
            Node::DatePart(part, inner) => self.date_part(id, *part, *inner),
            Node::DaysBetween(a, b) => {
                let (from, to) = (self.dated(*a), self.dated(*b));
                let trend = to.trend().zip(from.trend()).and_then(|(to, from)| to.minus(from));
                let at = self.state.inputs.at;
                self.with_trend(pairs(from, to, |from, to| super::int(at.days_between(from, to))), trend)
            }
            // labels, texts and sets that come and go
            _ => Range::Any,
        }
    }

    /// Whether all that a node is computed from is the same all the time.
    fn is_settled(&self, node: &Node) -> bool {
        let mut settled = true;
        node.children(|child| settled &= matches!(self.range(child), Range::Same(_)));
        settled
    }

    /// A range of instants as the dates on which they fall; all others as they are.
    fn dated(&self, id: NodeId) -> Range<'a> {
        let range = self.range(id);
        let zone = self.state.inputs.at.zone();
        match range {
            _ if self.is_now(id) => self.today(),
            Range::Same(Datum::Instant(_)) => match range.ends().and_then(|ends| self.span.first.date(ends.low)) {
                Some(date) => Range::Same(Datum::Date(date)),
                None => Range::Any,
            },
            Range::Between(Ends { low: Datum::Instant(first), high: Datum::Instant(last), missing, .. }) => {
                let dates = days::dates(first, last, zone);
                Range::between(Datum::Date(dates.low), Datum::Date(dates.high), missing, None)
            }
            other => other,
        }
    }

    fn date_part(&mut self, id: NodeId, part: DatePart, inner: NodeId) -> Range<'a> {
        let range = self.dated(inner);
        let Some(Ends { low: Datum::Date(low), high: Datum::Date(high), missing, .. }) = range.ends() else {
            return unordered(range);
        };
        let (within, ends) = match part {
            DatePart::Year => (true, (0, 0)),
            DatePart::Month => (low.year() == high.year(), (1, 12)),
            DatePart::Day => (month_number(low) == month_number(high), (1, 31)),
            DatePart::Weekday => {
                let (from, to) = (time::weekday(low), time::weekday(high));
                (time::days_between(low, high) < 7 && from <= to, (1, 7))
            }
        };
        if within {
            self.corners(id, inner, range)
        } else {
            Range::between(Datum::Int(ends.0), Datum::Int(ends.1), missing, None)
        }
    }

    fn arithmetic(&self, operator: ArithmeticOperator, kind: NumberKind, a: NodeId, b: NodeId) -> Range<'a> {
        let (left, right) = (self.range(a), self.range(b));
        let trends = left.trend().zip(right.trend());
        let trend = match operator {
            ArithmeticOperator::Add => trends.and_then(|(a, b)| a.plus(b)),
            ArithmeticOperator::Subtract => trends.and_then(|(a, b)| a.minus(b)),
            ArithmeticOperator::Multiply => trends.and_then(|(a, b)| match (a.constant(), b.constant()) {
                (Some(factor), _) => b.times(factor),
                (_, Some(factor)) => a.times(factor),
                _ => None,
            }),
            ArithmeticOperator::Divide => {
                let sign = |end: Datum<'_>| key(end).map(i128::signum);
                if right.ends().is_some_and(|ends| sign(ends.low) != sign(ends.high)) {
                    // somewhere between them it divides by zero
                    return Range::Any;
                }
                None
            }
        };
        self.with_trend(pairs(left, right, |a, b| super::number::arithmetic(operator, kind, a, b)), trend)
    }

    fn absolute(&mut self, id: NodeId, of: NumberKind, inner: NodeId) -> Range<'a> {
        let corners = self.corners(id, inner, self.range(inner));
        let crosses = self.range(inner).ends().is_some_and(|ends| key(ends.low) < Some(0) && key(ends.high) > Some(0));
        match corners.ends() {
            Some(ends) if crosses => {
                let zero = match of {
                    NumberKind::Int => Datum::Int(0),
                    NumberKind::Decimal => Datum::Decimal(Fixed::ZERO),
                };
                Range::between(zero, ends.high, ends.missing, None)
            }
            _ => corners,
        }
    }

    /// A node that grows with its only operand, or falls, and is missing when that is: its ends are where that has its own.
    fn corners(&mut self, id: NodeId, operand: NodeId, range: Range<'a>) -> Range<'a> {
        let Some(ends) = range.ends() else { return unordered(range) };
        let mut at = |operand_at: Datum<'a>| {
            self.state.slots[operand.index()] = operand_at;
            self.state.compute(id)
        };
        let (low, high) = ordered(at(ends.low), at(ends.high));
        if let (Node::Rank(..), Datum::Missing, Datum::Missing) = (self.node(id), low, high) {
            // without a population
            return Range::MISSING;
        }
        Range::between(low, high, ends.missing, None)
    }

    /// A number with how it goes with the clock, and no further than that lets it.
    fn with_trend(&self, range: Range<'a>, trend: Option<Trend>) -> Range<'a> {
        const ONE: i128 = Fixed::ONE.units();
        let (Range::Between(ends), Some(trend)) = (range, trend) else { return range };
        let Some((low, high)) = trend.ends(self.span.extent) else { return range };
        let whole = |units: i128| i64::try_from(units).map_or(Datum::Missing, Datum::Int);
        let (low, high) = match ends.low {
            Datum::Int(_) => (whole(-(-low).div_euclid(ONE)), whole(high.div_euclid(ONE))),
            _ => (Datum::Decimal(Fixed::from_units(low)), Datum::Decimal(Fixed::from_units(high))),
        };
        let low = if key(low) > key(ends.low) { low } else { ends.low };
        let high = if key(high).is_some_and(|high| Some(high) < key(ends.high)) { high } else { ends.high };
        Range::between(low, high, ends.missing, Some(trend))
    }

    /// A node that grows with each of its operands, and is missing when one of them is.
    fn two_corners(&mut self, id: NodeId, operands: &[NodeId]) -> Range<'a> {
        if operands.iter().any(|id| is_missing(self.range(*id))) {
            return Range::MISSING;
        }
        if let Some(range) = self.always_chosen(self.node(id), operands) {
            return range;
        }
        let mut missing = false;
        let mut at = |watch: &mut Self, is_high: bool| {
            for operand in operands {
                let ends = watch.range(*operand).ends()?;
                missing |= ends.missing;
                watch.state.slots[operand.index()] = if is_high { ends.high } else { ends.low };
            }
            Some(watch.state.compute(id))
        };
        let ends = at(self, false).zip(at(self, true));
        ends.map_or(Range::Any, |(low, high)| Range::between(low, high, missing, None))
    }

    /// The one operand that is the least, or the greatest, all the time: with its trend.
    fn always_chosen(&self, node: &Node, operands: &[NodeId]) -> Option<Range<'a>> {
        let is_least = matches!(node, Node::Least(_));
        let mut ranges = operands.iter().map(|id| self.range(*id));
        let first = ranges.next()?;
        ranges.try_fold(first, |chosen, range| self.always_first(chosen, range, is_least))
    }

    /// The one of two, always there, that is never greater than the other, or never less.
    fn always_first(&self, a: Range<'a>, b: Range<'a>, is_least: bool) -> Option<Range<'a>> {
        let (left, right) = a.ends().zip(b.ends())?;
        if left.missing || right.missing || kind(left.low) != kind(right.low) {
            return None;
        }
        match self.difference(a, b)? {
            (_, high) if high <= 0 => Some(if is_least { a } else { b }),
            (low, _) if low >= 0 => Some(if is_least { b } else { a }),
            _ => None,
        }
    }

    /// Kleene's "at least so many" grows with each of its conditions.
    fn at_least(&mut self, count: usize, list: &[NodeId]) -> Range<'a> {
        let truth = |watch: &mut Self, is_high: bool| {
            for id in list {
                let (low, high) = watch.range(*id).truths();
                watch.state.slots[id.index()] = if is_high { high } else { low }.datum();
            }
            watch.state.at_least(count, list).map_or(Truth::Unknown, Truth::certain)
        };
        let (low, high) = (truth(self, false), truth(self, true));
        Range::truth(low, high)
    }

    fn compared(&self, operator: CompareOperator, a: NodeId, b: NodeId) -> Range<'a> {
        let kind_of = |id| self.range(id).ends().map(|ends| kind(ends.low));
        let in_dates = matches!((kind_of(a), kind_of(b)), (Some(2), Some(3)) | (Some(3), Some(2)));
        let range = |id| if in_dates { self.dated(id) } else { self.range(id) };
        let (a, b) = (range(a), range(b));
        let Some((low, high)) = self.difference(a, b) else {
            return if is_missing(a) || is_missing(b) { Range::MISSING } else { Range::OPEN };
        };
        let truth = match operator {
            CompareOperator::Less => Range::decided(high < 0, low < 0),
            CompareOperator::LessOrEqual => Range::decided(high <= 0, low <= 0),
            CompareOperator::Greater => Range::decided(low > 0, high > 0),
            CompareOperator::GreaterOrEqual => Range::decided(low >= 0, high >= 0),
            CompareOperator::Equal => Range::decided(low == 0 && high == 0, low <= 0 && high >= 0),
            CompareOperator::NotEqual => Range::decided(low > 0 || high < 0, low != 0 || high != 0),
        };
        self.known(truth, [a, b])
    }

    /// The least and the greatest of the one less the other; a date and an instant are compared as dates.
    fn difference(&self, a: Range<'a>, b: Range<'a>) -> Option<(i128, i128)> {
        let (left, right) = (a.ends()?, b.ends()?);
        let kinds = (kind(left.low), kind(right.low));
        if matches!(kinds, (2, 3) | (3, 2)) {
            let (left, right) = (self.in_dates(left)?, self.in_dates(right)?);
            return Some((left.0 - right.1, left.1 - right.0));
        }
        let (low, high) = (key(left.low)? - key(right.high)?, key(left.high)? - key(right.low)?);
        let trend = a.trend().zip(b.trend()).and_then(|(a, b)| a.minus(b)?.ends(self.span.extent));
        Some(trend.map_or((low, high), |trend| (low.max(trend.0), high.min(trend.1))))
    }

    /// The keys of the dates of what may be instants.
    fn in_dates(&self, ends: Ends<'_>) -> Option<(i128, i128)> {
        let (low, high) = match (ends.low, ends.high) {
            (Datum::Instant(first), Datum::Instant(last)) => {
                let dates = days::dates(first, last, self.state.inputs.at.zone());
                (Datum::Date(dates.low), Datum::Date(dates.high))
            }
            ends => ends,
        };
        key(low).zip(key(high))
    }

    /// A condition that is unknown when an operand is missing.
    fn known(&self, truth: Range<'a>, operands: [Range<'a>; 2]) -> Range<'a> {
        if operands.iter().any(|range| is_missing(*range)) {
            return Range::MISSING;
        }
        if operands.iter().all(|range| range.present().1) { truth } else { truth.or_missing() }
    }

    /// The value of the first arm whose test is true.
    fn first_of(&self, arms: &[(NodeId, NodeId)]) -> Range<'a> {
        let mut found: Option<Range<'a>> = None;
        for (test, value) in arms {
            let (may, always) = self.range(*test).fires();
            if may {
                found = Some(self.either(found, self.range(*value)));
            }
            if always {
                return found.unwrap_or(Range::MISSING);
            }
        }
        self.either(found, Range::MISSING)
    }

    fn when(&self, guard: NodeId, inner: NodeId) -> Range<'a> {
        match self.range(guard).fires() {
            (_, true) => self.range(inner),
            (true, false) => self.range(inner).or_missing(),
            (false, _) => Range::MISSING,
        }
    }

    /// The first that is there.
    fn coalesce(&self, list: &[NodeId]) -> Range<'a> {
        let mut found: Option<Range<'a>> = None;
        for id in list {
            let range = self.range(*id);
            match range.present() {
                (_, true) => return self.either(found, range),
                (true, false) => {
                    found = Some(self.either(found, range.if_present()));
                }
                (false, _) => {}
            }
        }
        self.either(found, Range::MISSING)
    }

    fn count_present(&self, node: &Node, list: &[NodeId]) -> Range<'a> {
        let present = list.iter().map(|id| self.range(*id).present());
        let (may, always) =
            present.fold((0, 0), |(may, always), (one, other)| (may + usize::from(one), always + usize::from(other)));
        let datum = |count: usize| match node {
            Node::PresentRatio(_) => super::decimal(Fixed::share(count, list.len())),
            _ => super::int(i64::try_from(count).ok()),
        };
        Range::between(datum(always), datum(may), false, None)
    }

    /// What is in either, or in the one that there is.
    fn either(&self, found: Option<Range<'a>>, other: Range<'a>) -> Range<'a> {
        found.map_or(other, |found| found.or(other, &self.state.reading, self.state.inputs.at))
    }
}

/// Whether it is missing all the time.
fn is_missing(range: Range<'_>) -> bool {
    matches!(range, Range::Same(Datum::Missing))
}

/// What is computed from something that has no ends: missing, when that is.
fn unordered<'a>(operand: Range<'_>) -> Range<'a> {
    if is_missing(operand) { Range::MISSING } else { Range::Any }
}

/// What is monotone in each of two operands, in either direction, and missing when one of them is. Its ends lie where both
/// are at one of their own.
fn pairs<'a>(a: Range<'a>, b: Range<'a>, value: impl Fn(Datum<'a>, Datum<'a>) -> Datum<'a>) -> Range<'a> {
    let (Some(left), Some(right)) = (a.ends(), b.ends()) else {
        return if is_missing(a) || is_missing(b) { Range::MISSING } else { Range::Any };
    };
    let first = value(left.low, right.low);
    if let (Range::Same(_), Range::Same(_)) = (a, b) {
        return Range::Same(first);
    }
    let others = [(left.low, right.high), (left.high, right.low), (left.high, right.high)];
    let (mut low, mut high) = (first, first);
    for (a, b) in others {
        let value = value(a, b);
        if key(value).is_none() {
            return Range::Any;
        }
        (low, high) = (ordered(low, value).0, ordered(high, value).1);
    }
    Range::between(low, high, left.missing || right.missing, None)
}
