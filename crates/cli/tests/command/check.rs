//! `gradus check`, and what all subcommands have in common.

use crate::Folder;

#[test]
fn a_good_file_is_summed_up() {
    let folder = Folder::new();
    let done = folder.gradus(["check", "rules.gradus"]).exits(0);
    assert_eq!(done.out, "rules.gradus: ok: 2 classifications, 1 score, 1 block of tags, 1 test\n");
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
    let done = Folder::new().gradus(["check", "--format", "json", "rules.gradus"]).exits(0);
    assert_eq!(done.out, "[]\n");
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
