//! Expressions: by their name where they have one, else written out.

use super::{Dialect, Words, kind, part};
use crate::hir::node::{Aggregate, Constant, DatePart, Decay, Fold, Node, Rank};
use crate::hir::{NodeId, PreviousPart};
use crate::operator::{ArithmeticOperator, CompareOperator};
use crate::time::Stretch;
use crate::types::Type;

/// How deep an expression is written out.
const DEPTH: usize = 8;

impl Words<'_> {
    /// A value by the name of its field, outcome or `let`, or else written out.
    pub(crate) fn value(self, id: NodeId) -> String {
        self.named(id, 0)
    }

    /// A condition or an expression, written out, whatever `let` it has a name from.
    pub(crate) fn written(self, id: NodeId) -> String {
        self.spelled(id, 0)
    }

    fn named(self, id: NodeId, depth: usize) -> String {
        let own = matches!(self.rules.nodes.get(id), Node::Field(_) | Node::Outcome(_) | Node::Constant(_));
        let bound = self.rules.binding(id).filter(|_| !own);
        match (bound, self.dialect) {
            (Some(it), Dialect::Rules) => it.name.clone(),
            (Some(it), Dialect::People(_)) => match (&it.title, self.phrase(id, depth)) {
                (Some(title), _) => title.clone(),
                (None, Some(phrase)) => phrase,
                (None, None) => it.name.clone(),
            },
            (None, _) => self.spelled(id, depth),
        }
    }

    /// What people say instead of an expression, where that is short.
    fn phrase(self, id: NodeId, depth: usize) -> Option<String> {
        if self.dialect == Dialect::Rules || depth > DEPTH {
            return None;
        }
        let inner = |id: NodeId| self.named(id, depth + 1);
        // of something long the name is shorter
        if let Node::DaysBetween(a, b) = self.rules.nodes.get(id)
            && ![a, b].into_iter().all(|it| self.is_short(*it))
        {
            return None;
        }
        Some(match self.rules.nodes.get(id) {
            Node::CountPresent(list) => {
                let all = list.iter().map(|id| inner(*id)).collect::<Vec<_>>();
                self.either(
                    format!("number of filled in {}", all.join(", ")),
                    format!("{}中已填的项数", all.join("、")),
                )
            }
            Node::DaysBetween(a, today) if *self.rules.nodes.get(*today) == Node::Today => {
                self.either(format!("days since {}", inner(*a)), format!("{}距今天数", inner(*a)))
            }
            Node::DaysBetween(today, a) if *self.rules.nodes.get(*today) == Node::Today => {
                self.either(format!("days until {}", inner(*a)), format!("离{}的天数", inner(*a)))
            }
            Node::MonthsSince(a) => {
                self.either(format!("months since {}", inner(*a)), format!("{}距今月数", inner(*a)))
            }
            Node::HoursSince(a) => {
                self.either(format!("hours since {}", inner(*a)), format!("{}距今小时数", inner(*a)))
            }
            Node::Aggregate(it) if it.filter.is_none() => {
                let list = inner(it.list);
                let value = it.value.map(inner);
                match (it.fold, value) {
                    (Fold::Count, None) => self.either(format!("number of {list}"), format!("{list}条数")),
                    (Fold::Sum(_), Some(of)) if self.is_element(it.value) => {
                        self.either(format!("total {of} of {list}"), format!("{list}的{of}合计"))
                    }
                    (Fold::Greatest, Some(of)) if self.is_element(it.value) => {
                        self.either(format!("largest {of} of {list}"), format!("{list}中最大的{of}"))
                    }
                    (Fold::Least, Some(of)) if self.is_element(it.value) => {
                        self.either(format!("smallest {of} of {list}"), format!("{list}中最小的{of}"))
                    }
                    (Fold::Average, Some(of)) if self.is_element(it.value) => {
                        self.either(format!("average {of} of {list}"), format!("{list}的{of}平均值"))
                    }
                    (Fold::Last, Some(of)) if self.is_element(it.value) => {
                        self.either(format!("latest {of} of {list}"), format!("最近一条{list}的{of}"))
                    }
                    _ => return None,
                }
            }
            _ => return None,
        })
    }

    /// Whether people have a short name for a value.
    fn is_short(self, id: NodeId) -> bool {
        let node = self.rules.nodes.get(id);
        let simple =
            matches!(node, Node::Field(_) | Node::Today | Node::Element(..) | Node::Outcome(_) | Node::Previous(_));
        simple || self.rules.binding(id).is_some()
    }

    fn is_element(self, id: Option<NodeId>) -> bool {
        id.is_some_and(|id| matches!(self.rules.nodes.get(id), Node::Element(..)))
    }

    fn spelled(self, id: NodeId, depth: usize) -> String {
        if depth > DEPTH {
            return "…".into();
        }
        if let Some(phrase) = self.phrase(id, depth) {
            return phrase;
        }
        let rules = self.rules;
        let inner = |id: &NodeId| self.named(*id, depth + 1);
        let all = |ids: &[NodeId]| ids.iter().map(inner).collect::<Vec<_>>().join(", ");
        match rules.nodes.get(id) {
            Node::Constant(it) => self.constant(it, kind(rules, id).as_ref()),
            Node::Field(slot) => self.field(*slot),
            Node::Element(list, column) => {
                let Some(Type::List(elements)) = rules.schema.fields.get(*list as usize).map(|it| &it.kind) else {
                    return "?".into();
                };
                let Some(element) = elements.get(*column as usize) else { return "?".into() };
                self.element(element)
            }
            Node::Now => self.either("now", "现在").into(),
            Node::Today => self.either("today", "今天").into(),
            Node::Previous(position) => self.previous(*position),
            Node::PopulationLoaded => self.either("population", "总体数据").into(),
            Node::Outcome(inner) => {
                part(rules, id).map_or_else(|| self.named(*inner, depth + 1), |found| self.part(&found))
            }
            Node::Arithmetic(operator, _, a, b) => {
                let sign = match operator {
                    ArithmeticOperator::Multiply => self.times(),
                    _ => operator.written(),
                };
                let side = |it: &NodeId| match rules.nodes.get(*it) {
                    Node::Arithmetic(..) => format!("({})", inner(it)),
                    _ => inner(it),
                };
                format!("{} {sign} {}", side(a), side(b))
            }
            Node::ToDecimal(a) | Node::StartOfDay(a) | Node::Fires(a) | Node::Relabel(a, _) | Node::Spell(a, _) => {
                inner(a)
            }
            Node::When(_, a) => inner(a),
            Node::Absolute(_, a) => format!("abs({})", inner(a)),
            Node::Round(_, a, digits) => format!("round({}, {digits})", inner(a)),
            Node::Least(list) => format!("min({})", all(list)),
            Node::Greatest(list) => format!("max({})", all(list)),
            Node::Coalesce(list) => format!("coalesce({})", all(list)),
            Node::CountPresent(list) => format!("count_present({})", all(list)),
            Node::PresentRatio(list) => format!("present_ratio({})", all(list)),
            Node::DateOf(a) => format!("date({})", inner(a)),
            Node::DatePart(part, a) => {
                let name = match part {
                    DatePart::Year => "year",
                    DatePart::Month => "month",
                    DatePart::Day => "day",
                    DatePart::Weekday => "weekday",
                };
                format!("{name}({})", inner(a))
            }
            Node::DaysBetween(a, b) => match (rules.nodes.get(*a), rules.nodes.get(*b)) {
                (_, Node::Today) => format!("days_since({})", inner(a)),
                (Node::Today, _) => format!("days_until({})", inner(b)),
                _ => format!("days_between({}, {})", inner(a), inner(b)),
            },
            Node::HoursSince(a) => format!("hours_since({})", inner(a)),
            Node::MonthsSince(a) => format!("months_since({})", inner(a)),
            Node::Decay(decay, points, at) => self.decay(*decay, &inner(points), &inner(at)),
            Node::Match { arms, subjects } => self.table(arms, subjects, depth),
            Node::Aggregate(it) => self.aggregate(it, depth),
            Node::Rank(rank, a) => match rank {
                Rank::Percent => format!("percent_rank({})", inner(a)),
                Rank::Tile(count) => format!("ntile({count}, {})", inner(a)),
                Rank::Share => format!("cume_share({})", inner(a)),
            },
            // conditions
            Node::Not(a) => match rules.nodes.get(*a) {
                Node::IsPresent(_) => self.relation_text(id),
                _ => format!("not ({})", inner(a)),
            },
            Node::All(list) if super::asked(rules, id).is_none() => self.joined(list, " and ", depth),
            Node::Any(list) if super::asked(rules, id).is_none() => self.joined(list, " or ", depth),
            Node::AtLeast(count, list) => format!("at_least({count}, {})", all(list)),
            // points, coverage and sets of tags have names as outcomes
            Node::TagSet(_) | Node::Indicator(_) | Node::Covered(_) | Node::Score(_) | Node::Coverage(_) => "…".into(),
            _ => self.relation_text(id),
        }
    }

    fn times(self) -> &'static str {
        if self.dialect == Dialect::Rules { "*" } else { "×" }
    }

    fn joined(self, list: &[NodeId], between: &str, depth: usize) -> String {
        let part = |id: &NodeId| match self.rules.nodes.get(*id) {
            Node::All(_) | Node::Any(_) if super::asked(self.rules, *id).is_none() && !self.is_bound(*id) => {
                format!("({})", self.named(*id, depth + 1))
            }
            _ => self.named(*id, depth + 1),
        };
        list.iter().map(part).collect::<Vec<_>>().join(between)
    }

    fn is_bound(self, id: NodeId) -> bool {
        self.rules.binding(id).is_some()
    }

    fn previous(self, position: u32) -> String {
        let Some(previous) = self.rules.previous.get(position as usize) else { return "?".into() };
        let (rules, name) = (self.rules, &previous.outcome);
        let classes = rules.classes.iter().map(|it| (&it.name, &it.title));
        let scores = rules.scores.iter().map(|it| (&it.name, &it.title));
        let tags = rules.tags.iter().map(|it| (&it.name, &it.title));
        let known = classes.chain(scores).chain(tags).find(|(known, _)| *known == name);
        let called = self.called(name, known.and_then(|(_, title)| title.as_deref()));
        let (rule, english, chinese) = match previous.part {
            PreviousPart::Class(_) | PreviousPart::Tags(_) => ("", "", ""),
            PreviousPart::Score => (".score", " score", "得分"),
            PreviousPart::Grade(_) => (".grade", " grade", "等级"),
            PreviousPart::Coverage => (".coverage", " coverage", "资料完整度"),
        };
        match self.dialect {
            Dialect::Rules => format!("previous.{name}{rule}"),
            Dialect::People(_) => {
                self.either(format!("the last {called}{english}"), format!("上次的{called}{chinese}"))
            }
        }
    }

    fn decay(self, decay: Decay, points: &str, at: &str) -> String {
        if self.dialect != Dialect::Rules {
            return self.fading(decay, points, at);
        }
        match decay {
            Decay::HalfLife(days) => format!("half_life({points}, {at}, {days} days)"),
            Decay::Linear(days) => format!("linear_decay({points}, {at}, {days} days)"),
            Decay::Cliff(stretch) => format!("cliff({points}, {at}, {})", period(stretch)),
            Decay::Step(rate, stretch) => format!("step_decay({points}, {at}, {rate}, {})", period(stretch)),
        }
    }

    /// Points that fade, as people say it.
    fn fading(self, decay: Decay, points: &str, at: &str) -> String {
        match decay {
            Decay::HalfLife(days) => self.either(
                format!("{points} that halve every {days} days from {at}"),
                format!("{points}（从{at}起每 {days} 天减半）"),
            ),
            Decay::Linear(days) => self.either(
                format!("{points} that fade to nothing in {days} days from {at}"),
                format!("{points}（从{at}起 {days} 天内减到 0）"),
            ),
            Decay::Cliff(stretch) => self.either(
                format!("{points} until {} after {at}", period(stretch)),
                format!("{points}（到{at}后{}为止）", period_chinese(stretch)),
            ),
            Decay::Step(rate, stretch) => {
                let percent = rate.multiply(crate::value::Fixed::from_int(100)).unwrap_or(rate);
                self.either(
                    format!("{points} less {percent} % every {} from {at}", period(stretch)),
                    format!("{points}（从{at}起每{}减 {percent}%）", period_chinese(stretch)),
                )
            }
        }
    }

    fn table(self, arms: &[(NodeId, NodeId)], subjects: &[NodeId], depth: usize) -> String {
        if self.dialect != Dialect::Rules {
            let subjects: Vec<String> = subjects.iter().map(|id| self.named(*id, depth + 1)).collect();
            let subjects = subjects.join(", ");
            return self.either(format!("the value by {subjects}"), format!("按{subjects}取的值"));
        }
        let arms = arms.iter().map(|(test, value)| match self.rules.nodes.constant(*test) {
            Some(Constant::Bool(true)) => format!("otherwise => {}", self.named(*value, depth + 1)),
            _ => format!("{} => {}", self.named(*test, depth + 1), self.named(*value, depth + 1)),
        });
        format!("match {{ {} }}", arms.collect::<Vec<_>>().join(", "))
    }

    fn aggregate(self, it: &Aggregate, depth: usize) -> String {
        // list functions read best as the rule file writes them
        let rule = Words { dialect: Dialect::Rules, ..self };
        let inner = |id: NodeId| rule.named(id, depth + 1);
        let list = self.named(it.list, depth + 1);
        let filter = it.filter.map(|id| format!(" where {}", inner(id))).unwrap_or_default();
        let key = it.key.map(|id| format!(" by {}", inner(id))).unwrap_or_default();
        let of = it.value.map(inner);
        let name = match it.fold {
            Fold::Count => "count",
            Fold::CountDistinct => "count(distinct",
            Fold::Sum(_) => "sum",
            Fold::Average => "avg",
            Fold::Least => "min",
            Fold::Greatest => "max",
            Fold::First => "first",
            Fold::Last => "last",
            Fold::Any => "any",
            Fold::All => "all",
        };
        match (it.fold, of) {
            (Fold::CountDistinct, of) => format!("{name} {} of {list}{filter})", of.unwrap_or_default()),
            (Fold::Any | Fold::All, Some(of)) if it.filter.is_none() => format!("{name}({list} where {of})"),
            (_, Some(of)) => format!("{name}({of} of {list}{key}{filter})"),
            (_, None) => format!("{name}({list}{filter})"),
        }
    }

    /// The sign of a comparison.
    pub(super) fn sign(self, operator: CompareOperator) -> &'static str {
        match operator {
            _ if self.dialect == Dialect::Rules => operator.written(),
            CompareOperator::Equal => "=",
            CompareOperator::NotEqual => "≠",
            CompareOperator::LessOrEqual => "≤",
            CompareOperator::GreaterOrEqual => "≥",
            CompareOperator::Less | CompareOperator::Greater => operator.written(),
        }
    }
}

/// `30 days`
pub(super) fn period(stretch: Stretch) -> String {
    match stretch {
        Stretch::Days(days) => format!("{days} days"),
        Stretch::Months(months) => format!("{months} months"),
    }
}

/// ` 30 天`
fn period_chinese(stretch: Stretch) -> String {
    match stretch {
        Stretch::Days(days) => format!(" {days} 天"),
        Stretch::Months(months) => format!(" {months} 个月"),
    }
}
