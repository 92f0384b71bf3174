//! Listings of small rule files, for people to read and to notice what a change of the compiler changes.
//!
//! `UPDATE_GOLDENS=1 cargo test --test gradus listing` writes those of today into `tests/goldens`.

use crate::support::{load, read};
use std::path::Path;
use std::{env, fs};

/// Three of four, and what to ask.
const BANT: &str = r#"
field budget    : decimal
field authority : choice { "decides", "influences", "uses" }
field needed    : bool
field start     : date

let b = budget >= 100_000.50
let a = authority == "decides"
let t = start < @2027-06-01
let bant = at_least(3, b, a, needed, t)

classify result { bant => "qualified", not bant => "not qualified", otherwise => "ask" }

score answers {
  indicator money weight 60% on budget { [500_000..) => 100, [100_000.50..500_000) => 60, missing => skip, otherwise => 0 }
  indicator who weight 40% on authority { "decides" => 100, "influences" => 50 }
  grades { [70..] => "A", otherwise => "B" }
}

tags ask when result == "ask" { budget is missing => "money", authority is missing => "who", start is missing => "when" }
"#;

/// Sets, texts, and conditions that are unions.
const TEXTS: &str = r#"
zone "Asia/Shanghai"
field uses    : set { "ERP", "CRM", "MES", "BI" }
field note    : text
field sector  : text
field key     : code
field made    : datetime
field chance  : float

tags found {
  uses contains any { "ERP", "MES" } or note contains any { "erp", "mes" }   => "factory",
  uses contains all { "CRM", "BI" } and not (uses contains "ERP")            => "office",
  note contains "cloud"                                                      => "office",
  sector == "Finance" or (sector == "retail" and chance > 0.25)              => "paying",
  sector not in { "finance", "retail" }                                      => "elsewhere",
  note matches r"^urgent" or note ends with "!"                              => "urgent",
  key starts with "A-" and made >= @2026-01-01T00:00:00+08:00                => "new",
  made within last 30 days                                                   => "fresh",
  uses is missing and note is missing                                        => "unknown",
}
"#;

/// Rules that ask what other rules gave.
const STAGES: &str = r#"
field size   : int
field orders : list { at: date, amount: decimal }
field step   : ordered choice { "lead", "demo", "offer", "won" }

let spent = sum(.amount of orders)
let idle  = days_since(last(.at of orders by .at))

tags marks { spent >= 1000 => "spends", size > 100 => "large", marks contains "spends" and idle > 90 => "sleeping" }
classify kind when step >= "demo" {
  marks contains all { "spends", "large" } => "key",
  marks contains "sleeping" or step == "won" => "keep",
  otherwise => "usual",
}
score heat clamp [0..50] {
  indicator often sum clamp [..30] { spent > 100 => 20, kind == "key" => 15, idle > 30 => -5 }
  indicator each { size is present => size * 0.5 }
  grades { [25..] => "hot", otherwise => "cold" }
}
classify next on kind, heat.grade { "key", "hot" => "visit", "key" | "keep", _ => "call", _, missing => "wait" }
"#;

#[test]
fn listings_say_what_they_said() {
    for (name, rules) in [("bant", BANT), ("texts", TEXTS), ("stages", STAGES)] {
        let listing = load(rules).listing();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/goldens/{name}.txt"));
        if env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&path, &listing).unwrap();
        }
        let golden = read(&path).replace("\r\n", "\n");
        assert!(listing == golden, "{name}: UPDATE_GOLDENS=1 writes the listing of today\n{listing}");
    }
}
