//! Bracket groups: what stands between two brackets, with the groups inside it left out. Every group goes through the
//! grammar by itself, so the time is linear and the stack does not grow with the nesting.

use super::chunks::Tape;
use super::lex::Kind;
use std::ops::Range;

/// What stands between two brackets, or the whole chunk.
struct Group {
    /// The first token in it.
    begin: usize,
    /// The bracket that closes it; for the chunk the token after it.
    end: usize,
}

/// All groups of a chunk whose brackets are balanced; a group comes before the groups inside it.
pub(super) struct Groups<'a> {
    tape: Tape<'a>,
    list: Vec<Group>,
    /// Which group each token of the chunk opens, if it is a bracket that opens one.
    opened: Vec<u32>,
    /// The first token of the chunk.
    start: usize,
}

impl<'a> Groups<'a> {
    pub(super) fn split(tape: Tape<'a>, chunk: Range<usize>) -> Groups<'a> {
        let (start, end) = (chunk.start, chunk.end);
        let mut list = vec![Group { begin: start, end }];
        let mut opened = vec![0; chunk.len()];
        let mut path = Vec::new();
        for (token, opened) in chunk.zip(&mut opened) {
            match tape.tokens[token].kind {
                Kind::Open(_) => {
                    *opened = u32::try_from(list.len()).unwrap_or(u32::MAX);
                    path.push(list.len());
                    list.push(Group { begin: token + 1, end });
                }
                Kind::Close(_) => {
                    if let Some(group) = path.pop().and_then(|group| list.get_mut(group)) {
                        group.end = token;
                    }
                }
                _ => {}
            }
        }
        Groups { tape, list, opened, start }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The bracket that closes a group; for the chunk the token after it.
    pub(super) fn end(&self, group: usize) -> usize {
        self.list.get(group).map_or(0, |group| group.end)
    }

    /// The group that a bracket opens.
    pub(super) fn opened_by(&self, bracket: usize) -> Option<usize> {
        let group = *self.opened.get(bracket.checked_sub(self.start)?)?;
        (group > 0).then_some(group as usize)
    }

    /// The tokens of a group, without those of the groups inside it.
    pub(super) fn tokens(&self, group: usize) -> impl Iterator<Item = usize> {
        let (begin, end) = self.list.get(group).map_or((0, 0), |group| (group.begin, group.end));
        let after = |token: usize| match self.tape.kind(token) {
            Some(Kind::Open(_)) => self.opened_by(token).map(|inner| self.end(inner)),
            _ => Some(token + 1),
        };
        std::iter::successors(Some(begin), move |&token| after(token)).take_while(move |&token| token < end)
    }
}
