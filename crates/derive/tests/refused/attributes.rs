//! Attributes that say nothing, or too much; all of a struct are told at once.

use gradus::Record;

#[derive(Record)]
#[record(rename = "customer")]
struct Container {
    a: i64,
}

#[derive(Record)]
#[record(rename_all = "kebab-case")]
struct Case {
    a: i64,
    #[record(renamed = "b")]
    b: i64,
}

#[derive(Record)]
struct Fields {
    #[record(name = "x")]
    unknown: i64,
    #[record]
    empty: i64,
    #[record(rename)]
    no_value: i64,
    #[record(rename = 5)]
    no_text: i64,
    #[record(rename = "")]
    no_name: i64,
    #[record(rename = "x", rename = "y")]
    twice: i64,
    #[record(skip, rename = "x")]
    skipped: i64,
    #[record(places = 13)]
    places: i64,
    #[record(places = -1)]
    negative: i64,
    #[record(with = made)]
    no_kind: i64,
    #[record(kind = Text)]
    no_function: String,
    #[record(with = made, kind = Money)]
    no_such_kind: i64,
    #[record(places = 2, with = made, kind = Int)]
    both: i64,
}

fn main() {}
