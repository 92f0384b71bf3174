//! Regions: unions of areas, each a set of cells on some axes.
//!
//! Nothing here knows what an axis asks. What is empty here holds for no lead, even where axes depend on each other; what
//! is not empty may still hold for none.

use super::budget::{Budget, Exhausted};
use crate::grid::{AxisId, Cells, Conjunction};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Leads whose cells lie in these sets; on every other axis anything. No set is empty, and none is full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Area {
    /// Ascending by axis.
    sides: SmallVec<[(AxisId, Cells); 4]>,
}

/// A union of areas, which may overlap. Without any it is nothing.
pub(crate) type Region = Vec<Area>;

impl Area {
    /// The area of a box; nothing when it holds nothing.
    pub(crate) fn of(conjunction: &Conjunction, cells: &[Cells]) -> Option<Area> {
        let mut area = Area::default();
        for (axis, literal) in conjunction {
            let side = &cells[literal.index()];
            if side.is_empty() {
                return None;
            }
            if !side.is_full() {
                area.sides.push((*axis, side.clone()));
            }
        }
        Some(area)
    }

    /// What is allowed on each axis that is asked.
    pub(crate) fn sides(&self) -> impl ExactSizeIterator<Item = &(AxisId, Cells)> {
        self.sides.iter()
    }

    /// What is allowed on an axis; nothing when that is everything.
    pub(crate) fn side(&self, axis: AxisId) -> Option<&Cells> {
        let place = self.sides.binary_search_by_key(&axis, |(axis, _)| *axis).ok()?;
        self.sides.get(place).map(|(_, cells)| cells)
    }

    /// Whether it is everything.
    pub(crate) fn is_everything(&self) -> bool {
        self.sides.is_empty()
    }

    /// The same, with an axis restricted to some cells besides; nothing when that leaves nothing.
    pub(crate) fn restricted(&self, axis: AxisId, cells: &Cells) -> Option<Area> {
        if cells.is_full() {
            return Some(self.clone());
        }
        let mut area = self.clone();
        match area.sides.binary_search_by_key(&axis, |(axis, _)| *axis) {
            Ok(place) => {
                let side = area.sides[place].1.common(cells);
                if side.is_empty() {
                    return None;
                }
                area.sides[place].1 = side;
            }
            Err(_) if cells.is_empty() => return None,
            Err(place) => area.sides.insert(place, (axis, cells.clone())),
        }
        Some(area)
    }

    /// The same, with anything on an axis.
    pub(crate) fn freed(&self, axis: AxisId) -> Area {
        Area { sides: self.sides.iter().filter(|(own, _)| *own != axis).cloned().collect() }
    }

    /// Both together, where that is an area: they differ on one axis at most.
    pub(crate) fn joined(&self, other: &Area) -> Option<Area> {
        if self.sides.len() != other.sides.len() || self.sides.iter().zip(&other.sides).any(|(a, b)| a.0 != b.0) {
            return None;
        }
        let mut differing = (0..self.sides.len()).filter(|place| self.sides[*place].1 != other.sides[*place].1);
        let (place, None) = (differing.next()?, differing.next()) else { return None };
        let (axis, cells) = &self.sides[place];
        let cells = Cells::any(cells.count(), [cells, &other.sides[place].1].into_iter());
        let mut both = self.freed(*axis);
        if !cells.is_full() {
            both.sides.insert(place, (*axis, cells));
        }
        Some(both)
    }

    /// Whether two areas have something in common.
    pub(crate) fn meets(&self, other: &Area) -> bool {
        self.shared(other).all(|(own, others)| own.first_common(others).is_some())
    }

    /// Whether everything of this area is in the other.
    pub(crate) fn is_within(&self, other: &Area) -> bool {
        other.sides.iter().all(|(axis, cells)| self.side(*axis).is_some_and(|own| own.is_within(cells)))
    }

    /// The sides of axes that both areas ask.
    fn shared<'a>(&'a self, other: &'a Area) -> impl Iterator<Item = (&'a Cells, &'a Cells)> {
        let mut others = other.sides.iter().peekable();
        self.sides.iter().filter_map(move |(axis, cells)| {
            while others.next_if(|(other, _)| other < axis).is_some() {}
            others.next_if(|(other, _)| other == axis).map(|(_, others)| (cells, others))
        })
    }
}

/// What a region makes of boxes.
pub(crate) fn region(boxes: &[Conjunction], cells: &[Cells]) -> Region {
    boxes.iter().filter_map(|conjunction| Area::of(conjunction, cells)).collect()
}

/// The parts of an area that none of the others holds, disjoint: at most so many, so that a caller may ask for one.
pub(crate) fn uncovered(
    area: &Area,
    others: &[&Area],
    most: usize,
    budget: &mut Budget,
) -> Result<Vec<Area>, Exhausted> {
    let mut found = Vec::new();
    let meeting: Vec<&Area> = others.iter().copied().filter(|other| other.meets(area)).collect();
    budget.spend(others.len() + 1)?;
    Sweep { most, budget }.collect(area, &meeting, &mut found)?;
    Ok(found)
}

/// Divides an area along the axis that tells the others apart best, until nothing or everything is left of it.
struct Sweep<'b> {
    most: usize,
    budget: &'b mut Budget,
}

impl Sweep<'_> {
    fn collect(&mut self, area: &Area, others: &[&Area], found: &mut Vec<Area>) -> Result<(), Exhausted> {
        self.budget.spend(others.len() + 1)?;
        if found.len() >= self.most || others.iter().any(|other| area.is_within(other)) {
            return Ok(());
        }
        if others.len() > FEW
            && let Some((axis, halves)) = halved(area, others, self.budget)?
        {
            for half in halves {
                // neither half is empty
                let Some(half) = area.restricted(axis, &half) else { continue };
                let inside: Vec<&Area> = others.iter().copied().filter(|other| other.meets(&half)).collect();
                self.collect(&half, &inside, found)?;
            }
            return Ok(());
        }
        let Some(axis) = dividing(area, others) else {
            found.push(area.clone());
            return Ok(());
        };
        for (cells, active) in slabs(area.side(axis), axis, others, self.budget)? {
            // none of the slabs is empty
            let Some(slab) = area.restricted(axis, &cells) else { continue };
            let active: Vec<&Area> = active.iter().map(|&index| others[index as usize]).collect();
            self.collect(&slab, &active, found)?;
        }
        Ok(())
    }
}

/// The axis that divides some areas best inside another: where the slabs hold the fewest of them on average. Nothing
/// when they all hold the whole of it on every axis.
fn dividing(area: &Area, others: &[&Area]) -> Option<AxisId> {
    // by axis: how many ask it, and which shares of its cells they take
    let mut asked: FxHashMap<AxisId, (usize, usize)> = FxHashMap::default();
    for other in others {
        for (axis, cells) in &other.sides {
            if area.side(*axis).is_none_or(|own| !own.is_within(cells)) {
                let (count, share) = asked.entry(*axis).or_default();
                *count += 1;
                *share += cells.len() * 1024 / cells.count().max(1);
            }
        }
    }
    let mut asked: Vec<(AxisId, (usize, usize))> = asked.into_iter().collect();
    asked.sort_unstable();
    let cost = |(count, share): (usize, usize)| (others.len() - count) * 1024 + share;
    asked.into_iter().min_by_key(|(axis, asked)| (cost(*asked), *axis)).map(|(axis, _)| axis)
}

/// The axis and the cut that part some areas best inside another, as the cells before and behind it. Nothing when every cut
/// leaves most of them on both sides.
fn halved(area: &Area, others: &[&Area], budget: &mut Budget) -> Result<Option<(AxisId, [Cells; 2])>, Exhausted> {
    let mut axes: Vec<AxisId> = others.iter().flat_map(|other| other.sides.iter().map(|(axis, _)| *axis)).collect();
    axes.sort_unstable();
    axes.dedup();
    budget.spend(others.len() * axes.len())?;
    let mut best: Option<(usize, AxisId, usize, usize)> = None;
    for axis in axes {
        let count = others.iter().find_map(|other| other.side(axis)).map_or(0, Cells::count);
        let all = Cells::all(count);
        let (first, end) = hull(area.side(axis).unwrap_or(&all));
        let mut starts: Vec<usize> = Vec::with_capacity(others.len());
        let mut ends: Vec<usize> = Vec::with_capacity(others.len());
        for other in others {
            let (start, last) = other.side(axis).map_or((first, end), hull);
            starts.push(start.max(first));
            ends.push(last.min(end));
        }
        starts.sort_unstable();
        ends.sort_unstable();
        // where about half of them begin, or end
        for part in [4, 3, 2] {
            let place = others.len() / part;
            for cut in [starts[place], ends[place], starts[others.len() - 1 - place], ends[others.len() - 1 - place]] {
                if cut > first && cut < end {
                    let before = starts.partition_point(|start| *start < cut);
                    let behind = ends.len() - ends.partition_point(|end| *end <= cut);
                    let cost = before * before + behind * behind;
                    if best.is_none_or(|(least, ..)| cost < least) {
                        best = Some((cost, axis, cut, count));
                    }
                }
            }
        }
    }
    let most = others.len() * others.len() * 3 / 2;
    Ok(best.filter(|(cost, ..)| *cost < most).map(|(_, axis, cut, count)| {
        let mut before = Cells::none(count);
        before.insert(0..cut);
        let behind = Cells::all(count).without(&before);
        (axis, [before, behind])
    }))
}

/// From the first cell of a set to behind its last.
fn hull(cells: &Cells) -> (usize, usize) {
    (cells.first().unwrap_or(0), cells.runs().last().map_or(0, |run| run.end))
}

/// The cells of an axis, cut where some areas begin and end: each slab with the areas that hold it. Slabs of the same
/// areas are one.
type Slabs = Vec<(Cells, Vec<u32>)>;

fn slabs(side: Option<&Cells>, axis: AxisId, others: &[&Area], budget: &mut Budget) -> Result<Slabs, Exhausted> {
    let count = others.iter().find_map(|other| other.side(axis)).map_or(0, Cells::count);
    let all = Cells::all(count);
    let side = side.unwrap_or(&all);
    // what begins and ends where, by the place of the area
    let mut events: Vec<(usize, bool, u32)> = Vec::new();
    let mut always: Vec<u32> = Vec::new();
    for (index, other) in (0_u32..).zip(others) {
        match other.side(axis) {
            None => always.push(index),
            Some(cells) => {
                for run in cells.runs() {
                    events.push((run.start, true, index));
                    events.push((run.end, false, index));
                }
            }
        }
    }
    for run in side.runs() {
        events.push((run.start, true, u32::MAX));
        events.push((run.end, false, u32::MAX));
    }
    events.sort_unstable();
    let mut active: std::collections::BTreeSet<u32> = std::collections::BTreeSet::new();
    let mut places: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
    let mut found: Slabs = Vec::new();
    let mut start = 0;
    for chunk in events.chunk_by(|one, next| one.0 == next.0) {
        let here = chunk[0].0;
        if here > start && active.contains(&u32::MAX) {
            let mut holding: Vec<u32> = active.iter().copied().filter(|index| *index != u32::MAX).collect();
            budget.spend(holding.len() + always.len() + 1)?;
            holding.extend(&always);
            holding.sort_unstable();
            match places.get(&holding) {
                Some(&place) => found[place].0.insert(start..here),
                None => {
                    let mut cells = Cells::none(count);
                    cells.insert(start..here);
                    places.insert(holding.clone(), found.len());
                    found.push((cells, holding));
                }
            }
        }
        for (_, begins, index) in chunk {
            if *begins {
                active.insert(*index);
            } else {
                active.remove(index);
            }
        }
        start = here;
    }
    Ok(found)
}

/// Calls `visit` with the places of every two areas that meet, each pair once, the smaller place first. Nothing more is
/// visited once `visit` says no.
pub(crate) fn pairs(
    areas: &[&Area],
    budget: &mut Budget,
    visit: &mut impl FnMut(usize, usize) -> bool,
) -> Result<(), Exhausted> {
    let places: Vec<u32> = (0_u32..).take(areas.len()).collect();
    Pairs { areas, budget }.visit(&Area::default(), &places, visit).map(drop)
}

/// Few enough to be compared one with another.
const FEW: usize = 12;

struct Pairs<'a, 'b> {
    areas: &'a [&'a Area],
    budget: &'b mut Budget,
}

impl Pairs<'_, '_> {
    /// Visits the pairs whose common cells begin inside of an area.
    fn visit(
        &mut self,
        area: &Area,
        places: &[u32],
        visit: &mut impl FnMut(usize, usize) -> bool,
    ) -> Result<bool, Exhausted> {
        if places.len() <= FEW {
            return self.compare(area, places, visit);
        }
        let areas: Vec<&Area> = places.iter().map(|&place| self.areas[place as usize]).collect();
        if let Some((axis, halves)) = halved(area, &areas, self.budget)? {
            for half in halves {
                // neither half is empty
                let Some(half) = area.restricted(axis, &half) else { continue };
                let meets = |place: &u32| self.areas[*place as usize].meets(&half);
                let inside: Vec<u32> = places.iter().copied().filter(meets).collect();
                if !self.visit(&half, &inside, visit)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let Some(axis) = dividing(area, &areas) else { return self.compare(area, places, visit) };
        for (cells, active) in slabs(area.side(axis), axis, &areas, self.budget)? {
            if active.len() < 2 {
                continue;
            }
            let inside: Vec<u32> = active.iter().map(|&index| places[index as usize]).collect();
            // none of the slabs is empty
            let Some(slab) = area.restricted(axis, &cells) else { continue };
            if !self.visit(&slab, &inside, visit)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn compare(
        &mut self,
        area: &Area,
        places: &[u32],
        visit: &mut impl FnMut(usize, usize) -> bool,
    ) -> Result<bool, Exhausted> {
        for (index, &one) in places.iter().enumerate() {
            self.budget.spend(places.len() - index)?;
            for &next in &places[index + 1..] {
                let (a, b) = (self.areas[one as usize], self.areas[next as usize]);
                if a.meets(b) && begins_in(area, a, b) && !visit(one.min(next) as usize, one.max(next) as usize) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// Whether the common cells of two areas begin inside of a third, on every axis that it asks.
fn begins_in(area: &Area, a: &Area, b: &Area) -> bool {
    area.sides.iter().all(|(axis, cells)| {
        let first = match (a.side(*axis), b.side(*axis)) {
            (Some(one), Some(other)) => one.first_common(other),
            (Some(only), None) | (None, Some(only)) => only.first(),
            (None, None) => Some(0),
        };
        first.is_some_and(|first| cells.contains(first))
    })
}
