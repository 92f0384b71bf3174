//! Comparisons, where each side may give the other its type, and intervals, which are made of them.

use super::Checker;
use super::operand::{Operand, OperandKind};
use crate::diagnostic::Code;
use crate::hir::NodeId;
use crate::hir::node::Node;
use crate::syntax::ast::{CompareOperator, Interval, Place};
use crate::types::Type;
use std::cmp::Ordering;
use std::sync::Arc;

impl Checker<'_> {
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
    pub(super) fn facing(&mut self, subject: &Operand, literals: &[Operand]) -> Option<(NodeId, Type)> {
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
    pub(super) fn common(
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
                    let unordered = crate::types::Choice::new(false, own.labels());
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
}

/// Whether `<` makes sense.
fn is_ordered(kind: &Type) -> bool {
    match kind {
        Type::Int | Type::Decimal | Type::Float | Type::Date | Type::DateTime => true,
        Type::Choice(choice) => choice.ordered,
        _ => false,
    }
}
