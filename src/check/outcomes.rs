//! Classifications and tags.

use super::Checker;
use super::operand::Operand;
use crate::diagnostic::Code;
use crate::hir::node::{Constant, Node};
use crate::hir::{self, NodeId};
use crate::source::Span;
use crate::syntax::ast::{Expr, Place, Quantifier, Rule, RuleResult, RuleTest, TypeExpr, TypeKind};
use crate::types::Type;
use std::sync::Arc;

/// What is known of a `tags` block while its rules are being checked one by one.
#[derive(Default)]
pub(super) struct TagsState {
    pub(super) subjects: Vec<Operand>,
    pub(super) guard: Option<NodeId>,
    pub(super) rules: Vec<Option<hir::Rule>>,
    /// The rules of each label, by position.
    pub(super) by_label: Vec<Vec<usize>>,
    pub(super) finished: Option<hir::Tags>,
}

impl TagsState {
    pub(super) fn new(rules: usize) -> TagsState {
        TagsState { rules: (0..rules).map(|_| None).collect(), ..TagsState::default() }
    }
}

impl Checker<'_> {
    /// The guard after `when`.
    pub(super) fn guard(&mut self, guard: Option<&Expr>) -> Option<NodeId> {
        let guard = guard?;
        let condition = self.condition(guard);
        self.places.parts.extend(condition.map(|node| (node, guard.place.0)));
        Some(self.or_unknown(condition))
    }

    /// `classify name { … }`
    pub(super) fn check_class(&mut self, index: usize) {
        let (syntax, labels) = (self.classes[index].syntax, Arc::clone(&self.classes[index].labels));
        self.rules_are_sound(&syntax.rules, syntax.name.place);
        if labels.len() == 0 && syntax.kind.is_none() && !syntax.rules.is_empty() {
            self.error(Code::NoRules, syntax.name.place, format!("`{}` has no labels of its own", syntax.name.text))
                .set_help("give it a type: `: choice { … }` or `: ordered choice { … }`");
        }
        let guard = self.guard(syntax.when.as_ref());
        let subjects = self.subjects(&syntax.on);
        let kind = Type::Choice(Arc::clone(&labels));
        let mut rules = Vec::with_capacity(syntax.rules.len());
        for rule in &syntax.rules {
            let test = self.rule_test(&rule.test, &subjects, rule.place);
            let result = self.label_result(rule, &kind);
            rules.push(hir::Rule {
                span: rule.place.0,
                test_place: rule.test.span(rule.place.0),
                test,
                result: Some(self.or_unknown(result)),
                label: None,
                written: rule.test.written(),
            });
        }
        let arms = rules.iter().filter_map(|rule| Some((rule.test, rule.result?))).collect();
        let first = self.nodes.add(Node::Match { arms, subjects: Box::default() });
        let value = self.outcome(first, guard);
        self.checked_classes[index] = Some(hir::Class {
            name: syntax.name.text.clone(),
            place: syntax.name.place.0,
            unique: syntax.unique,
            on: subjects.iter().filter_map(Operand::typed).map(|(node, _)| node).collect(),
            title: Self::title(syntax.title.as_ref()),
            labels,
            label_places: syntax.kind.as_ref().map(label_places).unwrap_or_default(),
            guard,
            rules,
            value,
        });
    }

    /// The result of a classification's rule as one of its labels.
    fn label_result(&mut self, rule: &Rule, kind: &Type) -> Option<NodeId> {
        match &rule.result {
            RuleResult::Value(value) => {
                let operand = self.expression(value);
                self.coerce(&operand, kind)
            }
            RuleResult::Skip(place) => self.misplaced_skip(*place),
        }
    }

    fn misplaced_skip(&mut self, place: Place) -> Option<NodeId> {
        self.error(Code::MisplacedClause, place, "only an indicator can `skip`");
        None
    }

    /// Guard and subjects of a `tags` block.
    pub(super) fn check_tags_guard(&mut self, index: usize) {
        let syntax = self.tags[index].syntax;
        self.rules_are_sound(&syntax.rules, syntax.name.place);
        let guard = self.guard(syntax.when.as_ref());
        let subjects = self.subjects(&syntax.on);
        let state = &mut self.checked_tags[index];
        state.guard = guard;
        state.subjects = subjects;
    }

    /// One rule of a `tags` block.
    pub(super) fn check_tags_rule(&mut self, index: usize, position: usize) {
        let (syntax, labels) = (self.tags[index].syntax, Arc::clone(&self.tags[index].labels));
        let rule = &syntax.rules[position];
        let subjects = std::mem::take(&mut self.checked_tags[index].subjects);
        let test = match &rule.test {
            RuleTest::Otherwise(_) => self.none_fires(index, position),
            test => self.rule_test(test, &subjects, rule.place),
        };
        self.checked_tags[index].subjects = subjects;
        let label = match &rule.result {
            RuleResult::Value(value) => match Self::quoted(value) {
                Some(text) => self.label(&labels, text, value.place),
                None => {
                    self.error(Code::NotConstant, value.place, "a tag is a quoted text")
                        .set_help("write one rule for each tag");
                    None
                }
            },
            RuleResult::Skip(place) => {
                self.misplaced_skip(*place);
                None
            }
        };
        let checked = hir::Rule {
            span: rule.place.0,
            test_place: rule.test.span(rule.place.0),
            test,
            result: None,
            label,
            written: rule.test.written(),
        };
        self.checked_tags[index].rules[position] = Some(checked);
    }

    /// `otherwise` among rules that all count: true when none of the others fires.
    fn none_fires(&mut self, index: usize, position: usize) -> NodeId {
        let rules = self.checked_tags[index].rules.iter().enumerate();
        let others: Vec<NodeId> =
            rules.filter(|(other, _)| *other != position).filter_map(|(_, rule)| Some(rule.as_ref()?.test)).collect();
        self.no_test_fires(&others)
    }

    /// True when none of the tests is true.
    pub(super) fn no_test_fires(&mut self, tests: &[NodeId]) -> NodeId {
        let fires = self.fires(tests);
        self.nodes.add(Node::Not(fires))
    }

    /// True when one of the tests is true, and false otherwise.
    pub(super) fn fires(&mut self, tests: &[NodeId]) -> NodeId {
        let any = match tests {
            [] => self.nodes.add_constant(Constant::Bool(false)),
            [only] => *only,
            _ => self.nodes.add(Node::Any(tests.into())),
        };
        self.nodes.add(Node::Fires(any))
    }

    /// The whole set, when all rules have been checked.
    pub(super) fn finish_tags(&mut self, index: usize) {
        let (syntax, labels) = (self.tags[index].syntax, Arc::clone(&self.tags[index].labels));
        let rules: Vec<hir::Rule> = self.checked_tags[index].rules.iter_mut().filter_map(Option::take).collect();
        let guard = self.checked_tags[index].guard;
        let mut tests: Vec<Vec<NodeId>> = vec![Vec::new(); labels.len()];
        for rule in &rules {
            if let Some(label) = rule.label {
                tests[label as usize].push(rule.test);
            }
        }
        let fires: Box<[NodeId]> = tests.iter().map(|tests| self.fires(tests)).collect();
        let set = self.nodes.add(Node::TagSet(fires));
        let value = self.outcome(set, guard);
        self.checked_tags[index].finished = Some(hir::Tags {
            name: syntax.name.text.clone(),
            place: syntax.name.place.0,
            title: Self::title(syntax.title.as_ref()),
            labels,
            guard,
            rules,
            value,
        });
    }

    /// Which rules give a label.
    pub(super) fn rules_of_label(&self, index: usize, label: u32) -> impl Iterator<Item = usize> {
        let rules = self.checked_tags[index].by_label.get(label as usize);
        rules.map(Vec::as_slice).unwrap_or_default().iter().copied()
    }

    /// `profile contains any { "a" }`: each label is true or false, as the host sees it; unknown only by the guard
    pub(super) fn contains_tags(&mut self, index: usize, quantifier: Quantifier, labels: &[u32]) -> Option<NodeId> {
        let guard = self.checked_tags[index].guard;
        let mut asked = Vec::with_capacity(labels.len());
        for &label in labels {
            let rules: Vec<usize> = self.rules_of_label(index, label).collect();
            let tests: Vec<NodeId> = match &self.checked_tags[index].finished {
                Some(tags) => {
                    tags.rules.iter().filter(|rule| rule.label == Some(label)).map(|rule| rule.test).collect()
                }
                None => {
                    let checked = rules.iter().map(|&rule| self.checked_tags[index].rules[rule].as_ref());
                    // a rule that is not there yet is on a circle, which is reported
                    checked.map(|rule| rule.map(|rule| rule.test)).collect::<Option<_>>()?
                }
            };
            let fires = self.fires(&tests);
            asked.push(self.outcome(fires, guard));
        }
        Some(match (asked.as_slice(), quantifier) {
            ([only], _) => *only,
            (_, Quantifier::All) => self.nodes.add(Node::All(asked.into())),
            _ => self.nodes.add(Node::Any(asked.into())),
        })
    }

    /// Fills in which rules give each label, before any is checked.
    pub(super) fn index_tags(&mut self) {
        for (tags, state) in self.tags.iter().zip(&mut self.checked_tags) {
            state.by_label = vec![Vec::new(); tags.labels.len()];
            for (position, rule) in tags.syntax.rules.iter().enumerate() {
                let quoted = match &rule.result {
                    RuleResult::Value(value) => Self::quoted(value),
                    RuleResult::Skip(_) => None,
                };
                if let Some(label) = quoted.and_then(|text| tags.labels.find_written(text)) {
                    state.by_label[label as usize].push(position);
                }
            }
        }
    }
}

/// Where the labels of a list stand.
fn label_places(kind: &TypeExpr) -> Vec<Span> {
    match &kind.kind {
        TypeKind::Choice(labels) | TypeKind::OrderedChoice(labels) => {
            labels.iter().map(|label| label.place.0).collect()
        }
        _ => Vec::new(),
    }
}
