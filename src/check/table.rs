//! `TEST => RESULT`: conditions, or patterns over subjects.

use super::Checker;
use super::operand::{Operand, OperandKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::node::{Constant, Node};
use crate::hir::{self, NodeId, Written};
use crate::source::Span;
use crate::syntax::ast::{CompareOperator, Expr, ExprKind, Pattern, PatternItem, Place, Rule, RuleResult, RuleTest};
use crate::types::{Choice, Type};
use std::sync::Arc;

impl RuleTest {
    /// Where it stands, in a rule that stands there.
    pub(super) fn span(&self, rule: Span) -> Span {
        match self {
            RuleTest::Condition(condition) => condition.place.0,
            RuleTest::Patterns(patterns) => {
                patterns.iter().map(|pattern| pattern.place.0).reduce(Span::to).unwrap_or(rule)
            }
            RuleTest::Otherwise(place) | RuleTest::Always(place) => place.0,
        }
    }

    /// How it is written.
    pub(super) fn written(&self) -> Written {
        match self {
            RuleTest::Condition(_) | RuleTest::Patterns(_) => Written::Test,
            RuleTest::Otherwise(_) => Written::Otherwise,
            RuleTest::Always(_) => Written::Always,
        }
    }
}

impl Checker<'_> {
    /// Subjects of `on` or `match`: values that patterns can ask.
    pub(super) fn subjects(&mut self, subjects: &[Expr]) -> Vec<Operand> {
        let mut checked = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let operand = self.expression(subject);
            let usable = match self.resolve(&operand) {
                Some((node, kind)) if !matches!(operand.kind, OperandKind::Labels(..)) => {
                    Operand::node(node, kind, subject.place)
                }
                Some(_) => operand,
                None => Operand::error(subject.place),
            };
            checked.push(usable);
        }
        checked
    }

    /// The test of a rule as a condition. `earlier` are the tests before it, for `otherwise` where all rules count.
    pub(super) fn rule_test(&mut self, test: &RuleTest, subjects: &[Operand], place: Place) -> NodeId {
        match test {
            RuleTest::Condition(condition) => {
                let condition = self.condition(condition);
                self.or_unknown(condition)
            }
            RuleTest::Patterns(patterns) => self.patterns(patterns, subjects, place),
            RuleTest::Otherwise(_) | RuleTest::Always(_) => self.nodes.add_constant(Constant::Bool(true)),
        }
    }

    /// One pattern per subject; all must hold.
    fn patterns(&mut self, patterns: &[Pattern], subjects: &[Operand], place: Place) -> NodeId {
        if patterns.len() != subjects.len() {
            let message = format!("{} for {}", counted(patterns.len(), "pattern"), counted(subjects.len(), "subject"));
            let first = patterns.first().map_or(place.0, |pattern| pattern.place.0);
            let span = patterns.iter().map(|pattern| pattern.place.0).fold(first, Span::to);
            self.error(Code::PatternCount, Place(span), message)
                .set_help("write one pattern per subject, with commas between; `_` stands for anything");
            return self.or_unknown(None);
        }
        let mut tests = Vec::with_capacity(patterns.len());
        for (pattern, subject) in patterns.iter().zip(subjects) {
            if !matches!(pattern.alternatives.as_slice(), [PatternItem::Anything(_)]) {
                let test = self.pattern(pattern, subject);
                tests.push(self.or_unknown(test));
            }
        }
        match tests.as_slice() {
            [] => self.nodes.add_constant(Constant::Bool(true)),
            [only] => *only,
            _ => self.nodes.add(Node::All(tests.into())),
        }
    }

    /// Alternatives; any of them must hold.
    pub(super) fn pattern(&mut self, pattern: &Pattern, subject: &Operand) -> Option<NodeId> {
        let items: Vec<Option<NodeId>> =
            pattern.alternatives.iter().map(|item| self.pattern_item(item, subject)).collect();
        let items: Vec<NodeId> = items.into_iter().collect::<Option<_>>()?;
        Some(match items.as_slice() {
            [only] => *only,
            _ => self.nodes.add(Node::Any(items.into())),
        })
    }

    fn pattern_item(&mut self, item: &PatternItem, subject: &Operand) -> Option<NodeId> {
        match item {
            PatternItem::Constant(constant) => {
                let operand = self.expression(constant);
                let test = self.compare(CompareOperator::Equal, subject, &operand)?;
                self.require_constant(test, &operand)?;
                Some(test)
            }
            PatternItem::Interval(interval) => {
                let test = self.in_interval(subject, interval)?;
                let ends = [&interval.low, &interval.high];
                let constant = ends.into_iter().flatten().all(|end| self.is_constant(end));
                if !constant {
                    self.error(Code::NotConstant, interval.place, "the ends of a pattern are constants or params")
                        .set_help("test a condition instead, in a block without subjects");
                    return None;
                }
                Some(test)
            }
            PatternItem::In(set) => {
                let set = self.expression(set);
                self.in_set(subject, &set)
            }
            PatternItem::Missing(_) => {
                let there = self.is_present(subject)?;
                Some(self.nodes.add(Node::Not(there)))
            }
            PatternItem::Present(_) => self.is_present(subject),
            PatternItem::Anything(_) => Some(self.nodes.add_constant(Constant::Bool(true))),
        }
    }

    fn is_present(&mut self, subject: &Operand) -> Option<NodeId> {
        let (node, _) = subject.typed()?;
        Some(self.nodes.add(Node::IsPresent(node)))
    }

    fn require_constant(&mut self, test: NodeId, operand: &Operand) -> Option<()> {
        let constant = match self.nodes.get(test) {
            Node::Compare(_, _, right) => self.nodes.constant(*right).is_some(),
            _ => true,
        };
        if !constant {
            self.error(
                Code::NotConstant,
                operand.place,
                "a pattern is a constant, an interval, `in` a set, `missing`, `present` or `_`",
            )
            .set_help("test a condition instead, in a block without subjects");
            return None;
        }
        Some(())
    }

    /// Whether an expression that has been checked without error is a constant.
    fn is_constant(&self, expression: &Expr) -> bool {
        match &expression.kind {
            ExprKind::Path(names) => match names.as_slice() {
                [name] => match self.entity(&name.text) {
                    Some(super::Entity::Param(_)) => true,
                    Some(super::Entity::Let(index)) => {
                        let operand = self.checked_lets[index].as_ref();
                        operand.and_then(Operand::typed).is_some_and(|(node, _)| self.nodes.constant(node).is_some())
                            || operand.is_some_and(|operand| matches!(operand.kind, OperandKind::Text(_)))
                    }
                    _ => false,
                },
                _ => false,
            },
            ExprKind::Negate(inner) | ExprKind::Paren(inner) => self.is_constant(inner),
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Date(_) | ExprKind::DateTime(_) | ExprKind::Bool(_) => {
                true
            }
            _ => false,
        }
    }

    /// What every block of rules must obey: there are some, and nothing follows `otherwise`.
    pub(super) fn rules_are_sound(&mut self, rules: &[Rule], place: Place) {
        if rules.is_empty() {
            self.error(Code::NoRules, place, "there are no rules here");
        }
        let last = rules.iter().position(|rule| matches!(rule.test, RuleTest::Otherwise(_)));
        if let Some((position, after)) = last.and_then(|position| Some((position, rules.get(position + 1)?))) {
            let diagnostic =
                Diagnostic::error(Code::OtherwiseNotLast, after.place.0, "this rule comes after `otherwise`")
                    .related(rules[position].place.0, "here")
                    .help("`otherwise` comes last, once");
            self.report(diagnostic);
        }
    }

    /// `match SUBJECT { … }` as a value: the first rule that fires.
    pub(super) fn match_table(&mut self, subjects: &[Expr], rules: &[Rule], place: Place) -> Operand {
        self.rules_are_sound(rules, place);
        let subjects = self.subjects(subjects);
        let tests: Vec<NodeId> = rules.iter().map(|rule| self.rule_test(&rule.test, &subjects, rule.place)).collect();
        let mut values = Vec::with_capacity(rules.len());
        for rule in rules {
            values.push(match &rule.result {
                RuleResult::Value(value) => self.expression(value),
                RuleResult::Skip(place) => {
                    self.error(Code::MisplacedClause, *place, "only an indicator can `skip`");
                    Operand::error(*place)
                }
            });
        }
        let asked: Box<[NodeId]> = subjects.iter().filter_map(Operand::typed).map(|(node, _)| node).collect();
        match self.match_values(&values) {
            Some((nodes, kind)) => {
                let noted = rules.iter().zip(&tests).zip(&nodes).map(|((rule, test), value)| hir::Rule {
                    span: rule.place.0,
                    test_place: rule.test.span(rule.place.0),
                    test: *test,
                    result: Some(*value),
                    label: None,
                    written: rule.test.written(),
                });
                self.places.matches.push((noted.collect(), asked.clone(), place.0));
                let arms = tests.into_iter().zip(nodes).collect();
                let node = self.nodes.add(Node::Match { arms, subjects: asked });
                match kind {
                    MatchKind::Typed(kind) => Operand::node(node, kind, place),
                    MatchKind::Labels(choice) => Operand { kind: OperandKind::Labels(node, choice), place },
                }
            }
            None => Operand::error(place),
        }
    }

    /// The results of a `match` in one type. All quoted: labels of their own.
    fn match_values(&mut self, values: &[Operand]) -> Option<(Vec<NodeId>, MatchKind)> {
        if let Some(choice) = Self::quoted_union(values) {
            let kind = Type::Choice(Arc::clone(&choice));
            let nodes: Option<Vec<NodeId>> = values.iter().map(|value| self.coerce(value, &kind)).collect();
            return Some((nodes?, MatchKind::Labels(choice)));
        }
        let kind = self.common_type(values)?;
        let nodes: Vec<Option<NodeId>> = values.iter().map(|value| self.coerce(value, &kind)).collect();
        Some((nodes.into_iter().collect::<Option<_>>()?, MatchKind::Typed(kind)))
    }
}

/// What a `match` gives.
enum MatchKind {
    Typed(Type),
    Labels(Arc<Choice>),
}

/// `1 pattern`, `2 patterns`
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
