//! What a rule file may cost before it is refused.

/// Limits on rule files. Past one, loading ends with an error that names the limit; nothing crashes and nothing runs away.
///
/// The defaults let through any file that a person or a rule builder writes, and keep loading within a fraction of a
/// second for each megabyte of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of all sources together: 16 MiB.
    pub source_bytes: usize,
    /// How deep brackets of all kinds, and runs of `not` or `-`, may nest: 64.
    pub nesting: usize,
    /// Rules of all declarations together: 200,000.
    pub rules: usize,
    /// Nodes of the checked rule set, after sharing equal ones: 4,000,000.
    pub nodes: usize,
    /// Bytes of one compiled regular expression: 1 MiB.
    pub regex_bytes: usize,
    /// Steps of an analysis, [`RuleSet::findings`](crate::RuleSet::findings) and its like: 200,000,000, some seconds. Past
    /// it, what is reported holds, and a finding says that there may be more.
    pub analysis_steps: u64,
    /// Errors reported before the rest are only counted: 100.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            source_bytes: 16 << 20,
            nesting: 64,
            rules: 200_000,
            nodes: 4_000_000,
            regex_bytes: 1 << 20,
            analysis_steps: 200_000_000,
            diagnostics: 100,
        }
    }
}
