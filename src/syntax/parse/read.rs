//! Runs the grammar over the groups of a chunk, from the outside in.

use super::chunks::Tape;
use super::expected::{self, Stopped};
use super::flat::Flat;
use super::groups::Groups;
use super::lex::Kind;
use super::shape::{Pair, ShapeId, Shapes};
use super::{Report, Rule};
use pest::error::Error;
use std::ops::Range;

/// What the grammar made of each group.
#[derive(Default)]
pub(super) struct Reading {
    /// The tokens of one piece after the other.
    tokens: Vec<u32>,
    pieces: Vec<Piece>,
    /// The pieces of each group: one; of a block of rules mostly one or some for each; none when it could not be read.
    of_group: Vec<Range<usize>>,
}

/// Tokens that were read together: a range of `tokens`.
struct Piece {
    shape: ShapeId,
    tokens: Range<usize>,
}

impl Reading {
    /// What fits each piece of a group.
    pub(super) fn pairs<'s>(&'s self, shapes: &'s Shapes, group: usize) -> impl Iterator<Item = Pair<'s>> {
        let pieces = self.of_group.get(group).and_then(|range| self.pieces.get(range.clone())).unwrap_or_default();
        pieces.iter().map(|piece| shapes.root(piece.shape, &self.tokens[piece.tokens.clone()]))
    }
}

/// The grammar over each group; what a bracket holds is known from where it stands, so outer groups come first.
pub(super) fn read(tape: Tape<'_>, groups: &Groups<'_>, shapes: &mut Shapes, report: &mut Report<'_>) -> Reading {
    let mut reader = Reader { tape, groups, reading: Reading::default(), shapes, flat: Flat::default() };
    let mut inside = vec![None; groups.len()];
    if let Some(first) = inside.first_mut() {
        *first = Some(Rule::declarations);
    }
    for group in 0..groups.len() {
        let begin = reader.reading.pieces.len();
        if let Some(rule) = inside[group]
            && let Err(error) = reader.group(group, rule)
        {
            reader.reading.pieces.truncate(begin);
            reader.explain(group, rule, &error, report);
        }
        let pieces = begin..reader.reading.pieces.len();
        reader.reading.of_group.push(pieces);
        for pair in reader.reading.pairs(reader.shapes, group) {
            assign(groups, pair, &mut inside);
        }
    }
    reader.reading
}

struct Reader<'a, 's> {
    tape: Tape<'a>,
    groups: &'s Groups<'a>,
    reading: Reading,
    shapes: &'s mut Shapes,
    /// The tokens since the last piece.
    flat: Flat,
}

impl Reader<'_, '_> {
    fn group(&mut self, group: usize, rule: Rule) -> Result<(), Box<Error<Rule>>> {
        let begin = self.reading.pieces.len();
        if rule == Rule::condition_rules && self.parts(group).is_ok() {
            return Ok(());
        }
        self.reading.pieces.truncate(begin);
        if matches!(rule, Rule::condition_rules | Rule::pattern_rules) && self.rules(group, rule).is_ok() {
            return Ok(());
        }
        // where a rule is wrong, the grammar says of the whole block
        self.reading.pieces.truncate(begin);
        self.whole(group, rule)
    }

    fn whole(&mut self, group: usize, rule: Rule) -> Result<(), Box<Error<Rule>>> {
        let begin = self.begin();
        for token in self.groups.tokens(group) {
            self.push(token);
        }
        self.piece(rule, begin)
    }

    /// A block of conditions by what stands between `and`, `or`, `=>` and `,`. Nothing in the grammar looks past these, but
    /// for names behind a dot and `match` with its commas: what has them may have to be read in one.
    fn parts(&mut self, group: usize) -> Result<(), Box<Error<Rule>>> {
        let (mut begin, mut rule) = (self.begin(), Rule::condition_rules);
        let Reader { tape, groups, .. } = *self;
        for token in groups.tokens(group) {
            let (kind, word) = (tape.tokens[token].kind, tape.word(token));
            if rule == Rule::condition_rules && self.flat.is_empty() && !matches!(word, "otherwise" | "always") {
                rule = Rule::condition_part;
            }
            self.push(token);
            let next = match (rule, kind, word) {
                (Rule::condition_part, Kind::Word, "and" | "or") => Rule::condition_part,
                (Rule::condition_part, Kind::Mark, "=>") => Rule::result_part,
                (Rule::condition_rules | Rule::result_part, Kind::Mark, ",") => Rule::condition_rules,
                _ => continue,
            };
            self.piece(rule, begin)?;
            begin = self.begin();
            rule = next;
        }
        self.piece(rule, begin)
    }

    /// A block rule by rule: a rule with the `,` behind it is a block too.
    fn rules(&mut self, group: usize, rule: Rule) -> Result<(), Box<Error<Rule>>> {
        let (all, mut begin) = (self.reading.tokens.len(), self.begin());
        let mut in_result = false;
        let Reader { tape, groups, .. } = *self;
        for token in groups.tokens(group) {
            self.push(token);
            match (tape.tokens[token].kind, tape.word(token)) {
                (Kind::Mark, "=>") => in_result = true,
                // its subjects have commas of their own
                (Kind::Word, "match") => in_result = false,
                (Kind::Mark, ",") if in_result => {
                    self.piece(rule, begin)?;
                    begin = self.begin();
                    in_result = false;
                }
                _ => {}
            }
        }
        let ends_with_comma = all < begin && begin == self.reading.tokens.len();
        if ends_with_comma { Ok(()) } else { self.piece(rule, begin) }
    }

    /// Where the tokens of the next piece begin.
    fn begin(&mut self) -> usize {
        self.flat.clear();
        self.reading.tokens.len()
    }

    fn push(&mut self, token: usize) {
        let parts = self.flat.push(self.tape, token);
        let token = u32::try_from(token).unwrap_or(u32::MAX);
        self.reading.tokens.extend(std::iter::repeat_n(token, parts));
    }

    /// Ends a piece.
    fn piece(&mut self, rule: Rule, begin: usize) -> Result<(), Box<Error<Rule>>> {
        let shape = self.shapes.read(rule, &self.flat)?;
        self.reading.pieces.push(Piece { shape, tokens: begin..self.reading.tokens.len() });
        Ok(())
    }

    /// A token of the piece that was read last.
    fn token(&self, position: usize) -> Option<usize> {
        let begin = self.reading.tokens.len().checked_sub(self.flat.len())?;
        self.reading.tokens.get(begin + position).map(|&token| token as usize)
    }

    /// Reports where the grammar stopped in the group that was read last.
    fn explain(&self, group: usize, rule: Rule, error: &Error<Rule>, report: &mut Report<'_>) {
        let end = self.groups.end(group);
        let inside = self.flat.token_at(expected::offset(error)).and_then(|position| self.token(position));
        let at_end = group == 0 && inside.is_none();
        let token = inside.unwrap_or(if at_end { end.saturating_sub(1) } else { end });
        expected::explain(self.tape, &Stopped { rule, token, at_end }, error, report);
    }
}

/// Notes for each bracket of a group what stands inside it.
fn assign(groups: &Groups<'_>, pair: Pair<'_>, inside: &mut [Option<Rule>]) {
    let mut patterns = false;
    for pair in pair.flatten() {
        let rule = match pair.as_rule() {
            Rule::classify | Rule::indicator | Rule::tags => {
                patterns = false;
                continue;
            }
            Rule::on => {
                patterns = true;
                continue;
            }
            Rule::rules if patterns => Rule::pattern_rules,
            Rule::rules | Rule::condition_block => Rule::condition_rules,
            Rule::pattern_block => Rule::pattern_rules,
            Rule::score_parts => Rule::score_inside,
            Rule::test_parts => Rule::test_inside,
            Rule::record => Rule::record_inside,
            Rule::record_or_set => Rule::record_or_set_inside,
            Rule::records => Rule::records_inside,
            Rule::constants => Rule::constants_inside,
            Rule::labels => Rule::labels_inside,
            Rule::elements => Rule::elements_inside,
            Rule::interval => Rule::interval_inside,
            Rule::paren => Rule::paren_inside,
            Rule::set => Rule::set_inside,
            Rule::arguments => Rule::arguments_inside,
            _ => continue,
        };
        if let Some(slot) = groups.opened_by(pair.first()).and_then(|child| inside.get_mut(child)) {
            *slot = Some(rule);
        }
    }
}
