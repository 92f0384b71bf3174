//! The façade: a rule set is loaded once, and evaluated as a pure function.

use crate::analysis::{self, Finding, Monotony, ScoreReach, TagRelation};
use crate::binding::{BindError, Binding};
use crate::check::{self, Input};
use crate::diagnostic::{Code, Diagnostic, LoadError};
use crate::eval::{Facts, Workspace};
use crate::evaluator::{Context, Evaluator, inputs};
use crate::explain::{self, Explanation};
use crate::hir;
use crate::hir::node::Constant;
use crate::lead::record::Record;
use crate::lead::{self, DataIssue, Lead};
use crate::limits::Limits;
use crate::loaded::{ClassId, Loaded, ScoreId, TagsId};
use crate::outcome::{self, Outcome, Scored};
use crate::paths::{self, Goal, GoalError, Paths, Questions};
use crate::prepared::PreparedLead;
use crate::program::{self, Plan};
use crate::source::{Source, SourceId, Span};
use crate::syntax::{self, ast};
use crate::time::At;
use crate::value::Value;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// A loaded rule set: checked completely, immutable, cheap to clone, shared between threads as it is.
///
/// ```
/// use gradus::{At, Lead, RuleSet};
/// use jiff::{Timestamp, tz::TimeZone};
///
/// let rules = RuleSet::parse(r#"
///     score fit {
///       indicator size on employees { [1000..) => 80, [..1000) => 30, missing => 0 }
///       grades { [60..] => "A", [..60) => "B" }
///     }
/// "#)?;
/// let at = At::new("2026-11-21T09:00:00Z".parse::<Timestamp>()?, TimeZone::UTC);
/// let outcome = rules.evaluate(&Lead::new().with_employees(5000), &at);
/// assert_eq!(outcome.grade("fit"), Some("A"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RuleSet(Arc<Loaded>);

impl RuleSet {
    /// Loads one rule file.
    ///
    /// # Errors
    /// Everything that is wrong with the file, at once.
    pub fn parse(text: &str) -> Result<RuleSet, LoadError> {
        RuleSet::builder().source("rules", text).build()
    }

    /// Loads several sources, with params set, or with other limits.
    pub fn builder() -> RuleSetBuilder {
        RuleSetBuilder::default()
    }

    /// The name after `ruleset`.
    pub fn name(&self) -> Option<&str> {
        self.0.model.name.as_deref()
    }

    /// The text after `version`.
    pub fn version(&self) -> Option<&str> {
        self.0.model.version.as_deref()
    }

    /// A stable hash of what the rule set means: comments, titles, layout and tests do not count.
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    /// The zone of the rule set: the host's, or else the file's, or else UTC.
    pub fn zone(&self) -> &TimeZone {
        &self.0.model.zone
    }

    /// An instant in the rule set's zone.
    pub fn at(&self, now: Timestamp) -> At {
        At::new(now, self.zone().clone())
    }

    /// Classes, scores, grades and tags of a lead. Pure: the same lead and instant give the same outcome.
    pub fn evaluate(&self, lead: &Lead, at: &At) -> Outcome {
        self.evaluator().evaluate(lead, at, Context::default()).clone()
    }

    /// The same with the lead's last outcome, or a population.
    pub fn evaluate_with(&self, lead: &Lead, at: &At, context: Context<'_>) -> Outcome {
        self.evaluator().evaluate(lead, at, context).clone()
    }

    /// For many leads: keeps the room that an evaluation and its outcome need, so that nothing is allocated for each.
    pub fn evaluator(&self) -> Evaluator<'_> {
        Evaluator::new(&self.0)
    }

    /// Reads a lead once, so that evaluating it looks up no label and computes no form of a text: for leads that are
    /// evaluated again and again, as the clock moves on or as rules ask each other's outcomes. The zone is that of the
    /// evaluations.
    pub fn prepare(&self, lead: Lead, zone: &TimeZone) -> PreparedLead {
        PreparedLead::new(&self.0, lead, zone)
    }

    /// Finds the fields of a type of the host's own records, once.
    ///
    /// # Errors
    /// Every field of the records whose kind of value can never be read as the rule file declares it.
    pub fn bind<R: Record>(&self) -> Result<Binding<R>, BindError> {
        Binding::new(&self.0)
    }

    /// The handle of a classification, for asking without a look-up by name.
    pub fn class_id(&self, name: &str) -> Option<ClassId> {
        self.0.class_id(name)
    }

    /// The names of all scores, in the order of the rule file.
    pub fn score_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.model.scores.iter().map(|score| score.name.as_str())
    }

    /// The handle of a score.
    pub fn score_id(&self, name: &str) -> Option<ScoreId> {
        self.0.score_id(name)
    }

    /// The handle of a block of tags.
    pub fn tags_id(&self, name: &str) -> Option<TagsId> {
        self.0.tags_id(name)
    }

    /// One classification alone: only what it needs is computed.
    pub fn classify(&self, id: ClassId, lead: &Lead, at: &At, context: Context<'_>) -> Option<&str> {
        let class = self.0.model.classes.get(id.0)?;
        let plan = self.0.program.class(&self.0.model, id.0);
        let label = self.run(plan, lead, at, context, |state| outcome::label_of(state, class.value));
        label.map(|label| class.labels.label(label))
    }

    /// One score alone: only what it needs is computed.
    pub fn score(&self, id: ScoreId, lead: &Lead, at: &At, context: Context<'_>) -> Option<Scored<'_>> {
        let score = self.0.model.scores.get(id.0)?;
        let value = self
            .run(self.0.program.score(&self.0.model, id.0), lead, at, context, |state| outcome::score_of(state, score));
        Some(outcome::show(value, score))
    }

    /// One block of tags alone: only what it needs is computed. Nothing when its guard is not true.
    pub fn tags(&self, id: TagsId, lead: &Lead, at: &At, context: Context<'_>) -> Option<Vec<&str>> {
        let tags = self.0.model.tags.get(id.0)?;
        self.run(self.0.program.tags(&self.0.model, id.0), lead, at, context, |state| {
            let labels = outcome::labels_of(state, tags.value);
            labels.map(|labels| labels.iter().map(|&label| tags.labels.label(label)).collect())
        })
    }

    /// Why a lead's outcome is what it is: the same evaluation, observed.
    pub fn explain(&self, lead: &Lead, at: &At) -> Explanation {
        self.explain_with(lead, at, Context::default())
    }

    /// The same with the lead's last outcome, or a population.
    pub fn explain_with(&self, lead: &Lead, at: &At, context: Context<'_>) -> Explanation {
        self.run(self.0.program.explained(&self.0.model), lead, at, context, |state| explain::explain(&self.0, state))
    }

    /// What would bring a lead to a grade, a class or a tag: the smallest sets of changed fields, the nearest first.
    ///
    /// Lists (activities, purchases) stay as they are. The number of changed fields is the least there is, as long as every
    /// condition asks about one field, by comparing it or a date or number that is computed from it; where fields are
    /// computed with each other, or texts are matched with regular expressions, there may be paths that are not found. The
    /// work is bounded; [`Paths::complete`](crate::paths::Paths) says whether that cut it short.
    ///
    /// ```
    /// use gradus::paths::Goal;
    /// use gradus::{Lead, RuleSet};
    ///
    /// let rules = RuleSet::parse(r#"
    ///     score fit {
    ///       indicator size on employees { [1000..) => 60, [100..1000) => 40, otherwise => 0 }
    ///       indicator money { budget > 50_000 => 30 }
    ///       grades { [70..] => "A", [..70) => "B" }
    ///     }"#)?;
    /// let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
    /// let lead = Lead::new().with_employees(320);
    /// let found = rules.paths_to(&lead, &at, &Goal::reach("fit", "A"))?;
    /// assert_eq!(found.paths.len(), 1);
    /// let change = &found.paths[0].changes[0];
    /// assert_eq!((change.field.as_str(), change.to.as_deref()), ("budget", Some("50001")));
    /// assert_eq!(rules.evaluate(&found.paths[0].apply(&lead), &at).grade("fit"), Some("A"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A goal that names an outcome, a label or a field that there is not.
    pub fn paths_to(&self, lead: &Lead, at: &At, goal: &Goal) -> Result<Paths, GoalError> {
        self.paths_with(lead, at, Context::default(), goal)
    }

    /// The same with the lead's last outcome, or a population.
    ///
    /// # Errors
    /// A goal that names an outcome, a label or a field that there is not.
    pub fn paths_with(&self, lead: &Lead, at: &At, context: Context<'_>, goal: &Goal) -> Result<Paths, GoalError> {
        paths::paths_to(&self.0, lead, at, context, goal)
    }

    /// What is still open about a lead, and what to ask: the classes and grades that answers to its missing fields can lead
    /// to, and these fields by how much they can still decide.
    ///
    /// Every missing field is tried with a value for each cell that the conditions tell apart, and without one, since it may
    /// stay unknown. Lists are not tried.
    ///
    /// ```
    /// use gradus::{Lead, RuleSet};
    ///
    /// let rules = RuleSet::parse(r#"
    ///     let three = at_least(3, budget >= 10万, authority == "decides", need is present, timeline == "now")
    ///     classify bant { three => "yes", not three => "no", otherwise => "ask" }"#)?;
    /// let lead = Lead::new().with_budget(200_000).with_authority("decides");
    /// let open = rules.questions(&lead, &rules.at(jiff::Timestamp::UNIX_EPOCH));
    /// assert_eq!(open.outcomes[0].possible, ["yes", "no", "ask"]);
    /// let fields: Vec<&str> = open.questions.iter().map(|it| it.field.as_str()).collect();
    /// assert_eq!(fields, ["need", "timeline"]);
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn questions(&self, lead: &Lead, at: &At) -> Questions {
        self.questions_with(lead, at, Context::default())
    }

    /// The same with the lead's last outcome, or a population.
    pub fn questions_with(&self, lead: &Lead, at: &At, context: Context<'_>) -> Questions {
        paths::questions(&self.0, lead, at, context)
    }

    /// Everything in a lead that this rule set does not expect: values of the wrong type, labels outside their lists,
    /// fields that nobody declared.
    ///
    /// # Errors
    /// Every problem with its path. Evaluating such a lead never fails: these values read as missing.
    pub fn check_lead(&self, lead: &Lead, zone: &TimeZone) -> Result<(), Vec<DataIssue>> {
        let issues = lead::read::check(lead, &self.0.model.schema, zone);
        if issues.is_empty() { Ok(()) } else { Err(issues) }
    }

    /// What a careful author would want to know of this rule set: rules that never fire, leads that are left out, grades
    /// that nobody reaches. Each is proved, or shown by a witness. In the order of the text.
    ///
    /// Found when it is first asked for, and kept. Bounded: what would take too many steps is said to be left open.
    ///
    /// ```
    /// use gradus::RuleSet;
    ///
    /// let rules = RuleSet::parse(r#"
    ///     classify size on employees { [100..) => "large", [500..) => "huge", otherwise => "small" }
    /// "#)?;
    /// let finding = &rules.findings()[0];
    /// assert_eq!(finding.code().slug(), "never-fires");
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn findings(&self) -> &[Finding] {
        self.0.findings.get_or_init(|| analysis::findings(&self.0).into())
    }

    /// Where the order of rules decides: later rules of a table that hold for some of the same leads as earlier ones, with
    /// another result. Not part of the [`findings`](Self::findings), since it is how most tables are meant.
    pub fn overlaps(&self) -> Vec<Finding> {
        analysis::overlaps(&self.0)
    }

    /// The least and the greatest value of a score and of the points of each of its indicators, each with a lead that has
    /// it; nothing when there is no such score.
    ///
    /// ```
    /// use gradus::RuleSet;
    ///
    /// let rules = RuleSet::parse(r#"
    ///     score fit {
    ///       indicator size on employees { [1000..) => 60, [..100) => -20 }
    ///       indicator known { employees is present => 10, otherwise => 0 }
    ///     }
    /// "#)?;
    /// let reach = rules.reach("fit").unwrap().score;
    /// let (least, witness) = reach.least.unwrap();
    /// assert_eq!((least.to_string(), witness.lead().employees() < Some(100)), ("-10".to_owned(), true));
    /// assert_eq!(reach.greatest.unwrap().0.to_string(), "70");
    /// assert!(reach.proved);
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn reach(&self, score: &str) -> Option<ScoreReach> {
        analysis::reach(&self.0, self.0.score_id(score)?.0)
    }

    /// Tags that imply or exclude each other, for every lead: proved. Tags that nobody gets are left out.
    ///
    /// ```
    /// use gradus::RuleSet;
    ///
    /// let rules = RuleSet::parse(r#"
    ///     tags size { employees >= 1000 => "large", employees >= 100 => "not small", employees < 50 => "small" }
    /// "#)?;
    /// let relations: Vec<String> = rules.tag_relations().iter().map(ToString::to_string).collect();
    /// assert_eq!(relations, [
    ///     r#"size "large" implies size "not small""#,
    ///     r#"size "large" excludes size "small""#,
    ///     r#"size "not small" excludes size "small""#,
    /// ]);
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn tag_relations(&self) -> Vec<TagRelation> {
        analysis::relations(&self.0)
    }

    /// Whether a score rises or falls with a field, everything else being equal; nothing when there is no such score or
    /// field, or the field's values have no order.
    ///
    /// ```
    /// use gradus::{RuleSet, analysis::Monotony};
    ///
    /// let rules = RuleSet::parse(r#"
    ///     score fit { indicator money on budget { [..1万) => 0, [1万..5万) => 20, [5万..) => 60 } }
    /// "#)?;
    /// assert_eq!(rules.monotony("fit", "budget"), Some(Monotony::Up));
    /// assert_eq!(rules.monotony("fit", "employees"), Some(Monotony::Constant));
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn monotony(&self, score: &str, field: &str) -> Option<Monotony> {
        analysis::monotony(&self.0, self.0.score_id(score)?.0, field)
    }

    /// The texts that the spans of findings point into.
    pub fn sources(&self) -> &[Source] {
        &self.0.sources
    }

    /// The executable form as text: axes with their cells, steps with boxes and tables, the layout. For people: it compiles
    /// once more.
    pub fn listing(&self) -> String {
        program::Listing(&self.0.model, &self.0.program).to_string()
    }

    /// How many bytes the executable form takes: rows of bits, tables and steps. The checked model and the text of the
    /// sources, which explanations show, come on top.
    pub fn compiled_bytes(&self) -> usize {
        self.0.program.bytes()
    }

    pub(crate) fn loaded(&self) -> &Arc<Loaded> {
        &self.0
    }

    /// Runs a plan with a workspace of its own.
    pub(crate) fn run<R>(
        &self,
        plan: &Plan,
        lead: &Lead,
        at: &At,
        context: Context<'_>,
        take: impl FnOnce(&mut crate::eval::State<'_>) -> R,
    ) -> R {
        Workspace::default().run(inputs(&self.0, Facts::Lead(lead), at, context), plan, take)
    }
}

impl std::fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuleSet")
            .field("name", &self.name())
            .field("version", &self.version())
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

/// Loads a rule set from several sources, with params set by the host.
#[derive(Clone, Debug, Default)]
pub struct RuleSetBuilder {
    sources: Vec<Source>,
    params: Vec<(String, Value)>,
    zone: Option<TimeZone>,
    limits: Limits,
}

impl RuleSetBuilder {
    /// Adds a source. Its name is what messages call it; two sources need different names.
    #[must_use]
    pub fn source(mut self, name: impl Into<String>, text: impl Into<String>) -> RuleSetBuilder {
        self.sources.push(Source::new(name, text));
        self
    }

    /// Sets a param of the file; the value has to fit the param's type. Every check runs with it.
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, value: impl Into<Value>) -> RuleSetBuilder {
        let name: String = name.into();
        self.params.push((name.nfc().collect(), value.into()));
        self
    }

    /// Sets the zone, whatever the file says.
    #[must_use]
    pub fn zone(mut self, zone: TimeZone) -> RuleSetBuilder {
        self.zone = Some(zone);
        self
    }

    /// Sets other limits than the default ones.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> RuleSetBuilder {
        self.limits = limits;
        self
    }

    /// Parses, checks and compiles.
    ///
    /// # Errors
    /// Everything that is wrong with the sources, at once, in the order of the text.
    pub fn build(self) -> Result<RuleSet, LoadError> {
        let mut diagnostics = self.source_names();
        let mut files = Vec::with_capacity(self.sources.len());
        let mut broken = Vec::new();
        let mut limits = self.limits;
        for (index, source) in self.sources.iter().enumerate() {
            let id = SourceId(u32::try_from(index).unwrap_or(u32::MAX));
            let parsed = syntax::parse(id, &source.text, &limits);
            limits.rules = limits.rules.saturating_sub(parsed.rules);
            limits.source_bytes = limits.source_bytes.saturating_sub(source.text.len());
            diagnostics.extend(parsed.diagnostics);
            broken.extend(parsed.broken);
            files.push(parsed.file);
        }
        let input = Input {
            files: &files,
            broken: &broken,
            params: &self.params,
            zone: self.zone.as_ref(),
            limits: &self.limits,
        };
        let (model, found) = check::check(&input);
        diagnostics.extend(found);
        if !diagnostics.is_empty() {
            diagnostics.sort_by_key(|diagnostic| (diagnostic.span().source, diagnostic.span().start));
            diagnostics.dedup();
            return Err(LoadError::new(self.sources, diagnostics, self.limits.diagnostics));
        }
        let fingerprint = fingerprint(&files, &model);
        let program = program::compile(&model);
        let loaded = Loaded::new(model, program, fingerprint, self.sources, &self.limits);
        let refusals = analysis::refusals(&loaded);
        if !refusals.is_empty() {
            let diagnostics = refusals.iter().map(|finding| finding.diagnostic().clone()).collect();
            return Err(LoadError::new(loaded.sources, diagnostics, self.limits.diagnostics));
        }
        Ok(RuleSet(Arc::new(loaded)))
    }

    /// Two sources with one name could not be told apart in messages.
    fn source_names(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (index, source) in self.sources.iter().enumerate() {
            if self.sources[..index].iter().any(|earlier| earlier.name == source.name) {
                let span = Span::new(SourceId(u32::try_from(index).unwrap_or(u32::MAX)), 0, 0);
                let message = format!("two sources are called `{}`", source.name);
                found.push(
                    Diagnostic::error(Code::DuplicateName, span, message).help("give each source a name of its own"),
                );
            }
        }
        found
    }
}

/// SHA-256 of the canonical text, of the params that the host has changed, and of the zone; in hexadecimal.
fn fingerprint(files: &[ast::RuleFile], model: &hir::Rules) -> String {
    let mut hash = Sha256::new();
    for line in syntax::canonical(files) {
        hash.update(line);
        hash.update("\n");
    }
    let mut changed: Vec<&(String, Constant)> = model.overridden.iter().collect();
    changed.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, value) in changed {
        hash.update(format!("param {name} = {}\n", value.canonical()));
    }
    hash.update(model.zone.iana_name().unwrap_or_default());
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // writing to a string does not fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}
