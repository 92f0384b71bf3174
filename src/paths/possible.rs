//! What a value may be, when some fields may have any of several values.
//!
//! Everything here may allow too much, and never too little: what is not possible here is not possible at all.

use crate::hir::node::{Award, Clamp, Constant, Indicator, Node, ScoreParts};
use crate::hir::{NodeId, Nodes};
use crate::lead::reading::Datum;
use crate::operator::{ArithmeticOperator, CompareOperator};
use crate::value::Fixed;
use std::cmp::Ordering;

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Possible {
    /// Whether it may be missing.
    pub(super) missing: bool,
    pub(super) what: What,
}

/// What a value may be when it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// It is not there.
    Nothing,
    Truth {
        yes: bool,
        no: bool,
    },
    /// A bit for each label.
    Labels(u64),
    /// From the least to the greatest, in units of 10^-12.
    Number(i128, i128),
    Anything,
}

pub(super) const MISSING: Possible = Possible { missing: true, what: What::Nothing };
const ANYTHING: Possible = Possible { missing: true, what: What::Anything };

impl Possible {
    /// Just this.
    pub(super) fn of(datum: Datum<'_>) -> Possible {
        let what = match datum {
            Datum::Missing => return MISSING,
            Datum::Bool(truth) => What::Truth { yes: truth, no: !truth },
            Datum::Label(label) if label < 64 => What::Labels(1 << label),
            Datum::Int(number) => What::Number(Fixed::from_int(number).units(), Fixed::from_int(number).units()),
            Datum::Decimal(number) => What::Number(number.units(), number.units()),
            _ => What::Anything,
        };
        Possible { missing: false, what }
    }

    fn of_constant(constant: &Constant) -> Possible {
        match constant {
            Constant::Missing => MISSING,
            Constant::Bool(truth) => Possible::of(Datum::Bool(*truth)),
            Constant::Int(number) => Possible::of(Datum::Int(*number)),
            Constant::Decimal(number) => Possible::of(Datum::Decimal(*number)),
            Constant::Label(label) => Possible::of(Datum::Label(*label)),
            _ => Possible { missing: false, what: What::Anything },
        }
    }

    /// This or that.
    pub(super) fn or(self, other: Possible) -> Possible {
        let what = match (self.what, other.what) {
            (What::Nothing, it) | (it, What::Nothing) => it,
            (What::Truth { yes, no }, What::Truth { yes: also, no: either }) => {
                What::Truth { yes: yes || also, no: no || either }
            }
            (What::Labels(one), What::Labels(two)) => What::Labels(one | two),
            (What::Number(low, high), What::Number(least, most)) => What::Number(low.min(least), high.max(most)),
            _ => What::Anything,
        };
        Possible { missing: self.missing || other.missing, what }
    }

    /// Whether it may be true.
    pub(super) fn may_be_true(self) -> bool {
        matches!(self.what, What::Truth { yes: true, .. } | What::Anything)
    }

    /// Whether it may be false.
    pub(super) fn may_be_false(self) -> bool {
        matches!(self.what, What::Truth { no: true, .. } | What::Anything)
    }

    /// Whether it may be anything but true.
    fn may_fail(self) -> bool {
        self.missing || self.may_be_false()
    }

    /// Whether it may be this label.
    pub(super) fn may_be_label(self, label: u32) -> bool {
        match self.what {
            What::Labels(mask) => label >= 64 || mask >> label & 1 == 1,
            What::Anything => true,
            _ => false,
        }
    }

    /// Whether it may be there.
    fn may_be_there(self) -> bool {
        self.what != What::Nothing
    }

    fn truth(yes: bool, no: bool, missing: bool) -> Possible {
        let what = if yes || no { What::Truth { yes, no } } else { What::Nothing };
        Possible { missing, what }
    }

    fn number(low: i128, high: i128, missing: bool) -> Possible {
        let in_range = low >= Fixed::MIN.units() && high <= Fixed::MAX.units();
        Possible { missing: missing || !in_range, what: What::Number(low, high) }
    }

    /// The least and the greatest number, when it may be one.
    fn ends(self) -> Option<(i128, i128)> {
        match self.what {
            What::Number(low, high) => Some((low, high)),
            What::Anything => Some((Fixed::MIN.units(), Fixed::MAX.units())),
            _ => None,
        }
    }
}

/// What a node may be, by what its children may be.
pub(super) fn possible(nodes: &Nodes, id: NodeId, of: &impl Fn(NodeId) -> Possible) -> Possible {
    match nodes.get(id) {
        Node::Constant(constant) => Possible::of_constant(constant),
        Node::Not(a) => {
            let a = of(*a);
            Possible::truth(a.may_be_false(), a.may_be_true(), a.missing)
        }
        Node::All(list) => at_least(list.len(), list, of),
        Node::Any(list) => at_least(1, list, of),
        Node::AtLeast(count, list) => at_least(usize::try_from(*count).unwrap_or(0), list, of),
        Node::IsPresent(a) => {
            let a = of(*a);
            Possible::truth(a.may_be_there(), a.missing, false)
        }
        Node::Fires(a) => {
            let a = of(*a);
            Possible::truth(a.may_be_true(), a.may_fail(), false)
        }
        Node::Compare(operator, a, b) => compared(*operator, of(*a), of(*b)),
        Node::OneOf(a, constants) => one_of(of(*a), constants),
        Node::Arithmetic(operator, _, a, b) => arithmetic(*operator, of(*a), of(*b)),
        Node::ToDecimal(a) | Node::Outcome(a) => of(*a),
        Node::Round(_, a, digits) => {
            let a = of(*a);
            let round = |units: i128| Fixed::from_units(units).round(*digits).map(Fixed::units);
            match a.ends().and_then(|(low, high)| Some((round(low)?, round(high)?))) {
                Some((low, high)) => Possible::number(low, high, a.missing),
                None => Possible { missing: true, ..a },
            }
        }
        Node::When(guard, a) => {
            let guard = of(*guard);
            let there = if guard.may_be_true() { of(*a) } else { MISSING };
            if guard.may_fail() { there.or(MISSING) } else { there }
        }
        Node::Match { arms, .. } => first(arms.iter().map(|(test, value)| (of(*test), of(*value)))),
        Node::Relabel(a, table) => {
            let a = of(*a);
            match a.what {
                What::Labels(mask) => {
                    let held =
                        (0..64_usize).filter(|label| mask >> label & 1 == 1).filter_map(|label| table.get(label));
                    let mapped = held.map(|&label| Possible::of(Datum::Label(label)));
                    mapped.fold(Possible { what: What::Nothing, ..a }, Possible::or)
                }
                _ => a,
            }
        }
        Node::Indicator(indicator) => points(indicator, of),
        Node::Score(parts) => score(parts, of),
        Node::Covered(_) => Possible::truth(true, true, false),
        Node::Coverage(_) | Node::PresentRatio(_) => Possible::number(0, Fixed::ONE.units(), false),
        Node::CountPresent(list) => {
            let count = i64::try_from(list.len()).unwrap_or(i64::MAX);
            Possible::number(0, Fixed::from_int(count).units(), false)
        }
        Node::HasLabels(a, ..)
        | Node::HasTexts(a, ..)
        | Node::Contains(a, ..)
        | Node::Affix(a, ..)
        | Node::Matches(a, _)
        | Node::WithinLabels(a, _)
        | Node::WithinTexts(a, _)
        | Node::WithinRegions(a, _)
        | Node::Window(a, ..) => {
            let a = of(*a);
            Possible::truth(a.may_be_there(), a.may_be_there(), a.missing)
        }
        Node::TagSet(_) => Possible { missing: false, what: What::Anything },
        _ => ANYTHING,
    }
}

/// Kleene's "at least so many".
fn at_least(count: usize, list: &[NodeId], of: &impl Fn(NodeId) -> Possible) -> Possible {
    let (mut true_at_most, mut false_at_most, mut unknown) = (0, 0, false);
    let (mut true_at_least, mut false_at_least) = (0, 0);
    for id in list {
        let part = of(*id);
        true_at_most += usize::from(part.may_be_true());
        false_at_most += usize::from(part.may_be_false());
        true_at_least += usize::from(!part.may_fail());
        false_at_least += usize::from(!part.missing && !part.may_be_true());
        unknown |= part.missing;
    }
    // as many must be false that the rest is too few
    let enough = (list.len() + 1).saturating_sub(count);
    let decided = true_at_least >= count || false_at_least >= enough;
    Possible::truth(
        true_at_most >= count && false_at_least < enough,
        false_at_most >= enough && true_at_least < count,
        unknown && !decided,
    )
}

/// The value of the first that fires; missing when none does.
fn first(arms: impl Iterator<Item = (Possible, Possible)>) -> Possible {
    let mut found = Possible { missing: false, what: What::Nothing };
    for (test, value) in arms {
        if test.may_be_true() {
            found = found.or(value);
        }
        if !test.may_fail() {
            return found;
        }
    }
    found.or(MISSING)
}

fn compared(operator: CompareOperator, a: Possible, b: Possible) -> Possible {
    let missing = a.missing || b.missing;
    let holds = |order: Ordering| match operator {
        CompareOperator::Equal => order.is_eq(),
        CompareOperator::NotEqual => order.is_ne(),
        CompareOperator::Less => order.is_lt(),
        CompareOperator::LessOrEqual => order.is_le(),
        CompareOperator::Greater => order.is_gt(),
        CompareOperator::GreaterOrEqual => order.is_ge(),
    };
    let orders: [Option<Ordering>; 3] = match (a.what, b.what) {
        (What::Nothing, _) | (_, What::Nothing) => return MISSING,
        (What::Number(low, high), What::Number(least, most)) => [
            (low < most).then_some(Ordering::Less),
            (low <= most && least <= high).then_some(Ordering::Equal),
            (high > least).then_some(Ordering::Greater),
        ],
        (What::Labels(one), What::Labels(two)) if one != 0 && two != 0 => [
            (one.trailing_zeros() < 63 - two.leading_zeros()).then_some(Ordering::Less),
            (one & two != 0).then_some(Ordering::Equal),
            (63 - one.leading_zeros() > two.trailing_zeros()).then_some(Ordering::Greater),
        ],
        _ => [Some(Ordering::Less), Some(Ordering::Equal), Some(Ordering::Greater)],
    };
    let possible = || orders.iter().flatten();
    Possible::truth(possible().any(|order| holds(*order)), possible().any(|order| !holds(*order)), missing)
}

fn one_of(a: Possible, constants: &[Constant]) -> Possible {
    match a.what {
        What::Nothing => MISSING,
        What::Labels(mask) if constants.iter().all(|it| matches!(it, Constant::Label(label) if *label < 64)) => {
            let wanted = constants.iter().fold(0_u64, |wanted, it| match it {
                Constant::Label(label) => wanted | 1 << label,
                _ => wanted,
            });
            Possible::truth(mask & wanted != 0, mask & !wanted != 0, a.missing)
        }
        _ => Possible::truth(true, true, a.missing),
    }
}

fn arithmetic(operator: ArithmeticOperator, a: Possible, b: Possible) -> Possible {
    let missing = a.missing || b.missing;
    let (Some((low, high)), Some((least, most))) = (a.ends(), b.ends()) else { return MISSING };
    match operator {
        ArithmeticOperator::Add => Possible::number(low + least, high + most, missing),
        ArithmeticOperator::Subtract => Possible::number(low - most, high - least, missing),
        ArithmeticOperator::Multiply => {
            let products = [(low, least), (low, most), (high, least), (high, most)];
            let products = products.map(|(a, b)| Fixed::from_units(a).multiply(Fixed::from_units(b)).map(Fixed::units));
            let ends = products.into_iter().try_fold((i128::MAX, i128::MIN), |(low, high), product| {
                product.map(|product| (low.min(product), high.max(product)))
            });
            ends.map_or(ANYTHING, |(low, high)| Possible::number(low, high, missing))
        }
        ArithmeticOperator::Divide => ANYTHING,
    }
}

/// The points of an indicator.
fn points(indicator: &Indicator, of: &impl Fn(NodeId) -> Possible) -> Possible {
    let zero = Possible::number(0, 0, false);
    let award = |award: &Award| match award {
        Award::Points(node) => {
            let points = of(*node);
            // missing points count nothing
            let there = Possible { missing: false, ..points };
            if points.missing { there.or(zero) } else { there }
        }
        Award::Skip => MISSING,
    };
    if !indicator.sum {
        let fired = first(indicator.rules.iter().map(|(test, result)| {
            // a rule that does not fire leaves no mark, one that skips does
            (of(*test), award(result))
        }));
        let none_fires = indicator.rules.iter().all(|(test, _)| of(*test).may_fail());
        let skips = indicator.rules.iter().any(|(test, result)| *result == Award::Skip && of(*test).may_be_true());
        let mut found = Possible { missing: skips, ..fired };
        if none_fires {
            found = found.or(zero);
        }
        return clamped(found, indicator.clamp);
    }
    let (mut low, mut high, mut skips) = (0_i128, 0_i128, false);
    for (test, result) in &indicator.rules {
        let test = of(*test);
        if !test.may_be_true() {
            continue;
        }
        let given = award(result);
        skips |= given.missing;
        let Some((least, most)) = given.ends() else { continue };
        let (least, most) = if test.may_fail() { (least.min(0), most.max(0)) } else { (least, most) };
        low = low.saturating_add(least);
        high = high.saturating_add(most);
    }
    // past the range a sum counts nothing
    let past = low < Fixed::MIN.units() || high > Fixed::MAX.units();
    let (low, high) = if past { (low.min(0), high.max(0)) } else { (low, high) };
    clamped(Possible { missing: skips, what: What::Number(low, high) }, indicator.clamp)
}

fn clamped(points: Possible, clamp: Clamp) -> Possible {
    let apply = |units: i128| clamp.apply(Fixed::from_units(units)).units();
    match points.ends() {
        Some((low, high)) => Possible { what: What::Number(apply(low), apply(high)), ..points },
        None => points,
    }
}

/// A score: after skips a mean, whose greatest value leaves out what would lower it, and takes in what raises it.
fn score(parts: &ScoreParts, of: &impl Fn(NodeId) -> Possible) -> Possible {
    let given: Vec<(i128, Possible)> = parts.parts.iter().map(|part| (part.weight.units(), of(part.node))).collect();
    let may_all_skip = given.iter().all(|(_, points)| points.missing);
    if given.iter().all(|(_, points)| !points.may_be_there()) {
        return MISSING;
    }
    let (low, high) = if parts.weighted {
        let high = mean(&given, |(_, high)| high);
        let low = mean(&given, |(low, _)| -low).map(|low| -low);
        match low.zip(high) {
            Some(ends) => ends,
            None => return ANYTHING,
        }
    } else {
        given.iter().filter_map(|(_, points)| Some((points.missing, points.ends()?))).fold(
            (0_i128, 0_i128),
            |sum, it| {
                let (may_skip, (low, high)) = it;
                let (low, high) = if may_skip { (low.min(0), high.max(0)) } else { (low, high) };
                (sum.0.saturating_add(low), sum.1.saturating_add(high))
            },
        )
    };
    // rounding moves the last place
    let slack = if parts.weighted { 2 } else { 0 };
    let apply = |units: i128| parts.clamp.apply(Fixed::from_units(units)).units();
    let (low, high) = (low.saturating_sub(slack), high.saturating_add(slack));
    let past = low < Fixed::MIN.units() || high > Fixed::MAX.units();
    Possible { missing: may_all_skip || past, what: What::Number(apply(low), apply(high)) }
}

/// The greatest weighted mean: everything that counts in any case, and of the rest what is above the mean.
fn mean(given: &[(i128, Possible)], end: impl Fn((i128, i128)) -> i128) -> Option<i128> {
    let ends = given.iter().filter_map(|(weight, points)| Some((*weight, points.missing, end(points.ends()?))));
    let (mut sum, mut weights) = (0_i128, 0_i128);
    let mut optional: Vec<(i128, i128)> = Vec::new();
    for (weight, may_skip, points) in ends {
        if may_skip {
            optional.push((points, weight));
        } else {
            sum = sum.checked_add(points.checked_mul(weight)?)?;
            weights += weight;
        }
    }
    optional.sort_unstable_by_key(|(points, _)| std::cmp::Reverse(*points));
    for (points, weight) in optional {
        if weights == 0 || points.checked_mul(weights)? > sum {
            sum = sum.checked_add(points.checked_mul(weight)?)?;
            weights += weight;
        }
    }
    // rounded up
    (weights > 0).then(|| sum.div_euclid(weights) + 1)
}
