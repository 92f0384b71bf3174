//! An explanation as text, for people who sell: titles instead of names, what was asked beside what was there.

mod score;
mod sentence;

use super::condition::Condition;
use super::words::{Asked, Language, Words, asked};
use super::{ClassExplanation, Explanation, RuleExplanation, TagsExplanation, Truth, Verdict, is_otherwise};
use crate::hir::{NodeId, Rules};
use crate::lead::DataIssueKind;
use crate::operator::CompareOperator;
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt::{self, Display, Formatter};

/// How many labels that were not given are explained.
const OTHERS: usize = 4;
/// How many values stand for a rule that asks many.
const VALUES: usize = 5;
/// How long a formula people read.
const FORMULA: usize = 40;

impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Language::English))
    }
}

impl Explanation {
    /// The explanation as text, for people who sell.
    ///
    /// Numbers have two places at most here; the data are exact. Titles are used where the rule file has them; the fields of the standard lead have names of their own in each
    /// language. Each outcome is followed by what decided it: the values that were read, and in parentheses what was asked
    /// of them. Each score is followed by its ledger.
    ///
    /// ```
    /// use gradus::explain::Language;
    /// use gradus::{Lead, RuleSet};
    ///
    /// let rules = RuleSet::parse(r#"
    ///     score fit "匹配度" {
    ///       indicator size "规模" weight 60% on employees { [1000..) => 100, [100..1000) => 60 }
    ///       indicator money "预算" weight 40% { budget >= 10万 => 100 }
    ///       grades { [60..] => "A", [..60) => "B" }
    ///     }"#)?;
    /// let why = rules.explain(&Lead::new().with_employees(320), &rules.at(jiff::Timestamp::UNIX_EPOCH));
    /// assert_eq!(why.render(Language::Chinese), "\
    /// 匹配度：36 分，等级 B（资料完整度 60%，缺 预算）
    ///   +36 规模：员工数为 320（100 到 1000 以下）；60 分 × 60%
    ///   +0 预算：预算未填
    ///   还能提高：预算 +40（预算 ≥ 10万）；规模 +24（员工数 ≥ 1000）
    /// ");
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn render(&self, language: Language) -> String {
        let mut text = String::new();
        let rules = &self.rules.0.model;
        let teller = Teller { rules, words: Words::for_people(rules, language) };
        if let Some(id) = &self.id {
            text.push_str(id);
            text.push('\n');
        }
        self.scores.iter().for_each(|score| teller.score(&mut text, score));
        self.classes.iter().for_each(|class| teller.class(&mut text, class));
        self.tags.iter().for_each(|tags| teller.tags(&mut text, tags));
        for issue in &self.data_issues {
            let line = teller.either(
                format!("data issue: `{}`: {}\n", issue.path, issue.message),
                format!("数据问题：`{}`：{}\n", issue.path, problem(issue.kind)),
            );
            text.push_str(&line);
        }
        text
    }
}

/// Tells what happened in one language.
#[derive(Clone, Copy)]
struct Teller<'r> {
    rules: &'r Rules,
    words: Words<'r>,
}

impl Teller<'_> {
    fn either(self, english: String, chinese: String) -> String {
        self.words.either(english, chinese)
    }

    /// `优先级：`, `priority: `
    fn heading(self, name: &str, title: Option<&String>) -> String {
        format!("{}{}", self.words.called(name, title.map(String::as_str)), self.colon())
    }

    fn colon(self) -> &'static str {
        self.words.either(": ", "：")
    }

    fn semicolon(self) -> &'static str {
        self.words.either("; ", "；")
    }

    fn comma(self) -> &'static str {
        self.words.either(", ", "、")
    }

    /// Several sentences; those that are said once are not said again.
    fn together(self, sentences: impl IntoIterator<Item = String>) -> String {
        let mut told: Vec<String> = Vec::new();
        for sentence in sentences {
            if !sentence.is_empty() && !told.contains(&sentence) {
                told.push(sentence);
            }
        }
        // `员工数为 5` goes without saying beside `员工数为 5（要求 ≥ 10）`
        let covers = |longer: &String, it: &String| {
            longer.strip_prefix(it.as_str()).is_some_and(|rest| rest.starts_with('（') || rest.starts_with(" ("))
        };
        let kept: Vec<&str> =
            told.iter().filter(|it| !told.iter().any(|longer| covers(longer, it))).map(String::as_str).collect();
        kept.join(self.semicolon())
    }

    fn class(self, text: &mut String, class: &ClassExplanation) {
        text.push_str(&self.heading(&class.name, class.title.as_ref()));
        text.push_str(class.label.as_deref().unwrap_or(self.words.either("no result", "没有结果")));
        self.guard(text, class.guard.as_ref());
        text.push('\n');
        if class.guard.as_ref().is_some_and(|guard| guard.truth != Truth::True) {
            return;
        }
        if let Some(rule) = class.rules.iter().find(|rule| rule.fired) {
            let because = match &rule.verdict.condition {
                // what the others lack is told below
                None => self.words.either("no rule before it holds", "前面的规则都不成立").to_owned(),
                Some(_) => self.because(rule, &class.rules),
            };
            let because = if class.rules.len() == 1 { self.because(rule, &class.rules) } else { because };
            line(text, &self.either(format!("because {because}"), format!("因为 {because}")), &because);
        }
        self.others(text, &class.rules);
    }

    /// The labels that rules before the one that decided would have given: a line each, what cannot be told first.
    fn others(self, text: &mut String, rules: &[RuleExplanation]) {
        let decided = rules.iter().position(|rule| rule.fired).unwrap_or(rules.len());
        let given = rules.get(decided).and_then(|rule| rule.label.as_deref());
        let earlier = match self.single_subject(rules).filter(|_| given.is_some()) {
            // what one value is says what it is not
            Some(true) => return,
            // of bands the next one is enough
            Some(false) => &rules[decided.saturating_sub(1)..decided],
            None => &rules[..decided],
        };
        let mut labels: Vec<(&str, &RuleExplanation)> = Vec::new();
        for rule in earlier {
            let Some(label) = rule.label.as_deref().filter(|label| Some(*label) != given) else { continue };
            match labels.iter_mut().find(|(known, _)| *known == label) {
                // of several rules the one that is nearest to firing
                Some((_, nearest)) if distance(rule) < distance(nearest) => *nearest = rule,
                Some(_) => {}
                None => labels.push((label, rule)),
            }
        }
        let (unknown, refused): (Vec<_>, Vec<_>) =
            labels.into_iter().partition(|(_, rule)| rule.verdict.truth == Truth::Unknown);
        self.perhaps(text, &unknown, [("perhaps", "也许是"), ("may be", "可能是")]);
        for (label, rule) in refused.iter().take(OTHERS) {
            let why = self.verdict(&rule.verdict);
            let told = self.either(format!("not {label}{}{why}", self.colon()), format!("不是「{label}」：{why}"));
            line(text, &told, &why);
        }
        if refused.len() > OTHERS {
            let more = refused.len() - OTHERS;
            let told = self.either(format!("nor {more} more"), format!("也不是另外 {more} 种"));
            line(text, &told, &told);
        }
    }

    /// Labels that cannot be told: together where the same is missing.
    fn perhaps(
        self,
        text: &mut String,
        labels: &[(&str, &RuleExplanation)],
        [(one, one_chinese), (many, many_chinese)]: [(&str, &str); 2],
    ) {
        let mut groups: Vec<(String, Vec<(&str, &RuleExplanation)>)> = Vec::new();
        for (label, rule) in labels {
            let missing = self.names(self.unknown(&rule.verdict));
            match groups.iter_mut().find(|(known, _)| *known == missing && !missing.is_empty()) {
                Some((_, group)) => group.push((label, rule)),
                None => groups.push((missing, vec![(label, rule)])),
            }
        }
        for (missing, group) in &groups {
            let told = match group.as_slice() {
                [(label, rule)] => {
                    let why = self.verdict(&rule.verdict);
                    self.either(format!("{one} {label}: {why}"), format!("{one_chinese}「{label}」：{why}"))
                }
                several => {
                    let english: Vec<&str> = several.iter().map(|(label, _)| *label).collect();
                    let chinese: Vec<String> = english.iter().map(|label| format!("「{label}」")).collect();
                    self.either(
                        format!("{many} {}, but not known: {missing}", english.join(", ")),
                        format!("缺 {missing}，{many_chinese}{}", chinese.join("、")),
                    )
                }
            };
            line(text, &told, &told);
        }
    }

    /// Whether all rules ask about one value; and if so, whether only which one of some it is.
    fn single_subject(self, rules: &[RuleExplanation]) -> Option<bool> {
        let (mut subject, mut which) = (None, true);
        for condition in rules.iter().filter_map(|rule| rule.verdict.condition.as_ref()) {
            let (id, is_which) = match asked(self.rules, condition.node)? {
                Asked::Compared(id, CompareOperator::Equal, _) | Asked::OneOf(id, _) => (id, true),
                Asked::Compared(id, ..) | Asked::Between(id, ..) => (id, false),
                _ => return None,
            };
            which &= is_which;
            if *subject.get_or_insert(id) != id {
                return None;
            }
        }
        subject.map(|_| which)
    }

    fn tags(self, text: &mut String, tags: &TagsExplanation) {
        text.push_str(&self.heading(&tags.name, tags.title.as_ref()));
        match &tags.labels {
            Some(labels) if labels.is_empty() => text.push_str(self.words.either("none", "无")),
            Some(labels) => text.push_str(&labels.join(self.comma())),
            None => text.push_str(self.words.either("no result", "没有结果")),
        }
        self.guard(text, tags.guard.as_ref());
        text.push('\n');
        let Some(labels) = &tags.labels else { return };
        let mut told: Vec<&str> = Vec::new();
        let mut open: Vec<(&str, &RuleExplanation)> = Vec::new();
        for rule in &tags.rules {
            let label = rule.label.as_deref().unwrap_or_default();
            match rule.verdict.truth {
                Truth::True if !told.contains(&label) => {
                    told.push(label);
                    let why = self.because(rule, &tags.rules);
                    line(text, &self.either(format!("{label}: {why}"), format!("「{label}」：{why}")), &why);
                }
                Truth::Unknown
                    if !labels.iter().any(|given| given == label) && open.iter().all(|(known, _)| *known != label) =>
                {
                    open.push((label, rule));
                }
                _ => {}
            }
        }
        self.perhaps(text, &open, [("perhaps", "也许有"), ("perhaps", "可能有")]);
    }

    /// What things are called, each once.
    pub(super) fn names(self, ids: Vec<NodeId>) -> String {
        let mut names: Vec<String> = Vec::new();
        for id in ids {
            let name = self.words.value(id);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(self.comma())
    }

    /// That no rule holds, with the values that they asked.
    fn not_met<'e>(self, rules: impl Iterator<Item = &'e RuleExplanation>) -> String {
        let mut told: Vec<String> = Vec::new();
        for leaf in rules.flat_map(|rule| &rule.verdict.condition).flat_map(Condition::deciding) {
            let value = self.present_value(leaf);
            if !told.contains(&value) {
                told.push(value);
            }
        }
        told.truncate(VALUES);
        let all_missing = told.is_empty();
        let values = told.join(self.semicolon());
        if all_missing { self.words.either("nothing asked", "没有要求").to_owned() } else { values }
    }

    /// Why a rule that fired did.
    fn because(self, rule: &RuleExplanation, rules: &[RuleExplanation]) -> String {
        self.grounds(rule, rules, true)
    }

    /// The same, with the formula of points that are computed, or without.
    fn grounds(self, rule: &RuleExplanation, rules: &[RuleExplanation], formula: bool) -> String {
        let mut told = Vec::new();
        match &rule.verdict.condition {
            Some(condition) => told.extend(self.sentences(condition)),
            None if is_otherwise(&rule.rule) => {
                let values = self.not_met(rules.iter().filter(|rule| rule.verdict.condition.is_some()));
                told.push(self.either(format!("otherwise ({values})"), format!("其他情况（{values}）")));
            }
            None if rule.read.is_empty() => told.push(self.words.either("always", "一律").to_owned()),
            None => {}
        }
        // points that are computed
        let values = rule.read.iter().zip(&rule.reads);
        told.extend(values.map(|((id, form), (_, value))| self.is(*id, *form, value.as_deref())));
        let is_known = !rule.reads.is_empty() && rule.reads.iter().all(|(_, value)| value.is_some());
        if let Some(result) = rule.result.filter(|_| formula && is_known && rule.points.is_some()) {
            let points = short(rule.points.as_deref().unwrap_or_default());
            let formula = self.words.value(result);
            let is_own =
                rule.read.len() == 1 && rule.read.first().is_some_and(|(id, _)| self.words.value(*id) == formula);
            if !is_own && formula.chars().count() <= FORMULA {
                told.push(format!("{formula} = {points}"));
            }
        }
        self.together(told)
    }

    /// Why a condition is what it is.
    fn verdict(self, verdict: &Verdict) -> String {
        let sentences = verdict.condition.iter().flat_map(|condition| self.sentences(condition));
        self.together(sentences)
    }

    fn sentences(self, condition: &Condition) -> Vec<String> {
        condition.deciding().into_iter().map(|leaf| self.sentence(leaf)).collect()
    }

    /// What is missing where a condition is unknown.
    fn unknown(self, verdict: &Verdict) -> Vec<NodeId> {
        let leaves = verdict.condition.iter().flat_map(Condition::deciding);
        leaves.flat_map(|leaf| leaf.missing.iter().copied()).collect()
    }

    /// A guard matters when it is not true.
    fn guard(self, text: &mut String, guard: Option<&Verdict>) {
        if let Some(verdict) = guard.filter(|verdict| verdict.truth != Truth::True) {
            let why = self.verdict(verdict);
            text.push_str(&self.either(format!(" (does not apply: {why})"), format!("（不适用：{why}）")));
        }
    }
}

/// What is wrong with a value, in Chinese.
fn problem(kind: DataIssueKind) -> &'static str {
    match kind {
        DataIssueKind::WrongType => "值的类型不对，按未填处理",
        DataIssueKind::UnknownLabel => "值不在选项之内，按未填处理",
        DataIssueKind::OutOfRange => "数值超出范围，按未填处理",
        DataIssueKind::MissingValue => "缺少必须有的值",
        DataIssueKind::UnknownField => "没有声明的字段",
    }
}

/// How many conditions keep a rule from firing.
fn distance(rule: &RuleExplanation) -> usize {
    rule.verdict.condition.as_ref().map_or(0, |condition| condition.deciding().len())
}

/// A line of its own, unless there is nothing to say.
fn line(text: &mut String, told: &str, why: &str) {
    if !why.is_empty() {
        text.push_str("  ");
        text.push_str(told);
        text.push('\n');
    }
}

/// How many places people read.
const PLACES: u32 = 2;

/// A number with as many places as people read.
fn rounded(number: Decimal) -> Decimal {
    number.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// The same of digits.
fn short(digits: &str) -> String {
    digits.parse().map_or_else(|_| digits.to_owned(), |number| rounded(number).to_string())
}

/// `+36`, `-5`
fn signed(number: Decimal) -> String {
    let number = rounded(number);
    let sign = if number.is_sign_negative() && !number.is_zero() { "" } else { "+" };
    format!("{sign}{number}")
}

/// A share as per cent, with at most one place.
fn percent(share: &str) -> String {
    let share: Decimal = share.parse().unwrap_or_default();
    (share * Decimal::ONE_HUNDRED).round_dp(1).normalize().to_string()
}
