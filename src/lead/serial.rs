//! Leads and values through `serde`, both ways.
//!
//! `serde_json` hands numbers over as binary floating point unless a type asks for the raw text, which only its own
//! `RawValue` can. It recognises that by the name of a newtype, so we ask under the same name; every other format sees
//! a newtype like any other and hands over values. A test guards the name.

use super::{Activity, Lead, Purchase, json};
use crate::value::{Fields, Text, Value};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// The newtype's name, and the only key of the map in which the raw text comes.
pub(super) const RAW_TOKEN: &str = "$serde_json::private::RawValue";
/// The only key of the map in which a number comes when the host has `serde_json/arbitrary_precision` switched on.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_TOKEN, AnyValue { depth: json::MAX_DEPTH })
    }
}

impl Serialize for Value {
    /// Decimals become text without trailing zeros, so that no reader takes them for binary floating point; dates and
    /// instants become ISO 8601 text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Decimal(value) => serializer.collect_str(&value.normalize()),
            Value::Number(digits) if json::is_number(digits) => {
                RawValue::from_string(digits.to_string()).map_err(S::Error::custom)?.serialize(serializer)
            }
            Value::Number(digits) => serializer.serialize_str(digits),
            Value::Float(value) => serializer.serialize_f64(*value),
            Value::Text(text) => serializer.serialize_str(text.original()),
            Value::Date(date) => serializer.collect_str(date),
            Value::Instant(instant) => serializer.collect_str(instant),
            Value::List(values) => serializer.collect_seq(values),
            Value::Record(fields) => serializer.collect_map(fields),
        }
    }
}

/// Records are objects, and nothing else.
macro_rules! as_record {
    ($($owner:ident)*) => {$(
        impl Serialize for $owner {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $owner {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$owner, D::Error> {
                match Value::deserialize(deserializer)? {
                    Value::Record(fields) => Ok($owner(fields)),
                    other => Err(D::Error::custom(json::Fault::not_an_object(&other).describe())),
                }
            }
        }
    )*};
}

as_record!(Lead Activity Purchase);

/// Takes whatever comes.
struct AnyValue {
    /// How many levels may still follow.
    depth: usize,
}

impl AnyValue {
    fn deeper<E: serde::de::Error>(&self) -> Result<AnyValue, E> {
        let depth = self.depth.checked_sub(1);
        let depth = depth.ok_or_else(|| E::custom(format_args!("nested deeper than {} levels", json::MAX_DEPTH)))?;
        Ok(AnyValue { depth })
    }
}

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value: bool, number, text, list or object")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(value.into())
    }

    /// The shortest decimal form is what its writer meant.
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(if value.is_finite() { json::number(&format!("{value:e}")) } else { Value::Float(value) })
    }

    fn visit_f32<E>(self, value: f32) -> Result<Value, E> {
        Ok(if value.is_finite() { json::number(&format!("{value:e}")) } else { Value::Float(value.into()) })
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(Text::copy_of(value)))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(Text::new(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = elements.next_element_seed(self.deeper()?)? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Fields::new();
        while let Some(key) = entries.next_key::<String>()? {
            match key.as_str() {
                RAW_TOKEN if fields.is_empty() => return entries.next_value_seed(RawText),
                NUMBER_TOKEN if fields.is_empty() => return entries.next_value_seed(Digits),
                _ => {}
            }
            let key = super::field_name(key.into());
            let value = entries.next_value_seed(self.deeper()?)?;
            if fields.contains_key(&key) {
                return Err(A::Error::custom(format_args!("duplicate key `{key}`: keep one of them")));
            }
            fields.insert(key, value);
        }
        fields.retain(|_, value| !matches!(value, Value::Null));
        Ok(Value::Record(fields))
    }
}

/// JSON text that `serde_json` has skimmed but not read.
struct RawText;
/// A number's digits.
struct Digits;

/// Both come as text, borrowed where possible.
macro_rules! from_text {
    ($owner:ident, $text:ident => $value:expr, $expecting:literal) => {
        impl<'de> DeserializeSeed<'de> for $owner {
            type Value = Value;

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
                deserializer.deserialize_str(self)
            }
        }

        impl Visitor<'_> for $owner {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expecting)
            }

            fn visit_str<E: serde::de::Error>(self, $text: &str) -> Result<Value, E> {
                $value
            }
        }
    };
}

from_text!(RawText, text => json::parse(text).map_err(|fault| E::custom(fault.describe())), "JSON text");
from_text!(Digits, text => Ok(json::number(text)), "the digits of a number");
