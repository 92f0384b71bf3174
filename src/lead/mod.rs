//! The lead: standard fields, extension fields, activities and purchases.

mod error;
pub(crate) mod field;
mod get;
mod json;
pub(crate) mod prepared;
pub(crate) mod read;
pub(crate) mod reading;
pub(crate) mod record;
mod scalar;
mod serial;
mod standard;
#[cfg(test)]
mod tests;

pub use error::LeadError;
pub(crate) use standard::standard_fields;

use crate::value::text::is_composed;
use crate::value::{Fields, Value};
use jiff::Timestamp;
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A sales lead or customer: values by field name.
///
/// The fields of the standard lead have typed setters and getters. Fields that a rule file adds are set by name, with
/// anything that converts into a [`Value`]. What a field has to be is known by the rule set: a lead takes any value, one
/// of the wrong type reads as missing there, and is reported as a [`DataIssue`].
///
/// ```
/// use gradus::{Activity, Lead};
/// use jiff::{Timestamp, civil::date};
///
/// let lead = Lead::new()
///     .with_company("某某股份有限公司")
///     .with_employees(5000)
///     .with_deal_size(800_000)
///     .with_last_contact(date(2026, 11, 1))
///     .with_products(["ERP", "CRM"])
///     .with_activities([Activity::new(Timestamp::UNIX_EPOCH).with_kind("demo")])
///     .with("注册资金", 5_000_000);
/// assert_eq!(lead.employees(), Some(5000));
/// assert_eq!(lead.budget(), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lead(Fields);

/// Something that happened with a lead: a call, a visit, a reply.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity(Fields);

/// Something that a customer bought.
#[derive(Clone, Debug, PartialEq)]
pub struct Purchase(Fields);

impl Lead {
    /// A lead of which nothing is known.
    pub fn new() -> Lead {
        Lead::default()
    }

    /// Reads a JSON object: the exact way, since numbers are read by their digits and not through binary floating point.
    ///
    /// A field that is `null` is not set. A value of the wrong shape is kept, and reported when the lead meets a rule
    /// set. `serde_json::from_str` reads the same; its errors say less.
    ///
    /// ```
    /// use gradus::Lead;
    ///
    /// let lead = Lead::from_json(r#"{"company": "某某股份有限公司", "deal_size": 800000.10, "budget": null}"#)?;
    /// assert_eq!(lead.deal_size().map(|it| it.to_string()), Some("800000.1".to_owned()));
    ///
    /// let error = Lead::from_json(r#"{"budget": 5, "budget": 7}"#).unwrap_err();
    /// assert_eq!((error.line(), error.column(), error.path()), (1, 15, "budget"));
    /// # Ok::<(), gradus::LeadError>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Lead, LeadError> {
        match json::parse(text) {
            Ok(Value::Record(fields)) => Ok(Lead(fields)),
            Ok(other) => Err(json::Fault::not_an_object(&other).locate(text)),
            Err(fault) => Err(fault.locate(text)),
        }
    }
}

impl Activity {
    /// Something that happened at this instant; a `Timestamp` or a `Zoned`.
    pub fn new(at: impl Into<Timestamp>) -> Activity {
        Activity(Fields::new()).with_at(at)
    }
}

impl Purchase {
    /// Something that was bought at this instant; a `Timestamp` or a `Zoned`.
    pub fn new(at: impl Into<Timestamp>) -> Purchase {
        Purchase(Fields::new()).with_at(at)
    }
}

/// What the three kinds of records share: fields by name.
macro_rules! by_name {
    ($owner:ident) => {
        impl $owner {
            /// With a field set by name; see [`set`](Self::set).
            #[must_use]
            pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
                self.set(name, value);
                self
            }

            /// Sets a field by name, in place of what it was. A value that is nothing (`None`) unsets it. Names are
            /// compared in Unicode normal form C.
            pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
                match (composed(name.into()), value.into()) {
                    (name, Value::Null) => drop(self.0.remove(&name)),
                    (name, value) => drop(self.0.insert(name, value)),
                }
            }

            /// The value of a field, as it was set; nothing when it is not.
            pub fn get(&self, name: &str) -> Option<&Value> {
                self.0.get(&*composed(name.into()))
            }

            /// Unsets a field, and gives what it was.
            pub fn remove(&mut self, name: &str) -> Option<Value> {
                self.0.remove(&*composed(name.into()))
            }

            /// All fields that are set, by name.
            pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
                self.0.iter().map(|(name, value)| (&**name, value))
            }

            /// How many fields are set.
            pub fn len(&self) -> usize {
                self.0.len()
            }

            /// Whether no field is set.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl From<Fields> for $owner {
            fn from(record: Fields) -> $owner {
                record.into_iter().collect()
            }
        }

        impl From<$owner> for Value {
            fn from(record: $owner) -> Value {
                Value::Record(record.0)
            }
        }

        impl<N: Into<Cow<'static, str>>, V: Into<Value>> FromIterator<(N, V)> for $owner {
            fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> $owner {
                let mut record = $owner(Fields::new());
                for (name, value) in fields {
                    record.set(name, value);
                }
                record
            }
        }
    };
}

by_name!(Lead);
by_name!(Activity);
by_name!(Purchase);

/// A name in Unicode normal form C.
#[inline]
pub(crate) fn composed(name: Cow<'_, str>) -> Cow<'_, str> {
    if is_composed(&name) { name } else { compose(name) }
}

/// The same, where a look at the bytes was not enough.
#[cold]
fn compose(name: Cow<'_, str>) -> Cow<'_, str> {
    if is_nfc(&name) { name } else { name.nfc().collect::<String>().into() }
}

/// A name that was read, to be kept. Those of the standard lead are kept already.
fn field_name(name: Cow<'_, str>) -> Cow<'static, str> {
    match standard::known_name(&name) {
        Some(known) => Cow::Borrowed(known),
        None => composed(Cow::Owned(name.into_owned())),
    }
}

/// Something in a lead that could not be read as the rule file declares it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DataIssue {
    /// Where: `employees`, `activities[2].at`.
    pub path: String,
    /// What kind of thing is wrong.
    pub kind: DataIssueKind,
    /// What is wrong with it.
    pub message: String,
}

/// What kind of thing is wrong with a value. Serialises as a slug such as `unknown-label`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DataIssueKind {
    /// A value that cannot be of the field's type: a text for a number, a day that does not exist.
    WrongType,
    /// A label outside the field's closed list: the everyday case, of data that is newer than the rules.
    UnknownLabel,
    /// A number or an instant past the range of its type, or a decimal with more places than decimals have.
    OutOfRange,
    /// An element of a list without a value that every element has.
    MissingValue,
    /// A field that nobody declared; only [`RuleSet::check_lead`](crate::RuleSet::check_lead) looks for it.
    UnknownField,
}
