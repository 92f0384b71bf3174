//! The JSON form of a population, and what is checked when one comes back in.

use super::gather::{Bin, bucket};
use super::values::Values;
use super::{Expression, Measured, Measurer, Population, PopulationError, Span};
use crate::value::Fixed;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The version of the form.
const VERSION: u64 = 1;

/// The mark by which a population is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(VERSION)
    }
}

/// What is read of a text whose version may be another one.
#[derive(Deserialize)]
struct Marked {
    gradus_population: u64,
}

/// A population as it is read.
#[derive(Deserialize)]
pub(super) struct Form {
    gradus_population: u64,
    ruleset: Measurer,
    measured: Span,
    leads: u64,
    exact_up_to: usize,
    measures: Vec<MeasureForm>,
}

#[derive(Deserialize)]
struct MeasureForm {
    expression: String,
    text: String,
    #[serde(default)]
    values: Option<Vec<(Number, u64)>>,
    #[serde(default)]
    buckets: Option<Vec<(Number, Number, u64, Number)>>,
}

/// A number by its digits, in units.
#[derive(Clone, Copy)]
struct Number(i128);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Fixed::from_units(self.0))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        let expected = || serde::de::Error::custom(format!("expected a number such as \"82.5\", found \"{text}\""));
        units(&text).map(Number).ok_or_else(expected)
    }
}

/// The units of a decimal of up to twelve places; sums are larger than what `Fixed` reads.
fn units(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || fraction.len() > 12 {
        return None;
    }
    let fraction: i128 = format!("{fraction:0<12}").parse().ok()?;
    let whole = whole.parse::<i128>().ok()?.checked_mul(Fixed::ONE.units())?;
    whole.checked_add(fraction)?.checked_mul(sign)
}

impl Serialize for Measured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("Measure", 3)?;
        form.serialize_field("expression", &self.expression.written)?;
        form.serialize_field("text", &self.expression.text)?;
        if self.values.is_exact() {
            form.serialize_field("values", &Pairs(&self.values))?;
        } else {
            form.serialize_field("buckets", &Buckets(&self.values))?;
        }
        form.end()
    }
}

struct Pairs<'v>(&'v Values);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.bins().map(|bin| (Number(bin.least.units()), bin.count)))
    }
}

struct Buckets<'v>(&'v Values);

impl Serialize for Buckets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = |value: Fixed| Number(value.units());
        let bins = self.0.bins();
        serializer.collect_seq(bins.map(|bin| (number(bin.least), number(bin.greatest), bin.count, Number(bin.sum))))
    }
}

impl Population {
    /// Reads the JSON form, whichever rule set measured it.
    pub(crate) fn read(text: &str) -> Result<Population, PopulationError> {
        serde_json::from_str(text).map_err(|error| match serde_json::from_str(text) {
            Ok(Marked { gradus_population }) if gradus_population != VERSION => {
                PopulationError::Version(gradus_population)
            }
            _ => PopulationError::NotAPopulation(error.to_string()),
        })
    }
}

impl TryFrom<Form> for Population {
    type Error = PopulationError;

    fn try_from(form: Form) -> Result<Population, PopulationError> {
        if form.gradus_population != VERSION {
            return Err(PopulationError::Version(form.gradus_population));
        }
        if form.measured.from > form.measured.to {
            return Err(PopulationError::NotAPopulation("`measured` ends before it begins".into()));
        }
        let measures = form.measures.into_iter().map(|measure| measure.read(form.leads, form.exact_up_to));
        Ok(Population {
            version: Version,
            measurer: form.ruleset,
            measured: form.measured,
            leads: form.leads,
            exact_up_to: form.exact_up_to,
            measures: measures.collect::<Result<_, _>>()?,
        })
    }
}

impl MeasureForm {
    /// Checks what every population keeps to.
    fn read(self, leads: u64, exact_up_to: usize) -> Result<Measured, PopulationError> {
        let MeasureForm { expression, text, values, buckets } = self;
        let bad = |what: &str| PopulationError::NotAPopulation(format!("`{expression}`: {what}"));
        let values = match (values, buckets) {
            (Some(values), None) => {
                let bins: Option<Vec<Bin>> = values.into_iter().map(|(value, count)| single(value, count)).collect();
                let bins = bins.ok_or_else(|| bad("a value is out of range, or its count is 0"))?;
                if !bins.is_sorted_by(|a, b| a.least < b.least) {
                    return Err(bad("the values are not in ascending order, each once"));
                }
                if bins.len() > exact_up_to {
                    return Err(bad("there are more values than `exact_up_to`"));
                }
                Values::exact(bins.into_iter())
            }
            (None, Some(buckets)) => {
                let bins: Option<Vec<Bin>> = buckets.into_iter().map(several).collect();
                let bins = bins.ok_or_else(|| bad("a bucket holds what cannot be in one"))?;
                if !bins.is_sorted_by(|a, b| bucket(a.least) < bucket(b.least)) {
                    return Err(bad("the buckets are not in ascending order, each once"));
                }
                Values::buckets(bins.into_iter())
            }
            _ => return Err(bad("expected either `values` or `buckets`")),
        };
        if values.count() > leads {
            return Err(bad("there are more values than leads"));
        }
        Ok(Measured { expression: Expression { written: expression, text }, values })
    }
}

/// A value in the range of the language: a decimal, or a whole number of 64 bits.
fn in_range(Number(units): Number) -> Option<Fixed> {
    let value = Fixed::from_units(units);
    value.in_range().or_else(|| value.to_int().map(|_| value))
}

fn single(value: Number, count: u64) -> Option<Bin> {
    let value = in_range(value)?;
    (count > 0).then(|| Bin::single(value, count))
}

/// A bucket: its ends belong to it, and its sum is one that so many values between them can have.
fn several((least, greatest, count, Number(sum)): (Number, Number, u64, Number)) -> Option<Bin> {
    let (least, greatest) = (in_range(least)?, in_range(greatest)?);
    let ends_fit = least <= greatest && bucket(least) == bucket(greatest) && (count > 1 || least == greatest);
    let (low, high) = (Bin::single(least, count).sum, Bin::single(greatest, count).sum);
    (count > 0 && ends_fit && (low..=high).contains(&sum)).then_some(Bin { least, greatest, count, sum })
}
