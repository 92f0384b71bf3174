//! What a comparison of two versions says.

use super::deciding::DecidingRule;
use crate::finding::Witness;
use crate::outcome::Outcome;
use crate::transition::Difference;
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use std::fmt;

/// What differs between two versions of a rule set; see [`compare`](crate::analysis::compare).
///
/// Serialises as `{"equal", "declarations", "changes", "undecided"}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    pub(super) declarations: Vec<DeclarationChange>,
    pub(super) changes: Vec<RuleChange>,
    pub(super) undecided: Vec<Undecided>,
}

/// A declaration that only one of the versions has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DeclarationChange {
    /// Its name.
    pub name: String,
    /// `classify`, `score` or `tags`.
    pub kind: &'static str,
    /// Whether the new version has it, rather than the old one.
    pub added: bool,
}

/// One kind of change, shown by a lead.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuleChange {
    /// What is different for this lead. Of scores alone, and of coverage, the numbers are those of this lead.
    pub difference: Difference,
    /// The lead: as few fields as show it. Displayed as a test that the new version passes.
    pub witness: Witness,
    /// The outcome under the old version.
    pub before: Outcome,
    /// The outcome under the new version.
    pub after: Outcome,
    /// The rules that decided under the old version.
    pub old_rules: Vec<DecidingRule>,
    /// The rules that decided under the new version.
    pub new_rules: Vec<DecidingRule>,
}

/// Something of which it was neither proved that it is the same, nor shown in what else it differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Undecided {
    /// What it is: `fit: grade`.
    pub what: String,
    /// Why it was not decided.
    pub reason: String,
}

impl Comparison {
    /// Whether both versions have the same outcome for every lead, at every instant, with every last outcome: proved.
    /// Data issues, titles, tests and the version do not count.
    pub fn is_equal(&self) -> bool {
        self.declarations.is_empty() && self.changes.is_empty() && self.undecided.is_empty()
    }

    /// Whether some lead has another outcome: shown, or a declaration is gone or new.
    pub fn is_different(&self) -> bool {
        !self.declarations.is_empty() || !self.changes.is_empty()
    }

    /// Declarations that only one of the versions has.
    pub fn declarations(&self) -> &[DeclarationChange] {
        &self.declarations
    }

    /// One lead for each kind of change: each pair of labels or grades, each tag gained or lost, a score that changes
    /// while its grade does not, a coverage. In the order of the declarations of the new version.
    pub fn changes(&self) -> &[RuleChange] {
        &self.changes
    }

    /// What was not decided.
    pub fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }
}

impl Serialize for Comparison {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut comparison = serializer.serialize_struct("Comparison", 4)?;
        comparison.serialize_field("equal", &self.is_equal())?;
        comparison.serialize_field("declarations", &self.declarations)?;
        comparison.serialize_field("changes", &self.changes)?;
        comparison.serialize_field("undecided", &self.undecided)?;
        comparison.end()
    }
}

impl Serialize for RuleChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("RuleChange", 6)?;
        change.serialize_field("difference", &self.difference)?;
        change.serialize_field("witness", &self.witness)?;
        change.serialize_field("before", &self.before)?;
        change.serialize_field("after", &self.after)?;
        change.serialize_field("old_rules", &self.old_rules)?;
        change.serialize_field("new_rules", &self.new_rules)?;
        change.end()
    }
}

impl fmt::Display for DeclarationChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.kind, self.name, if self.added { "added" } else { "removed" })
    }
}

impl fmt::Display for RuleChange {
    /// The difference, the rules that decided, and the lead as a test.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.difference)?;
        for (side, rules) in [("old", &self.old_rules), ("new", &self.new_rules)] {
            for rule in rules {
                writeln!(f, "  {side}: {rule}")?;
            }
        }
        self.witness.to_string().lines().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: not decided: {}", self.what, self.reason)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_equal() {
            return writeln!(f, "equal for every lead: proved");
        }
        self.declarations.iter().try_for_each(|it| writeln!(f, "{it}"))?;
        self.changes.iter().try_for_each(|it| write!(f, "{it}"))?;
        self.undecided.iter().try_for_each(|it| writeln!(f, "{it}"))
    }
}
