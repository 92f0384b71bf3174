use super::*;

fn shared() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("GRADUS_SHARED")
        .map_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), Into::into);
    folder.join("rules").is_dir().then_some(folder)
}

fn parse_default(text: &str) -> Parsed {
    parse(SourceId(0), text, &Limits::default())
}

#[test]
fn every_shared_rule_file_parses() {
    let Some(folder) = shared() else {
        eprintln!("skipped: no shared folder");
        return;
    };
    for entry in std::fs::read_dir(folder.join("rules")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "gradus") {
            let text = std::fs::read_to_string(&path).unwrap();
            let parsed = parse_default(&text);
            assert!(parsed.diagnostics.is_empty(), "{}: {:#?}", path.display(), parsed.diagnostics);
            assert!(!parsed.file.items.is_empty());
        }
    }
}
