//! Tokens of other languages, full-width ones, and phrases that people write for what the language says otherwise.

use super::Report;
use super::chunks::Tape;
use std::ops::Range;

/// Reports every slip of a chunk.
pub(super) fn find(_tape: Tape<'_>, _chunk: Range<usize>, _report: &mut Report<'_>) {}
