//! `#[derive(Record)]` for gradus: a struct that rule files read as it is, without a lead in between.
//!
//! Use it through gradus, with the feature `derive`, which exports it beside the trait of the same name.

mod attribute;
mod expand;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `gradus::Record` for a struct with named fields, and `gradus::ToField`, so that lists of it can be fields of
/// another one.
///
/// A field is called in rule files as it is called in the struct. Its type implements `gradus::ToField`, as truth values,
/// numbers, texts, dates, instants, lists and sets of these and `Option`s of these do.
///
/// ```
/// use gradus::{Record, RuleSet};
/// use jiff::Timestamp;
///
/// #[derive(Record)]
/// struct Customer {
///     company: String,
///     employees: Option<u32>,
///     #[record(places = 2)]
///     deal_size: i64, // in cents
///     #[record(rename = "注册资金")]
///     capital: Option<rust_decimal::Decimal>,
///     products: Vec<String>,
///     activities: Vec<Visit>,
///     #[record(skip)]
///     row: u64,
/// }
///
/// #[derive(Record)]
/// struct Visit {
///     at: Timestamp,
///     kind: &'static str,
/// }
///
/// let rules = RuleSet::parse(r#"
///     field 注册资金 : decimal
///     tags hints {
///       deal_size >= 100_000 and products contains "ERP" => "call today",
///       count(activities where .kind == "demo") >= 1    => "has seen a demo",
///       注册资金 is missing                              => "ask for the capital",
///     }
/// "#)?;
/// let customers = rules.bind::<Customer>()?;
/// let outcome = customers.evaluate(
///     &Customer {
///         company: "某某股份有限公司".to_owned(),
///         employees: Some(5000),
///         deal_size: 15_000_000,
///         capital: None,
///         products: vec!["erp".to_owned()],
///         activities: vec![Visit { at: Timestamp::UNIX_EPOCH, kind: "demo" }],
///         row: 7,
///     },
///     &rules.at(Timestamp::UNIX_EPOCH),
/// );
/// let hints: Vec<&str> = outcome.tags("hints").into_iter().flatten().collect();
/// assert_eq!(hints, ["call today", "has seen a demo", "ask for the capital"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Attributes of a field
///
/// | attribute | what it does |
/// | --- | --- |
/// | `#[record(rename = "注册资金")]` | rule files call the field so |
/// | `#[record(skip)]` | rule files do not see the field |
/// | `#[record(places = 2)]` | the field, a whole number, counts units of 10⁻², such as cents; rules see the decimal |
/// | `#[record(with = path, kind = Text)]` | a function makes the value: `fn(&T) -> FieldValue<'_>`, of this `FieldKind` |
///
/// ```
/// use gradus::{FieldValue, Record};
///
/// #[derive(Record)]
/// struct Customer {
///     #[record(with = plan, kind = Text)]
///     plan: Plan,
/// }
///
/// enum Plan { Free, Paid }
///
/// fn plan(plan: &Plan) -> FieldValue<'_> {
///     FieldValue::Text(match plan {
///         Plan::Free => "free",
///         Plan::Paid => "paid",
///     })
/// }
///
/// assert_eq!(Customer { plan: Plan::Paid }.value(0), FieldValue::Text("paid"));
/// # let _ = Plan::Free;
/// ```
///
/// # Attributes of the struct
///
/// | attribute | what it does |
/// | --- | --- |
/// | `#[record(rename_all = "camelCase")]` | rule files call all fields so that have no `rename`; also `PascalCase`, `snake_case` |
/// | `#[record(crate = path::to::gradus)]` | where gradus is, for crates that export it again |
///
/// # Generics
///
/// Lifetimes and constants are as they are; a type parameter has to be `ToField`.
///
/// ```
/// #[derive(gradus::Record)]
/// struct Row<'a, T> {
///     name: &'a str,
///     size: Option<T>,
/// }
/// # use gradus::{FieldKind, Record, RecordField};
/// let fields = [RecordField::new("name", FieldKind::Text), RecordField::new("size", FieldKind::Int)];
/// assert_eq!(Row::<u32>::fields(), fields);
/// ```
#[proc_macro_derive(Record, attributes(record))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::record(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// A field of a type that is none of a field's is refused, and so are places of what is no whole number.
///
/// ```compile_fail,E0277
/// #[derive(gradus::Record)]
/// struct Customer {
///     nothing: (),
/// }
/// ```
///
/// ```compile_fail,E0277
/// #[derive(gradus::Record)]
/// struct Customer {
///     #[record(places = 2)]
///     size: f64,
/// }
/// ```
///
/// ```compile_fail,E0308
/// #[derive(gradus::Record)]
/// struct Customer {
///     #[record(with = plan, kind = Text)]
///     plan: bool,
/// }
///
/// fn plan(plan: &str) -> gradus::FieldValue<'_> {
///     gradus::FieldValue::Text(plan)
/// }
/// ```
#[cfg(doctest)]
struct Refused;
