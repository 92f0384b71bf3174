//! Searching in texts and sets: `contains`, `starts with`, `matches`, `within`.

use super::operand::{Operand, OperandKind};
use super::{Checker, Entity};
use crate::diagnostic::Code;
use crate::hir::NodeId;
use crate::hir::node::{Constant, Node};
use crate::syntax::ast::{Expr, ExprKind, Quantifier, Quoted};
use crate::types::Type;
use crate::value::Text;
use regex::RegexBuilder;
use std::sync::Arc;

impl Checker<'_> {
    pub(super) fn contains(&mut self, subject: &Expr, quantifier: Quantifier, needle: &Expr) -> Option<NodeId> {
        if let Some(index) = self.tags_named(subject)
            && let Some(positions) = self.needle_positions(index, needle)
        {
            return self.contains_tags(index, quantifier, &positions);
        }
        let (subject, needle) = (self.expression(subject), self.expression(needle));
        let needles = self.needles(&needle, quantifier)?;
        let (node, kind) = self.spelled(&subject)?;
        match &kind {
            Type::Set(choice) => {
                let labels = self.constants(&needles, &Type::Choice(Arc::clone(choice)))?;
                Some(self.nodes.add(Node::HasLabels(node, quantifier, super::constant::positions(&labels))))
            }
            Type::SetOfText | Type::SetOfCode => {
                let (member, form): (_, fn(&Text) -> &str) =
                    if kind == Type::SetOfText { (Type::Text, Text::normal) } else { (Type::Code, Text::exact) };
                let constants = self.constants(&needles, &member)?;
                Some(self.nodes.add(Node::HasTexts(node, quantifier, super::constant::texts(&constants, form))))
            }
            Type::Text | Type::Code => {
                let texts: Option<Box<[Text]>> = needles.iter().map(|needle| self.needle(needle, &kind)).collect();
                Some(self.nodes.add(Node::Contains(node, quantifier, texts?)))
            }
            _ => {
                let help = match kind {
                    Type::Region => Some("use `within` to ask for a region and all below it"),
                    Type::Choice(_) => Some("a choice has one label: use `==` or `in { … }`"),
                    Type::List(_) => Some("ask the list with `any(… of …)` or `count(… where …)`"),
                    _ => None,
                };
                self.error(Code::TypeMismatch, subject.place, format!("`contains` asks sets and texts, found {kind}"))
                    .set_maybe_help(help.map(str::to_owned));
                None
            }
        }
    }

    /// What is looked for: one constant, or after `any` and `all` a set of them.
    fn needles(&mut self, needle: &Operand, quantifier: Quantifier) -> Option<Vec<Operand>> {
        let members = Self::set_members(needle).map(<[Operand]>::to_vec).or_else(|| self.constant_set(needle));
        match (members, quantifier) {
            _ if needle.is_error() => None,
            (None, Quantifier::One) => Some(vec![needle.clone()]),
            (Some(members), Quantifier::Any | Quantifier::All) if !members.is_empty() => Some(members),
            (Some(_), Quantifier::Any | Quantifier::All) => {
                self.error(Code::EmptyNeedle, needle.place, "this set is empty");
                None
            }
            (Some(_), Quantifier::One) => {
                self.error(Code::TypeMismatch, needle.place, "`contains` looks for one label or text")
                    .set_help("say which: `contains any { … }` or `contains all { … }`");
                None
            }
            (None, _) => {
                self.error(Code::TypeMismatch, needle.place, "`any` and `all` look for a set")
                    .set_help("write `contains any { \"a\", \"b\" }`, or `contains \"a\"` for one");
                None
            }
        }
    }

    /// The declaration of tags that an expression names.
    pub(super) fn tags_named(&self, subject: &Expr) -> Option<usize> {
        let ExprKind::Path(path) = &subject.kind else { return None };
        match (path.as_slice(), self.entity(&path.first()?.text)) {
            ([_], Some(Entity::Tags(index))) => Some(index),
            _ => None,
        }
    }

    /// Label positions of a literal needle; nothing when it is not one, or has a label that is not there.
    pub(super) fn needle_positions(&self, index: usize, needle: &Expr) -> Option<Vec<u32>> {
        let labels = &self.tags[index].labels;
        match &needle.kind {
            ExprKind::Text(text) => labels.find_written(text).map(|label| vec![label]),
            ExprKind::Set(members) if !members.is_empty() => {
                members.iter().map(|member| labels.find_written(Self::quoted(member)?)).collect()
            }
            _ => None,
        }
    }

    /// Node and type; the quoted results of a `match` are texts here.
    fn spelled(&mut self, subject: &Operand) -> Option<(NodeId, Type)> {
        match &subject.kind {
            OperandKind::Labels(..) => Some((self.coerce(subject, &Type::Text)?, Type::Text)),
            _ => self.resolve(subject),
        }
    }

    /// A text or code to search in.
    pub(super) fn searchable(&mut self, subject: &Operand) -> Option<(NodeId, Type)> {
        let (node, kind) = self.spelled(subject)?;
        if matches!(kind, Type::Text | Type::Code) {
            return Some((node, kind));
        }
        self.error(Code::TypeMismatch, subject.place, format!("expected text or code, found {kind}"));
        None
    }

    /// A constant text to search for; the empty one is an error.
    pub(super) fn needle(&mut self, needle: &Operand, kind: &Type) -> Option<Text> {
        let (Constant::Text(text) | Constant::Code(text)) = self.constant_as(needle, kind)? else { return None };
        let form = if *kind == Type::Text { text.normal() } else { text.exact() };
        if form.is_empty() {
            self.error(Code::EmptyNeedle, needle.place, "everything contains the empty text")
                .set_help("ask `is present` instead");
            return None;
        }
        Some(text)
    }

    /// Compiles a regular expression once per pattern and mode.
    pub(super) fn regex(&mut self, pattern: &Quoted, case_insensitive: bool) -> Option<u32> {
        if pattern.text.is_empty() {
            self.error(Code::EmptyNeedle, pattern.place, "everything matches the empty pattern")
                .set_help("ask `is present` instead");
            return None;
        }
        let key = (pattern.text.clone(), case_insensitive);
        if let Some(&known) = self.regex_known.get(&key) {
            return Some(known);
        }
        let compiled = RegexBuilder::new(&pattern.text)
            .case_insensitive(case_insensitive)
            .size_limit(self.limits.regex_bytes)
            .dfa_size_limit(self.limits.regex_bytes)
            .nest_limit(100)
            .build();
        match compiled {
            Ok(regex) => {
                let position = u32::try_from(self.regexes.len()).unwrap_or(u32::MAX);
                self.regexes.push(regex);
                self.regex_known.insert(key, position);
                Some(position)
            }
            Err(reason) => {
                self.report_regex(pattern, &reason);
                None
            }
        }
    }

    fn report_regex(&mut self, pattern: &Quoted, reason: &regex::Error) {
        let (message, help) = match reason {
            regex::Error::CompiledTooBig(limit) => (
                format!("this regular expression needs more than {limit} bytes"),
                "shorten counted repetitions such as `{1000}`",
            ),
            _ => {
                // the last line of the reason says what is wrong, those before it draw it
                let reason = reason.to_string();
                let last = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                (
                    format!("this regular expression is wrong: {last}"),
                    "back-references and look-around are not supported: they cannot be searched in linear time",
                )
            }
        };
        self.error(Code::InvalidRegex, pattern.place, message).set_help(help);
    }

    pub(super) fn within(&mut self, subject: &Operand, container: &Operand) -> Option<NodeId> {
        if container.is_error() {
            return None;
        }
        let (node, kind) = self.resolve(subject)?;
        let members = Self::set_members(container).map(<[Operand]>::to_vec).or_else(|| self.constant_set(container));
        match (&kind, members) {
            (Type::Region, members) => {
                let members = members.unwrap_or_else(|| vec![container.clone()]);
                let constants = self.constants(&members, &Type::Region)?;
                Some(self.nodes.add(Node::WithinRegions(node, super::constant::texts(&constants, Text::normal))))
            }
            (Type::Set(choice), Some(members)) => {
                let labels = self.constants(&members, &Type::Choice(Arc::clone(choice)))?;
                Some(self.nodes.add(Node::WithinLabels(node, super::constant::positions(&labels))))
            }
            (Type::SetOfText, Some(members)) => {
                let constants = self.constants(&members, &Type::Text)?;
                Some(self.nodes.add(Node::WithinTexts(node, super::constant::texts(&constants, Text::normal))))
            }
            (Type::SetOfCode, Some(members)) => {
                let constants = self.constants(&members, &Type::Code)?;
                Some(self.nodes.add(Node::WithinTexts(node, super::constant::texts(&constants, Text::exact))))
            }
            _ => {
                let help = match kind {
                    Type::Set(_) | Type::SetOfText | Type::SetOfCode => "write `within { \"a\", \"b\" }`",
                    Type::Date | Type::DateTime => "write `within last 30 days` or `within next 2 weeks`",
                    _ => "use `in { … }` to ask whether one value is in a list",
                };
                self.error(Code::TypeMismatch, subject.place, format!("`within` asks regions and sets, found {kind}"))
                    .set_help(help);
                None
            }
        }
    }
}
