//! A decision table with its cases, read from JSON, and what it decides by the words of the standard.

use super::feel::{Entry, Operand, Scope, Test, Value, split};
use crate::support::text_of;
use gradus_testkit::Json;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A decision table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) decision: String,
    pub(crate) policy: Policy,
    pub(crate) inputs: Vec<Input>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) rules: Vec<Rule>,
}

/// What happens to several hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    Unique,
    Any,
    First,
    Priority,
    /// COLLECT, and RULE ORDER: rows in the order of the table are one way of collecting them.
    Collect,
    OutputOrder,
    CollectSum,
    CollectLeast,
    CollectGreatest,
}

/// An input, or another name that the cells compare one with.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) expression: String,
    pub(crate) kind: Kind,
    /// The texts that it can hold; nothing when that is not said.
    pub(crate) allowed: Option<Vec<String>>,
}

/// The type of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Text,
    Bool,
    Date,
    Time,
    Duration,
}

/// An output column.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) name: Option<String>,
    /// The results that it can hold, the one of highest priority first; empty when that is not said.
    allowed: Vec<Value>,
    pub(crate) default: Option<Value>,
}

/// A row.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) when: Vec<Entry>,
    pub(crate) then: Vec<Value>,
}

/// What a table decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decided {
    /// The outputs of a row, or the defaults.
    Row(Vec<Value>),
    /// The outputs of all rows that hold, in the order of the rows.
    Rows(Vec<Vec<Value>>),
    /// The sum, the least or the greatest of the results.
    Number(Decimal),
    /// `null`
    Null,
}

impl Table {
    /// Reads a table; the error is the first thing in it that has no counterpart in a rule file.
    pub(crate) fn read(json: &Json) -> Result<Table, String> {
        let policy = match (text_of(json, "hitPolicy").unwrap(), text_of(json, "aggregation")) {
            ("UNIQUE", None) => Policy::Unique,
            ("ANY", None) => Policy::Any,
            ("FIRST", None) => Policy::First,
            ("PRIORITY", None) => Policy::Priority,
            ("COLLECT" | "RULE ORDER", None) => Policy::Collect,
            ("OUTPUT ORDER", None) => Policy::OutputOrder,
            ("COLLECT", Some("SUM")) => Policy::CollectSum,
            ("COLLECT", Some("MIN")) => Policy::CollectLeast,
            ("COLLECT", Some("MAX")) => Policy::CollectGreatest,
            (policy, aggregation) => {
                return Err(format!(
                    "the hit policy {}",
                    [policy, aggregation.unwrap_or_default()].join(" ").trim_end()
                ));
            }
        };
        Ok(Table {
            decision: text_of(json, "decision").unwrap().to_owned(),
            policy,
            inputs: array(json, "inputs").iter().map(Input::read).collect::<Result<_, _>>()?,
            outputs: array(json, "outputs").iter().map(Output::read).collect::<Result<_, _>>()?,
            rules: array(json, "rules").iter().map(Rule::read).collect::<Result<_, _>>()?,
        })
    }

    /// The inputs, and the names that cells compare them with: these have the type of the input.
    pub(crate) fn fields(&self) -> Vec<Input> {
        let mut fields: Vec<Input> = Vec::new();
        let mut add = |field: Input| {
            if fields.iter().all(|known| known.expression != field.expression) {
                fields.push(field);
            }
        };
        for (column, input) in self.inputs.iter().enumerate() {
            add(input.clone());
            for test in self.rules.iter().flat_map(|rule| rule.when[column].tests()) {
                if let Test::Equal(Operand::Input(name)) | Test::Compare(_, Operand::Input(name)) = test {
                    add(Input { expression: name.clone(), ..input.clone() });
                }
            }
        }
        fields
    }

    /// Whether a row holds.
    pub(crate) fn holds(&self, rule: &Rule, scope: &Scope) -> bool {
        let mut cells = rule.when.iter().zip(&self.inputs);
        cells.all(|(entry, input)| entry.holds(scope.get(&input.expression), scope) == Some(true))
    }

    /// What the table decides, or which promise of its hit policy it breaks.
    pub(crate) fn decide(&self, scope: &Scope) -> Result<Decided, String> {
        let hits = self.rules.iter().filter(|rule| self.holds(rule, scope));
        let hits: Vec<&[Value]> = hits.map(|rule| rule.then.as_slice()).collect();
        let defaults = || self.outputs.iter().map(|output| output.default.clone()).collect::<Option<Vec<Value>>>();
        let rows = |hits: &[&[Value]]| Decided::Rows(hits.iter().map(|row| row.to_vec()).collect());
        let points = || hits.iter().map(|row| points(row).unwrap_or_else(|error| panic!("{error}")));
        Ok(match (self.policy, hits.as_slice()) {
            (Policy::Collect, hits) => rows(hits),
            (Policy::OutputOrder, hits) => {
                let mut sorted = hits.to_vec();
                sorted.sort_by_key(|row| self.rank(row));
                rows(&sorted)
            }
            (_, []) => defaults().map_or(Decided::Null, Decided::Row),
            (Policy::CollectSum, _) => Decided::Number(points().sum()),
            (Policy::CollectLeast, _) => Decided::Number(points().min().unwrap()),
            (Policy::CollectGreatest, _) => Decided::Number(points().max().unwrap()),
            (Policy::Unique, [_, _, ..]) => return Err(format!("{} hits at {scope:?}", hits.len())),
            (Policy::Any, [first, rest @ ..]) if rest.iter().any(|row| row != first) => {
                return Err(format!("hits differ at {scope:?}"));
            }
            (Policy::Priority, hits) => Decided::Row(hits.iter().min_by_key(|row| self.rank(row)).unwrap().to_vec()),
            (_, [first, ..]) => Decided::Row(first.to_vec()),
        })
    }

    /// The priority of a row: where its results stand among those allowed, output by output. Smaller is higher.
    pub(crate) fn rank(&self, row: &[Value]) -> Vec<usize> {
        let place = |(value, output): (&Value, &Output)| output.allowed.iter().position(|allowed| allowed == value);
        row.iter().zip(&self.outputs).map(|cell| place(cell).unwrap_or(usize::MAX)).collect()
    }

    /// What a case expects.
    pub(crate) fn expected(&self, json: &Json) -> Decided {
        let row = |json: &Json| -> Vec<Value> {
            let named = self.outputs.iter().map(|output| match &output.name {
                Some(name) => json.get(name).unwrap_or_else(|| panic!("no {name} in {json}")),
                None => json,
            });
            named.map(|json| value(json).unwrap_or_else(|| panic!("{json}"))).collect()
        };
        match (self.policy, json) {
            (_, Json::Array(rows)) => Decided::Rows(rows.iter().map(row).collect()),
            (Policy::CollectSum | Policy::CollectLeast | Policy::CollectGreatest, _) => {
                Decided::Number(points(&row(json)).unwrap_or_else(|error| panic!("{error}")))
            }
            _ => Decided::Row(row(json)),
        }
    }

    /// What a case gives: the value behind each expression, `Complex.aNumber` being a part of `Complex`.
    pub(crate) fn given(&self, inputs: &Json) -> Scope {
        let field = |field: Input| {
            let whole = inputs.get(&field.expression);
            let found = whole.or_else(|| field.expression.split('.').try_fold(inputs, |json, part| json.get(part)));
            let value = found.and_then(value).unwrap_or_else(|| panic!("no {} in {inputs}", field.expression));
            (field.expression, value)
        };
        self.fields().into_iter().map(field).collect()
    }

    /// Scopes around everything that the cells speak of: each constant, what lies beside it, and `null`.
    pub(crate) fn grid(&self) -> Vec<Scope> {
        let mut scopes = vec![BTreeMap::new()];
        for field in self.fields() {
            let values = self.samples(&field);
            let extended = scopes.iter().flat_map(|scope: &Scope| {
                let with = values.iter().map(|value| {
                    let mut scope = scope.clone();
                    scope.insert(field.expression.clone(), value.clone());
                    scope
                });
                std::iter::once(scope.clone()).chain(with).collect::<Vec<Scope>>()
            });
            scopes = extended.collect();
        }
        scopes
    }

    /// Values of a field that its cells may tell apart.
    fn samples(&self, field: &Input) -> Vec<Value> {
        let names = |test: &Test| match test {
            Test::Equal(Operand::Input(name)) | Test::Compare(_, Operand::Input(name)) => *name == field.expression,
            _ => false,
        };
        let tests = |column: usize| self.rules.iter().flat_map(move |rule| rule.when[column].tests());
        let is_asked =
            |column: &usize| self.inputs[*column].expression == field.expression || tests(*column).any(names);
        let tests = (0..self.inputs.len()).filter(is_asked).flat_map(tests);
        let mut values: Vec<Value> = tests
            .flat_map(|test| match test {
                Test::Equal(Operand::Constant(value)) | Test::Compare(_, Operand::Constant(value)) => {
                    vec![value.clone()]
                }
                Test::Between((_, low), (high, _)) => vec![low.clone(), high.clone()],
                _ => Vec::new(),
            })
            .collect();
        if values.is_empty() {
            let texts = match field.kind {
                Kind::Number => ["-1", "0.5"],
                Kind::Text => ["a", "b"],
                Kind::Bool => ["true", "false"],
                Kind::Date => ["2024-02-28", "2024-02-29"],
                Kind::Time => ["00:00:00", "23:59:59.5"],
                Kind::Duration => ["-PT1S", "PT36H"],
            };
            values = texts.iter().map(|text| Value::of_type(field.kind.name(), text).unwrap()).collect();
        }
        values = values.iter().flat_map(beside).collect();
        values.extend(field.allowed.iter().flatten().map(|text| Value::Text(text.clone())));
        values.retain(|value| match (value, &field.allowed) {
            (Value::Text(text), Some(allowed)) => allowed.contains(text),
            _ => true,
        });
        values.sort();
        values.dedup();
        values
    }
}

/// A value and its neighbours.
fn beside(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(number) => {
            let step = Decimal::new(1, 3);
            [*number - step, *number, *number + step].map(Value::Number).to_vec()
        }
        Value::Text(text) => vec![value.clone(), Value::Text(format!("{text}{text}"))],
        Value::Bool(_) => vec![Value::Bool(false), Value::Bool(true)],
        Value::Date(date) => [date.yesterday().unwrap(), *date, date.tomorrow().unwrap()].map(Value::Date).to_vec(),
        Value::Time(time) => {
            let second = SignedDuration::from_secs(1);
            [time.saturating_sub(second), *time, time.saturating_add(second)].map(Value::Time).to_vec()
        }
        Value::Duration(duration) => {
            let step = SignedDuration::from_millis(1);
            [*duration - step, *duration, *duration + step].map(Value::Duration).to_vec()
        }
    }
}

impl Input {
    fn read(json: &Json) -> Result<Input, String> {
        let kind = match text_of(json, "typeRef").unwrap() {
            "number" => Kind::Number,
            "string" => Kind::Text,
            "boolean" => Kind::Bool,
            "date" => Kind::Date,
            "time" => Kind::Time,
            "dayTimeDuration" => Kind::Duration,
            other => return Err(format!("an input of the type {other}")),
        };
        let texts = |allowed: &str| {
            let texts = split(allowed).into_iter().map(|text| match Value::parse(text) {
                Some(Value::Text(text)) => Ok(text),
                _ => Err(format!("an input that allows {text}")),
            });
            texts.collect::<Result<Vec<String>, String>>()
        };
        let allowed = text_of(json, "allowed").map(texts).transpose()?;
        Ok(Input { expression: text_of(json, "expression").unwrap().to_owned(), kind, allowed })
    }
}

impl Kind {
    /// As cases write it.
    fn name(self) -> &'static str {
        match self {
            Kind::Number => "decimal",
            Kind::Text => "string",
            Kind::Bool => "boolean",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::Duration => "duration",
        }
    }
}

impl Output {
    fn read(json: &Json) -> Result<Output, String> {
        let default = text_of(json, "default").map(literal).transpose()?;
        let allowed = text_of(json, "allowed").map_or(Vec::new(), split).into_iter().map(literal);
        let allowed = allowed.collect::<Result<Vec<Value>, String>>()?;
        Ok(Output { name: text_of(json, "name").map(str::to_owned), allowed, default })
    }
}

impl Rule {
    fn read(json: &Json) -> Result<Rule, String> {
        let texts = |key| array(json, key).iter().map(|cell| cell.as_text().unwrap());
        Ok(Rule {
            when: texts("when").map(Entry::parse).collect::<Result<_, _>>()?,
            then: texts("then").map(literal).collect::<Result<_, _>>()?,
        })
    }
}

/// The number that a row adds.
pub(crate) fn points(row: &[Value]) -> Result<Decimal, String> {
    match row {
        [Value::Number(points)] => Ok(*points),
        other => Err(format!("a sum, a least or a greatest of {other:?}")),
    }
}

/// A result: a constant, since what a rule file can decide is a closed list.
fn literal(text: &str) -> Result<Value, String> {
    Value::parse(text).ok_or_else(|| format!("a result that is put together from inputs: `{text}`"))
}

fn value(json: &Json) -> Option<Value> {
    Value::of_type(text_of(json, "type")?, text_of(json, "value")?)
}

/// The items of a list of an object.
pub(crate) fn array<'j>(json: &'j Json, key: &str) -> &'j [Json] {
    match json.get(key) {
        Some(Json::Array(items)) => items,
        _ => panic!("no list {key} in {json}"),
    }
}
