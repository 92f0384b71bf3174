//! What functions of lists may be during a stretch of time: one pass over the elements.

use super::Watch;
use super::range::{Range, Truth, ordered};
use crate::eval::number::{decimal, fixed, int};
use crate::hir::NodeId;
use crate::hir::node::{Aggregate, Fold, Node, NumberKind};
use crate::lead::reading::{Datum, Rows};
use crate::value::Fixed;
use crate::value::fixed::divide_rounded;
use std::cmp::Ordering;

/// What is known of the elements so far.
struct Found<'a> {
    /// How many count, at least and at most.
    always: i64,
    may: i64,
    /// The least and the greatest sum, in units.
    sum: (i128, i128),
    /// The value, or values, that `min`, `max`, `first` and `last` may give.
    best: Option<Range<'a>>,
    /// The key of the best so far.
    key: Datum<'a>,
    truth: (Truth, Truth),
    /// What any element that may count may be worth.
    any: Option<Range<'a>>,
    /// Whether it is known which elements count, and in which order.
    certain: bool,
    /// Whether it is known besides what each is worth.
    settled: bool,
}

impl<'a> Watch<'_, 'a> {
    pub(super) fn aggregate(&mut self, id: NodeId, aggregate: &Aggregate) -> Range<'a> {
        let Range::Same(Datum::List(rows)) = self.range(aggregate.list) else { return Range::MISSING };
        let program = self.state.inputs.program;
        let body = program.body(id);
        let neutral = Truth::certain(aggregate.fold == Fold::All);
        let mut found = Found {
            always: 0,
            may: 0,
            sum: (0, 0),
            best: None,
            key: Datum::Missing,
            truth: (neutral, neutral),
            any: None,
            certain: true,
            settled: true,
        };
        self.state.sorting.clear();
        for row in 0..rows.count {
            self.enter(rows, row, body);
            let (may, always) = aggregate.filter.map_or((true, true), |filter| self.range(filter).fires());
            if may {
                self.fold(aggregate, always, &mut found);
            }
        }
        self.result(aggregate, &found)
    }

    /// Computes the nodes that depend on the element, for one element.
    fn enter(&mut self, rows: Rows, row: u32, body: &[NodeId]) {
        for &id in body {
            if self.clocked.moves(id) {
                let range = self.compute(id);
                self.keep(id, range);
                continue;
            }
            self.state.slots[id.index()] = match self.node(id) {
                Node::Element(_, column) => {
                    let position = rows.start as usize + row as usize * rows.width as usize + *column as usize;
                    self.state.reading.rows.get(position).copied().unwrap_or(Datum::Missing)
                }
                _ => self.state.compute(id),
            };
        }
    }

    /// Takes an element in that counts always, or perhaps.
    fn fold(&mut self, aggregate: &Aggregate, always: bool, found: &mut Found<'a>) {
        let value = aggregate.value.map(|value| self.range(value));
        let truths = value.map_or((Truth::Unknown, Truth::Unknown), Range::truths);
        let (low, high) = found.truth;
        match aggregate.fold {
            Fold::Any => return found.truth = (if always { low.max(truths.0) } else { low }, high.max(truths.1)),
            Fold::All => return found.truth = (low.min(truths.0), if always { high.min(truths.1) } else { high }),
            _ => {}
        }
        let (may_be_there, always_there) = value.map_or((true, true), Range::present);
        if !may_be_there {
            return;
        }
        let always = always && always_there;
        found.may += 1;
        found.always += i64::from(always);
        let Some(value) = value else { return };
        found.certain &= always;
        found.settled &= always && matches!(value, Range::Same(_));
        match aggregate.fold {
            Fold::CountDistinct => {
                if let Range::Same(datum) = value {
                    self.state.sorting.push(datum);
                }
            }
            Fold::Sum(_) | Fold::Average => add(found, value, always),
            Fold::Least | Fold::Greatest => {
                let present = value.if_present();
                found.best = Some(match (found.best, always) {
                    (None, true) => present,
                    (None, false) => present.or_missing(),
                    (Some(best), _) => {
                        let is_least = aggregate.fold == Fold::Least;
                        let certain = if always { self.always_first(best, present, is_least) } else { None };
                        certain.unwrap_or_else(|| extreme(best, present, always, is_least))
                    }
                });
            }
            Fold::First | Fold::Last => self.keep_by_key(aggregate, value, found),
            Fold::Count | Fold::Any | Fold::All => {}
        }
    }

    /// The value whose key is the least or the greatest, as long as all keys are known.
    fn keep_by_key(&self, aggregate: &Aggregate, value: Range<'a>, found: &mut Found<'a>) {
        let key = match aggregate.key.map(|key| self.range(key)) {
            Some(Range::Same(key)) => key,
            None => Datum::Missing,
            Some(_) => {
                found.certain = false;
                Datum::Missing
            }
        };
        found.any = Some(self.either(found.any, value.if_present()));
        if matches!(key, Datum::Missing) {
            return;
        }
        let order = crate::eval::compare::order(key, found.key, self.state.inputs.at);
        let better = match aggregate.fold {
            Fold::First => order == Some(Ordering::Less),
            // of equal keys the last in the list counts
            _ => order.is_some_and(|order| order != Ordering::Less),
        };
        if better || matches!(found.key, Datum::Missing) {
            found.best = Some(value);
            found.key = key;
        }
    }

    fn result(&mut self, aggregate: &Aggregate, found: &Found<'a>) -> Range<'a> {
        let (low, high) = found.sum;
        match aggregate.fold {
            Fold::Count => Range::between(int(Some(found.always)), int(Some(found.may)), false, None),
            Fold::CountDistinct if found.settled => Range::Same(int(i64::try_from(self.state.distinct()).ok())),
            Fold::CountDistinct => Range::between(int(Some(found.always.min(1))), int(Some(found.may)), false, None),
            Fold::Sum(kind) => {
                let total = |sum: i128| match kind {
                    NumberKind::Int => int(i64::try_from(sum / Fixed::ONE.units()).ok()),
                    NumberKind::Decimal => decimal(Fixed::from_units(sum).in_range()),
                };
                if low == high { Range::Same(total(low)) } else { Range::between(total(low), total(high), false, None) }
            }
            Fold::Average if found.may == 0 => Range::MISSING,
            Fold::Average if found.certain => {
                let average = |sum| decimal(Fixed::from_units(divide_rounded(sum, found.always.into())).in_range());
                if low == high {
                    return Range::Same(average(low));
                }
                Range::between(average(low), average(high), false, None)
            }
            Fold::Average => Range::Any,
            Fold::Least | Fold::Greatest => found.best.unwrap_or(Range::MISSING),
            Fold::First | Fold::Last if found.certain => found.best.unwrap_or(Range::MISSING),
            Fold::First | Fold::Last => found.any.map_or(Range::MISSING, Range::or_missing),
            Fold::Any | Fold::All => Range::truth(found.truth.0, found.truth.1),
        }
    }
}

/// Adds to the least and the greatest sum.
fn add(found: &mut Found<'_>, value: Range<'_>, always: bool) {
    let units = |datum| fixed(datum).map_or(0, Fixed::units);
    let (low, high) = match value.ends() {
        Some(ends) => (units(ends.low), units(ends.high)),
        None => (Fixed::from_int(i64::MIN).units(), Fixed::from_int(i64::MAX).units()),
    };
    let (low, high) = if always { (low, high) } else { (low.min(0), high.max(0)) };
    found.sum = (found.sum.0.saturating_add(low), found.sum.1.saturating_add(high));
}

/// The least, or greatest, of what there is and one more that is there always, or perhaps.
fn extreme<'a>(best: Range<'a>, value: Range<'a>, always: bool, is_least: bool) -> Range<'a> {
    let (Some(best), Some(value)) = (best.ends(), value.ends()) else { return Range::Any };
    let missing = best.missing && !always;
    let pick = |a: Datum<'a>, b: Datum<'a>| if is_least { ordered(a, b).0 } else { ordered(a, b).1 };
    // what may not be there does not bound the other end, nor what was not there so far
    let (mut low, mut high) = (pick(best.low, value.low), pick(best.high, value.high));
    if best.missing {
        (low, high) = (ordered(low, value.low).0, ordered(high, value.high).1);
    }
    if !always {
        (low, high) = (ordered(low, best.low).0, ordered(high, best.high).1);
    }
    Range::between(low, high, missing, None)
}
