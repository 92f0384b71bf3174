//! A text that two rule sets share exactly when they are written to mean the same: what fingerprints are made of.
//!
//! What does **not** count: comments and layout; titles; tests; the name and version of the rule set; the order of
//! declarations and how they are spread over files; redundant parentheses; the order of the clauses of a declaration;
//! how numbers (`5万`, `50_000`, `50000`), texts (escapes), periods (`1 week`, `1 weeks`) and open ends of intervals
//! (`[..5]`, `(..5]`) are written.
//!
//! What counts: everything else, and so also the order of labels, rules, indicators, grades, alternatives, elements of
//! a list and of a set, the letters of every text, the zone, the placeholders with the fields that they are for,
//! `unique`, guards, and whether a constant is written as an `int` or a `decimal` (`100%` and `1.0` are decimals, `1`
//! is an int), which decides when arithmetic overflows. Two rule sets that merely come to the same result
//! (`not (a > 1)` and `a <= 1`) differ.
//!
//! The text is a sequence of lines, one for each declaration, in prefix form: `(and (> employees 5) (is missing x))`.

mod number;

use super::ast::{
    AffixEnd, Argument, ArithmeticOperator, Classify, Container, Direction, Expr, ExprKind, Field, Indicator, Interval,
    Item, LogicOperator, Name, Param, Pattern, PatternItem, Period, Placeholders, Quantifier, Quoted, Rule, RuleFile,
    RuleResult, RuleTest, Score, Tags, TimeUnit, TypeExpr, TypeKind,
};
use super::print::quote_to;
use number::number;

/// The canonical text of a rule set, whatever files it is spread over: its lines, without their ends.
pub(crate) fn canonical(files: &[RuleFile]) -> Vec<String> {
    let mut lines: Vec<String> = files.iter().flat_map(declarations).collect();
    lines.sort();
    // Headers may stand in several files; declarations that are repeated are errors anyway.
    lines.dedup();
    lines
}

/// The canonical text of an expression.
pub(crate) fn expression(expression: &Expr) -> String {
    let mut line = Line::default();
    line.expression(expression);
    line.0
}

/// One line for each header and declaration that counts. They begin with kind and name, so sorting them sorts by these.
fn declarations(file: &RuleFile) -> impl Iterator<Item = String> {
    let header: Vec<&Placeholders> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Placeholders(placeholders) => Some(placeholders),
            _ => None,
        })
        .collect();
    file.items.iter().filter_map(move |item| {
        let mut line = Line::default();
        line.declaration(item, &header);
        (!line.0.is_empty()).then_some(line.0)
    })
}

/// A line as far as it is written.
#[derive(Default)]
struct Line(String);

impl Line {
    /// The line of a declaration; `header` holds for the fields of its file.
    fn declaration(&mut self, item: &Item, header: &[&Placeholders]) {
        match item {
            Item::Ruleset(_) | Item::Test(_) => {}
            Item::Zone(zone) => self.node("zone", |line| line.text(&zone.text)),
            Item::Placeholders(placeholders) => self.placeholders(placeholders),
            Item::Field(field) => self.node("field", |line| {
                line.field(field);
                line.node("header", |line| header.iter().for_each(|placeholders| line.placeholders(placeholders)));
            }),
            Item::Param(param) => self.param(param),
            Item::Let(definition) => self.node("let", |line| {
                line.name(&definition.name);
                line.expression(&definition.value);
            }),
            Item::Classify(classify) => self.classify(classify),
            Item::Score(score) => self.score(score),
            Item::Tags(tags) => self.tags(tags),
        }
    }

    /// A blank between what stands side by side.
    fn part(&mut self) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
    }

    fn word(&mut self, word: &str) {
        self.part();
        self.0.push_str(word);
    }

    /// `(word part part)`
    fn node(&mut self, word: &str, parts: impl FnOnce(&mut Line)) {
        self.part();
        self.0.push('(');
        self.0.push_str(word);
        parts(self);
        self.0.push(')');
    }

    /// A quoted text, by its letters.
    fn text(&mut self, text: &str) {
        self.part();
        quote_to(&mut self.0, text);
    }

    fn texts(&mut self, word: &str, texts: &[Quoted]) {
        self.node(word, |line| texts.iter().for_each(|text| line.text(&text.text)));
    }

    fn name(&mut self, name: &Name) {
        self.word(&name.text);
    }

    /// `missing as { … }`
    fn placeholders(&mut self, placeholders: &Placeholders) {
        self.expressions("missing", &placeholders.values);
    }

    /// A field of the file or of a list.
    fn field(&mut self, field: &Field) {
        self.node(&field.name.text, |line| {
            line.kind(&field.kind);
            field.placeholders.iter().for_each(|placeholders| line.placeholders(placeholders));
        });
    }

    /// A type.
    fn kind(&mut self, kind: &TypeExpr) {
        match &kind.kind {
            TypeKind::Bool => self.word("bool"),
            TypeKind::Int => self.word("int"),
            TypeKind::Decimal => self.word("decimal"),
            TypeKind::Float => self.word("float"),
            TypeKind::Text => self.word("text"),
            TypeKind::Code => self.word("code"),
            TypeKind::Date => self.word("date"),
            TypeKind::DateTime => self.word("datetime"),
            TypeKind::SetOfText => self.word("set-of-text"),
            TypeKind::SetOfCode => self.word("set-of-code"),
            TypeKind::Region => self.word("region"),
            TypeKind::Choice(labels) => self.texts("choice", labels),
            TypeKind::OrderedChoice(labels) => self.texts("ordered", labels),
            TypeKind::Set(labels) => self.texts("set", labels),
            TypeKind::List(fields) => self.node("list", |line| fields.iter().for_each(|field| line.field(field))),
        }
    }

    fn param(&mut self, param: &Param) {
        self.node("param", |line| {
            line.name(&param.name);
            line.kind(&param.kind);
            line.expression(&param.default);
        });
    }

    fn classify(&mut self, classify: &Classify) {
        self.node("classify", |line| {
            line.name(&classify.name);
            if let Some(kind) = &classify.kind {
                line.node("type", |line| line.kind(kind));
            }
            if classify.unique {
                line.word("unique");
            }
            line.clause("when", classify.when.as_ref());
            line.rules(&classify.on, &classify.rules);
        });
    }

    fn score(&mut self, score: &Score) {
        self.node("score", |line| {
            line.name(&score.name);
            line.clause("when", score.when.as_ref());
            line.clamp(score.clamp.as_ref());
            score.indicators.iter().for_each(|indicator| line.indicator(indicator));
            if let Some(grades) = &score.grades {
                line.node("grades", |line| grades.iter().for_each(|rule| line.rule(rule)));
            }
        });
    }

    fn indicator(&mut self, indicator: &Indicator) {
        self.node("indicator", |line| {
            line.name(&indicator.name);
            line.clause("weight", indicator.weight.as_ref());
            if indicator.sum {
                line.word("sum");
            }
            line.clamp(indicator.clamp.as_ref());
            line.rules(&indicator.on, &indicator.rules);
        });
    }

    fn tags(&mut self, tags: &Tags) {
        self.node("tags", |line| {
            line.name(&tags.name);
            line.clause("when", tags.when.as_ref());
            line.rules(&tags.on, &tags.rules);
        });
    }

    /// A clause that holds an expression.
    fn clause(&mut self, word: &str, value: Option<&Expr>) {
        if let Some(value) = value {
            self.one(word, value);
        }
    }

    /// `clamp [0..100]`
    fn clamp(&mut self, bounds: Option<&Interval>) {
        if let Some(bounds) = bounds {
            self.node("clamp", |line| line.interval(bounds));
        }
    }

    /// Rules with what they are over.
    fn rules(&mut self, subjects: &[Expr], rules: &[Rule]) {
        self.node("rules", |line| {
            line.expressions("on", subjects);
            rules.iter().for_each(|rule| line.rule(rule));
        });
    }

    /// `TEST => RESULT`
    fn rule(&mut self, rule: &Rule) {
        self.node("=>", |line| {
            match &rule.test {
                RuleTest::Condition(condition) => line.one("if", condition),
                RuleTest::Patterns(patterns) => {
                    line.node("row", |line| patterns.iter().for_each(|pattern| line.pattern(pattern)));
                }
                RuleTest::Otherwise(_) => line.word("otherwise"),
                RuleTest::Always(_) => line.word("always"),
            }
            match &rule.result {
                RuleResult::Value(value) => line.expression(value),
                RuleResult::Skip(_) => line.word("(skip)"),
            }
        });
    }

    /// `"A" | [80..90)`
    fn pattern(&mut self, pattern: &Pattern) {
        self.node("|", |line| {
            for alternative in &pattern.alternatives {
                match alternative {
                    PatternItem::Constant(constant) => line.expression(constant),
                    PatternItem::Interval(bounds) => line.interval(bounds),
                    PatternItem::In(set) => line.one("in", set),
                    PatternItem::Missing(_) => line.word("(missing)"),
                    PatternItem::Present(_) => line.word("(present)"),
                    PatternItem::Anything(_) => line.word("(anything)"),
                }
            }
        });
    }

    /// `[a..b)`; an end that is left out is open, whatever its bracket.
    fn interval(&mut self, interval: &Interval) {
        self.node("..", |line| {
            for (end, closed) in [(&interval.low, interval.low_closed), (&interval.high, interval.high_closed)] {
                match end {
                    Some(end) => line.one(if closed { "closed" } else { "open" }, end),
                    None => line.word("(none)"),
                }
            }
        });
    }

    /// Expressions in order.
    fn expressions(&mut self, word: &str, expressions: &[Expr]) {
        self.node(word, |line| expressions.iter().for_each(|expression| line.expression(expression)));
    }

    fn one(&mut self, word: &str, operand: &Expr) {
        self.node(word, |line| line.expression(operand));
    }

    fn two(&mut self, word: &str, left: &Expr, right: &Expr) {
        self.node(word, |line| {
            line.expression(left);
            line.expression(right);
        });
    }

    /// An expression in prefix form, in which parentheses have nothing left to say.
    fn expression(&mut self, expression: &Expr) {
        match &bare(expression).kind {
            ExprKind::Number(digits) => self.word(&number(digits)),
            ExprKind::Text(text) => self.text(text),
            ExprKind::Date(date) | ExprKind::DateTime(date) => {
                self.word("@");
                self.0.push_str(date);
            }
            ExprKind::Bool(value) => self.word(if *value { "true" } else { "false" }),
            ExprKind::Now => self.word("now"),
            ExprKind::Today => self.word("today"),
            ExprKind::Path(names) => self.path(names),
            ExprKind::Element(name) => {
                self.word(".");
                self.0.push_str(&name.text);
            }
            ExprKind::Paren(inner) => self.expression(inner),
            ExprKind::Set(elements) => self.expressions("{}", elements),
            ExprKind::Not(operand) => self.one("not", operand),
            ExprKind::Negate(operand) => self.one("-", operand),
            ExprKind::Logic(operator, operands) => {
                let word = if *operator == LogicOperator::And { "and" } else { "or" };
                self.node(word, |line| line.operands(*operator, operands));
            }
            ExprKind::Compare(operator, left, right) => self.two(operator.written(), left, right),
            ExprKind::Arithmetic(first, rest) => self.arithmetic(first, rest),
            ExprKind::Within { subject, container } => self.two("within", subject, container),
            ExprKind::Affix { subject, end: AffixEnd::Start, needle } => self.two("start", subject, needle),
            ExprKind::Affix { subject, end: AffixEnd::End, needle } => self.two("end", subject, needle),
            ExprKind::Is { subject, present: true } => self.one("present", subject),
            ExprKind::Is { subject, present: false } => self.one("missing", subject),
            ExprKind::Match { subjects, rules } => self.node("match", |line| line.rules(subjects, rules)),
            kind => self.worded(kind),
        }
    }

    /// Expressions with options.
    fn worded(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::In { subject, negated, container } => self.node(if *negated { "not-in" } else { "in" }, |line| {
                line.expression(subject);
                match container {
                    Container::Interval(bounds) => line.interval(bounds),
                    Container::Set(set) => line.expression(set),
                }
            }),
            ExprKind::Contains { subject, quantifier, needle } => {
                let word = match quantifier {
                    Quantifier::One => "contains",
                    Quantifier::Any => "contains-any",
                    Quantifier::All => "contains-all",
                };
                self.two(word, subject, needle);
            }
            ExprKind::Matches { subject, pattern } => self.node("matches", |line| {
                line.expression(subject);
                line.text(&pattern.text);
            }),
            ExprKind::Window { subject, direction, period } => {
                self.node(if *direction == Direction::Last { "last" } else { "next" }, |line| {
                    line.expression(subject);
                    line.period(period);
                });
            }
            ExprKind::Call { function, arguments } => self.node("call", |line| {
                line.name(function);
                for argument in arguments {
                    match argument {
                        Argument::Value(value) => line.expression(value),
                        Argument::Period(period) => line.period(period),
                    }
                }
            }),
            ExprKind::Aggregate { function, distinct, value, list, by, filter } => self.node("aggregate", |line| {
                line.name(function);
                if *distinct {
                    line.word("distinct");
                }
                line.clause("value", value.as_deref());
                line.one("of", list);
                line.clause("by", by.as_deref());
                line.clause("where", filter.as_deref());
            }),
            // The other kinds are written by `expression`.
            _ => {}
        }
    }

    /// `fit.grade`
    fn path(&mut self, names: &[Name]) {
        for (index, name) in names.iter().enumerate() {
            if index == 0 {
                self.part();
            } else {
                self.0.push('.');
            }
            self.0.push_str(&name.text);
        }
    }

    /// `(a and b) and c` reads as `a and b and c`.
    fn operands(&mut self, operator: LogicOperator, operands: &[Expr]) {
        for operand in operands {
            match &bare(operand).kind {
                ExprKind::Logic(inner, operands) if *inner == operator => self.operands(operator, operands),
                _ => self.expression(operand),
            }
        }
    }

    /// `(a + b) - c` reads as `a + b - c`: both are computed from left to right.
    fn arithmetic(&mut self, first: &Expr, rest: &[(ArithmeticOperator, Expr)]) {
        let sum = |rest: &[(ArithmeticOperator, Expr)]| {
            rest.iter().all(|(operator, _)| matches!(operator, ArithmeticOperator::Add | ArithmeticOperator::Subtract))
        };
        let level = sum(rest);
        let mut chains = vec![rest];
        let mut first = bare(first);
        while let ExprKind::Arithmetic(inner, rest) = &first.kind {
            if sum(rest) != level {
                break;
            }
            chains.push(rest);
            first = bare(inner);
        }
        self.node("arithmetic", |line| {
            line.expression(first);
            for (operator, operand) in chains.into_iter().rev().flatten() {
                line.word(operator.written());
                line.expression(operand);
            }
        });
    }

    /// `30 days`
    fn period(&mut self, period: &Period) {
        let unit = match period.unit {
            TimeUnit::Days => "days",
            TimeUnit::Weeks => "weeks",
            TimeUnit::Months => "months",
            TimeUnit::Years => "years",
        };
        self.one(unit, &period.count);
    }
}

/// An expression without the parentheses around it.
fn bare(expression: &Expr) -> &Expr {
    let mut inner = expression;
    while let ExprKind::Paren(next) = &inner.kind {
        inner = next;
    }
    inner
}
