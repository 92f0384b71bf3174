//! A decision table as a rule file, and what the rules decide as the table would say it.
//!
//! | hit policy | declaration |
//! | --- | --- |
//! | UNIQUE, ANY | `classify … unique`, one for each output |
//! | FIRST | `classify`, one for each output |
//! | PRIORITY | the same, rules in the order of their results' priority |
//! | COLLECT, RULE ORDER | `tags`, a label for each row |
//! | OUTPUT ORDER | the same, rules in the order of their results' priority |
//! | COLLECT SUM | `score` with a `sum` indicator, which exists when a row holds |
//! | COLLECT MIN, MAX | the same without `sum`, the rule of the least or greatest points first |
//!
//! Cells that compare with constants become patterns. A table in which a cell says `not(…)` or compares with another
//! input becomes conditions. A time of day and a duration are handed over as decimals, in seconds.

use super::feel::{Entry, Operand, Scope, Test, Value};
use super::table::{Decided, Kind, Policy, Rule, Table, points};
use gradus::{Lead, Outcome};
use gradus_testkit::Json;
use rust_decimal::Decimal;
use std::fmt::Write as _;
use std::iter;

/// A rule file for a table.
#[derive(Debug)]
pub(crate) struct Translated {
    pub(crate) rules: String,
    reading: Reading,
}

/// Where the decision stands in an outcome.
#[derive(Debug)]
enum Reading {
    /// For each output the classification, and the value of each label.
    Classes(Vec<(String, Vec<(String, Value)>)>),
    /// The block of tags, and the outputs behind each label.
    Tags(String, Vec<(String, Vec<Value>)>),
    Score(String),
}

/// Translates a table; the error is what in it has no counterpart in a rule file.
pub(crate) fn translate(table: &Table) -> Result<Translated, String> {
    let written = in_order(table)?;
    let mut rules = String::new();
    for field in table.fields() {
        let labels = |labels: &Vec<String>| labels.iter().map(|label| quoted(label)).collect::<Vec<_>>().join(", ");
        let kind = match (field.kind, &field.allowed) {
            (Kind::Number | Kind::Time | Kind::Duration, _) => "decimal".to_owned(),
            (Kind::Text, Some(allowed)) => format!("choice {{ {} }}", labels(allowed)),
            (Kind::Text, None) => "code".to_owned(),
            (Kind::Bool, _) => "bool".to_owned(),
            (Kind::Date, _) => "date".to_owned(),
        };
        let _ = writeln!(rules, "field {} : {kind} {}", identifier(&field.expression), quoted(&field.expression));
    }
    let decision = identifier(&table.decision);
    let title = quoted(&table.decision);
    let reading = match table.policy {
        Policy::Unique | Policy::Any | Policy::First | Policy::Priority => {
            let unique = if matches!(table.policy, Policy::Unique | Policy::Any) { " unique" } else { "" };
            let mut classes = Vec::new();
            for (column, output) in table.outputs.iter().enumerate() {
                let name = match &output.name {
                    Some(output) => format!("{decision}_{}", identifier(output)),
                    None => decision.clone(),
                };
                let results = written.iter().map(|rule| &rule.then[column]).chain(&output.default);
                let labels =
                    results.map(|value| Ok((label(value)?, value.clone()))).collect::<Result<Vec<_>, String>>()?;
                let mut block = rows(table, &written, |rule| label(&rule.then[column]).map(|label| quoted(&label)))?;
                if let Some(default) = &output.default {
                    let _ = writeln!(block, "  otherwise => {},", quoted(&label(default)?));
                }
                let _ = writeln!(rules, "classify {name} {title}{unique}{} {{\n{block}}}", subjects(table));
                classes.push((name, labels));
            }
            Reading::Classes(classes)
        }
        Policy::Collect | Policy::OutputOrder => {
            let labels = written.iter().map(|rule| Ok((row_label(rule)?, rule.then.clone())));
            let labels = labels.collect::<Result<Vec<_>, String>>()?;
            if labels.iter().enumerate().any(|(at, (label, _))| labels[..at].iter().any(|(other, _)| other == label)) {
                return Err("rows with equal results that are listed twice: a set holds a label once".to_owned());
            }
            let block = rows(table, &written, |rule| row_label(rule).map(|label| quoted(&label)))?;
            let _ = writeln!(rules, "tags {decision} {title}{} {{\n{block}}}", subjects(table));
            Reading::Tags(decision, labels)
        }
        Policy::CollectSum | Policy::CollectLeast | Policy::CollectGreatest => {
            let block =
                rows(table, &written, |rule| points(&rule.then).map(|points| constant(&Value::Number(points))))?;
            let sum = if table.policy == Policy::CollectSum { " sum" } else { "" };
            // without a row that holds there is no number, rather than 0
            let tests: Vec<String> = table.rules.iter().map(|rule| format!("({})", condition(table, rule))).collect();
            let when = tests.join(" or ");
            let _ = writeln!(rules, "score {decision} {title} when {when} {{");
            let _ = writeln!(rules, "  indicator rows{sum}{} {{\n{block}  }}\n}}", subjects(table));
            Reading::Score(decision)
        }
    };
    Ok(Translated { rules, reading })
}

/// The rows in the order in which the rule file has them.
pub(crate) fn in_order(table: &Table) -> Result<Vec<&Rule>, String> {
    let mut rules: Vec<&Rule> = table.rules.iter().collect();
    match table.policy {
        Policy::Priority | Policy::OutputOrder => {
            if rules.iter().any(|rule| table.rank(&rule.then).contains(&usize::MAX)) {
                return Err("results without a priority".to_owned());
            }
            rules.sort_by_key(|rule| table.rank(&rule.then));
        }
        Policy::CollectLeast | Policy::CollectGreatest => {
            let keyed = rules.iter().map(|rule| Ok((points(&rule.then)?, *rule)));
            let mut keyed = keyed.collect::<Result<Vec<(Decimal, &Rule)>, String>>()?;
            keyed.sort_by_key(|(points, _)| if table.policy == Policy::CollectLeast { *points } else { -*points });
            rules = keyed.into_iter().map(|(_, rule)| rule).collect();
        }
        _ => {}
    }
    Ok(rules)
}

impl Translated {
    /// The decision in an outcome.
    pub(crate) fn read(&self, outcome: &Outcome) -> Decided {
        match &self.reading {
            Reading::Classes(classes) => {
                let value = |(name, labels): &(String, Vec<(String, Value)>)| {
                    let given = outcome.class(name)?;
                    Some(labels.iter().find(|(label, _)| label == given)?.1.clone())
                };
                classes.iter().map(value).collect::<Option<Vec<Value>>>().map_or(Decided::Null, Decided::Row)
            }
            Reading::Tags(name, labels) => {
                let row = |tag: &str| labels.iter().find(|(label, _)| label == tag).unwrap().1.clone();
                Decided::Rows(outcome.tags(name).unwrap().map(row).collect())
            }
            Reading::Score(name) => outcome.score(name).map_or(Decided::Null, Decided::Number),
        }
    }
}

/// The lead that holds the inputs.
pub(crate) fn lead(scope: &Scope) -> Lead {
    let entry = |(expression, value): (&String, &Value)| {
        let json = match value {
            Value::Text(text) => Json::text(text),
            Value::Date(date) => Json::text(date.to_string()),
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(_) | Value::Time(_) | Value::Duration(_) => Json::Number(constant(value)),
        };
        (identifier(expression), json)
    };
    crate::support::lead(&Json::Object(scope.iter().map(entry).collect()))
}

/// ` on Age, RiskCategory`, when every cell is a pattern.
fn subjects(table: &Table) -> String {
    let names: Vec<String> = table.inputs.iter().map(|input| identifier(&input.expression)).collect();
    if has_patterns(table) { format!(" on {}", names.join(", ")) } else { String::new() }
}

/// Whether every cell can be a pattern: it names no other input and says no `not(…)`.
fn has_patterns(table: &Table) -> bool {
    table.rules.iter().flat_map(|rule| &rule.when).all(|entry| match entry {
        Entry::Any => true,
        Entry::Some(tests) => tests.iter().all(|test| pattern(test).is_some()),
        Entry::Not(_) => false,
    })
}

/// The rows as rules.
fn rows(table: &Table, written: &[&Rule], result: impl Fn(&Rule) -> Result<String, String>) -> Result<String, String> {
    let mut block = String::new();
    for rule in written {
        let test = if has_patterns(table) {
            let cell = |entry: &Entry| match entry {
                Entry::Some(tests) => tests.iter().filter_map(pattern).collect::<Vec<_>>().join(" | "),
                Entry::Any | Entry::Not(_) => "_".to_owned(),
            };
            rule.when.iter().map(cell).collect::<Vec<_>>().join(", ")
        } else {
            condition(table, rule)
        };
        let _ = writeln!(block, "  {test} => {},", result(rule)?);
    }
    Ok(block)
}

/// A test as a pattern.
fn pattern(test: &Test) -> Option<String> {
    Some(match test {
        Test::Equal(Operand::Constant(value)) => constant(value),
        Test::Compare(operator, Operand::Constant(value)) => {
            let value = constant(value);
            match *operator {
                ">=" => format!("[{value}..]"),
                "<=" => format!("[..{value}]"),
                ">" => format!("({value}..]"),
                _ => format!("[..{value})"),
            }
        }
        Test::Between(low, high) => interval(low, high),
        Test::Equal(Operand::Input(_)) | Test::Compare(_, Operand::Input(_)) => return None,
    })
}

/// A row as a condition.
fn condition(table: &Table, rule: &Rule) -> String {
    let cells = rule.when.iter().zip(&table.inputs).filter_map(|(entry, input)| {
        let subject = identifier(&input.expression);
        let any = |tests: &[Test]| tests.iter().map(|test| truth(test, &subject)).collect::<Vec<_>>().join(" or ");
        match entry {
            Entry::Any => None,
            Entry::Some(tests) => Some(format!("({})", any(tests))),
            Entry::Not(tests) => Some(format!("not ({})", any(tests))),
        }
    });
    let cells: Vec<String> = cells.collect();
    if cells.is_empty() { "true".to_owned() } else { cells.join(" and ") }
}

/// A test as a condition that is true, false and unknown where the test is. Orders with `null` are unknown in both
/// languages. Equality is not: `null` equals `null` and nothing else, so presence is asked for beside it.
fn truth(test: &Test, subject: &str) -> String {
    match test {
        Test::Equal(Operand::Constant(value)) => format!("({subject} is present and {subject} == {})", constant(value)),
        Test::Equal(Operand::Input(other)) => {
            let other = identifier(other);
            let equal = format!("{subject} is present and {other} is present and {subject} == {other}");
            format!("(({equal}) or ({subject} is missing and {other} is missing))")
        }
        Test::Compare(operator, Operand::Constant(value)) => format!("{subject} {operator} {}", constant(value)),
        Test::Compare(operator, Operand::Input(other)) => format!("{subject} {operator} {}", identifier(other)),
        Test::Between(low, high) => format!("{subject} in {}", interval(low, high)),
    }
}

fn interval((low_closed, low): &(bool, Value), (high, high_closed): &(Value, bool)) -> String {
    let (open, close) = (if *low_closed { "[" } else { "(" }, if *high_closed { "]" } else { ")" });
    format!("{open}{}..{}{close}", constant(low), constant(high))
}

/// A value as a rule file writes it.
fn constant(value: &Value) -> String {
    match value {
        Value::Number(number) => number.normalize().to_string(),
        Value::Text(text) => quoted(text),
        Value::Bool(value) => value.to_string(),
        Value::Date(date) => format!("@{date}"),
        Value::Time(time) => seconds(time.duration_since(jiff::civil::Time::midnight())),
        Value::Duration(duration) => seconds(*duration),
    }
}

fn seconds(duration: jiff::SignedDuration) -> String {
    Decimal::from_i128_with_scale(duration.as_nanos(), 9).normalize().to_string()
}

/// A result as a label.
fn label(value: &Value) -> Result<String, String> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(constant(value)),
        _ => Err(format!("a result that is no label: {value:?}")),
    }
}

/// The outputs of a row as one label.
fn row_label(rule: &Rule) -> Result<String, String> {
    let labels = rule.then.iter().map(label).collect::<Result<Vec<String>, String>>()?;
    Ok(labels.join(", "))
}

/// A name made of an expression.
fn identifier(expression: &str) -> String {
    expression.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}

fn quoted(text: &str) -> String {
    let escaped = text.chars().flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain(iter::once(c)));
    format!("\"{}\"", escaped.collect::<String>())
}
