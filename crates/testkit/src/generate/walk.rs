//! Every expression of a rule file, for the constants that leads should meet.

use gradus::syntax::ast::{
    Argument, Container, Expr, ExprKind, Field, Interval, Item, PatternItem, Placeholders, Rule, RuleFile, RuleResult,
    RuleTest, TypeKind,
};

/// The constants of some rule files.
#[derive(Clone, Debug, Default)]
pub(super) struct Constants {
    /// As written, without a sign.
    pub(super) numbers: Vec<String>,
    pub(super) texts: Vec<String>,
    pub(super) dates: Vec<String>,
    pub(super) instants: Vec<String>,
}

impl Constants {
    pub(super) fn of(files: &[RuleFile]) -> Constants {
        let mut constants = Constants::default();
        for item in files.iter().flat_map(|file| &file.items) {
            constants.item(item);
        }
        constants
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Placeholders(header) => self.all(&header.values),
            Item::Field(field) => self.field(field),
            Item::Param(param) => self.expr(&param.default),
            Item::Let(definition) => self.expr(&definition.value),
            Item::Classify(classify) => {
                self.all(classify.when.iter().chain(&classify.on));
                self.rules(&classify.rules);
            }
            Item::Score(score) => {
                self.all(&score.when);
                self.rules(score.grades.as_deref().unwrap_or_default());
                for indicator in &score.indicators {
                    self.all(&indicator.on);
                    self.rules(&indicator.rules);
                }
            }
            Item::Tags(tags) => {
                self.all(tags.when.iter().chain(&tags.on));
                self.rules(&tags.rules);
            }
            Item::Ruleset(_) | Item::Zone(_) | Item::Test(_) => {}
        }
    }

    fn field(&mut self, field: &Field) {
        let values = field.placeholders.iter().flat_map(|Placeholders { values, .. }| values);
        self.all(values);
        match &field.kind.kind {
            TypeKind::List(elements) => elements.iter().for_each(|element| self.field(element)),
            TypeKind::Choice(labels) | TypeKind::OrderedChoice(labels) | TypeKind::Set(labels) => {
                self.texts.extend(labels.iter().map(|label| label.text.clone()));
            }
            _ => {}
        }
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn rules(&mut self, rules: &[Rule]) {
        for rule in rules {
            match &rule.test {
                RuleTest::Condition(condition) => self.expr(condition),
                RuleTest::Patterns(patterns) => {
                    for item in patterns.iter().flat_map(|pattern| &pattern.alternatives) {
                        self.pattern(item);
                    }
                }
                RuleTest::Otherwise(_) | RuleTest::Always(_) => {}
            }
            if let RuleResult::Value(value) = &rule.result {
                self.expr(value);
            }
        }
    }

    fn pattern(&mut self, item: &PatternItem) {
        match item {
            PatternItem::Constant(expr) | PatternItem::In(expr) => self.expr(expr),
            PatternItem::Interval(interval) => self.interval(interval),
            PatternItem::Missing(_) | PatternItem::Present(_) | PatternItem::Anything(_) => {}
        }
    }

    fn interval(&mut self, interval: &Interval) {
        self.all(interval.low.as_deref().into_iter().chain(interval.high.as_deref()));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Number(text) => self.numbers.push(text.clone()),
            ExprKind::Text(text) => self.texts.push(text.clone()),
            ExprKind::Date(text) => self.dates.push(text.clone()),
            ExprKind::DateTime(text) => self.instants.push(text.clone()),
            ExprKind::Bool(_) | ExprKind::Now | ExprKind::Today | ExprKind::Path(_) | ExprKind::Element(_) => {}
            ExprKind::Set(items) | ExprKind::Logic(_, items) => self.all(items),
            ExprKind::Paren(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => self.expr(inner),
            ExprKind::Compare(_, a, b) => self.all([&**a, &**b]),
            ExprKind::Arithmetic(first, rest) => {
                self.expr(first);
                self.all(rest.iter().map(|(_, operand)| operand));
            }
            ExprKind::In { subject, container, .. } => {
                self.expr(subject);
                match container {
                    Container::Interval(interval) => self.interval(interval),
                    Container::Set(set) => self.expr(set),
                }
            }
            ExprKind::Contains { subject, needle, .. } | ExprKind::Affix { subject, needle, .. } => {
                self.all([&**subject, &**needle]);
            }
            ExprKind::Within { subject, container } => self.all([&**subject, &**container]),
            ExprKind::Matches { subject, .. } | ExprKind::Window { subject, .. } | ExprKind::Is { subject, .. } => {
                self.expr(subject);
            }
            ExprKind::Call { arguments, .. } => {
                for argument in arguments {
                    if let Argument::Value(value) = argument {
                        self.expr(value);
                    }
                }
            }
            ExprKind::Aggregate { value, by, filter, .. } => {
                self.all([value, by, filter].into_iter().filter_map(|part| part.as_deref()));
            }
            ExprKind::Match { subjects, rules } => {
                self.all(subjects);
                self.rules(rules);
            }
        }
    }
}

/// The quoted texts that rules give directly: the labels of an outcome, as far as a last outcome needs them.
pub(super) fn result_texts(rules: &[Rule]) -> Vec<String> {
    let texts = rules.iter().filter_map(|rule| match &rule.result {
        RuleResult::Value(Expr { kind: ExprKind::Text(text), .. }) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}
