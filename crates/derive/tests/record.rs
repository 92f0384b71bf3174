//! Structs that derive `Record`: names, kinds, values, and the same outcomes as of a lead with the same values.

use gradus::{FieldKind, FieldValue, FieldVisitor, Record, RecordField, RuleSet, ToField, Value};
use std::borrow::Cow;
use std::error::Error;

type Done = Result<(), Box<dyn Error>>;

/// What a record hands over when it is visited.
#[derive(Default)]
struct Seen<'a>(Vec<(usize, FieldValue<'a>)>);

impl<'a> FieldVisitor<'a> for Seen<'a> {
    fn field(&mut self, field: usize, value: &FieldValue<'a>) {
        self.0.push((field, value.clone()));
    }
}

/// All values, by number and visited.
fn values<R: Record>(record: &R) -> Vec<FieldValue<'_>> {
    let values: Vec<FieldValue<'_>> = (0..R::fields().len()).map(|field| record.value(field)).collect();
    let mut seen = Seen::default();
    record.visit(&mut seen);
    assert_eq!(seen.0, values.iter().cloned().enumerate().collect::<Vec<_>>());
    assert_eq!(record.value(values.len()), FieldValue::Missing);
    values
}

fn names<R: Record>() -> Vec<&'static str> {
    R::fields().iter().map(|field| field.name).collect()
}

#[test]
fn fields_are_called_as_they_are_or_as_they_are_renamed() {
    #[derive(Record)]
    struct Plain {
        company: String,
        r#type: &'static str,
        #[record(rename = "注册资金", places = 2)]
        capital: Option<i64>,
        #[record(skip)]
        secret: u8,
    }
    let record = Plain { company: "A".to_owned(), r#type: "b", capital: Some(5), secret: 1 };
    assert_eq!(
        Plain::fields(),
        [
            RecordField::new("company", FieldKind::Text),
            RecordField::new("type", FieldKind::Text),
            RecordField::new("注册资金", FieldKind::Decimal),
        ]
    );
    assert_eq!(values(&record), [FieldValue::Text("A"), FieldValue::Text("b"), FieldValue::Scaled(5, 2)]);
    assert_eq!(record.secret, 1);
}

#[test]
fn all_fields_are_renamed_at_once() {
    #[derive(Record)]
    #[record(rename_all = "camelCase")]
    struct Camel {
        deal_size: i64,
        #[record(rename = "x_y")]
        other_one: i64,
        _odd_name_: i64,
    }
    #[derive(Record)]
    #[record(rename_all = "PascalCase")]
    struct Pascal {
        deal_size: i64,
    }
    #[derive(Record)]
    #[record(rename_all = "snake_case")]
    #[expect(non_snake_case, reason = "what comes from elsewhere")]
    struct Snake {
        dealSize: i64,
    }
    assert_eq!(names::<Camel>(), ["dealSize", "x_y", "oddName"]);
    assert_eq!(names::<Pascal>(), ["DealSize"]);
    assert_eq!(names::<Snake>(), ["deal_size"]);
    assert_eq!(values(&Camel { deal_size: 1, other_one: 2, _odd_name_: 3 }).len(), 3);
    assert_eq!(values(&Pascal { deal_size: 1 }), values(&Snake { dealSize: 1 }));
}

#[test]
fn a_record_may_borrow_and_be_generic() {
    #[derive(Record)]
    struct Row<'a, 'b: 'a, T, const N: usize>
    where
        T: Clone,
    {
        name: &'a str,
        more: [&'b str; N],
        size: Option<T>,
    }
    let name = String::from("A");
    let row = Row { name: &name, more: ["x", "y"], size: Some(7_u8) };
    assert_eq!(values(&row), [FieldValue::Text("A"), FieldValue::Texts(&["x", "y"]), FieldValue::Int(7)]);
    assert_eq!(Row::<f64, 0>::fields()[2].kind, FieldKind::Float);
}

#[test]
fn functions_make_values() {
    #[derive(Record)]
    struct Host {
        #[record(with = plan, kind = Text)]
        plan: bool,
        #[record(rename = "share", with = support::percent, kind = Decimal)]
        percent: i64,
    }
    fn plan(paid: &bool) -> FieldValue<'_> {
        FieldValue::Text(if *paid { "paid" } else { "free" })
    }
    mod support {
        pub(super) fn percent(percent: &i64) -> super::FieldValue<'_> {
            super::FieldValue::Scaled(*percent, 2)
        }
    }
    assert_eq!(
        Host::fields(),
        [RecordField::new("plan", FieldKind::Text), RecordField::new("share", FieldKind::Decimal)]
    );
    assert_eq!(values(&Host { plan: true, percent: 5 }), [FieldValue::Text("paid"), FieldValue::Scaled(5, 2)]);
}

#[test]
fn the_library_may_have_another_name() {
    mod elsewhere {
        pub(crate) use gradus as rules;
    }
    #[derive(Record)]
    #[record(crate = elsewhere::rules)]
    struct Host {
        a: i64,
    }
    assert_eq!(values(&Host { a: 1 }), [FieldValue::Int(1)]);
}

#[test]
fn a_record_may_be_empty() {
    #[derive(Record)]
    struct Nothing {}
    assert_eq!(values(&Nothing {}), []);
}

#[test]
fn records_are_elements_of_lists() -> Done {
    #[derive(Record)]
    struct Host {
        shops: Vec<Shop>,
    }
    #[derive(Record)]
    struct Shop {
        city: &'static str,
        area: Option<u32>,
    }
    let rules = RuleSet::parse(
        "field shops : list { city: text, area: int }
         tags t { count(shops where .city == \"Hangzhou\" and .area >= 100) == 1 => \"one\" }",
    )?;
    let host = Host {
        shops: vec![
            Shop { city: "HANGZHOU", area: Some(120) },
            Shop { city: "hangzhou", area: None },
            Shop { city: "ningbo", area: Some(500) },
        ],
    };
    let binding = rules.bind::<Host>()?;
    let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
    let outcome = binding.evaluate(&host, &at);
    assert!(outcome.has_tag("t", "one") && outcome.data_issues().is_empty(), "{outcome:?}");
    assert_eq!(outcome, rules.evaluate(&binding.lead(&host), &at));
    let FieldValue::Value(Value::List(shops)) = host.value(0) else { return Err("no list".into()) };
    let shop = |fields: &[(&'static str, Value)]| {
        Value::Record(fields.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect())
    };
    assert_eq!(shops[0], shop(&[("city", "HANGZHOU".into()), ("area", 120.into())]));
    assert_eq!(shops[1], shop(&[("city", "hangzhou".into())]));
    assert_eq!((Shop::KIND, <Vec<Shop>>::KIND), (FieldKind::Value, FieldKind::Value));
    Ok(())
}

#[test]
fn names_are_compared_composed() -> Done {
    #[derive(Record)]
    struct Host {
        #[record(rename = "cafe\u{301}")]
        cafe: bool,
    }
    let rules = RuleSet::parse("field caf\u{e9} : bool tags t { caf\u{e9} => \"x\" }")?;
    let binding = rules.bind::<Host>()?;
    let outcome = binding.evaluate(&Host { cafe: true }, &rules.at(jiff::Timestamp::UNIX_EPOCH));
    assert!(outcome.has_tag("t", "x") && binding.unknown_fields().next().is_none());
    Ok(())
}

#[test]
fn what_does_not_fit_is_said_when_bound() -> Done {
    #[derive(Record)]
    struct Host {
        employees: bool,
        company: Vec<String>,
        nobody: i64,
    }
    let rules = RuleSet::parse("tags t { employees >= 5 and company == \"A\" => \"x\" }")?;
    let Err(error) = rules.bind::<Host>() else { return Err("it fits".into()) };
    assert_eq!(
        error.to_string(),
        "the records hold bool in `employees`, which the rule file declares as int\n\
         the records hold texts in `company`, which the rule file declares as text"
    );
    Ok(())
}
