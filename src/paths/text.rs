//! Paths and questions as text, for people.

use super::candidates::OTHER;
use super::{Change, Open, Path, Paths, Question, Questions};
use crate::explain::Language;
use crate::explain::words::field_called;
use rust_decimal::Decimal;
use std::fmt::{self, Display, Formatter};

impl Display for Paths {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Language::English))
    }
}

impl Paths {
    /// The paths as text, one to a line.
    pub fn render(&self, language: Language) -> String {
        let chinese = language == Language::Chinese;
        let either = |english: &'static str, own: &'static str| if chinese { own } else { english };
        let mut text = String::new();
        let goal = &self.goal;
        if self.reached {
            return format!("{goal}{}\n", either(": is so already", "：已经达到"));
        }
        if self.paths.is_empty() {
            text.push_str(goal);
            text.push_str(match (self.complete, chinese) {
                (true, false) => ": no change of these fields reaches it\n",
                (true, true) => "：改动这些字段达不到\n",
                (false, false) => ": nothing found within the work allowed\n",
                (false, true) => "：在允许的计算量内没有找到\n",
            });
        } else {
            text.push_str(goal);
            text.push_str(either(", any of these:\n", "，任选其一：\n"));
        }
        for path in &self.paths {
            text.push_str("  ");
            text.push_str(&told(path, language));
            text.push('\n');
        }
        if !self.complete && !self.paths.is_empty() {
            text.push_str(either(
                "the search was cut short: there may be shorter ways\n",
                "搜索提前结束，可能还有更短的路\n",
            ));
        }
        if !self.left_out.is_empty() {
            text.push_str(either("left as they are: ", "保持不变："));
            text.push_str(&self.left_out.join(either(", ", "、")));
            text.push('\n');
        }
        text
    }
}

fn told(path: &Path, language: Language) -> String {
    let changes = path.changes.iter().map(|change| change_told(change, language));
    changes.collect::<Vec<_>>().join(if language == Language::Chinese { "；" } else { "; " })
}

/// `规模：320 → 1000`
fn change_told(change: &Change, language: Language) -> String {
    let chinese = language == Language::Chinese;
    let name = field_called(&change.field, change.title.as_deref(), language);
    let missing = if chinese { "（未填）" } else { "(not filled in)" };
    let from = change.from.as_deref().unwrap_or(missing);
    let to = match change.to.as_deref() {
        Some(OTHER) if chinese => "（任意其他内容）",
        Some(OTHER) => "(anything else)",
        to => to.unwrap_or(missing),
    };
    format!("{name}{}{from} → {to}", if chinese { "：" } else { ": " })
}

impl Display for Questions {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Language::English))
    }
}

impl Questions {
    /// What is open and what to ask, as text.
    pub fn render(&self, language: Language) -> String {
        let chinese = language == Language::Chinese;
        let either = |english: &'static str, own: &'static str| if chinese { own } else { english };
        let mut text = String::new();
        for open in &self.outcomes {
            if open.is_open() {
                text.push_str(&open_told(open, language));
            }
        }
        if text.is_empty() {
            text.push_str(either(
                "nothing is open: what is missing decides nothing\n",
                "没有悬而未决的：缺的资料不影响结果\n",
            ));
        }
        for (number, question) in (1..).zip(&self.questions) {
            if number == 1 {
                text.push_str(either("ask, in this order:\n", "依次要问：\n"));
            }
            text.push_str(&format!("  {number}. {}\n", question_told(question, &self.outcomes, language)));
        }
        if !self.untried.is_empty() {
            text.push_str(either("not loaded, and not tried: ", "没有载入、没有试算："));
            text.push_str(&self.untried.join(either(", ", "、")));
            text.push('\n');
        }
        if !self.complete {
            text.push_str(either(
                "the search was cut short: more may be possible\n",
                "搜索提前结束，可能的结果也许不止这些\n",
            ));
        }
        text
    }
}

/// `BANT 结论：合格、不合格、待确认（现在是 待确认）`
fn open_told(open: &Open, language: Language) -> String {
    let chinese = language == Language::Chinese;
    let mut possible: Vec<&str> = open.possible.iter().map(String::as_str).collect();
    let none = if chinese { "没有结果" } else { "no result" };
    if open.or_none {
        possible.push(none);
    }
    let name = open.title.as_deref().unwrap_or(&open.name);
    let now = open.now.as_deref().unwrap_or(none);
    match language {
        Language::Chinese => format!("{name}：可能是 {}（现在是 {now}）\n", possible.join("、")),
        _ => format!("{name}: may be {} (now {now})\n", possible.join(", ")),
    }
}

/// `权威：62% 的情形下会改变 BANT 结论`
fn question_told(question: &Question, outcomes: &[Open], language: Language) -> String {
    let name = field_called(&question.field, question.title.as_deref(), language);
    let title = |name: &String| {
        let open = outcomes.iter().find(|open| open.name == *name);
        open.and_then(|open| open.title.clone()).unwrap_or_else(|| name.clone())
    };
    let decides: Vec<String> = question.decides.iter().map(title).collect();
    let percent = (question.weight * Decimal::ONE_HUNDRED).round_dp(1).normalize();
    match language {
        Language::Chinese => format!("{name}：在 {percent}% 的情形下会改变 {}", decides.join("、")),
        _ => format!("{name}: changes {} in {percent} % of the cases", decides.join(", ")),
    }
}
