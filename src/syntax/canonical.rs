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
    Argument, ArithmeticOperator, Classify, Container, Direction, Expr, ExprKind, Field, Indicator, Interval, Item,
    LogicOperator, Param, Pattern, PatternItem, Period, Placeholders, Quantifier, Quoted, Rule, RuleFile, RuleResult,
    RuleTest, Score, Tags, TimeUnit, TypeExpr, TypeKind,
};
use super::print::quote;
use number::number;

/// The canonical text of a rule set, whatever files it is spread over.
pub(crate) fn canonical(files: &[RuleFile]) -> String {
    let mut lines: Vec<String> = files.iter().flat_map(declarations).collect();
    lines.sort();
    // Headers may stand in several files; declarations that are repeated are errors anyway.
    lines.dedup();
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

/// One line for each header and declaration that counts. They begin with kind and name, so sorting them sorts by these.
fn declarations(file: &RuleFile) -> Vec<String> {
    let header: Vec<&Placeholders> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Placeholders(placeholders) => Some(placeholders),
            _ => None,
        })
        .collect();
    file.items.iter().filter_map(|item| declaration(item, &header)).collect()
}

/// The line of a declaration; `header` holds for the fields of its file.
fn declaration(item: &Item, header: &[&Placeholders]) -> Option<String> {
    Some(match item {
        Item::Ruleset(_) | Item::Test(_) => return None,
        Item::Zone(zone) => node("zone", [text(zone)]),
        Item::Placeholders(placeholders) => self::placeholders(placeholders),
        Item::Field(field) => {
            let header = header.iter().map(|placeholders| self::placeholders(placeholders));
            node("field", [self::field(field), node("header", header)])
        }
        Item::Param(param) => self::param(param),
        Item::Let(definition) => node("let", [definition.name.text.clone(), expression(&definition.value)]),
        Item::Classify(classify) => self::classify(classify),
        Item::Score(score) => self::score(score),
        Item::Tags(tags) => self::tags(tags),
    })
}

/// `(word part part)`
fn node(word: &str, parts: impl IntoIterator<Item = String>) -> String {
    let mut out = String::with_capacity(32);
    out.push('(');
    out.push_str(word);
    for part in parts {
        out.push(' ');
        out.push_str(&part);
    }
    out.push(')');
    out
}

/// A quoted text, by its letters.
fn text(text: &Quoted) -> String {
    quote(&text.text)
}

/// `missing as { … }`
fn placeholders(placeholders: &Placeholders) -> String {
    node("missing", expressions(&placeholders.values))
}

/// A field of the file or of a list.
fn field(field: &Field) -> String {
    let placeholders = field.placeholders.as_ref().map(placeholders);
    node(&field.name.text, [kind(&field.kind)].into_iter().chain(placeholders))
}

/// A type.
fn kind(kind: &TypeExpr) -> String {
    let word = match &kind.kind {
        TypeKind::Bool => "bool",
        TypeKind::Int => "int",
        TypeKind::Decimal => "decimal",
        TypeKind::Float => "float",
        TypeKind::Text => "text",
        TypeKind::Code => "code",
        TypeKind::Date => "date",
        TypeKind::DateTime => "datetime",
        TypeKind::SetOfText => "set-of-text",
        TypeKind::SetOfCode => "set-of-code",
        TypeKind::Region => "region",
        TypeKind::Choice(labels) => return node("choice", labels.iter().map(text)),
        TypeKind::OrderedChoice(labels) => return node("ordered", labels.iter().map(text)),
        TypeKind::Set(labels) => return node("set", labels.iter().map(text)),
        TypeKind::List(fields) => return node("list", fields.iter().map(field)),
    };
    word.to_owned()
}

/// `param`
fn param(param: &Param) -> String {
    node("param", [param.name.text.clone(), kind(&param.kind), expression(&param.default)])
}

/// `classify`
fn classify(classify: &Classify) -> String {
    let mut parts = vec![classify.name.text.clone()];
    parts.extend(classify.kind.as_ref().map(|kind| node("type", [self::kind(kind)])));
    parts.extend(classify.unique.then(|| "unique".to_owned()));
    parts.extend(clause("when", classify.when.as_ref()));
    parts.push(rules(&classify.on, &classify.rules));
    node("classify", parts)
}

/// `score`
fn score(score: &Score) -> String {
    let mut parts = vec![score.name.text.clone()];
    parts.extend(clause("when", score.when.as_ref()));
    parts.extend(clamp(score.clamp.as_ref()));
    parts.extend(score.indicators.iter().map(indicator));
    parts.extend(score.grades.as_ref().map(|grades| node("grades", grades.iter().map(rule))));
    node("score", parts)
}

/// `indicator`
fn indicator(indicator: &Indicator) -> String {
    let mut parts = vec![indicator.name.text.clone()];
    parts.extend(clause("weight", indicator.weight.as_ref()));
    parts.extend(indicator.sum.then(|| "sum".to_owned()));
    parts.extend(clamp(indicator.clamp.as_ref()));
    parts.push(rules(&indicator.on, &indicator.rules));
    node("indicator", parts)
}

/// `tags`
fn tags(tags: &Tags) -> String {
    let mut parts = vec![tags.name.text.clone()];
    parts.extend(clause("when", tags.when.as_ref()));
    parts.push(rules(&tags.on, &tags.rules));
    node("tags", parts)
}

/// A clause that holds an expression.
fn clause(word: &str, value: Option<&Expr>) -> Option<String> {
    value.map(|value| node(word, [expression(value)]))
}

/// `clamp [0..100]`
fn clamp(bounds: Option<&Interval>) -> Option<String> {
    bounds.map(|bounds| node("clamp", [interval(bounds)]))
}

/// Rules with what they are over.
fn rules(subjects: &[Expr], rules: &[Rule]) -> String {
    let subjects = node("on", expressions(subjects));
    node("rules", [subjects].into_iter().chain(rules.iter().map(rule)))
}

/// `TEST => RESULT`
fn rule(rule: &Rule) -> String {
    let test = match &rule.test {
        RuleTest::Condition(condition) => node("if", [expression(condition)]),
        RuleTest::Patterns(patterns) => node("row", patterns.iter().map(pattern)),
        RuleTest::Otherwise(_) => "otherwise".to_owned(),
        RuleTest::Always(_) => "always".to_owned(),
    };
    let result = match &rule.result {
        RuleResult::Value(value) => expression(value),
        RuleResult::Skip(_) => "(skip)".to_owned(),
    };
    node("=>", [test, result])
}

/// `"A" | [80..90)`
fn pattern(pattern: &Pattern) -> String {
    let alternatives = pattern.alternatives.iter().map(|alternative| match alternative {
        PatternItem::Constant(constant) => expression(constant),
        PatternItem::Interval(bounds) => interval(bounds),
        PatternItem::In(set) => node("in", [expression(set)]),
        PatternItem::Missing(_) => "(missing)".to_owned(),
        PatternItem::Present(_) => "(present)".to_owned(),
        PatternItem::Anything(_) => "(anything)".to_owned(),
    });
    node("|", alternatives)
}

/// `[a..b)`; an end that is left out is open, whatever its bracket.
fn interval(interval: &Interval) -> String {
    let end = |value: Option<&Expr>, closed: bool| match value {
        Some(value) if closed => node("closed", [expression(value)]),
        Some(value) => node("open", [expression(value)]),
        None => "(none)".to_owned(),
    };
    let low = end(interval.low.as_deref(), interval.low_closed);
    node("..", [low, end(interval.high.as_deref(), interval.high_closed)])
}

/// Expressions in order.
fn expressions(expressions: &[Expr]) -> impl Iterator<Item = String> {
    expressions.iter().map(expression)
}

/// An expression without the parentheses around it.
fn bare(expression: &Expr) -> &Expr {
    let mut inner = expression;
    while let ExprKind::Paren(next) = &inner.kind {
        inner = next;
    }
    inner
}

/// An expression in prefix form, in which parentheses have nothing left to say.
pub(crate) fn expression(expression: &Expr) -> String {
    let one = |word: &str, operand: &Expr| node(word, [self::expression(operand)]);
    let two = |word: &str, left: &Expr, right: &Expr| node(word, [self::expression(left), self::expression(right)]);
    match &bare(expression).kind {
        ExprKind::Number(digits) => number(digits),
        ExprKind::Text(text) => quote(text),
        ExprKind::Date(date) | ExprKind::DateTime(date) => format!("@{date}"),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Now => "now".to_owned(),
        ExprKind::Today => "today".to_owned(),
        ExprKind::Path(names) => names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join("."),
        ExprKind::Element(name) => format!(".{}", name.text),
        ExprKind::Paren(inner) => self::expression(inner),
        ExprKind::Set(elements) => node("{}", expressions(elements)),
        ExprKind::Not(operand) => one("not", operand),
        ExprKind::Negate(operand) => one("-", operand),
        ExprKind::Logic(operator, operands) => {
            let word = if *operator == LogicOperator::And { "and" } else { "or" };
            let mut parts = Vec::new();
            flatten_logic(*operator, operands, &mut parts);
            node(word, parts)
        }
        ExprKind::Compare(operator, left, right) => two(operator.written(), left, right),
        ExprKind::Arithmetic(first, rest) => arithmetic(first, rest),
        ExprKind::Within { subject, container } => two("within", subject, container),
        ExprKind::Affix { subject, end, needle } => two(&format!("{end:?}").to_lowercase(), subject, needle),
        ExprKind::Matches { subject, pattern } => node("matches", [self::expression(subject), text(pattern)]),
        ExprKind::Is { subject, present: true } => one("present", subject),
        ExprKind::Is { subject, present: false } => one("missing", subject),
        ExprKind::Match { subjects, rules } => node("match", [self::rules(subjects, rules)]),
        kind => worded(kind),
    }
}

/// Expressions with options.
fn worded(kind: &ExprKind) -> String {
    match kind {
        ExprKind::In { subject, negated, container } => {
            let container = match container {
                Container::Interval(bounds) => interval(bounds),
                Container::Set(set) => expression(set),
            };
            node(if *negated { "not-in" } else { "in" }, [expression(subject), container])
        }
        ExprKind::Contains { subject, quantifier, needle } => {
            let word = match quantifier {
                Quantifier::One => "contains",
                Quantifier::Any => "contains-any",
                Quantifier::All => "contains-all",
            };
            node(word, [expression(subject), expression(needle)])
        }
        ExprKind::Window { subject, direction, period } => {
            let word = if *direction == Direction::Last { "last" } else { "next" };
            node(word, [expression(subject), self::period(period)])
        }
        ExprKind::Call { function, arguments } => {
            let arguments = arguments.iter().map(|argument| match argument {
                Argument::Value(value) => expression(value),
                Argument::Period(period) => self::period(period),
            });
            node("call", [function.text.clone()].into_iter().chain(arguments))
        }
        ExprKind::Aggregate { function, distinct, value, list, by, filter } => {
            let mut parts = vec![function.text.clone()];
            parts.extend(distinct.then(|| "distinct".to_owned()));
            parts.extend(clause("value", value.as_deref()));
            parts.push(node("of", [expression(list)]));
            parts.extend(clause("by", by.as_deref()));
            parts.extend(clause("where", filter.as_deref()));
            node("aggregate", parts)
        }
        // The other kinds are written by `expression`.
        _ => String::new(),
    }
}

/// `(a and b) and c` reads as `a and b and c`.
fn flatten_logic(operator: LogicOperator, operands: &[Expr], parts: &mut Vec<String>) {
    for operand in operands {
        match &bare(operand).kind {
            ExprKind::Logic(inner, operands) if *inner == operator => flatten_logic(operator, operands, parts),
            _ => parts.push(expression(operand)),
        }
    }
}

/// `(a + b) - c` reads as `a + b - c`: both are computed from left to right.
fn arithmetic(first: &Expr, rest: &[(ArithmeticOperator, Expr)]) -> String {
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
    let mut parts = vec![expression(first)];
    for (operator, operand) in chains.into_iter().rev().flatten() {
        parts.extend([operator.written().to_owned(), expression(operand)]);
    }
    node("arithmetic", parts)
}

/// `30 days`
fn period(period: &Period) -> String {
    let unit = match period.unit {
        TimeUnit::Days => "days",
        TimeUnit::Weeks => "weeks",
        TimeUnit::Months => "months",
        TimeUnit::Years => "years",
    };
    node(unit, [expression(&period.count)])
}
