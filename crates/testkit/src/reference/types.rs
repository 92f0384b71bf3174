//! Types, what a quoted text becomes where it meets one, and the fields of a lead.

use super::number::{fits_decimal, literal, to_float};
use super::text::{normal_form, segments};
use super::time::Clock;
use super::value::{Labels, Value};
use gradus::syntax::ast::{self, ExprKind, TypeKind};
use num_rational::BigRational;
use std::collections::HashMap;
use std::rc::Rc;

/// The type of an expression.
#[derive(Clone, Debug)]
pub(super) enum Type {
    Bool,
    Int,
    Decimal,
    Float,
    /// A quoted text that has not met a type yet.
    Quoted,
    Text,
    Code,
    Date,
    DateTime,
    Choice(Rc<Labels>),
    Set(Items),
    Region,
    List(Rc<Fields>),
}

/// What the elements of a set are.
#[derive(Clone, Debug)]
pub(super) enum Items {
    Text,
    Code,
    Closed(Rc<Labels>),
}

/// The fields of a lead or of a list's elements.
pub(super) type Fields = HashMap<String, FieldInfo>;

/// A field: its type and what reads as missing in it.
#[derive(Clone, Debug)]
pub(super) struct FieldInfo {
    pub(super) kind: Type,
    /// Its own placeholders and, on a text, choice or set field, the header's, in normal form.
    pub(super) placeholders: Vec<String>,
    /// Its own placeholders that are numbers.
    pub(super) numbers: Vec<BigRational>,
}

/// The type of something that is one or the other: a branch of a `match`, an argument of `coalesce`.
pub(super) fn join(a: Type, b: Type) -> Type {
    match (a, b) {
        (Type::Quoted, other) | (other, Type::Quoted) => other,
        (Type::Float, _) | (_, Type::Float) => Type::Float,
        (Type::Int, other) | (other, Type::Int) => other,
        (first, _) => first,
    }
}

/// A value as a value of a type: the few conversions of the language.
pub(super) fn convert(value: Value, kind: &Type, clock: &Clock) -> Value {
    match (value, kind) {
        (Value::Number(number, true), Type::Decimal) => {
            if fits_decimal(&number) {
                Value::Number(number, false)
            } else {
                Value::Missing
            }
        }
        (Value::Number(number, false), Type::Int) => Value::int(number),
        (Value::Number(number, _), Type::Float) => Value::Float(to_float(&number)),
        (Value::Text(text) | Value::Code(text), Type::Code) => Value::Code(text.trim().to_owned()),
        (Value::Text(text), Type::Region) => Value::Region(segments(&text)),
        (Value::Text(text), Type::Choice(labels)) => {
            labels.find(&text).map_or(Value::Missing, |index| Value::Label(index, Rc::clone(labels)))
        }
        (Value::Label(index, own), Type::Choice(labels)) => {
            labels.find(&own.0[index]).map_or(Value::Missing, |index| Value::Label(index, Rc::clone(labels)))
        }
        (Value::Date(date), Type::DateTime) => clock.start_of(date).map_or(Value::Missing, Value::Instant),
        (Value::Instant(instant), Type::Date) => Value::Date(clock.date_of(instant)),
        (Value::Set(items), Type::Set(Items::Code)) => {
            Value::Set(items.into_iter().map(|item| convert(item, &Type::Code, clock)).collect())
        }
        (Value::Set(items), Type::Set(Items::Closed(labels))) => {
            let choice = Type::Choice(Rc::clone(labels));
            Value::Set(items.into_iter().map(|item| convert(item, &choice, clock)).collect())
        }
        (value, _) => value,
    }
}

/// A type as it is written in a rule file; `header` are the placeholders of that file.
pub(super) fn read_type(kind: &ast::TypeExpr, header: &[String]) -> Type {
    let labels = |quoted: &[ast::Quoted]| Rc::new(Labels(quoted.iter().map(|label| label.text.clone()).collect()));
    match &kind.kind {
        TypeKind::Bool => Type::Bool,
        TypeKind::Int => Type::Int,
        TypeKind::Decimal => Type::Decimal,
        TypeKind::Float => Type::Float,
        TypeKind::Text => Type::Text,
        TypeKind::Code => Type::Code,
        TypeKind::Date => Type::Date,
        TypeKind::DateTime => Type::DateTime,
        TypeKind::Choice(list) | TypeKind::OrderedChoice(list) => Type::Choice(labels(list)),
        TypeKind::Set(list) => Type::Set(Items::Closed(labels(list))),
        TypeKind::SetOfText => Type::Set(Items::Text),
        TypeKind::SetOfCode => Type::Set(Items::Code),
        TypeKind::Region => Type::Region,
        TypeKind::List(elements) => {
            let fields = elements.iter().map(|field| (field.name.text.clone(), read_field(field, header)));
            Type::List(Rc::new(fields.collect()))
        }
    }
}

/// A field as it is declared.
pub(super) fn read_field(field: &ast::Field, header: &[String]) -> FieldInfo {
    let mut info = undeclared(read_type(&field.kind, header), header);
    for value in field.placeholders.iter().flat_map(|clause| &clause.values) {
        match &value.kind {
            ExprKind::Text(text) => info.placeholders.push(normal_form(text)),
            _ => info.numbers.push(signed_number(value)),
        }
    }
    info
}

/// A field without placeholders of its own.
fn undeclared(kind: Type, header: &[String]) -> FieldInfo {
    let takes_header = matches!(kind, Type::Text | Type::Choice(_) | Type::Set(_));
    let placeholders = if takes_header { header.to_vec() } else { Vec::new() };
    FieldInfo { kind, placeholders, numbers: Vec::new() }
}

/// A number literal with or without a sign.
fn signed_number(expr: &ast::Expr) -> BigRational {
    match &expr.kind {
        ExprKind::Number(text) => literal(text).0,
        ExprKind::Negate(inner) => -signed_number(inner),
        ExprKind::Paren(inner) => signed_number(inner),
        other => super::invalid(&format!("a placeholder that is {other:?}")),
    }
}

/// The normal forms of a header's texts. Its numbers hold for no field: they concern text, choice and set fields only.
pub(super) fn header_texts(header: &ast::Placeholders) -> Vec<String> {
    let texts = header.values.iter().filter_map(|value| match &value.kind {
        ExprKind::Text(text) => Some(normal_form(text)),
        _ => None,
    });
    texts.collect()
}

/// The fields that every lead has, declared or not.
pub(super) fn standard_lead(header: &[String]) -> Fields {
    let text = "company industry country province city address source website contact title email decision_maker \
                need authority timeline stage relationship owner";
    let mut fields = Fields::new();
    let mut add = |names: &str, kind: &Type| {
        for name in names.split_whitespace() {
            fields.insert(name.to_owned(), undeclared(kind.clone(), header));
        }
    };
    add(text, &Type::Text);
    add("id phone", &Type::Code);
    add("region", &Type::Region);
    add("employees", &Type::Int);
    add("annual_revenue registered_capital budget deal_size", &Type::Decimal);
    add("expected_close last_contact", &Type::Date);
    add("created_at", &Type::DateTime);
    add("contacted", &Type::Bool);
    add("products", &Type::Set(Items::Text));
    let list = |elements: &[(&str, Type)]| {
        let fields = elements.iter().map(|(name, kind)| ((*name).to_owned(), undeclared(kind.clone(), header)));
        Type::List(Rc::new(fields.collect()))
    };
    let activities = [("kind", Type::Text), ("at", Type::DateTime), ("feedback", Type::Text)];
    let activities = [&activities[..], &[("points", Type::Decimal), ("note", Type::Text)]].concat();
    add("activities", &list(&activities));
    let purchases =
        [("at", Type::DateTime), ("amount", Type::Decimal), ("product", Type::Text), ("quantity", Type::Int)];
    add("purchases", &list(&purchases));
    fields
}
