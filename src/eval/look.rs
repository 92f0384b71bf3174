//! Looking up what holds where a lead is: rows of bits, first rules, sums of tables.

use super::bits::Bits;
use super::number::fixed;
use super::text;
use crate::hir::Rules;
use crate::lead::reading::{Datum, Formed};
use crate::program::{Entry, Finder, Grid, Ledger, NONE, Predicate, Rows, Ruling, Search, Sparse, TagStep, count_cuts};
use crate::time::{At, day_number};
use crate::value::text::{exact_of, normal_of, searchable_of};
use std::ops::Range;

/// Room for what is put together on the way.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// Where the row of each group of axes starts.
    rows: Vec<usize>,
    /// A row of an axis with many cells.
    row: Vec<u64>,
    /// Forms of a text that was not read beforehand.
    normal: String,
    searchable: String,
}

/// The boxes of a grid that hold. Axes of conditions are only asked, by `cell`, for the conditions (as bits) on which a box
/// that is still live depends.
#[inline]
pub(super) fn look(
    grid: &Grid,
    cells: &[u32],
    room: &mut Room,
    live: &mut Vec<u64>,
    mut cell: impl FnMut(u32, u32, &mut Room) -> u32,
) {
    live.clear();
    match &grid.rows {
        Rows::None => {}
        Rows::Word { live: all, axes, words, lazy } => {
            let mut word = *all;
            for (axis, start) in axes {
                word &= words[(start + cells[*axis as usize]) as usize];
            }
            for lazy in lazy {
                word &= words[(lazy.start + cell(lazy.axis, asked(&lazy.asking, word), room)) as usize];
            }
            live.push(word);
        }
        Rows::Chunks { live: all, groups, chunks, sparse } => {
            room.rows.clear();
            room.rows.extend(groups.iter().map(|group| {
                let row: u32 = group.axes.iter().map(|(axis, stride)| cells[*axis as usize] * stride).sum();
                group.start as usize + row as usize * all.len()
            }));
            for (index, all) in all.iter().enumerate() {
                let mut left = *all;
                for row in &room.rows {
                    left.iter_mut().zip(&chunks[row + index]).for_each(|(left, row)| *left &= row);
                }
                live.extend_from_slice(&left);
            }
            for axis in sparse {
                take_away(axis, cells[axis.axis as usize] as usize, all.len(), &mut room.row, live);
            }
        }
    }
}

/// Takes away the boxes that an axis with many cells does not let through.
fn take_away(axis: &Sparse, cell: usize, width: usize, row: &mut Vec<u64>, live: &mut [u64]) {
    let Some((checkpoint, end)) = axis.cells.get(cell) else { return };
    let checkpoint = *checkpoint as usize;
    row.clear();
    row.extend(axis.checkpoints[checkpoint * width..(checkpoint + 1) * width].iter().flatten());
    for bit in &axis.changes[axis.starts[checkpoint] as usize..*end as usize] {
        row[*bit as usize / 64] ^= 1 << (bit % 64);
    }
    live.iter_mut().zip(row).for_each(|(live, row)| *live &= *row);
}

/// The cell of a value. Of conditions it is only whether there is a value.
pub(super) fn cell(finder: &Finder, value: Datum<'_>, labels: &[u32], at: &At) -> u32 {
    match (finder, value) {
        (_, Datum::Missing) => 0,
        (Finder::Presence, _) => 1,
        (Finder::Truth, Datum::Bool(truth)) => 1 + u32::from(truth),
        (Finder::Bool(cells), Datum::Bool(truth)) => cells[usize::from(truth)],
        (Finder::Labels(cells), Datum::Label(label)) => {
            cells.get(label as usize).or(cells.last()).copied().unwrap_or(1)
        }
        (Finder::Ints(cuts), Datum::Int(value)) => count_cuts(cuts, value),
        (Finder::Units(cuts), value) => fixed(value).map_or(0, |value| count_cuts(cuts, value.units())),
        (Finder::Floats(cuts), Datum::Float(value)) => count_cuts(cuts, crate::grid::float_key(value)),
        (Finder::Days(cuts), value) => at.date(value).map_or(0, |date| count_cuts(cuts, day_number(date))),
        (Finder::Instants(cuts), Datum::Instant(instant)) => count_cuts(cuts, instant.as_nanosecond()),
        (Finder::Texts(texts), Datum::Text(text)) => texts.cell(text.normal()),
        (Finder::Texts(texts), Datum::Raw(text)) => texts.cell(normal_of(text, &mut String::new())),
        (Finder::Codes(texts), Datum::Code(text)) => texts.cell(text.exact()),
        (Finder::Codes(texts), Datum::RawCode(text)) => texts.cell(exact_of(text)),
        (Finder::Members(bits), Datum::Labels(range)) => {
            let labels = labels.get(range.start as usize..range.end as usize).unwrap_or_default();
            let bits = labels.iter().fold(0, |found, label| found | bits.get(*label as usize).copied().unwrap_or(0));
            1 + bits
        }
        _ => 0,
    }
}

/// The cell of conditions on a value: a bit for each that is true, of those that are asked. `holds` decides what is decided
/// by more than a text.
#[inline]
pub(super) fn conditions(
    conditions: &[Predicate],
    value: Datum<'_>,
    room: &mut Room,
    asked: u32,
    rules: &Rules,
    holds: impl Fn(&Predicate, Datum<'_>) -> bool,
) -> u32 {
    match value {
        Datum::Missing => 0,
        _ if asked == 0 => 1,
        Datum::Raw(text) => {
            let Room { normal, searchable, .. } = room;
            let normal = normal_of(text, normal);
            // what is its own normal form has no other form either
            let is_same = normal.len() == text.len() && std::ptr::eq(normal, text);
            let searchable = if is_same { text } else { searchable_of(text, searchable) };
            let value = Datum::Formed(&Formed { normal, searchable });
            1 + holding(conditions, normal, value, asked, rules, holds)
        }
        value => 1 + holding(conditions, text::form(value).unwrap_or_default(), value, asked, rules, holds),
    }
}

/// A bit for each condition that is true, of those that are asked.
#[inline]
fn holding(
    conditions: &[Predicate],
    form: &str,
    value: Datum<'_>,
    mut asked: u32,
    rules: &Rules,
    holds: impl Fn(&Predicate, Datum<'_>) -> bool,
) -> u32 {
    let is_in = |finder: &memchr::memmem::Finder<'_>| finder.find(form.as_bytes()).is_some();
    let mut bits = 0;
    while let Some(condition) = conditions.get(asked.trailing_zeros() as usize) {
        let holds = match &condition.search {
            Search::Any(finders) => finders.iter().any(is_in),
            Search::All(finders) => finders.iter().all(is_in),
            Search::Text => text::decide(rules, rules.nodes.get(condition.node), value) == Some(true),
            Search::Value => holds(condition, value),
        };
        let lowest = asked & asked.wrapping_neg();
        bits |= if holds { lowest } else { 0 };
        asked ^= lowest;
    }
    bits
}

/// The conditions of a slice on which a box that is still live depends, as bits.
#[inline]
pub(super) fn asked(asking: &[u64], live: u64) -> u32 {
    asking.iter().rev().fold(0, |asked, boxes| asked << 1 | u32::from(live & boxes != 0))
}

/// The bits of a word in a stretch that is counted from a place; all lie in the word.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a place in a word")]
fn stretch(word: u64, from: usize, start: u32, end: u32) -> u64 {
    if start == end {
        return 0;
    }
    let (start, length) = (from as u32 + start, end - start);
    word & (u64::MAX >> (64 - length)) << start
}

/// Where a lead is, and what holds there.
#[derive(Clone, Copy)]
pub(super) struct Standing<'s> {
    pub(super) grids: &'s [Grid],
    pub(super) cells: &'s [u32],
    pub(super) live: &'s [Vec<u64>],
}

impl<'s> Standing<'s> {
    /// The first rule that fires, or none.
    #[inline]
    pub(super) fn first(self, ruling: &Ruling) -> u32 {
        match ruling {
            Ruling::Fixed(rule) => *rule,
            Ruling::Cells(axis, rules) => rules[self.cells[*axis as usize] as usize],
            Ruling::Boxes(grid, range) => match self.live[*grid as usize].as_slice() {
                [word] => {
                    let found = &self.grids[*grid as usize];
                    let within = stretch(*word, found.owned_from, range.start, range.end);
                    if within == 0 { NONE } else { found.owner(within.trailing_zeros() as usize) }
                }
                _ => self.owners(*grid, range).next().unwrap_or(NONE),
            },
        }
    }

    /// The owners of the boxes that hold, ascending.
    #[inline]
    fn owners(self, grid: u32, range: &Range<u32>) -> impl Iterator<Item = u32> + use<'s> {
        let found = &self.grids[grid as usize];
        let from = found.owned_from;
        let live = &self.live[grid as usize];
        Bits::between(live, from + range.start as usize, from + range.end as usize).map(|bit| found.owner(bit))
    }

    /// The rules that fire of an indicator.
    pub(super) fn fired(self, ruling: &Ruling, sum: bool) -> impl Iterator<Item = u32> + use<'s> {
        let (single, several) = match ruling {
            Ruling::Boxes(grid, range) if sum => (None, Some(self.owners(*grid, range))),
            ruling => (Some(self.first(ruling)).filter(|rule| *rule != NONE), None),
        };
        single.into_iter().chain(several.into_iter().flatten())
    }

    /// The sum of what the indicators of a score add.
    #[inline]
    pub(super) fn sum(self, ledger: &Ledger) -> Entry {
        let mut sum = ledger.base;
        let mut add = |entry: &Entry| sum.iter_mut().zip(entry).for_each(|(sum, part)| *sum += part);
        for (axis, start) in &ledger.tables {
            add(&ledger.entries[(start + self.cells[*axis as usize]) as usize]);
        }
        for rated in &ledger.rated {
            let missing = self.first(&rated.missing);
            let entry = if rated.sum {
                rated.scale.entry(self.fired(&rated.fired, true), missing)
            } else {
                let fired = Some(self.first(&rated.fired)).filter(|rule| *rule != NONE);
                rated.scale.entry(fired.into_iter(), missing)
            };
            add(&entry);
        }
        sum
    }

    /// The bits of the labels that boxes give.
    #[inline]
    pub(super) fn give(self, tags: &TagStep, words: &mut [u64]) {
        let (grid, live) = (&self.grids[tags.grid as usize], &self.live[tags.grid as usize]);
        let from = grid.owned_from;
        if let ([live], [word]) = (live.as_slice(), &mut *words) {
            *word = stretch(*live, 0, tags.start, tags.start + tags.labels) >> tags.start;
            let mut further = stretch(*live, from, tags.further.0, tags.further.1);
            while further != 0 {
                *word |= 1 << grid.owner(further.trailing_zeros() as usize);
                further &= further - 1;
            }
            return;
        }
        super::bits::copy_bits(live, tags.start as usize, tags.labels as usize, words);
        for bit in Bits::between(live, from + tags.further.0 as usize, from + tags.further.1 as usize) {
            let label = grid.owner(bit) as usize;
            words[label / 64] |= 1 << (label % 64);
        }
    }
}
