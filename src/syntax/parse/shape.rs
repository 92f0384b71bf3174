//! What the grammar makes of a flat text, told in tokens: the pairs of pest, without the text.
//!
//! A shape holds for every flat text that is written like the first one, wherever it stands. Rules of a kind are written
//! alike, so most of them are met again, and the grammar reads each shape once.

use super::chunks::Tape;
use super::flat::Flat;
use super::{Grammar, Rule};
use indexmap::{Equivalent, IndexMap};
use pest::error::Error;
use pest::{Parser, Token};
use rustc_hash::FxBuildHasher;
use std::ops::Range;

/// Longer texts are hardly met again.
const LONGEST_KEPT: usize = 1 << 10;

/// The shapes met so far.
#[derive(Default)]
pub(super) struct Shapes {
    known: IndexMap<(Rule, Box<str>), Vec<Step>, FxBuildHasher>,
    /// Those that are too long to be looked up.
    long: Vec<Vec<Step>>,
}

/// A shape by position.
#[derive(Clone, Copy)]
pub(super) enum ShapeId {
    Known(usize),
    Long(usize),
}

/// One rule of the grammar that fits.
struct Step {
    rule: Rule,
    /// Its first and its last token, counted from the beginning of the text.
    first: u32,
    last: u32,
    /// The step after those inside it.
    next: u32,
}

#[derive(Hash)]
struct Key<'a>(Rule, &'a str);

impl Equivalent<(Rule, Box<str>)> for Key<'_> {
    fn equivalent(&self, key: &(Rule, Box<str>)) -> bool {
        self.0 == key.0 && *self.1 == *key.1
    }
}

impl Shapes {
    /// The shape of a text that `rule` reads.
    pub(super) fn read(&mut self, rule: Rule, flat: &Flat) -> Result<ShapeId, Box<Error<Rule>>> {
        if let Some(known) = self.known.get_index_of(&Key(rule, &flat.text)) {
            return Ok(ShapeId::Known(known));
        }
        let steps = steps(rule, flat)?;
        if flat.text.len() > LONGEST_KEPT {
            self.long.push(steps);
            return Ok(ShapeId::Long(self.long.len() - 1));
        }
        Ok(ShapeId::Known(self.known.insert_full((rule, flat.text.as_str().into()), steps).0))
    }

    /// What fits the whole text, for tokens that are written like it.
    pub(super) fn root<'s>(&'s self, shape: ShapeId, tokens: &'s [u32]) -> Pair<'s> {
        let steps = match shape {
            ShapeId::Known(known) => self.known.get_index(known).map(|(_, steps)| steps),
            ShapeId::Long(long) => self.long.get(long),
        };
        Pair { steps: steps.map(Vec::as_slice).unwrap_or_default(), index: 0, tokens }
    }
}

/// The grammar's reading of a text.
fn steps(rule: Rule, flat: &Flat) -> Result<Vec<Step>, Box<Error<Rule>>> {
    let pairs = Grammar::parse(rule, &flat.text).map_err(Box::new)?;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let (mut steps, mut open) = (Vec::new(), Vec::new());
    for token in pairs.tokens() {
        match token {
            Token::Start { rule, pos } => {
                let first = number(flat.token_at(pos.pos()).unwrap_or_default());
                open.push(steps.len());
                steps.push(Step { rule, first, last: first, next: 0 });
            }
            Token::End { pos, .. } => {
                let next = number(steps.len());
                let Some(step) = open.pop().and_then(|step| steps.get_mut(step)) else { continue };
                // The grammar lets a pair end behind the blank that follows it.
                step.last = number(pos.pos().checked_sub(1).and_then(|last| flat.token_at(last)).unwrap_or_default());
                step.next = next;
            }
        }
    }
    Ok(steps)
}

/// A rule that fits some tokens.
#[derive(Clone, Copy)]
pub(super) struct Pair<'s> {
    steps: &'s [Step],
    index: usize,
    tokens: &'s [u32],
}

impl<'s> Pair<'s> {
    pub(super) fn as_rule(&self) -> Rule {
        self.steps.get(self.index).map_or(Rule::EOI, |step| step.rule)
    }

    /// The first token.
    pub(super) fn first(&self) -> usize {
        self.steps.get(self.index).and_then(|step| self.token(step.first)).unwrap_or_default()
    }

    /// From the first byte to behind the last one.
    pub(super) fn bytes(&self, tape: Tape<'_>) -> Range<u32> {
        let Some(step) = self.steps.get(self.index) else { return 0..0 };
        let (Some(first), Some(last)) = (self.token(step.first), self.token(step.last)) else { return 0..0 };
        let (Some(start), Some(end)) = (tape.tokens.get(first), tape.tokens.get(last)) else { return 0..0 };
        // a raw text counts as two tokens, of which the first is the `r`
        let behind_r = step.first > 0 && self.token(step.first - 1) == Some(first);
        let before_text = self.token(step.last + 1) == Some(last);
        start.start + u32::from(behind_r)..if before_text { end.start + 1 } else { end.end }
    }

    fn token(&self, position: u32) -> Option<usize> {
        self.tokens.get(position as usize).map(|&token| token as usize)
    }

    /// What this rule is made of.
    pub(super) fn into_inner(self) -> Pairs<'s> {
        let end = self.steps.get(self.index).map_or(0, |step| step.next as usize);
        Pairs { next: Pair { index: self.index + 1, ..self }, end }
    }

    /// This rule and all rules inside it, from the left to the right.
    pub(super) fn flatten(self) -> impl Iterator<Item = Pair<'s>> {
        let end = self.steps.get(self.index).map_or(0, |step| step.next as usize);
        (self.index..end).map(move |index| Pair { index, ..self })
    }
}

/// Rules that follow one another.
#[derive(Clone, Copy)]
pub(super) struct Pairs<'s> {
    next: Pair<'s>,
    end: usize,
}

impl<'s> Pairs<'s> {
    pub(super) fn peek(&self) -> Option<Pair<'s>> {
        (self.next.index < self.end).then_some(self.next)
    }
}

impl<'s> Iterator for Pairs<'s> {
    type Item = Pair<'s>;

    fn next(&mut self) -> Option<Pair<'s>> {
        let pair = self.peek()?;
        self.next.index = pair.steps.get(pair.index).map_or(self.end, |step| step.next as usize);
        Some(pair)
    }
}
