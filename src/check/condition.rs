//! Conditions: logic, comparisons, sets, texts, windows.

use super::Checker;
use super::operand::{Operand, OperandKind};
use crate::diagnostic::Code;
use crate::hir::NodeId;
use crate::hir::node::{Constant, Node};
use crate::syntax::ast::{CompareOperator, Container, Expr, ExprKind, LogicOperator};
use crate::types::Type;

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
        let node = self.condition_node(expression)?;
        let negates = match &expression.kind {
            ExprKind::Not(_) | ExprKind::Compare(CompareOperator::NotEqual, ..) => true,
            ExprKind::In { negated, .. } => *negated,
            _ => false,
        };
        if negates {
            self.places.negated.push((node, expression.place.0));
        }
        Some(node)
    }

    fn condition_node(&mut self, expression: &Expr) -> Option<NodeId> {
        match &expression.kind {
            ExprKind::Not(inner) => self.not(inner),
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

    /// `not a`; a run of them is walked, not nested.
    fn not(&mut self, inner: &Expr) -> Option<NodeId> {
        let (mut inner, mut count) = (inner, 1);
        while let ExprKind::Not(next) = &inner.kind {
            (inner, count) = (next, count + 1);
        }
        let mut node = self.condition(inner)?;
        for _ in 0..count {
            node = self.nodes.add(Node::Not(node));
        }
        Some(node)
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
        let list = list.into_iter();
        let (mut nodes, mut complete) = (Vec::with_capacity(list.size_hint().0), true);
        for operand in list {
            match self.condition(operand) {
                Some(node) => {
                    self.places.parts.push((node, operand.place.0));
                    nodes.push(node);
                }
                None => complete = false,
            }
        }
        complete.then(|| nodes.into())
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
                return self.in_members(subject, &constants);
            }
            self.error(Code::TypeMismatch, set.place, format!("expected a set of constants, found {}", set.describe()))
                .set_help("write `in { … }`, `in [a..b]`, or the name of a `let` that holds a set");
            return None;
        };
        self.in_members(subject, members)
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
    pub(super) fn constant_set(&self, set: &Operand) -> Option<Vec<Operand>> {
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
