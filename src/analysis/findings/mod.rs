//! Everything that is found in a rule set: one file for each family.

mod condition;
mod cover;
mod outcome;
mod table;

use super::budget::Budget;
use super::prover::{Answer, Prover};
use super::search::Goal;
use crate::diagnostic::{Code, Severity};
use crate::finding::{Finding, Witness};
use crate::hir::node::Node;
use crate::hir::{self, NodeId, Written};
use crate::loaded::Loaded;
use crate::program::Words;
use crate::source::Span;
use rustc_hash::FxHashSet;

/// Steps for one question at most.
const STEPS_OF_QUESTION: u64 = 1_000_000;

/// All findings, in the order of the text.
pub(crate) fn findings(loaded: &Loaded) -> Vec<Finding> {
    let rules = &loaded.model;
    let tables = tables(rules);
    let tests: Vec<NodeId> = tables.iter().flat_map(|table| table.rules).map(|rule| rule.test).collect();
    let mut inspector = Inspector {
        prover: &Prover::new(loaded, &tests),
        words: Words::new(rules, &loaded.program),
        budget: Budget::new(loaded.analysis_steps),
        found: Vec::new(),
        unanswered: 0,
    };
    for table in &tables {
        table::inspect(&mut inspector, table);
        cover::inspect(&mut inspector, table);
    }
    for class in &rules.classes {
        outcome::labels(&mut inspector, class);
    }
    for score in &rules.scores {
        outcome::score(&mut inspector, score);
    }
    condition::inspect(&mut inspector);
    condition::unused(&mut inspector);
    inspector.finish()
}

/// Where `unique` is not kept: reasons not to load.
pub(crate) fn refusals(loaded: &Loaded) -> Vec<Finding> {
    let mut found = inspect_overlaps(loaded, |table| table.unique, Severity::Error);
    for finding in found.iter_mut().filter(|finding| finding.code() == Code::AnalysisIncomplete) {
        let message = "`unique` was not proved: it would take too many steps";
        *finding = Finding::new(Severity::Error, Code::AnalysisIncomplete, finding.span(), message)
            .help("leave `unique` out, or split conditions with many alternatives");
    }
    found
}

/// Where the order of rules decides between results.
pub(crate) fn overlaps(loaded: &Loaded) -> Vec<Finding> {
    inspect_overlaps(loaded, |table| table.is_first() && table.kind != Kind::Match && !table.unique, Severity::Hint)
}

fn inspect_overlaps(loaded: &Loaded, wanted: impl Fn(&Table<'_>) -> bool, severity: Severity) -> Vec<Finding> {
    let rules = &loaded.model;
    let tables: Vec<Table<'_>> = tables(rules).into_iter().filter(wanted).collect();
    if tables.is_empty() {
        return Vec::new();
    }
    let tests: Vec<NodeId> = tables.iter().flat_map(|table| table.rules).map(|rule| rule.test).collect();
    let mut inspector = Inspector {
        prover: &Prover::new(loaded, &tests),
        words: Words::new(rules, &loaded.program),
        budget: Budget::new(loaded.analysis_steps),
        found: Vec::new(),
        unanswered: 0,
    };
    for table in &tables {
        cover::overlaps(&mut inspector, table, severity, OVERLAPS);
    }
    inspector.finish()
}

/// Overlaps that are reported of one table.
const OVERLAPS: usize = 1_000;

/// What of a rule set a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Class,
    /// Of an indicator whose first rule that fires counts.
    Indicator,
    /// Of an indicator whose rules are added.
    Sum,
    Tags,
    /// Of a `match` in an expression.
    Match,
}

/// A block of rules.
pub(super) struct Table<'r> {
    pub(super) kind: Kind,
    pub(super) name: &'r str,
    pub(super) place: Span,
    pub(super) guard: Option<NodeId>,
    pub(super) rules: &'r [hir::Rule],
    pub(super) on: &'r [NodeId],
    pub(super) unique: bool,
}

impl Table<'_> {
    /// Whether the first rule that fires decides.
    pub(super) fn is_first(&self) -> bool {
        matches!(self.kind, Kind::Class | Kind::Indicator | Kind::Match)
    }

    /// Whether its last rule fires when no other does.
    pub(super) fn has_rest(&self) -> bool {
        self.rules.iter().any(|rule| rule.written != Written::Test)
    }
}

/// All blocks of rules, but for the grades.
fn tables(rules: &hir::Rules) -> Vec<Table<'_>> {
    let mut tables = Vec::new();
    for class in &rules.classes {
        tables.push(Table {
            kind: Kind::Class,
            name: &class.name,
            place: class.place,
            guard: class.guard,
            rules: &class.rules,
            on: &class.on,
            unique: class.unique,
        });
    }
    for score in &rules.scores {
        for indicator in &score.indicators {
            tables.push(Table {
                kind: if indicator.sum { Kind::Sum } else { Kind::Indicator },
                name: &indicator.name,
                place: indicator.place,
                guard: score.guard,
                rules: &indicator.rules,
                on: &indicator.on,
                unique: false,
            });
        }
    }
    for tags in &rules.tags {
        tables.push(Table {
            kind: Kind::Tags,
            name: &tags.name,
            place: tags.place,
            guard: tags.guard,
            rules: &tags.rules,
            on: &[],
            unique: false,
        });
    }
    let counted: FxHashSet<NodeId> =
        super::picture::reachable(rules, super::picture::roots(rules)).into_iter().collect();
    let of_elements = |table: &[hir::Rule]| table.iter().any(|rule| rules.nodes.is_of_element(rule.test));
    for (table, on, place) in &rules.places.matches {
        if !of_elements(table) && table.iter().all(|rule| counted.contains(&rule.test)) {
            tables.push(Table {
                kind: Kind::Match,
                name: "match",
                place: *place,
                guard: None,
                rules: table,
                on,
                unique: false,
            });
        }
    }
    tables
}

/// Asks the questions, and collects what comes of them.
pub(super) struct Inspector<'i, 'l> {
    pub(super) prover: &'i Prover<'l>,
    pub(super) words: Words<'l>,
    pub(super) budget: Budget,
    pub(super) found: Vec<Finding>,
    /// Questions that would have taken too many steps.
    pub(super) unanswered: usize,
}

impl Inspector<'_, '_> {
    pub(super) fn report(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    /// Whether some lead reaches a goal.
    pub(super) fn can(&mut self, goal: &Goal) -> Answer {
        let mut part = self.budget.part(STEPS_OF_QUESTION);
        let answer = self.prover.can(goal, &mut part);
        self.settle(part, answer)
    }

    /// Whether some lead reaches a goal, and which.
    pub(super) fn show(&mut self, goal: &Goal) -> Answer {
        let mut part = self.budget.part(STEPS_OF_QUESTION);
        let answer = self.prover.show(goal, &mut part);
        self.settle(part, answer)
    }

    fn settle(&mut self, part: Budget, answer: Answer) -> Answer {
        self.budget.give_back(part);
        self.unanswered += usize::from(matches!(answer, Answer::TooMuch));
        answer
    }

    /// Says that a question was answered neither with yes nor with no.
    pub(super) fn undecided(&mut self, span: Span, question: impl Into<String>, reason: &str) {
        let message = format!("it was not decided whether {}", question.into());
        self.report(Finding::hint(Code::Undecided, span, message).help(reason));
    }

    /// Whether something that is asked depends on the population, of which nothing is known.
    pub(super) fn is_ranked(&self, node: NodeId) -> bool {
        let rules = &self.prover.loaded.model;
        super::picture::reachable(rules, [node]).iter().any(|id| matches!(rules.nodes.get(*id), Node::Rank(..)))
    }

    /// Sorted, and with a word about what was too much.
    fn finish(mut self) -> Vec<Finding> {
        if self.unanswered > 0 || self.budget.is_spent() {
            let span = self.found.first().map_or_else(Span::default, Finding::span);
            let span = Span { start: 0, end: 0, ..span };
            let message =
                format!("{} questions about these rules would have taken too many steps", self.unanswered.max(1));
            let help = "what is reported holds; there may be more to find: split conditions with many alternatives";
            self.report(Finding::warning(Code::AnalysisIncomplete, span, message).help(help));
        }
        self.found.sort_by_key(|finding| (finding.span().source, finding.span().start, finding.code()));
        self.found
    }
}

/// A test block for a lead, with what it shows.
pub(super) fn test(witness: Option<Box<Witness>>, title: &str, expects: Vec<String>) -> Option<Witness> {
    witness.map(|witness| witness.expecting(title, expects))
}
