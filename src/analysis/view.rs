//! What conditions and values can be, when each axis is known to lie in some cells: every node from those below it.

use super::bounds::bounds;
use super::picture::{Picture, is_condition};
use super::possible::{FALSE, Possible, TRUE, Truths, UNKNOWN};
use super::region::Area;
use super::sums::{exact_sums, finish_points, of_constant, possible_averages};
use crate::grid::{Asked, Cells, Space, asked};
use crate::hir::NodeId;
use crate::hir::node::{Award, Clamp, Constant, Indicator, Node, ScoreParts};
use crate::operator::{ArithmeticOperator, CompareOperator, Quantifier};
use crate::value::Fixed;
use crate::value::fixed::divide_rounded_wide;
use ethnum::I256;
use rustc_hash::FxHashMap;

/// What is possible while the axes lie in these cells. Of what it says to be impossible no lead is an example.
pub(crate) struct View<'v, 'r> {
    pub(super) picture: &'v Picture<'r>,
    /// By axis.
    pub(super) cells: &'v [Cells],
    /// A score or an indicator whose clamp does not count.
    unclamped: Option<NodeId>,
    truths: FxHashMap<NodeId, Truths>,
    values: FxHashMap<NodeId, Possible>,
}

const ONE: i128 = Fixed::ONE.units();

impl<'v, 'r> View<'v, 'r> {
    pub(crate) fn new(picture: &'v Picture<'r>, cells: &'v [Cells], unclamped: Option<NodeId>) -> View<'v, 'r> {
        View { picture, cells, unclamped, truths: FxHashMap::default(), values: FxHashMap::default() }
    }

    /// Which truth values a condition can have.
    pub(crate) fn truths(&mut self, id: NodeId) -> Truths {
        if let Some(known) = self.truths.get(&id) {
            return *known;
        }
        let found = self.find_truths(id);
        self.truths.insert(id, found);
        found
    }

    fn find_truths(&mut self, id: NodeId) -> Truths {
        let nodes = &self.picture.rules.nodes;
        match nodes.get(id) {
            Node::Constant(Constant::Bool(true)) => TRUE,
            Node::Constant(Constant::Bool(false)) => FALSE,
            Node::Constant(_) => UNKNOWN,
            Node::Not(inner) => opposite(self.truths(*inner)),
            Node::Outcome(inner) if is_boolean(nodes.get(*inner)) => self.truths(*inner),
            Node::All(list) => self.at_least(list.len(), list),
            Node::Any(list) => self.at_least(1, list),
            Node::AtLeast(count, list) => self.at_least(usize::try_from(*count).unwrap_or(0), list),
            Node::Fires(inner) => {
                let truths = self.truths(*inner);
                (truths & TRUE) | if truths & !TRUE == 0 { 0 } else { FALSE }
            }
            Node::IsPresent(inner) => {
                let (there, absent) = self.presence(*inner);
                (if there { TRUE } else { 0 }) | if absent { FALSE } else { 0 }
            }
            node => match self.picture.atom(id) {
                Some(atom) => {
                    let holds = |region: &[Area]| region.iter().any(|area| self.meets(area));
                    let unknown = atom.axes.iter().any(|axis| self.cells[axis.index()].contains(0));
                    (if holds(&atom.yes) { TRUE } else { 0 })
                        | (if holds(&atom.no) { FALSE } else { 0 })
                        | if unknown { UNKNOWN } else { 0 }
                }
                None => self.computed_truths(id, node),
            },
        }
    }

    /// Whether an area has cells that are still possible.
    pub(crate) fn meets(&self, area: &Area) -> bool {
        area.sides().all(|(axis, cells)| self.cells[axis.index()].first_common(cells).is_some())
    }

    /// A condition on something that is known from what it is made of.
    fn computed_truths(&mut self, id: NodeId, node: &Node) -> Truths {
        let picture = self.picture;
        match asked(&picture.rules.nodes, &picture.rules.schema, id) {
            Asked::Keys(subject, space, ranges) if !matches!(node, Node::Field(_)) => {
                let value = self.value(subject);
                let scaled;
                let ranges: &[(i128, i128)] = if space == Space::Int {
                    scaled = ranges.iter().map(|(low, high)| (in_units(*low), in_units(*high))).collect::<Vec<_>>();
                    &scaled
                } else {
                    &ranges
                };
                (if value.has_within(ranges) { TRUE } else { 0 })
                    | (if value.has_without(ranges) { FALSE } else { 0 })
                    | if value.missing { UNKNOWN } else { 0 }
            }
            Asked::Texts { subject, texts, negated, .. } => {
                let found = self
                    .spelled(subject, |text| texts.iter().any(|wanted| wanted.normal() == text.normal()) != negated);
                found.unwrap_or(TRUE | FALSE | UNKNOWN)
            }
            Asked::Members(subject, quantifier, labels) => self.members(subject, labels, quantifier, false),
            _ => match node {
                Node::WithinLabels(subject, labels) => self.members(*subject, labels, Quantifier::All, true),
                Node::Compare(operator, a, b) => self.compared(*operator, *a, *b),
                Node::Contains(subject, ..) | Node::Affix(subject, ..) | Node::Matches(subject, _) => {
                    let (there, absent) = self.presence(*subject);
                    (if there { TRUE | FALSE } else { 0 }) | if absent { UNKNOWN } else { 0 }
                }
                _ if is_condition(picture.rules, id) => TRUE | FALSE | UNKNOWN,
                _ => {
                    let value = self.value(id);
                    (if value.has_within(&[(1, i128::MAX)]) { TRUE } else { 0 })
                        | (if value.has_within(&[(i128::MIN, 1)]) { FALSE } else { 0 })
                        | if value.missing { UNKNOWN } else { 0 }
                }
            },
        }
    }

    /// A condition on the spelling of a label.
    fn spelled(&mut self, subject: NodeId, holds: impl Fn(&crate::value::Text) -> bool) -> Option<Truths> {
        let Node::Spell(label, texts) = self.picture.rules.nodes.get(subject) else { return None };
        let value = self.value(*label);
        let mut truths = if value.missing { UNKNOWN } else { 0 };
        for (position, text) in (0_i128..).zip(texts.iter()) {
            if value.has_within(&[(position, position + 1)]) {
                truths |= if holds(text) { TRUE } else { FALSE };
            }
        }
        Some(truths)
    }

    /// A condition on a set of tags: that it has any, or all, of some labels, or no others.
    fn members(&mut self, subject: NodeId, labels: &[u32], quantifier: Quantifier, within: bool) -> Truths {
        match self.picture.rules.nodes.get(subject) {
            Node::Outcome(inner) => self.members(*inner, labels, quantifier, within),
            Node::When(guard, inner) => {
                let guard = self.truths(*guard);
                let inner = if guard & TRUE == 0 { 0 } else { self.members(*inner, labels, quantifier, within) };
                inner | if guard & !TRUE == 0 { 0 } else { UNKNOWN }
            }
            Node::TagSet(fires) => {
                let wanted = |label: usize| u32::try_from(label).is_ok_and(|label| labels.contains(&label));
                let asked: Vec<NodeId> =
                    fires.iter().enumerate().filter(|(label, _)| wanted(*label) != within).map(|(_, it)| *it).collect();
                match (within, quantifier) {
                    (true, _) => opposite(self.at_least(1, &asked)),
                    (false, Quantifier::All) => self.at_least(asked.len(), &asked),
                    (false, _) => self.at_least(1, &asked),
                }
            }
            _ => TRUE | FALSE | UNKNOWN,
        }
    }

    /// Two values compared with each other.
    fn compared(&mut self, operator: CompareOperator, a: NodeId, b: NodeId) -> Truths {
        let (a, b) = (self.value(a), self.value(b));
        let missing = if a.missing || b.missing { UNKNOWN } else { 0 };
        let (Some((low_a, high_a)), Some((low_b, high_b))) = (a.ends(), b.ends()) else { return missing };
        let may_equal =
            a.keys.iter().any(|(low, high)| b.keys.iter().any(|(first, last)| low <= last && first <= high));
        let must_equal = low_a == high_a && low_b == high_b && low_a == low_b;
        let (may_less, may_greater) = (low_a < high_b, high_a > low_b);
        let (yes, no) = match operator {
            CompareOperator::Equal => (may_equal, !must_equal),
            CompareOperator::NotEqual => (!must_equal, may_equal),
            CompareOperator::Less => (may_less, may_greater || may_equal),
            CompareOperator::LessOrEqual => (may_less || may_equal, may_greater),
            CompareOperator::Greater => (may_greater, may_less || may_equal),
            CompareOperator::GreaterOrEqual => (may_greater || may_equal, may_less),
        };
        missing | (if yes { TRUE } else { 0 }) | if no { FALSE } else { 0 }
    }

    /// Kleene's "at least so many", as if each condition could be chosen by itself.
    fn at_least(&mut self, count: usize, list: &[NodeId]) -> Truths {
        let truths: Vec<Truths> = list.iter().map(|id| self.truths(*id)).collect();
        if truths.contains(&0) {
            return 0;
        }
        let with = |bit: Truths| truths.iter().filter(|it| **it & bit != 0).count();
        let never_false = truths.len() - with(FALSE);
        let (can_be_unknown, rest_true) =
            (with(UNKNOWN), truths.iter().filter(|it| **it & UNKNOWN == 0 && **it & TRUE != 0).count());
        let must_be_true = truths.iter().filter(|it| **it == TRUE).count();
        let mut found = 0;
        if with(TRUE) >= count {
            found |= TRUE;
        }
        if never_false < count {
            found |= FALSE;
        }
        // so many true ones that with the unknown ones it could be enough, and without them it is not
        if can_be_unknown > 0
            && count > 0
            && must_be_true.max(count.saturating_sub(can_be_unknown)) <= rest_true.min(count - 1)
        {
            found |= UNKNOWN;
        }
        found
    }

    /// Whether a value can be there, and whether it can be missing.
    pub(crate) fn presence(&mut self, id: NodeId) -> (bool, bool) {
        let rules = self.picture.rules;
        if is_condition(rules, id) {
            let truths = self.truths(id);
            return (truths & (TRUE | FALSE) != 0, truths & UNKNOWN != 0);
        }
        match rules.nodes.get(id) {
            Node::Outcome(inner) => self.presence(*inner),
            Node::When(guard, inner) => {
                let guard = self.truths(*guard);
                let (there, absent) = self.presence(*inner);
                (there && guard & TRUE != 0, absent || guard & !TRUE != 0)
            }
            Node::TagSet(_) | Node::Today | Node::Now => (true, false),
            _ if self.picture.is_computed(id) => {
                let value = self.value(id);
                (!value.keys.is_empty(), value.missing)
            }
            _ => match self.picture.home(id) {
                Some(home) => {
                    let cells = &self.cells[home.index()];
                    (cells.len() > usize::from(cells.contains(0)), cells.contains(0))
                }
                None => (true, true),
            },
        }
    }

    /// What a value can be.
    pub(crate) fn value(&mut self, id: NodeId) -> Possible {
        if let Some(known) = self.values.get(&id) {
            return known.clone();
        }
        let found = self.find_value(id);
        self.values.insert(id, found.clone());
        found
    }

    fn find_value(&mut self, id: NodeId) -> Possible {
        let rules = self.picture.rules;
        let node = rules.nodes.get(id);
        if is_condition(rules, id) {
            let truths = self.truths(id);
            let mut value = Possible { missing: truths & UNKNOWN != 0, ..Possible::never() };
            [(FALSE, 0), (TRUE, 1)].iter().filter(|(bit, _)| truths & bit != 0).for_each(|(_, key)| {
                value.keys.push((*key, *key));
            });
            return value;
        }
        match node {
            Node::Constant(constant) => of_constant(constant),
            Node::Outcome(inner) => self.value(*inner),
            Node::ToDecimal(inner) => self.value(*inner),
            Node::When(guard, inner) => {
                let guard = self.truths(*guard);
                let mut value = if guard & TRUE == 0 { Possible::never() } else { self.value(*inner) };
                value.missing |= guard & !TRUE != 0;
                value
            }
            Node::Match { arms, .. } => {
                let mut found = Possible::never();
                for (test, value) in arms {
                    let truths = self.truths(*test);
                    if truths & TRUE != 0 {
                        found.add(&self.value(*value));
                    }
                    if truths & !TRUE == 0 {
                        return found;
                    }
                }
                found.missing = true;
                found
            }
            Node::Relabel(inner, table) => {
                let value = self.value(*inner);
                let mut found = Possible { missing: value.missing, ..Possible::never() };
                for (position, to) in (0_i128..).zip(table.iter()) {
                    if value.has_within(&[(position, position + 1)]) {
                        found.keys.push(((*to).into(), (*to).into()));
                    }
                }
                found.tidy();
                found
            }
            Node::Indicator(indicator) => self.indicator(indicator, self.clamp(id, indicator.clamp)),
            Node::Score(parts) => self.score(parts, self.clamp(id, parts.clamp)),
            Node::Coverage(_) => Possible { missing: false, keys: smallvec::smallvec![(0, ONE)] },
            Node::Covered(_) => Possible { missing: false, keys: smallvec::smallvec![(0, 1)] },
            Node::CountPresent(list) => self.count_present(list).mapped(|count| count * ONE),
            Node::PresentRatio(list) => {
                let of = list.len();
                self.count_present(list).mapped(|count| {
                    let part = usize::try_from(count).unwrap_or(0);
                    Fixed::share(part, of).map_or(0, Fixed::units)
                })
            }
            Node::Arithmetic(operator, _, a, b) if self.picture.is_computed(id) => self.arithmetic(*operator, *a, *b),
            // made of outcomes in a way that is not looked into
            node if self.picture.is_computed(id) && !matches!(node, Node::TagSet(_)) => Possible::anything(),
            _ => self.asked_value(id),
        }
    }

    /// A value that is asked of the lead: what its axes leave of it.
    fn asked_value(&mut self, id: NodeId) -> Possible {
        let (there, absent) = self.presence(id);
        let mut found = Possible { missing: absent, ..Possible::never() };
        if !there {
            return found;
        }
        let mut keys: Option<Possible> = None;
        for &axis in self.picture.axes_of(id) {
            let described = self.picture.axes.get(axis);
            if !matches!(described.space, Space::Bool | Space::Label | Space::Int | Space::Units) {
                continue;
            }
            let bounds = bounds(self.picture.rules, described);
            let mut own = Possible::never();
            for run in self.cells[axis.index()].runs() {
                let first = run.start.max(1);
                if first >= run.end {
                    continue;
                }
                let low = if first == 1 { bounds.low } else { described.cuts[first - 2].max(bounds.low) };
                let high = described.cuts.get(run.end - 2).map_or(bounds.high, |cut| (*cut).min(bounds.high)) - 1;
                own.keys.push((low, high));
            }
            own.tidy();
            keys = Some(if described.space == Space::Int { own.mapped(in_units) } else { own });
        }
        found.keys = keys.map_or_else(|| Possible::anything().keys, |keys| keys.keys);
        found
    }

    fn count_present(&mut self, list: &[NodeId]) -> Possible {
        let (mut least, mut most) = (0, 0);
        for id in list {
            let (there, absent) = self.presence(*id);
            most += i128::from(there);
            least += i128::from(there && !absent);
        }
        let mut found = Possible::never();
        found.keys.extend((least..=most).map(|count| (count, count)));
        found
    }

    fn arithmetic(&mut self, operator: ArithmeticOperator, a: NodeId, b: NodeId) -> Possible {
        let (a, b) = (self.value(a), self.value(b));
        let missing = a.missing || b.missing;
        if a.keys.is_empty() || b.keys.is_empty() {
            return Possible { missing, ..Possible::never() };
        }
        let limit = Fixed::MAX.units();
        let small = |value: &Possible| value.ends().is_some_and(|(low, high)| -limit <= low && high <= limit);
        if !small(&a) || !small(&b) {
            return Possible::anything();
        }
        let mut found = match operator {
            ArithmeticOperator::Add => a.plus(&b),
            ArithmeticOperator::Subtract => a.plus(&b.mapped(|key| -key)),
            ArithmeticOperator::Multiply => {
                let product = |a: i128, b: i128| {
                    let wide = divide_rounded_wide(I256::from(a) * I256::from(b), I256::from(ONE));
                    i128::try_from(wide).unwrap_or(if (a < 0) == (b < 0) { i128::MAX } else { i128::MIN })
                };
                let mut found = Possible::never();
                for (low, high) in &a.keys {
                    for (first, last) in &b.keys {
                        let ends = [
                            product(*low, *first),
                            product(*low, *last),
                            product(*high, *first),
                            product(*high, *last),
                        ];
                        let least = ends.iter().copied().min().unwrap_or(0);
                        found.keys.push((least, ends.iter().copied().max().unwrap_or(0)));
                    }
                }
                found.tidy();
                found
            }
            ArithmeticOperator::Divide => return Possible::any_number(),
        };
        found.missing = missing || found.ends().is_some_and(|(low, high)| low < -limit || high > limit);
        found
    }

    /// The clamp of a node, unless it does not count.
    fn clamp(&self, id: NodeId, clamp: Clamp) -> Clamp {
        if self.unclamped == Some(id) { Clamp::default() } else { clamp }
    }

    /// The points of rules: missing ones, and those past the range, count nothing.
    fn award(&mut self, points: NodeId) -> Possible {
        let mut value = self.value(points);
        let limit = Fixed::MAX.units();
        if value.missing || value.ends().is_some_and(|(low, high)| low < -limit || high > limit) {
            value.missing = false;
            value.keys.push((0, 0));
            value.tidy();
            value.keys.iter_mut().for_each(|(low, high)| (*low, *high) = ((*low).max(-limit), (*high).min(limit)));
        }
        value
    }

    fn indicator(&mut self, indicator: &Indicator, clamp: Clamp) -> Possible {
        let mut total = Possible::key(0);
        let mut first = Possible::never();
        let mut skipped = false;
        for (test, award) in &indicator.rules {
            let truths = self.truths(*test);
            if truths & TRUE == 0 {
                continue;
            }
            match award {
                Award::Skip => skipped = true,
                Award::Points(points) => {
                    let points = self.award(*points);
                    if indicator.sum {
                        let mut with = total.plus(&points);
                        if truths & !TRUE != 0 {
                            with.add(&total);
                        }
                        total = with;
                    } else {
                        first.add(&points);
                    }
                }
            }
            if truths & !TRUE == 0 {
                match (award, indicator.sum) {
                    (Award::Skip, true) => return Possible::missing(),
                    (_, true) => {}
                    (_, false) => {
                        return finish_points(first, skipped, clamp);
                    }
                }
            }
        }
        if !indicator.sum {
            total = first;
            total.add(&Possible::key(0));
        }
        finish_points(total, skipped, clamp)
    }

    /// Σ weight × points: exact when nothing is skipped for certain or kept for certain, else from least to greatest.
    fn score(&mut self, score: &ScoreParts, clamp: Clamp) -> Possible {
        let parts: Vec<(Fixed, Possible)> =
            score.parts.iter().map(|part| (part.weight, self.value(part.node))).collect();
        let undecided = parts.iter().any(|(_, points)| points.missing && !points.keys.is_empty());
        let kept: Vec<&(Fixed, Possible)> = parts.iter().filter(|(_, points)| !points.keys.is_empty()).collect();
        let mut found = if kept.is_empty() {
            Possible::missing()
        } else if undecided {
            possible_averages(score.weighted, &parts)
        } else {
            exact_sums(score.weighted, &kept)
        };
        found.missing |= parts.iter().all(|(_, points)| points.missing || points.keys.is_empty());
        found.mapped(|units| clamp.apply(Fixed::from_units(units)).units())
    }

    /// Looks at nodes in order, each after what it is made of: so that nothing has to be looked up deep down.
    pub(crate) fn fill(&mut self, cone: &[NodeId]) {
        for &id in cone {
            if is_condition(self.picture.rules, id) || self.picture.atom(id).is_some() {
                self.truths(id);
            } else {
                self.value(id);
            }
        }
    }
}

/// Whether a node is a condition that an outcome is made of.
fn is_boolean(node: &Node) -> bool {
    matches!(node, Node::Not(_) | Node::All(_) | Node::Any(_) | Node::AtLeast(..) | Node::IsPresent(_) | Node::Fires(_))
}

/// What `not` makes of truth values.
pub(crate) fn opposite(truths: Truths) -> Truths {
    (truths & UNKNOWN) | (if truths & TRUE == 0 { 0 } else { FALSE }) | if truths & FALSE == 0 { 0 } else { TRUE }
}

/// A whole number in units of 10^-12; open ends stay open.
fn in_units(key: i128) -> i128 {
    if key == i128::MIN || key == i128::MAX { key } else { key.saturating_mul(ONE) }
}
