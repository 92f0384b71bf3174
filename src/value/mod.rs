//! Values: exact numbers, text in its normal form, and what a host hands over.

pub(crate) mod decay;
pub(crate) mod fields;
pub(crate) mod fixed;
mod from;
pub(crate) mod moment;
pub(crate) mod text;
pub(crate) mod vocabulary;

pub use fields::Fields;
pub(crate) use fixed::Fixed;
pub use text::Text;

use jiff::{Timestamp, civil};
use rust_decimal::Decimal;

/// A value as a host hands it over: in a field of a [`Lead`](crate::Lead), or as the override of a param.
///
/// Which type it has to be is known by the rule set; a lead only carries it. `Lead::set` takes anything that converts
/// into a `Value`: `true`, `5`, `Decimal`, `0.25`, `"text"`, dates, and vectors of these.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Nothing: the value reads as missing. Setting a field to it unsets the field.
    Null,
    /// `true`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal, exactly.
    Decimal(Decimal),
    /// A number with more digits than a decimal holds, as it was written: `1e-20`, `1e400`. Only a `float` field can
    /// read it.
    Number(Box<str>),
    /// A binary floating-point number. A `decimal` field reads its shortest decimal form.
    Float(f64),
    /// Text, a label, or anything that is written as text: `"ERP"`, `"12.50"`, `"2026-11-01"`.
    Text(Text),
    /// A civil date.
    Date(civil::Date),
    /// An instant.
    Instant(Timestamp),
    /// The labels of a set, or the elements of a list.
    List(Vec<Value>),
    /// An element of a list: its fields by name.
    Record(Fields),
}
