//! Which rules decided a difference.

use crate::explain::{Explanation, IndicatorExplanation, RuleExplanation};
use crate::transition::{Difference, Part};
use serde::Serialize;
use std::fmt;

/// A rule that decided a part of an outcome.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct DecidingRule {
    /// The declaration it belongs to: `priority`, or `fit.size` for an indicator of a score.
    pub declaration: String,
    /// The rule as its author wrote it, on one line.
    pub rule: String,
    /// The line it begins on.
    pub line: usize,
}

impl fmt::Display for DecidingRule {
    /// `fit.size, line 12: [1000..) => 60`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.declaration, self.line, self.rule)
    }
}

/// The rules that decided one side of a difference, by the explanation of that side and the one of the other: the rule of
/// a class, the rules that give a tag, and of a score those of the indicators that differ. None where no rule fired, and
/// where weights, clamps or grades alone made the difference.
pub fn deciding(difference: &Difference, side: &Explanation, other: &Explanation) -> Vec<DecidingRule> {
    let name = &difference.name;
    match difference.part {
        Part::Class => {
            let class = side.classes.iter().find(|class| class.name == *name);
            class.map_or_else(Vec::new, |class| fired(name, &class.rules).take(1).collect())
        }
        Part::Tag | Part::Tags => {
            let tag = difference.from.as_ref().or(difference.to.as_ref());
            let block = side.tags.iter().find(|tags| tags.name == *name);
            let gives = |rule: &&RuleExplanation| rule.fired && rule.label.as_ref() == tag;
            block.map_or_else(Vec::new, |tags| tags.rules.iter().filter(gives).map(|rule| shown(name, rule)).collect())
        }
        Part::Score | Part::Grade | Part::Coverage => {
            let of = |explanation: &Explanation| {
                let score = explanation.scores.iter().find(|score| score.name == *name);
                score.map(|score| score.indicators.clone()).unwrap_or_default()
            };
            let others = of(other);
            let mut found = Vec::new();
            for indicator in of(side) {
                let known = others.iter().find(|known| known.name == indicator.name);
                if known.is_none_or(|known| differs(&indicator, known)) {
                    found.extend(fired(&format!("{name}.{}", indicator.name), &indicator.rules));
                }
            }
            found
        }
    }
}

/// Whether an indicator gave other points, or was covered otherwise.
fn differs(one: &IndicatorExplanation, other: &IndicatorExplanation) -> bool {
    one.points != other.points || one.covered != other.covered
}

fn fired<'r>(declaration: &'r str, rules: &'r [RuleExplanation]) -> impl Iterator<Item = DecidingRule> + 'r {
    rules.iter().filter(|rule| rule.fired).map(move |rule| shown(declaration, rule))
}

fn shown(declaration: &str, rule: &RuleExplanation) -> DecidingRule {
    DecidingRule { declaration: declaration.to_owned(), rule: rule.rule.clone(), line: rule.line }
}
