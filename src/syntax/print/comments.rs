//! Where the comments of a file belong: before a line, at its end, before a closing brace.

use crate::source::Span;
use crate::syntax::ast::Comment;

/// A comment on its own line.
#[derive(Debug)]
pub(super) struct Remark {
    /// With its slashes.
    pub(super) text: String,
    /// An empty line stands before it.
    pub(super) blank: bool,
}

/// Something that stands on a line of its own when its list is broken, with the comments that belong to it.
#[derive(Debug)]
pub(super) struct Line<D> {
    /// Comments before it.
    pub(super) before: Vec<Remark>,
    /// An empty line stands before it.
    pub(super) blank: bool,
    /// The thing itself.
    pub(super) doc: D,
    /// The comment at the end of its line.
    pub(super) after: Option<String>,
}

impl<D> Line<D> {
    /// The same line with another content.
    pub(super) fn map<E>(self, change: impl FnOnce(D) -> E) -> Line<E> {
        Line { before: self.before, blank: self.blank, doc: change(self.doc), after: self.after }
    }
}

/// Comments in the order of the text; each is handed out once.
#[derive(Debug)]
pub(super) struct Comments<'a> {
    /// The source; empty when the tree has none.
    text: &'a str,
    /// Those not handed out yet.
    left: &'a [Comment],
    /// Comments inside the current line that no list in it can hold: they move before the line.
    strays: Vec<Remark>,
}

impl<'a> Comments<'a> {
    /// The comments of a file; without a text there are none.
    pub(super) fn new(text: Option<&'a str>, comments: &'a [Comment]) -> Comments<'a> {
        let left = if text.is_some() { comments } else { &[] };
        Comments { text: text.unwrap_or_default(), left, strays: Vec::new() }
    }

    /// Those that start before `end`, each for a line of its own.
    pub(super) fn take_before(&mut self, end: u32) -> Vec<Remark> {
        let count = self.left.iter().take_while(|comment| comment.place.0.start < end).count();
        let (taken, left) = self.left.split_at(count);
        self.left = left;
        taken
            .iter()
            .map(|comment| Remark { text: comment.text.clone(), blank: self.blank_before(comment.place.0.start) })
            .collect()
    }

    /// The one beside an opening bracket: on the line on which `from` stands, before the first thing inside.
    pub(super) fn take_opening(&mut self, from: u32, first: u32) -> Option<String> {
        let before_first = self.left.first().is_some_and(|comment| comment.place.0.start < first);
        self.take_if(from, |between| before_first && !between.contains('\n'))
    }

    /// The one at the end of the line of a thing that ends at `from`: only a comma stands between.
    fn take_beside(&mut self, from: u32) -> Option<String> {
        self.take_if(from, |between| between.chars().all(|letter| matches!(letter, ',' | ' ' | '\t')))
    }

    /// The next one, if what stands between `from` and it allows it.
    fn take_if(&mut self, from: u32, allowed: impl FnOnce(&str) -> bool) -> Option<String> {
        let (first, left) = self.left.split_first()?;
        let start = first.place.0.start;
        if start < from || !allowed(self.slice(from, start)) {
            return None;
        }
        self.left = left;
        Some(first.text.clone())
    }

    /// Moves those that start before `end` to the line before the current one.
    pub(super) fn stray_before(&mut self, end: u32) {
        let taken = self.take_before(end);
        self.strays.extend(taken.into_iter().map(|remark| Remark { blank: false, ..remark }));
    }

    /// Starts a line: the comments before it. The strays of the line around are put aside.
    pub(super) fn open_line(&mut self, span: Span) -> (Vec<Remark>, Vec<Remark>) {
        (self.take_before(span.start), std::mem::take(&mut self.strays))
    }

    /// Ends a line: its strays join the comments before it.
    pub(super) fn close_line<D>(
        &mut self,
        span: Span,
        (mut before, aside): (Vec<Remark>, Vec<Remark>),
        doc: D,
    ) -> Line<D> {
        self.stray_before(span.end);
        let mut strays = std::mem::replace(&mut self.strays, aside);
        let mut blank = self.blank_before(span.start);
        if let Some(first) = strays.first_mut() {
            first.blank = std::mem::take(&mut blank);
        }
        before.append(&mut strays);
        Line { before, blank, doc, after: self.take_beside(span.end) }
    }

    /// Where `token` stands in `from..to`, which holds only words, brackets and comments.
    pub(super) fn seek(&self, from: u32, to: u32, token: &str) -> Option<u32> {
        let mut offset = from;
        for line in self.slice(from, to).split_inclusive('\n') {
            let code = line.find("//").map_or(line, |slashes| line.get(..slashes).unwrap_or_default());
            if let Some(found) = code.find(token) {
                return Some(offset.saturating_add(length(found)));
            }
            offset = offset.saturating_add(length(line.len()));
        }
        None
    }

    /// Whether an empty line ends at the line of `start`.
    fn blank_before(&self, start: u32) -> bool {
        let before = self.text.get(..start as usize).unwrap_or_default();
        let gap = before.get(before.trim_end().len()..).unwrap_or_default();
        gap.bytes().filter(|&byte| byte == b'\n').count() > 1
    }

    /// A piece of the source.
    fn slice(&self, from: u32, to: u32) -> &'a str {
        let to = (to as usize).min(self.text.len());
        self.text.get(from as usize..to).unwrap_or_default()
    }
}

/// A length as an offset; the limits keep sources far below 4 GiB.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
