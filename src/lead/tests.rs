//! What a lead keeps, reads and writes.

use super::read::{Path, Schema, check, read, read_value};
use super::*;
use crate::lead::reading::{Datum, Range, Reading};
use crate::time::zone;
use crate::types::{Choice, FieldType, Placeholders, Type};
use crate::value::Fixed;
use jiff::civil::date;
use jiff::tz::TimeZone;
use std::sync::Arc;

mod laws;

fn shanghai() -> TimeZone {
    zone("Asia/Shanghai").expect("a zone")
}

fn field(name: &str, kind: Type) -> FieldType {
    let placeholders = Placeholders { texts: vec!["n/a".into()], numbers: vec![Fixed::from_int(-1)] };
    FieldType { name: name.into(), title: None, kind, placeholders, declared: true, required: false }
}

fn choice() -> Arc<Choice> {
    Arc::new(Choice::new(true, ["低", "Mid", "高"]))
}

/// The standard lead and a field of each other type.
fn schema() -> Schema {
    let mut fields = standard_fields();
    fields.extend([
        field("flag", Type::Bool),
        field("level", Type::Choice(choice())),
        field("levels", Type::Set(choice())),
        field("n", Type::Int),
        field("p", Type::Float),
        field("skus", Type::SetOfCode),
        field("t", Type::DateTime),
        field("tags", Type::SetOfText),
        field("x", Type::Decimal),
    ]);
    Schema::new(fields)
}

/// What a lead reads as: `field=value …`, then the issues.
fn shown(lead: &Lead, schema: &Schema) -> String {
    let mut reading = Reading::default();
    read(lead, schema, None, &shanghai(), &mut reading);
    let mut out = String::new();
    for (field, &datum) in schema.fields.iter().zip(&reading.fields) {
        if !matches!(datum, Datum::Missing) {
            out += &format!("{}={} ", field.name, show(datum, &reading));
        }
    }
    for issue in &reading.issues {
        out += &format!("! {}: {} ", issue.path, issue.message);
    }
    out.trim_end().to_owned()
}

fn show(datum: Datum<'_>, reading: &Reading<'_>) -> String {
    let texts = |range: Range| &reading.texts[range.start as usize..range.end as usize];
    match datum {
        Datum::Missing => "-".into(),
        Datum::Bool(it) => it.to_string(),
        Datum::Int(it) => it.to_string(),
        Datum::Decimal(it) => format!("{it}d"),
        Datum::Float(it) => format!("{it:?}f"),
        Datum::Text(it) => it.normal().into(),
        Datum::Code(it) => format!("#{}", it.exact()),
        Datum::Region(it) => format!("/{}", it.normal()),
        Datum::Date(it) => it.to_string(),
        Datum::Instant(it) => it.to_string(),
        Datum::Label(it) => format!("@{it}"),
        Datum::Labels(it) => format!("@{:?}", &reading.labels[it.start as usize..it.end as usize]),
        Datum::Texts(it) => format!("{:?}", texts(it).iter().map(|text| text.normal()).collect::<Vec<_>>()),
        Datum::Codes(it) => format!("{:?}", texts(it).iter().map(|text| text.exact()).collect::<Vec<_>>()),
        Datum::Raw(_) | Datum::RawCode(_) | Datum::Formed(_) | Datum::Kept(_) => "not of a lead".into(),
        Datum::List(rows) => {
            let (start, width) = (rows.start as usize, rows.width as usize);
            let cells = &reading.rows[start..start + rows.count as usize * width];
            let row = |row: &[Datum<'_>]| row.iter().map(|&it| show(it, reading)).collect::<Vec<_>>().join(",");
            format!("[{}]", cells.chunks(width).map(row).collect::<Vec<_>>().join(";"))
        }
    }
}

fn json(text: &str) -> Lead {
    Lead::from_json(text).expect(text)
}

#[track_caller]
fn reads(text: &str, expected: &str) {
    let schema = schema();
    let lead = json(text);
    assert_eq!(shown(&lead, &schema), expected, "{text}");
    // what serde_json makes of the same text, and of what we write, reads the same
    assert_eq!(serde_json::from_str::<Lead>(text).expect("a lead"), lead);
    let written = serde_json::to_string(&lead).expect("JSON");
    let front = |shown: &str| (shown.split('!').next().map(str::to_owned), shown.matches('!').count());
    assert_eq!(front(&shown(&json(&written), &schema)), front(expected), "{written}");
}

#[test]
fn numbers_are_read_by_their_digits() {
    reads(r#"{"n": 5}"#, "n=5");
    reads(r#"{"n": 5.0, "x": 5}"#, "n=5 x=5d");
    reads(r#"{"n": 5e3, "x": " 12.50 ", "p": 5}"#, "n=5000 p=5.0f x=12.5d");
    reads(r#"{"n": "9223372036854775807"}"#, "n=9223372036854775807");
    reads(r#"{"x": 1234567890123456.123456789012}"#, "x=1234567890123456.123456789012d");
    reads(r#"{"x": 0.1, "p": 0.1}"#, "p=0.1f x=0.1d");
    reads(r#"{"p": 1234567890123456789012345678901234567890}"#, "p=1.2345678901234568e39f");
    reads(r#"{"p": 1e-400}"#, "p=0.0f");
    reads(r#"{"n": 5.5}"#, "! n: expected int, found decimal `5.5`");
    reads(
        r#"{"n": 9223372036854775808}"#,
        "! n: expected int, found number `9223372036854775808`, which is out of range",
    );
    reads(r#"{"n": "abc"}"#, "! n: expected int, found text `abc`");
    reads(r#"{"p": 1e400}"#, "! p: expected float, found number `1e400`, which is out of range");
    reads(r#"{"p": "nan"}"#, "! p: expected float, found text `nan`");
    reads(
        r#"{"x": 0.0000000000001}"#,
        "! x: expected decimal, found number `0.0000000000001` with more than 12 digits after the point",
    );
    reads(r#"{"x": 1e400}"#, "! x: expected decimal, found number `1e400` with more than 16 digits before the point");
    reads(
        r#"{"x": 9223372036854775807}"#,
        "! x: expected decimal, found int `9223372036854775807` with more than 16 digits before the point",
    );
    reads(r#"{"x": true, "flag": 1}"#, "! flag: expected bool, found int `1` ! x: expected decimal, found bool `true`");
}

#[test]
fn what_means_nothing_is_missing_without_an_issue() {
    reads(
        r#"{"n": null, "x": "", "p": " ", "flag": "N/A", "t": "Ｎ／Ａ", "level": "", "levels": [], "skus": ["  ", null]}"#,
        "",
    );
    reads(r#"{"n": -1, "x": -1.0, "p": "-1"}"#, "");
    reads(r#"{"activities": "", "region": " / / ", "products": ""}"#, "");
    reads(r#"{"activities": []}"#, "activities=[]");
}

#[test]
fn labels_and_sets_are_found_by_normal_form() {
    reads(r#"{"level": " ＭＩＤ ", "levels": ["高", "低", " 高 ", "n/a"]}"#, "level=@1 levels=@[0, 2]");
    reads(
        r#"{"level": "无", "levels": ["高", "无", 7]}"#,
        "levels=@[2] ! level: expected a label of the ordered choice, found text `无` ! levels[1]: expected a label of the set, found text `无` ! levels[2]: expected text, found int `7`",
    );
    reads(
        r#"{"tags": ["b", "Ａ", "a "], "skus": ["b", "B", " b"], "levels": "mid"}"#,
        r#"levels=@[1] skus=["B", "b"] tags=["a", "b"]"#,
    );
    reads(r#"{"tags": {"a": 1}}"#, "! tags: expected set of text, found an object");
    reads(
        r#"{"flag": "TRUE", "id": " A-1 ", "region": "中国/广东", "company": "ＡＢＣ"}"#,
        "company=abc flag=true id=#A-1 region=/中国/广东",
    );
    reads(r#"{"id": 5}"#, "! id: expected code, found int `5`");
}

#[test]
fn times_are_read_in_the_zone() {
    reads(
        r#"{"t": "2026-11-01T08:00:00+08:00", "last_contact": "2026-11-01"}"#,
        "last_contact=2026-11-01 t=2026-11-01T00:00:00Z",
    );
    reads(
        r#"{"t": "2026-11-01", "last_contact": "2026-10-31T16:00:00Z"}"#,
        "last_contact=2026-11-01 t=2026-10-31T16:00:00Z",
    );
    reads(r#"{"t": "2026-11-01 08:00:00.5"}"#, "t=2026-11-01T00:00:00.5Z");
    reads(r#"{"t": "2026-02-30"}"#, "! t: expected datetime, found text `2026-02-30`");
    reads(
        r#"{"t": "9999-12-31 12:00"}"#,
        "! t: expected datetime, found text `9999-12-31 12:00`, which is out of range",
    );
    reads(r#"{"last_contact": 20261101}"#, "! last_contact: expected date, found int `20261101`");
}

#[test]
fn elements_are_records() {
    reads(
        r#"{"activities": [{"kind": "DEMO", "at": "2026-11-01", "x": 1}, {"points": "abc"}, 5, {"at": " ", "note": "n"}, null]}"#,
        "activities=[demo,2026-10-31T16:00:00Z,-,-,-;-,-,-,-,-;-,-,-,-,n] \
         ! activities[1].at: expected datetime, found nothing ! activities[1].points: expected decimal, found text `abc` \
         ! activities[2]: expected an object, found int `5` ! activities[3].at: expected datetime, found nothing",
    );
    reads(r#"{"purchases": {"at": 1}}"#, "! purchases: expected list, found an object");
}

#[test]
fn unknown_fields_are_reported_by_check_only() {
    let lead = json(r#"{"nn": 1, "n": 1, "activities": [{"at": "2026-11-01", "knd": "demo"}]}"#);
    assert_eq!(shown(&lead, &schema()), "activities=[-,2026-10-31T16:00:00Z,-,-,-] n=1");
    let issues = check(&lead, &schema(), &shanghai());
    let paths: Vec<_> = issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(paths, ["nn", "activities[0].knd"]);
}

#[test]
fn unwanted_fields_are_not_read() {
    let (lead, schema) = (json(r#"{"n": "abc", "x": 1}"#), schema());
    let wanted = [schema.slot("x").expect("a field")];
    let mut reading = Reading::default();
    read(&lead, &schema, Some(&wanted), &shanghai(), &mut reading);
    assert!(reading.issues.is_empty());
    assert_eq!(reading.fields.iter().filter(|datum| !matches!(datum, Datum::Missing)).count(), 1);
}

#[test]
fn setters_and_getters_agree() {
    let lead = Lead::new()
        .with_id("L-1")
        .with_employees(5000)
        .with_deal_size(800_000)
        .with_last_contact(date(2026, 11, 1))
        .with_created_at(Timestamp::UNIX_EPOCH)
        .with_contacted(true)
        .with_products(["ERP", "CRM"])
        .with_activities([Activity::new(Timestamp::UNIX_EPOCH).with_kind("demo").with_points(5)])
        .with("注册资金", 1.5)
        .with("budget", None::<i64>);
    assert_eq!(lead.id(), Some("L-1"));
    assert_eq!(lead.employees(), Some(5000));
    assert_eq!(lead.deal_size(), Some(800_000.into()));
    assert_eq!(lead.budget(), None);
    assert_eq!(lead.products(), Some(vec!["ERP", "CRM"]));
    assert_eq!(lead.activities().map(|them| them[0].kind().map(str::to_owned)), Some(Some("demo".to_owned())));
    let read_back = json(&serde_json::to_string(&lead).expect("JSON"));
    assert_eq!(read_back.last_contact(), lead.last_contact());
    assert_eq!(read_back.created_at(), lead.created_at());
    assert_eq!(read_back.deal_size(), lead.deal_size());
    assert_eq!(shown(&read_back, &schema()), shown(&lead, &schema()));
    // names are the same in any normal form
    assert_eq!(Lead::new().with("cafe\u{301}", 1).get("café"), Some(&Value::Int(1)));
}

#[test]
fn standard_fields_are_those_of_the_language() {
    let fields = standard_fields();
    assert_eq!(fields.len(), 33);
    let purchases = fields.iter().find(|field| &*field.name == "purchases").expect("a field");
    let Type::List(elements) = &purchases.kind else { unreachable!("purchases are a list") };
    let shown: Vec<_> = elements.iter().map(|it| format!("{} {} {}", it.name, it.kind, it.required)).collect();
    assert_eq!(shown, ["at datetime true", "amount decimal false", "product text false", "quantity int false"]);
}

#[test]
fn text_that_is_no_lead_is_refused_with_its_place() {
    for (text, message) in [
        ("", "malformed JSON: expected a value, found the end of the text at line 1, column 1"),
        (" [1]", "expected an object, found a list at line 1, column 2"),
        ("{\n \"a\": 1,\n \"a\": 2}", "duplicate key at line 3, column 2 in `a`"),
        ("{\"a\": null, \"a\": null}", "duplicate key at line 1, column 13 in `a`"),
        (
            "{\"activities\": [{}, {\"at\": 01}]}",
            "malformed JSON: expected `,` or `}`, found `1` at line 1, column 29 in `activities[1]`",
        ),
        ("{\"é\": \"\\ud800\"}", "malformed JSON: half of a surrogate pair is no character at line 1, column 8 in `é`"),
        (
            "{\"a\": \"\\ud800\\u0041\"}",
            "malformed JSON: half of a surrogate pair is no character at line 1, column 8 in `a`",
        ),
        ("{\"a\": NaN}", "malformed JSON: expected a value, found `N` at line 1, column 7 in `a`"),
        (
            "{\"a\": 1,}",
            "malformed JSON: expected another key: there is a comma too many, found `}` at line 1, column 9",
        ),
        ("{\"a\": 1} x", "malformed JSON: expected the end of the text, found `x` at line 1, column 10"),
        (
            "{\"a\": \"x",
            "malformed JSON: expected `\"` at the end of the text value, found the end of the text at line 1, column 9 in `a`",
        ),
        ("{\"a\": \"\n\"}", "malformed JSON: a control character inside a text at line 1, column 8 in `a`"),
    ] {
        let error = Lead::from_json(text).expect_err(text);
        assert!(error.to_string().starts_with(&format!("{message}: ")), "{text}: {error}");
        assert!(serde_json::from_str::<Lead>(text).is_err(), "{text}");
    }
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let error = Lead::from_json(&deep).expect_err("too deep").to_string();
    assert!(
        error.starts_with("lists and objects nest deeper than 64 levels at line 1, column 70 in `a[0][0]"),
        "{error}"
    );
    assert_eq!(json("{\"a\": \"\\ud83d\\ude00\\n\"}").get("a"), Some(&Value::from("😀\n")));
}

#[test]
fn serde_json_hands_over_raw_text_under_our_token() {
    let read: Value = serde_json::from_str("0.1000000000000000055511151231257827").expect("a value");
    assert_eq!(read, Value::Number("0.1000000000000000055511151231257827".into()));
    assert_eq!(serde_json::to_string(&read).expect("JSON"), "0.1000000000000000055511151231257827");
    // through another model of data: by the shortest form
    let tree = serde_json::json!({ "a": 0.1, "b": [1, "x", null], "c": { "d": u64::MAX } });
    let lead: Lead = serde_json::from_value(tree).expect("a lead");
    assert_eq!(lead.get("a"), Some(&Value::Decimal("0.1".parse().expect("a decimal"))));
    let other = serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new([("a", 0.1_f64)].into_iter());
    let lead = <Lead as serde::Deserialize>::deserialize(other).expect("a lead");
    assert_eq!(lead.get("a"), Some(&Value::Decimal("0.1".parse().expect("a decimal"))));
    assert_eq!(serde_json::to_string(&Value::Number("not a number".into())).expect("JSON"), "\"not a number\"");
}

#[test]
fn leads_are_read_inside_other_things() {
    #[derive(serde::Deserialize)]
    struct Job {
        lead: Lead,
        #[serde(flatten)]
        rest: Lead,
    }
    let text = r#"{"lead": {"x": 0.10000000000000000001, "y": [{"z": null}]}, "a": 1, "b": {"c": 2.5}}"#;
    let from_reader = serde_json::from_reader::<_, Job>(text.as_bytes()).expect("a job");
    let job = serde_json::from_str::<Job>(text).expect("a job");
    assert_eq!(job.lead, from_reader.lead);
    assert_eq!(job.rest, json(r#"{"a": 1, "b": {"c": 2.5}}"#));
}

#[test]
fn one_value_is_read_by_itself() {
    let (value, field) = (Value::from("12.50"), field("x", Type::Decimal));
    let mut reading = Reading::default();
    let datum = read_value(&value, &field, &shanghai(), Path::Field("x"), &mut reading);
    assert_eq!(show(datum, &reading), "12.5d");
}
