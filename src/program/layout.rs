//! Rows of bits: for each cell of each axis, which boxes it lets through.

use super::locator::Locators;
use crate::grid::{Axes, AxisId, Cells, Conjunction, Space};
use smallvec::SmallVec;

/// Bits of this many boxes are looked at together.
pub(crate) const CHUNK: usize = 512;

/// The bits of so many boxes.
pub(crate) type Chunk = [u64; CHUNK / 64];

/// Axes are joined into one as long as it has at most this many cells.
const FUSED: usize = 64;
/// An axis with more cells keeps what changes between its cells rather than a row for each, if the rows would be large.
const DENSE_CELLS: usize = 1_024;
/// Rows of an axis may take this many bytes, however many cells there are.
const DENSE_BYTES: usize = 1 << 18;
/// Dense rows of a grid may take this many bytes in all.
const ROWS_BYTES: usize = 64 << 20;

/// The boxes of one stage, and the rows that tell which hold.
#[derive(Debug)]
pub(crate) struct Grid {
    pub(crate) rows: Rows,
    /// What the boxes from this one on belong to: a rule, or a label. Those before it are labels in order.
    pub(crate) owned_from: usize,
    pub(crate) owners: Box<[u32]>,
}

/// Rows, laid out by how many boxes there are.
#[derive(Debug)]
pub(crate) enum Rows {
    /// No boxes at all.
    None,
    /// At most 64 boxes: a word per cell.
    Word {
        /// The boxes.
        live: u64,
        /// Each axis with where its words start.
        axes: Box<[(u32, u32)]>,
        words: Box<[u64]>,
        /// Axes of conditions that are only computed when a box that is still live asks them.
        lazy: Box<[LazyAxis]>,
    },
    /// Any number of boxes: rows of chunks.
    Chunks {
        /// The boxes, and so the length of a row.
        live: Box<[Chunk]>,
        groups: Box<[Group]>,
        chunks: Box<[Chunk]>,
        sparse: Box<[Sparse]>,
    },
}

/// An axis whose conditions are computed if needed.
#[derive(Clone, Debug)]
pub(crate) struct LazyAxis {
    pub(crate) axis: u32,
    pub(crate) start: u32,
    /// For each condition of the slice the boxes that depend on it.
    pub(crate) asking: Box<[u64]>,
}

/// Axes whose cells together choose a row.
#[derive(Debug)]
pub(crate) struct Group {
    /// Each with how many rows one of its cells is worth.
    pub(crate) axes: SmallVec<[(u32, u32); 2]>,
    /// The first chunk of the first row.
    pub(crate) start: u32,
}

/// An axis with many cells: rows of some of them, and the boxes that change from each cell to the next.
#[derive(Debug)]
pub(crate) struct Sparse {
    pub(crate) axis: u32,
    /// Rows of every so many cells…
    pub(crate) checkpoints: Box<[Chunk]>,
    /// … and for each cell which checkpoint it starts from, and up to which change.
    pub(crate) cells: Box<[(u32, u32)]>,
    /// Where the changes of each checkpoint start.
    pub(crate) starts: Box<[u32]>,
    /// Boxes that begin or end to hold.
    pub(crate) changes: Box<[u32]>,
}

/// Boxes in the order of their bits; a bit whose box is empty never holds.
pub(super) struct Laid<'c> {
    pub(super) boxes: Vec<Option<Conjunction>>,
    pub(super) owned_from: usize,
    pub(super) owners: Vec<u32>,
    pub(super) axes: &'c Axes,
    pub(super) cells: &'c [Cells],
}

impl Laid<'_> {
    /// The rows. Axes whose cell has to be known in any case are not lazy.
    pub(super) fn lay(self, locators: &mut Locators<'_>, known: impl Fn(AxisId) -> bool) -> Grid {
        let mut asked: Vec<AxisId> = self.boxes.iter().flatten().flatten().map(|(axis, _)| *axis).collect();
        asked.sort_unstable();
        asked.dedup();
        let rows = match self.boxes.len() {
            0 => Rows::None,
            1..=64 => self.word(&asked, locators, known),
            _ => self.chunks(&asked, locators),
        };
        Grid { rows, owned_from: self.owned_from, owners: self.owners.into() }
    }

    fn word(&self, asked: &[AxisId], locators: &mut Locators<'_>, known: impl Fn(AxisId) -> bool) -> Rows {
        let (mut axes, mut words, mut lazy) = (Vec::new(), Vec::new(), Vec::new());
        for &id in asked {
            let axis = self.axes.get(id);
            let start = u32::try_from(words.len()).unwrap_or(u32::MAX);
            let row = words.len();
            words.resize(row + axis.count(), 0);
            let all = (0..).zip(&self.boxes);
            for (bit, found) in all.filter_map(|(bit, found)| Some((bit, found.as_ref()?))) {
                let literal = found.iter().find(|(asked, _)| *asked == id).map(|(_, literal)| *literal);
                let runs: SmallVec<[_; 4]> = match literal {
                    Some(literal) => self.cells[literal.index()].runs().collect(),
                    None => std::iter::once(0..axis.count()).collect(),
                };
                for run in runs {
                    words[row..][run].iter_mut().for_each(|word| *word |= 1_u64 << bit);
                }
            }
            if matches!(axis.space, Space::Predicates(_)) && !known(id) {
                let asking = (0..axis.slice.len()).map(|bit| asking(&words[row + 1..], bit)).collect();
                lazy.push(LazyAxis { axis: locators.place_if_asked(id), start, asking });
            } else {
                axes.push((locators.place(id), start));
            }
        }
        let live =
            (0..).zip(&self.boxes).filter(|(_, found)| found.is_some()).fold(0, |live, (bit, _)| live | 1 << bit);
        Rows::Word { live, axes: axes.into(), words: words.into(), lazy: lazy.into() }
    }

    fn chunks(&self, asked: &[AxisId], locators: &mut Locators<'_>) -> Rows {
        let width = self.boxes.len().div_ceil(CHUNK);
        let (dense, spread) = self.divide(asked, width);
        let mut live = vec![Chunk::default(); width];
        for (bit, _) in self.boxes.iter().enumerate().filter(|(_, found)| found.is_some()) {
            set(&mut live, bit);
        }
        let constraints = self.by_axis();
        let (mut groups, mut chunks) = (Vec::new(), Vec::new());
        for members in fuse(self.axes, dense) {
            let start = chunks.len();
            let rows: usize = members.iter().map(|id| self.axes.get(*id).count()).product();
            chunks.resize(start + rows * width, Chunk::default());
            let (mut stride, mut axes) = (1, SmallVec::new());
            for id in &members {
                axes.push((locators.place(*id), stride));
                stride *= u32::try_from(self.axes.get(*id).count()).unwrap_or(u32::MAX);
            }
            self.fill(&members, &constraints, width, &mut chunks[start..]);
            groups.push(Group { axes, start: u32::try_from(start).unwrap_or(u32::MAX) });
        }
        let sparse = spread.iter().map(|id| self.sparse(*id, &constraints, width, locators)).collect();
        Rows::Chunks { live: live.into(), groups: groups.into(), chunks: chunks.into(), sparse }
    }

    /// Which axes get a row for each cell, and which do not.
    fn divide(&self, asked: &[AxisId], width: usize) -> (Vec<AxisId>, Vec<AxisId>) {
        let bytes = |id: &AxisId| self.axes.get(*id).count() * width * size_of::<Chunk>();
        let large = |id: &AxisId| self.axes.get(*id).count() > DENSE_CELLS && bytes(id) > DENSE_BYTES;
        let (mut spread, mut dense): (Vec<AxisId>, Vec<AxisId>) = asked.iter().copied().partition(large);
        dense.sort_by_key(|id| std::cmp::Reverse(bytes(id)));
        let mut total: usize = dense.iter().map(bytes).sum();
        let mut kept = Vec::with_capacity(dense.len());
        for id in dense {
            if total > ROWS_BYTES {
                total -= bytes(&id);
                spread.push(id);
            } else {
                kept.push(id);
            }
        }
        (kept, spread)
    }

    /// The boxes that ask each axis, ascending, with the cells that they let through.
    fn by_axis(&self) -> Vec<Vec<(u32, u32)>> {
        let mut found = vec![Vec::new(); self.axes.len()];
        for (bit, conjunction) in (0..).zip(&self.boxes) {
            for (axis, literal) in conjunction.iter().flatten() {
                found[axis.index()].push((bit, literal.0));
            }
        }
        found
    }

    /// Fills the rows of axes that are joined, one chunk of boxes after the other.
    fn fill(&self, members: &[AxisId], constraints: &[Vec<(u32, u32)>], width: usize, rows: &mut [Chunk]) {
        let mut columns: Vec<_> = members
            .iter()
            .map(|id| {
                let column = vec![Chunk::default(); self.axes.get(*id).count()];
                (column, constraints[id.index()].iter().peekable())
            })
            .collect();
        for chunk in 0..width {
            for (column, asking) in &mut columns {
                let mut free = [u64::MAX; CHUNK / 64];
                column.fill(Chunk::default());
                while let Some((bit, literal)) = asking.next_if(|(bit, _)| *bit as usize / CHUNK == chunk) {
                    let (word, bit) = (*bit as usize % CHUNK / 64, 1_u64 << (bit % 64));
                    free[word] &= !bit;
                    for run in self.cells[*literal as usize].runs() {
                        column[run].iter_mut().for_each(|cell| cell[word] |= bit);
                    }
                }
                for cell in column {
                    cell.iter_mut().zip(free).for_each(|(word, free)| *word |= free);
                }
            }
            for (row, place) in rows.chunks_exact_mut(width).enumerate() {
                let mut rest = row;
                place[chunk] = [u64::MAX; CHUNK / 64];
                for (column, _) in &columns {
                    let cell = &column[rest % column.len()];
                    rest /= column.len();
                    place[chunk].iter_mut().zip(cell).for_each(|(word, cell)| *word &= cell);
                }
            }
        }
    }

    /// An axis with more cells than rows are kept for.
    fn sparse(&self, id: AxisId, constraints: &[Vec<(u32, u32)>], width: usize, locators: &mut Locators<'_>) -> Sparse {
        let count = self.axes.get(id).count();
        let mut at_cell: Vec<(u32, u32)> = Vec::new();
        let mut row = vec![[u64::MAX; CHUNK / 64]; width];
        for (bit, literal) in &constraints[id.index()] {
            clear(&mut row, *bit as usize);
            for run in self.cells[*literal as usize].runs() {
                let cell = |cell: usize| u32::try_from(cell).unwrap_or(u32::MAX);
                at_cell.push((cell(run.start), *bit));
                if run.end < count {
                    at_cell.push((cell(run.end), *bit));
                }
            }
        }
        at_cell.sort_unstable();
        // a checkpoint costs as much as the changes that follow it
        let spacing = (width * CHUNK / 64).max(64);
        let (mut checkpoints, mut starts, mut cells) = (Vec::new(), Vec::new(), Vec::with_capacity(count));
        let mut changes: Vec<u32> = Vec::with_capacity(at_cell.len());
        let mut pending = at_cell.iter().peekable();
        for cell in 0..count {
            let before = changes.len();
            while let Some((_, bit)) = pending.next_if(|(at, _)| *at as usize == cell) {
                changes.push(*bit);
                flip(&mut row, *bit as usize);
            }
            let last = starts.last().copied().unwrap_or(0) as usize;
            if cell == 0 || (changes.len() - last > spacing && changes.len() > before) {
                checkpoints.extend_from_slice(&row);
                starts.push(u32::try_from(changes.len()).unwrap_or(u32::MAX));
            }
            let checkpoint = u32::try_from(starts.len() - 1).unwrap_or(u32::MAX);
            cells.push((checkpoint, u32::try_from(changes.len()).unwrap_or(u32::MAX)));
        }
        Sparse {
            axis: locators.place(id),
            checkpoints: checkpoints.into(),
            cells: cells.into(),
            starts: starts.into(),
            changes: changes.into(),
        }
    }
}

/// The boxes whose bits differ between cells that differ in one condition.
fn asking(cells: &[u64], bit: usize) -> u64 {
    (0..cells.len())
        .filter(|cell| cell >> bit & 1 == 0)
        .fold(0, |asking, cell| asking | (cells[cell] ^ cells.get(cell | 1 << bit).copied().unwrap_or(cells[cell])))
}

fn set(row: &mut [Chunk], bit: usize) {
    row[bit / CHUNK][bit % CHUNK / 64] |= 1 << (bit % 64);
}

fn clear(row: &mut [Chunk], bit: usize) {
    row[bit / CHUNK][bit % CHUNK / 64] &= !(1 << (bit % 64));
}

fn flip(row: &mut [Chunk], bit: usize) {
    row[bit / CHUNK][bit % CHUNK / 64] ^= 1 << (bit % 64);
}

/// Small axes together, large ones alone.
fn fuse(axes: &Axes, mut ids: Vec<AxisId>) -> Vec<Vec<AxisId>> {
    let count = |id: AxisId| axes.get(id).count();
    ids.sort_by_key(|id| (count(*id), *id));
    let mut groups: Vec<Vec<AxisId>> = Vec::new();
    let mut size = usize::MAX;
    for id in ids {
        match groups.last_mut() {
            Some(group) if size.saturating_mul(count(id)) <= FUSED => {
                group.push(id);
                size *= count(id);
            }
            _ => {
                groups.push(vec![id]);
                size = count(id);
            }
        }
    }
    groups
}

impl Grid {
    /// What a box belongs to.
    pub(crate) fn owner(&self, bit: usize) -> u32 {
        self.owners.get(bit.wrapping_sub(self.owned_from)).copied().unwrap_or(0)
    }

    /// How many bytes the rows take.
    pub(crate) fn bytes(&self) -> usize {
        let rows = match &self.rows {
            Rows::None => 0,
            Rows::Word { axes, words, lazy, .. } => size_of_val(&**axes) + size_of_val(&**words) + size_of_val(&**lazy),
            Rows::Chunks { live, groups, chunks, sparse } => {
                let sparse = sparse.iter().map(|axis| {
                    size_of_val(&*axis.checkpoints)
                        + size_of_val(&*axis.cells)
                        + size_of_val(&*axis.starts)
                        + size_of_val(&*axis.changes)
                });
                size_of_val(&**live) + size_of_val(&**groups) + size_of_val(&**chunks) + sparse.sum::<usize>()
            }
        };
        rows + size_of_val(&*self.owners)
    }
}
