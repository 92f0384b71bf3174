//! Expressions, by walking the tree.

use super::lead::{read_record, read_value};
use super::number::literal;
use super::outcome::Outcome;
use super::population::Measured;
use super::time::Clock;
use super::types::{self, FieldInfo, convert};
use super::value::{Element, Value};
use super::{Reference, invalid};
use crate::json::Json;
use gradus::syntax::ast::{ArithmeticOperator, Expr, ExprKind, Item, Name, Param, Rule, RuleResult};
use std::cell::RefCell;
use std::collections::HashMap;

/// One lead being evaluated: the inputs, and what has been found out so far.
pub(super) struct Evaluation<'a> {
    pub(super) rules: &'a Reference,
    pub(super) clock: Clock,
    pub(super) lead: Element,
    pub(super) previous: Option<&'a Json>,
    pub(super) population: Option<&'a Measured<'a>>,
    /// Outcomes and lets by name; nothing yet while one is being computed.
    found: RefCell<HashMap<String, Option<Outcome>>>,
}

/// Where an expression stands: inside a list function, the element that a leading dot reads.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) element: Option<(&'s Element, &'s types::Fields)>,
}

/// Outside list functions.
pub(super) const TOP: Scope<'static> = Scope { element: None };

impl<'s> Scope<'s> {
    pub(super) fn fields(self) -> Option<&'s types::Fields> {
        self.element.map(|(_, fields)| fields)
    }
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(
        rules: &'a Reference,
        lead: &Json,
        clock: Clock,
        previous: Option<&'a Json>,
        population: Option<&'a Measured<'a>>,
    ) -> Evaluation<'a> {
        let lead = read_record(lead, &rules.fields, &clock);
        Evaluation { rules, clock, lead, previous, population, found: RefCell::default() }
    }

    /// What is computed once per lead; a name that needs itself is a cycle.
    pub(super) fn once(&self, key: String, compute: impl FnOnce() -> Outcome) -> Outcome {
        if let Some(found) = self.found.borrow().get(&key) {
            return found.clone().unwrap_or_else(|| invalid(&format!("a cycle through {key}")));
        }
        self.found.borrow_mut().insert(key.clone(), None);
        let outcome = compute();
        self.found.borrow_mut().insert(key, Some(outcome.clone()));
        outcome
    }

    /// The value of an expression.
    pub(super) fn value(&self, expr: &Expr, scope: Scope<'_>) -> Value {
        match &expr.kind {
            ExprKind::Number(text) => match literal(text) {
                (number, true) => Value::int(number),
                (number, false) => Value::decimal(&number),
            },
            ExprKind::Text(text) => Value::Text(text.clone()),
            ExprKind::Date(text) => self.clock.parse_date(text).map_or(Value::Missing, Value::Date),
            ExprKind::DateTime(text) => self.clock.parse_instant(text).map_or(Value::Missing, Value::Instant),
            ExprKind::Bool(truth) => Value::Bool(*truth),
            ExprKind::Now => Value::Instant(self.clock.now),
            ExprKind::Today => Value::Date(self.clock.today()),
            ExprKind::Path(path) => self.path(path),
            ExprKind::Element(name) => match scope.element.and_then(|(element, _)| element.get(&name.text)) {
                Some(value) => value.clone(),
                None => invalid(&format!("element field `.{}`", name.text)),
            },
            ExprKind::Set(items) => Value::Set(items.iter().map(|item| self.value(item, scope)).collect()),
            ExprKind::Paren(inner) => self.value(inner, scope),
            ExprKind::Negate(inner) => match self.value(inner, scope) {
                Value::Number(number, true) => Value::int(-number),
                Value::Number(number, false) => Value::decimal(&-number),
                other => other,
            },
            ExprKind::Arithmetic(first, rest) => {
                let mut result = self.value(first, scope);
                for (operator, operand) in rest {
                    result = arithmetic(*operator, &result, &self.value(operand, scope));
                }
                result
            }
            ExprKind::Call { function, arguments } => self.call(&function.text, arguments, scope),
            ExprKind::Aggregate { function, distinct, value, list, by, filter } => {
                let parts =
                    super::aggregate::Parts { value: value.as_deref(), by: by.as_deref(), filter: filter.as_deref() };
                self.aggregate(&function.text, *distinct, list, &parts)
            }
            ExprKind::Match { subjects, rules } => {
                let subjects: Vec<Value> = subjects.iter().map(|subject| self.value(subject, scope)).collect();
                self.match_value(&subjects, rules, scope)
            }
            _ => Value::truth(self.condition(expr, scope)),
        }
    }

    /// The first rule of a `match` that fires gives the value.
    fn match_value(&self, subjects: &[Value], rules: &[Rule], scope: Scope<'_>) -> Value {
        match rules.iter().find(|rule| self.fires(rule, subjects, scope)).map(|rule| &rule.result) {
            Some(RuleResult::Value(value)) => {
                let kind = self.rules.type_of_results(rules, scope.fields());
                convert(self.value(value, scope), &kind, &self.clock)
            }
            Some(RuleResult::Skip(_)) => invalid("`skip` in a `match`"),
            None => Value::Missing,
        }
    }

    /// A name: field, param, let, outcome or part of one.
    fn path(&self, path: &[Name]) -> Value {
        let names: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
        if let ["previous", rest @ ..] = &names[..] {
            return self.previous_value(rest);
        }
        match (self.rules.declaration(names[0]), &names[1..]) {
            (None, []) => match self.lead.get(names[0]) {
                Some(value) => value.clone(),
                None => invalid(&format!("name `{}`", names[0])),
            },
            (Some(Item::Param(param)), []) => self.param(param),
            (Some(Item::Let(definition)), []) => {
                let compute = || Outcome::Value(self.value(&definition.value, TOP));
                self.once(format!("let {}", names[0]), compute).into_value()
            }
            (Some(Item::Classify(classify)), []) => self.class(classify),
            (Some(Item::Tags(tags)), []) => self.tag_set(tags),
            (Some(Item::Score(score)), parts) => self.score(score).part(score, parts),
            _ => invalid(&format!("path `{}`", names.join("."))),
        }
    }

    /// The host's value of a param, else its default, in its type.
    fn param(&self, param: &Param) -> Value {
        let kind = types::read_type(&param.kind, &[]);
        if let Some(json) = self.rules.overrides.get(&param.name.text) {
            let info = FieldInfo { kind, placeholders: Vec::new(), numbers: Vec::new() };
            return read_value(json, &info, &self.clock);
        }
        convert(self.value(&param.default, TOP), &kind, &self.clock)
    }
}

/// One step of arithmetic: ints stay ints but for `/`; a quotient by zero and what is past the range are missing.
fn arithmetic(operator: ArithmeticOperator, a: &Value, b: &Value) -> Value {
    let (Value::Number(a, a_int), Value::Number(b, b_int)) = (a, b) else {
        // Both must be numbers, so at least one is missing.
        let _ = (a.as_number(), b.as_number());
        return Value::Missing;
    };
    let result = match operator {
        ArithmeticOperator::Add => a + b,
        ArithmeticOperator::Subtract => a - b,
        ArithmeticOperator::Multiply => a * b,
        ArithmeticOperator::Divide if num_traits::Zero::is_zero(b) => return Value::Missing,
        ArithmeticOperator::Divide => a / b,
    };
    if *a_int && *b_int && operator != ArithmeticOperator::Divide {
        Value::int(result)
    } else {
        Value::decimal(&result)
    }
}
