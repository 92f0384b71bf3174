//! Things in brackets: on one line, filled, or one a line, with their comments.

use crate::source::Span;

use super::Printer;
use super::comments::{Line, Remark};
use super::layout::Doc;

/// The outline of a bracketed list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// The bracket before, without a blank.
    pub(super) open: &'static str,
    /// The bracket after, without a blank.
    pub(super) close: &'static str,
    /// The whole list when nothing is in it.
    pub(super) empty: &'static str,
    /// What stands between two things.
    pub(super) comma: &'static str,
    /// Blanks inside the brackets on one line.
    pub(super) padded: bool,
    /// As many things on a line as fit, when it is broken; else one.
    pub(super) filled: bool,
    /// One a line even if it would fit on one.
    pub(super) tall: bool,
}

/// `{ "a", "b" }`, one a line when too wide
pub(super) const BRACES: Frame =
    Frame { open: "{", close: "}", empty: "{}", comma: ",", padded: true, filled: false, tall: false };
/// `(a, b)`
pub(super) const PARENTHESES: Frame =
    Frame { open: "(", close: ")", empty: "()", comma: ",", padded: false, filled: false, tall: false };
/// `[ { a: 1 }, { a: 2 } ]`
pub(super) const BRACKETS: Frame =
    Frame { open: "[", close: "]", empty: "[ ]", comma: ",", padded: true, filled: false, tall: false };

/// What stands in brackets, with the comments that belong to it.
#[derive(Debug)]
pub(super) struct Body<D> {
    /// The comment at the end of the line with the opening bracket.
    pub(super) opening: Option<String>,
    /// The things.
    pub(super) lines: Vec<Line<D>>,
    /// Comments before the closing bracket.
    pub(super) dangling: Vec<Remark>,
}

impl<D> Body<D> {
    /// The same body with other lines.
    pub(super) fn map<E>(self, change: impl FnOnce(Vec<Line<D>>) -> Vec<Line<E>>) -> Body<E> {
        Body { opening: self.opening, lines: change(self.lines), dangling: self.dangling }
    }

    /// Whether it cannot stand on one line.
    fn commented(&self) -> bool {
        let commented = |line: &Line<D>| line.after.is_some() || !line.before.is_empty();
        self.opening.is_some() || !self.dangling.is_empty() || self.lines.iter().any(commented)
    }
}

impl Printer<'_> {
    /// The things between the brackets at `brackets`, each with its comments.
    pub(super) fn body<T, D>(
        &mut self,
        brackets: Span,
        things: &[T],
        place: impl Fn(&T) -> Span,
        mut print: impl FnMut(&mut Self, &T) -> D,
    ) -> Body<D> {
        let first = things.first().map_or(brackets.end, |thing| place(thing).start);
        self.comments.stray_before(brackets.start);
        let opening = self.comments.take_opening(brackets.start, first);
        let mut lines = Vec::with_capacity(things.len());
        for thing in things {
            lines.push(self.line(place(thing), |printer| print(printer, thing)));
        }
        Body { opening, lines, dangling: self.comments.take_before(brackets.end) }
    }

    /// One thing with its comments.
    pub(super) fn line<D>(&mut self, span: Span, print: impl FnOnce(&mut Self) -> D) -> Line<D> {
        let before = self.comments.open_line(span);
        let doc = print(self);
        self.comments.close_line(span, before, doc)
    }

    /// Things in brackets, by their outline.
    pub(super) fn list<T>(
        &mut self,
        frame: Frame,
        brackets: Span,
        things: &[T],
        place: impl Fn(&T) -> Span,
        print: impl FnMut(&mut Self, &T) -> Doc,
    ) -> Doc {
        let body = self.body(brackets, things, place, print);
        enclose(frame, body)
    }
}

/// A body in its brackets.
pub(super) fn enclose(frame: Frame, body: Body<Doc>) -> Doc {
    let tall = frame.tall || body.commented();
    if body.lines.is_empty() && !tall {
        return Doc::text(frame.empty);
    }
    let edge = || match (tall, frame.padded) {
        (true, _) => Doc::Hard,
        (false, true) => Doc::Line,
        (false, false) => Doc::Soft,
    };
    let gap = || match (tall, frame.filled) {
        (true, _) => Doc::Hard,
        (false, true) => Doc::Fill,
        (false, false) => Doc::Line,
    };
    let mut head = vec![Doc::text(frame.open)];
    head.extend(body.opening.map(Doc::Remark));
    let mut inside = stack(body.lines, body.dangling, frame.comma, gap);
    if !inside.is_empty() {
        inside.insert(0, edge());
    }
    Doc::group(Doc::Concat(vec![Doc::Concat(head), Doc::nest(Doc::Concat(inside)), edge(), Doc::text(frame.close)]))
}

/// Lines and the comments after the last one, with a gap between each two; a broken list also ends with a comma.
pub(super) fn stack(
    lines: Vec<Line<Doc>>,
    dangling: Vec<Remark>,
    comma: &'static str,
    gap: impl Fn() -> Doc,
) -> Vec<Doc> {
    let mut parts = Vec::new();
    let start = |parts: &mut Vec<Doc>, blank: bool| {
        if !parts.is_empty() {
            let gap = gap();
            let blank = blank && !matches!(gap, Doc::Fill);
            parts.extend(blank.then_some(Doc::Blank));
            parts.push(gap);
        }
    };
    let count = lines.len();
    for (index, line) in lines.into_iter().enumerate() {
        for remark in line.before {
            start(&mut parts, remark.blank);
            parts.push(Doc::text(remark.text));
        }
        start(&mut parts, line.blank);
        parts.push(line.doc);
        parts.push(if index + 1 < count { Doc::text(comma) } else { Doc::Broken(comma.into()) });
        parts.extend(line.after.map(Doc::Remark));
    }
    for remark in dangling {
        start(&mut parts, remark.blank);
        parts.push(Doc::text(remark.text));
    }
    parts
}
