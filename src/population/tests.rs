//! Laws of the values of a population: against a sorted list of all of them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

use super::gather::{Gathering, bucket};
use super::values::Values;
use super::{Expression, Gathered, Measurer, Population, PopulationError};
use crate::value::Fixed;
use jiff::Timestamp;
use num_bigint::BigInt;
use proptest::prelude::*;

/// Values as leads have them: amounts with many ties, skewed ones, losses, whole numbers past the range of decimals.
fn value() -> impl Strategy<Value = Fixed> {
    let skewed = (0_u32..100, 0_i128..1 << 20).prop_map(|(shift, low)| Fixed::from_units((1 << shift.min(92)) + low));
    prop_oneof![
        4 => (-20_i64..60).prop_map(Fixed::from_int),
        4 => (100_000_000_i128..100_900_000).prop_map(|cents| Fixed::from_units(cents * 10_000_000_000)),
        4 => skewed.clone(),
        2 => skewed.prop_map(|value| Fixed::from_units(-value.units())),
        1 => prop_oneof![Just(i64::MAX), Just(i64::MIN), any::<i64>()].prop_map(Fixed::from_int),
    ]
}

fn gather(values: &[Fixed], limit: usize) -> Values {
    let mut gathering = Gathering::new(limit);
    values.iter().for_each(|value| gathering.push(*value));
    gathering.finish()
}

fn population(values: &[Fixed], limit: usize) -> Population {
    let measurer = Measurer { name: Some("R".into()), version: None, fingerprint: "f".into() };
    let expression = Expression { written: "x".into(), text: "x".into() };
    let mut gathered = Gathered::new(measurer, Timestamp::UNIX_EPOCH, vec![expression], limit);
    for value in values {
        gathered.count_lead();
        gathered.push(0, *value);
    }
    gathered.finish()
}

/// What the definitions say, of a list.
struct Naive<'v>(&'v [Fixed]);

impl Naive<'_> {
    fn below(&self, value: Fixed) -> i128 {
        self.0.iter().filter(|held| **held < value).count().try_into().unwrap()
    }

    /// The sum above, and the total.
    fn shares(&self, value: Fixed) -> (BigInt, BigInt) {
        let sum =
            |floor: Fixed| self.0.iter().filter(|held| **held > floor).map(|held| BigInt::from(held.units())).sum();
        (sum(value.max(Fixed::ZERO)), sum(Fixed::ZERO))
    }
}

/// How far a share is from `part / whole`, rounded to twelve places.
fn distance(found: Fixed, part: &BigInt, whole: &BigInt) -> BigInt {
    let expected = (part * BigInt::from(2 * Fixed::ONE.units()) + whole) / (whole * 2);
    let found = BigInt::from(found.units());
    if found > expected { found - expected } else { expected - found }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn exact_answers_are_those_of_the_definitions(
        values in prop::collection::vec(value(), 1..60), asked in value(), tiles in 1_i64..12,
    ) {
        let (held, naive) = (gather(&values, values.len()), Naive(&values));
        prop_assert!(held.is_exact() && held.error().is_none());
        for asked in values.iter().copied().chain([asked]) {
            let (below, count) = (naive.below(asked), i128::try_from(values.len()).unwrap());
            prop_assert_eq!(i128::from(held.below(asked)), below);
            prop_assert_eq!(i128::from(held.tile(asked, tiles).unwrap()), (1 + i128::from(tiles) * below / count).min(tiles.into()));
            let (above, total) = naive.shares(asked);
            match held.share_above(asked) {
                Some(share) => prop_assert_eq!(distance(share, &above, &total), BigInt::from(0)),
                None => prop_assert_eq!(total, BigInt::from(0)),
            }
        }
    }

    #[test]
    fn approximate_answers_keep_to_their_bounds(
        values in prop::collection::vec(value(), 2..120), asked in prop::collection::vec(value(), 10),
    ) {
        let (held, naive) = (gather(&values, 0), Naive(&values));
        prop_assert!(!held.is_exact());
        let (ranks_error, shares_error) = held.error().map_or_else(Default::default, |error| (error.ranks, error.shares));
        let count = BigInt::from(values.len());
        let mut ranks = Vec::new();
        for asked in values.iter().chain(&asked).copied() {
            let rank = held.percent_rank(asked).unwrap();
            prop_assert!(distance(rank, &naive.below(asked).into(), &count) <= BigInt::from(ranks_error.units()));
            // the rank of a value that differs by less than 1/1024
            let near = asked.units().abs() / 1024 + 1;
            let at = |units: i128| u64::try_from(naive.below(Fixed::from_units(units))).unwrap();
            prop_assert!((at(asked.units() - near)..=at(asked.units() + near)).contains(&held.below(asked)));
            let (above, total) = naive.shares(asked);
            match held.share_above(asked) {
                Some(share) => prop_assert!(distance(share, &above, &total) <= BigInt::from(shares_error.units())),
                None => prop_assert_eq!(total, BigInt::from(0)),
            }
            ranks.push((asked, rank, held.share_above(asked)));
        }
        ranks.sort_by_key(|(asked, ..)| *asked);
        for pair in ranks.windows(2) {
            prop_assert!(pair[0].1 <= pair[1].1 && pair[0].2 >= pair[1].2, "greater values have no lower ranks");
            prop_assert!(pair[0].0 < pair[1].0 || pair[0] == pair[1], "ties stay together");
        }
    }

    #[test]
    fn parts_in_any_order_are_the_whole(
        parts in prop::collection::vec(prop::collection::vec(value(), 0..30), 1..6),
        order in any::<prop::sample::Index>(), limit in 0_usize..80,
    ) {
        let all: Vec<Fixed> = parts.concat();
        let whole = population(&all, limit);
        let mut measured: Vec<Population> = parts.iter().map(|part| population(part, limit)).collect();
        let turn = order.index(measured.len());
        measured.rotate_left(turn);
        let mut merged = measured.remove(0);
        for part in &measured {
            merged.merge(part).unwrap();
        }
        prop_assert_eq!(&merged, &whole);
        let different: std::collections::BTreeSet<Fixed> = all.iter().copied().collect();
        prop_assert_eq!(whole.measures[0].values.is_exact(), different.len() <= limit);
        let mut backwards = all;
        backwards.reverse();
        prop_assert_eq!(population(&backwards, limit), whole);
    }

    #[test]
    fn the_limit_of_a_sum_is_the_lower_one(
        left in prop::collection::vec(value(), 0..30), right in prop::collection::vec(value(), 0..30),
        limits in (0_usize..40, 0_usize..40),
    ) {
        let both = [left.clone(), right.clone()].concat();
        let mut merged = population(&left, limits.0);
        merged.merge(&population(&right, limits.1)).unwrap();
        let mut turned = population(&right, limits.1);
        turned.merge(&population(&left, limits.0)).unwrap();
        prop_assert_eq!(&merged, &turned);
        prop_assert_eq!(merged, population(&both, limits.0.min(limits.1)));
    }

    #[test]
    fn json_loses_nothing(values in prop::collection::vec(value(), 0..60), limit in 0_usize..60) {
        let whole = population(&values, limit);
        let text = serde_json::to_string(&whole).unwrap();
        prop_assert!(text.starts_with("{\"gradus_population\":1,"), "the mark comes first");
        let back = Population::read(&text).unwrap();
        prop_assert_eq!(&back, &whole);
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), text);
    }

    #[test]
    fn whatever_is_read_answers_and_is_written_again(
        values in prop::collection::vec(value(), 1..20), limit in 0_usize..20,
        slips in prop::collection::vec((any::<prop::sample::Index>(), "[0-9.,-]"), 0..4), asked in value(),
    ) {
        let mut text = serde_json::to_string(&population(&values, limit)).unwrap();
        let measures = text.find("\"leads\"").unwrap();
        for (place, slip) in slips {
            let place = measures + place.index(text.len() - measures);
            text.replace_range(place..=place, &slip);
        }
        if let Ok(read) = Population::read(&text) {
            let answers = (read.percent_rank(0, asked), read.tile(0, asked, i64::MAX), read.share_above(0, asked));
            prop_assert!(answers.0.is_none_or(|rank| (Fixed::ZERO..=Fixed::ONE).contains(&rank)));
            prop_assert!(answers.2.is_none_or(|share| (Fixed::ZERO..=Fixed::ONE).contains(&share)));
            prop_assert!(read.measures().all(|measure| !measure.precision().to_string().is_empty()));
            let back = Population::read(&serde_json::to_string(&read).unwrap());
            prop_assert_eq!(back.as_ref(), Ok(&read));
            let mut twice = read.clone();
            prop_assert_eq!(twice.merge(&read), Ok(()));
        }
    }

    #[test]
    fn buckets_ascend_and_are_narrow(a in value(), b in value()) {
        prop_assert!((a <= b) == (bucket(a) <= bucket(b)) || bucket(a) == bucket(b));
        if bucket(a) == bucket(b) {
            let apart = (a.units() - b.units()).unsigned_abs();
            prop_assert!(a == b || apart * 1024 < a.units().unsigned_abs().min(b.units().unsigned_abs()));
        }
    }
}

#[test]
fn the_ends_of_the_range_have_buckets_within_the_stated_number() {
    let end = bucket(Fixed::from_int(i64::MAX));
    assert!(bucket(Fixed::from_int(i64::MIN)) >= -end - 1);
    assert!(2 * end + 2 < 200_000, "{end}");
    // whole numbers up to there are alone in their bucket
    for whole in 0..1024 {
        assert!(bucket(Fixed::from_int(whole)) < bucket(Fixed::from_int(whole + 1)), "{whole}");
    }
}

#[test]
fn small_whole_numbers_stay_exact_in_buckets() {
    let values: Vec<Fixed> = (0..5000).map(|number| Fixed::from_int(number * number % 1024)).collect();
    let (exact, held) = (gather(&values, 5000), gather(&values, 10));
    assert!(!held.is_exact());
    assert_eq!(held.error(), None);
    for value in &values {
        assert_eq!(held.percent_rank(*value), exact.percent_rank(*value));
        assert_eq!(held.share_above(*value), exact.share_above(*value));
    }
}

#[test]
fn what_is_no_population_is_refused() {
    let good = r#"{"gradus_population": 1, "ruleset": {"name": null, "version": null, "fingerprint": "f"},
        "measured": {"from": "2026-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "leads": 9, "exact_up_to": 3,
        "measures": [{"expression": "x", "text": "x", "values": [["-1.5", 2], ["2", 1]]},
            {"expression": "y", "text": "y", "buckets": [["-1", "-1", 1, "0"], ["1000.1", "1000.5", 3, "3000.9"]]}]}"#;
    let read = Population::read(good).unwrap();
    assert_eq!(read.measures().map(|measure| measure.count()).collect::<Vec<_>>(), [3, 4]);
    for (from, to, why) in [
        ("\"leads\": 9", "\"leads\": 3", "`y`: there are more values than leads"),
        ("\"exact_up_to\": 3", "\"exact_up_to\": 1", "`x`: there are more values than `exact_up_to`"),
        ("[\"2\", 1]", "[\"-2\", 1]", "`x`: the values are not in ascending order"),
        ("[\"2\", 1]", "[\"2\", 0]", "its count is 0"),
        ("[\"2\", 1]", "[\"2\", -1]", "invalid value: integer `-1`"),
        ("\"2\"", "\"2e3\"", "expected a number such as \"82.5\", found \"2e3\""),
        ("\"2\"", "\"1.0000000000001\"", "expected a number"),
        ("\"2\"", "\"10000000000000000.5\"", "out of range"),
        ("\"2\"", "\"9999999999999999999999999999999999999999\"", "expected a number"),
        ("\"1000.5\"", "\"1001\"", "`y`: a bucket holds what cannot be in one"),
        ("\"1000.5\"", "\"999\"", "cannot be in one"),
        ("\"3000.9\"", "\"4000\"", "cannot be in one"),
        ("\"-1\", 1", "\"-1\", 0", "cannot be in one"),
        ("[\"-1\", \"-1\", 1, \"0\"], ", "[\"-1\", \"-1\", 1, \"0\"], [\"-1\", \"-1\", 1, \"0\"], ", "each once"),
        ("\"values\": [", "\"numbers\": [", "expected either `values` or `buckets`"),
        ("from\": \"2026", "from\": \"2027", "ends before it begins"),
        ("\"leads\": 9, ", "", "missing field `leads`"),
    ] {
        assert!(good.contains(from), "{from}");
        match Population::read(&good.replacen(from, to, 1)) {
            Err(PopulationError::NotAPopulation(message)) => assert!(message.contains(why), "{message}, not {why}"),
            other => panic!("{to}: {other:?}"),
        }
    }
    let newer = r#"{"gradus_population": 2, "sketches": []}"#;
    assert_eq!(Population::read(newer), Err(PopulationError::Version(2)));
}

#[test]
fn another_rule_set_is_not_merged() {
    let ours = population(&[Fixed::ONE], 9);
    let mut theirs = ours.clone();
    theirs.measurer.fingerprint = "0123456789abcdef".into();
    theirs.measurer.version = Some("7".into());
    let mut merged = ours.clone();
    let error = merged.merge(&theirs).unwrap_err();
    let expected = "this population was measured by the rule set \"R\" version \"7\" (fingerprint 0123456789ab…), and not \
                    by the rule set \"R\" (fingerprint f…): measure it again by these rules";
    assert_eq!(error.to_string(), expected);
    assert_eq!(merged, ours);
}
