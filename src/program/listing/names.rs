//! What nodes and registers are called.

use super::word;
use crate::hir::node::{Constant, Node};
use crate::hir::{NodeId, PreviousPart, Rules};
use crate::operator::Quantifier;
use crate::program::whole::Whole;
use crate::time::Stretch;
use crate::types::{Choice, Type};
use crate::value::Text;
use std::sync::Arc;

/// How deep an expression is written out.
const DEPTH: usize = 6;

pub(super) struct Names<'n> {
    pub(super) rules: &'n Rules,
    /// A node of each register: that of the outcome, if there is one.
    of_registers: Vec<NodeId>,
    registers: &'n [u32],
}

impl<'n> Names<'n> {
    pub(super) fn new(rules: &'n Rules, whole: &'n Whole) -> Names<'n> {
        let mut of_registers = vec![NodeId(0); whole.count];
        let nodes = (0..).map(NodeId).zip(&whole.registers);
        // outcomes come after what they are the value of
        for (node, register) in nodes {
            if let Some(known) = of_registers.get_mut(*register as usize) {
                *known = node;
            }
        }
        Names { rules, of_registers, registers: &whole.registers }
    }

    pub(super) fn node_of(&self, register: u32) -> NodeId {
        self.of_registers.get(register as usize).copied().unwrap_or(NodeId(0))
    }

    /// A register, with the name of the outcome that it holds.
    pub(super) fn register(&self, register: u32) -> String {
        let node = self.node_of(register);
        let is_inner = matches!(self.rules.nodes.get(node), Node::Match { .. });
        match self.outcome(node) {
            // else it would be the register of the outcome itself
            Some(name) if is_inner => format!("r{register} ({name}, before its guard)"),
            Some(name) => format!("r{register} ({name})"),
            None => format!("r{register}"),
        }
    }

    /// An outcome or a part of one.
    fn outcome(&self, node: NodeId) -> Option<String> {
        let rules = self.rules;
        if let Some(class) = rules.classes.iter().find(|it| self.is_of(it.value, node)) {
            return Some(class.name.clone());
        }
        if let Some(tags) = rules.tags.iter().find(|it| self.is_of(it.value, node)) {
            return Some(tags.name.clone());
        }
        for score in &rules.scores {
            let name = &score.name;
            if score.grade.is_some_and(|grade| self.is_of(grade, node)) {
                return Some(format!("{name}.grade"));
            }
            if node == score.sum || self.is_of(score.score, node) {
                return Some(format!("{name}.score"));
            }
            if self.is_of(score.coverage, node) {
                return Some(format!("{name}.coverage"));
            }
            for indicator in &score.indicators {
                if node == indicator.points || self.is_of_points(node, indicator.points) {
                    return Some(format!("{name}.{}.points", indicator.name));
                }
                if node == indicator.covered {
                    return Some(format!("{name}.{}.covered", indicator.name));
                }
            }
        }
        None
    }

    /// Whether a node is an outcome, or what it is made of.
    fn is_of(&self, mut outcome: NodeId, node: NodeId) -> bool {
        while outcome != node {
            match self.rules.nodes.get(outcome) {
                Node::Outcome(inner) | Node::When(_, inner) => outcome = *inner,
                _ => return false,
            }
        }
        true
    }

    fn is_of_points(&self, mut node: NodeId, points: NodeId) -> bool {
        if node.index() >= self.rules.nodes.len() {
            return false;
        }
        while let Node::Outcome(inner) | Node::When(_, inner) = self.rules.nodes.get(node) {
            node = *inner;
        }
        node == points
    }

    /// The labels of a value that has some.
    pub(super) fn choice(&self, node: NodeId) -> Option<Arc<Choice>> {
        let rules = self.rules;
        let of_kind = |kind: &Type| match kind {
            Type::Choice(choice) | Type::Set(choice) => Some(Arc::clone(choice)),
            _ => None,
        };
        match rules.nodes.get(node) {
            Node::Field(slot) => return of_kind(&rules.schema.fields.get(*slot as usize)?.kind),
            Node::Previous(position) => {
                return match &rules.previous.get(*position as usize)?.part {
                    PreviousPart::Class(it) | PreviousPart::Grade(it) | PreviousPart::Tags(it) => Some(Arc::clone(it)),
                    PreviousPart::Score | PreviousPart::Coverage => None,
                };
            }
            _ => {}
        }
        if let Some(class) = rules.classes.iter().find(|it| self.is_of(it.value, node)) {
            return Some(Arc::clone(&class.labels));
        }
        if let Some(tags) = rules.tags.iter().find(|it| self.is_of(it.value, node)) {
            return Some(Arc::clone(&tags.labels));
        }
        let score = rules.scores.iter().find(|it| it.grade.is_some_and(|grade| self.is_of(grade, node)))?;
        score.grades.clone()
    }

    /// A label of a choice, as the file spells it.
    pub(super) fn label(choice: Option<&Choice>, label: u32) -> String {
        choice.map_or_else(|| format!("label {label}"), |choice| format!("\"{}\"", choice.label(label)))
    }

    /// A constant as rule files write it.
    pub(super) fn constant(&self, node: NodeId, choice: Option<&Choice>) -> String {
        self.rules.nodes.constant(node).map_or_else(|| self.value(node), |it| constant(it, choice))
    }

    /// A value by its name, or else written out.
    pub(super) fn value(&self, node: NodeId) -> String {
        self.outcome(node).unwrap_or_else(|| self.written(node, 0, true))
    }

    /// What a value is computed from.
    pub(super) fn expression(&self, node: NodeId) -> String {
        self.written(node, 0, false)
    }

    fn written(&self, id: NodeId, depth: usize, by_name: bool) -> String {
        let rules = self.rules;
        if by_name && let Some(name) = self.outcome(id) {
            return name;
        }
        if depth > DEPTH {
            let register = self.registers.get(id.index()).copied().unwrap_or(u32::MAX);
            return if (register as usize) < self.of_registers.len() { format!("r{register}") } else { "…".into() };
        }
        let inner = |id: NodeId| self.written(id, depth + 1, true);
        let texts =
            |texts: &[Text]| texts.iter().map(|it| format!("{:?}", it.original())).collect::<Vec<_>>().join(", ");
        match rules.nodes.get(id) {
            Node::Field(slot) => rules.schema.fields.get(*slot as usize).map_or("?", |field| &field.name).to_owned(),
            Node::Constant(it) => constant(it, None),
            Node::Previous(position) => {
                let previous = &rules.previous[*position as usize];
                let part = match previous.part {
                    PreviousPart::Class(_) | PreviousPart::Tags(_) => "",
                    PreviousPart::Score => ".score",
                    PreviousPart::Grade(_) => ".grade",
                    PreviousPart::Coverage => ".coverage",
                };
                format!("previous.{}{part}", previous.outcome)
            }
            Node::Compare(operator, a, b) => {
                let (left, right) = (self.choice(*a), self.choice(*b));
                let choice = left.or(right);
                let side = |it: NodeId| match rules.nodes.constant(it) {
                    Some(it) => constant(it, choice.as_deref()),
                    None => inner(it),
                };
                format!("{} {} {}", side(*a), operator.written(), side(*b))
            }
            Node::Arithmetic(operator, _, a, b) => {
                let side = |it: NodeId| match rules.nodes.get(it) {
                    Node::Arithmetic(..) => format!("({})", inner(it)),
                    _ => inner(it),
                };
                format!("{} {} {}", side(*a), operator.written(), side(*b))
            }
            Node::IsPresent(a) => format!("{} is present", inner(*a)),
            Node::Contains(a, quantifier, all) | Node::HasTexts(a, quantifier, all) => {
                let needle = if *quantifier == Quantifier::One { texts(all) } else { format!("{{ {} }}", texts(all)) };
                format!("{} {} {needle}", inner(*a), quantifier.written())
            }
            Node::Affix(a, end, text) => format!("{} {} {:?}", inner(*a), end.written(), text.original()),
            Node::Matches(a, regex) => {
                let regex = rules.regexes.get(*regex as usize).map_or("", |it| it.as_str());
                format!("{} matches r\"{regex}\"", inner(*a))
            }
            Node::Element(list, place) => {
                let list = rules.schema.fields.get(*list as usize).map(|field| &field.kind);
                let Some(Type::List(elements)) = list else { return "element".into() };
                elements.get(*place as usize).map_or_else(|| "element".into(), |it| format!(".{}", it.name))
            }
            Node::Aggregate(it) => {
                let fold = format!("{:?}", it.fold);
                let fold = fold.split('(').next().unwrap_or_default().to_lowercase();
                let value = it.value.map(|id| format!("{} of ", inner(id))).unwrap_or_default();
                let key = it.key.map(|id| format!(" by {}", inner(id))).unwrap_or_default();
                let filter = it.filter.map(|id| format!(" where {}", inner(id))).unwrap_or_default();
                format!("{fold}({value}{}{key}{filter})", inner(it.list))
            }
            Node::WithinRegions(a, all) => format!("{} within {{ {} }}", inner(*a), texts(all)),
            Node::WithinTexts(a, all) => format!("{} within {{ {} }}", inner(*a), texts(all)),
            Node::WithinLabels(a, all) => {
                let choice = self.choice(*a);
                let all: Vec<String> = all.iter().map(|it| Self::label(choice.as_deref(), *it)).collect();
                format!("{} within {{ {} }}", inner(*a), all.join(", "))
            }
            Node::Window(a, direction, stretch) => {
                let period = match stretch {
                    Stretch::Days(days) => format!("{days} days"),
                    Stretch::Months(months) => format!("{months} months"),
                };
                format!("{} {} {period}", inner(*a), direction.written())
            }
            node => {
                let mut parts = Vec::new();
                node.children(|child| parts.push(inner(child)));
                let name = match node {
                    Node::AtLeast(count, _) => format!("at_least_{count}"),
                    node => word(node),
                };
                if parts.is_empty() { name } else { format!("{name}({})", parts.join(", ")) }
            }
        }
    }
}

/// As rule files write it.
fn constant(constant: &Constant, choice: Option<&Choice>) -> String {
    let set = |members: Vec<String>| format!("{{ {} }}", members.join(", "));
    match constant {
        Constant::Missing => "missing".into(),
        Constant::Bool(value) => value.to_string(),
        Constant::Int(value) => value.to_string(),
        Constant::Decimal(value) => value.to_string(),
        Constant::Float(value) => value.to_string(),
        Constant::Text(text) | Constant::Code(text) | Constant::Region(text) => format!("{:?}", text.original()),
        Constant::Date(date) => format!("@{date}"),
        Constant::Instant(instant) => format!("@{instant}"),
        Constant::Label(label) => Names::label(choice, *label),
        Constant::Labels(labels) => set(labels.iter().map(|it| Names::label(choice, *it)).collect()),
        Constant::Texts(all) | Constant::Codes(all) => {
            set(all.iter().map(|it| format!("{:?}", it.original())).collect())
        }
    }
}
