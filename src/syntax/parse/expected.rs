//! What the grammar expected, in the language's own words.

use super::Report;
use super::Rule;
use super::chunks::Tape;
use super::groups::Group;
use crate::diagnostic::{Code, Diagnostic};

/// Reports where the grammar stopped.
pub(super) fn explain(
    tape: Tape<'_>,
    group: &Group,
    _rule: Rule,
    error: &pest::error::Error<Rule>,
    report: &mut Report<'_>,
) {
    let offset = match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    };
    let token = group.token_at(offset).unwrap_or(group.end).min(tape.tokens.len().saturating_sub(1));
    let Some(found) = tape.tokens.get(token) else { return };
    let message = format!("unexpected `{}`", tape.word(token));
    report.add(Diagnostic::error(Code::Syntax, report.token(found), message));
}
