//! Headers and declarations.

use super::Rule;
use super::build::{Builder, Built};
use super::shape::{Pair, Pairs};
use super::{expression, literal, rules, value};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Classify, Data, Entry, Expr, Field, Indicator, Interval, Item, Let, Name, Param, Place, Placeholders, Quoted,
    Ruleset, Score, Tags, Test, TypeExpr, TypeKind,
};

type B<'a, 'r, 'l> = Builder<'a, 'r, 'l>;

/// The block of a score.
#[derive(Default)]
pub(super) struct ScoreParts {
    indicators: Vec<Indicator>,
    grades: Option<Vec<crate::syntax::ast::Rule>>,
}

/// The block of a test.
#[derive(Default)]
pub(super) struct TestParts {
    given: Option<Vec<Entry>>,
    previous: Option<Vec<Entry>>,
    population: Option<Vec<Vec<Entry>>>,
    expects: Vec<Expr>,
}

/// A header or declaration.
pub(super) fn item(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Item> {
    Some(match pair.as_rule() {
        Rule::ruleset => Item::Ruleset(ruleset(builder, pair)?),
        Rule::zone => Item::Zone(pair.into_inner().find(is_text).map(|text| literal::quoted(builder, &text))?),
        Rule::placeholders => Item::Placeholders(placeholders(builder, pair)),
        Rule::field => {
            let place = builder.place(&pair);
            let body = pair.into_inner().find(|part| part.as_rule() == Rule::field_body)?;
            Item::Field(Field { place, ..field(builder, body)? })
        }
        Rule::param => Item::Param(param(builder, pair)?),
        Rule::let_ => Item::Let(let_(builder, pair)?),
        Rule::classify => Item::Classify(classify(builder, pair)?),
        Rule::score => Item::Score(score(builder, pair)?),
        Rule::tags => Item::Tags(tags(builder, pair)?),
        Rule::test => Item::Test(test(builder, pair)?),
        _ => return None,
    })
}

fn is_text(pair: &Pair<'_>) -> bool {
    pair.as_rule() == Rule::text
}

fn ruleset(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Ruleset> {
    let place = builder.place(&pair);
    let mut texts = pair.into_inner().filter(is_text);
    let name = literal::quoted(builder, &texts.next()?);
    let version = texts.next().map(|text| literal::quoted(builder, &text));
    Some(Ruleset { name, version, place })
}

fn placeholders(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Placeholders {
    let place = builder.place(&pair);
    let block = pair.into_inner().find(|part| part.as_rule() == Rule::constants);
    Placeholders { values: block.map(|block| builder.expressions_of(&block)).unwrap_or_default(), place }
}

/// `need : text missing as { "见附件" } "需求"`, after `field` or in a list type.
pub(super) fn field(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Field> {
    let place = builder.place(&pair);
    let (mut name, mut title, mut type_, mut missing) = (None, None, None, None);
    for part in pair.into_inner() {
        let span = builder.span(&part);
        match part.as_rule() {
            Rule::name | Rule::word => name = Some(literal::name(builder, &part)),
            Rule::text => {
                let text = literal::quoted(builder, &part);
                once(builder, &mut title, text, span, "title");
            }
            Rule::kind => type_ = kind(builder, part),
            Rule::placeholders => {
                let clause = placeholders(builder, part);
                once(builder, &mut missing, clause, span, "`missing as`");
            }
            _ => {}
        }
    }
    Some(Field { name: name?, title, kind: type_?, placeholders: missing, place })
}

/// Sets a clause, or reports that it is there already.
fn once<T>(builder: &mut B<'_, '_, '_>, slot: &mut Option<T>, value: T, span: Span, what: &str) {
    if slot.is_some() {
        let article = if what == "title" { "a second title" } else { "a second time" };
        let message = if what == "title" { article.to_owned() } else { format!("{what} is given {article}") };
        builder.error(Code::DuplicateClause, span, message);
    } else {
        *slot = Some(value);
    }
}

fn kind(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<TypeExpr> {
    let place = builder.place(&pair);
    let inner = pair.into_inner().next()?;
    let written = builder.written(&inner).to_owned();
    let rule = inner.as_rule();
    let block = inner.into_inner().find(|part| matches!(part.as_rule(), Rule::labels | Rule::elements));
    let content = block.and_then(|block| builder.take(&block));
    let kind = match (rule, content) {
        (Rule::choice, Some(Built::Labels(labels))) => TypeKind::Choice(labels),
        (Rule::ordered_choice, Some(Built::Labels(labels))) => TypeKind::OrderedChoice(labels),
        (Rule::set_of_labels, Some(Built::Labels(labels))) => TypeKind::Set(labels),
        (Rule::list, Some(Built::Fields(fields))) => TypeKind::List(fields),
        (Rule::set_of_text, _) => TypeKind::SetOfText,
        (Rule::set_of_code, _) => TypeKind::SetOfCode,
        (Rule::simple_kind, _) => simple_kind(&written)?,
        _ => return None,
    };
    Some(TypeExpr { kind, place })
}

fn simple_kind(written: &str) -> Option<TypeKind> {
    Some(match written {
        "bool" => TypeKind::Bool,
        "int" => TypeKind::Int,
        "decimal" => TypeKind::Decimal,
        "float" => TypeKind::Float,
        "text" => TypeKind::Text,
        "code" => TypeKind::Code,
        "date" => TypeKind::Date,
        "datetime" => TypeKind::DateTime,
        "region" => TypeKind::Region,
        _ => return None,
    })
}

/// Name, title, type and value of `param` and `let`.
fn named(
    builder: &mut B<'_, '_, '_>,
    pair: Pair<'_>,
) -> (Option<Name>, Option<Quoted>, Option<TypeExpr>, Option<Expr>) {
    let (mut name, mut title, mut type_, mut value) = (None, None, None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::name => name = Some(literal::name(builder, &part)),
            Rule::text => title = Some(literal::quoted(builder, &part)),
            Rule::kind => type_ = kind(builder, part),
            Rule::expression => value = expression::expression(builder, part),
            _ => {}
        }
    }
    (name, title, type_, value)
}

fn param(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Param> {
    let place = builder.place(&pair);
    let (name, title, kind, value) = named(builder, pair);
    Some(Param { name: name?, title, kind: kind?, default: value?, place })
}

fn let_(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Let> {
    let place = builder.place(&pair);
    let (name, title, _, value) = named(builder, pair);
    Some(Let { name: name?, title, value: value?, place })
}

// ---- declarations with clauses

/// Every clause there is; which are allowed depends on the declaration.
#[derive(Default)]
struct Clauses {
    name: Option<Name>,
    title: Option<Quoted>,
    kind: Option<TypeExpr>,
    unique: Option<()>,
    when: Option<Expr>,
    weight: Option<Expr>,
    sum: Option<()>,
    clamp: Option<Interval>,
    on: Option<Vec<Expr>>,
}

/// The clauses before the block; `allowed` are those that this kind of declaration has.
fn clauses<'i>(
    builder: &mut B<'_, '_, '_>,
    inner: &mut std::iter::Peekable<Pairs<'i>>,
    what: &str,
    allowed: &[Rule],
) -> Clauses {
    let mut clauses = Clauses::default();
    let mut first = true;
    while let Some(part) = inner.next_if(|part| !matches!(part.as_rule(), Rule::rules | Rule::score_parts)) {
        let span = builder.span(&part);
        let rule = part.as_rule();
        let Some(word) = clause_word(rule) else {
            if rule == Rule::name {
                clauses.name = Some(literal::name(builder, &part));
            }
            continue;
        };
        if rule == Rule::title && !first {
            let error = Diagnostic::error(Code::MisplacedClause, span, "a title stands right after the name");
            builder.report.add(error);
        } else if rule != Rule::title && !allowed.contains(&rule) {
            let error = Diagnostic::error(Code::MisplacedClause, span, format!("{what} has no {word}"));
            builder.report.add(error.help(home(rule)));
        }
        first = false;
        clause(builder, &mut clauses, part);
    }
    clauses
}

fn clause(builder: &mut B<'_, '_, '_>, clauses: &mut Clauses, pair: Pair<'_>) {
    let span = builder.span(&pair);
    let rule = pair.as_rule();
    let word = clause_word(rule).unwrap_or_default();
    let Some(inner) = pair.into_inner().last() else { return };
    match rule {
        Rule::title => {
            let title = literal::quoted(builder, &inner);
            once(builder, &mut clauses.title, title, span, word);
        }
        Rule::typed => {
            if let Some(kind) = kind(builder, inner) {
                once(builder, &mut clauses.kind, kind, span, "the type");
            }
        }
        Rule::unique => once(builder, &mut clauses.unique, (), span, word),
        Rule::sum => once(builder, &mut clauses.sum, (), span, word),
        Rule::when => {
            if let Some(guard) = expression::expression(builder, inner) {
                once(builder, &mut clauses.when, guard, span, word);
            }
        }
        Rule::weight => {
            if let Some(weight) = expression::expression(builder, inner) {
                let weight = rules::arithmetic(builder, weight, "a weight");
                once(builder, &mut clauses.weight, weight, span, word);
            }
        }
        Rule::clamp => {
            let interval = rules::interval(builder, &inner);
            once(builder, &mut clauses.clamp, interval, span, word);
        }
        Rule::on => {
            let subjects = value::subjects(builder, inner);
            once(builder, &mut clauses.on, subjects, span, word);
        }
        _ => {}
    }
}

/// What a clause is called.
fn clause_word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::title => "title",
        Rule::typed => "type",
        Rule::unique => "`unique`",
        Rule::when => "`when`",
        Rule::weight => "`weight`",
        Rule::sum => "`sum`",
        Rule::clamp => "`clamp`",
        Rule::on => "`on`",
        _ => return None,
    })
}

/// Where a clause belongs.
fn home(rule: Rule) -> &'static str {
    match rule {
        Rule::typed => "a type stands after the name of a `field`, a `param` or a `classify`",
        Rule::unique => "`unique` belongs to a `classify`",
        Rule::when => "`when` belongs to a `classify`, a `score` or `tags`",
        Rule::weight | Rule::sum => "`weight` and `sum` belong to an `indicator`",
        Rule::clamp => "`clamp` belongs to a `score` or an `indicator`",
        _ => "`on` belongs to a `classify`, an `indicator` or `tags`",
    }
}

fn block(builder: &mut B<'_, '_, '_>, inner: &mut std::iter::Peekable<Pairs<'_>>) -> Option<Built> {
    let bracket = inner.next()?;
    builder.take(&bracket)
}

/// The rules of a block where `skip` is not a word.
fn plain_rules(block: Option<Built>) -> Option<Vec<crate::syntax::ast::Rule>> {
    let Some(Built::Rules(mut rules)) = block else { return None };
    rules::skip_is_a_name(&mut rules);
    Some(rules)
}

fn classify(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Classify> {
    let place = builder.place(&pair);
    let mut inner = pair.into_inner().peekable();
    let allowed = [Rule::typed, Rule::unique, Rule::when, Rule::on];
    let clauses = clauses(builder, &mut inner, "a classification", &allowed);
    let rules = plain_rules(block(builder, &mut inner))?;
    let Clauses { name, title, kind, unique, when, on, .. } = clauses;
    let (unique, on) = (unique.is_some(), on.unwrap_or_default());
    Some(Classify { name: name?, title, kind, unique, when, on, rules, place })
}

fn tags(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Tags> {
    let place = builder.place(&pair);
    let mut inner = pair.into_inner().peekable();
    let clauses = clauses(builder, &mut inner, "a `tags` block", &[Rule::when, Rule::on]);
    let rules = plain_rules(block(builder, &mut inner))?;
    let Clauses { name, title, when, on, .. } = clauses;
    Some(Tags { name: name?, title, when, on: on.unwrap_or_default(), rules, place })
}

fn score(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Score> {
    let place = builder.place(&pair);
    let mut inner = pair.into_inner().peekable();
    let clauses = clauses(builder, &mut inner, "a score", &[Rule::when, Rule::clamp]);
    let Some(Built::Score(parts)) = block(builder, &mut inner) else { return None };
    let Clauses { name, title, when, clamp, .. } = clauses;
    Some(Score { name: name?, title, when, clamp, indicators: parts.indicators, grades: parts.grades, place })
}

/// What stands in the block of a score.
pub(super) fn score_parts(builder: &mut B<'_, '_, '_>, inner: Pairs<'_>) -> ScoreParts {
    let mut parts = ScoreParts::default();
    for pair in inner {
        let span = builder.span(&pair);
        match pair.as_rule() {
            Rule::indicator => parts.indicators.extend(indicator(builder, pair)),
            Rule::grades => {
                let block = pair.into_inner().last();
                let block = block.and_then(|block| builder.take(&block));
                if let Some(rules) = plain_rules(block) {
                    once(builder, &mut parts.grades, rules, span, "`grades`");
                }
            }
            _ => {}
        }
    }
    parts
}

fn indicator(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Indicator> {
    let place = builder.place(&pair);
    let mut inner = pair.into_inner().peekable();
    let allowed = [Rule::weight, Rule::sum, Rule::clamp, Rule::on];
    let clauses = clauses(builder, &mut inner, "an indicator", &allowed);
    let Some(Built::Rules(rules)) = block(builder, &mut inner) else { return None };
    let Clauses { name, title, weight, sum, clamp, on, .. } = clauses;
    let (sum, on) = (sum.is_some(), on.unwrap_or_default());
    Some(Indicator { name: name?, title, weight, sum, clamp, on, rules, place })
}

// ---- tests

fn test(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Test> {
    let place = builder.place(&pair);
    let (mut title, mut at, mut parts) = (None, None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::text => title = Some(literal::quoted(builder, &part)),
            Rule::date => at = value::value(builder, part),
            Rule::test_parts => parts = builder.take(&part),
            _ => {}
        }
    }
    let Some(Built::Test(TestParts { given, previous, population, expects })) = parts else { return None };
    Some(Test { title: title?, at, given: given.unwrap_or_default(), previous, population, expects, place })
}

/// What stands in the block of a test.
pub(super) fn test_parts(builder: &mut B<'_, '_, '_>, inner: Pairs<'_>) -> TestParts {
    let mut parts = TestParts::default();
    for pair in inner {
        let span = builder.span(&pair);
        let rule = pair.as_rule();
        let Some(last) = pair.into_inner().last() else { continue };
        match rule {
            Rule::given => {
                let entries = builder.entries_of(&last);
                once(builder, &mut parts.given, entries, span, "`given`");
            }
            Rule::previous => {
                let entries = builder.entries_of(&last);
                once(builder, &mut parts.previous, entries, span, "`previous`");
            }
            Rule::population => {
                let records = records(builder, &last);
                once(builder, &mut parts.population, records, span, "`population`");
            }
            Rule::expect => parts.expects.extend(expression::expression(builder, last)),
            _ => {}
        }
    }
    parts
}

fn records(builder: &mut B<'_, '_, '_>, bracket: &Pair<'_>) -> Vec<Vec<Entry>> {
    match builder.take(bracket) {
        Some(Built::Records(records)) => records,
        _ => Vec::new(),
    }
}

/// `name: value` pairs.
pub(super) fn entries(builder: &mut B<'_, '_, '_>, inner: Pairs<'_>) -> Vec<Entry> {
    inner.filter(|pair| pair.as_rule() == Rule::entry).filter_map(|pair| entry(builder, pair)).collect()
}

fn entry(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Entry> {
    let mut parts = pair.into_inner();
    let name = literal::name(builder, &parts.next()?);
    let value = parts.last()?;
    let place: Place = builder.place(&value);
    let value = match value.as_rule() {
        Rule::constant => Data::Constant(value::constant(builder, value)?),
        Rule::records => Data::List(records(builder, &value), place),
        _ => match builder.take(&value)? {
            Built::Entries(entries) => Data::Record(entries, place),
            Built::Expressions(values) => Data::Set(values, place),
            _ => return None,
        },
    };
    Some(Entry { name, value })
}
