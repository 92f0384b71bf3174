//! What a newer version of a rule set changes.

use crate::analysis::{self, Comparison};
use crate::rule_set::RuleSet;

impl RuleSet {
    /// What a newer version changes: proved to be equal for every lead, or shown by one lead for each kind of change, with
    /// both outcomes and the rules that decided. What was neither proved nor shown is said to be undecided. Bounded, as all
    /// analyses are.
    ///
    /// ```
    /// use gradus::RuleSet;
    ///
    /// let old = RuleSet::parse(r#"classify size on employees { [1000..) => "large", [..1000) => "small" }"#)?;
    /// let new = RuleSet::parse(r#"classify size on employees { [500..) => "large", [..500) => "small" }"#)?;
    /// let comparison = old.compare_with(&new);
    /// let change = &comparison.changes()[0];
    /// assert_eq!(change.difference.to_string(), "size: class small → large, changed (rules)");
    /// assert!((500..1000).contains(&change.witness.lead().employees().unwrap()));
    /// assert_eq!(change.new_rules[0].rule, "[500..) => \"large\"");
    /// assert!(!comparison.is_equal() && comparison.undecided().is_empty());
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn compare_with(&self, new: &RuleSet) -> Comparison {
        analysis::compare_loaded(self.loaded(), new.loaded())
    }
}
