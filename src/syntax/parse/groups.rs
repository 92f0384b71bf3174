//! Bracket groups as flat texts. The text of a group is its own tokens with one blank where white space or a comment
//! stood; the groups inside it are empty brackets. Every group goes through the grammar once, so the time is linear and
//! the stack does not grow with the nesting.

use super::chunks::Tape;
use super::lex::Kind;
use std::ops::Range;

/// What stands between two brackets, or the whole chunk.
#[derive(Default)]
pub(super) struct Group {
    /// The flat text.
    pub(super) text: String,
    /// For each token: where it begins in the flat text, and which one it is.
    marks: Vec<(usize, usize)>,
    /// Where the opening brackets inside begin in the flat text, and their groups.
    children: Vec<(usize, usize)>,
    /// The bracket that closes it; for a chunk the token after it.
    pub(super) end: usize,
    /// The last original byte that the flat text holds, to know where white space was.
    tail: u32,
}

impl Group {
    /// The token at an offset of the flat text; none at its end.
    pub(super) fn token_at(&self, offset: usize) -> Option<usize> {
        if offset >= self.text.len() {
            return None;
        }
        self.mark(offset).map(|(_, token)| token)
    }

    /// The group in the bracket that begins at an offset of the flat text.
    pub(super) fn child(&self, offset: usize) -> Option<usize> {
        let position = self.children.binary_search_by_key(&offset, |&(begin, _)| begin).ok()?;
        self.children.get(position).map(|&(_, group)| group)
    }

    /// The offset in the source of a byte of the flat text.
    pub(super) fn origin(&self, tape: Tape<'_>, offset: usize) -> usize {
        self.mark(offset).map_or(0, |(begin, token)| tape.tokens[token].start as usize + (offset - begin))
    }

    fn mark(&self, offset: usize) -> Option<(usize, usize)> {
        let after = self.marks.partition_point(|&(begin, _)| begin <= offset);
        self.marks.get(after.checked_sub(1)?).copied()
    }

    fn push(&mut self, tape: Tape<'_>, token: usize) {
        let (start, end) = (tape.tokens[token].start, tape.tokens[token].end);
        if start != self.tail && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.marks.push((self.text.len(), token));
        self.text.push_str(tape.word(token));
        self.tail = end;
    }
}

/// All groups of a chunk whose brackets are balanced; a group comes before the groups inside it.
pub(super) fn split(tape: Tape<'_>, chunk: Range<usize>) -> Vec<Group> {
    let mut groups = vec![Group { end: chunk.end, ..Group::default() }];
    let mut path = vec![0];
    for token in chunk {
        match tape.tokens[token].kind {
            Kind::Open(_) => {
                let child = groups.len();
                if let Some(group) = path.last().and_then(|&group| groups.get_mut(group)) {
                    group.push(tape, token);
                    let begin = group.marks.last().map_or(0, |&(begin, _)| begin);
                    group.children.push((begin, child));
                }
                groups.push(Group::default());
                path.push(child);
            }
            Kind::Close(_) => {
                if let Some(group) = path.pop().and_then(|group| groups.get_mut(group)) {
                    group.end = token;
                }
                if let Some(group) = path.last().and_then(|&group| groups.get_mut(group)) {
                    group.push(tape, token);
                }
            }
            _ => {
                if let Some(group) = path.last().and_then(|&group| groups.get_mut(group)) {
                    group.push(tape, token);
                }
            }
        }
    }
    groups
}
