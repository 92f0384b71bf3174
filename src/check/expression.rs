//! Expressions that are values: names, arithmetic, `match`; conditions and calls are in their own files.

use super::operand::{Operand, OperandKind};
use super::{Checker, Entity};
use crate::diagnostic::{Code, did_you_mean, list_names};
use crate::hir::node::{Constant, Node, NumberKind};
use crate::hir::{NodeId, Previous, PreviousPart};
use crate::syntax::ast::{ArithmeticOperator, Expr, ExprKind, Name, Place};
use crate::types::Type;
use std::sync::Arc;

impl Checker<'_> {
    /// Checks an expression of any type. Recursion follows the nesting of brackets, which the parser limits.
    pub(super) fn expression(&mut self, expression: &Expr) -> Operand {
        let place = expression.place;
        match &expression.kind {
            ExprKind::Number(written) => self.number(written, false, place),
            ExprKind::Text(text) => Operand { kind: OperandKind::Text(text.as_str().into()), place },
            ExprKind::Date(written) => self.date_literal(written, place),
            ExprKind::DateTime(written) => self.instant_literal(written, place),
            ExprKind::Bool(value) => Operand::node(self.nodes.add_constant(Constant::Bool(*value)), Type::Bool, place),
            ExprKind::Now => Operand::node(self.nodes.add(Node::Now), Type::DateTime, place),
            ExprKind::Today => Operand::node(self.nodes.add(Node::Today), Type::Date, place),
            ExprKind::Path(names) => self.path(names, place),
            ExprKind::Element(name) => self.element(name, place),
            ExprKind::Set(members) => {
                let members = members.iter().map(|member| self.expression(member)).collect();
                Operand { kind: OperandKind::Set(members), place }
            }
            ExprKind::Paren(inner) => self.expression(inner).at(place),
            ExprKind::Negate(inner) => self.negate(inner, place),
            ExprKind::Arithmetic(first, rest) => self.arithmetic_chain(first, rest, place),
            ExprKind::Call { function, arguments } => self.call(function, arguments, place),
            ExprKind::Aggregate { function, distinct, value, list, by, filter } => {
                self.aggregate(function, *distinct, [value.as_deref(), by.as_deref(), filter.as_deref()], list, place)
            }
            ExprKind::Match { subjects, rules } => self.match_table(subjects, rules, place),
            _ => match self.condition_kind(expression) {
                Some(node) => Operand::node(node, Type::Bool, place),
                None => Operand::error(place),
            },
        }
    }

    /// `-a`; a literal keeps its sign, so that the least int can be written.
    fn negate(&mut self, inner: &Expr, place: Place) -> Operand {
        if let ExprKind::Number(written) = &inner.kind {
            return self.number(written, true, place);
        }
        let operand = self.expression(inner);
        let Some((node, kind)) = self.numeric(&operand) else { return Operand::error(place) };
        let zero = self.nodes.add_constant(match kind {
            NumberKind::Int => Constant::Int(0),
            NumberKind::Decimal => Constant::Decimal(crate::value::Fixed::ZERO),
        });
        let node = self.arithmetic(ArithmeticOperator::Subtract, kind, zero, node);
        Operand::node(node, number_type(kind), place)
    }

    /// `a + b - c`, from left to right.
    fn arithmetic_chain(&mut self, first: &Expr, rest: &[(ArithmeticOperator, Expr)], place: Place) -> Operand {
        let first = self.expression(first);
        let mut result = self.numeric(&first);
        for (op, operand) in rest {
            let operand = self.expression(operand);
            let right = self.numeric(&operand);
            result = result.zip(right).map(|((left, left_kind), (right, right_kind))| {
                let kind = match (op, left_kind, right_kind) {
                    (ArithmeticOperator::Divide, _, _) => NumberKind::Decimal,
                    (_, NumberKind::Int, NumberKind::Int) => NumberKind::Int,
                    _ => NumberKind::Decimal,
                };
                (self.arithmetic(*op, kind, left, right), kind)
            });
        }
        match result {
            Some((node, kind)) => Operand::node(node, number_type(kind), place),
            None => Operand::error(place),
        }
    }

    /// The node of a number, or an error.
    pub(super) fn numeric(&mut self, operand: &Operand) -> Option<(NodeId, NumberKind)> {
        match &operand.kind {
            OperandKind::Error => None,
            OperandKind::Node(node, Type::Int) => Some((*node, NumberKind::Int)),
            OperandKind::Node(node, Type::Decimal) => Some((*node, NumberKind::Decimal)),
            _ => {
                let help = match operand.typed() {
                    Some((_, Type::Date | Type::DateTime)) => {
                        Some("count days with `days_since(…)` or `days_between(…, …)`")
                    }
                    Some((_, Type::Float)) => {
                        Some("a `float` only compares; declare the field as `decimal` to compute with it")
                    }
                    _ => None,
                };
                self.error(
                    Code::TypeMismatch,
                    operand.place,
                    format!("expected a number, found {}", operand.describe()),
                )
                .set_maybe_help(help.map(str::to_owned));
                None
            }
        }
    }

    /// A name, a part of an outcome, or something of the last outcome.
    fn path(&mut self, names: &[Name], place: Place) -> Operand {
        let Some((first, parts)) = names.split_first() else { return Operand::error(place) };
        if first.text == "previous" {
            return self.previous_part(parts, place);
        }
        let Some(entity) = self.entity(&first.text) else { return self.unknown_name(first, place) };
        if matches!(entity, Entity::Let(_) | Entity::Param(_)) {
            self.used.insert(entity);
        }
        match entity {
            Entity::Broken => Operand::error(place),
            Entity::Score(index) => self.score_part(index, parts, place),
            _ if !parts.is_empty() => self.no_parts(first, parts, entity, place),
            Entity::Field(index) => Operand::node(self.nodes.add(Node::Field(index)), self.field_kind(index), place),
            Entity::Param(index) => self.params.get(index).cloned().unwrap_or_else(|| Operand::error(place)).at(place),
            Entity::Let(index) => self.checked_lets[index].clone().unwrap_or_else(|| Operand::error(place)).at(place),
            Entity::Class(index) => match &self.checked_classes[index] {
                Some(class) => Operand::node(class.value, Type::Choice(Arc::clone(&class.labels)), place),
                None => Operand::error(place),
            },
            Entity::Tags(index) => match &self.checked_tags[index].finished {
                Some(tags) => Operand::node(tags.value, Type::Set(Arc::clone(&tags.labels)), place),
                None => Operand::error(place),
            },
        }
    }

    fn unknown_name(&mut self, name: &Name, place: Place) -> Operand {
        let help = did_you_mean(&name.text, self.known_names());
        let as_element = self.scope.is_some_and(|list| self.element_column(list, &name.text).is_some());
        let help = if as_element { Some(format!("write `.{}` for a field of the element", name.text)) } else { help };
        self.error(Code::UnknownName, name.place, format!("nothing is called `{}`", name.text)).set_help(
            help.unwrap_or_else(|| format!("declare it: `field {} : text`, or as a `param` or `let`", name.text)),
        );
        Operand::error(place)
    }

    fn no_parts(&mut self, name: &Name, parts: &[Name], entity: Entity, place: Place) -> Operand {
        let part = &parts[0];
        let message = format!("`{}` has no part `{}`", name.text, part.text);
        let is_list = matches!(entity, Entity::Field(index) if matches!(self.field_kind(index), Type::List(_)));
        let help = if is_list {
            Some(format!(
                "ask the list with a function: `any(.{} == … of {})`, `count({} where …)`",
                part.text, name.text, name.text
            ))
        } else {
            None
        };
        self.error(Code::UnknownPart, part.place, message).set_maybe_help(help);
        Operand::error(place)
    }

    /// `fit.score`, `fit.grade`, `fit.coverage`, `fit.size.points`
    fn score_part(&mut self, index: usize, parts: &[Name], place: Place) -> Operand {
        let declared = self.scores[index].syntax;
        let Some(score) = &self.checked_scores[index] else { return Operand::error(place) };
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let found = match texts.as_slice() {
            ["score"] => Some((score.score, Type::Decimal)),
            ["coverage"] => Some((score.coverage, Type::Decimal)),
            ["grade"] => score.grade.zip(score.grades.clone()).map(|(node, grades)| (node, Type::Choice(grades))),
            [indicator, "points"] => {
                let found = score.indicators.iter().find(|it| it.name == *indicator);
                found
                    .map(|it| (it.points, score.guard))
                    .map(|(points, guard)| (self.outcome(points, guard), Type::Decimal))
            }
            _ => None,
        };
        if let Some((node, kind)) = found {
            return Operand::node(node, kind, place);
        }
        let name = &declared.name.text;
        let indicators = || declared.indicators.iter().map(|indicator| indicator.name.text.as_str());
        let (at, message, help) = match texts.as_slice() {
            [] => (
                place,
                format!("`{name}` is a score, which has several parts"),
                format!("write `{name}.score`, `{name}.grade` or `{name}.coverage`"),
            ),
            ["grade"] => {
                (parts[0].place, format!("the score `{name}` has no grades"), "add a `grades { … }` block".into())
            }
            [indicator] if indicators().any(|known| known == *indicator) => (
                parts[0].place,
                format!("`{name}.{indicator}` is an indicator"),
                format!("write `{name}.{indicator}.points`"),
            ),
            [part, ..] => (
                parts[0].place,
                format!("the score `{name}` has no part `{part}`"),
                did_you_mean(part, ["score", "grade", "coverage"].into_iter().chain(indicators())).unwrap_or_else(
                    || {
                        format!(
                            "its parts are `score`, `grade`, `coverage`, and the points of {}",
                            list_names(indicators())
                        )
                    },
                ),
            ),
        };
        self.error(Code::UnknownPart, at, message).set_help(help);
        Operand::error(place)
    }

    /// An outcome's value under its guard, as later rules see it.
    pub(super) fn outcome(&mut self, value: NodeId, guard: Option<NodeId>) -> NodeId {
        let guarded = match guard {
            Some(guard) => self.nodes.add(Node::When(guard, value)),
            None => value,
        };
        self.nodes.add(Node::Outcome(guarded))
    }

    /// `previous.member`, `previous.fit.grade`
    fn previous_part(&mut self, parts: &[Name], place: Place) -> Operand {
        let Some((name, parts)) = parts.split_first() else {
            self.error(Code::UnknownPart, place, "`previous` has parts: the outcomes of this file")
                .set_help("write `previous.` and the name of an outcome");
            return Operand::error(place);
        };
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let found = match (self.entity(&name.text), texts.as_slice()) {
            (Some(Entity::Broken), _) => return Operand::error(place),
            (Some(Entity::Class(index)), []) => {
                let labels = Arc::clone(&self.classes[index].labels);
                Some((PreviousPart::Class(Arc::clone(&labels)), Type::Choice(labels)))
            }
            (Some(Entity::Tags(index)), []) => {
                let labels = Arc::clone(&self.tags[index].labels);
                Some((PreviousPart::Tags(Arc::clone(&labels)), Type::Set(labels)))
            }
            (Some(Entity::Score(_)), ["score"]) => Some((PreviousPart::Score, Type::Decimal)),
            (Some(Entity::Score(_)), ["coverage"]) => Some((PreviousPart::Coverage, Type::Decimal)),
            (Some(Entity::Score(index)), ["grade"]) if self.scores[index].syntax.grades.is_some() => {
                let labels = Arc::clone(&self.scores[index].labels);
                Some((PreviousPart::Grade(Arc::clone(&labels)), Type::Choice(labels)))
            }
            _ => None,
        };
        let Some((part, kind)) = found else { return self.unknown_previous(name, &texts, place) };
        let wanted = Previous { outcome: name.text.clone(), part };
        let position = self.previous.iter().position(|known| *known == wanted).unwrap_or_else(|| {
            self.previous.push(wanted);
            self.previous.len() - 1
        });
        let node = Node::Previous(u32::try_from(position).unwrap_or(u32::MAX));
        Operand::node(self.nodes.add(node), kind, place)
    }

    fn unknown_previous(&mut self, name: &Name, parts: &[&str], place: Place) -> Operand {
        let (code, message, help) = match self.entity(&name.text) {
            Some(Entity::Score(_)) => (
                Code::UnknownPart,
                format!("`previous.{}` has no such part", name.text),
                Some(format!("the last outcome holds `{0}.score`, `{0}.grade` and `{0}.coverage`", name.text)),
            ),
            Some(Entity::Class(_) | Entity::Tags(_)) => {
                (Code::UnknownPart, format!("`{}` has no part `{}`", name.text, parts.join(".")), None)
            }
            _ => (
                Code::UnknownName,
                format!("no outcome is called `{}`", name.text),
                did_you_mean(&name.text, self.outcome_names().iter().map(String::as_str)),
            ),
        };
        self.error(code, name.place, message).set_maybe_help(help);
        Operand::error(place)
    }

    /// `.kind`: a field of the element that a list function looks at
    fn element(&mut self, name: &Name, place: Place) -> Operand {
        let Some(list) = self.scope else {
            self.error(Code::ElementOutsideList, place, format!("`.{}` stands outside a list function", name.text))
                .set_help("a leading dot names a field of a list's element, as in `count(activities where .kind == \"demo\")`");
            return Operand::error(place);
        };
        if let Some((column, kind)) = self.element_column(list, &name.text) {
            return Operand::node(self.nodes.add(Node::Element(list, column)), kind, place);
        }
        let Type::List(elements) = self.field_kind(list) else { return Operand::error(place) };
        let names = || elements.iter().map(|element| &*element.name);
        let help =
            did_you_mean(&name.text, names()).unwrap_or_else(|| format!("its fields are {}", list_names(names())));
        let message = format!("elements of `{}` have no field `{}`", self.schema[list as usize].name, name.text);
        self.error(Code::UnknownPart, name.place, message).set_help(help);
        Operand::error(place)
    }

    /// Column and type of an element's field.
    fn element_column(&self, list: u32, name: &str) -> Option<(u32, Type)> {
        let Type::List(elements) = &self.schema.get(list as usize)?.kind else { return None };
        let column = elements.iter().position(|element| *element.name == *name)?;
        Some((u32::try_from(column).ok()?, elements[column].kind.clone()))
    }
}

/// The type of a number.
pub(super) fn number_type(kind: NumberKind) -> Type {
    match kind {
        NumberKind::Int => Type::Int,
        NumberKind::Decimal => Type::Decimal,
    }
}
