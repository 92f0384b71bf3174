//! A score with its ledger.

use super::{Teller, line, percent, rounded, short, signed};
use crate::explain::condition::Condition;
use crate::explain::show::Form;
use crate::explain::words::asked;
use crate::explain::{Entry, IndicatorExplanation, RuleExplanation, ScoreExplanation, Truth};
use crate::hir::NodeId;
use crate::hir::node::Node;
use rust_decimal::Decimal;

/// How many conditions a way to more points names.
const DEMANDS: usize = 6;
/// How many ways to more points are named.
const WAYS: usize = 3;

impl Teller<'_> {
    pub(super) fn score(self, text: &mut String, score: &ScoreExplanation) {
        text.push_str(&self.heading(&score.name, score.title.as_ref()));
        let mut head = match &score.score {
            Some(number) => {
                let number = short(number);
                self.either(number.clone(), format!("{number} 分"))
            }
            None => self.words.either("no score", "没有得分").to_owned(),
        };
        if let Some(grade) = &score.grade {
            head.push_str(&self.either(format!(", grade {grade}"), format!("，等级 {grade}")));
        }
        text.push_str(&head);
        self.coverage(text, score);
        self.guard(text, score.guard.as_ref());
        text.push('\n');
        for entry in &score.ledger {
            let indicator = score.indicators.iter().find(|it| it.name == entry.indicator);
            match indicator.filter(|_| entry.covered.is_some()) {
                Some(indicator) => line(text, &self.entry(entry, indicator, score), "…"),
                None if rounded(entry.contribution).is_zero() => {}
                None => line(text, &self.correction(entry), "…"),
            }
        }
        if score.ledger.is_empty() && score.guard.as_ref().is_none_or(|guard| guard.truth == Truth::True) {
            for indicator in &score.indicators {
                let why = self.basis(indicator);
                let name = self.heading(&indicator.name, indicator.title.as_ref());
                line(text, &self.either(format!("{name}left out: {why}"), format!("{name}不计入：{why}")), "…");
            }
        }
        self.ways(text, score);
    }

    /// `（资料完整度 60%，缺 预算）`, unless everything was there.
    fn coverage(self, text: &mut String, score: &ScoreExplanation) {
        let Some(coverage) = score.coverage.as_deref().filter(|coverage| *coverage != "1") else { return };
        let percent = percent(coverage);
        let uncovered = score.indicators.iter().filter(|indicator| !indicator.covered);
        let mut missing: Vec<NodeId> = Vec::new();
        for rule in uncovered.flat_map(|indicator| &indicator.rules) {
            let leaves = rule.verdict.condition.iter().flat_map(Condition::leaves);
            let asked = leaves.flat_map(|leaf| &leaf.missing).copied();
            let read = rule.read.iter().zip(&rule.reads).filter(|(_, (_, value))| value.is_none());
            missing.extend(asked.chain(read.map(|((id, _), _)| *id)));
        }
        let names = self.names(missing);
        let told = match names.is_empty() {
            true => self.either(format!(" (data {percent} % complete)"), format!("（资料完整度 {percent}%）")),
            false => self.either(
                format!(" (data {percent} % complete, missing {names})"),
                format!("（资料完整度 {percent}%，缺 {names}）"),
            ),
        };
        text.push_str(&told);
    }

    /// `+36 规模：员工数为 320（100 到 1000 以下）；60 分 × 60%`
    fn entry(self, entry: &Entry, indicator: &IndicatorExplanation, score: &ScoreExplanation) -> String {
        let name = self.heading(&entry.indicator, entry.title.as_ref());
        let basis = self.basis(indicator);
        if entry.skipped {
            return self.either(format!("left out: {name}{basis}"), format!("不计入 {name}{basis}"));
        }
        let mut told = format!("{} {name}{basis}", signed(entry.contribution));
        let points = rounded(entry.points.unwrap_or_default());
        if let Some(unclamped) = entry.unclamped {
            let limit = format!("{}{}", self.semicolon(), rounded(unclamped));
            told.push_str(
                &self.either(format!("{limit} limited to {points}"), format!("{limit} 分，限为 {points} 分")),
            );
        }
        if let Some(weight) = entry.weight.filter(|_| !points.is_zero()) {
            let share = percent(&weight.to_string());
            let kept: Decimal = score.ledger.iter().filter(|it| !it.skipped).filter_map(|it| it.weight).sum();
            let of = if kept == Decimal::ONE {
                String::new()
            } else {
                let kept = percent(&kept.to_string());
                self.either(format!(" of the {kept} % that count"), format!("（计入的共 {kept}%）"))
            };
            let sum = self.either(format!("{points} × {share} %{of}"), format!("{points} 分 × {share}%{of}"));
            told.push_str(self.semicolon());
            told.push_str(&sum);
        }
        told
    }

    /// What a clamp or rounding changed.
    fn correction(self, entry: &Entry) -> String {
        let what = match entry.indicator.as_str() {
            "clamp" => self.words.either("limit of the score", "总分上下限"),
            _ => self.words.either("rounding", "四舍五入"),
        };
        format!("{} {what}", signed(entry.contribution))
    }

    /// What the points of an indicator rest on.
    fn basis(self, indicator: &IndicatorExplanation) -> String {
        let rules = &indicator.rules;
        let fired: Vec<&RuleExplanation> = rules.iter().filter(|rule| rule.fired).collect();
        let mut told: Vec<String> = Vec::new();
        if fired.is_empty() {
            told.push(self.not_met(rules.iter()));
        }
        for rule in &fired {
            let why = self.grounds(rule, rules, fired.len() == 1);
            told.push(match rule.points.as_deref().filter(|_| fired.len() > 1) {
                Some(points) => {
                    let points = short(points);
                    self.either(format!("{why} gives {points}"), format!("{why}得 {points} 分"))
                }
                None => why,
            });
        }
        // what is not known might have counted as well
        let open = rules.iter().filter(|rule| rule.verdict.truth == Truth::Unknown && !fired.is_empty());
        let missing = open.flat_map(|rule| self.unknown(&rule.verdict));
        let untold = |id: &NodeId| !told.iter().any(|text| text.contains(&self.is(*id, Form::Plain, None)));
        let names = self.names(missing.filter(untold).collect());
        if !names.is_empty() {
            told.push(self.either(format!("{names} not known"), format!("{names}未知")));
        }
        self.together(told)
    }

    /// `还能提高：预算 +40（预算 ≥ 10万）`
    fn ways(self, text: &mut String, score: &ScoreExplanation) {
        if score.reasons.is_empty() {
            return;
        }
        let ways = score.reasons.iter().take(WAYS).map(|reason| {
            let name = self.words.called(&reason.indicator, reason.title.as_deref());
            let how = reason.test.and_then(|test| self.demand(test));
            let how = how.map(|how| self.either(format!(" ({how})"), format!("（{how}）")));
            format!("{name} {}{}", signed(reason.lost), how.unwrap_or_default())
        });
        let ways: Vec<String> = ways.collect();
        let ways = ways.join(self.semicolon());
        line(text, &self.either(format!("room for more: {ways}"), format!("还能提高：{ways}")), "…");
    }

    /// What a rule asks for, without values; nothing when that would be long.
    fn demand(self, test: NodeId) -> Option<String> {
        let mut left = DEMANDS;
        self.demanded(test, &mut left, 0).filter(|text| !text.is_empty())
    }

    fn demanded(self, test: NodeId, left: &mut usize, depth: usize) -> Option<String> {
        *left = left.checked_sub(1).filter(|_| depth <= DEMANDS)?;
        let node = self.rules.nodes.get(test);
        let titled = self.rules.binding(test).is_some_and(|it| it.title.is_some());
        let (list, between) = match node {
            _ if titled => return Some(self.words.value(test)),
            _ if asked(self.rules, test).is_some() => return Some(self.words.written(test)),
            Node::Constant(_) => return None,
            Node::Outcome(inner) | Node::Fires(inner) | Node::When(_, inner) => {
                return self.demanded(*inner, left, depth + 1);
            }
            Node::Not(_) => return Some(self.words.written(test)),
            Node::All(list) => (list, self.words.either(" and ", " 且 ")),
            Node::Any(list) => (list, self.words.either(" or ", " 或 ")),
            _ => return None,
        };
        let parts: Option<Vec<String>> = list.iter().map(|part| self.demanded(*part, left, depth + 1)).collect();
        Some(parts?.join(between))
    }
}
