//! Scores: indicators, weights, grades.

use super::Checker;
use super::operand::{Operand, OperandKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::node::{self, Award, Clamp, Node, Part, RuleMentions, ScoreParts};
use crate::hir::{self, NodeId};
use crate::syntax::ast::{self, RuleResult, RuleTest};
use crate::types::Type;
use crate::value::Fixed;
use std::collections::HashMap;
use std::sync::Arc;

impl Checker<'_> {
    /// `score name { … }`
    pub(super) fn check_score(&mut self, index: usize) {
        let syntax = self.scores[index].syntax;
        if syntax.indicators.is_empty() {
            self.error(Code::NoRules, syntax.name.place, format!("the score `{}` has no indicators", syntax.name.text));
        }
        self.indicator_names(syntax);
        let guard = self.guard(syntax.when.as_ref());
        let indicators: Vec<hir::Indicator> = syntax.indicators.iter().map(|it| self.indicator(it)).collect();
        let weighted = self.weights(syntax, &indicators);
        let clamp = self.clamp(syntax.clamp.as_ref());
        let parts = |node: fn(&hir::Indicator) -> NodeId| -> Box<ScoreParts> {
            let weight = |it: &hir::Indicator| it.weight.filter(|_| weighted).unwrap_or(Fixed::ONE);
            let parts = indicators.iter().map(|it| Part { weight: weight(it), node: node(it) }).collect();
            Box::new(ScoreParts { weighted, parts, clamp })
        };
        let (points, covered) = (parts(|it| it.points), parts(|it| it.covered));
        let sum = self.nodes.add(Node::Score(points));
        let coverage = self.nodes.add(Node::Coverage(covered));
        let score = self.outcome(sum, guard);
        let coverage = self.outcome(coverage, guard);
        let grade_rules = self.grades(index, sum, &indicators, weighted, clamp);
        let grade = (!grade_rules.is_empty()).then(|| {
            let arms = grade_rules.iter().filter_map(|rule| Some((rule.test, rule.result?))).collect();
            let first = self.nodes.add(Node::Match { arms, subjects: Box::default() });
            // without a score there is no grade, whatever `otherwise` says
            let there = self.nodes.add(Node::IsPresent(sum));
            let graded = self.nodes.add(Node::When(there, first));
            self.outcome(graded, guard)
        });
        self.checked_scores[index] = Some(hir::Score {
            name: syntax.name.text.clone(),
            title: Self::title(syntax.title.as_ref()),
            guard,
            weighted,
            indicators,
            sum,
            score,
            grade,
            coverage,
            grades: grade.map(|_| Arc::clone(&self.scores[index].labels)),
            grade_rules,
            clamp,
            clamp_place: syntax.clamp.as_ref().map(|clamp| clamp.place.0).unwrap_or_default(),
        });
    }

    /// No two indicators of one score share a name.
    fn indicator_names(&mut self, score: &ast::Score) {
        let mut seen: HashMap<&str, ast::Place> = HashMap::new();
        for indicator in &score.indicators {
            let name = &indicator.name;
            if let Some(earlier) = seen.insert(&name.text, name.place) {
                let message = format!("the indicator `{}` is there already", name.text);
                let diagnostic =
                    Diagnostic::error(Code::DuplicateName, name.place.0, message).related(earlier.0, "first here");
                self.report(diagnostic);
            }
        }
    }

    /// `indicator size weight 35% on employees { … }`
    fn indicator(&mut self, syntax: &ast::Indicator) -> hir::Indicator {
        self.rules_are_sound(&syntax.rules, syntax.name.place);
        let weight = syntax.weight.as_ref().and_then(|weight| self.weight(weight));
        let clamp = self.clamp(syntax.clamp.as_ref());
        let subjects = self.subjects(&syntax.on);
        let rules = self.indicator_rules(syntax, &subjects);
        let points = self.points_node(syntax, &rules, clamp);
        let covered = self.nodes.add(Node::Covered(points));
        let mut indicator = hir::Indicator {
            name: syntax.name.text.clone(),
            place: syntax.name.place.0,
            on: subjects.iter().filter_map(Operand::typed).map(|(node, _)| node).collect(),
            title: Self::title(syntax.title.as_ref()),
            weight,
            sum: syntax.sum,
            clamp,
            clamp_place: syntax.clamp.as_ref().map(|clamp| clamp.place.0).unwrap_or_default(),
            rules,
            points,
            covered,
            reach: (Fixed::ZERO, Fixed::ZERO),
        };
        let (least, most) = self.points_reached(&indicator);
        indicator.reach = (least, most);
        indicator
    }

    fn indicator_rules(&mut self, syntax: &ast::Indicator, subjects: &[Operand]) -> Vec<hir::Rule> {
        let mut rules: Vec<hir::Rule> = Vec::with_capacity(syntax.rules.len());
        for rule in &syntax.rules {
            let test = match &rule.test {
                RuleTest::Otherwise(_) if syntax.sum => {
                    let others: Vec<NodeId> = rules.iter().map(|rule| rule.test).collect();
                    self.no_test_fires(&others)
                }
                test => self.rule_test(test, subjects, rule.place),
            };
            let result = match &rule.result {
                RuleResult::Skip(_) => None,
                RuleResult::Value(value) => {
                    let points = self.expression(value);
                    let points = self.points(&points);
                    Some(self.or_unknown(points))
                }
            };
            rules.push(hir::Rule {
                span: rule.place.0,
                test_place: rule.test.span(rule.place.0),
                test,
                result,
                label: None,
                written: rule.test.written(),
            });
        }
        rules
    }

    /// Points: a number; an int stays one, so that the reach of the score is known.
    fn points(&mut self, operand: &Operand) -> Option<NodeId> {
        if let OperandKind::Node(_, Type::Float) = operand.kind {
            self.error(Code::TypeMismatch, operand.place, "a float cannot be points")
                .set_help("declare the field as `decimal`");
            return None;
        }
        Some(self.numeric(operand)?.0)
    }

    /// The node that computes an indicator's points.
    fn points_node(&mut self, syntax: &ast::Indicator, rules: &[hir::Rule], clamp: Clamp) -> NodeId {
        let awards = rules.iter().map(|rule| (rule.test, rule.result.map_or(Award::Skip, Award::Points))).collect();
        let mentions = rules
            .iter()
            .zip(&syntax.rules)
            .map(|(rule, written)| RuleMentions {
                // `otherwise` mentions nothing, though in a sum it is made of the tests before it
                test: match written.test {
                    RuleTest::Otherwise(_) | RuleTest::Always(_) => Box::default(),
                    RuleTest::Condition(_) | RuleTest::Patterns(_) => self.nodes.mentions(rule.test),
                },
                points: rule.result.map(|points| self.nodes.mentions(points)).unwrap_or_default(),
            })
            .collect();
        self.nodes.add(Node::Indicator(Box::new(node::Indicator { sum: syntax.sum, rules: awards, clamp, mentions })))
    }

    /// A weight: a share between 0 and 1.
    fn weight(&mut self, weight: &ast::Expr) -> Option<Fixed> {
        let value = self.decimal_constant(weight)?;
        if value <= Fixed::ZERO || value > Fixed::ONE {
            self.error(Code::WeightTotal, weight.place, "a weight is more than 0 % and at most 100 %")
                .set_help("weights are shares such as `40%`");
            return None;
        }
        Some(value)
    }

    /// All indicators have weights that make 100 %, or none has one. Whether they have.
    fn weights(&mut self, score: &ast::Score, indicators: &[hir::Indicator]) -> bool {
        let with = score.indicators.iter().filter(|indicator| indicator.weight.is_some()).count();
        if with == 0 {
            return false;
        }
        if let Some(without) = score.indicators.iter().find(|indicator| indicator.weight.is_none()) {
            let message = format!("`{}` has no weight, but others of `{}` have", without.name.text, score.name.text);
            self.error(Code::MixedWeights, without.name.place, message)
                .set_help("give all indicators a weight, or none of them");
            return true;
        }
        let weights: Option<Vec<Fixed>> = indicators.iter().map(|indicator| indicator.weight).collect();
        let Some(weights) = weights else { return true };
        let total = Fixed::from_units(weights.iter().map(|weight| weight.units()).sum());
        if total != Fixed::ONE {
            self.report_weights(score, total);
        }
        true
    }

    fn report_weights(&mut self, score: &ast::Score, total: Fixed) {
        let percent = |share: Fixed| share.multiply(Fixed::from_int(100)).unwrap_or(share);
        let difference = Fixed::ONE.subtract(total).unwrap_or(Fixed::ZERO);
        let help = if difference > Fixed::ZERO {
            format!("{} % are left to give", percent(difference))
        } else {
            format!("{} % are too much", percent(difference.abs()))
        };
        let message = format!("the weights of `{}` add up to {} %, not 100 %", score.name.text, percent(total));
        let mut diagnostic = Diagnostic::error(Code::WeightTotal, score.name.place.0, message).help(help);
        for weight in score.indicators.iter().filter_map(|indicator| indicator.weight.as_ref()).take(12) {
            diagnostic = diagnostic.related(weight.place.0, "");
        }
        self.report(diagnostic);
    }
}
