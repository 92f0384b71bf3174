//! Not structs with named fields.

use gradus::Record;

#[derive(Record)]
struct Tuple(i64, String);

#[derive(Record)]
struct Unit;

#[derive(Record)]
enum Plan {
    Free,
}

#[derive(Record)]
union Bits {
    int: i64,
    float: f64,
}

fn main() {}
