//! The executable form as text, with the names of the rule file: what a person can check.

mod cells;
mod names;

use super::Program;
use super::layout::{Grid, LazyAxis, Rows};
use super::ledger::{Entry, Ledger};
use super::locator::Source;
use super::rating::{Indicating, NONE, Ruling};
use super::whole::{self, Drawing, Step, TagStep, Value, Whole};
use crate::grid::{AxisId, Cells, Conjunction};
use crate::hir::node::Node;
use crate::hir::{NodeId, Rules};
use names::Names;
use std::fmt;
use std::ops::Range;

/// A listing. What was forgotten after compiling is compiled once more.
pub(crate) struct Listing<'r>(pub(crate) &'r Rules, pub(crate) &'r Program);

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, drawing) = whole::draw(self.0);
        let printer = Printer { rules: self.0, whole: &whole, drawing: &drawing, names: Names::new(self.0, &whole) };
        writeln!(f, "axes")?;
        printer.axes(f)?;
        writeln!(f, "\nsteps")?;
        for step in &whole.steps {
            printer.step(f, step)?;
        }
        writeln!(f, "\nlayout")?;
        for (index, grid) in whole.grids.iter().enumerate() {
            printer.layout(f, index, grid)?;
        }
        let short = if self.1.flat.is_some() { "in short, without registers" } else { "step by step" };
        writeln!(f, "  runs {short}; {} registers, {} bytes in all", whole.count, whole.bytes())
    }
}

/// What values and cells are called, as rule files write them: for messages.
pub(crate) struct Words<'w>(Names<'w>);

impl<'w> Words<'w> {
    pub(crate) fn new(rules: &'w Rules, program: &'w Program) -> Words<'w> {
        Words(Names::new(rules, &program.whole))
    }

    /// A value or a condition.
    pub(crate) fn node(&self, node: NodeId) -> String {
        self.0.value(node)
    }

    /// A set of cells of an axis.
    pub(crate) fn cells(&self, axis: &crate::grid::Axis, cells: &Cells) -> String {
        cells::shown(axis, cells, &self.0)
    }
}

/// Rows of a table that are the same are written once, so many cells apart.
type Line = (Cells, String);

struct Printer<'p> {
    rules: &'p Rules,
    whole: &'p Whole,
    drawing: &'p Drawing,
    names: Names<'p>,
}

impl Printer<'_> {
    /// The axis that a locator is for.
    fn located(&self, place: u32) -> AxisId {
        self.drawing.located[place as usize]
    }

    fn subject(&self, axis: AxisId) -> String {
        self.names.value(self.drawing.axes.get(axis).subject)
    }

    fn cells(&self, axis: AxisId, cells: &Cells) -> String {
        cells::shown(self.drawing.axes.get(axis), cells, &self.names)
    }

    fn axes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, locator) in self.whole.locators.iter().enumerate() {
            let id = self.drawing.located[place];
            let axis = self.drawing.axes.get(id);
            let when = match locator.source {
                _ if self.whole.of_fields.iter().any(|it| *it as usize == place) => "",
                Source::Field(_) => ", when asked",
                Source::Register(_) => ", once computed",
            };
            let (subject, space, count) = (self.subject(id), cells::space(axis), axis.count());
            writeln!(f, "  #{place} {subject}: {space}, {count} cells{when}")?;
            writeln!(f, "    {}", cells::division(axis, &self.names))?;
        }
        Ok(())
    }

    /// The box at a bit of a grid.
    fn boxed(&self, grid: u32, bit: usize) -> String {
        let Some(Some(found)) = self.drawing.boxes[grid as usize].get(bit) else { return "never".into() };
        self.conjunction(found)
    }

    fn conjunction(&self, found: &Conjunction) -> String {
        if found.is_empty() {
            return "always".into();
        }
        let literals = found.iter().map(|(axis, literal)| {
            let cells = self.cells(*axis, &self.drawing.cells[literal.index()]);
            let cells = if cells.contains(" | ") { format!("({cells})") } else { cells };
            format!("{} in {cells}", self.subject(*axis))
        });
        literals.collect::<Vec<_>>().join(" and ")
    }

    /// Equal results of the cells of an axis, together.
    fn table(&self, axis: AxisId, result: impl Iterator<Item = String>) -> Vec<String> {
        let count = self.drawing.axes.get(axis).count();
        let mut lines: Vec<Line> = Vec::new();
        for (cell, result) in result.enumerate() {
            match lines.iter_mut().find(|(_, known)| *known == result) {
                Some((cells, _)) => cells.insert(cell..cell + 1),
                None => {
                    let mut cells = Cells::none(count);
                    cells.insert(cell..cell + 1);
                    lines.push((cells, result));
                }
            }
        }
        lines.into_iter().map(|(cells, result)| format!("{} => {result}", self.cells(axis, &cells))).collect()
    }

    /// Which rule fires where.
    fn ruling(&self, f: &mut fmt::Formatter<'_>, ruling: &Ruling, result: &dyn Fn(u32) -> String) -> fmt::Result {
        let result = |rule: u32| if rule == NONE { "none".to_owned() } else { result(rule) };
        match ruling {
            Ruling::Fixed(rule) => writeln!(f, "    always => {}", result(*rule)),
            Ruling::Cells(place, rules) => {
                let axis = self.located(*place);
                writeln!(f, "    by the cell of #{place} {}", self.subject(axis))?;
                let lines = self.table(axis, rules.iter().map(|rule| result(*rule)));
                lines.iter().try_for_each(|line| writeln!(f, "      {line}"))
            }
            Ruling::Boxes(grid, range) => {
                writeln!(f, "    by boxes {} of grid {grid}", self.bits(*grid, range))?;
                self.owned(f, *grid, range, &result)
            }
        }
    }

    /// From which bit to before which.
    fn bits(&self, grid: u32, range: &Range<u32>) -> String {
        let from = self.whole.grids[grid as usize].owned_from;
        format!("{}..{}", from + range.start as usize, from + range.end as usize)
    }

    fn owned(
        &self,
        f: &mut fmt::Formatter<'_>,
        grid: u32,
        range: &Range<u32>,
        result: &dyn Fn(u32) -> String,
    ) -> fmt::Result {
        let found = &self.whole.grids[grid as usize];
        for bit in range.clone() {
            let bit = found.owned_from + bit as usize;
            writeln!(f, "      {} => {}", self.boxed(grid, bit), result(found.owner(bit)))?;
        }
        Ok(())
    }

    fn kept(&self, value: Value, like: NodeId) -> String {
        match value {
            Value::Constant(node) => self.names.constant(node, self.names.choice(like).as_deref()),
            Value::Register(register) => self.names.register(register),
        }
    }

    fn step(&self, f: &mut fmt::Formatter<'_>, step: &Step) -> fmt::Result {
        match step {
            Step::Compute(node, into) => {
                writeln!(f, "  {} = {}", self.names.register(*into), self.names.expression(*node))
            }
            Step::Locate(places) => {
                let places: Vec<String> = places.iter().map(|it| format!("#{it}")).collect();
                writeln!(f, "  locate {}", places.join(" "))
            }
            Step::Look(grid) => writeln!(f, "  look up grid {grid}"),
            Step::Choose(into, ruling, values) => {
                let like = self.names.node_of(*into);
                writeln!(f, "  {} = the first of {} rules", self.names.register(*into), values.len())?;
                self.ruling(f, ruling, &|rule| {
                    values.get(rule as usize).map_or_else(|| "none".into(), |value| self.kept(*value, like))
                })
            }
            Step::Guard(into, ruling, value) => {
                let inner = self.kept(*value, self.names.node_of(*into));
                writeln!(f, "  {} = guarded", self.names.register(*into))?;
                self.ruling(f, ruling, &|_| inner.clone())
            }
            Step::Points(into, indicator) => self.indicator(f, "points", *into, indicator),
            Step::Covered(into, indicator) => self.indicator(f, "covered", *into, indicator),
            Step::Total(score, coverage, ledger) => {
                writeln!(f, "  {}, {} = sum", self.names.register(*score), self.names.register(*coverage))?;
                self.ledger(f, ledger)
            }
            Step::Tags(tags) => self.tags(f, tags),
        }
    }

    fn indicator(&self, f: &mut fmt::Formatter<'_>, what: &str, into: u32, indicator: &Indicating) -> fmt::Result {
        let how = if indicator.sum { "all rules that fire" } else { "the first rule" };
        writeln!(f, "  {} = {what} by {how}", self.names.register(into))?;
        let like = self.names.node_of(into);
        self.ruling(f, &indicator.fired, &|rule| match indicator.awards.get(rule as usize) {
            Some(Some(value)) => self.kept(*value, like),
            _ => "skip".into(),
        })?;
        if what == "points" {
            return Ok(());
        }
        writeln!(f, "    something is missing, from rule")?;
        self.ruling(f, &indicator.missing, &|rule| (rule + 1).to_string())
    }

    fn entry(ledger: &Ledger, [points, covered, kept]: Entry) -> String {
        let of = |units: i64| crate::value::Fixed::from_units(units.into());
        let points = ledger.close.unit.times(points);
        if ledger.close.weighted {
            format!("{points} points, {} of {} covered", of(covered), of(kept))
        } else {
            format!("{points} points, {covered} of {kept} covered")
        }
    }

    fn ledger(&self, f: &mut fmt::Formatter<'_>, ledger: &Ledger) -> fmt::Result {
        if ledger.base != Entry::default() {
            writeln!(f, "    always => {}", Self::entry(ledger, ledger.base))?;
        }
        for (place, start) in &ledger.tables {
            let axis = self.located(*place);
            writeln!(f, "    by the cell of #{place} {}", self.subject(axis))?;
            let entries = ledger.entries.iter().skip(*start as usize).take(self.drawing.axes.get(axis).count());
            for line in self.table(axis, entries.map(|entry| Self::entry(ledger, *entry))) {
                writeln!(f, "      {line}")?;
            }
        }
        for rated in &ledger.rated {
            writeln!(f, "    {}", if rated.sum { "all rules that fire" } else { "the first rule" })?;
            self.ruling(f, &rated.fired, &|rule| match rated.scale.award(rule) {
                Some(award) => format!("{} points", ledger.close.unit.times(award)),
                None => "skip".into(),
            })?;
            writeln!(f, "    something is missing, from rule")?;
            self.ruling(f, &rated.missing, &|rule| (rule + 1).to_string())?;
        }
        Ok(())
    }

    fn tags(&self, f: &mut fmt::Formatter<'_>, tags: &TagStep) -> fmt::Result {
        let node = tags.into.map(|into| self.names.node_of(into));
        let block = tags.block.and_then(|block| self.rules.tags.get(block as usize));
        let value = block.map(|block| block.value).or(node);
        let name = value.map_or_else(String::new, |value| self.names.value(value));
        let what = if block.is_some() { "shown" } else { "kept for later rules" };
        let choice = value.and_then(|value| self.names.choice(value));
        let label = |label: u32| match &choice {
            Some(choice) => format!("\"{}\"", choice.label(label)),
            None => label.to_string(),
        };
        writeln!(f, "  {name} = tags, {what}, from bit {} of grid {}", tags.start, tags.grid)?;
        if tags.guard != Ruling::Fixed(0) {
            writeln!(f, "    only")?;
            self.ruling(f, &tags.guard, &|_| "given".into())?;
        }
        for bit in 0..tags.labels {
            writeln!(f, "      {} => {}", self.boxed(tags.grid, (tags.start + bit) as usize), label(bit))?;
        }
        self.owned(f, tags.grid, &(tags.further.0..tags.further.1), &label)
    }

    fn layout(&self, f: &mut fmt::Formatter<'_>, index: usize, grid: &Grid) -> fmt::Result {
        if matches!(grid.rows, Rows::None) {
            return Ok(());
        }
        let boxes = self.drawing.boxes.get(index).map_or(0, |boxes| boxes.iter().flatten().count());
        let places =
            |list: &mut dyn Iterator<Item = u32>| list.map(|place| format!(" #{place}")).collect::<Vec<_>>().concat();
        write!(f, "  grid {index}: {boxes} boxes, ")?;
        match &grid.rows {
            Rows::None => write!(f, "no rows")?,
            Rows::Word { axes, words, lazy, .. } => {
                write!(f, "a word for each of {} cells;{}", words.len(), places(&mut axes.iter().map(|it| it.0)))?;
                if !lazy.is_empty() {
                    write!(f, "; if still asked{}", places(&mut lazy.iter().map(|it: &LazyAxis| it.axis)))?;
                }
            }
            Rows::Chunks { live, groups, chunks, sparse } => {
                write!(f, "{} rows of {} chunks;", chunks.len() / live.len().max(1), live.len())?;
                for group in groups {
                    write!(f, " [{}]", places(&mut group.axes.iter().map(|it| it.0)).trim_start())?;
                }
                for axis in sparse {
                    let (rows, changes) = (axis.starts.len(), axis.changes.len());
                    write!(f, "; sparse #{}: {rows} rows, {changes} changes", axis.axis)?;
                }
            }
        }
        writeln!(f, "; {} bytes", grid.bytes())
    }
}

/// What a node is, in a word: `DaysBetween` is `days_between`.
fn word(node: &Node) -> String {
    let shown = format!("{node:?}");
    let name = shown.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}
