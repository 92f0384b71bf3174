//! The last outcome of a lead, as it comes back in.

use crate::value::{Fixed, Value};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// The last outcome of a lead, by names: what `previous.NAME` reads.
///
/// It may come from an earlier version of the rule file: names that are gone are not read, and labels that are gone read
/// as missing. Deserialises from the JSON form of an [`Outcome`](crate::Outcome).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Previous {
    /// The label of each classification.
    pub classes: BTreeMap<String, Option<String>>,
    /// Each score with its grade.
    #[serde(deserialize_with = "null_as_default")]
    pub scores: BTreeMap<String, PreviousScore>,
    /// The tags of each block.
    #[serde(deserialize_with = "without_nulls")]
    pub tags: BTreeMap<String, Option<Vec<String>>>,
}

/// A score of the last outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PreviousScore {
    /// The number.
    #[serde(deserialize_with = "decimal")]
    pub score: Option<Decimal>,
    /// The grade.
    pub grade: Option<String>,
    /// The coverage.
    #[serde(deserialize_with = "decimal")]
    pub coverage: Option<Decimal>,
}

impl Previous {
    /// Reads the JSON form of an outcome; keys that are not needed are passed over.
    ///
    /// # Errors
    /// When the text is not JSON, or not of that form.
    pub fn from_json(text: &str) -> Result<Previous, PreviousError> {
        serde_json::from_str(text).map_err(|error| PreviousError(error.to_string()))
    }
}

/// Why a text is not an outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the JSON form of an outcome: {0}")]
pub struct PreviousError(String);

/// A score that is `null` has no parts.
fn null_as_default<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, PreviousScore>, D::Error> {
    let scores: BTreeMap<String, Option<PreviousScore>> = BTreeMap::deserialize(deserializer)?;
    Ok(scores.into_iter().map(|(name, score)| (name, score.unwrap_or_default())).collect())
}

/// A tag that is `null` is none.
fn without_nulls<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Option<Vec<String>>>, D::Error> {
    let tags: BTreeMap<String, Option<Vec<Option<String>>>> = BTreeMap::deserialize(deserializer)?;
    Ok(tags.into_iter().map(|(name, tags)| (name, tags.map(|tags| tags.into_iter().flatten().collect()))).collect())
}

/// A decimal as text or as a number, by its digits.
fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let fixed = match &value {
        Value::Null => return Ok(None),
        Value::Int(value) => Some(Fixed::from_int(*value)),
        Value::Decimal(value) => Fixed::from_decimal(*value),
        Value::Text(text) => Fixed::parse(text.exact()).ok(),
        _ => None,
    };
    match fixed {
        Some(fixed) => Ok(Some(fixed.to_decimal())),
        None => Err(serde::de::Error::custom("expected a decimal such as \"82.5\"")),
    }
}
