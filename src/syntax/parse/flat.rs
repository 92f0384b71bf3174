//! Tokens as the flat text that the grammar reads.
//!
//! The lexer knows already where a text, a number or a name begins and ends, so all that the grammar is told is that there
//! is one: `industry == "汽车"` is read as `_x == ""`. That makes short texts, and equal ones of what is written alike.

use super::chunks::Tape;
use super::lex::Kind;
use rustc_hash::FxBuildHasher;
use std::collections::HashSet;
use std::sync::LazyLock;

/// All words that stand in quotation marks in the grammar; to it, every other word is a name.
static WORDS: LazyLock<HashSet<&str, FxBuildHasher>> = LazyLock::new(|| {
    let pieces = include_str!("../../../grammar/gradus.pest").split('"');
    pieces.filter(|piece| piece.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')).collect()
});

/// A flat text: tokens with one blank where white space or a comment stood.
#[derive(Default)]
pub(super) struct Flat {
    pub(super) text: String,
    /// Where each token begins in the text; of a raw text also its quotation mark, for in `let r"one" = 1` the `r` is a name.
    begins: Vec<usize>,
    /// The last original byte that the text stands for, to know where white space was.
    tail: u32,
}

impl Flat {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.begins.clear();
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.begins.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.begins.is_empty()
    }

    /// Adds a token; says as how many it counts.
    pub(super) fn push(&mut self, tape: Tape<'_>, token: usize) -> usize {
        let (start, end) = (tape.tokens[token].start, tape.tokens[token].end);
        if start != self.tail && !self.text.is_empty() {
            self.text.push(' ');
        }
        let begin = self.text.len();
        self.begins.push(begin);
        let is_raw = tape.tokens[token].kind == Kind::Raw;
        if is_raw {
            self.begins.push(begin + 1);
        }
        self.text.push_str(shape(tape, token));
        self.tail = end;
        if is_raw { 2 } else { 1 }
    }

    /// Which token holds an offset of the text or stands before it; none at its end.
    pub(super) fn token_at(&self, offset: usize) -> Option<usize> {
        if offset >= self.text.len() {
            return None;
        }
        self.begins.partition_point(|&begin| begin <= offset).checked_sub(1)
    }
}

/// What the grammar sees of a token. It neither runs on into what follows nor continues what stands before: a name is not
/// a part of the date that it clings to, and `5万.3` is no more a number than its halves joined by a dot.
fn shape(tape: Tape<'_>, token: usize) -> &str {
    let word = tape.word(token);
    match tape.tokens[token].kind {
        Kind::Word if !WORDS.contains(word) => "_x",
        Kind::Number => "0%",
        Kind::Text => "\"\"",
        Kind::Raw => "r\"\"",
        Kind::Date => "@0",
        Kind::Word | Kind::Open(_) | Kind::Close(_) | Kind::Mark | Kind::Foreign => word,
    }
}
