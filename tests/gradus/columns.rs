//! Leads by columns have the outcomes that each has alone.

use crate::scene;
use crate::support::{lead, load, shown};
use gradus::{At, Column, Columns, Lead, RuleSet, Text, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// How many generated rule sets to look at.
const SCENES: u64 = 64;

/// The values of one field in all leads, owned: as columns hold them.
#[derive(Debug)]
enum Held {
    Bools(Vec<bool>),
    Ints(Vec<i64>),
    Scaled(Vec<i64>, u32),
    Decimals(Vec<Decimal>),
    Floats(Vec<f64>),
    Labels(Vec<String>, Vec<u32>),
    Sets(Vec<String>, Vec<u32>, Vec<u32>),
    Texts(Vec<String>),
    Strings(Vec<String>),
    Forms(Vec<Text>),
    Dates(Vec<Date>),
    Instants(Vec<Timestamp>),
    Any(Vec<Value>),
}

/// A value of one kind in every lead that has one, and something else where there is none.
fn all<T: Clone>(values: &[Option<&Value>], absent: T, kind: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    values.iter().map(|value| value.map_or(Some(absent.clone()), &kind)).collect()
}

fn text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.original().to_owned()) } else { None }
}

fn members(value: &Value) -> Option<Vec<String>> {
    if let Value::List(list) = value { list.iter().map(text).collect() } else { None }
}

/// Each text once, and the place of each among them.
fn coded<'t>(texts: impl Iterator<Item = &'t String> + Clone) -> (Vec<String>, Vec<u32>) {
    let dictionary: Vec<String> = texts.clone().cloned().collect::<BTreeSet<_>>().into_iter().rev().collect();
    let code = |text: &String| dictionary.iter().position(|known| known == text).unwrap();
    let codes = texts.map(|text| u32::try_from(code(text)).unwrap()).collect();
    (dictionary, codes)
}

impl Held {
    /// The narrowest column that holds the values; texts in one of several ways.
    fn of(values: &[Option<&Value>], way: usize) -> Held {
        let decimal = |value: &Value| if let Value::Decimal(number) = value { Some(*number) } else { None };
        let cents = |value: &Value| {
            // messages show numbers as they are given, with all places
            let number = decimal(value).filter(|number| number.scale() == 2)?;
            i64::try_from(number.mantissa()).ok()
        };
        let int = |value: &Value| if let Value::Int(number) = value { Some(*number) } else { None };
        let bool = |value: &Value| if let Value::Bool(truth) = value { Some(*truth) } else { None };
        let float = |value: &Value| if let Value::Float(number) = value { Some(*number) } else { None };
        let date = |value: &Value| if let Value::Date(date) = value { Some(*date) } else { None };
        let instant = |value: &Value| if let Value::Instant(instant) = value { Some(*instant) } else { None };
        let texts = || all(values, "absent".to_owned(), text);
        let sets = || {
            let sets = all(values, vec!["absent".to_owned()], members)?;
            let (dictionary, codes) = coded(sets.iter().flatten());
            let ends = sets.iter().scan(0, |end, set| {
                *end += u32::try_from(set.len()).unwrap();
                Some(*end)
            });
            Some(Held::Sets(dictionary, std::iter::once(0).chain(ends).collect(), codes))
        };
        (all(values, true, bool).map(Held::Bools))
            .or_else(|| all(values, i64::MIN, int).map(Held::Ints))
            .or_else(|| all(values, i64::MAX, cents).map(|units| Held::Scaled(units, 2)))
            .or_else(|| all(values, Decimal::MAX, decimal).map(Held::Decimals))
            .or_else(|| all(values, f64::NAN, float).map(Held::Floats))
            .or_else(|| all(values, Date::MIN, date).map(Held::Dates))
            .or_else(|| all(values, Timestamp::MIN, instant).map(Held::Instants))
            .or_else(|| {
                let texts = texts()?;
                Some(match way % 4 {
                    0 => Held::Texts(texts),
                    1 => Held::Strings(texts),
                    2 => Held::Forms(texts.into_iter().map(Text::new).collect()),
                    _ => {
                        let (dictionary, codes) = coded(texts.iter());
                        Held::Labels(dictionary, codes)
                    }
                })
            })
            .or_else(sets)
            .unwrap_or_else(|| Held::Any(values.iter().map(|value| value.cloned().unwrap_or(Value::Null)).collect()))
    }
}

/// Leads as columns.
struct Table {
    count: usize,
    columns: Vec<(String, Held, Vec<bool>)>,
}

impl Table {
    fn of(leads: &[Lead], any: bool) -> Table {
        let names: BTreeSet<&str> = leads.iter().flat_map(|lead| lead.iter().map(|(name, _)| name)).collect();
        let columns = names.into_iter().enumerate().map(|(way, name)| {
            let values: Vec<Option<&Value>> = leads.iter().map(|lead| lead.get(name)).collect();
            let held = if any {
                Held::Any(values.iter().map(|value| value.cloned().unwrap_or(Value::Null)).collect())
            } else {
                Held::of(&values, way)
            };
            (name.to_owned(), held, values.iter().map(Option::is_some).collect())
        });
        Table { count: leads.len(), columns: columns.collect() }
    }

    /// Every lead by its columns as JSON; nothing when a rule set refuses the columns.
    fn evaluate(&self, rules: &RuleSet, at: &At) -> Option<Vec<String>> {
        let borrowed: Vec<Vec<&str>> = self
            .columns
            .iter()
            .map(|(_, held, _)| match held {
                Held::Labels(texts, _) | Held::Sets(texts, ..) | Held::Texts(texts) => {
                    texts.iter().map(String::as_str).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        let mut columns = Columns::new(self.count);
        for ((name, held, present), texts) in self.columns.iter().zip(&borrowed) {
            let column = match held {
                Held::Bools(values) => Column::bools(values),
                Held::Ints(values) => Column::ints(values),
                Held::Scaled(units, places) => Column::scaled(units, *places),
                Held::Decimals(values) => Column::decimals(values),
                Held::Floats(values) => Column::floats(values),
                Held::Labels(_, codes) => Column::labels(texts, codes),
                Held::Sets(_, starts, codes) => Column::sets(texts, starts, codes),
                Held::Texts(_) => Column::texts(texts),
                Held::Strings(values) => Column::strings(values),
                Held::Forms(values) => Column::forms(values),
                Held::Dates(values) => Column::dates(values),
                Held::Instants(values) => Column::instants(values),
                Held::Any(values) => Column::values(values),
            };
            columns = columns.with(name, column.with_present(present));
        }
        let outcomes = rules.evaluate_columns(&columns, at).ok()?;
        Some(outcomes.outcomes().map(|outcome| shown(&outcome).to_string()).collect())
    }
}

fn singly(rules: &RuleSet, leads: &[Lead], at: &At) -> Vec<String> {
    leads.iter().map(|lead| shown(&rules.evaluate(lead, at)).to_string()).collect()
}

#[test]
fn generated_leads_by_columns_say_what_each_alone_says() {
    let (mut narrow, mut evaluated) = (0, 0);
    for number in 0..SCENES {
        let scene = scene::numbered(number);
        let rules = scene::load(&scene, &scene.files).unwrap_or_else(|error| panic!("scene {number}: {error}"));
        let at = rules.at(scene.at);
        let leads: Vec<Lead> = scene.leads.iter().map(lead).collect();
        let expected = singly(&rules, &leads, &at);
        // values of wrong types make columns that cannot be read; as any values they can
        let table = Table::of(&leads, false).evaluate(&rules, &at);
        narrow += usize::from(table.is_some());
        let found = table.or_else(|| Table::of(&leads, true).evaluate(&rules, &at)).unwrap();
        assert_eq!(found, expected, "scene {number}");
        // a lead by itself has nothing but values of its own kind
        for lead in leads.chunks(1) {
            let table = Table::of(lead, false).evaluate(&rules, &at);
            narrow += usize::from(table.is_some());
            let found = table.or_else(|| Table::of(lead, true).evaluate(&rules, &at)).unwrap();
            assert_eq!(found, singly(&rules, lead, &at), "scene {number}");
            evaluated += 1;
        }
    }
    assert!(narrow * 2 > evaluated, "{narrow} of {evaluated} leads as columns of their kinds");
}

/// Looked up in tables alone: fields of every kind that is located column by column, asked and not asked.
const TABLES: &str = r#"
    field area : choice { "north", "N", "south", "east" }
    field wants : set { "erp", "crm", "mes", "bi", "wms" }
    field spare : choice { "a", "b" }
    field price : decimal
    field unasked : decimal
    classify size on employees { [1000..) => "large", [100..1000) => "medium", present => "small" }
    score fit {
      indicator price weight 60% on price { [0.005..0.015) => 7, [9999999999999999..) => 100, [..-1) => 1, missing => skip }
      indicator want weight 40% {
        wants contains any { "erp", "wms" } and need contains "系统" => 100,
        wants contains all { "mes", "bi" } or contacted => 50,
        wants is missing => 5,
      }
      grades { [50..] => "A", [..50) => "B" }
    }
    tags hints {
      area == "north" and need contains "cloud" => "north cloud", area in { "south", "east" } => "elsewhere",
      company ends with "公司" => "company", not contacted => "to call", price == 0.01 => "a cent",
    }
"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn leads_in_tables_say_what_each_alone_says(
        seeds in prop::collection::vec(any::<[u8; 8]>(), 1..700),
        unusual in any::<bool>(),
    ) {
        let rules = load(TABLES);
        let at = rules.at(Timestamp::UNIX_EPOCH);
        let leads: Vec<Lead> = seeds.iter().map(|seed| drawn(seed, unusual)).collect();
        let found = Table::of(&leads, false).evaluate(&rules, &at).unwrap();
        for (found, expected) in found.iter().zip(singly(&rules, &leads, &at)) {
            prop_assert_eq!(found, &expected);
        }
    }
}

/// A lead by a byte for each field; labels that nobody knows and numbers past the range among the unusual.
fn drawn(seed: &[u8; 8], unusual: bool) -> Lead {
    let mut lead = Lead::new();
    let of = |byte: u8, from: &[&'static str]| from.get(usize::from(byte) % (from.len() + 1)).copied();
    let regions: &[&str] =
        if unusual { &["north", "N", "south", "east", "west", ""] } else { &["north", "N", "south"] };
    let labels: &[&str] =
        if unusual { &["erp", "crm", "mes", "bi", "wms", "pdm"] } else { &["erp", "crm", "mes", "bi"] };
    let set: Vec<&str> = (0..labels.len()).filter(|bit| seed[1] >> bit & 1 == 1).map(|bit| labels[bit]).collect();
    let numbers = [0, 1, -1, 99, 100, 1000, i64::MAX, i64::MIN];
    let prices = ["0.00", "0.01", "0.02", "-1.00", "-1.01", "9999999999999998.99", "9999999999999999.00", "-0.01"];
    let past = ["10000000000000000.00", "-92233720368547758.08"];
    if let Some(region) = of(seed[0], regions) {
        lead.set("area", region);
    }
    if seed[1] & 0x80 == 0 {
        lead.set("wants", set);
    }
    if seed[2] & 0x80 == 0 {
        lead.set("employees", numbers[usize::from(seed[2]) % numbers.len()]);
    }
    let (plain, all) = (prices.as_slice(), [prices.as_slice(), &past].concat());
    for (field, byte) in [("price", seed[3]), ("unasked", seed[4])] {
        if let Some(price) = of(byte, if unusual { &all } else { plain }) {
            lead.set(field, price.parse::<Decimal>().unwrap());
        }
    }
    if let Some(need) = of(seed[5], &["一套ERP系统", "Cloud", "ｃｌｏｕｄ", "", " ", "系统"]) {
        lead.set("need", need);
    }
    if let Some(company) = of(seed[6], &["甲公司", "甲公司 ", "乙"]) {
        lead.set("company", company);
    }
    lead.set("spare", if unusual && seed[7].is_multiple_of(5) { "c" } else { "b" });
    if !seed[7].is_multiple_of(3) {
        lead.set("contacted", seed[7] % 3 == 1);
    }
    lead.set("id", format!("L{}", seed[7]));
    lead
}

#[test]
fn columns_that_do_not_fit_are_refused_all_at_once() {
    let rules = load("field area : choice { \"north\" } tags t { area == \"north\" and employees > 5 => \"x\" }");
    let columns = Columns::new(2)
        .with("employees", Column::bools(&[true, false]))
        .with("area", Column::labels(&["north"], &[0, 3]))
        .with("city", Column::texts(&["Bern"]))
        .with("city", Column::texts(&["Bern", "上海"]).with_present(&[true]))
        .with("products", Column::sets(&["erp"], &[0, 2, 1], &[0]));
    let error = rules.evaluate_columns(&columns, &rules.at(Timestamp::UNIX_EPOCH)).unwrap_err();
    let expected = "\
column `employees`: it holds bool, and the rule file declares int
column `area`: code 3 at place 1 is past the end of its dictionary of 1
column `city`: it has 1 values, and there are 2 leads
column `city`: there are two columns of this name
column `city`: it says of 1 values whether they are there, and there are 2 leads
column `products`: its starts have to ascend, and to end within its 1 codes";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn outcomes_are_asked_by_column_and_by_lead() {
    let rules = load(TABLES);
    let columns = Columns::new(3)
        .with("id", Column::texts(&["a", " b ", ""]))
        .with("employees", Column::ints(&[5000, 500, 0]).with_present(&[true, true, false]))
        .with("area", Column::labels(&["west", "south"], &[1, 0, 7]).with_present(&[true, true, false]));
    let outcomes = rules.evaluate_columns(&columns, &rules.at(Timestamp::UNIX_EPOCH)).unwrap();
    let hints = rules.tags_id("hints").unwrap();
    assert_eq!(outcomes.len(), 3);
    assert_eq!(
        outcomes.classes(rules.class_id("size").unwrap()).collect::<Vec<_>>(),
        [Some("large"), Some("medium"), None]
    );
    assert_eq!(outcomes.with_tag(hints, "Elsewhere").collect::<Vec<_>>(), [0]);
    assert_eq!(outcomes.with_tag(hints, "nowhere").count(), 0);
    let grades: Vec<_> = outcomes.scores(rules.score_id("fit").unwrap()).map(|score| score.unwrap().grade).collect();
    assert_eq!(grades, [Some("B"); 3]);
    assert_eq!((outcomes.data_issues(0).len(), outcomes.data_issues(1)[0].path.as_str()), (0, "area"));
    let ids: Vec<_> = outcomes.outcomes().map(|outcome| outcome.id().map(str::to_owned)).collect();
    assert_eq!(ids, [Some("a".to_owned()), Some("b".to_owned()), None]);
}

#[cfg(feature = "rayon")]
#[test]
fn threads_say_what_one_says() {
    let rules = load(TABLES);
    let at = rules.at(Timestamp::UNIX_EPOCH);
    let employees: Vec<i64> = (0..10_000).collect();
    let regions: Vec<u32> = (0..10_000).map(|lead| lead % 3).collect();
    let columns = Columns::new(employees.len())
        .with("employees", Column::ints(&employees))
        .with("area", Column::labels(&["north", "west", "south"], &regions));
    let (one, many) =
        (rules.evaluate_columns(&columns, &at).unwrap(), rules.par_evaluate_columns(&columns, &at).unwrap());
    assert!(one.outcomes().eq(many.outcomes()));
    assert_eq!(one.data_issues(4), many.data_issues(4));
    assert_eq!(many.data_issues(4).len(), 1);
}
