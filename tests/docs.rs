//! The documentation is run: every `gradus` block of the reference loads, or fails with the code that it names, and the
//! reference leaves out no word, function, type, field or code of the language.
//!
//! What may stand after the fence:
//!
//! - `gradus`: declarations; they load, and their tests pass;
//! - `gradus,expression`: an expression on each line;
//! - `gradus,error:CODE`: loading ends with that code and no other; a `text` block that follows shows the messages;
//! - `gradus,finding:CODE`: it loads, and this is all that is found; a `text` block that follows shows it;
//! - `rules:2`, `nesting:3`, `source_bytes:40`, `analysis_steps:9`: with these limits; `param:NAME:5`: with a param that the host sets.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes the messages of today into the `text` blocks.

use gradus::diagnostic::{Code, render};
use gradus::{Limits, LoadError, RuleSet};
use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Outcome = Result<(), Box<dyn Error>>;

/// A fenced block of a page.
struct Block {
    /// The line of its fence, from 1.
    line: usize,
    /// What stands after the fence.
    tags: Vec<String>,
    text: String,
}

impl Block {
    fn is(&self, tag: &str) -> bool {
        self.tags.iter().any(|it| it == tag)
    }

    /// `5` of `rules:5`
    fn option(&self, name: &str) -> Option<&str> {
        self.tags.iter().find_map(|tag| tag.strip_prefix(name)?.strip_prefix(':'))
    }

    /// The file that the block stands for. A character that nobody sees is spelled out: `⟨U+200B⟩`.
    fn source(&self) -> String {
        let text = self.text.replace("⟨U+200B⟩", "\u{200B}");
        if !self.is("expression") {
            return text;
        }
        let expressions = text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//"));
        expressions.enumerate().map(|(number, line)| format!("let it_{number} = {line}\n")).collect()
    }

    fn load(&self) -> Result<RuleSet, LoadError> {
        let mut limits = Limits::default();
        let limit = |name: &str, default: usize| self.option(name).and_then(|it| it.parse().ok()).unwrap_or(default);
        limits.rules = limit("rules", limits.rules);
        limits.nesting = limit("nesting", limits.nesting);
        limits.source_bytes = limit("source_bytes", limits.source_bytes);
        let steps = self.option("analysis_steps").and_then(|it| it.parse().ok());
        limits.analysis_steps = steps.unwrap_or(limits.analysis_steps);
        let mut builder = RuleSet::builder().source("rules", self.source()).limits(limits);
        if let Some((name, value)) = self.option("param").and_then(|param| param.split_once(':')) {
            builder = match value.parse::<i64>() {
                Ok(number) => builder.param(name, number),
                Err(_) => builder.param(name, value),
            };
        }
        builder.build()
    }

    /// The messages of a block that is to show some.
    fn messages(&self) -> Option<String> {
        match (self.load(), self.option("error"), self.option("finding")) {
            (Err(error), Some(_), _) => Some(error.to_string()),
            (Ok(rules), _, Some(_)) => {
                let shown = rules.findings().iter().map(|found| {
                    let witness = found.witness().map_or_else(String::new, |witness| format!("\n{witness}\n"));
                    format!("{}{witness}", render(rules.sources(), found.diagnostic()))
                });
                Some(shown.collect::<Vec<_>>().join("\n"))
            }
            _ => None,
        }
    }

    /// What is wrong with the block, if anything.
    fn fault(&self) -> Option<String> {
        match (self.load(), self.option("error")) {
            (Ok(rules), None) if self.option("finding").is_some() => {
                let found: BTreeSet<&str> = rules.findings().iter().map(|it| it.code().slug()).collect();
                let wanted = self.option("finding").into_iter().collect::<BTreeSet<_>>();
                (found != wanted).then(|| format!("expected {wanted:?} alone, found {:#?}", rules.findings()))
            }
            (Ok(rules), None) => {
                let report = rules.run_tests();
                let failed = report.tests.iter().filter(|test| !test.passed());
                let shown: Vec<String> = failed
                    .flat_map(|test| test.failures.iter().map(move |failure| format!("{}: {failure}", test.title)))
                    .collect();
                (!shown.is_empty()).then(|| shown.join("\n"))
            }
            (Err(error), None) => Some(error.to_string()),
            (Ok(_), Some(code)) => Some(format!("this loads, and should fail with {code}")),
            (Err(error), Some(code)) => {
                let found: BTreeSet<&str> = error.diagnostics().iter().map(|it| it.code.slug()).collect();
                (found != BTreeSet::from([code])).then(|| format!("expected {code} alone\n{error}"))
            }
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> Result<String, Box<dyn Error>> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}").into())
}

/// The pages, relative to the root.
fn pages() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut pages: Vec<PathBuf> = ["README.md", "README.zh-CN.md", "CHANGELOG.md"].map(PathBuf::from).into();
    for entry in fs::read_dir(root().join("src/docs"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path.strip_prefix(root())?.to_owned());
        }
    }
    pages.sort();
    Ok(pages)
}

/// The fenced blocks of a page.
fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let tags = info.split(',').map(|tag| tag.trim().to_owned()).collect();
                open = Some(Block { line: index + 1, tags, text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// Everything that is code in a page: blocks and spans.
fn code(page: &str) -> String {
    let fenced = blocks(page).into_iter().filter(|block| block.is("gradus") || block.is("text"));
    let mut code: String = fenced.map(|block| block.text).collect();
    let mut in_block = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            for span in line.split('`').skip(1).step_by(2) {
                code.push_str(span);
                code.push('\n');
            }
        }
    }
    code
}

/// The words of a text.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// The quoted words of a part of a source text, from one mark to the next.
fn quoted<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    let part = text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(part, _)| part);
    part.split('"').skip(1).step_by(2).collect()
}

#[test]
fn every_block_does_what_it_says() -> Outcome {
    let mut faults = Vec::new();
    let mut count = 0;
    for path in pages()? {
        let page = fs::read_to_string(root().join(&path))?;
        for block in blocks(&page).iter().filter(|block| block.is("gradus")) {
            count += 1;
            faults.extend(block.fault().map(|fault| format!("{}:{}\n{fault}", path.display(), block.line)));
        }
    }
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n\n"));
    assert!(count > 100, "only {count} blocks were found");
    Ok(())
}

#[test]
fn every_message_is_shown_as_it_is() -> Outcome {
    let mut faults = Vec::new();
    for path in pages()? {
        let page = fs::read_to_string(root().join(&path))?;
        let mut fresh = page.clone();
        for pair in blocks(&page).windows(2) {
            let [block, shown] = pair else { continue };
            if !shown.is("text") || shown.line > block.line + block.text.lines().count() + 3 {
                continue;
            }
            let Some(message) = block.messages() else { continue };
            let message = format!("{}\n", message.trim_end()).replace('\u{200B}', "⟨U+200B⟩");
            if shown.text != message {
                faults.push(format!("{}:{}\n{message}", path.display(), shown.line));
                let (example, old) = (fence(block), fence(shown));
                let new = format!("```text\n{message}```\n");
                fresh = fresh.replacen(&format!("{example}\n{old}"), &format!("{example}\n{new}"), 1);
            }
        }
        if env::var_os("UPDATE_DOCS").is_some() && fresh != page {
            fs::write(root().join(&path), fresh)?;
        }
    }
    assert!(faults.is_empty(), "messages have changed; run with UPDATE_DOCS=1\n\n{}", faults.join("\n"));
    Ok(())
}

/// A block as it stands in its page.
fn fence(block: &Block) -> String {
    format!("```{}\n{}```\n", block.tags.join(","), block.text)
}

#[test]
fn the_reference_is_complete() -> Outcome {
    let reference = read("src/docs/language.md")?;
    let known = code(&reference);
    let known = words(&known);
    let grammar = read("grammar/gradus.pest")?;
    let calls = read("src/check/call.rs")?;
    let standard = read("src/lead/standard.rs")?;
    let functions = quoted(&calls, "FUNCTIONS: &[(&str, &str)] = &[", "];");
    let functions = functions.iter().step_by(2).copied();
    let reserved = quoted(&grammar, "reserved = @{", "}");
    let types = quoted(&grammar, "simple_kind = @{", "}");
    let units = quoted(&grammar, "unit = @{", "}");
    let keywords = grammar.lines().filter_map(|line| line.strip_prefix("k_")?.split('"').nth(1));
    let fields = standard.lines().filter_map(|line| {
        let (name, rest) = line.trim().split_once(" with_")?;
        rest.contains(": ").then_some(name)
    });
    let fields: Vec<&str> = fields.filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')).collect();
    assert!(functions.clone().count() > 30 && reserved.len() > 20 && types.len() == 9 && fields.len() > 35);
    assert!(units.len() == 8 && keywords.clone().count() > 40);
    let all = functions.chain(reserved).chain(types).chain(units).chain(keywords).chain(fields);
    let absent: BTreeSet<&str> = all.filter(|word| !known.contains(word)).collect();
    assert!(absent.is_empty(), "language.md does not show {absent:?}");
    Ok(())
}

#[test]
fn every_code_has_its_section() -> Outcome {
    let page = read("src/docs/diagnostics.md")?;
    let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.slug()).collect();
    assert_eq!(sections, codes, "the sections are the codes, in their order");
    for part in page.split("\n### ").skip(1) {
        let slug = part.lines().next().unwrap_or_default();
        let shows = |block: &Block| block.option("error").or(block.option("finding")) == Some(slug);
        let blocks = blocks(part);
        assert!(blocks.iter().any(shows), "`{slug}` has no example");
        assert!(
            blocks.iter().any(|it| it.is("gradus") && it.option("error").is_none() && it.option("finding").is_none()),
            "`{slug}` has no way out"
        );
    }
    Ok(())
}

#[test]
fn every_link_leads_somewhere() -> Outcome {
    let mut broken = Vec::new();
    for path in pages()? {
        let page = fs::read_to_string(root().join(&path))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for target in links(&page) {
            if target.contains("://") || target.contains("::") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { folder.join(file) };
            let Ok(text) = fs::read_to_string(root().join(&file))
                .or_else(|error| if root().join(&file).is_dir() { Ok(String::new()) } else { Err(error) })
            else {
                broken.push(format!("{}: no file {target}", path.display()));
                continue;
            };
            if !anchor.is_empty() && !anchors(&text).iter().any(|it| it == anchor) {
                broken.push(format!("{}: no heading {target}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    Ok(())
}

/// The targets of `[text](target)` and `[name]: target`, outside code.
fn links(page: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut in_block = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            let outside = line.split('`').step_by(2);
            let inline = outside.flat_map(|part| part.split("](").skip(1).filter_map(|rest| rest.split(')').next()));
            links.extend(inline);
            let name = line.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
            links.extend(name.map(|(_, target)| target.trim()));
        }
    }
    links
}

/// The anchors of the headings, as rustdoc and GitHub make them.
fn anchors(page: &str) -> Vec<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| -> String {
        let kept = heading.trim_start_matches('#').trim().chars();
        let kept = kept.filter(|&c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    headings.map(anchor).collect()
}
