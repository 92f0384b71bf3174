//! Functions of lists: `count`, `sum`, `first … by`, `any`, `all`.

use super::Checker;
use super::expression::number_type;
use super::operand::{Operand, OperandKind};
use crate::diagnostic::Code;
use crate::hir::NodeId;
use crate::hir::node::{Aggregate, Fold, Node};
use crate::syntax::ast::{Expr, Name, Place};
use crate::types::Type;

impl Checker<'_> {
    /// `sum(E of L by K where C)`; `parts` are E, K and C.
    pub(super) fn aggregate(
        &mut self,
        function: &Name,
        distinct: bool,
        parts: [Option<&Expr>; 3],
        list: &Expr,
        place: Place,
    ) -> Operand {
        if self.scope.is_some() {
            self.error(Code::NestedAggregate, place, "list functions do not nest")
                .set_help("compute the inner one in a `let` of its own, over the whole list");
            return Operand::error(place);
        }
        let operand = self.expression(list);
        let Some((list_node, index)) = self.list(&operand, function) else { return Operand::error(place) };
        self.scope = Some(index);
        let result = self.aggregate_of(function, distinct, parts, list_node, place);
        self.scope = None;
        match result {
            Some((node, kind)) => Operand::node(node, kind, place),
            None => Operand::error(place),
        }
    }

    /// The list's node and its position in the schema.
    fn list(&mut self, operand: &Operand, function: &Name) -> Option<(NodeId, u32)> {
        match &operand.kind {
            OperandKind::Error => None,
            OperandKind::Node(node, Type::List(_)) => match self.nodes.get(*node) {
                Node::Field(index) => Some((*node, *index)),
                _ => None,
            },
            _ => {
                let message = format!("expected a list, found {}", operand.describe());
                let help = match function.text.as_str() {
                    "any" => Some("join conditions with `or`"),
                    "all" => Some("join conditions with `and`"),
                    "count" => Some("count what is filled with `count_present(…)`"),
                    _ => None,
                };
                self.error(Code::TypeMismatch, operand.place, message).set_maybe_help(help.map(str::to_owned));
                None
            }
        }
    }

    /// The function itself, in the scope of its list.
    fn aggregate_of(
        &mut self,
        function: &Name,
        distinct: bool,
        [value, by, filter]: [Option<&Expr>; 3],
        list: NodeId,
        place: Place,
    ) -> Option<(NodeId, Type)> {
        let name = function.text.as_str();
        // `any(L where C)`: C is the condition that is asked for, not a filter
        let (value, filter) = match (name, value) {
            ("any" | "all", None) => (filter, None),
            _ => (value, filter),
        };
        let misused = (by.is_some() != matches!(name, "first" | "last")) || (distinct && name != "count");
        let incomplete = value.is_none() && name != "count";
        if misused || incomplete || (distinct && value.is_none()) {
            return self.wrong_arguments(function, place);
        }
        let checked_filter = filter.map(|filter| self.condition(filter));
        let value_operand = value.map(|value| self.expression(value));
        let key = by.map(|key| self.key(key));
        let (fold, value, kind) = self.fold(function, distinct, value_operand.as_ref(), place)?;
        let aggregate = Aggregate {
            fold,
            list,
            value,
            key: match key {
                Some(key) => Some(key?),
                None => None,
            },
            filter: match checked_filter {
                Some(filter) => Some(filter?),
                None => None,
            },
        };
        Some((self.nodes.add(Node::Aggregate(Box::new(aggregate))), kind))
    }

    /// What is computed, of which value, giving which type.
    fn fold(
        &mut self,
        function: &Name,
        distinct: bool,
        value: Option<&Operand>,
        place: Place,
    ) -> Option<(Fold, Option<NodeId>, Type)> {
        let Some(value) = value else { return Some((Fold::Count, None, Type::Int)) };
        match function.text.as_str() {
            "count" => {
                let (node, _) = self.resolve(value)?;
                Some((if distinct { Fold::CountDistinct } else { Fold::Count }, Some(node), Type::Int))
            }
            "sum" => {
                let (node, kind) = self.numeric(value)?;
                Some((Fold::Sum(kind), Some(node), number_type(kind)))
            }
            "avg" => {
                let (node, _) = self.numeric(value)?;
                Some((Fold::Average, Some(node), Type::Decimal))
            }
            "min" | "max" => {
                let (node, kind) = self.resolve(value)?;
                if !matches!(kind, Type::Int | Type::Decimal | Type::Date | Type::DateTime) {
                    self.error(Code::TypeMismatch, value.place, format!("expected numbers or dates, found {kind}"));
                    return None;
                }
                let fold = if function.text == "min" { Fold::Least } else { Fold::Greatest };
                Some((fold, Some(node), kind))
            }
            "first" | "last" => {
                let (node, kind) = self.resolve(value)?;
                let fold = if function.text == "first" { Fold::First } else { Fold::Last };
                Some((fold, Some(node), kind))
            }
            "any" | "all" => match &value.kind {
                OperandKind::Node(node, Type::Bool) => {
                    let fold = if function.text == "any" { Fold::Any } else { Fold::All };
                    Some((fold, Some(*node), Type::Bool))
                }
                OperandKind::Error => None,
                _ => {
                    let message = format!("expected a condition, found {}", value.describe());
                    self.error(Code::TypeMismatch, value.place, message);
                    None
                }
            },
            _ => {
                self.wrong_arguments(function, place);
                None
            }
        }
    }

    /// The key of `by`: something with an order.
    fn key(&mut self, key: &Expr) -> Option<NodeId> {
        let operand = self.expression(key);
        let (node, kind) = self.resolve(&operand)?;
        let ordered = match &kind {
            Type::Int | Type::Decimal | Type::Float | Type::Date | Type::DateTime => true,
            Type::Choice(choice) => choice.ordered,
            _ => false,
        };
        if !ordered {
            self.error(Code::NotOrdered, operand.place, format!("values of type {kind} have no order"))
                .set_help("sort by a number, a date or an `ordered choice`");
            return None;
        }
        Some(node)
    }
}
