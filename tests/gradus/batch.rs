//! Many leads at once give what one after another gives, in the same order.

use crate::scene;
use crate::support::{lead, load, shown};
use gradus::{At, FieldKind, FieldValue, Lead, Outcome, Record, RecordField, RuleSet, ToField};
use std::cell::Cell;
use std::sync::Arc;

/// How many generated rule sets to look at.
const SCENES: u64 = 64;

/// As many leads as several chunks hold, and one more.
const MANY: usize = 300;

/// What is looked up in tables, and what is computed.
const RULES: [&str; 2] = [
    "classify size on employees { [1000..) => \"large\", [100..1000) => \"medium\", present => \"small\" }
     tags hints { contacted => \"known\", city == \"上海\" => \"near\", not (employees >= 5) => \"tiny\" }",
    "let per_head = deal_size / employees
     score fit {
       indicator money weight 70% { per_head >= 50 => 100, per_head >= 5 => 40.5, otherwise => 0 }
       indicator known weight 30% on contacted { true => 100, false => 20, missing => skip }
       grades { [60..] => \"A\", [20..60) => \"B\", [..20) => \"C\" }
     }
     tags hints { fit.grade == \"A\" and city in { \"上海\", \"北京\" } => \"visit\" }",
];

/// A record of a host, with a value here and there.
struct Row {
    id: String,
    employees: Option<i64>,
    deal_size: Option<i64>,
    city: &'static str,
    contacted: Option<bool>,
}

impl Row {
    fn numbered(number: usize) -> Row {
        let whole = i64::try_from(number).unwrap();
        Row {
            id: format!("L-{number}"),
            employees: (!number.is_multiple_of(7)).then_some(whole * whole % 1_500),
            deal_size: (!number.is_multiple_of(5)).then_some(whole * 37 % 20_000),
            city: ["上海", "北京", "", "Bern"][number % 4],
            contacted: [None, Some(true), Some(false)][number % 3],
        }
    }

    fn many() -> Vec<Row> {
        (0..=MANY).map(Row::numbered).collect()
    }
}

impl Record for Row {
    fn fields() -> &'static [RecordField] {
        const {
            &[
                RecordField::new("id", FieldKind::Text),
                RecordField::new("employees", FieldKind::Int),
                RecordField::new("deal_size", FieldKind::Int),
                RecordField::new("city", FieldKind::Text),
                RecordField::new("contacted", FieldKind::Bool),
            ]
        }
    }

    fn value(&self, field: usize) -> FieldValue<'_> {
        match field {
            0 => FieldValue::Text(&self.id),
            1 => self.employees.to_field(),
            2 => self.deal_size.to_field(),
            3 => FieldValue::Text(self.city),
            4 => self.contacted.to_field(),
            _ => FieldValue::Missing,
        }
    }
}

/// The outcomes one by one, each in a room of its own.
fn singly(rules: &RuleSet, leads: &[Lead], at: &At) -> Vec<Outcome> {
    leads.iter().map(|lead| rules.evaluate(lead, at)).collect()
}

/// Equal as outcomes, and in everything that is written of them.
fn same(what: &str, found: &[Outcome], expected: &[Outcome]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(found, expected, "{what}: {place}");
        assert_eq!(shown(found), shown(expected), "{what}: {place}");
    }
}

/// Generated rule sets with their instants and leads: those that were drawn, backwards, and forwards again, so that each
/// has other neighbours too; often enough for several chunks where `many`.
fn generated(many: bool) -> impl Iterator<Item = (u64, RuleSet, At, Vec<Lead>)> {
    (0..SCENES).map(move |number| {
        let scene = scene::numbered(number);
        let rules = scene::load(&scene, &scene.files).unwrap_or_else(|error| panic!("scene {number}: {error}"));
        let at = rules.at(scene.at);
        let drawn: Vec<Lead> = scene.leads.iter().map(lead).collect();
        let mut leads: Vec<Lead> = drawn.iter().chain(drawn.iter().rev().skip(1)).chain(&drawn).cloned().collect();
        if many {
            leads = leads.iter().cycle().take(MANY).cloned().collect();
        }
        (number, rules, at, leads)
    })
}

#[test]
fn a_batch_says_what_each_lead_alone_says() {
    let mut evaluated = 0;
    for (number, rules, at, leads) in generated(false) {
        let expected = singly(&rules, &leads, &at);
        same(&format!("scene {number}"), &rules.evaluate_batch(&leads, &at), &expected);
        let streamed: Vec<Outcome> = rules.outcomes(&leads, &at).collect();
        same(&format!("scene {number}, streamed"), &streamed, &expected);
        evaluated += leads.len();
    }
    println!("{evaluated} leads");
}

#[test]
fn a_batch_of_records_says_what_each_alone_says() {
    let rows = Row::many();
    for text in RULES {
        let rules = load(text);
        let binding = rules.bind::<Row>().unwrap();
        let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
        let leads: Vec<Lead> = rows.iter().map(|row| binding.lead(row)).collect();
        let expected = singly(&rules, &leads, &at);
        assert!(
            expected.iter().any(|outcome| outcome.tags("hints").is_some_and(|tags| tags.len() > 0)),
            "no tags: {text}"
        );
        same("records", &binding.evaluate_batch(&rows, &at), &expected);
        same("leads", &rules.evaluate_batch(&leads, &at), &expected);
        assert_eq!(binding.evaluate_batch(&[], &at), []);
    }
}

#[test]
fn leads_may_be_owned_borrowed_or_shared() {
    let rules = load(RULES[0]);
    let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
    let leads: Vec<Lead> = (0..10).map(|employees| Lead::new().with_employees(employees * 200)).collect();
    let expected = singly(&rules, &leads, &at);
    let borrowed: Vec<&Lead> = leads.iter().collect();
    let shared: Vec<Arc<Lead>> = leads.iter().cloned().map(Arc::new).collect();
    assert_eq!(rules.evaluate_batch(&borrowed, &at), expected);
    assert_eq!(rules.evaluate_batch(&shared, &at), expected);
    assert_eq!(rules.outcomes(shared, &at).collect::<Vec<_>>(), expected);
    assert_eq!(rules.outcomes(leads, &at).collect::<Vec<_>>(), expected);
    assert_eq!(rules.evaluate_batch::<Lead>(&[], &at), []);
}

#[test]
fn outcomes_are_found_when_they_are_asked_for() {
    let rules = load(RULES[0]);
    let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
    let asked = Cell::new(0);
    let leads = (0..).inspect(|_| asked.set(asked.get() + 1)).map(|employees| Lead::new().with_employees(employees));
    let mut outcomes = rules.outcomes(leads, &at);
    assert_eq!(asked.get(), 0);
    let first = outcomes.next().unwrap();
    assert_eq!(asked.get(), 1);
    // it stands on its own: the next one does not change it
    let second = outcomes.nth(999).unwrap();
    assert_eq!((first.class("size"), second.class("size")), (Some("small"), Some("large")));
    assert_eq!(asked.get(), 1_001);
}

#[cfg(feature = "rayon")]
mod parallel {
    use super::{Lead, RULES, Row, generated, load, same};
    use rayon::{ThreadPool, ThreadPoolBuilder};

    fn pools() -> Vec<(usize, ThreadPool)> {
        let pool = |threads| (threads, ThreadPoolBuilder::new().num_threads(threads).build().unwrap());
        [1, 2, 3, 8].map(pool).into()
    }

    #[test]
    fn a_parallel_batch_is_the_batch() {
        let pools = pools();
        for (number, rules, at, leads) in generated(true) {
            let expected = rules.evaluate_batch(&leads, &at);
            // every number of threads meets every size of rule sets, which comes back every 16 scenes
            let (threads, pool) = &pools[usize::try_from(number / 16).unwrap() % pools.len()];
            let found = pool.install(|| rules.par_evaluate_batch(&leads, &at));
            same(&format!("scene {number}, {threads} threads"), &found, &expected);
        }
    }

    #[test]
    fn a_parallel_batch_of_records_is_the_batch() {
        let (rows, pools) = (Row::many(), pools());
        for text in RULES {
            let rules = load(text);
            let binding = rules.bind::<Row>().unwrap();
            let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
            let leads: Vec<Lead> = rows.iter().map(|row| binding.lead(row)).collect();
            // none, less than a chunk, about a chunk, several
            for length in [0, 1, 63, 64, 65, 128, 129, rows.len()] {
                let (rows, leads) = (&rows[..length], &leads[..length]);
                let expected = binding.evaluate_batch(rows, &at);
                for (threads, pool) in &pools {
                    let what = format!("{length} leads, {threads} threads");
                    same(&what, &pool.install(|| binding.par_evaluate_batch(rows, &at)), &expected);
                    same(&what, &pool.install(|| rules.par_evaluate_batch(leads, &at)), &expected);
                }
            }
        }
    }
}
