//! The formatter: a syntax tree as canonical text, comments and single empty lines kept.
//!
//! - `comments`: which line each comment belongs to;
//! - `declaration`, `test`, `rule`, `expression`, `list`: the tree as a document with places where lines may break;
//! - `layout`: the document as text of 120 columns.
//!
//! The output parses to an equal tree, and printing that again gives the same text.

mod comments;
mod declaration;
mod expression;
mod layout;
mod list;
#[cfg(test)]
mod round_trip;
mod rule;
mod test;
#[cfg(test)]
mod tests;

use crate::source::Span;

use super::ast::{Expr, Item, Pattern, RuleFile, RuleTest};
use comments::{Comments, Line};
use layout::{Doc, render, render_flat};

pub(super) use expression::quote_to;

/// The canonical form of a file.
///
/// With the `text` that it was parsed from, comments and single empty lines are kept. Without it the tree is taken to
/// have no comments, and empty lines stand around blocks and between declarations of different kinds.
pub(crate) fn print(file: &RuleFile, text: Option<&str>) -> String {
    let mut printer = Printer { comments: Comments::new(text, &file.comments) };
    let mut lines = Vec::with_capacity(file.items.len());
    let mut after = 0;
    for (index, item) in file.items.iter().enumerate() {
        let span = printer.item_span(item, after);
        let mut line = printer.line(span, |printer| printer.item(item));
        if text.is_none() {
            line.blank =
                index.checked_sub(1).and_then(|last| file.items.get(last)).is_some_and(|last| apart(last, item));
        }
        lines.push(line);
        after = span.end;
    }
    finish(lines, printer)
}

/// An expression on one line.
pub fn print_expression(expression: &Expr) -> String {
    render_flat(&Printer::bare().expression(expression))
}

/// A pattern on one line: `"A" | [80..90)`.
pub fn print_pattern(pattern: &Pattern) -> String {
    render_flat(&Printer::bare().pattern(pattern))
}

/// What stands before `=>`, on one line.
pub fn print_rule_test(test: &RuleTest) -> String {
    render_flat(&Printer::bare().rule_test(test))
}

/// Turns a tree into a document; all that it carries along are the comments.
struct Printer<'a> {
    /// Those not printed yet.
    comments: Comments<'a>,
}

impl Printer<'_> {
    /// One for trees without comments.
    fn bare() -> Printer<'static> {
        Printer { comments: Comments::new(None, &[]) }
    }

    /// Where an item stood, its keyword included.
    fn item_span(&self, item: &Item, after: u32) -> Span {
        let place = place(item);
        match item {
            Item::Zone(_) => {
                Span { start: self.comments.seek(after, place.start, "zone").unwrap_or(place.start), ..place }
            }
            _ => place,
        }
    }
}

/// Where an item stood; of a zone only its text.
fn place(item: &Item) -> Span {
    match item {
        Item::Ruleset(ruleset) => ruleset.place.0,
        Item::Zone(zone) => zone.place.0,
        Item::Placeholders(placeholders) => placeholders.place.0,
        Item::Field(field) => field.place.0,
        Item::Param(param) => param.place.0,
        Item::Let(definition) => definition.place.0,
        Item::Classify(classify) => classify.place.0,
        Item::Score(score) => score.place.0,
        Item::Tags(tags) => tags.place.0,
        Item::Test(test) => test.place.0,
    }
}

/// The text of a file: its lines, then the comments after the last one.
fn finish(lines: Vec<Line<Doc>>, mut printer: Printer<'_>) -> String {
    let rest = printer.comments.take_before(u32::MAX);
    let parts = list::stack(lines, rest, "", || Doc::Hard);
    let mut text = render(&Doc::Concat(parts));
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Whether an empty line stands between two items of a tree that never had a text.
fn apart(last: &Item, next: &Item) -> bool {
    let header = |item: &Item| matches!(item, Item::Ruleset(_) | Item::Zone(_) | Item::Placeholders(_));
    let block = |item: &Item| matches!(item, Item::Classify(_) | Item::Score(_) | Item::Tags(_) | Item::Test(_));
    let same = std::mem::discriminant(last) == std::mem::discriminant(next) || (header(last) && header(next));
    block(last) || block(next) || !same
}
