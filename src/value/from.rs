//! What converts into a [`Value`].

use super::{Fields, Text, Value};
use jiff::{Timestamp, Zoned, civil};
use rust_decimal::Decimal;

/// Conversions that only wrap.
macro_rules! wrap {
    ($($from:ty => $variant:ident,)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Value {
                Value::$variant(value.into())
            }
        }
    )*};
}

wrap! {
    bool => Bool,
    i8 => Int, i16 => Int, i32 => Int, i64 => Int, u8 => Int, u16 => Int, u32 => Int,
    f64 => Float,
    Decimal => Decimal,
    String => Text, Box<str> => Text, Text => Text,
    civil::Date => Date,
    Timestamp => Instant, Zoned => Instant, &Zoned => Instant,
    Fields => Record,
}

/// Whole numbers that 64 bits with a sign may not hold.
macro_rules! digits {
    ($($from:ty)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Value {
                i64::try_from(value).map_or_else(|_| Value::Number(value.to_string().into()), Value::Int)
            }
        }
    )*};
}

digits! { u64 usize isize i128 u128 }

/// A civil time without a zone: it is in the zone of the evaluation.
impl From<civil::DateTime> for Value {
    fn from(value: civil::DateTime) -> Value {
        Value::Text(value.to_string().into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(Text::copy_of(value))
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Value {
        value.as_str().into()
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(values: [T; N]) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value> + Clone> From<&[T]> for Value {
    fn from(values: &[T]) -> Value {
        Value::List(values.iter().cloned().map(Into::into).collect())
    }
}

/// `None` is nothing: setting a field to it unsets the field.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}
