//! Rules and patterns: `TEST => RESULT`, arrows and columns aligned within a block.

use crate::source::Span;
use crate::syntax::ast::{Interval, Pattern, PatternItem, Rule, RuleResult, RuleTest};

use super::Printer;
use super::comments::Line;
use super::layout::Doc;
use super::list::{BRACES, Frame, enclose};

/// Wider tests are left out of the alignment of arrows.
const WIDEST_TEST: usize = 64;
/// Wider patterns are left out of the alignment of columns.
const WIDEST_COLUMN: usize = 32;
/// So many conditions, or rows of a table, may stand on one line.
const SHORT_BLOCK: usize = 2;

/// A rule, before its columns are aligned.
struct Row {
    /// One for each subject; only one for a condition.
    cells: Vec<Cell>,
    /// After the arrow.
    result: Doc,
}

/// A column of a row.
struct Cell {
    /// What it says.
    doc: Doc,
    /// Its width, when it is narrow enough to be aligned.
    width: Option<usize>,
}

impl Printer<'_> {
    /// `{ TEST => RESULT, … }` of a declaration, one rule a line unless the block is short and simple.
    pub(super) fn rule_block(&mut self, brackets: Span, rules: &[Rule]) -> Doc {
        let weighty = |rule: &&Rule| match &rule.test {
            RuleTest::Condition(_) => true,
            RuleTest::Patterns(patterns) => patterns.len() > 1,
            RuleTest::Otherwise(_) | RuleTest::Always(_) => false,
        };
        let tall = rules.iter().filter(weighty).count() > SHORT_BLOCK;
        self.rule_list(Frame { tall, ..BRACES }, brackets, rules)
    }

    /// `{ TEST => RESULT, … }`
    pub(super) fn rule_list(&mut self, frame: Frame, brackets: Span, rules: &[Rule]) -> Doc {
        let body = self.body(brackets, rules, |rule| rule.place.0, Self::row);
        enclose(frame, body.map(aligned))
    }

    /// `TEST => RESULT`
    fn row(&mut self, rule: &Rule) -> Row {
        let cells = match &rule.test {
            RuleTest::Patterns(patterns) => patterns.iter().map(|pattern| cell(self.pattern(pattern))).collect(),
            test => vec![cell(self.rule_test(test))],
        };
        let result = match &rule.result {
            RuleResult::Value(value) => self.expression(value),
            RuleResult::Skip(_) => Doc::text("skip"),
        };
        Row { cells, result: Doc::group(result) }
    }

    /// What stands before the arrow.
    pub(super) fn rule_test(&mut self, test: &RuleTest) -> Doc {
        match test {
            RuleTest::Condition(condition) => Doc::group(self.expression(condition)),
            RuleTest::Patterns(patterns) => {
                Doc::join(patterns.iter().map(|pattern| self.pattern(pattern)).collect(), ", ")
            }
            RuleTest::Otherwise(_) => Doc::text("otherwise"),
            RuleTest::Always(_) => Doc::text("always"),
        }
    }

    /// `"A" | [80..90) | missing`
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Doc {
        let mut parts = Vec::new();
        for alternative in &pattern.alternatives {
            if !parts.is_empty() {
                parts.extend([Doc::Fill, Doc::text("| ")]);
            }
            parts.push(self.pattern_item(alternative));
        }
        Doc::group(Doc::nest(Doc::Concat(parts)))
    }

    /// One alternative of a pattern.
    fn pattern_item(&mut self, item: &PatternItem) -> Doc {
        match item {
            PatternItem::Constant(constant) => self.expression(constant),
            PatternItem::Interval(interval) => self.interval(interval),
            PatternItem::In(set) => Doc::Concat(vec![Doc::text("in "), self.expression(set)]),
            PatternItem::Missing(_) => Doc::text("missing"),
            PatternItem::Present(_) => Doc::text("present"),
            PatternItem::Anything(_) => Doc::text("_"),
        }
    }

    /// `[a..b)`
    pub(super) fn interval(&mut self, interval: &Interval) -> Doc {
        let mut parts = vec![Doc::text(if interval.low_closed { "[" } else { "(" })];
        parts.extend(interval.low.as_deref().map(|low| self.expression(low)));
        parts.push(Doc::text(".."));
        parts.extend(interval.high.as_deref().map(|high| self.expression(high)));
        parts.push(Doc::text(if interval.high_closed { "]" } else { ")" }));
        Doc::Concat(parts)
    }
}

/// A column with its width.
fn cell(doc: Doc) -> Cell {
    let width = doc.flat_width(WIDEST_TEST);
    Cell { doc, width }
}

/// Rules with their columns and arrows aligned.
fn aligned(rows: Vec<Line<Row>>) -> Vec<Line<Doc>> {
    let columns = column_widths(&rows);
    let arrow = rows.iter().filter_map(|row| test_width(&row.doc, &columns)).max().unwrap_or_default();
    rows.into_iter().map(|line| line.map(|row| aligned_row(row, &columns, arrow))).collect()
}

/// The width of each column but the last, over all rows in which another one follows it.
fn column_widths(rows: &[Line<Row>]) -> Vec<usize> {
    let mut widths = Vec::new();
    for line in rows {
        let cells = &line.doc.cells;
        widths.resize(widths.len().max(cells.len().saturating_sub(1)), 0);
        for (column, cell) in widths.iter_mut().zip(cells.iter().take(cells.len().saturating_sub(1))) {
            let width = cell.width.filter(|&width| width <= WIDEST_COLUMN);
            *column = (*column).max(width.unwrap_or_default());
        }
    }
    widths
}

/// The width of an aligned test, if it is to be aligned at all.
fn test_width(row: &Row, columns: &[usize]) -> Option<usize> {
    let (last, cells) = row.cells.split_last()?;
    let mut total = last.width?;
    for (cell, column) in cells.iter().zip(columns) {
        total += cell.width?.max(*column) + ", ".len();
    }
    Some(total).filter(|&total| total <= WIDEST_TEST)
}

/// One rule, padded to the columns and the arrow of its block.
fn aligned_row(row: Row, columns: &[usize], arrow: usize) -> Doc {
    let before_arrow = test_width(&row, columns).map_or(0, |width| arrow - width);
    let count = row.cells.len();
    let mut parts = Vec::with_capacity(3 * count + 3);
    for (index, cell) in row.cells.into_iter().enumerate() {
        let width = cell.width;
        parts.push(cell.doc);
        if index + 1 < count {
            let column = columns.get(index).copied().unwrap_or_default();
            parts.push(Doc::text(","));
            parts.push(Doc::pad(width.map_or(0, |width| column.saturating_sub(width))));
            parts.push(Doc::text(" "));
        }
    }
    parts.extend([Doc::pad(before_arrow), Doc::text(" => "), row.result]);
    Doc::Concat(parts)
}
