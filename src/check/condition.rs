//! Conditions: logic, comparisons, sets, texts, windows.

use super::operand::{Operand, OperandKind};
use super::{Checker, Entity};
use crate::diagnostic::Code;
use crate::hir::NodeId;
use crate::hir::node::{Constant, Node};
use crate::syntax::ast::{
    CompareOperator, Container, Expr, ExprKind, Interval, LogicOperator, Place, Quantifier, Quoted,
};
use crate::types::Type;
use crate::value::Text;
use regex::RegexBuilder;
use std::cmp::Ordering;
use std::sync::Arc;

impl Checker<'_> {
    /// An expression that has to be a condition.
    pub(super) fn condition(&mut self, expression: &Expr) -> Option<NodeId> {
        let operand = self.expression(expression);
        match &operand.kind {
            OperandKind::Error => None,
            OperandKind::Node(node, Type::Bool) => Some(*node),
            _ => {
                let help = match operand.typed() {
                    Some((_, Type::List(_) | Type::Set(_) | Type::SetOfText | Type::SetOfCode)) => {
                        Some("ask whether it `is present`, or what it contains")
                    }
                    Some(_) => Some("compare it with something, or ask whether it `is present`"),
                    None => None,
                };
                let message = format!("expected a condition, found {}", operand.describe());
                self.error(Code::TypeMismatch, operand.place, message).set_maybe_help(help.map(str::to_owned));
                None
            }
        }
    }

    /// The expressions that are conditions by their form.
    pub(super) fn condition_kind(&mut self, expression: &Expr) -> Option<NodeId> {
        match &expression.kind {
            ExprKind::Not(inner) => {
                let inner = self.condition(inner)?;
                Some(self.nodes.add(Node::Not(inner)))
            }
            ExprKind::Logic(operator, operands) => self.logic(*operator, operands),
            ExprKind::Compare(operator, left, right) => {
                let (left, right) = (self.expression(left), self.expression(right));
                self.compare(*operator, &left, &right)
            }
            ExprKind::In { subject, negated, container } => {
                let subject = self.expression(subject);
                let inside = match container {
                    Container::Interval(interval) => self.in_interval(&subject, interval),
                    Container::Set(set) => {
                        let set = self.expression(set);
                        self.in_set(&subject, &set)
                    }
                }?;
                Some(if *negated { self.nodes.add(Node::Not(inside)) } else { inside })
            }
            ExprKind::Contains { subject, quantifier, needle } => self.contains(subject, *quantifier, needle),
            ExprKind::Affix { subject, end, needle } => {
                let (subject, needle) = (self.expression(subject), self.expression(needle));
                let (node, kind) = self.searchable(&subject)?;
                let needle = self.needle(&needle, &kind)?;
                Some(self.nodes.add(Node::Affix(node, *end, needle)))
            }
            ExprKind::Matches { subject, pattern } => {
                let subject = self.expression(subject);
                let (node, kind) = self.searchable(&subject)?;
                let regex = self.regex(pattern, kind == Type::Text)?;
                Some(self.nodes.add(Node::Matches(node, regex)))
            }
            ExprKind::Within { subject, container } => {
                let (subject, container) = (self.expression(subject), self.expression(container));
                self.within(&subject, &container)
            }
            ExprKind::Window { subject, direction, period } => {
                let subject = self.expression(subject);
                let stretch = self.stretch(period);
                let node = self.time(&subject)?;
                Some(self.nodes.add(Node::Window(node, *direction, stretch?)))
            }
            ExprKind::Is { subject, present } => {
                let subject = self.expression(subject);
                let (node, _) = self.resolve(&subject)?;
                let there = self.nodes.add(Node::IsPresent(node));
                Some(if *present { there } else { self.nodes.add(Node::Not(there)) })
            }
            _ => None,
        }
    }

    fn logic(&mut self, operator: LogicOperator, operands: &[Expr]) -> Option<NodeId> {
        let operands = self.conditions(operands)?;
        Some(self.nodes.add(match operator {
            LogicOperator::And => Node::All(operands),
            LogicOperator::Or => Node::Any(operands),
        }))
    }

    /// Several conditions; all are checked, also after an error.
    pub(super) fn conditions<'e>(&mut self, list: impl IntoIterator<Item = &'e Expr>) -> Option<Box<[NodeId]>> {
        let checked: Vec<Option<NodeId>> = list.into_iter().map(|operand| self.condition(operand)).collect();
        checked.into_iter().collect()
    }

    /// `left OP right`, where each side may give the other its type.
    pub(super) fn compare(&mut self, operator: CompareOperator, left: &Operand, right: &Operand) -> Option<NodeId> {
        if left.is_error() || right.is_error() {
            return None;
        }
        let (a, b, kind) = match (left.typed(), right.typed()) {
            (Some(a), Some(b)) => self.common(left, a, right, b)?,
            (Some(_), None) => {
                let (a, kind) = self.facing(left, std::slice::from_ref(right))?;
                (a, self.coerce(right, &kind)?, kind)
            }
            (None, Some(_)) => {
                let (b, kind) = self.facing(right, std::slice::from_ref(left))?;
                (self.coerce(left, &kind)?, b, kind)
            }
            (None, None) => {
                let (a, kind) = self.resolve(left)?;
                (a, self.coerce(right, &kind)?, kind)
            }
        };
        let equality = matches!(operator, CompareOperator::Equal | CompareOperator::NotEqual);
        if !equality && !is_ordered(&kind) {
            let help = match kind {
                Type::Choice(_) => "declare it as an `ordered choice`, lowest first, to compare labels by order",
                Type::Text | Type::Code => "texts compare with `==`, `contains`, `starts with`",
                _ => "compare it with `==` or `!=`",
            };
            let place = Place(left.span().to(right.span()));
            self.error(Code::NotOrdered, place, format!("values of type {kind} have no order")).set_help(help);
            return None;
        }
        Some(self.nodes.add(Node::Compare(operator, a, b)))
    }

    /// Node and type of what literals are compared with. The quoted results of a `match` are a list of labels only to
    /// those who name one of them; next to another text they are texts.
    fn facing(&mut self, subject: &Operand, literals: &[Operand]) -> Option<(NodeId, Type)> {
        if let OperandKind::Labels(_, choice) = &subject.kind {
            let known = |literal: &Operand| match &literal.kind {
                OperandKind::Text(text) => choice.find_written(text).is_some(),
                _ => false,
            };
            if !literals.iter().all(known) {
                return Some((self.coerce(subject, &Type::Text)?, Type::Text));
            }
        }
        self.resolve(subject)
    }

    /// Two typed sides brought to where they compare.
    fn common(
        &mut self,
        left: &Operand,
        (a, a_kind): (NodeId, Type),
        right: &Operand,
        (b, b_kind): (NodeId, Type),
    ) -> Option<(NodeId, NodeId, Type)> {
        let number = |kind: &Type| matches!(kind, Type::Int | Type::Decimal);
        let time = |kind: &Type| matches!(kind, Type::Date | Type::DateTime);
        match (&a_kind, &b_kind) {
            (Type::List(_), _) | (_, Type::List(_)) => {}
            _ if a_kind == b_kind => return Some((a, b, a_kind)),
            _ if (number(&a_kind) && number(&b_kind)) || (time(&a_kind) && time(&b_kind)) => {
                return Some((a, b, a_kind));
            }
            (Type::Float, _) if number(&b_kind) && self.nodes.constant(b).is_some() => {
                return Some((a, self.as_float(b), a_kind));
            }
            (_, Type::Float) if number(&a_kind) && self.nodes.constant(a).is_some() => {
                return Some((self.as_float(a), b, b_kind));
            }
            _ if matches!(left.kind, OperandKind::Labels(..)) => return Some((self.coerce(left, &b_kind)?, b, b_kind)),
            _ if matches!(right.kind, OperandKind::Labels(..)) => {
                return Some((a, self.coerce(right, &a_kind)?, a_kind));
            }
            (Type::Choice(own), Type::Choice(other)) if own.len() == other.len() => {
                // the same labels in another order are equal or not, but have no common order
                if let Some(b) = self.relabel(b, other, own) {
                    let unordered = crate::types::Choice::new(false, own.labels().map(Text::original));
                    return Some((a, b, Type::Choice(Arc::new(unordered))));
                }
            }
            _ => {}
        }
        let message = match (&a_kind, &b_kind) {
            (Type::Choice(_), Type::Choice(_)) | (Type::Set(_), Type::Set(_)) => {
                "these have different lists of labels".to_owned()
            }
            _ => format!("{a_kind} and {b_kind} cannot be compared"),
        };
        let help = match (&a_kind, &b_kind) {
            (Type::Set(_) | Type::SetOfText | Type::SetOfCode, _) => Some("a set `contains` a label"),
            (Type::Float, _) | (_, Type::Float) => Some("a float compares with floats and numeric constants only"),
            _ => None,
        };
        let place = Place(left.span().to(right.span()));
        self.error(Code::NotComparable, place, message).set_maybe_help(help.map(str::to_owned));
        None
    }

    /// `x in [a..b)`: each end is a comparison.
    pub(super) fn in_interval(&mut self, subject: &Operand, interval: &Interval) -> Option<NodeId> {
        let low = interval.low.as_deref().map(|end| self.expression(end));
        let high = interval.high.as_deref().map(|end| self.expression(end));
        if low.is_none() && high.is_none() {
            self.error(Code::EmptyInterval, interval.place, "an interval without ends says nothing")
                .set_help("ask `is present`, or leave the rule to `present`");
            return None;
        }
        let at_least = if interval.low_closed { CompareOperator::GreaterOrEqual } else { CompareOperator::Greater };
        let at_most = if interval.high_closed { CompareOperator::LessOrEqual } else { CompareOperator::Less };
        let mut ends = Vec::with_capacity(2);
        for (operator, end) in [(at_least, &low), (at_most, &high)] {
            if let Some(end) = end {
                ends.push(self.compare(operator, subject, end));
            }
        }
        let ends: Vec<NodeId> = ends.into_iter().collect::<Option<_>>()?;
        self.refuse_empty_interval(&ends, interval)?;
        Some(match ends.as_slice() {
            [only] => *only,
            _ => self.nodes.add(Node::All(ends.into())),
        })
    }

    /// An interval whose constant ends leave nothing between them.
    fn refuse_empty_interval(&mut self, ends: &[NodeId], interval: &Interval) -> Option<()> {
        let [low, high] = ends else { return Some(()) };
        let (Node::Compare(_, _, low), Node::Compare(_, _, high)) = (self.nodes.get(*low), self.nodes.get(*high))
        else {
            return Some(());
        };
        let Some((low, high)) = self.nodes.constant(*low).zip(self.nodes.constant(*high)) else { return Some(()) };
        let empty = match crate::eval::compare::order_of_constants(low, high) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => !(interval.low_closed && interval.high_closed),
            _ => false,
        };
        if empty {
            self.error(Code::EmptyInterval, interval.place, "nothing lies in this interval");
            return None;
        }
        Some(())
    }

    /// `x in { a, b }`: membership in a list of constants.
    pub(super) fn in_set(&mut self, subject: &Operand, set: &Operand) -> Option<NodeId> {
        if subject.is_error() || set.is_error() {
            return None;
        }
        let Some(members) = Self::set_members(set) else {
            if let (Some((_, Type::Choice(_) | Type::Text)), Some((_, Type::Set(_) | Type::SetOfText))) =
                (subject.typed(), set.typed())
                && let Some(constants) = self.constant_set(set)
            {
                let members: Vec<Operand> = constants;
                return self.in_members(subject, &members);
            }
            self.error(Code::TypeMismatch, set.place, format!("expected a set of constants, found {}", set.describe()))
                .set_help("write `in { … }`, `in [a..b]`, or the name of a `let` that holds a set");
            return None;
        };
        let members = members.to_vec();
        self.in_members(subject, &members)
    }

    fn in_members(&mut self, subject: &Operand, members: &[Operand]) -> Option<NodeId> {
        let (node, kind) = self.facing(subject, members)?;
        if matches!(kind, Type::Set(_) | Type::SetOfText | Type::SetOfCode | Type::List(_)) {
            self.error(Code::TypeMismatch, subject.place, format!("`in` asks about one value, found {kind}"))
                .set_help("use `contains any { … }`, `contains all { … }` or `within { … }`");
            return None;
        }
        let constants = self.constants(members, &kind)?;
        Some(self.nodes.add(Node::OneOf(node, constants.into())))
    }

    /// The members of a constant of a set type, as a param holds it.
    fn constant_set(&self, set: &Operand) -> Option<Vec<Operand>> {
        let (node, kind) = set.typed()?;
        let text = |text: &str| Operand { kind: OperandKind::Text(text.into()), place: set.place };
        match (self.nodes.constant(node)?, kind) {
            (Constant::Labels(labels), Type::Set(choice)) => {
                Some(labels.iter().map(|&label| text(choice.label(label))).collect())
            }
            (Constant::Texts(texts) | Constant::Codes(texts), _) => {
                Some(texts.iter().map(|it| text(it.original())).collect())
            }
            _ => None,
        }
    }

    fn contains(&mut self, subject: &Expr, quantifier: Quantifier, needle: &Expr) -> Option<NodeId> {
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
    fn searchable(&mut self, subject: &Operand) -> Option<(NodeId, Type)> {
        let (node, kind) = self.spelled(subject)?;
        if matches!(kind, Type::Text | Type::Code) {
            return Some((node, kind));
        }
        self.error(Code::TypeMismatch, subject.place, format!("expected text or code, found {kind}"));
        None
    }

    /// A constant text to search for; the empty one is an error.
    fn needle(&mut self, needle: &Operand, kind: &Type) -> Option<Text> {
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
    fn regex(&mut self, pattern: &Quoted, case_insensitive: bool) -> Option<u32> {
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

    fn within(&mut self, subject: &Operand, container: &Operand) -> Option<NodeId> {
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

    /// A date or an instant.
    pub(super) fn time(&mut self, operand: &Operand) -> Option<NodeId> {
        match &operand.kind {
            OperandKind::Error => None,
            OperandKind::Node(node, Type::Date | Type::DateTime) => Some(*node),
            _ => {
                let message = format!("expected a date or datetime, found {}", operand.describe());
                self.error(Code::TypeMismatch, operand.place, message);
                None
            }
        }
    }

    /// Where a condition went wrong it is unknown.
    pub(super) fn or_unknown(&mut self, condition: Option<NodeId>) -> NodeId {
        condition.unwrap_or_else(|| self.nodes.add_constant(Constant::Missing))
    }
}

/// Whether `<` makes sense.
fn is_ordered(kind: &Type) -> bool {
    match kind {
        Type::Int | Type::Decimal | Type::Float | Type::Date | Type::DateTime => true,
        Type::Choice(choice) => choice.ordered,
        _ => false,
    }
}
