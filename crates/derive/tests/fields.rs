//! Every type of field, with any value: the outcome of a record is that of a lead with the same values.

use gradus::{At, FieldKind, FieldValue, Lead, Record, RuleSet, Text, ToField, Units, Value};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use proptest::collection::{btree_set, hash_set, vec};
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::error::Error;
use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::Arc;

/// A type of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Plan(&'static str);

impl ToField for Plan {
    const KIND: FieldKind = FieldKind::Text;

    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Text(self.0)
    }
}

#[derive(Clone, Debug, Record)]
struct Visit {
    at: Timestamp,
    kind: Option<String>,
    points: Option<i64>,
}

macro_rules! hosts {
    ($($name:ident: $of:ty = $declared:literal, $lead:expr;)*) => {
        /// A field of every type.
        #[derive(Clone, Debug, Record)]
        struct Host {
            $($name: $of,)*
            #[record(places = 2)]
            cents: i64,
            #[record(places = 3)]
            mills: Option<u64>,
            a_text: Text,
            a_value: Value,
            activities: Vec<Visit>,
        }

        impl Default for Host {
            fn default() -> Host {
                Host {
                    $($name: Default::default(),)*
                    cents: 0,
                    mills: None,
                    a_text: "".into(),
                    a_value: Value::Null,
                    activities: Vec::new(),
                }
            }
        }

        /// What the rule file says of each.
        const DECLARED: &[(&str, &str)] = &[
            $((stringify!($name), $declared),)*
            ("cents", "decimal"),
            ("mills", "decimal"),
            ("a_text", "text"),
            ("a_value", "text"),
        ];

        impl Host {
            /// A lead with the same values, by what the host would write.
            fn lead(&self) -> Lead {
                let mut lead = Lead::new();
                $(
                    let make: fn($of) -> Value = $lead;
                    lead.set(stringify!($name), make(self.$name.clone()));
                )*
                lead.set("cents", Decimal::new(self.cents, 2));
                lead.set("mills", self.mills.map(|it| Decimal::from_i128_with_scale(it.into(), 3)));
                lead.set("a_text", self.a_text.clone());
                lead.set("a_value", self.a_value.clone());
                let visits = self.activities.iter().map(|visit| {
                    let fields = [("kind", Value::from(visit.kind.clone())), ("points", visit.points.into())];
                    let present = fields.into_iter().filter(|(_, value)| *value != Value::Null);
                    Value::Record([("at", visit.at.into())].into_iter().chain(present).map(|(n, v)| (Cow::Borrowed(n), v)).collect())
                });
                lead.set("activities", Value::List(visits.collect()));
                lead
            }
        }
    };
}

const LABELS: &str = "choice { \"free\", \"Paid\", \"试用\" }";
const SET: &str = "set { \"free\", \"Paid\", \"试用\" }";

fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Value {
    Value::List(texts.into_iter().map(|it| it.as_ref().into()).collect())
}

hosts! {
    a_bool: bool = "bool", Value::from;
    a_i8: i8 = "int", Value::from;
    a_i16: i16 = "int", Value::from;
    a_i32: i32 = "int", Value::from;
    a_i64: i64 = "int", Value::from;
    a_isize: isize = "int", Value::from;
    a_i128: i128 = "int", Value::from;
    a_u8: u8 = "int", Value::from;
    a_u16: u16 = "int", Value::from;
    a_u32: u32 = "int", Value::from;
    a_u64: u64 = "int", Value::from;
    a_usize: usize = "decimal", Value::from;
    a_u128: u128 = "float", Value::from;
    a_f32: f32 = "float", |it| f64::from(it).into();
    a_f64: f64 = "decimal", Value::from;
    a_decimal: Decimal = "decimal", Value::from;
    a_string: String = "text", Value::from;
    a_code: String = "code", Value::from;
    a_region: String = "region", Value::from;
    a_label: String = "CHOICE", Value::from;
    a_str: &'static str = "CHOICE", Value::from;
    a_box: Box<str> = "text", Value::from;
    a_arc: Arc<str> = "text", |it| Value::from(&*it);
    a_rc: Rc<String> = "CHOICE", |it| Value::from(&*it);
    a_cow: Cow<'static, str> = "text", |it| Value::from(&*it);
    a_plan: Plan = "CHOICE", |it| it.0.into();
    a_date: Date = "date", Value::from;
    a_datetime: DateTime = "datetime", Value::from;
    a_written: DateTime = "text", Value::from;
    an_instant: Timestamp = "datetime", Value::from;
    a_day: Timestamp = "date", Value::from;
    a_zoned: Zoned = "datetime", Value::from;
    some_bool: Option<bool> = "bool", Value::from;
    some_int: Option<i64> = "decimal", Value::from;
    some_text: Option<String> = "text", Value::from;
    some_label: Option<Plan> = "CHOICE", |it| it.map(|it| it.0).into();
    some_date: Option<Date> = "datetime", Value::from;
    some_boxed: Option<Box<i32>> = "int", |it| it.map(|it| *it).into();
    strings: Vec<String> = "SET", Value::from;
    some_strings: Option<Vec<String>> = "SET", Value::from;
    strs: Vec<&'static str> = "SET", Value::from;
    slice: Box<[String]> = "set of text", |it| texts(it.iter());
    array: [&'static str; 2] = "set of code", texts;
    plans: Vec<Plan> = "SET", |it| texts(it.iter().map(|it| it.0));
    tree: BTreeSet<String> = "SET", texts;
    hash: HashSet<String> = "SET", |it| texts(it.iter().collect::<BTreeSet<_>>());
    open_hash: HashSet<Arc<str>> = "set of text", |it| texts(it.iter().collect::<BTreeSet<_>>());
    some_value: Option<Value> = "decimal", |it| it.into();
}

/// A rule file that looks at every field, and shows what it sees of each.
fn rules() -> Result<RuleSet, Box<dyn Error>> {
    let (mut fields, mut tags) = (String::new(), String::from("tags t {\n"));
    for (name, declared) in DECLARED {
        let declared = declared.replace("CHOICE", LABELS).replace("SET", SET);
        writeln!(fields, "field {name} : {declared}")?;
        let conditions: &[&str] = match declared.split(' ').next().unwrap_or_default() {
            "bool" => &["NAME", "not NAME"],
            "int" | "decimal" | "float" => &["NAME >= 0", "NAME >= 50", "NAME < 100000"],
            "text" => &["NAME == \"free\"", "NAME contains \"a\"", "NAME starts with \"p\""],
            "code" => &["NAME == \"free\""],
            "region" => &["NAME within \"free\""],
            "choice" => &["NAME == \"Paid\"", "NAME == \"free\""],
            "set" => &["NAME contains \"Paid\"", "NAME contains any { \"free\", \"试用\" }"],
            "date" => &["NAME >= @2000-01-01"],
            _ => &["NAME >= @2000-01-01T00:00:00Z"],
        };
        for condition in conditions.iter().chain(&["NAME is present", "NAME is missing"]) {
            let condition = condition.replace("NAME", name);
            writeln!(tags, "  {condition} => \"{}\",", condition.replace('"', "'"))?;
        }
    }
    tags.push_str("  count(activities where .kind == \"demo\" and .points >= 5) >= 1 => \"demo\",\n}");
    RuleSet::parse(&format!("{fields}{tags}")).map_err(Into::into)
}

fn label() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("free"), Just("PAID"), Just("Ｐａｉｄ "), Just("试用"), Just("none"), Just(""), Just("a b")]
}

fn string() -> impl Strategy<Value = String> {
    prop_oneof![label().prop_map(str::to_owned), ".{0,6}"]
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (-5_000_000_000_i64..5_000_000_000).prop_map(|second| Timestamp::from_second(second).unwrap_or_default())
}

fn date() -> impl Strategy<Value = Date> {
    instant().prop_map(|it| it.to_zoned(TimeZone::UTC).date())
}

fn small(limit: i64) -> impl Strategy<Value = i64> {
    prop_oneof![-limit..limit, -3_i64..120, any::<i64>()]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (small(10_000), 0_u32..14).prop_map(|(number, places)| Decimal::new(number, places))
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        small(1000).prop_map(Value::from),
        decimal().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        string().prop_map(Value::from),
        date().prop_map(Value::from),
        instant().prop_map(Value::from),
        any::<u128>().prop_map(Value::from),
        vec(string(), 0..3).prop_map(Value::from),
    ]
}

prop_compose! {
    fn visit()(at in instant(), kind in option::of(prop_oneof![Just("demo".to_owned()), string()]), points in option::of(0_i64..10)) -> Visit {
        Visit { at, kind, points }
    }
}

prop_compose! {
    fn numbers()(
        bits in any::<(bool, i8, i16, i32, isize, i128)>(), unsigned in any::<(u8, u16, u32, u64, usize, u128)>(),
        floats in any::<(f32, f64)>(), few in (small(100), decimal(), small(10_000), option::of(any::<u64>())),
        some in (option::of(any::<bool>()), option::of(small(10)), option::of(any::<i32>())),
        cents in prop_oneof![any::<i64>(), -100_i64..20_000],
    ) -> Host {
        Host {
            a_bool: bits.0, a_i8: bits.1, a_i16: bits.2, a_i32: bits.3, a_isize: bits.4, a_i128: bits.5,
            a_u8: unsigned.0, a_u16: unsigned.1, a_u32: unsigned.2, a_u64: unsigned.3, a_usize: unsigned.4, a_u128: unsigned.5,
            a_f32: floats.0, a_f64: floats.1, a_i64: few.0, a_decimal: few.1, some_int: some.1, some_bool: some.0,
            some_boxed: some.2.map(Box::new), cents, mills: few.3,
            ..Host::default()
        }
    }
}

prop_compose! {
    fn hosts()(
        numbers in numbers(), owned in vec(string(), 10), labels in vec(label(), 6), some in option::of(string()),
        instants in (instant(), instant(), instant(), instant(), instant()), date in date(), some_date in option::of(date()),
        lists in (vec(string(), 0..4), option::of(vec(string(), 0..4)), vec(label(), 0..4), vec(string(), 0..4), vec(label(), 0..4)),
        sets in (btree_set(string(), 0..4), hash_set(string(), 0..4), hash_set(string().prop_map(Arc::from), 0..4)),
        values in (value(), option::of(value())), activities in vec(visit(), 0..4), plan in option::of(label().prop_map(Plan)),
    ) -> Host {
        let civil = |it: Timestamp| it.to_zoned(TimeZone::UTC).datetime();
        Host {
            a_string: owned[0].clone(), a_code: owned[1].clone(), a_region: owned[2].clone(), a_label: owned[3].clone(),
            a_str: labels[0], a_box: owned[4].as_str().into(), a_arc: owned[5].as_str().into(), a_rc: Rc::new(owned[6].clone()),
            a_cow: owned[7].clone().into(), a_text: owned[8].as_str().into(), a_plan: Plan(labels[1]), a_date: date,
            a_datetime: civil(instants.0), a_written: civil(instants.1), an_instant: instants.2, a_day: instants.3,
            a_zoned: instants.4.to_zoned(TimeZone::UTC), some_text: some, some_label: plan, some_date,
            strings: lists.0, some_strings: lists.1, strs: lists.2, slice: lists.3.into(), array: [labels[2], labels[3]],
            plans: lists.4.into_iter().map(Plan).collect(), tree: sets.0, hash: sets.1, open_hash: sets.2,
            a_value: values.0, some_value: values.1, activities,
            ..numbers
        }
    }
}

#[test]
fn a_record_is_a_lead_with_the_same_values() -> Result<(), Box<dyn Error>> {
    let rules = rules()?;
    let binding = rules.bind::<Host>()?;
    assert_eq!(binding.unknown_fields().next(), None);
    let at = At::new(Timestamp::UNIX_EPOCH, TimeZone::get("Asia/Shanghai")?);
    proptest!(ProptestConfig::with_cases(300), |(host in hosts())| {
        let lead = host.lead();
        let (found, wanted) = (binding.evaluate(&host, &at), rules.evaluate(&lead, &at));
        prop_assert_eq!(&found, &wanted);
        prop_assert_eq!(found.data_issues(), wanted.data_issues());
        prop_assert_eq!(rules.evaluate(&binding.lead(&host), &at), wanted);
    });
    Ok(())
}

#[test]
fn whole_numbers_past_64_bits_are_exact() {
    assert_eq!(u64::MAX.to_field(), FieldValue::Value(Value::Number("18446744073709551615".into())));
    assert_eq!((-5_i128).to_field(), FieldValue::Int(-5));
    assert_eq!(u64::MAX.in_units(12), FieldValue::Value(Decimal::from_i128_with_scale(u64::MAX.into(), 12).into()));
    assert_eq!(u128::MAX.in_units(2), FieldValue::Value(Value::Number("1e400".into())));
    assert_eq!(i128::MIN.in_units(2), FieldValue::Value(Value::Number("-1e400".into())));
    assert_eq!(None::<i64>.in_units(2), FieldValue::Missing);
}
