//! Syntax tree → checked model. Collects every error, recovers a type after each, and never cascades: one slip, one
//! message.

mod aggregate;
mod boxes;
mod call;
mod comparison;
mod complete;
mod condition;
mod constant;
mod declare;
mod expression;
mod grades;
mod operand;
mod order;
mod outcomes;
mod reach;
mod score;
mod search;
mod table;
mod tests;
mod together;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::node::Constant;
use crate::hir::{self, NodeId, Nodes};
use crate::lead::read::Schema;
use crate::limits::Limits;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Choice, FieldType, Type};
use crate::value::Value;
use jiff::tz::TimeZone;
use operand::Operand;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What is checked: the parsed sources, and what the host sets.
pub(crate) struct Input<'a> {
    pub(crate) files: &'a [ast::RuleFile],
    /// Names of declarations that did not parse: known, of unknown type.
    pub(crate) broken: &'a [ast::Name],
    /// Overrides of params.
    pub(crate) params: &'a [(String, Value)],
    /// The host's zone, whatever the file says.
    pub(crate) zone: Option<&'a TimeZone>,
    pub(crate) limits: &'a Limits,
}

/// Checks everything at once. The model is only of use when there are no errors.
pub(crate) fn check(input: &Input<'_>) -> (hir::Rules, Vec<Diagnostic>) {
    let mut checker = Checker::new(input);
    checker.declare(input);
    checker.index_tags();
    for unit in checker.order() {
        checker.check_unit(unit);
        if checker.is_too_large() {
            return checker.finish();
        }
    }
    checker.in_tests = true;
    checker.note_declarations(input);
    checker.check_tests();
    checker.finish()
}

/// What a name in the one space of names stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Entity {
    /// By position in the schema.
    Field(u32),
    Param(usize),
    Let(usize),
    Class(usize),
    Score(usize),
    Tags(usize),
    /// Declared, but not to be understood; reported already.
    Broken,
}

/// An outcome's declaration with the labels that it can have, known before any rule is checked.
struct Declared<'a, T> {
    syntax: &'a T,
    labels: Arc<Choice>,
}

/// The state of a check.
struct Checker<'a> {
    limits: &'a Limits,
    diagnostics: Vec<Diagnostic>,
    nodes: Nodes,
    regexes: Vec<regex::Regex>,
    regex_known: FxHashMap<(String, bool), u32>,
    previous: Vec<hir::Previous>,

    header: Header,
    schema: Vec<FieldType>,
    /// Where each field stands in the schema.
    slots: FxHashMap<Box<str>, usize>,
    entities: FxHashMap<&'a str, Entity>,
    /// Where each name was declared, for duplicates.
    declared_at: FxHashMap<&'a str, Span>,
    params: Vec<Operand>,
    /// Params whose value the host has changed.
    overridden: Vec<(String, Constant)>,
    lets: Vec<&'a ast::Let>,
    classes: Vec<Declared<'a, ast::Classify>>,
    /// The labels are the grades, lowest first.
    scores: Vec<Declared<'a, ast::Score>>,
    tags: Vec<Declared<'a, ast::Tags>>,
    tests: Vec<&'a ast::Test>,

    // what has been checked so far
    checked_lets: Vec<Option<Operand>>,
    checked_classes: Vec<Option<hir::Class>>,
    checked_scores: Vec<Option<hir::Score>>,
    checked_tags: Vec<outcomes::TagsState>,
    checked_tests: Vec<hir::Test>,

    /// Where parts of rules stand.
    places: hir::Places,
    /// Lets and params that something uses.
    used: FxHashSet<Entity>,

    /// The list whose elements a leading dot names.
    scope: Option<u32>,
    /// Nodes that hold the value of a population function, so that none is measured by another.
    ranked: FxHashSet<NodeId>,
    /// What they measure.
    measured: Vec<hir::Measured>,
    measured_known: FxHashMap<NodeId, usize>,
    /// Whether tests are being checked, which come last.
    in_tests: bool,
}

/// What the headers say.
#[derive(Default)]
struct Header {
    name: Option<String>,
    version: Option<String>,
    zone: Option<TimeZone>,
}

impl<'a> Checker<'a> {
    fn new(input: &Input<'a>) -> Checker<'a> {
        Checker {
            limits: input.limits,
            diagnostics: Vec::new(),
            nodes: Nodes::default(),
            regexes: Vec::new(),
            regex_known: FxHashMap::default(),
            previous: Vec::new(),
            header: Header { zone: input.zone.cloned(), ..Header::default() },
            schema: Vec::new(),
            slots: FxHashMap::default(),
            entities: FxHashMap::default(),
            declared_at: FxHashMap::default(),
            params: Vec::new(),
            overridden: Vec::new(),
            lets: Vec::new(),
            classes: Vec::new(),
            scores: Vec::new(),
            tags: Vec::new(),
            tests: Vec::new(),
            checked_lets: Vec::new(),
            checked_classes: Vec::new(),
            checked_scores: Vec::new(),
            checked_tags: Vec::new(),
            checked_tests: Vec::new(),
            places: hir::Places::default(),
            used: FxHashSet::default(),
            scope: None,
            ranked: FxHashSet::default(),
            measured: Vec::new(),
            measured_known: FxHashMap::default(),
            in_tests: false,
        }
    }

    /// Checks one declaration (or one rule of a `tags` block) whose dependencies have been checked.
    fn check_unit(&mut self, unit: order::Unit) {
        match unit {
            order::Unit::Let(index) => {
                let operand = self.expression(&self.lets[index].value);
                self.checked_lets[index] = Some(operand);
            }
            order::Unit::Class(index) => self.check_class(index),
            order::Unit::Score(index) => self.check_score(index),
            order::Unit::Guard(index) => self.check_tags_guard(index),
            order::Unit::Rule(index, rule) => self.check_tags_rule(index, rule),
            order::Unit::Tags(index) => self.finish_tags(index),
        }
    }

    /// Whether there are more nodes than the limit; then the rest is not checked.
    fn is_too_large(&mut self) -> bool {
        let too_large = self.nodes.len() > self.limits.nodes;
        if too_large {
            let message = format!("the rules need more than {} nodes, the limit", self.limits.nodes);
            self.error(Code::SizeLimit, ast::Place::default(), message)
                .set_help("split the rules over several rule sets, or raise `Limits::nodes`");
        }
        too_large
    }

    /// Whether there are so many errors already that further ones are only counted.
    fn has_reported_enough(&self) -> bool {
        self.diagnostics.len() > self.limits.diagnostics
    }

    /// Reports an error.
    fn error(&mut self, code: Code, place: ast::Place, message: impl Into<String>) -> &mut Diagnostic {
        self.report(Diagnostic::error(code, place.0, message))
    }

    /// Keeps a diagnostic, which may still be added to.
    fn report(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        self.diagnostics.push(diagnostic);
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// Notes where fields are declared, and which lets and params nothing has used so far. What tests use does not count.
    fn note_declarations(&mut self, input: &Input<'a>) {
        for item in input.files.iter().flat_map(|file| &file.items) {
            let (what, name) = match item {
                ast::Item::Field(field) => {
                    let slot = self.slots.get(field.name.text.as_str()).and_then(|slot| u32::try_from(*slot).ok());
                    self.places.fields.extend(slot.map(|slot| (slot, field.name.place.0)));
                    continue;
                }
                ast::Item::Let(it) => ("let", &it.name),
                ast::Item::Param(it) => ("param", &it.name),
                _ => continue,
            };
            if self.entity(&name.text).is_some_and(|entity| !self.used.contains(&entity)) {
                self.places.unused.push((what, name.text.clone(), name.place.0));
            }
        }
    }

    /// The model and what was found.
    fn finish(mut self) -> (hir::Rules, Vec<Diagnostic>) {
        self.diagnostics.sort_by_key(Diagnostic::span);
        self.measured.sort_by(|a, b| (a.of_tests, &a.text).cmp(&(b.of_tests, &b.text)));
        let lets = self.lets.iter().zip(&self.checked_lets).filter_map(|(syntax, checked)| {
            let (value, kind) = checked.as_ref()?.typed().filter(|(node, _)| self.nodes.constant(*node).is_none())?;
            Some(hir::Let { name: syntax.name.text.clone(), title: Self::title(syntax.title.as_ref()), value, kind })
        });
        let mut lets: Vec<hir::Let> = lets.collect();
        lets.sort_by_key(|it| it.value);
        lets.dedup_by_key(|it| it.value);
        let rules = hir::Rules {
            name: self.header.name,
            version: self.header.version,
            zone: self.header.zone.unwrap_or(TimeZone::UTC),
            schema: Schema::new(self.schema),
            nodes: self.nodes,
            regexes: self.regexes,
            previous: self.previous,
            overridden: self.overridden,
            lets,
            classes: self.checked_classes.into_iter().flatten().collect(),
            scores: self.checked_scores.into_iter().flatten().collect(),
            tags: self.checked_tags.into_iter().filter_map(|state| state.finished).collect(),
            tests: self.checked_tests,
            measured: self.measured,
            places: self.places,
        };
        (rules, self.diagnostics)
    }

    /// The title's text.
    fn title(title: Option<&ast::Quoted>) -> Option<String> {
        title.map(|title| title.text.clone())
    }

    /// The type of a field by its position in the schema.
    fn field_kind(&self, index: u32) -> Type {
        self.schema[index as usize].kind.clone()
    }
}
