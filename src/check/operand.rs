//! A checked expression: a node with its type, or a literal that takes the type it meets.

use super::Checker;
use crate::diagnostic::{Code, did_you_mean, list_names};
use crate::hir::NodeId;
use crate::hir::node::{Constant, Node};
use crate::source::Span;
use crate::syntax::ast::Place;
use crate::types::{Choice, Type};
use crate::value::Text;
use std::rc::Rc;
use std::sync::Arc;

/// A checked expression.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub(super) kind: OperandKind,
    pub(super) place: Place,
}

#[derive(Clone, Debug)]
pub(super) enum OperandKind {
    /// A value of a known type.
    Node(NodeId, Type),
    /// A `match` whose results are all quoted: labels of its own, which may also be labels of another list, or texts.
    Labels(NodeId, Arc<Choice>),
    /// `"汽车"`: takes the type that it meets
    Text(Rc<str>),
    /// `{ "广东", "广西" }`: its members take the type that they meet
    Set(Rc<[Operand]>),
    /// Reported already.
    Error,
}

impl Operand {
    pub(super) fn node(node: NodeId, kind: Type, place: Place) -> Operand {
        Operand { kind: OperandKind::Node(node, kind), place }
    }

    pub(super) fn error(place: Place) -> Operand {
        Operand { kind: OperandKind::Error, place }
    }

    pub(super) fn is_error(&self) -> bool {
        matches!(self.kind, OperandKind::Error)
    }

    pub(super) fn span(&self) -> Span {
        self.place.0
    }

    /// The same value used elsewhere: errors then point there.
    pub(super) fn at(mut self, place: Place) -> Operand {
        self.place = place;
        self
    }

    /// Node and type, if it has them of its own.
    pub(super) fn typed(&self) -> Option<(NodeId, Type)> {
        match &self.kind {
            OperandKind::Node(node, kind) => Some((*node, kind.clone())),
            OperandKind::Labels(node, choice) => Some((*node, Type::Choice(Arc::clone(choice)))),
            _ => None,
        }
    }

    /// What it is, for messages.
    pub(super) fn describe(&self) -> String {
        match &self.kind {
            OperandKind::Node(_, kind) => kind.to_string(),
            OperandKind::Labels(..) => "choice".into(),
            OperandKind::Text(_) => "quoted text".into(),
            OperandKind::Set(_) => "set of constants".into(),
            OperandKind::Error => "error".into(),
        }
    }
}

impl Checker<'_> {
    /// Node and type; a quoted text on its own is text.
    pub(super) fn resolve(&mut self, operand: &Operand) -> Option<(NodeId, Type)> {
        match &operand.kind {
            OperandKind::Text(text) => Some((self.nodes.add_constant(Constant::Text(Text::new(&**text))), Type::Text)),
            OperandKind::Set(_) => {
                self.error(Code::TypeMismatch, operand.place, "a set of constants is not a value of its own")
                    .set_help("use it after `in`, `contains any`, `contains all` or `within`");
                None
            }
            _ => operand.typed(),
        }
    }

    /// Quoted texts and `match`es of them, taken together: the labels that they have between them.
    pub(super) fn quoted_union(operands: &[Operand]) -> Option<Arc<Choice>> {
        let mut labels: Vec<&str> = Vec::new();
        for operand in operands {
            match &operand.kind {
                OperandKind::Text(text) => labels.push(text),
                OperandKind::Labels(_, choice) => labels.extend(choice.labels()),
                _ => return None,
            }
        }
        (!labels.is_empty()).then(|| Arc::new(Choice::new(false, labels)))
    }

    /// The operand as a value of `target`, converted where the language converts; otherwise an error.
    pub(super) fn coerce(&mut self, operand: &Operand, target: &Type) -> Option<NodeId> {
        match &operand.kind {
            OperandKind::Error => None,
            OperandKind::Text(text) => self.quoted_as(text, target, operand.place),
            OperandKind::Set(members) => self.set_as(members, target, operand.place),
            OperandKind::Labels(node, choice) => self.labels_as(*node, choice, target, operand),
            OperandKind::Node(node, kind) => self.node_as(*node, kind, target, operand),
        }
    }

    /// A quoted text as a value of the type that it meets.
    fn quoted_as(&mut self, text: &str, target: &Type, place: Place) -> Option<NodeId> {
        let constant = match target {
            Type::Text => Constant::Text(Text::new(text)),
            Type::Code => Constant::Code(Text::new(text)),
            Type::Region => Constant::Region(Text::new(text)),
            Type::Choice(choice) => Constant::Label(self.label(choice, text, place)?),
            Type::Set(_) | Type::SetOfText | Type::SetOfCode => {
                self.error(
                    Code::TypeMismatch,
                    place,
                    format!("a {target} is compared with a set such as `{{ \"{text}\" }}`"),
                )
                .set_help("use `contains` to ask for one label");
                return None;
            }
            _ => {
                let message = format!("expected {target}, found the quoted text `\"{text}\"`");
                let help = match target {
                    Type::Date | Type::DateTime => Some("dates are written `@2026-11-21`"),
                    Type::Int | Type::Decimal | Type::Float | Type::Bool => Some("leave the quotation marks out"),
                    _ => None,
                };
                self.error(Code::TypeMismatch, place, message).set_maybe_help(help.map(str::to_owned));
                return None;
            }
        };
        Some(self.nodes.add_constant(constant))
    }

    /// The position of a label, or an error with the nearest one.
    pub(super) fn label(&mut self, choice: &Choice, text: &str, place: Place) -> Option<u32> {
        let found = choice.find_written(text);
        if found.is_none() {
            let labels = || choice.labels();
            let help =
                did_you_mean(text, labels()).unwrap_or_else(|| format!("the labels are {}", list_names(labels())));
            self.error(Code::UnknownLabel, place, format!("`\"{text}\"` is not one of the labels")).set_help(help);
        }
        found
    }

    /// A set of constants as a set of the type that it meets.
    fn set_as(&mut self, members: &[Operand], target: &Type, place: Place) -> Option<NodeId> {
        let member = match target {
            Type::Set(choice) => Type::Choice(Arc::clone(choice)),
            Type::SetOfText => Type::Text,
            Type::SetOfCode => Type::Code,
            _ => {
                self.error(Code::TypeMismatch, place, format!("expected {target}, found a set"));
                return None;
            }
        };
        let constants = self.constants(members, &member)?;
        let set = match target {
            Type::Set(_) => Constant::Labels(super::constant::positions(&constants)),
            Type::SetOfText => Constant::Texts(super::constant::texts(&constants, Text::normal)),
            _ => Constant::Codes(super::constant::texts(&constants, Text::exact)),
        };
        Some(self.nodes.add_constant(set))
    }

    /// Quoted results of a `match` as labels of another list, or as texts.
    fn labels_as(&mut self, node: NodeId, own: &Arc<Choice>, target: &Type, operand: &Operand) -> Option<NodeId> {
        let spelled = |own: &Choice| own.labels().map(Text::new).collect();
        match target {
            Type::Choice(choice) if **choice == **own => Some(node),
            Type::Choice(choice) => {
                let unknown = own.labels().find(|label| choice.find_written(label).is_none());
                if let Some(unknown) = unknown.map(str::to_owned) {
                    self.label(choice, &unknown, operand.place);
                    return None;
                }
                self.relabel(node, own, choice)
            }
            Type::Text => {
                let texts = spelled(own);
                Some(self.nodes.add(Node::Spell(node, texts)))
            }
            _ => self.mismatch(operand, target),
        }
    }

    /// A typed value as a value of another type, where the language converts.
    fn node_as(&mut self, node: NodeId, kind: &Type, target: &Type, operand: &Operand) -> Option<NodeId> {
        match (kind, target) {
            _ if kind == target => Some(node),
            (Type::Int, Type::Decimal) => Some(self.as_decimal(node)),
            (Type::Int | Type::Decimal, Type::Float) if self.nodes.constant(node).is_some() => {
                Some(self.as_float(node))
            }
            (Type::Date, Type::DateTime) => Some(self.nodes.add(Node::StartOfDay(node))),
            (Type::DateTime, Type::Date) => Some(self.nodes.add(Node::DateOf(node))),
            (Type::Choice(own), Type::Choice(choice)) if own.len() == choice.len() => {
                match self.relabel(node, own, choice) {
                    Some(relabelled) => Some(relabelled),
                    None => self.mismatch(operand, target),
                }
            }
            _ => self.mismatch(operand, target),
        }
    }

    /// A label of one list as the label of another with the same spelling, if it has them all.
    pub(super) fn relabel(&mut self, node: NodeId, own: &Choice, target: &Choice) -> Option<NodeId> {
        let table: Option<Box<[u32]>> = own.labels().map(|label| target.find_written(label)).collect();
        let table = table?;
        if let Some(Constant::Label(position)) = self.nodes.constant(node) {
            let position = *table.get(*position as usize)?;
            return Some(self.nodes.add_constant(Constant::Label(position)));
        }
        let unchanged = table.iter().zip(0..).all(|(&to, from)| to == from);
        Some(if unchanged { node } else { self.nodes.add(Node::Relabel(node, table)) })
    }

    fn mismatch(&mut self, operand: &Operand, target: &Type) -> Option<NodeId> {
        let message = match (operand.typed().map(|(_, kind)| kind), target) {
            (Some(Type::Choice(_)), Type::Choice(_)) => "these labels are those of another list".to_owned(),
            _ => format!("expected {target}, found {}", operand.describe()),
        };
        self.error(Code::TypeMismatch, operand.place, message);
        None
    }
}
