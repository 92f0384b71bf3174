//! Why an outcome is what it is: per rule true, false or unknown because of what; per score a ledger that adds up.
//!
//! There is no second evaluator here: an explanation looks at the values of one evaluation.

mod condition;
mod ledger;
mod model;
mod reasons;
mod show;
mod text;
pub(crate) mod words;

use crate::eval::State;
use crate::eval::number::fixed;
use crate::hir::node::{Constant, Node};
use crate::hir::{self, NodeId};
use crate::lead::reading::Datum;
use crate::loaded::Loaded;
use crate::outcome::{label_of, labels_of};
use crate::types::Choice;
pub use condition::Condition;
use condition::Parts;
pub use ledger::Entry;
pub(crate) use ledger::own_digits;
use model::Explained;
use model::as_map;
pub use model::{
    ClassExplanation, Explanation, IndicatorExplanation, RuleExplanation, ScoreExplanation, TagsExplanation, Truth,
    Verdict,
};
pub use reasons::{Direction, Reason};
use show::{Form, form_of};
pub(crate) use show::{named_value, shown};
use std::sync::Arc;
pub use words::Language;
use words::Words;

/// Explains everything that a run of the explained plan computed.
pub(crate) fn explain(rules: &Arc<Loaded>, state: &State<'_>) -> Explanation {
    let observer = Observer { rules, state };
    let model = &rules.model;
    let id = model.schema.id.and_then(|slot| match state.field(slot) {
        Datum::Code(id) => Some(id.exact().to_owned()),
        _ => None,
    });
    Explanation {
        id,
        classes: model.classes.iter().map(|class| observer.class(class)).collect(),
        scores: model.scores.iter().map(|score| observer.score(score)).collect(),
        tags: model.tags.iter().map(|tags| observer.tags(tags)).collect(),
        data_issues: state.reading.issues.clone(),
        rules: Explained(Arc::clone(rules)),
    }
}

/// How the rules of a block count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Policy {
    First,
    Every,
}

/// Looks at the values of an evaluation.
struct Observer<'o, 'a> {
    rules: &'o Loaded,
    state: &'o State<'a>,
}

impl Observer<'_, '_> {
    fn class(&self, class: &hir::Class) -> ClassExplanation {
        let label = label_of(self.state, class.value).map(|label| class.labels.label(label).to_owned());
        ClassExplanation {
            name: class.name.clone(),
            title: class.title.clone(),
            label,
            guard: class.guard.map(|guard| self.verdict(guard)),
            rules: self.rules(&class.rules, Policy::First, Some(&class.labels)),
        }
    }

    fn score(&self, score: &hir::Score) -> ScoreExplanation {
        let shown = |node: NodeId| fixed(self.state.value(node)).map(|value| value.to_string());
        let grade = score.grade.and_then(|grade| label_of(self.state, grade)).zip(score.grades.as_ref());
        ScoreExplanation {
            name: score.name.clone(),
            title: score.title.clone(),
            score: shown(score.score),
            grade: grade.map(|(label, grades)| grades.label(label).to_owned()),
            coverage: shown(score.coverage),
            guard: score.guard.map(|guard| self.verdict(guard)),
            ledger: ledger::of(self.rules, self.state, score),
            reasons: reasons::against_the_best(score, self.state, |rule| one_line(self.rules.text(rule.span))),
            indicators: score.indicators.iter().map(|indicator| self.indicator(indicator)).collect(),
        }
    }

    fn indicator(&self, indicator: &hir::Indicator) -> IndicatorExplanation {
        let policy = if indicator.sum { Policy::Every } else { Policy::First };
        let mut rules = self.rules(&indicator.rules, policy, None);
        for (explained, rule) in rules.iter_mut().zip(&indicator.rules).filter(|(explained, _)| explained.fired) {
            explained.points = rule.result.map(|result| ledger::points_of(self.state, result).to_string());
        }
        IndicatorExplanation {
            name: indicator.name.clone(),
            title: indicator.title.clone(),
            points: fixed(self.state.value(indicator.points)).map(|points| points.to_string()),
            covered: self.state.fires(indicator.covered),
            rules,
        }
    }

    fn tags(&self, tags: &hir::Tags) -> TagsExplanation {
        let spelled = |labels: &[u32]| labels.iter().map(|&label| tags.labels.label(label).to_owned()).collect();
        TagsExplanation {
            name: tags.name.clone(),
            title: tags.title.clone(),
            labels: labels_of(self.state, tags.value).map(spelled),
            guard: tags.guard.map(|guard| self.verdict(guard)),
            rules: self.rules(&tags.rules, Policy::Every, Some(&tags.labels)),
        }
    }

    fn rules(&self, rules: &[hir::Rule], policy: Policy, labels: Option<&Choice>) -> Vec<RuleExplanation> {
        let mut decided = false;
        let mut explained = Vec::with_capacity(rules.len());
        for rule in rules {
            let verdict = self.verdict(rule.test);
            let fired = verdict.truth == Truth::True && !(decided && policy == Policy::First);
            decided |= fired;
            let rule_text = one_line(self.rules.text(rule.span));
            let verdict = if is_otherwise(&rule_text) { Verdict { condition: None, ..verdict } } else { verdict };
            let read = rule.result.filter(|_| fired).map(|result| self.rules.model.nodes.mentions(result));
            let read = read.unwrap_or_default();
            explained.push(RuleExplanation {
                rule: rule_text,
                line: self.rules.line(rule.span),
                verdict,
                fired,
                label: labels.and_then(|labels| self.label(rule, labels)),
                points: None,
                reads: read.iter().map(|&id| named_value(self.rules, self.state, id)).collect(),
                read: read.iter().map(|&id| (id, self.form(id))).collect(),
                result: rule.result,
            });
        }
        explained
    }

    fn form(&self, id: NodeId) -> Form {
        match self.rules.model.nodes.get(id) {
            Node::PopulationLoaded => Form::Plain,
            _ => form_of(self.state.value(id)),
        }
    }

    /// The label that a rule always gives.
    fn label(&self, rule: &hir::Rule, labels: &Choice) -> Option<String> {
        let constant = || match self.rules.model.nodes.constant(rule.result?)? {
            Constant::Label(label) => Some(*label),
            _ => None,
        };
        rule.label.or_else(constant).map(|label| labels.label(label).to_owned())
    }

    fn verdict(&self, test: NodeId) -> Verdict {
        let truth = Truth::from(self.state.truth(test));
        let model = &self.rules.model;
        if let Node::Constant(_) = model.nodes.get(test) {
            return Verdict { truth, because: Vec::new(), values: Vec::new(), condition: None };
        }
        let condition = Parts::of(model, self.state, test);
        let mut values: Vec<(String, Option<String>)> = Vec::new();
        for (name, value) in condition.leaves().into_iter().flat_map(|leaf| &leaf.values) {
            if !values.iter().any(|(known, _)| known == name) {
                values.push((name.clone(), value.clone()));
            }
        }
        let mut because: Vec<String> = Vec::new();
        for leaf in condition.deciding().into_iter().filter(|leaf| leaf.truth == Truth::Unknown) {
            for name in leaf.missing.iter().map(|id| Words::of_rules(model).value(*id)) {
                if !because.contains(&name) {
                    because.push(name);
                }
            }
        }
        Verdict { truth, because, values, condition: Some(condition) }
    }
}

/// Whether a rule is for what no other rule holds for. The word is reserved.
fn is_otherwise(rule: &str) -> bool {
    rule.split(|it: char| it.is_whitespace() || it == '=').next() == Some("otherwise")
}

/// The author's text in one line: line breaks, indentation and alignment become single blanks, quoted texts stay.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if !quoted && c.is_whitespace() {
            if !line.ends_with(' ') {
                line.push(' ');
            }
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        line.push(c);
    }
    line
}
