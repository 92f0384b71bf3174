//! The next change by time alone: nothing changes before it, and something does at it. On generated rule files and leads,
//! and on rules full of time in zones whose clocks jump.

use crate::draw::Draw;
use crate::scene::{load, numbered};
use crate::support::{differences, lead, previous};
use gradus::{At, Context, Lead, Outcome, Population, RuleSet};
use gradus_testkit::{Json, Reference};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// How many pairs of a rule set and a lead to look at, without `GRADUS_PAIRS` and at least: few generated leads have a
/// change to come.
const PAIRS: usize = 250;

fn pairs() -> usize {
    std::env::var("GRADUS_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(PAIRS).max(PAIRS)
}

/// Zones with summer time, with midnights that do not exist or come twice, with days left out or repeated, with an offset
/// of a quarter of an hour, and without anything.
const ZONES: [&str; 11] = [
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Shanghai",
    "America/St_Johns",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Juneau",
    "UTC",
];

const NANOSECOND: SignedDuration = SignedDuration::from_nanos(1);

/// Numbers of scenes, from two places in turn.
fn numbers() -> impl Iterator<Item = u64> {
    (0..).flat_map(|number| [number, 100_000 + number])
}

/// The first instants of dates in a zone, found by looking at every quarter of an hour: clocks jump at whole minutes, so
/// each quarter with two dates is walked.
fn starts_of_dates(from: Timestamp, days: i64, zone: &TimeZone) -> Vec<Timestamp> {
    let date = |instant: Timestamp| zone.to_datetime(instant).date();
    let mut starts = Vec::new();
    let mut instant = from;
    let step = SignedDuration::from_mins(15);
    for _ in 0..days * 96 {
        let Ok(next) = instant.checked_add(step) else { break };
        if date(instant) != date(next) {
            let (mut before, mut after) = (instant.as_nanosecond(), next.as_nanosecond());
            while after - before > 1 {
                let middle = (before + after) / 2;
                let is_new = date(Timestamp::from_nanosecond(middle).unwrap()) != date(instant);
                if is_new { after = middle } else { before = middle }
            }
            starts.push(Timestamp::from_nanosecond(after).unwrap());
        }
        instant = next;
    }
    starts
}

/// Every instant that a lead holds.
fn instants_of(json: &Json, zone: &TimeZone, found: &mut Vec<Timestamp>) {
    match json {
        Json::Object(entries) => entries.iter().for_each(|(_, value)| instants_of(value, zone, found)),
        Json::Array(values) => values.iter().for_each(|value| instants_of(value, zone, found)),
        Json::Text(text) => {
            if let Ok(instant) = text.parse::<Timestamp>() {
                found.push(instant);
            } else if let Ok(civil) = text.parse::<jiff::civil::DateTime>() {
                found.extend(zone.to_ambiguous_timestamp(civil).compatible().ok());
            }
        }
        _ => {}
    }
}

/// Instants after one at which something may change: days that begin, and whole hours since what the lead holds; and
/// instants anywhere.
fn watched(json: &Json, from: Timestamp, until: Timestamp, zone: &TimeZone, draw: &mut Draw) -> Vec<Timestamp> {
    let mut watched = starts_of_dates(from, 70, zone);
    let mut held = Vec::new();
    instants_of(json, zone, &mut held);
    held.truncate(4);
    for instant in held {
        let hour = SignedDuration::from_hours(1);
        let ahead = from.duration_since(instant).as_hours();
        let first = instant.checked_add(SignedDuration::from_hours(ahead)).unwrap_or(from);
        watched.extend((0..60).filter_map(|hours| first.checked_add(hour * hours).ok()));
        watched.push(instant);
    }
    let span = until.duration_since(from);
    let seconds = usize::try_from(span.as_secs()).unwrap_or(0).max(1);
    let anywhere = (0..20).map(|_| i64::try_from(draw.below(seconds)).unwrap());
    watched.extend(anywhere.filter_map(|seconds| from.checked_add(SignedDuration::from_secs(seconds)).ok()));
    let near = (0..15).map(|_| i64::try_from(draw.below(seconds.min(40 * 86_400))).unwrap());
    watched.extend(near.filter_map(|seconds| until.checked_sub(SignedDuration::from_secs(seconds)).ok()));
    let around = watched.iter().flat_map(|at| [at.checked_sub(NANOSECOND), Ok(*at), at.checked_add(NANOSECOND)]);
    let mut all: Vec<Timestamp> = around.flatten().filter(|at| from < *at && *at < until).collect();
    all.extend(until.checked_sub(NANOSECOND).ok().filter(|last| from < *last));
    all.sort_unstable();
    all.dedup();
    all
}

/// What is wrong with the next change of a lead, by the outcomes of the library itself.
fn fault(
    rules: &RuleSet,
    json: &Json,
    at: &At,
    context: Context<'_>,
    draw: &mut Draw,
) -> (Option<String>, Option<Timestamp>) {
    let lead = lead(json);
    let before = rules.evaluate_with(&lead, at, context);
    let change = rules.next_change_with(&lead, at, context);
    let until = change.as_ref().map_or("9000-01-01T00:00:00Z".parse().unwrap(), gradus::Change::at);
    if let Some(change) = &change {
        let after = rules.evaluate_with(&lead, &At::new(until, at.zone().clone()), context);
        if (after == before) != change.is_open()
            || *change.after() != after
            || *change.before() != before
            || until <= at.now()
        {
            return (Some(format!("{until}: {before:?}\nis not followed by {after:?}")), Some(until));
        }
        if change.transition().is_empty() != change.is_open()
            || change.transition().differences().iter().any(|it| !it.causes.time)
        {
            return (Some(format!("{until}: {:?}", change.transition())), Some(until));
        }
    }
    for instant in watched(json, at.now(), until, at.zone(), draw) {
        let now = rules.evaluate_with(&lead, &At::new(instant, at.zone().clone()), context);
        if now != before {
            let answer = change.map(|change| (change.at(), change.is_open()));
            return (Some(format!("{instant}, before {answer:?}: {before:?}\nis already {now:?}")), Some(until));
        }
    }
    (None, change.filter(|change| !change.is_open()).map(|change| change.at()))
}

#[test]
fn on_generated_rule_files() {
    let (mut seen, mut scenes, mut changes) = (0, 0, 0);
    for number in numbers() {
        if seen >= pairs() {
            break;
        }
        let scene = numbered(number);
        // a promised `unique` can be refused
        let Ok(rules) = load(&scene, &scene.files) else { continue };
        let at = rules.at(scene.at);
        let last = scene.previous.as_ref().map(previous);
        let population =
            scene.population.as_ref().map(|leads| Population::measure(&rules, leads.iter().map(lead), &at));
        let context = Context::default().with_previous(&last).with_population(&population);
        for json in &scene.leads {
            let (fault, answer) = fault(&rules, json, &at, context, &mut Draw(number));
            if let Some(fault) = fault {
                let printed: String = scene.files.iter().map(gradus::syntax::print).collect();
                panic!("scene {number} at {} in {:?}: {fault}\n{json}\n{printed}", scene.at, at.zone());
            }
            changes += usize::from(answer.is_some());
            seen += 1;
        }
        scenes += 1;
    }
    println!("{seen} leads of {scenes} scenes, {changes} with a change to come");
    assert!(changes > 0);
}

/// The same against the reference interpreter, which shares nothing with the library: at the answer, around it, and at
/// some instants before it.
#[test]
fn by_the_reference_interpreter() {
    let (mut seen, mut changes) = (0, 0);
    for number in numbers() {
        if seen >= pairs() / 2 {
            break;
        }
        let scene = numbered(number);
        let Ok(rules) = load(&scene, &scene.files) else { continue };
        let reference = Reference::new(&scene.files, &scene.params);
        let at = rules.at(scene.at);
        let last = scene.previous.as_ref().map(previous);
        let population =
            scene.population.as_ref().map(|leads| Population::measure(&rules, leads.iter().map(lead), &at));
        let measured = scene.population.as_ref().map(|leads| reference.measure(leads, scene.at, scene.zone));
        let context = Context::default().with_previous(&last).with_population(&population);
        let outcome = |json: &Json, at: Timestamp| {
            reference.evaluate_measured(json, at, scene.zone, scene.previous.as_ref(), measured.as_ref())
        };
        for json in &scene.leads {
            let before = outcome(json, scene.at);
            let change = rules.next_change_with(&lead(json), &at, context);
            // decay over centuries takes the reference's fractions for ever
            let far = scene.at + SignedDuration::from_hours(24 * 365 * 10);
            let change = change.filter(|change| change.at() < far);
            let until = change.as_ref().map_or(far, gradus::Change::at);
            let mut draw = Draw(number);
            let mut instants = watched(json, scene.at, until, at.zone(), &mut draw);
            let last = instants.pop();
            let some: Vec<Timestamp> =
                (0..6).filter(|_| !instants.is_empty()).map(|_| instants[draw.below(instants.len())]).collect();
            for instant in some.into_iter().chain(last) {
                let found = differences(&before, &outcome(json, instant));
                assert!(found.is_empty(), "scene {number}, {instant} before {until}: {found:?}\n{json}");
            }
            if let Some(change) = change {
                let found = differences(&before, &outcome(json, until));
                assert_eq!(found.is_empty(), change.is_open(), "scene {number} at {until}: {found:?}\n{json}");
                changes += usize::from(!change.is_open());
            }
            seen += 1;
        }
    }
    println!("{seen} leads, {changes} with a change to come");
    assert!(changes > 0);
}

/// A condition on the time, of every kind.
fn condition(draw: &mut Draw) -> String {
    let field = |draw: &mut Draw| draw.pick(&["created_at", "last_contact", "expected_close"]);
    let number = |draw: &mut Draw| ["0", "1", "2", "7", "29", "30", "90", "365", "1000"][draw.below(9)];
    let compared = |draw: &mut Draw| draw.pick(&["<", "<=", ">", ">=", "==", "!="]);
    let (x, y, n, op) = (field(draw), field(draw), number(draw), compared(draw));
    let unit = draw.pick(&["days", "weeks", "months", "years"]);
    let positive = ["1", "2", "3", "12", "30"][draw.below(5)];
    match draw.below(24) {
        0 => format!("days_since({x}) {op} {n}"),
        1 => format!("months_since({x}) {op} {n}"),
        2 => format!("hours_since({x}) {op} {n}"),
        3 => format!("{x} within last {positive} {unit}"),
        4 => format!("{x} within next {positive} {unit}"),
        5 => format!("days_since({x}) - days_since({y}) {op} {n}"),
        6 => format!("hours_since({x}) - hours_since({y}) {op} {n}"),
        7 => format!("{x} {op} today"),
        8 => format!("created_at {op} now"),
        9 => format!("month({x}) == month(today)"),
        10 => format!("day({x}) == day(today) and month({x}) == month(today)"),
        11 => format!("weekday(today) {op} {}", draw.below(8)),
        12 => format!("day(today) {op} {}", draw.below(33)),
        13 => format!("year(today) - year({x}) {op} {}", draw.below(5)),
        14 => format!("half_life(deal_size, {x}, 30 days) {op} {n}"),
        15 => format!("linear_decay(deal_size, {x}, 90 days) {op} {n}"),
        16 => format!("step_decay(deal_size, {x}, 25%, 1 months) {op} {n}"),
        17 => format!("cliff(deal_size, {x}, {positive} {}) {op} {n}", draw.pick(&["days", "months"])),
        18 => format!("count(activities where .at within last {positive} {unit}) {op} {}", draw.below(3)),
        19 => format!("sum(half_life(.points, .at, 7 days) of activities where .points > 0) {op} {n}"),
        20 => format!("max(days_since(.at) of activities) {op} {n}"),
        21 => format!("any(activities where hours_since(.at) {op} {n})"),
        22 => format!("min(days_since({x}), days_since({y})) * 2 {op} {n}"),
        _ => format!("coalesce({x}, today) {op} today"),
    }
}

/// Rules full of time.
fn timely(draw: &mut Draw, zone: &str) -> String {
    let (a, b, c, d, e) = (condition(draw), condition(draw), condition(draw), condition(draw), condition(draw));
    let points = draw.pick(&[
        "half_life(deal_size, created_at, 30 days)",
        "linear_decay(deal_size, last_contact, 4 weeks)",
        "step_decay(deal_size, created_at, 50%, 2 weeks)",
        "-hours_since(created_at)",
        "round(days_since(created_at) / 100, 0)",
        "10 - months_since(last_contact)",
        "sum(cliff(.points, .at, 3 months) of activities)",
        "10",
    ]);
    let fades = draw.one_in(3);
    let points = if fades { points } else { "10" };
    format!(
        r#"zone "{zone}"
classify kind {{ ({a}) and not ({b}) => "a", {b} => "b" }}
score heat clamp [-1000..1000] {{
  indicator one {{ {c} => {points}, last_contact is present => 5 }}
  indicator two sum {{ {d} => 3, not ({e}) => 4, ({a}) or ({e}) => skip }}
  grades {{ [20..] => "hot", [0..20) => "warm", [..0) => "cold" }}
}}
tags marks when not ({a}) {{ {e} => "e", heat.grade >= "warm" and ({b}) => "f" }}
"#
    )
}

/// A lead whose times lie around an instant.
fn lead_at(draw: &mut Draw, around: Timestamp) -> Json {
    let instant = |draw: &mut Draw| {
        let hours = i64::try_from(draw.below(24 * 900)).unwrap() - 24 * 500;
        let seconds = if draw.one_in(2) { 0 } else { i64::try_from(draw.below(3600)).unwrap() };
        (around + SignedDuration::from_secs(hours * 3600 + seconds)).to_string()
    };
    let day = |text: &str| text[..10].to_owned();
    let mut entries =
        vec![("deal_size".to_owned(), Json::Text(draw.pick(&["100", "37.5", "-20", "0.000001"]).to_owned()))];
    if !draw.one_in(5) {
        entries.push(("created_at".to_owned(), Json::Text(instant(draw))));
    }
    if !draw.one_in(5) {
        entries.push(("last_contact".to_owned(), Json::Text(day(&instant(draw)))));
    }
    if !draw.one_in(3) {
        entries.push(("expected_close".to_owned(), Json::Text(day(&instant(draw)))));
    }
    if !draw.one_in(3) {
        let one = |draw: &mut Draw, at: String| {
            let points = Json::Text(draw.pick(&["5", "0.5", "-3"]).to_owned());
            Json::Object(vec![("at".to_owned(), Json::Text(at)), ("points".to_owned(), points)])
        };
        let list = (0..draw.below(4)).map(|_| {
            let at = instant(draw);
            one(draw, at)
        });
        let list: Vec<Json> = list.collect();
        entries.push(("activities".to_owned(), Json::Array(list)));
    }
    Json::Object(entries)
}

#[test]
fn in_zones_whose_clocks_jump() {
    let (mut seen, mut changes) = (0, 0);
    while seen < pairs() {
        let mut draw = Draw(u64::try_from(seen).unwrap() + 77);
        let zone = ZONES[seen % ZONES.len()];
        let text = timely(&mut draw, zone);
        let rules = RuleSet::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        let days = [
            date(2017, 10, 14), // the midnight of the 15th does not exist in São Paulo
            date(2026, 3, 27),
            date(2024, 2, 28),
            date(2026, 10, 24),
            date(2011, 12, 28), // the 30th does not exist in Apia
            date(2006, 10, 28), // midnight came twice in St John's
            date(2026, 12, 30),
            date(1867, 10, 17), // the 18th came twice in Juneau
        ];
        let day = days[draw.below(days.len())];
        let hours = i64::try_from(draw.below(96)).unwrap();
        let at = rules.at(day.to_zoned(TimeZone::UTC).unwrap().timestamp() + hours.hours());
        for _ in 0..5 {
            let json = lead_at(&mut draw, at.now());
            let (fault, answer) = fault(&rules, &json, &at, Context::default(), &mut draw);
            assert!(fault.is_none(), "{} in {zone}: {}\n{json}\n{text}", at.now(), fault.unwrap());
            changes += usize::from(answer.is_some());
            seen += 1;
        }
    }
    println!("{seen} leads, {changes} with a change to come");
    assert!(changes * 2 > seen);
}

fn next(rules: &str, lead: &Lead, at: &str) -> Option<(String, Outcome)> {
    let rules = crate::support::load(rules);
    let change = rules.next_change(lead, &rules.at(at.parse().unwrap()))?;
    Some((change.at().to_string(), change.after().clone()))
}

fn next_at(rules: &str, lead: &Lead, at: &str) -> String {
    next(rules, lead, at).map_or("never".to_owned(), |(at, _)| at)
}

#[test]
fn a_day_begins_where_the_zone_begins_it() {
    let lead = || Lead::new().with_last_contact(date(2017, 10, 14));
    let tomorrow = |zone: &str| format!("zone \"{zone}\" tags t {{ days_since(last_contact) == 1 => \"t\" }}");
    let at = "2017-10-14T12:00:00Z";
    // clocks went from 23:59:59 to 01:00:00
    assert_eq!(next_at(&tomorrow("America/Sao_Paulo"), &lead(), at), "2017-10-15T03:00:00Z");
    assert_eq!(next_at(&tomorrow("Europe/Berlin"), &lead(), at), "2017-10-14T22:00:00Z");
    assert_eq!(next_at(&tomorrow("Asia/Shanghai"), &lead(), at), "2017-10-14T16:00:00Z");
    // a minute after midnight clocks were put back to yesterday
    let lead = Lead::new().with_last_contact(date(2006, 10, 28));
    let rules = crate::support::load(&tomorrow("America/St_Johns"));
    let changes = rules.changes(&lead, &rules.at("2006-10-28T12:00:00Z".parse().unwrap()), Context::default());
    let at: Vec<String> = changes.map(|change| change.at().to_string()).collect();
    let expected = ["2006-10-29T02:30:00Z", "2006-10-29T02:31:00Z", "2006-10-29T03:30:00Z", "2006-10-30T03:30:00Z"];
    assert_eq!(at, expected);
}

#[test]
fn months_and_leap_days() {
    let month = r#"tags t { months_since(last_contact) >= 1 => "t" }"#;
    let at = "2026-01-31T12:00:00Z";
    assert_eq!(next_at(month, &Lead::new().with_last_contact(date(2026, 1, 31)), at), "2026-02-28T00:00:00Z");
    assert_eq!(
        next_at(month, &Lead::new().with_last_contact(date(2024, 1, 31)), "2024-01-31T12:00:00Z"),
        "2024-02-29T00:00:00Z"
    );
    let year = r#"tags t { last_contact within last 1 years => "t" }"#;
    let lead = || Lead::new().with_last_contact(date(2024, 2, 29));
    assert_eq!(next_at(year, &lead(), "2024-03-01T00:00:00Z"), "2025-03-01T00:00:00Z");
    let birthday = r#"tags t { day(last_contact) == day(today) and month(last_contact) == month(today) => "t" }"#;
    assert_eq!(next_at(birthday, &lead(), "2024-03-01T00:00:00Z"), "2028-02-29T00:00:00Z");
    // 1900 and 2100 have none
    assert_eq!(next_at(birthday, &lead(), "2096-03-01T00:00:00Z"), "2104-02-29T00:00:00Z");
}

#[test]
fn centuries_are_not_walked() {
    let far = r#"tags t { days_since(last_contact) > 500_000 => "t" }"#;
    let lead = || Lead::new().with_last_contact(date(2026, 11, 21));
    assert_eq!(next_at(far, &lead(), "2026-11-21T12:00:00Z"), "3395-11-05T00:00:00Z");
    let hours = r#"tags t { hours_since(created_at) >= 10_000_000 => "t" }"#;
    let created = Lead::new().with_created_at("2026-11-21T09:30:00.000000001Z".parse::<Timestamp>().unwrap());
    assert_eq!(next_at(hours, &created, "2026-11-21T12:00:00Z"), "3167-09-08T01:30:00.000000001Z");
    // both grow for ever, and their difference does not
    let response = r#"tags t { hours_since(created_at) - hours_since(last_contact) > 24 => "t" }
                      classify c { days_since(created_at) - days_since(last_contact) > 3 => "slow" }"#;
    let lead = lead().with_created_at("2026-11-20T09:30:00Z".parse::<Timestamp>().unwrap());
    assert_eq!(next_at(response, &lead, "2026-11-21T12:00:00Z"), "never");
    assert_eq!(next_at(r#"classify c { employees > 5 => "x" }"#, &lead, "2026-11-21T12:00:00Z"), "never");
}

#[test]
fn decay_to_the_last_digit() {
    let rules = r#"score s { indicator i { always => half_life(0.000001, last_contact, 10 days) } }"#;
    let lead = || Lead::new().with_last_contact(date(2026, 11, 1));
    // half a millionth is rounded up, less is nothing
    assert_eq!(next_at(rules, &lead(), "2026-11-01T00:00:00Z"), "2026-11-12T00:00:00Z");
    let graded = r#"
        let warmth = half_life(100, last_contact, 10 days)
        classify c { warmth > 12.5 => "warm", otherwise => "cold" }
    "#;
    let (at, after) = next(graded, &lead(), "2026-11-01T00:00:00Z").unwrap();
    assert_eq!((at.as_str(), after.class("c")), ("2026-12-01T00:00:00Z", Some("cold")));
    assert_eq!(next_at(graded, &lead(), "2026-12-01T00:00:00Z"), "never");
}

#[test]
fn the_calendar_ends() {
    let daily = r#"score s { indicator i { always => days_since(last_contact) } }"#;
    let lead = || Lead::new().with_last_contact(date(2026, 11, 1));
    assert_eq!(next_at(daily, &lead(), "9999-12-29T12:00:00Z"), "9999-12-30T00:00:00Z");
    assert_eq!(next_at(daily, &lead(), "9999-12-30T00:00:00Z"), "never");
    assert_eq!(next_at(daily, &lead(), "9999-12-30T22:00:00.999999999Z"), "never");
    assert_eq!(next_at(daily, &lead(), "-009999-01-02T01:59:59Z"), "-009999-01-03T00:00:00Z");
}

/// All changes of a lead from an instant on: when, and whether they are open.
fn searches(rules: &str, lead: &Lead, at: &str) -> Vec<(Timestamp, bool)> {
    let rules = crate::support::load(rules);
    let changes: Vec<_> = rules.changes(lead, &rules.at(at.parse().unwrap()), Context::default()).take(20).collect();
    for change in &changes {
        assert_eq!(change.is_open(), change.transition().is_empty());
        let json = serde_json::to_value(change).unwrap();
        assert_eq!(json.get("open").is_some(), change.is_open(), "{json}");
    }
    changes.iter().map(|change| (change.at(), change.is_open())).collect()
}

#[test]
fn a_search_ends_before_the_calendar_does() {
    let (lead, at) = (Lead::new(), "2026-11-21T12:00:00Z");
    // each year comes close: more than a thousand years are looked at in one search, and the last of them says never
    let february = searches(r#"tags t { day(today) == 30 and month(today) == 2 => "t" }"#, &lead, at);
    assert!(february[0].0 > "3100-01-01T00:00:00Z".parse().unwrap(), "{february:?}");
    assert!(february.len() < 10 && february.iter().all(|(_, open)| *open), "{february:?}");
    assert!(february.windows(2).all(|two| two[0].0 < two[1].0), "{february:?}");
    // a change behind an open end is found from there
    let late = r#"tags t { (day(today) == 30 and month(today) == 2) or year(today) == 9000 => "t" }"#;
    let changes = searches(late, &lead, at);
    assert!(changes[0].1, "{changes:?}");
    let found: Vec<String> = changes.iter().filter(|(_, open)| !open).map(|(at, _)| at.to_string()).collect();
    assert_eq!(found, ["9000-01-01T00:00:00Z", "9001-01-01T00:00:00Z"]);
    // a product that could be 37 for all that is known of a week, and is not on any day: every day is looked at
    let daily = r#"tags t { day(today) * weekday(today) == 37 => "t" }"#;
    let changes = searches(daily, &lead, at);
    assert!(changes[0].1 && changes[0].0 > "2036-01-01T00:00:00Z".parse().unwrap(), "{changes:?}");
}

#[test]
fn what_moves_with_the_clock_does_not_move() {
    let lead = lead(&Json::parse(r#"{"activities": [{"kind": "call"}, {"kind": "mail"}]}"#).unwrap());
    for never in [
        "match { always => now } < now",
        "min(now, max(now, @2020-01-01T00:00:00Z)) != now",
        "max(coalesce(.at, now) of activities) < now",
        "min(max(today, @2020-01-01), @9999-12-31) < today",
        "hours_since(max(now, @2020-01-01T00:00:00Z)) > 0",
        "not (max(coalesce(today, @2026-03-01), @2020-11-21) within next 2 months)",
    ] {
        let found = searches(&format!("tags t {{ {never} => \"t\" }}"), &lead, "2026-11-21T12:00:00Z");
        assert_eq!(found, [], "{never}");
    }
}
