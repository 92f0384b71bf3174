//! A population: the values of all leads that `percent_rank`, `ntile` and `cume_share` compare one lead with.
//!
//! A [`Population`] is measured by a [`PopulationBuilder`](crate::PopulationBuilder), lead by lead, in one place or in
//! many parts that are merged. It depends on the values alone: neither the order of the leads nor the way in which they
//! were spread over parts changes anything, of exact populations and of approximate ones.
//!
//! # How exact it is
//!
//! A population holds the different values of each measure, with how often each came. As long as there are no more of
//! them than [`EXACT_UP_TO`], or than the builder was told, every answer is exact. Beyond that the values of the measure
//! are in buckets: values of one sign whose first eleven binary digits are the same, which differ by less than 1/1024 of
//! their size. A bucket keeps its least and its greatest value, how many there are, and their exact sum.
//!
//! - A value that is not between the least and the greatest value of a bucket has its exact rank and share. So whole
//!   numbers up to 1,024, and amounts with few digits, usually stay exact.
//! - Otherwise its rank lies between those of the bucket's ends: it is the rank of a value that differs by less than
//!   1/1024. What is wrong about it is less than the share of the leads that the bucket holds, and what is wrong about
//!   `cume_share` less than the share of the total that it holds. [`Precision`] says how much that is at most, in the
//!   population at hand.
//! - Equal values have equal ranks, and greater values never lower ranks.
//!
//! The numbers that the language knows fall into less than 200,000 buckets, so that these take no more than 12 MB for each
//! measure, and twice that while measuring, however many leads there are. A value that is held exactly takes 40 bytes, a
//! million of them 40 MB.
//!
//! # The JSON form
//!
//! A population is serialised with `serde`. The form is stable, numbers are texts of all their digits, and
//! [`Population::from_json`] refuses what another rule set measured:
//!
//! ```json
//! {
//!   "gradus_population": 1,
//!   "ruleset": { "name": "80/20", "version": "1", "fingerprint": "5f0c…" },
//!   "measured": { "from": "2026-11-21T01:00:00Z", "to": "2026-11-21T01:00:00Z" },
//!   "leads": 6,
//!   "exact_up_to": 1000000,
//!   "measures": [
//!     { "expression": "revenue", "text": "revenue", "values": [["40", 1], ["60.5", 2], ["500", 1]] },
//!     { "expression": "budget", "text": "budget", "buckets": [["1000", "1000.9", 2, "2000.9"]] }
//!   ]
//! }
//! ```
//!
//! `values` are pairs of a value and its count. `buckets` are the least and the greatest value, the count, and the sum of
//! what is positive. `text` is the canonical text of the expression.

mod error;
mod gather;
mod serial;
#[cfg(test)]
mod tests;
mod values;

pub use error::PopulationError;

use crate::value::Fixed;
use gather::Gathering;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;
use values::Values;

/// How many different values of a measure are held exactly, unless the builder is told otherwise.
pub const EXACT_UP_TO: usize = 1_000_000;

/// What is known of all leads, measured beforehand at its own instant.
///
/// It belongs to the rule set that measured it: its measures are the arguments of the file's population functions. See
/// the [module](self) for how exact it is.
///
/// ```
/// use gradus::{Context, Lead, Population, RuleSet};
///
/// let rules = RuleSet::parse(r#"classify value { ntile(5, deal_size) == 5 => "top", otherwise => "rest" }"#)?;
/// let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
/// let leads: Vec<Lead> = (1..=10).map(|size| Lead::new().with_deal_size(size)).collect();
///
/// // in one go
/// let population = Population::measure(&rules, &leads, &at);
/// let outcome = rules.evaluate_with(&leads[9], &at, Context::default().with_population(&population));
/// assert_eq!(outcome.class("value"), Some("top"));
///
/// // in parts, each on a machine of its own, which send theirs as JSON
/// let parts: Vec<String> = leads
///     .chunks(4)
///     .map(|part| serde_json::to_string(&Population::measure(&rules, part, &at)))
///     .collect::<Result<_, _>>()?;
/// let mut merged = Population::from_json(&rules, &parts[0])?;
/// for part in &parts[1..] {
///     merged.merge(&Population::from_json(&rules, part)?)?;
/// }
/// assert_eq!(merged, population);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "serial::Form")]
pub struct Population {
    #[serde(rename = "gradus_population")]
    version: serial::Version,
    #[serde(rename = "ruleset")]
    measurer: Measurer,
    measured: Span,
    leads: u64,
    exact_up_to: usize,
    measures: Vec<Measured>,
}

/// Which rule set measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Measurer {
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) fingerprint: String,
}

/// From the earliest to the latest instant of measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Span {
    from: Timestamp,
    to: Timestamp,
}

/// The values of one expression.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Measured {
    expression: Expression,
    values: Values,
}

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expression {
    /// As written, in one line.
    pub(crate) written: String,
    /// Its canonical text, by which parts know each other's measures.
    pub(crate) text: String,
}

/// What was gathered of some leads.
#[derive(Debug)]
pub(crate) struct Gathered {
    population: Population,
    gatherings: Vec<Gathering>,
}

impl Gathered {
    pub(crate) fn new(measurer: Measurer, at: Timestamp, expressions: Vec<Expression>, exact_up_to: usize) -> Gathered {
        let gatherings = expressions.iter().map(|_| Gathering::new(exact_up_to)).collect();
        let empty = |expression| Measured { expression, values: Values::default() };
        let measures = expressions.into_iter().map(empty).collect();
        let measured = Span { from: at, to: at };
        let version = serial::Version;
        let population = Population { version, measurer, measured, leads: 0, exact_up_to, measures };
        Gathered { population, gatherings }
    }

    /// Sets the limit; once there are leads, only to a lower one.
    pub(crate) fn limit(&mut self, exact_up_to: usize) {
        let Gathered { population, gatherings } = self;
        let limit = if population.leads == 0 { exact_up_to } else { exact_up_to.min(population.exact_up_to) };
        population.exact_up_to = limit;
        gatherings.iter_mut().for_each(|gathering| gathering.limit(limit));
    }

    pub(crate) fn count_lead(&mut self) {
        self.population.leads = self.population.leads.saturating_add(1);
    }

    /// Adds a value of a measure; values of others are passed over.
    pub(crate) fn push(&mut self, measure: usize, value: Fixed) {
        if let Some(gathering) = self.gatherings.get_mut(measure) {
            gathering.push(value);
        }
    }

    pub(crate) fn finish(self) -> Population {
        let Gathered { mut population, gatherings } = self;
        for (measured, gathering) in population.measures.iter_mut().zip(gatherings) {
            measured.values = gathering.finish();
        }
        population
    }
}

impl Population {
    /// The fingerprint of the rule set that measured it. An evaluation by another rule set finds its own measures missing.
    pub fn fingerprint(&self) -> &str {
        &self.measurer.fingerprint
    }

    /// How many leads were measured.
    pub fn leads(&self) -> u64 {
        self.leads
    }

    /// The earliest and the latest instant at which leads were measured: the same but for parts that were measured at
    /// different instants. A part without leads does not count.
    pub fn measured(&self) -> (Timestamp, Timestamp) {
        (self.measured.from, self.measured.to)
    }

    /// Up to how many different values the measures are exact.
    pub fn exact_up_to(&self) -> usize {
        self.exact_up_to
    }

    /// What was measured: the arguments of the file's population functions, in the order of their canonical texts.
    pub fn measures(&self) -> impl Iterator<Item = Measure<'_>> {
        self.measures.iter().map(Measure)
    }

    /// Adds the leads of a part that the same rule set measured. Parts may be merged in any order, with the same result.
    ///
    /// The instants should be the same: days since a purchase are others tomorrow. A lead that is in two parts counts
    /// twice. The sum is exact up to the lower of the two limits.
    ///
    /// # Errors
    /// When another rule set measured it; then nothing has changed.
    pub fn merge(&mut self, part: &Population) -> Result<(), PopulationError> {
        let ours = self.measures.iter().map(|measured| &measured.expression.text);
        if self.fingerprint() != part.fingerprint() || !ours.eq(part.measures.iter().map(|it| &it.expression.text)) {
            return Err(PopulationError::other(&part.measurer, &self.measurer));
        }
        let (name, version) = (&part.measurer.name, &part.measurer.version);
        // what does not count may differ: the order of parts must not show
        if (name, version) < (&self.measurer.name, &self.measurer.version) {
            self.measurer = part.measurer.clone();
        }
        match (self.leads, part.leads) {
            // nothing was measured then
            (_, 0) if self.leads > 0 => {}
            (0, _) if part.leads > 0 => self.measured = part.measured,
            _ => {
                self.measured.from = self.measured.from.min(part.measured.from);
                self.measured.to = self.measured.to.max(part.measured.to);
            }
        }
        self.leads = self.leads.saturating_add(part.leads);
        self.exact_up_to = self.exact_up_to.min(part.exact_up_to);
        for (measured, other) in self.measures.iter_mut().zip(&part.measures) {
            let mut gathering = Gathering::new(self.exact_up_to);
            gathering.absorb(&measured.values);
            gathering.absorb(&other.values);
            measured.values = gathering.finish();
            if other.expression.written < measured.expression.written {
                measured.expression.written.clone_from(&other.expression.written);
            }
        }
        Ok(())
    }

    /// Whether a rule set measured it, which asks for these expressions.
    pub(crate) fn belongs_to<'t>(
        &self,
        wanted: &Measurer,
        texts: impl Iterator<Item = &'t str>,
    ) -> Result<(), PopulationError> {
        let ours = self.measures.iter().map(|measured| measured.expression.text.as_str());
        if self.fingerprint() == wanted.fingerprint && ours.eq(texts) {
            return Ok(());
        }
        Err(PopulationError::other(&self.measurer, wanted))
    }

    /// `percent_rank(x)`
    pub(crate) fn percent_rank(&self, measure: usize, value: Fixed) -> Option<Fixed> {
        self.measures.get(measure)?.values.percent_rank(value)
    }

    /// `ntile(5, x)`
    pub(crate) fn tile(&self, measure: usize, value: Fixed, tiles: i64) -> Option<i64> {
        self.measures.get(measure)?.values.tile(value, tiles)
    }

    /// `cume_share(x)`
    pub(crate) fn share_above(&self, measure: usize, value: Fixed) -> Option<Fixed> {
        self.measures.get(measure)?.values.share_above(value)
    }

    /// Where the values of a measure begin to be met by a condition that greater values meet too: the greatest value
    /// that does not meet it, the least that does, and how many do.
    pub(crate) fn cut(&self, measure: usize, meets: impl Fn(Fixed) -> bool) -> (Option<Fixed>, Option<Fixed>, u64) {
        let Some(Measured { values, .. }) = self.measures.get(measure) else { return (None, None, 0) };
        let held = |end: usize| {
            values.ends(end / 2).map(|(least, greatest)| if end.is_multiple_of(2) { least } else { greatest })
        };
        let (mut low, mut high) = (0, 2 * values.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if held(middle).is_some_and(&meets) { high = middle } else { low = middle + 1 }
        }
        let from = held(low);
        let met = from.map_or(0, |from| values.count() - values.below(from));
        (low.checked_sub(1).and_then(held), from, met)
    }
}

/// Where the rank of a measure begins to meet a condition; greater values meet it too.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CutOff {
    /// The rank, as rule files write it: `ntile(5, revenue)`.
    pub rank: String,
    /// The condition on it: `>= 4`, or `< 0.8` of a `cume_share`.
    pub condition: String,
    /// The greatest value of the population that does not meet it; nothing when all do.
    pub below: Option<Decimal>,
    /// The least value of the population that meets it; nothing when none does. Between the two lies where it cuts; of an
    /// approximate measure it is where they are known to lie.
    pub from: Option<Decimal>,
    /// How many leads of the population meet it.
    pub count: u64,
}

/// `cume_share(revenue) < 0.8: from 300, not 100; 2 leads`
impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.rank, self.condition)?;
        match (self.from, self.below) {
            (Some(from), Some(below)) => write!(f, "from {from}, not {below}")?,
            (Some(from), None) => write!(f, "all, from {from}")?,
            (None, Some(below)) => write!(f, "none, not {below}")?,
            (None, None) => write!(f, "no values")?,
        }
        write!(f, "; {} {}", self.count, if self.count == 1 { "lead" } else { "leads" })
    }
}

/// In words, for explanations: how many leads, and how exact.
impl fmt::Display for Population {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let leads = if self.leads == 1 { "lead" } else { "leads" };
        write!(f, "{} {leads}, {}", self.leads, self.precision())
    }
}

impl Population {
    /// That of the least exact measure.
    fn precision(&self) -> Precision {
        let worse = |a, b| match (a, b) {
            (Precision::Exact, other) | (other, Precision::Exact) => other,
            (
                Precision::Approximate { values, ranks, shares },
                Precision::Approximate { ranks: other_ranks, shares: other_shares, .. },
            ) => Precision::Approximate { values, ranks: ranks.max(other_ranks), shares: shares.max(other_shares) },
        };
        self.measures().map(|measure| measure.precision()).fold(Precision::Exact, worse)
    }
}

/// An expression that is measured over a population, with its values.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'p>(&'p Measured);

impl<'p> Measure<'p> {
    /// The expression, as the rule file writes it: `revenue`.
    pub fn expression(&self) -> &'p str {
        &self.0.expression.written
    }

    /// How many leads have a value; the others are not there for the measure.
    pub fn count(&self) -> u64 {
        self.0.values.count()
    }

    /// How many different values or, when it is approximate, buckets are held.
    pub fn held(&self) -> usize {
        self.0.values.len()
    }

    /// The least value; nothing when no lead has one.
    pub fn least(&self) -> Option<Decimal> {
        self.0.values.ends(0).map(|(least, _)| public(least))
    }

    /// The greatest value.
    pub fn greatest(&self) -> Option<Decimal> {
        self.0
            .values
            .len()
            .checked_sub(1)
            .and_then(|last| self.0.values.ends(last))
            .map(|(_, greatest)| public(greatest))
    }

    /// How exact ranks are.
    pub fn precision(&self) -> Precision {
        match self.0.values.error() {
            None => Precision::Exact,
            Some(error) => Precision::Approximate {
                values: error.values.to_decimal(),
                ranks: error.ranks.to_decimal(),
                shares: error.shares.to_decimal(),
            },
        }
    }
}

/// How exact the answers about a measure are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Precision {
    /// As defined, to the last digit.
    Exact,
    /// From buckets; the figures are bounds for every value, in this population.
    #[non_exhaustive]
    Approximate {
        /// A rank is that of a value which differs by less than this share of the value: 1/1024.
        values: Decimal,
        /// What is wrong about `percent_rank` at most. `ntile(k, …)` is wrong only for values whose `percent_rank` is as
        /// near as that to a multiple of 1/k.
        ranks: Decimal,
        /// What is wrong about `cume_share` at most.
        shares: Decimal,
    },
}

/// `exact`, or `approximate: ranks within 0.0021, shares within 0.0035`
impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // rounded up, so that they stay bounds
        let short = |bound: &Decimal| {
            bound.round_dp_with_strategy(6, rust_decimal::RoundingStrategy::ToPositiveInfinity).normalize()
        };
        match self {
            Precision::Exact => f.write_str("exact"),
            Precision::Approximate { ranks, shares, .. } => {
                write!(f, "approximate: ranks within {}, shares within {}", short(ranks), short(shares))
            }
        }
    }
}

/// A value for the public interface. Whole numbers may be past the range of decimals with twelve places.
pub(crate) fn public(value: Fixed) -> Decimal {
    let (units, one) = (value.units(), Fixed::ONE.units());
    match units % one {
        0 => Decimal::try_from_i128_with_scale(units / one, 0).unwrap_or(Decimal::MAX),
        _ => value.to_decimal(),
    }
}

impl fmt::Display for Measurer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "the rule set \"{name}\"")?,
            None => f.write_str("a rule set without a name")?,
        }
        if let Some(version) = &self.version {
            write!(f, " version \"{version}\"")?;
        }
        let short: String = self.fingerprint.chars().take(12).collect();
        write!(f, " (fingerprint {short}…)")
    }
}
