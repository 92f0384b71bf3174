//! `gradus check`, and what all subcommands have in common.

use crate::Folder;

#[test]
fn a_good_file_is_summed_up() {
    let folder = Folder::new();
    let done = folder.gradus(["check", "rules.gradus"]).exits(0);
    assert_eq!(done.out, "rules.gradus: ok: 2 classifications, 1 score, 1 block of tags, 1 test; 1 hint\n");
    assert_eq!(done.err, "");
}

#[test]
fn mistakes_are_shown_with_their_places() {
    let folder = Folder::new();
    folder.file("wrong.gradus", "let a = industri == \"汽车\"\nlet b = employees = 5\n");
    let done = folder.gradus(["check", "wrong.gradus", "rules.gradus"]).exits(1);
    done.prints("error[wrong-token]").prints("wrong.gradus:2:19").prints("rules.gradus: ok");

    let done = folder.gradus(["check", "--format", "json", "wrong.gradus", "rules.gradus"]).exits(1);
    let found: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    let token = found.as_array().expect("a list").iter().find(|it| it["code"] == "wrong-token").expect("the token");
    assert_eq!(token["file"], "wrong.gradus");
    assert_eq!((&token["line"], &token["column"]), (&2.into(), &19.into()));
    assert_eq!(token["severity"], "error");
    assert!(token["message"].as_str().expect("text").contains("=="));
}

#[test]
fn json_of_a_good_file_is_an_empty_list() {
    let folder = Folder::new();
    folder.file("good.gradus", "tags labels { employees > 5 => \"large\" }\n");
    let done = folder.gradus(["check", "--format", "json", "good.gradus"]).exits(0);
    assert_eq!(done.out, "[]\n");
}

/// The published bands: nothing for 1–2万, and 5万 twice.
const BANDS: &str =
    "classify deal on deal_size { [..1万] => \"一万\", [2万..5万] => \"二至五万\", [5万..10万] => \"五至十万\" }\n";

#[test]
fn findings_have_leads_that_show_them() {
    let folder = Folder::new();
    folder.file("bands.gradus", BANDS);
    let done = folder.gradus(["check", "bands.gradus"]).exits(0);
    done.prints("warning[not-covered]").prints("(10000..20000)").prints("bands.gradus:1:10").prints("deal_size: 11000");
    folder.gradus(["check", "bands.gradus", "--deny", "warnings"]).exits(1);
    let done = folder.gradus(["check", "bands.gradus", "--overlaps"]).exits(0);
    done.prints("hint[overlap]").prints("deal_size: 50000");
    let done = folder.gradus(["check", "bands.gradus", "--format", "json"]).exits(0);
    let found: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!((&found[0]["code"], &found[0]["severity"]), (&"not-covered".into(), &"warning".into()));
    assert_eq!((&found[0]["line"], &found[0]["column"]), (&1.into(), &10.into()));
    assert_eq!(found[0]["witness"]["lead"]["deal_size"], "11000");
    assert_eq!(found[0]["witness"]["at"], "2026-01-15T12:00:00Z");
    folder.file("unique.gradus", BANDS.replace(" on ", " unique on "));
    folder.gradus(["check", "unique.gradus"]).exits(1).prints("error[overlap]");
}

#[test]
fn hints_are_counted_and_shown_when_asked_for() {
    let folder = Folder::new();
    folder.gradus(["check", "rules.gradus", "--hints"]).exits(0).prints("hint[unused]").prints("member_since");
    folder.gradus(["check", "rules.gradus", "--deny", "hints"]).exits(1);
    folder.gradus(["check", "rules.gradus", "--deny", "warnings"]).exits(0);
    folder.gradus(["check", "rules.gradus", "--errors-only", "--deny", "hints"]).exits(0);
}

#[test]
fn relations_and_reach_are_proved() {
    let folder = Folder::new();
    folder.file("tags.gradus", "tags t { employees > 5 => \"a\", employees > 9 => \"b\", employees < 3 => \"c\" }\n");
    let done = folder.gradus(["check", "tags.gradus", "--relations"]).exits(0);
    done.prints("t \"b\" implies t \"a\"").prints("t \"a\" excludes t \"c\"");
    folder
        .gradus(["check", "rules.gradus", "--reach"])
        .exits(0)
        .prints("fit: from 0 to 80")
        .prints("fit.size: from 0 to 80");
}

#[test]
fn files_on_their_own_or_together() {
    let folder = Folder::new();
    folder.file("fields.gradus", "field size : int\n");
    folder.file("tags.gradus", "tags labels { size > 5 => \"large\" }\n");
    folder.gradus(["check", "fields.gradus", "tags.gradus"]).exits(1).prints("unknown-name");
    folder.gradus(["check", "--together", "fields.gradus", "tags.gradus"]).exits(0).prints("1 block of tags");
}

#[test]
fn params_and_zone() {
    let folder = Folder::new();
    for value in ["5", "5_000", "1.5万", "1亿"] {
        folder.gradus(["check", "rules.gradus", "--param", &format!("big={value}")]).exits(0);
    }
    folder.gradus(["check", "rules.gradus", "--zone", "Asia/Shanghai"]).exits(0);
    folder.gradus(["check", "rules.gradus", "--param", "bgi=5"]).exits(2).prints("unknown-param").prints("big");
    folder.gradus(["check", "rules.gradus", "--param", "big=many"]).exits(2).prints("invalid-param");
    folder.gradus(["check", "rules.gradus", "--param", "big"]).exits(2).says("NAME=VALUE");
    folder.gradus(["check", "rules.gradus", "--zone", "Asia/Beijing"]).exits(2).says("no such time zone");
}

#[test]
fn params_of_every_type() {
    let folder = Folder::new();
    let rules = r#"
        param rate : decimal = 0.1
        param label : choice { "a", "b" } = "a"
        param day : date = @2026-01-01
        param names : set of text = { "x" }
        param pattern : text = "50%"
        tags t { rate == 0.5 and label == "b" and day == @2026-02-02 and company in names and source == pattern => "all" }
        test "all" at @2026-11-21 { given { company: "Q", source: "5%" } expect t contains "all" }
    "#;
    folder.file("params.gradus", rules);
    let values = ["rate=50%", "label=B", "day=@2026-02-02", r#"names=["p", "q"]"#, "pattern=5%"];
    let given = values.iter().flat_map(|value| ["--param", value]);
    folder.gradus(["test", "params.gradus"].into_iter().chain(given)).exits(0).prints("1 passed");
    folder.gradus(["test", "params.gradus"]).exits(1).prints("1 failed");
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let folder = Folder::new();
    folder.file("latin.gradus", b"let a = true\n// caf\xe9\n");
    let done = folder.gradus(["check", "none.gradus", "latin.gradus", ".", "rules.gradus"]).exits(2);
    done.says("none.gradus").says("latin.gradus:2: not UTF-8").prints("rules.gradus: ok");
}

#[test]
fn rules_from_stdin() {
    let folder = Folder::new();
    folder.gradus_with(["check", "-"], crate::RULES).exits(0).prints("<stdin>: ok");
}

#[test]
fn rules_with_a_bom_and_crlf() {
    let folder = Folder::new();
    let text = format!("\u{feff}{}", crate::RULES.replace('\n', "\r\n"));
    folder.file("windows.gradus", text);
    folder.gradus(["test", "windows.gradus"]).exits(0);
}

#[test]
fn bad_usage() {
    let folder = Folder::new();
    folder.gradus(["chekc", "rules.gradus"]).exits(2).says("check");
    folder.gradus(["check", "rules.gradus", "--formt", "json"]).exits(2).says("--format");
    folder.gradus(["check", "rules.gradus", "--format", "xml"]).exits(2).says("xml");
    folder.gradus(["check"]).exits(2).says("<FILE>");
    folder.gradus::<&str>([]).exits(2).says("Usage");
}

#[test]
fn help_with_examples_and_version() {
    let folder = Folder::new();
    folder.gradus(["--version"]).exits(0).prints("gradus 0.");
    folder.gradus(["--help"]).exits(0).prints("Examples:").prints("Exit codes:");
    for command in ["check", "fmt", "run", "test", "explain", "population"] {
        folder.gradus([command, "--help"]).exits(0).prints("Examples:").prints("Exit codes:");
    }
}
