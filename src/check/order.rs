//! In which order declarations are checked: what they depend on first. A circle is an error that prints it.

use super::{Checker, Entity};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{
    Argument, Container, Expr, ExprKind, Interval, Pattern, PatternItem, Place, Rule, RuleResult, RuleTest,
};
use rustc_hash::FxHashMap;

/// What is checked at a time. The rules of a `tags` block are units of their own, since they may read each other's
/// labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Unit {
    Let(usize),
    Class(usize),
    Score(usize),
    /// Guard and subjects of a `tags` block.
    Guard(usize),
    Rule(usize, usize),
    /// A whole `tags` block.
    Tags(usize),
}

/// Where a unit stands in the search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Done,
}

impl<'a> Checker<'a> {
    /// All units, dependencies first; units on a circle are left out and reported.
    pub(super) fn order(&mut self) -> Vec<Unit> {
        let mut search = Search { marks: FxHashMap::default(), order: Vec::new(), cycles: Vec::new() };
        for unit in self.units() {
            search.visit(self, unit);
        }
        for cycle in search.cycles {
            self.report_cycle(&cycle);
        }
        search.order
    }

    /// Every unit, in the order of the text.
    fn units(&self) -> Vec<Unit> {
        let lets = (0..self.lets.len()).map(Unit::Let);
        let classes = (0..self.classes.len()).map(Unit::Class);
        let scores = (0..self.scores.len()).map(Unit::Score);
        let tags = (0..self.tags.len()).map(Unit::Tags);
        lets.chain(classes).chain(scores).chain(tags).collect()
    }

    /// What must be checked before a unit.
    fn dependencies(&self, unit: Unit) -> Vec<Unit> {
        let mut found = References { checker: self, units: Vec::new() };
        match unit {
            Unit::Let(index) => found.expression(&self.lets[index].value),
            Unit::Class(index) => {
                let class = self.classes[index].syntax;
                found.expressions(class.when.iter().chain(&class.on));
                found.rules(&class.rules);
            }
            Unit::Score(index) => {
                let score = self.scores[index].syntax;
                found.expressions(&score.when);
                for indicator in &score.indicators {
                    found.expressions(indicator.weight.iter().chain(&indicator.on));
                    found.interval(indicator.clamp.as_ref());
                    found.rules(&indicator.rules);
                }
                found.interval(score.clamp.as_ref());
                found.rules(score.grades.as_deref().unwrap_or_default());
            }
            Unit::Guard(index) => {
                let tags = self.tags[index].syntax;
                found.expressions(tags.when.iter().chain(&tags.on));
            }
            Unit::Rule(index, rule) => {
                let rules = &self.tags[index].syntax.rules;
                found.units.push(Unit::Guard(index));
                found.test(&rules[rule].test);
                if matches!(rules[rule].test, RuleTest::Otherwise(_)) {
                    found
                        .units
                        .extend((0..rules.len()).filter(|&other| other != rule).map(|other| Unit::Rule(index, other)));
                }
            }
            Unit::Tags(index) => {
                found.units.push(Unit::Guard(index));
                found.units.extend((0..self.tags[index].syntax.rules.len()).map(|rule| Unit::Rule(index, rule)));
            }
        }
        found.units
    }

    fn report_cycle(&mut self, cycle: &[Unit]) {
        let mut path: Vec<String> = cycle.iter().map(|&unit| self.unit_name(unit)).collect();
        path.dedup();
        if let Some(first) = path.first().cloned() {
            path.push(first);
        }
        let path = path.join("` → `");
        let places: Vec<Place> = cycle.iter().map(|&unit| self.unit_place(unit)).collect();
        let Some((first, others)) = places.split_first() else { return };
        let mut diagnostic = Diagnostic::error(Code::Cycle, first.0, format!("these depend on each other: `{path}`"))
            .help("break the circle: let one of them read fields only, or `previous.…`");
        for other in others.iter().take(5) {
            diagnostic = diagnostic.related(other.0, "and this");
        }
        self.report(diagnostic);
    }

    /// What people call a unit.
    fn unit_name(&self, unit: Unit) -> String {
        match unit {
            Unit::Let(index) => self.lets[index].name.text.clone(),
            Unit::Class(index) => self.classes[index].syntax.name.text.clone(),
            Unit::Score(index) => self.scores[index].syntax.name.text.clone(),
            Unit::Guard(index) | Unit::Tags(index) => self.tags[index].syntax.name.text.clone(),
            Unit::Rule(index, rule) => {
                let tags = self.tags[index].syntax;
                match &tags.rules[rule].result {
                    RuleResult::Value(Expr { kind: ExprKind::Text(label), .. }) => {
                        format!("{} \"{label}\"", tags.name.text)
                    }
                    _ => tags.name.text.clone(),
                }
            }
        }
    }

    fn unit_place(&self, unit: Unit) -> Place {
        match unit {
            Unit::Let(index) => self.lets[index].name.place,
            Unit::Class(index) => self.classes[index].syntax.name.place,
            Unit::Score(index) => self.scores[index].syntax.name.place,
            Unit::Guard(index) | Unit::Tags(index) => self.tags[index].syntax.name.place,
            Unit::Rule(index, rule) => self.tags[index].syntax.rules[rule].place,
        }
    }
}

/// A depth-first search with its own stack: chains of declarations may be long.
struct Search {
    marks: FxHashMap<Unit, Mark>,
    order: Vec<Unit>,
    cycles: Vec<Vec<Unit>>,
}

impl Search {
    fn visit(&mut self, checker: &Checker<'_>, root: Unit) {
        if self.marks.contains_key(&root) {
            return;
        }
        self.marks.insert(root, Mark::Open);
        let mut stack = vec![(root, checker.dependencies(root).into_iter())];
        while let Some((unit, pending)) = stack.last_mut() {
            let unit = *unit;
            match pending.next() {
                None => {
                    stack.pop();
                    self.marks.insert(unit, Mark::Done);
                    self.order.push(unit);
                }
                Some(next) => match self.marks.get(&next) {
                    None => {
                        self.marks.insert(next, Mark::Open);
                        stack.push((next, checker.dependencies(next).into_iter()));
                    }
                    Some(Mark::Done) => {}
                    Some(Mark::Open) => {
                        let from = stack.iter().position(|(open, _)| *open == next).unwrap_or_default();
                        self.cycles.push(stack[from..].iter().map(|(open, _)| *open).collect());
                    }
                },
            }
        }
    }
}

/// Collects the units that expressions refer to.
struct References<'c, 'a> {
    checker: &'c Checker<'a>,
    units: Vec<Unit>,
}

impl References<'_, '_> {
    fn name(&mut self, name: &str) {
        match self.checker.entity(name) {
            Some(Entity::Let(index)) => self.units.push(Unit::Let(index)),
            Some(Entity::Class(index)) => self.units.push(Unit::Class(index)),
            Some(Entity::Score(index)) => self.units.push(Unit::Score(index)),
            Some(Entity::Tags(index)) => self.units.push(Unit::Tags(index)),
            Some(Entity::Field(_) | Entity::Param(_) | Entity::Broken) | None => {}
        }
    }

    fn expressions<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) {
        expressions.into_iter().for_each(|expression| self.expression(expression));
    }

    /// Recursion follows the nesting of brackets, which the parser limits.
    fn expression(&mut self, expression: &Expr) {
        match &expression.kind {
            ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::DateTime(_)
            | ExprKind::Bool(_)
            | ExprKind::Now
            | ExprKind::Today
            | ExprKind::Element(_) => {}
            ExprKind::Path(names) => {
                if let Some(name) = names.first() {
                    self.name(&name.text);
                }
            }
            ExprKind::Set(list) | ExprKind::Logic(_, list) => self.expressions(list),
            ExprKind::Paren(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => self.expression(inner),
            ExprKind::Compare(_, left, right) => self.expressions([&**left, &**right]),
            ExprKind::Arithmetic(first, rest) => {
                self.expression(first);
                self.expressions(rest.iter().map(|(_, operand)| operand));
            }
            ExprKind::In { subject, container, .. } => {
                self.expression(subject);
                match container {
                    Container::Interval(interval) => self.interval(Some(interval)),
                    Container::Set(set) => self.expression(set),
                }
            }
            ExprKind::Contains { subject, needle, .. } => {
                if !self.labels_of_tags(subject, needle) {
                    self.expressions([&**subject, &**needle]);
                }
            }
            ExprKind::Affix { subject, needle, .. } => self.expressions([&**subject, &**needle]),
            ExprKind::Matches { subject, .. } | ExprKind::Is { subject, .. } => self.expression(subject),
            ExprKind::Within { subject, container } => self.expressions([&**subject, &**container]),
            ExprKind::Window { subject, period, .. } => self.expressions([&**subject, &*period.count]),
            ExprKind::Call { arguments, .. } => self.expressions(arguments.iter().map(|argument| match argument {
                Argument::Value(value) => value,
                Argument::Period(period) => &*period.count,
            })),
            ExprKind::Aggregate { value, list, by, filter, .. } => {
                self.expression(list);
                self.expressions([value, by, filter].into_iter().flatten().map(|it| &**it));
            }
            ExprKind::Match { subjects, rules } => {
                self.expressions(subjects);
                self.rules(rules);
            }
        }
    }

    /// `profile contains "x"` depends on the rules of that label only. Whether it was such a condition.
    fn labels_of_tags(&mut self, subject: &Expr, needle: &Expr) -> bool {
        let ExprKind::Path(path) = &subject.kind else { return false };
        let [name] = path.as_slice() else { return false };
        let Some(Entity::Tags(index)) = self.checker.entity(&name.text) else { return false };
        let Some(positions) = self.checker.needle_positions(index, needle) else { return false };
        self.units.push(Unit::Guard(index));
        for position in positions {
            let rules = self.checker.rules_of_label(index, position);
            self.units.extend(rules.map(|rule| Unit::Rule(index, rule)));
        }
        true
    }

    fn interval(&mut self, interval: Option<&Interval>) {
        let ends = interval.into_iter().flat_map(|interval| [&interval.low, &interval.high]);
        ends.flatten().for_each(|end| self.expression(end));
    }

    fn rules(&mut self, rules: &[Rule]) {
        for rule in rules {
            self.test(&rule.test);
            if let RuleResult::Value(value) = &rule.result {
                self.expression(value);
            }
        }
    }

    fn test(&mut self, test: &RuleTest) {
        match test {
            RuleTest::Condition(condition) => self.expression(condition),
            RuleTest::Patterns(patterns) => patterns.iter().for_each(|pattern| self.pattern(pattern)),
            RuleTest::Otherwise(_) | RuleTest::Always(_) => {}
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        for item in &pattern.alternatives {
            match item {
                PatternItem::Constant(constant) => self.expression(constant),
                PatternItem::In(set) => self.expression(set),
                PatternItem::Interval(interval) => self.interval(Some(interval)),
                PatternItem::Missing(_) | PatternItem::Present(_) | PatternItem::Anything(_) => {}
            }
        }
    }
}
