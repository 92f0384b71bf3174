//! Two fields with one name.

use gradus::Record;

#[derive(Record)]
struct Renamed {
    budget: i64,
    #[record(rename = "budget")]
    money: i64,
}

#[derive(Record)]
#[record(rename_all = "camelCase")]
struct Cased {
    deal_size: i64,
    #[allow(non_snake_case)]
    dealSize: i64,
}

fn main() {}
