//! A rule file with mistakes: all of them at once, each with its place and a way out.
//!
//! One learns: `LoadError` renders itself for a terminal, and is data for an editor: code, severity, message, spans,
//! help. A file with one mistake is not loaded at all. Run it with `cargo run --example load_errors`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use gradus::diagnostic::Code;
use gradus::{LoadError, RuleSet};

const RULES: &str = r#"ruleset "有错的规则" version "1"

field stage : ordered choice { "线索", "已演示", "已报价", "成交" }

let near = city == "北京" or city == "上海" and contacted

classify hot "热度" {
  emploees >= 1000  => "大客户",
  stage >= "已报介" => "快成交",
  employees > "100" => "中客户",
  otherwise         => "其他",
}
score fit "匹配度" {
  indicator size "规模" on employees { [1000..) => 60.5, [..1000) => 50 }
  indicator area "区域" on province { "广东" => 40 }
  grades { [80..] => "A", [60..80) => "B", [..60] => "C" }
}
classify a { b == "高" => "甲", otherwise => "乙" }
classify b { a == "甲" => "高", otherwise => "低" }
"#;

/// For a terminal, and then for an editor.
fn report(error: &LoadError) {
    println!("{error}");

    println!("作为数据：");
    for diagnostic in error.diagnostics() {
        let span = diagnostic.span();
        let Some(source) = error.sources().get(span.source.0 as usize) else { continue };
        let place = source.position(span.start);
        let text = source.text.get(span.range()).unwrap_or_default();
        println!(
            "  {}:{}:{} {} {}: `{text}`",
            source.name, place.line, place.column, diagnostic.severity, diagnostic.code
        );
    }

    // codes are stable: a host may link each to a page of its manual
    let names = error.diagnostics().iter().filter(|diagnostic| diagnostic.code == Code::UnknownName).count();
    println!("共 {} 处错误，其中写错名字的 {names} 处", error.diagnostics().len() + error.left_out());
}

fn main() {
    match RuleSet::builder().source("intake.gradus", RULES).build() {
        Ok(rules) => println!("loaded: {rules:?}"),
        Err(error) => report(&error),
    }
}
