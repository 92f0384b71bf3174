//! What the grammar expected, in the language's own words.

use super::chunks::{RESERVED, STARTERS, Tape};
use super::lex::Kind;
use super::words::{FAMILIES, join, single};
use super::{Report, Rule};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;
use pest::error::{Error, ErrorVariant, InputLocation};

/// The names of types, with what they are called elsewhere.
const TYPES: [&str; 13] = [
    "bool",
    "int",
    "decimal",
    "float",
    "text",
    "code",
    "date",
    "datetime",
    "choice",
    "ordered choice",
    "set",
    "region",
    "list",
];
const OTHER_TYPES: [(&str, &str); 10] = [
    ("string", "text"),
    ("str", "text"),
    ("number", "decimal"),
    ("money", "decimal"),
    ("integer", "int"),
    ("boolean", "bool"),
    ("enum", "choice"),
    ("timestamp", "datetime"),
    ("time", "datetime"),
    ("array", "list"),
];

/// Where the grammar stopped in a group.
pub(super) struct Stopped {
    /// What should have read the group.
    pub(super) rule: Rule,
    /// The token that did not fit; past the group the bracket that closes it.
    pub(super) token: usize,
    /// Whether the chunk ended.
    pub(super) at_end: bool,
}

/// The same with what the author wrote there.
struct Stop<'a> {
    tape: Tape<'a>,
    rule: Rule,
    expected: &'a [Rule],
    token: usize,
    at_end: bool,
    span: Span,
    found: String,
}

/// The byte of the flat text at which the grammar stopped.
pub(super) fn offset(error: &Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

/// Reports where the grammar stopped.
pub(super) fn explain(tape: Tape<'_>, stopped: &Stopped, error: &Error<Rule>, report: &mut Report<'_>) {
    let Stopped { rule, token, at_end } = *stopped;
    let Some(span) = tape.tokens.get(token).map(|token| report.token(token)) else { return };
    let ErrorVariant::ParsingError { positives: expected, .. } = &error.variant else {
        // pest refuses to go on past a limit; that can only be the host's doing.
        let message = "there is too little stack left to read this";
        return report.add(Diagnostic::error(Code::NestingLimit, span, message));
    };
    let found = if at_end { "the end of the declaration".to_owned() } else { shown(tape.word(token)) };
    let stop = Stop { tape, rule, expected, token, at_end, span, found };
    report.add(stop.special().unwrap_or_else(|| stop.general()));
}

fn shown(word: &str) -> String {
    if word.chars().count() <= 40 {
        return format!("`{word}`");
    }
    format!("`{}…`", word.chars().take(36).collect::<String>())
}

impl Stop<'_> {
    fn has(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    fn word(&self) -> &str {
        if self.at_end { "" } else { self.tape.word(self.token) }
    }

    fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::Syntax, self.span, message)
    }

    /// Stops that have a message of their own.
    fn special(&self) -> Option<Diagnostic> {
        let word = self.word();
        let found = &self.found;
        if self.has(Rule::name) && RESERVED.contains(&word) && !self.has(Rule::expression) {
            let message = format!("{found} is a word of the language and cannot be a name");
            return Some(Diagnostic::error(Code::ReservedWord, self.span, message));
        }
        let lower = word.to_lowercase();
        if lower != word && RESERVED.contains(&lower.as_str()) {
            let message = format!("{found} is written in small letters: `{lower}`");
            return Some(Diagnostic::error(Code::WrongToken, self.span, message));
        }
        if self.tape.kind(self.token) == Some(Kind::Raw) && !self.at_end {
            return Some(
                self.error(format!("{found} can only stand after `matches`")).help("other texts are written `\"…\"`"),
            );
        }
        let only = FAMILIES.last().is_some_and(|(.., members)| {
            self.expected.iter().all(|rule| members.contains(rule) || matches!(rule, Rule::EOI | Rule::declarations))
        });
        if self.rule == Rule::declarations && only && !self.at_end {
            let home = match word {
                "indicator" | "grades" => Some(format!("{found} stands in the block of a `score`")),
                "given" | "expect" | "population" | "previous" => {
                    Some(format!("{found} stands in the block of a `test`"))
                }
                _ => None,
            };
            let help = home.or_else(|| did_you_mean(word, STARTERS));
            return Some(self.error(format!("expected a declaration, found {found}")).maybe_help(help));
        }
        if (self.has(Rule::kind) || self.has(Rule::simple_kind))
            && self.tape.kind(self.token) == Some(Kind::Word)
            && !self.at_end
        {
            let other = OTHER_TYPES.iter().find(|(other, _)| *other == lower);
            let help = other.map(|(_, right)| format!("write `{right}`")).or_else(|| did_you_mean(word, TYPES));
            let list = || {
                "the types are `bool`, `int`, `decimal`, `float`, `text`, `code`, `date`, `datetime`, `choice { … }`, \
                           `ordered choice { … }`, `set { … }`, `set of text`, `region` and `list { … }`"
            };
            return Some(self.error(format!("{found} is not a type")).help(help.unwrap_or_else(|| list().to_owned())));
        }
        self.table_mix_up()
    }

    /// Conditions among patterns and patterns among conditions.
    fn table_mix_up(&self) -> Option<Diagnostic> {
        let word = self.word();
        let compares = matches!(
            word,
            "==" | "!="
                | "<"
                | "<="
                | ">"
                | ">="
                | "and"
                | "or"
                | "not"
                | "is"
                | "contains"
                | "starts"
                | "ends"
                | "matches"
                | "within"
        );
        let found = &self.found;
        match self.rule {
            Rule::pattern_rules if compares => Some(
                self.error(format!(
                    "{found} belongs to a condition, but the rules of this block are patterns for its subjects"
                ))
                .help(
                    "write a pattern, such as `\"A\"`, `[5..)` or `missing`; without subjects the rules are conditions",
                ),
            ),
            Rule::pattern_rules
                if matches!(self.tape.kind(self.token), Some(Kind::Open('(' | '['))) && self.has(Rule::arrow) =>
            {
                Some(self.error(format!("{found} cannot stand here: a pattern is a constant, an interval or `in SET`")))
            }
            // A `(` that is no parenthesis opens an interval.
            Rule::condition_rules if matches!(word, "|" | "[" | "(" | "_" | "in" | "present" | "missing") => Some(
                self.error(format!("{found} belongs to a pattern, but the rules of this block are conditions")).help(
                    "name the subject before the block with `on SUBJECT`, or write what is tested in the condition",
                ),
            ),
            _ if matches!(word, ".." | "[" | "(")
                && ![Rule::dots, Rule::interval, Rule::records].iter().any(|rule| self.has(*rule)) =>
            {
                let error = self.error("an interval can only stand after `in`, after `clamp` or as a pattern");
                Some(error.help("write `x in [1..5)`"))
            }
            _ => None,
        }
    }

    fn general(&self) -> Diagnostic {
        let words = self.words();
        let found = &self.found;
        let message = if words.is_empty() {
            format!("unexpected {found}")
        } else {
            format!("expected {}, found {found}", join(&words))
        };
        self.error(message).maybe_help(self.guess())
    }

    /// A way out, where one can be guessed.
    fn guess(&self) -> Option<String> {
        let fresh_line = self.tape.tokens.get(self.token).is_some_and(|token| token.first_on_line);
        let rules = matches!(self.rule, Rule::condition_rules | Rule::pattern_rules);
        if rules && self.word() == "=>" {
            return Some("one rule has one `=>`: put a `,` between rules; at least is written `>=`".to_owned());
        }
        if self.has(Rule::comma) && fresh_line && !matches!(self.tape.kind(self.token), Some(Kind::Close(_))) {
            return Some(format!("put a `,` before {}", self.found));
        }
        if rules && self.has(Rule::arrow) {
            return Some("a rule is written `TEST => RESULT`".to_owned());
        }
        if self.has(Rule::dots) {
            return Some(
                "an interval is written `[1..5)`; after `in` a list of values is written `{ 1, 5 }`".to_owned(),
            );
        }
        if self.has(Rule::unit) {
            return Some("a period is written `30 days`".to_owned());
        }
        None
    }

    /// What was expected, the likeliest first.
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut covered: Vec<Rule> = vec![Rule::arguments, Rule::EOI, Rule::bar];
        for (sign, word, members) in FAMILIES {
            if sign.iter().any(|rule| self.has(*rule)) {
                words.push((*word).to_owned());
                covered.extend_from_slice(members);
            }
        }
        let mut marks: Vec<String> = Vec::new();
        for rule in self.expected.iter().filter(|rule| !covered.contains(rule)) {
            if let Some(word) = single(*rule).filter(|word| !marks.contains(word)) {
                marks.push(word);
            }
        }
        marks.append(&mut words);
        if self.has(Rule::EOI) && self.rule != Rule::declarations && !self.has(Rule::comma) {
            marks.push(self.closer());
        }
        marks.truncate(5);
        marks
    }

    fn closer(&self) -> String {
        match self.rule {
            Rule::paren_inside | Rule::arguments_inside => "`)`".to_owned(),
            Rule::records_inside => "`]`".to_owned(),
            Rule::interval_inside => "the end of the interval".to_owned(),
            _ => "`}`".to_owned(),
        }
    }
}
