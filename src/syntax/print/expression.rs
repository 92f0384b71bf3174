//! Expressions, quoted texts, patterns of regular expressions.

use std::fmt::Write;

use crate::source::Span;
use crate::syntax::ast::{
    Argument, ArithmeticOperator, Container, Expr, ExprKind, LogicOperator, Name, Period, Quoted, TimeUnit,
};

use super::Printer;
use super::layout::Doc;
use super::list::{BRACES, Frame, PARENTHESES};

impl Printer<'_> {
    /// An expression; its gaps break with the group around it.
    pub(super) fn expression(&mut self, expression: &Expr) -> Doc {
        let place = expression.place.0;
        match &expression.kind {
            ExprKind::Number(digits) => Doc::text(digits.clone()),
            ExprKind::Text(text) => quoted_text(text),
            ExprKind::Date(date) | ExprKind::DateTime(date) => Doc::text(format!("@{date}")),
            ExprKind::Bool(value) => Doc::text(if *value { "true" } else { "false" }),
            ExprKind::Now => Doc::text("now"),
            ExprKind::Today => Doc::text("today"),
            ExprKind::Path(names) => Doc::text(path(names)),
            ExprKind::Element(name) => Doc::text(format!(".{}", name.text)),
            ExprKind::Set(elements) => self.set(BRACES, place, elements),
            ExprKind::Paren(inner) => self.parenthesized(inner),
            ExprKind::Not(operand) => Doc::Concat(vec![Doc::text("not "), self.expression(operand)]),
            ExprKind::Negate(operand) => Doc::Concat(vec![Doc::text("-"), self.expression(operand)]),
            ExprKind::Logic(operator, operands) => Doc::nest(self.chain(*operator, operands)),
            ExprKind::Compare(operator, left, right) => self.binary(left, operator.written(), right),
            ExprKind::Arithmetic(first, rest) => self.arithmetic(first, rest),
            ExprKind::Match { subjects, rules } => {
                let mut parts = vec![Doc::text("match ")];
                if !subjects.is_empty() {
                    let subjects = subjects.iter().map(|subject| self.expression(subject)).collect();
                    parts.extend([Doc::join(subjects, ", "), Doc::text(" ")]);
                }
                let after = subjects.last().map_or(place.start, |subject| subject.place.0.end);
                let first = rules.first().map_or(place.end, |rule| rule.place.0.start);
                parts.push(self.rule_list(BRACES, self.brackets(after, first, place.end), rules));
                Doc::Concat(parts)
            }
            ExprKind::Call { function, arguments } => {
                let list = self.list(PARENTHESES, place, arguments, argument_place, Self::argument);
                Doc::Concat(vec![Doc::text(function.text.clone()), list])
            }
            kind => self.predicate(kind),
        }
    }

    /// Conditions with a word between their parts, and aggregates.
    fn predicate(&mut self, kind: &ExprKind) -> Doc {
        match kind {
            ExprKind::In { subject, negated, container } => {
                let subject = self.expression(subject);
                let container = match container {
                    Container::Interval(interval) => self.interval(interval),
                    Container::Set(set) => self.expression(set),
                };
                Doc::Concat(vec![subject, Doc::text(if *negated { " not in " } else { " in " }), container])
            }
            ExprKind::Contains { subject, quantifier, needle } => self.binary(subject, quantifier.written(), needle),
            ExprKind::Affix { subject, end, needle } => self.binary(subject, end.written(), needle),
            ExprKind::Within { subject, container } => self.binary(subject, "within", container),
            ExprKind::Matches { subject, pattern } => {
                Doc::Concat(vec![self.expression(subject), Doc::text(" matches "), regex(pattern)])
            }
            ExprKind::Window { subject, direction, period } => {
                let subject = self.expression(subject);
                Doc::Concat(vec![subject, Doc::text(format!(" {} ", direction.written())), self.period(period)])
            }
            ExprKind::Is { subject, present } => {
                let state = if *present { " is present" } else { " is missing" };
                Doc::Concat(vec![self.expression(subject), Doc::text(state)])
            }
            ExprKind::Aggregate { function, distinct, value, list, by, filter } => {
                let distinct = if *distinct { "distinct " } else { "" };
                let mut parts = vec![Doc::Soft, Doc::text(distinct)];
                if let Some(value) = value {
                    parts.extend([self.operand(value), Doc::Line, Doc::text("of ")]);
                }
                parts.push(self.expression(list));
                for (word, clause) in [("by ", by), ("where ", filter)] {
                    if let Some(clause) = clause {
                        parts.extend([Doc::Line, Doc::text(word), self.operand(clause)]);
                    }
                }
                Doc::group(Doc::Concat(vec![
                    Doc::text(format!("{}(", function.text)),
                    Doc::nest(Doc::Concat(parts)),
                    Doc::Soft,
                    Doc::text(")"),
                ]))
            }
            // The other kinds are printed by `expression`.
            _ => Doc::Concat(Vec::new()),
        }
    }

    /// An expression that breaks for itself.
    pub(super) fn operand(&mut self, expression: &Expr) -> Doc {
        Doc::group(self.expression(expression))
    }

    /// `left WORD right`
    fn binary(&mut self, left: &Expr, word: &'static str, right: &Expr) -> Doc {
        Doc::Concat(vec![self.operand(left), Doc::text(format!(" {word} ")), self.operand(right)])
    }

    /// `a and b and c`, each operand on its own line when too wide.
    fn chain(&mut self, operator: LogicOperator, operands: &[Expr]) -> Doc {
        let word = match operator {
            LogicOperator::And => "and ",
            LogicOperator::Or => "or ",
        };
        let mut parts = Vec::with_capacity(3 * operands.len());
        for operand in operands {
            if !parts.is_empty() {
                parts.extend([Doc::Line, Doc::text(word)]);
            }
            parts.push(self.operand(operand));
        }
        Doc::Concat(parts)
    }

    /// `a + b - c`
    fn arithmetic(&mut self, first: &Expr, rest: &[(ArithmeticOperator, Expr)]) -> Doc {
        let mut parts = vec![self.operand(first)];
        for (operator, operand) in rest {
            parts.extend([Doc::Line, Doc::text(operator.written()), Doc::text(" "), self.operand(operand)]);
        }
        Doc::nest(Doc::Concat(parts))
    }

    /// `(a or b)`; the parentheses indent a chain, so it does not indent itself.
    fn parenthesized(&mut self, inner: &Expr) -> Doc {
        let inner = match &inner.kind {
            ExprKind::Logic(operator, operands) => self.chain(*operator, operands),
            _ => self.expression(inner),
        };
        Doc::group(Doc::Concat(vec![
            Doc::text("("),
            Doc::nest(Doc::Concat(vec![Doc::Soft, inner])),
            Doc::Soft,
            Doc::text(")"),
        ]))
    }

    /// `{ "a", "b" }`; literals are filled into lines, other expressions stand one a line.
    pub(super) fn set(&mut self, frame: Frame, place: Span, elements: &[Expr]) -> Doc {
        let filled = elements.iter().all(is_constant);
        self.list(Frame { filled, ..frame }, place, elements, |element| element.place.0, Self::operand)
    }

    /// What stands in the parentheses of a call.
    fn argument(&mut self, argument: &Argument) -> Doc {
        match argument {
            Argument::Value(value) => self.operand(value),
            Argument::Period(period) => self.period(period),
        }
    }

    /// `30 days`
    fn period(&mut self, period: &Period) -> Doc {
        let unit = match period.unit {
            TimeUnit::Days => " days",
            TimeUnit::Weeks => " weeks",
            TimeUnit::Months => " months",
            TimeUnit::Years => " years",
        };
        Doc::Concat(vec![self.expression(&period.count), Doc::text(unit)])
    }
}

/// Whether it is a literal, with or without a sign, or a name.
pub(super) fn is_constant(expression: &Expr) -> bool {
    match &expression.kind {
        ExprKind::Negate(operand) => is_constant(operand),
        ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Date(_) | ExprKind::DateTime(_) => true,
        ExprKind::Bool(_) | ExprKind::Path(_) | ExprKind::Now | ExprKind::Today => true,
        _ => false,
    }
}

/// Where an argument stood.
fn argument_place(argument: &Argument) -> Span {
    match argument {
        Argument::Value(value) => value.place.0,
        Argument::Period(period) => period.place.0,
    }
}

/// `previous.member`
fn path(names: &[Name]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}

/// `"汽车"`
pub(super) fn quoted(text: &Quoted) -> Doc {
    quoted_text(&text.text)
}

/// `"汽车"`
fn quoted_text(text: &str) -> Doc {
    Doc::text(quote(text))
}

/// `r"^x"`; raw texts have no escapes, so what cannot stand in one becomes an ordinary quoted text.
fn regex(pattern: &Quoted) -> Doc {
    if pattern.text.contains(|letter: char| letter == '"' || letter.is_control()) {
        quoted(pattern)
    } else {
        Doc::text(format!("r\"{}\"", pattern.text))
    }
}

/// A text in quotes, with the escapes of the language.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote_to(&mut out, text);
    out
}

/// Adds a text in quotes, with the escapes of the language.
pub(in crate::syntax) fn quote_to(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|letter: char| matches!(letter, '"' | '\\') || letter.is_control()) {
        let (plain, escaped) = rest.split_at(at);
        out.push_str(plain);
        let mut letters = escaped.chars();
        match letters.next() {
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push_str("\\t"),
            Some('\r') => out.push_str("\\r"),
            // Writing to a string cannot fail.
            Some(letter) if letter.is_control() => drop(write!(out, "\\u{{{:x}}}", u32::from(letter))),
            Some(letter) => out.extend(['\\', letter]),
            None => {}
        }
        rest = letters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}
