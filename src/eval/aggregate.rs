//! Functions of lists: one pass over the elements.

use super::number::{decimal, fixed, int};
use super::{State, compare};
use crate::hir::NodeId;
use crate::hir::node::{Aggregate, Fold, Node, NumberKind};
use crate::lead::reading::{Datum, Rows};
use crate::value::Fixed;
use crate::value::fixed::divide_rounded;
use std::cmp::Ordering;

/// What a pass over a list has found so far.
struct Found<'a> {
    count: i64,
    /// The exact sum, in units.
    sum: i128,
    best: Datum<'a>,
    /// The key of `best`, for `first` and `last`.
    key: Datum<'a>,
    any: Option<bool>,
    all: Option<bool>,
}

impl<'a> State<'a> {
    /// A list function; missing when the list was not loaded.
    pub(super) fn aggregate(&mut self, id: NodeId, aggregate: &'a Aggregate) -> Datum<'a> {
        let Datum::List(rows) = self.value(aggregate.list) else { return Datum::Missing };
        let body = self.inputs.program.body(id);
        let mut found =
            Found { count: 0, sum: 0, best: Datum::Missing, key: Datum::Missing, any: Some(false), all: Some(true) };
        self.sorting.clear();
        for row in 0..rows.count {
            self.enter(rows, row, body);
            if aggregate.filter.is_none_or(|filter| self.fires(filter)) {
                self.fold(aggregate, &mut found);
            }
        }
        self.result(aggregate, &found)
    }

    /// Computes the nodes that depend on the element, for one element.
    fn enter(&mut self, rows: Rows, row: u32, body: &[NodeId]) {
        for &id in body {
            let register = self.register(id);
            self.slots[register] = match self.inputs.rules.nodes.get(id) {
                Node::Element(_, column) => {
                    let position = rows.start as usize + row as usize * rows.width as usize + *column as usize;
                    self.reading.rows.get(position).copied().unwrap_or(Datum::Missing)
                }
                _ => self.compute(id),
            };
        }
    }

    /// Takes one element in.
    fn fold(&mut self, aggregate: &Aggregate, found: &mut Found<'a>) {
        let value = aggregate.value.map(|value| self.value(value));
        let condition = match value {
            Some(Datum::Bool(truth)) => Some(truth),
            _ => None,
        };
        match aggregate.fold {
            Fold::Any => return found.any = kleene(found.any, condition, true),
            Fold::All => return found.all = kleene(found.all, condition, false),
            _ => {}
        }
        if matches!(value, Some(Datum::Missing)) {
            return;
        }
        let value = value.unwrap_or(Datum::Missing);
        found.count += 1;
        match aggregate.fold {
            Fold::CountDistinct => self.sorting.push(value),
            Fold::Sum(_) | Fold::Average => {
                found.sum = found.sum.saturating_add(fixed(value).map_or(0, Fixed::units));
            }
            Fold::Least => self.keep_if(found, value, value, |order| order == Ordering::Less),
            Fold::Greatest => self.keep_if(found, value, value, |order| order == Ordering::Greater),
            Fold::First => self.keep_by_key(aggregate, found, value, |order| order == Ordering::Less),
            // of equal keys the last in the list counts
            Fold::Last => self.keep_by_key(aggregate, found, value, |order| order != Ordering::Less),
            Fold::Count | Fold::Any | Fold::All => {}
        }
    }

    fn keep_by_key(
        &self,
        aggregate: &Aggregate,
        found: &mut Found<'a>,
        value: Datum<'a>,
        better: fn(Ordering) -> bool,
    ) {
        let key = aggregate.key.map_or(Datum::Missing, |key| self.value(key));
        if !matches!(key, Datum::Missing) {
            self.keep_if(found, value, key, better);
        }
    }

    fn keep_if(&self, found: &mut Found<'a>, value: Datum<'a>, key: Datum<'a>, better: fn(Ordering) -> bool) {
        let held = found.key;
        if matches!(held, Datum::Missing) || compare::order(key, held, self.inputs.at).is_some_and(better) {
            found.best = value;
            found.key = key;
        }
    }

    fn result(&mut self, aggregate: &Aggregate, found: &Found<'a>) -> Datum<'a> {
        match aggregate.fold {
            Fold::Count => int(Some(found.count)),
            Fold::CountDistinct => int(i64::try_from(self.distinct()).ok()),
            Fold::Sum(NumberKind::Int) => int(i64::try_from(found.sum / Fixed::ONE.units()).ok()),
            Fold::Sum(NumberKind::Decimal) => decimal(Fixed::from_units(found.sum).in_range()),
            Fold::Average if found.count == 0 => Datum::Missing,
            Fold::Average => decimal(Fixed::from_units(divide_rounded(found.sum, found.count.into())).in_range()),
            Fold::Least | Fold::Greatest | Fold::First | Fold::Last => found.best,
            Fold::Any => found.any.map_or(Datum::Missing, Datum::Bool),
            Fold::All => found.all.map_or(Datum::Missing, Datum::Bool),
        }
    }

    /// How many different values were put aside.
    pub(super) fn distinct(&mut self) -> usize {
        let Self { sorting, inputs, reading, .. } = self;
        let at = inputs.at;
        sorting.sort_unstable_by(|a, b| match (a, b) {
            (Datum::Labels(a), Datum::Labels(b)) => reading.labels(*a).cmp(reading.labels(*b)),
            (Datum::Texts(a), Datum::Texts(b)) => reading
                .texts(*a)
                .iter()
                .map(|text| text.normal())
                .cmp(reading.texts(*b).iter().map(|text| text.normal())),
            (Datum::Codes(a), Datum::Codes(b)) => {
                reading.texts(*a).iter().map(|text| text.exact()).cmp(reading.texts(*b).iter().map(|text| text.exact()))
            }
            _ => compare::order(*a, *b, at).unwrap_or(Ordering::Equal),
        });
        let mut count = 0;
        let mut last: Option<Datum<'_>> = None;
        for &value in sorting.iter() {
            if last.is_none_or(|last| compare::equal(last, value, reading, at) != Some(true)) {
                count += 1;
            }
            last = Some(value);
        }
        count
    }
}

/// `any` (decided by true) and `all` (decided by false) over conditions, one at a time.
fn kleene(so_far: Option<bool>, next: Option<bool>, decides: bool) -> Option<bool> {
    match (so_far, next) {
        (Some(truth), _) | (_, Some(truth)) if truth == decides => Some(decides),
        (None, _) | (_, None) => None,
        _ => Some(!decides),
    }
}
