//! What is wrong with a rule file, as data: code, severity, message, labelled spans, help.
//!
//! Messages are lower case without a full stop, show the author's text in backticks, use the language's words, and
//! underline the smallest span.

mod render;
mod suggest;

use crate::source::{Source, Span};
use std::fmt;

pub use render::render;
pub(crate) use suggest::{did_you_mean, list_names};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file cannot be loaded.
    Error,
    /// The file loads; a careful author would change it.
    Warning,
    /// The file loads; worth knowing.
    Hint,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        })
    }
}

/// Declares the closed list of codes: one line each, variant, slug and what it means.
macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $slug:literal: $meaning:literal,)*) => {
        /// What kind of thing is wrong. The slug is stable and can be said aloud.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $meaning] $variant,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// Its stable name, such as `unknown-name`.
            pub fn slug(self) -> &'static str {
                match self { $(Code::$variant => $slug,)* }
            }

            /// What it means, in one line.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning,)* }
            }
        }
    };
}

codes! {
    // text and syntax
    Syntax = "syntax": "the text does not follow the grammar",
    WrongToken = "wrong-token": "a token of another language, or a full-width one, where the language has its own",
    InvalidText = "invalid-text": "a character that rule files cannot hold, such as NUL",
    UnclosedBracket = "unclosed-bracket": "a bracket or quotation mark without its partner",
    NestingLimit = "nesting-limit": "brackets, `not` or `-` nest deeper than the limit",
    SourceLimit = "source-limit": "the sources are larger than the limit",
    SizeLimit = "size-limit": "more rules or nodes than the limit",
    MixedLogic = "mixed-logic": "`and` and `or` mixed without parentheses",
    ChainedComparison = "chained-comparison": "a comparison of a comparison, such as `1 < x < 5`",
    ReservedWord = "reserved-word": "a word of the language used as a name",
    DuplicateClause = "duplicate-clause": "a header or clause given twice",
    MisplacedClause = "misplaced-clause": "a header, clause or rule where it has no meaning",
    // literals
    InvalidNumber = "invalid-number": "a number out of range or with too many digits",
    InvalidDate = "invalid-date": "a date or instant that does not exist",
    InvalidZone = "invalid-zone": "a time zone that is not in the tz database",
    InvalidEscape = "invalid-escape": "an unknown escape in a quoted text",
    InvalidRegex = "invalid-regex": "a regular expression that is wrong, too large, or not linear-time",
    EmptyNeedle = "empty-needle": "a search for the empty text, which everything contains",
    // names
    UnknownName = "unknown-name": "no field, param, let or outcome has this name",
    UnknownFunction = "unknown-function": "no function has this name",
    UnknownPart = "unknown-part": "an outcome or element has no part of this name",
    DuplicateName = "duplicate-name": "two declarations, indicators or sources with one name",
    DuplicateLabel = "duplicate-label": "a label listed twice, or two labels with one normal form",
    UnknownLabel = "unknown-label": "a label that the list does not have",
    StandardField = "standard-field": "a standard field declared with a type that it cannot have",
    ElementOutsideList = "element-outside-list": "a leading dot outside a list function",
    // types
    TypeMismatch = "type-mismatch": "a value of one type where another is needed",
    NotComparable = "not-comparable": "two values that cannot be compared",
    NotOrdered = "not-ordered": "an order asked of values that have none",
    WrongArguments = "wrong-arguments": "too few, too many or wrong arguments",
    NotConstant = "not-constant": "something that must be a constant or a param is not",
    NestedAggregate = "nested-aggregate": "a list function inside a list function, or a population inside a population",
    MissingComparison = "missing-comparison": "a comparison with `missing`, which is never true",
    // rules and tables
    NoRules = "no-rules": "a declaration without rules",
    PatternCount = "pattern-count": "more or fewer patterns than subjects",
    EmptyInterval = "empty-interval": "an interval that holds nothing",
    OtherwiseNotLast = "otherwise-not-last": "a rule after `otherwise`",
    Overlap = "overlap": "two rules of a `unique` classification hold for the same lead with different results",
    // scores
    WeightTotal = "weight-total": "weights that do not add up to 100 %",
    MixedWeights = "mixed-weights": "some indicators have a weight and some have none",
    GradeGap = "grade-gap": "a score that can be reached has no grade",
    GradeOverlap = "grade-overlap": "two grades hold for the same score",
    // structure
    Cycle = "cycle": "declarations that depend on each other in a circle",
    UnknownParam = "unknown-param": "an override for a param that is not declared",
    InvalidParam = "invalid-param": "an override of the wrong type",
    InvalidTest = "invalid-test": "a test that cannot be run as written",
    InvalidPlaceholder = "invalid-placeholder": "a placeholder that the field's type can never hold",
    // findings: the file loads
    NeverFires = "never-fires": "a rule that fires for no lead",
    AlwaysFires = "always-fires": "a rule whose test holds for every lead",
    DuplicateRule = "duplicate-rule": "a rule that another one repeats",
    SameResult = "same-result": "neighbouring rules with the same result that could be one",
    UnreachableLabel = "unreachable-label": "a declared label that no lead gets",
    UnreachableGrade = "unreachable-grade": "a grade that no lead gets",
    ClampNeverBites = "clamp-never-bites": "an end of a `clamp` that no sum passes",
    ClampHidesGrade = "clamp-hides-grade": "a grade that leads would get without the `clamp`, and do not get with it",
    NotCovered = "not-covered": "leads for which no rule of a table fires",
    NegatedMissing = "negated-missing": "a negated test that leads without the value do not pass",
    ConstantCondition = "constant-condition": "a part of a condition that is the same for every lead",
    Unused = "unused": "a declaration that nothing uses",
    AlwaysUnknown = "always-unknown": "a condition that is unknown for every lead",
    Undecided = "undecided": "a question about the rules that was neither proved nor refuted",
    AnalysisIncomplete = "analysis-incomplete": "an analysis that would have taken too many steps",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// A span with what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What to underline.
    pub span: Span,
    /// What to say there; may be empty.
    pub text: String,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of thing.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where: the first label is the place itself, further ones are related places.
    pub labels: Vec<Label>,
    /// A way out.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: None,
        }
    }

    /// The same with words at its place.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Diagnostic {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// The same with a related place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// The same with a way out, when there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Diagnostic {
        self.help = help.or(self.help);
        self
    }

    /// Adds a way out in place.
    pub(crate) fn set_help(&mut self, help: impl Into<String>) {
        self.help = Some(help.into());
    }

    /// Adds a way out in place, when there is one.
    pub(crate) fn set_maybe_help(&mut self, help: Option<String>) {
        self.help = help.or_else(|| self.help.take());
    }

    /// The place itself.
    pub fn span(&self) -> Span {
        self.labels.first().map_or_else(Span::default, |label| label.span)
    }
}

/// Why a rule file could not be loaded: every error at once, in the order of the text.
#[derive(Clone, PartialEq, Eq)]
pub struct LoadError {
    sources: Vec<Source>,
    diagnostics: Vec<Diagnostic>,
    /// How many more there were, past the limit.
    left_out: usize,
}

impl LoadError {
    /// From the sources and at least one diagnostic; those past the limit are only counted.
    pub(crate) fn new(sources: Vec<Source>, mut diagnostics: Vec<Diagnostic>, limit: usize) -> LoadError {
        let left_out = diagnostics.len().saturating_sub(limit.max(1));
        diagnostics.truncate(limit.max(1));
        LoadError { sources, diagnostics, left_out }
    }

    /// How many errors there were past [`Limits::diagnostics`](crate::Limits::diagnostics).
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// What is wrong, in the order of the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The texts that the spans point into.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, diagnostic) in self.diagnostics.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            f.write_str(&render(&self.sources, diagnostic))?;
        }
        if self.left_out > 0 {
            write!(f, "\nand {} more", self.left_out)?;
        }
        Ok(())
    }
}

impl fmt::Debug for LoadError {
    /// As it is displayed: this is what `main` prints of an error that it returns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for LoadError {}
