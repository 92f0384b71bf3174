//! What a field of a record can be made of.

use super::record::{FieldKind, FieldValue};
use crate::value::{Text, Value};
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, Zoned};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// A type that a field of a [`Record`](crate::Record) can have.
///
/// | types | are read as |
/// | --- | --- |
/// | `bool`, whole numbers, `f32`, `f64`, [`Decimal`] | truth values and numbers; an `f32` is the `f64` of the same value |
/// | [`str`], [`String`], [`Text`] | texts and labels |
/// | [`Date`], [`Timestamp`], [`Zoned`], [`DateTime`] | days and instants; a `DateTime` is in the zone of the evaluation |
/// | slices, arrays, [`Vec`], [`BTreeSet`], [`HashSet`] of these | sets of labels, or lists; a `HashSet` in the order of its members |
/// | structs that derive [`Record`](crate::Record) | elements of lists |
/// | [`Option`] | missing, or what is in it |
/// | references, [`Box`], [`Rc`], [`Arc`], [`Cow`] | what is in them |
/// | [`Value`] | whatever it holds |
///
/// For a type of your own:
///
/// ```
/// use gradus::{FieldKind, FieldValue, ToField};
///
/// enum Plan {
///     Free,
///     Paid,
/// }
///
/// impl ToField for Plan {
///     const KIND: FieldKind = FieldKind::Text;
///
///     fn to_field(&self) -> FieldValue<'_> {
///         FieldValue::Text(match self {
///             Plan::Free => "free",
///             Plan::Paid => "paid",
///         })
///     }
/// }
///
/// assert_eq!(Some(Plan::Paid).to_field(), FieldValue::Text("paid"));
/// assert_eq!(<Vec<Plan>>::KIND, FieldKind::Texts);
/// # let _ = Plan::Free;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type that a field of a record can have",
    label = "no field of a record",
    note = "implement `gradus::ToField` for it, or say `#[record(with = …, kind = …)]` or `#[record(skip)]`"
)]
pub trait ToField {
    /// What kind of value this is, present or not. [`FieldKind::Text`] is for what is borrowed as a text; a text that is
    /// made on the spot and handed over as a [`Value`] is of [`FieldKind::Value`].
    const KIND: FieldKind;

    /// The kind of many of them.
    #[doc(hidden)]
    const MANY: FieldKind = match Self::KIND {
        FieldKind::Text => FieldKind::Texts,
        _ => FieldKind::Value,
    };

    /// The value, borrowed where it can be.
    fn to_field(&self) -> FieldValue<'_>;

    /// Many of them.
    #[doc(hidden)]
    fn many(values: &[Self]) -> FieldValue<'_>
    where
        Self: Sized,
    {
        list(values)
    }

    /// Many of them that are borrowed.
    #[doc(hidden)]
    fn borrowed<'a>(values: &'a [&'a Self]) -> FieldValue<'a> {
        list(values.iter().copied())
    }
}

/// The values one by one.
fn list<'a, T: ToField + ?Sized + 'a>(values: impl IntoIterator<Item = &'a T>) -> FieldValue<'static> {
    FieldValue::Value(Value::List(values.into_iter().map(|value| value.to_field().to_value()).collect()))
}

/// A whole number, or an `Option` of one, that counts units of 10 to the minus so many, such as cents: the fields for
/// which `#[record(places = 2)]` can be said.
///
/// ```
/// use gradus::{FieldValue, Units};
///
/// assert_eq!(Some(1250).in_units(2), FieldValue::Scaled(1250, 2)); // 12.50
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no whole number, and counts no units",
    label = "no whole number",
    note = "`#[record(places = …)]` is for whole numbers and `Option`s of them"
)]
pub trait Units {
    /// As a number with so many decimal places.
    fn in_units(&self, places: u32) -> FieldValue<'_>;
}

macro_rules! copied {
    ($($from:ty => $kind:ident,)*) => {$(
        impl ToField for $from {
            const KIND: FieldKind = FieldKind::$kind;

            #[inline]
            fn to_field(&self) -> FieldValue<'_> {
                FieldValue::$kind((*self).into())
            }
        }
    )*};
}

copied! {
    bool => Bool,
    i8 => Int, i16 => Int, i32 => Int, i64 => Int, u8 => Int, u16 => Int, u32 => Int,
    f32 => Float, f64 => Float,
    Decimal => Decimal,
    Date => Date,
    Timestamp => Instant,
}

macro_rules! units {
    ($($from:ty)*) => {$(
        impl Units for $from {
            #[inline]
            fn in_units(&self, places: u32) -> FieldValue<'_> {
                FieldValue::Scaled((*self).into(), places)
            }
        }
    )*};
}

units! { i8 i16 i32 i64 u8 u16 u32 }

/// Whole numbers that 64 bits with a sign may not hold.
macro_rules! long {
    ($($from:ty)*) => {$(
        impl ToField for $from {
            const KIND: FieldKind = FieldKind::Int;

            #[inline]
            fn to_field(&self) -> FieldValue<'_> {
                i64::try_from(*self).map_or_else(|_| FieldValue::Value((*self).into()), FieldValue::Int)
            }
        }

        impl Units for $from {
            #[inline]
            fn in_units(&self, places: u32) -> FieldValue<'_> {
                match i64::try_from(*self) {
                    Ok(units) => FieldValue::Scaled(units, places),
                    Err(_) => FieldValue::Value(long_units(i128::try_from(*self).ok(), places)),
                }
            }
        }
    )*};
}

long! { u64 usize isize i128 u128 }

/// As a decimal, if decimals reach so far; else a number past their range.
fn long_units(units: Option<i128>, places: u32) -> Value {
    match units.and_then(|units| Decimal::try_from_i128_with_scale(units, places).ok()) {
        Some(number) => number.into(),
        None => Value::Number(if units.is_some_and(i128::is_negative) { "-1e400" } else { "1e400" }.into()),
    }
}

impl<T: Units> Units for Option<T> {
    #[inline]
    fn in_units(&self, places: u32) -> FieldValue<'_> {
        self.as_ref().map_or(FieldValue::Missing, |units| units.in_units(places))
    }
}

impl ToField for str {
    const KIND: FieldKind = FieldKind::Text;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Text(self)
    }

    #[inline]
    fn borrowed<'a>(values: &'a [&'a str]) -> FieldValue<'a> {
        FieldValue::Texts(values)
    }
}

impl ToField for String {
    const KIND: FieldKind = FieldKind::Text;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Text(self)
    }

    #[inline]
    fn many(values: &[String]) -> FieldValue<'_> {
        FieldValue::Strings(values)
    }
}

impl ToField for Text {
    const KIND: FieldKind = FieldKind::Text;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Text(self.original())
    }
}

impl ToField for Zoned {
    const KIND: FieldKind = FieldKind::Instant;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Instant(self.timestamp())
    }
}

/// Its text is made on the spot.
impl ToField for DateTime {
    const KIND: FieldKind = FieldKind::Value;

    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Value((*self).into())
    }
}

impl ToField for Value {
    const KIND: FieldKind = FieldKind::Value;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        match self {
            Value::Null => FieldValue::Missing,
            Value::Bool(value) => FieldValue::Bool(*value),
            Value::Int(value) => FieldValue::Int(*value),
            Value::Decimal(value) => FieldValue::Decimal(*value),
            Value::Float(value) => FieldValue::Float(*value),
            Value::Text(text) => FieldValue::Text(text.original()),
            Value::Date(date) => FieldValue::Date(*date),
            Value::Instant(instant) => FieldValue::Instant(*instant),
            Value::Number(_) | Value::List(_) | Value::Record(_) => FieldValue::Value(self.clone()),
        }
    }
}

/// Nothing is missing.
impl<T: ToField> ToField for Option<T> {
    const KIND: FieldKind = T::KIND;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        self.as_ref().map_or(FieldValue::Missing, T::to_field)
    }
}

impl<T: ToField + ?Sized> ToField for &T {
    const KIND: FieldKind = T::KIND;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        T::to_field(self)
    }

    #[inline]
    fn many(values: &[Self]) -> FieldValue<'_> {
        T::borrowed(values)
    }
}

macro_rules! holders {
    ($($holder:ident)*) => {$(
        impl<T: ToField + ?Sized> ToField for $holder<T> {
            const KIND: FieldKind = T::KIND;

            #[inline]
            fn to_field(&self) -> FieldValue<'_> {
                T::to_field(self)
            }
        }
    )*};
}

holders! { Box Rc Arc }

impl<T: ToField + ToOwned + ?Sized> ToField for Cow<'_, T> {
    const KIND: FieldKind = T::KIND;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        T::to_field(self)
    }
}

impl<T: ToField> ToField for [T] {
    const KIND: FieldKind = T::MANY;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        T::many(self)
    }
}

impl<T: ToField> ToField for Vec<T> {
    const KIND: FieldKind = T::MANY;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        T::many(self)
    }
}

impl<T: ToField, const N: usize> ToField for [T; N] {
    const KIND: FieldKind = T::MANY;

    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        T::many(self)
    }
}

impl<T: ToField> ToField for BTreeSet<T> {
    const KIND: FieldKind = T::MANY;

    fn to_field(&self) -> FieldValue<'_> {
        list(self)
    }
}

/// Nothing depends on the order of a hash: the members come in their own order.
impl<T: ToField + Ord, S> ToField for HashSet<T, S> {
    const KIND: FieldKind = T::MANY;

    fn to_field(&self) -> FieldValue<'_> {
        let mut members: Vec<&T> = self.iter().collect();
        members.sort_unstable();
        list(members)
    }
}
