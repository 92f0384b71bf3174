//! `gradus population`: measuring, merging, cut-offs, and what `run` and `explain` make of it.

use crate::Folder;
use serde_json::{Value, json};

const RULES: &str = r#"ruleset "80/20" version "1"
let revenue = deal_size
classify tier { cume_share(revenue) < 80% => "core", revenue is present => "rest" }
score rank { indicator r { always => 100 * percent_rank(revenue) + ntile(2, revenue) } }
"#;

const LEADS: &str = "id,deal_size\na,500\nb,300\nc,100\nd,60\ne,40\nf,\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.file("pareto.gradus", RULES);
    folder.file("leads.csv", LEADS);
    folder
}

const AT: [&str; 2] = ["--at", "2026-11-21"];

#[test]
fn tables_of_measures_and_cut_offs() {
    let folder = folder();
    let done = folder.gradus(["population", "pareto.gradus", "leads.csv"].iter().chain(&AT)).exits(0);
    let expected = "\
6 leads, measured at 2026-11-21T00:00:00+00:00

measure  values  least  greatest  precision
───────  ──────  ─────  ────────  ─────────
revenue  5       40     500       exact

rank                 condition  from  below  leads
───────────────────  ─────────  ────  ─────  ─────
ntile(2, revenue)    >= 2       300   100    2
cume_share(revenue)  < 0.8      300   100    2
";
    assert_eq!(done.out, expected);
}

#[test]
fn measured_once_and_used_later() {
    let folder = folder();
    let measure = ["population", "pareto.gradus", "leads.csv", "--out", "measured.json", "--format", "json"];
    let done = folder.gradus(measure.iter().chain(&AT)).exits(0);
    let printed: Value = serde_json::from_str(&done.out).expect("JSON");
    let expected = json!({
        "leads": 6,
        "measured": ["2026-11-21T00:00:00+00:00", "2026-11-21T00:00:00+00:00"],
        "exact_up_to": 1_000_000,
        "measures": [{"expression": "revenue", "values": 5, "least": "40", "greatest": "500", "exact": true}],
        "cut_offs": [
            {"rank": "ntile(2, revenue)", "condition": ">= 2", "from": "300", "below": "100", "leads": 2},
            {"rank": "cume_share(revenue)", "condition": "< 0.8", "from": "300", "below": "100", "leads": 2},
        ],
    });
    assert_eq!(printed, expected);

    let run = |population: &str| {
        let arguments = ["run", "pareto.gradus", "leads.csv", "--format", "jsonl", "--population", population];
        folder.gradus(arguments.iter().chain(&AT)).exits(0).out
    };
    assert_eq!(run("measured.json"), run("leads.csv"));
    assert!(run("measured.json").contains("\"tier\":\"core\""));
    let pretty: Value = serde_json::from_str(&folder.read("measured.json")).expect("JSON");
    assert_eq!(pretty["gradus_population"], 1);
    // laid out by others, and packed
    let text = folder.read("measured.json").replacen('{', "\u{feff}{\n  ", 1);
    folder.file("laid_out.json.gz", crate::gzip(text.as_bytes()));
    assert_eq!(run("laid_out.json.gz"), run("leads.csv"));
    let explain = ["explain", "pareto.gradus", "leads.csv", "--id", "b", "--population", "measured.json"];
    folder.gradus(explain.iter().chain(&AT)).exits(0).prints("population is 6 leads, exact");
}

#[test]
fn parts_of_many_machines() {
    let folder = folder();
    let measure = |leads: &str, out: &str, more: &[&str]| {
        let arguments = ["population", "pareto.gradus", leads, "--out", out];
        folder.gradus(arguments.iter().chain(&AT).chain(more)).exits(0)
    };
    measure("leads.csv", "whole.json", &[]);
    folder.file("north.csv", "id,deal_size\na,500\nd,60\n");
    folder.file("south.csv", "id,deal_size\nb,300\nf,\n");
    folder.file("west.csv", "id,deal_size\nc,100\ne,40\n");
    for part in ["north", "south", "west"] {
        measure(&format!("{part}.csv"), &format!("{part}.json"), &[]);
    }
    let merge =
        |files: &[&str]| folder.gradus(["population", "pareto.gradus", "--out", "all.json"].iter().chain(files));
    merge(&["--merge", "north.json", "west.json", "south.json"]).exits(0).prints("6 leads");
    assert_eq!(folder.read("all.json"), folder.read("whole.json"));
    merge(&["west.csv", "--at", "2026-11-21", "--merge", "south.json", "--merge", "north.json"]).exits(0);
    assert_eq!(folder.read("all.json"), folder.read("whole.json"));
    merge(&["west.csv", "--at", "2026-11-22", "--merge", "south.json"])
        .exits(0)
        .says("different instants: 2026-11-21T00:00:00+00:00 to 2026-11-22T00:00:00+00:00");

    // beyond the limit in buckets, here or there; these hold one value each, and so leave nothing open
    measure("leads.csv", "buckets.json", &["--exact-up-to", "2"]).prints("5       40     500       exact");
    merge(&["--merge", "north.json", "west.json", "south.json", "--exact-up-to", "2"]).exits(0);
    assert_eq!(folder.read("all.json"), folder.read("buckets.json"));
    let many: String = (0..100).map(|size| format!("{{\"deal_size\": {}}}\n", 1_000_000 + size)).collect();
    folder.file("many.jsonl", many);
    measure("many.jsonl", "many.json", &["--exact-up-to", "50"])
        .prints("approximate: ranks within 0.98, shares within 1");
    let json = measure("many.jsonl", "many.json", &["--exact-up-to", "50", "--format", "json"]);
    let printed: Value = serde_json::from_str(&json.out).expect("JSON");
    let errors = json!({"values": "0.0009765625", "ranks": "0.98", "shares": "1"});
    assert_eq!(printed["measures"][0]["errors"], errors);
}

#[test]
fn what_is_no_population_of_these_rules() {
    let folder = folder();
    folder.gradus(["population", "pareto.gradus", "leads.csv", "-o", "measured.json"]).exits(0);
    folder.file("other.gradus", RULES.replace("80%", "70%"));
    for arguments in [
        &["run", "other.gradus", "leads.csv", "--population", "measured.json"][..],
        &["population", "other.gradus", "--merge", "measured.json"],
    ] {
        let why = "measured.json: this population was measured by the rule set \"80/20\" version \"1\"";
        folder.gradus(arguments).exits(2).says(why).says("measure it again by these rules");
    }
    folder.gradus(["run", "pareto.gradus", "measured.json"]).exits(2).says("expected leads, found a population");
    folder.gradus(["population", "pareto.gradus", "measured.json"]).exits(2).says("found a population");
    folder.gradus(["population", "pareto.gradus", "--merge", "leads.csv"]).exits(2).says("expected a population");
    folder.gradus(["population", "pareto.gradus"]).exits(2).says("<LEADS>");
    folder.gradus(["population", "pareto.gradus", "-", "--merge", "-"]).exits(2).says("stdin");
    folder.file("newer.json", r#"{"gradus_population": 2}"#);
    let newer = ["run", "pareto.gradus", "leads.csv", "--population", "newer.json"];
    folder.gradus(newer).exits(2).says("newer.json: this population is written in version 2 of its form");
    let cut = &folder.read("measured.json")[..90];
    folder.file("cut.json", cut);
    folder.gradus(["population", "pareto.gradus", "--merge", "cut.json"]).exits(2).says("not the JSON form");
    folder.file("bad.jsonl", "{\"deal_size\": 5}\n{\n");
    folder
        .gradus(["population", "pareto.gradus", "bad.jsonl"])
        .exits(2)
        .says("bad.jsonl:2:")
        .prints("1 lead, measured");
    folder.gradus(["population", "rules.gradus", "leads.csv"]).exits(0).says("ask nothing of a population");
}
