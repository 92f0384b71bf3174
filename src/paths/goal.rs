//! What somebody wants to reach.

use super::possible::Possible;
use crate::diagnostic::did_you_mean;
use crate::eval::State;
use crate::hir::node::Node;
use crate::hir::{NodeId, Rules};
use crate::lead::reading::Datum;
use crate::types::Choice;
use rust_decimal::Decimal;
use std::sync::Arc;

/// A class, a grade or a tag that a lead is to get, or to lose, and which fields may change for it.
///
/// ```
/// use gradus::paths::Goal;
///
/// let grade = Goal::reach("fit", "A").freeze("industry").price("employees", 5);
/// let better = Goal::at_least("fit", "B");
/// let awake = Goal::avoid("profile", "asleep");
/// assert_eq!("fit>=B".parse::<Goal>()?.to_string(), better.to_string());
/// # Ok::<(), gradus::paths::GoalError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    name: String,
    label: String,
    relation: Relation,
    pub(super) frozen: Vec<String>,
    pub(super) prices: Vec<(String, Decimal)>,
    pub(super) limit: usize,
    pub(super) erases: bool,
}

/// How a goal stands to its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Is,
    AtLeast,
    IsNot,
}

/// Why there is no such goal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GoalError {
    /// The text is not of the form `fit=A`.
    #[error("`{0}` is no goal: write `fit=A`, `fit>=B` or `profile!=asleep`")]
    Form(String),
    /// The rule set has no such class, score or block of tags.
    #[error("no class, score or block of tags is called `{name}`{help}")]
    UnknownName {
        /// The name.
        name: String,
        /// The nearest one: `; did you mean …?`
        help: String,
    },
    /// It has no such label.
    #[error("`{name}` has no label `{label}`{help}")]
    UnknownLabel {
        /// The outcome.
        name: String,
        /// The label.
        label: String,
        /// The nearest one: `; did you mean …?`
        help: String,
    },
    /// Its labels have no order, so that none is better than another.
    #[error("the labels of `{0}` have no order: ask for one of them")]
    Unordered(String),
    /// A score without grades.
    #[error("`{0}` has no grades")]
    WithoutGrades(String),
    /// A field to be frozen or priced that nobody declared.
    #[error("unknown field `{name}`{help}")]
    UnknownField {
        /// The field.
        name: String,
        /// The nearest one: `; did you mean …?`
        help: String,
    },
}

impl Goal {
    fn new(name: impl Into<String>, label: impl Into<String>, relation: Relation) -> Goal {
        Goal {
            name: name.into(),
            label: label.into(),
            relation,
            frozen: Vec::new(),
            prices: Vec::new(),
            limit: 5,
            erases: true,
        }
    }

    /// The label of a class, the grade of a score, or a tag of a block: `reach("fit", "A")`.
    pub fn reach(name: impl Into<String>, label: impl Into<String>) -> Goal {
        Goal::new(name, label, Relation::Is)
    }

    /// This grade or a better one; of a class whose labels have an order, this label or a higher one.
    pub fn at_least(name: impl Into<String>, label: impl Into<String>) -> Goal {
        Goal::new(name, label, Relation::AtLeast)
    }

    /// Anything but this: a tag that is to go, a grade to be left.
    pub fn avoid(name: impl Into<String>, label: impl Into<String>) -> Goal {
        Goal::new(name, label, Relation::IsNot)
    }

    /// A field that does not change: nobody changes their industry.
    #[must_use]
    pub fn freeze(mut self, field: impl Into<String>) -> Goal {
        self.frozen.push(field.into());
        self
    }

    /// How dear it is to change a field: its distance is multiplied by this. Without a price it is 1; a negative price
    /// counts as none.
    #[must_use]
    pub fn price(mut self, field: impl Into<String>, price: impl Into<Decimal>) -> Goal {
        self.prices.push((field.into(), price.into().max(Decimal::ZERO)));
        self
    }

    /// How many paths are wanted at most; 5 unless said otherwise.
    #[must_use]
    pub fn limit(mut self, paths: usize) -> Goal {
        self.limit = paths.max(1);
        self
    }

    /// No field that is there is emptied.
    #[must_use]
    pub fn without_erasing(mut self) -> Goal {
        self.erases = false;
        self
    }

    /// What it means for a rule set.
    pub(super) fn target(&self, rules: &Rules) -> Result<Target, GoalError> {
        let name = self.name.strip_suffix(".grade").unwrap_or(&self.name);
        if let Some(class) = rules.classes.iter().find(|class| class.name == name) {
            return self.labelled(class.value, &class.labels, class.labels.ordered);
        }
        if let Some(score) = rules.scores.iter().find(|score| score.name == name) {
            let grades = score.grade.zip(score.grades.as_ref());
            let (grade, labels) = grades.ok_or_else(|| GoalError::WithoutGrades(name.to_owned()))?;
            return self.labelled(grade, labels, true);
        }
        if let Some(tags) = rules.tags.iter().find(|tags| tags.name == name) {
            let label = self.label(&tags.labels)?;
            let inner = match rules.nodes.get(tags.value) {
                Node::Outcome(inner) => *inner,
                _ => tags.value,
            };
            let (guard, inner) = match rules.nodes.get(inner) {
                Node::When(guard, inner) => (Some(*guard), *inner),
                _ => (None, inner),
            };
            let test = match rules.nodes.get(inner) {
                Node::TagSet(tests) => tests.get(label as usize).copied(),
                _ => None,
            };
            return match (self.relation, test) {
                (Relation::AtLeast, _) | (_, None) => Err(GoalError::Unordered(name.to_owned())),
                (relation, Some(test)) => Ok(Target::Tag { guard, test, wanted: relation == Relation::Is }),
            };
        }
        let known = rules.classes.iter().map(|it| it.name.as_str());
        let known = known.chain(rules.scores.iter().map(|it| it.name.as_str()));
        let known = known.chain(rules.tags.iter().map(|it| it.name.as_str()));
        Err(GoalError::UnknownName { name: self.name.clone(), help: help(name, known) })
    }

    fn label(&self, labels: &Arc<Choice>) -> Result<u32, GoalError> {
        labels.find_written(&self.label).ok_or_else(|| GoalError::UnknownLabel {
            name: self.name.clone(),
            label: self.label.clone(),
            help: help(&self.label, labels.labels()),
        })
    }

    fn labelled(&self, node: NodeId, labels: &Arc<Choice>, ordered: bool) -> Result<Target, GoalError> {
        let label = self.label(labels)?;
        if self.relation == Relation::AtLeast && !ordered {
            return Err(GoalError::Unordered(self.name.clone()));
        }
        let last = u32::try_from(labels.len()).unwrap_or(u32::MAX);
        Ok(match self.relation {
            Relation::Is => Target::Label { node, labels: vec![label], or_missing: false },
            Relation::AtLeast => Target::Label { node, labels: (label..last).collect(), or_missing: false },
            Relation::IsNot => {
                Target::Label { node, labels: (0..last).filter(|it| *it != label).collect(), or_missing: true }
            }
        })
    }

    /// Fields that it names and nobody declared.
    pub(super) fn check_fields(&self, rules: &Rules) -> Result<(), GoalError> {
        let named = self.frozen.iter().chain(self.prices.iter().map(|(name, _)| name));
        for name in named {
            if rules.schema.slot(name).is_none() {
                let known = rules.schema.fields.iter().map(|field| &*field.name);
                return Err(GoalError::UnknownField { name: name.clone(), help: help(name, known) });
            }
        }
        Ok(())
    }
}

fn help<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    did_you_mean(name, known).map(|help| format!("; {help}")).unwrap_or_default()
}

impl std::str::FromStr for Goal {
    type Err = GoalError;

    /// `fit=A`, `fit>=B` for this or better, `profile!=asleep` for anything else.
    fn from_str(text: &str) -> Result<Goal, GoalError> {
        let forms = [(">=", Relation::AtLeast), ("!=", Relation::IsNot), ("=", Relation::Is)];
        // the sign that comes first; `>=` and `!=` come before the `=` that is in them
        let first = forms.into_iter().filter_map(|(sign, relation)| Some((text.find(sign)?, sign, relation)));
        let found = first.min_by_key(|(place, ..)| *place).and_then(|(_, sign, relation)| {
            let (name, label) = text.split_once(sign)?;
            Some((name.trim(), label.trim_start_matches('=').trim(), relation))
        });
        match found {
            Some((name, label, relation)) if !name.is_empty() && !label.is_empty() => {
                Ok(Goal::new(name, label.trim_matches('"'), relation))
            }
            _ => Err(GoalError::Form(text.to_owned())),
        }
    }
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = match self.relation {
            Relation::Is => "=",
            Relation::AtLeast => ">=",
            Relation::IsNot => "!=",
        };
        write!(f, "{}{sign}{}", self.name, self.label)
    }
}

/// What has to come out.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// One of these labels.
    Label { node: NodeId, labels: Vec<u32>, or_missing: bool },
    /// A tag, or its absence.
    Tag { guard: Option<NodeId>, test: NodeId, wanted: bool },
}

impl Target {
    /// The nodes that tell.
    pub(super) fn roots(&self) -> Vec<NodeId> {
        match self {
            Target::Label { node, .. } => vec![*node],
            Target::Tag { guard, test, .. } => guard.iter().copied().chain([*test]).collect(),
        }
    }

    /// Whether it may come out.
    pub(super) fn may_be_met(&self, of: &dyn Fn(NodeId) -> Possible) -> bool {
        match self {
            Target::Label { node, labels, or_missing } => {
                let value = of(*node);
                (*or_missing && value.missing) || labels.iter().any(|label| value.may_be_label(*label))
            }
            Target::Tag { guard, test, wanted } => {
                let of = |id: NodeId| (of(id).may_be_true(), of(id).missing || of(id).may_be_false());
                let (may_apply, may_not_apply) = guard.map_or((true, false), of);
                let (may_fire, may_not_fire) = of(*test);
                if *wanted { may_apply && may_fire } else { may_not_apply || may_not_fire }
            }
        }
    }

    /// Whether it came out.
    pub(super) fn is_met(&self, state: &State<'_>) -> bool {
        match self {
            Target::Label { node, labels, or_missing } => match state.value(*node) {
                Datum::Label(label) => labels.contains(&label),
                _ => *or_missing,
            },
            Target::Tag { guard, test, wanted } => {
                (guard.is_none_or(|guard| state.fires(guard)) && state.fires(*test)) == *wanted
            }
        }
    }
}
