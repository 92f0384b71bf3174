//! Scores whose points are constants: sums of small whole numbers, exact.

use super::rating::{NONE, Ruling};
use super::whole::number;
use crate::hir::Rules;
use crate::hir::node::{Award, Clamp, Constant, Indicator, Node, ScoreParts};
use crate::value::Fixed;
use crate::value::fixed::divide_rounded;

/// What an indicator adds: points in quanta of the score, its weight (or one, without weights) if it is covered, and the
/// same unless it was skipped.
pub(crate) type Entry = [i64; 3];

/// A score and its coverage, by tables.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// What is added in any case.
    pub(crate) base: Entry,
    /// Each axis with where its entries start: one for each cell.
    pub(crate) tables: Box<[(u32, u32)]>,
    pub(crate) entries: Box<[Entry]>,
    /// Indicators that ask several axes.
    pub(crate) rated: Box<[Rated]>,
    pub(crate) close: Closing,
}

/// From the sum of what all indicators add to a score and its coverage.
#[derive(Clone, Debug)]
pub(crate) struct Closing {
    pub(crate) weighted: bool,
    /// Whether something can be skipped.
    pub(crate) skips: bool,
    pub(crate) unit: Quantum,
    pub(crate) clamp: Clamp,
    /// The coverage by the number of covered indicators, when there are no weights.
    pub(crate) shares: Box<[Fixed]>,
}

/// What one is worth of the whole numbers that are summed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Quantum {
    /// So many units of 10^-12.
    Units(i128),
    /// So many units of 10^-24.
    Fine(i128),
}

impl Quantum {
    /// From units of 10^-24.
    pub(super) fn new(fine: i128) -> Quantum {
        let one = Fixed::ONE.units();
        if fine % one == 0 { Quantum::Units(fine / one) } else { Quantum::Fine(fine) }
    }

    /// So many of it.
    pub(super) fn times(self, count: i64) -> Fixed {
        let count = i128::from(count);
        Fixed::from_units(match self {
            Quantum::Units(units) => count * units,
            Quantum::Fine(fine) => divide_rounded(count * fine, Fixed::ONE.units()),
        })
    }
}

/// An indicator that asks several axes.
#[derive(Debug)]
pub(crate) struct Rated {
    pub(crate) sum: bool,
    pub(crate) fired: Ruling,
    pub(crate) missing: Ruling,
    pub(crate) scale: Scale,
}

/// The awards of an indicator in quanta of its score.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    sum: bool,
    /// Of each rule; nothing for `skip`.
    awards: Box<[Option<i64>]>,
    low: i64,
    high: i64,
    /// Its weight in units, or one.
    weight: i64,
}

impl Scale {
    /// How many rules there are.
    pub(super) fn rules(&self) -> u32 {
        number(self.awards.len())
    }

    /// The points of a rule in quanta; nothing for `skip`.
    pub(super) fn award(&self, rule: u32) -> Option<i64> {
        self.awards.get(rule as usize).copied().flatten()
    }

    /// What the indicator adds when these rules fire, the first only unless all count, and from this rule on something
    /// mentioned is missing.
    pub(crate) fn entry(&self, fired: impl Iterator<Item = u32>, missing: u32) -> Entry {
        let (mut points, mut last) = (0_i64, NONE);
        for rule in fired {
            if rule == last {
                continue;
            }
            last = rule;
            match self.awards.get(rule as usize).copied().flatten() {
                Some(award) => points += award,
                None => return Entry::default(),
            }
            if !self.sum {
                break;
            }
        }
        let examined = if self.sum { NONE } else { last };
        let is_covered = missing == NONE || (missing > examined && examined != NONE);
        [points.max(self.low).min(self.high), if is_covered { self.weight } else { 0 }, self.weight]
    }
}

/// Whether all points are constants, so small that sums of them are exact in 64 bits.
pub(super) fn is_constant(rules: &Rules, parts: &ScoreParts) -> bool {
    scales(rules, parts).is_some()
}

/// The constant points of a rule as evaluation counts them; nothing when they are computed.
fn constant(rules: &Rules, points: crate::hir::NodeId) -> Option<Fixed> {
    Some(match rules.nodes.constant(points)? {
        Constant::Int(value) => Fixed::from_int(*value).in_range().unwrap_or(Fixed::ZERO),
        Constant::Decimal(value) => value.in_range().unwrap_or(Fixed::ZERO),
        _ => Fixed::ZERO,
    })
}

/// The awards of every indicator in quanta, and the quantum in units of 10^-24.
pub(super) fn scales(rules: &Rules, parts: &ScoreParts) -> Option<(Vec<Scale>, i128)> {
    let indicators: Vec<(&Indicator, i128)> = parts
        .parts
        .iter()
        .map(|part| match rules.nodes.get(part.node) {
            Node::Indicator(indicator) => Some((&**indicator, part.weight.units())),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let (mut quantum, mut reach) = (0_i128, 0_i128);
    for (indicator, weight) in &indicators {
        let (mut reached, mut total) = (0_i128, 0_i128);
        for (_, award) in &indicator.rules {
            if let Award::Points(points) = award {
                let points = constant(rules, *points)?;
                total += points.units().abs();
                let part = points.units().checked_mul(*weight)?;
                quantum = greatest_common_divisor(quantum, part);
                reached = if indicator.sum { reached.checked_add(part.abs())? } else { reached.max(part.abs()) };
            }
        }
        // points past the range count nothing, which sums in quanta do not know
        if indicator.sum && total > Fixed::MAX.units() {
            return None;
        }
        for end in [indicator.clamp.low, indicator.clamp.high].into_iter().flatten() {
            let part = end.units().checked_mul(*weight)?;
            quantum = greatest_common_divisor(quantum, part);
            reached = reached.max(part.abs());
        }
        reach = reach.checked_add(reached)?;
    }
    let quantum = quantum.max(1);
    // then every sum fits into 64 bits, and the score is in the range of decimals
    if reach / quantum >= i128::from(i64::MAX / 4) {
        return None;
    }
    let in_quanta = |points: Fixed, weight: i128| i64::try_from(points.units() * weight / quantum).ok();
    let scaled = indicators.iter().map(|(indicator, weight)| {
        let awards = indicator.rules.iter().map(|(_, award)| match award {
            Award::Points(points) => Some(Some(in_quanta(constant(rules, *points)?, *weight)?)),
            Award::Skip => Some(None),
        });
        let end = |end: Option<Fixed>, open: i64| end.map_or(Some(open), |end| in_quanta(end, *weight));
        Some(Scale {
            sum: indicator.sum,
            awards: awards.collect::<Option<_>>()?,
            low: end(indicator.clamp.low, i64::MIN)?,
            high: end(indicator.clamp.high, i64::MAX)?,
            weight: if parts.weighted { i64::try_from(*weight).ok()? } else { 1 },
        })
    });
    Some((scaled.collect::<Option<_>>()?, quantum))
}

fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Closing {
    /// The score, and its coverage.
    #[inline]
    pub(crate) fn of(&self, sum: Entry) -> (Option<Fixed>, Option<Fixed>) {
        let [points, covered, kept] = sum;
        let score = (kept > 0).then(|| self.unit.times(points));
        let score = if self.weighted && self.skips {
            score.and_then(|score| score.divide(Fixed::from_units(kept.into())))
        } else {
            score
        };
        let coverage = if self.weighted {
            Some(Fixed::from_units(covered.into()))
        } else {
            usize::try_from(covered).ok().and_then(|count| self.shares.get(count).copied())
        };
        (score.map(|score| self.clamp.apply(score)), coverage)
    }
}
