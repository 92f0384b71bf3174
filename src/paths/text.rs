//! Paths as text, for people.

use super::{Change, Path, Paths};
use crate::explain::Language;
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
            text.push_str(&told(path, chinese));
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

fn told(path: &Path, chinese: bool) -> String {
    let changes = path.changes.iter().map(|change| change_told(change, chinese));
    changes.collect::<Vec<_>>().join(if chinese { "；" } else { "; " })
}

/// `规模：320 → 1000`
fn change_told(change: &Change, chinese: bool) -> String {
    let name = change.title.as_deref().unwrap_or(&change.field);
    let missing = if chinese { "（未填）" } else { "(not filled in)" };
    let (from, to) = (change.from.as_deref().unwrap_or(missing), change.to.as_deref().unwrap_or(missing));
    format!("{name}{}{from} → {to}", if chinese { "：" } else { ": " })
}
