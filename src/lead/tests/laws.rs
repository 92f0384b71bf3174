//! What holds for every lead and every text.

use super::*;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// A value of the type of one of the fields of [`schema`], with the field's name.
fn typed() -> impl Strategy<Value = (&'static str, Value)> {
    let decimal = (-(10_i128.pow(28) - 1)..10_i128.pow(28), 0_u32..=12)
        .prop_map(|(units, scale)| Decimal::from_i128_with_scale(units / 10_i128.pow(scale), 12 - scale));
    let date = (-9999_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day));
    let instant = (-62_000_000_000_i64..250_000_000_000, 0_i32..1_000_000_000)
        .prop_filter_map("an instant", |(second, nano)| Timestamp::new(second, nano).ok());
    let element = (instant.clone(), proptest::option::of(".{0,4}"), proptest::option::of(any::<i32>()))
        .prop_map(|(at, note, points)| Activity::new(at).with("note", note).with("points", points));
    prop_oneof![
        any::<bool>().prop_map(|it| ("flag", it.into())),
        any::<i64>().prop_map(|it| ("n", it.into())),
        decimal.prop_map(|it| ("x", it.into())),
        (-1e15..1e15).prop_map(|it: f64| ("p", it.into())),
        any::<f64>().prop_filter("finite", |it| it.is_finite()).prop_map(|it| ("p", it.into())),
        "-?[1-9][0-9]{0,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,3})?".prop_map(|it| ("p", Value::Number(it.into()))),
        ".{0,8}".prop_map(|it| ("company", it.into())),
        " ?[低高mM无][iI]?[dD]?".prop_map(|it| ("level", it.into())),
        proptest::collection::vec("[a-cA-C ]{0,2}", 0..6).prop_map(|it| ("tags", it.into())),
        proptest::collection::vec("[a-cA-C ]{0,2}", 0..6).prop_map(|it| ("skus", it.into())),
        proptest::collection::vec("低|高|MID|无", 0..6).prop_map(|it| ("levels", it.into())),
        date.clone().prop_filter("four digits", |date| date.year() >= 0).prop_map(|it| ("last_contact", it.into())),
        instant.prop_map(|it| ("t", it.into())),
        proptest::collection::vec(element, 0..4).prop_map(|it| ("activities", it.into())),
    ]
}

/// Text that is JSON, or nearly.
fn nearly_json() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[\\[\\]{},:\"\\\\ ]",
        "\"[a-c]{0,2}\"",
        "\"(\\\\[bfnrtu\"/\\\\x]|\\\\u[dD][89cC][0-9a-f]{2}|[a-z\u{1}é]){0,3}\"",
        "-?[0-9]{1,3}(\\.[0-9]{0,2})?([eE][+-]?[0-9]{0,2})?",
        "true|false|null|nul",
        "\\{\"a\":|\\[1,|,\"b\": |\\]|\\}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_lead_survives_json(fields in proptest::collection::vec(typed(), 0..8)) {
        let (lead, schema) = (fields.into_iter().collect::<Lead>(), schema());
        let written = serde_json::to_string(&lead).expect("JSON");
        let back = Lead::from_json(&written).expect(&written);
        let values = |lead: &Lead| shown(lead, &schema).split('!').next().map(str::to_owned);
        prop_assert_eq!(values(&back), values(&lead), "{}", &written);
        prop_assert_eq!(&serde_json::from_str::<Lead>(&written).expect(&written), &back);
        // twice makes no difference either
        let again = serde_json::to_string(&back).expect("JSON");
        prop_assert_eq!(values(&Lead::from_json(&again).expect(&again)), values(&lead), "{}", &again);
    }

    #[test]
    fn we_accept_what_serde_json_accepts(text in nearly_json()) {
        let ours = json::parse(&text);
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        match (ours, theirs) {
            (Ok(_), Ok(_)) => {}
            // numbers past the range of f64 are numbers to us
            (Ok(_), Err(error)) => prop_assert!(error.to_string().contains("out of range"), "{text}: {error}"),
            (Err(fault), Ok(_)) => prop_assert!(fault.describe().starts_with("duplicate key"), "{text}: {fault:?}"),
            (Err(fault), Err(_)) => { let _located = fault.locate(&text); }
        }
    }

    /// The quick way of short numbers, and the way that takes all.
    #[test]
    fn a_number_is_what_its_digits_say(text in "-?(0|[1-9][0-9]{0,19})(\\.[0-9]{1,14}|\\.[0-9]{0,6}0{1,9})?(e[0-9])?") {
        prop_assert_eq!(json::parse(&text).expect(&text), json::number(&text));
    }

    /// Whatever stands where among the bytes that are looked at together.
    #[test]
    fn a_text_is_what_was_written(text in "[a\"\\\\\u{1}\u{1f}\u{7f}é中]{0,4}[ -~中\n]{0,20}[\"\\\\]?.{0,12}") {
        let written = serde_json::to_string(&text).expect("JSON");
        prop_assert_eq!(json::parse(&written).expect(&written), Value::from(text.as_str()));
        let key = format!("{{{written}: 1}}");
        prop_assert!(json(&key).iter().eq(Lead::new().with(text, 1).iter()), "{}", key);
    }

    /// A map in the order of the text is the model: the first key that is there already is the mistake.
    #[test]
    fn the_first_duplicate_is_refused(keys in proptest::collection::vec("id|city|[a-c]{1,2}|naïve|nai\u{308}ve", 0..8)) {
        let mut text = "{".to_owned();
        let (mut seen, mut again) = (std::collections::BTreeSet::new(), None);
        for (number, key) in keys.iter().enumerate() {
            text += if number == 0 { "" } else { "," };
            let key: String = key.nfc().collect();
            if !seen.insert(key.clone()) && again.is_none() {
                again = Some((text.chars().count() + 1, key));
            }
            text += &format!("\"{}\":[{number}]", keys[number]);
        }
        // what is wrong later comes later
        for end in ["}", "", ",}", "}x", ",\"z\":{\"id\":1,\"id\"", ",\"z\":[[{\"a\":1,\"c\":2,!"] {
            let result = Lead::from_json(&format!("{text}{end}"));
            match &again {
                None => {
                    let fits = match &result {
                        Ok(lead) => lead.len() == keys.len(),
                        Err(error) => error.to_string().starts_with("malformed"),
                    };
                    prop_assert!(fits, "{}{}: {:?}", text, end, result);
                }
                Some((column, key)) => {
                    let error = result.expect_err(&text);
                    prop_assert_eq!((error.column(), error.path()), (*column, key.as_str()), "{}{}: {}", text, end, error);
                }
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,24}|[0-9T:+Z. -]{0,30}") {
        let _refused = Lead::from_json(&text);
        for field in &schema().fields {
            let value = Value::from(text.as_str());
            let mut reading = Reading::default();
            let _datum = read_value(&value, field, &shanghai(), Path::Field("it"), &mut reading);
        }
    }
}
