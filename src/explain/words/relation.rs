//! What a single condition asks of a value, in words.

use super::expression::period;
use super::{Dialect, Part, Words, kind, part};
use crate::hir::node::{Constant, Fold, Node};
use crate::hir::{NodeId, Rules};
use crate::operator::{AffixEnd, CompareOperator, Direction, Quantifier};
use crate::time::Stretch;
use crate::types::Type;
use crate::value::Text;

/// What a single condition asks.
#[derive(Clone, Debug)]
pub(crate) enum Asked<'r> {
    /// `employees >= 1000`
    Compared(NodeId, CompareOperator, &'r Constant),
    /// `employees in [100..1000)`
    Between(NodeId, (CompareOperator, &'r Constant), (CompareOperator, &'r Constant)),
    /// `industry in { "汽车", "制造业" }`
    OneOf(NodeId, Vec<&'r Constant>),
    /// `products contains any { "ERP", "CRM" }`
    Contains(NodeId, Quantifier, Needles<'r>),
    /// `products within { "ERP" }`
    Within(NodeId, Needles<'r>),
    /// `email ends with "@example.com"`
    Affix(NodeId, AffixEnd, &'r Text),
    /// `company matches r"公司$"`
    Matches(NodeId, u32),
    /// `last_contact within last 30 days`
    Window(NodeId, Direction, Stretch),
    /// `budget is present`
    Present(NodeId),
    /// `profile contains "沉睡"`, of tags
    Tag(NodeId),
    /// `deal_size > budget`
    Sides(CompareOperator, NodeId, NodeId),
    /// `contacted`, `any(activities where .kind == "demo")`
    Holds(NodeId),
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Needles<'r> {
    Labels(&'r [u32]),
    Texts(&'r [Text]),
}

impl Asked<'_> {
    /// The values that it reads.
    pub(crate) fn subjects(&self) -> Vec<NodeId> {
        match self {
            Asked::Compared(a, ..)
            | Asked::Between(a, ..)
            | Asked::OneOf(a, _)
            | Asked::Contains(a, ..)
            | Asked::Within(a, _)
            | Asked::Affix(a, ..)
            | Asked::Matches(a, _)
            | Asked::Window(a, ..)
            | Asked::Present(a)
            | Asked::Tag(a)
            | Asked::Holds(a) => vec![*a],
            Asked::Sides(_, a, b) => vec![*a, *b],
        }
    }
}

/// What a condition asks; nothing when it is made of others, or a constant.
pub(crate) fn asked(rules: &Rules, id: NodeId) -> Option<Asked<'_>> {
    let nodes = &rules.nodes;
    Some(match nodes.get(id) {
        Node::Constant(_) | Node::Not(_) | Node::AtLeast(..) | Node::Fires(_) | Node::When(..) => return None,
        Node::All(list) => return between(rules, list),
        Node::Any(list) => return one_of(rules, list),
        Node::Outcome(_) => match part(rules, id) {
            Some(Part::Tag(..)) => Asked::Tag(id),
            Some(_) => Asked::Holds(id),
            None => return None,
        },
        Node::Compare(operator, a, b) => match (nodes.constant(*a), nodes.constant(*b)) {
            (None, Some(constant)) => Asked::Compared(*a, *operator, constant),
            (Some(constant), None) => Asked::Compared(*b, turned(*operator), constant),
            _ => Asked::Sides(*operator, *a, *b),
        },
        Node::OneOf(a, constants) => Asked::OneOf(*a, constants.iter().collect()),
        Node::HasLabels(a, quantifier, labels) => Asked::Contains(*a, *quantifier, Needles::Labels(labels)),
        Node::HasTexts(a, quantifier, texts) | Node::Contains(a, quantifier, texts) => {
            Asked::Contains(*a, *quantifier, Needles::Texts(texts))
        }
        Node::WithinLabels(a, labels) => Asked::Within(*a, Needles::Labels(labels)),
        Node::WithinTexts(a, texts) | Node::WithinRegions(a, texts) => Asked::Within(*a, Needles::Texts(texts)),
        Node::Affix(a, end, text) => Asked::Affix(*a, *end, text),
        Node::Matches(a, regex) => Asked::Matches(*a, *regex),
        Node::Window(a, direction, stretch) => Asked::Window(*a, *direction, *stretch),
        Node::IsPresent(a) => Asked::Present(*a),
        _ => Asked::Holds(id),
    })
}

/// Two ends of one value.
fn between<'r>(rules: &'r Rules, list: &[NodeId]) -> Option<Asked<'r>> {
    let [low, high] = list else { return None };
    let end = |id: NodeId| match asked(rules, id) {
        Some(Asked::Compared(subject, operator, constant)) => Some((subject, operator, constant)),
        _ => None,
    };
    let is_single = |id: &NodeId| matches!(rules.nodes.get(*id), Node::Compare(..));
    if !list.iter().all(is_single) {
        return None;
    }
    let ((a, low, least), (b, high, most)) = (end(*low)?, end(*high)?);
    let is_low = matches!(low, CompareOperator::Greater | CompareOperator::GreaterOrEqual);
    let is_high = matches!(high, CompareOperator::Less | CompareOperator::LessOrEqual);
    (a == b && is_low && is_high).then_some(Asked::Between(a, (low, least), (high, most)))
}

/// One value, equal to one of several.
fn one_of<'r>(rules: &'r Rules, list: &[NodeId]) -> Option<Asked<'r>> {
    let mut subject = None;
    let mut constants = Vec::with_capacity(list.len());
    for id in list {
        let Node::Compare(CompareOperator::Equal, ..) = rules.nodes.get(*id) else { return None };
        let Some(Asked::Compared(own, _, constant)) = asked(rules, *id) else { return None };
        if *subject.get_or_insert(own) != own {
            return None;
        }
        constants.push(constant);
    }
    Some(Asked::OneOf(subject?, constants))
}

/// `c OP x` as `x OP c`.
fn turned(operator: CompareOperator) -> CompareOperator {
    match operator {
        CompareOperator::Less => CompareOperator::Greater,
        CompareOperator::LessOrEqual => CompareOperator::GreaterOrEqual,
        CompareOperator::Greater => CompareOperator::Less,
        CompareOperator::GreaterOrEqual => CompareOperator::LessOrEqual,
        equality => equality,
    }
}

/// The comparison that is true where this one is false.
fn opposite(operator: CompareOperator) -> CompareOperator {
    match operator {
        CompareOperator::Equal => CompareOperator::NotEqual,
        CompareOperator::NotEqual => CompareOperator::Equal,
        CompareOperator::Less => CompareOperator::GreaterOrEqual,
        CompareOperator::GreaterOrEqual => CompareOperator::Less,
        CompareOperator::Greater => CompareOperator::LessOrEqual,
        CompareOperator::LessOrEqual => CompareOperator::Greater,
    }
}

impl Words<'_> {
    /// A single condition, as rule files write it.
    pub(super) fn relation_text(self, id: NodeId) -> String {
        let (id, negated) = match self.rules.nodes.get(id) {
            Node::Not(inner) => (*inner, true),
            _ => (id, false),
        };
        let Some(found) = asked(self.rules, id) else { return "…".into() };
        let subject = |id: NodeId| self.value(id);
        match &found {
            Asked::Present(a) => {
                let asked = if negated { "missing" } else { "present" };
                if self.dialect == Dialect::Rules {
                    return format!("{} is {asked}", subject(*a));
                }
                self.either(
                    format!("{} is {asked}", subject(*a)),
                    format!("{}{}", subject(*a), if negated { "未填" } else { "已填" }),
                )
            }
            Asked::Holds(a) => match self.rules.nodes.get(*a) {
                // anything else would ask itself
                Node::Field(_) | Node::Aggregate(_) | Node::Match { .. } | Node::Element(..) | Node::Previous(_) => {
                    self.holds(*a, Some(!negated)).unwrap_or_else(|| subject(*a))
                }
                _ => "…".into(),
            },
            Asked::Tag(a) => subject(*a),
            Asked::Sides(operator, a, b) => format!("{} {} {}", subject(*a), self.sign(*operator), subject(*b)),
            other => {
                let own = other.subjects().first().map(|id| subject(*id)).unwrap_or_default();
                let is_equal = matches!(
                    other,
                    Asked::Compared(_, CompareOperator::Equal, _) | Asked::OneOf(..) | Asked::Between(..)
                );
                let requirement = self.requirement(other, negated);
                match self.dialect {
                    Dialect::People(_) if is_equal && !negated => {
                        self.before(&own, &format!("{} {requirement}", self.either("is", "为")))
                    }
                    _ => format!("{own} {requirement}"),
                }
            }
        }
    }

    /// A condition on a list for people: `跟进记录中有类型为 演示的`. Nothing for anything else.
    pub(in crate::explain) fn holds(self, id: NodeId, truth: Option<bool>) -> Option<String> {
        let Node::Aggregate(it) = self.rules.nodes.get(id) else { return None };
        if self.dialect == Dialect::Rules {
            return None;
        }
        let list = self.value(it.list);
        let which = it.filter.map(|filter| self.value(filter));
        let what = self.value(it.value?);
        let (english, chinese) = match (it.fold, which) {
            (Fold::Any, None) => ((String::new(), what.clone()), (String::new(), what)),
            (Fold::Any, Some(which)) => {
                ((String::new(), format!("{which} and {what}")), (String::new(), format!("{which}且{what}")))
            }
            (Fold::All, None) => ((" all".to_owned(), what.clone()), (String::new(), what)),
            (Fold::All, Some(which)) => ((format!(" where {which} all"), what.clone()), (format!("{which}的"), what)),
            _ => return None,
        };
        let any = it.fold == Fold::Any;
        Some(match (truth, any) {
            (None, _) => self.either(format!("{list} cannot be told"), format!("{list}无法判断")),
            (Some(true), true) => {
                self.either(format!("{list} include one where {}", english.1), format!("{list}中有{}的", chinese.1))
            }
            (Some(false), true) => {
                self.either(format!("{list} include none where {}", english.1), format!("{list}中没有{}的", chinese.1))
            }
            (Some(true), false) => self.either(
                format!("{list}{} have {}", english.0, english.1),
                format!("{list}中{}都是{}", chinese.0, chinese.1),
            ),
            (Some(false), false) => self.either(
                format!("not {list}{} have {}", english.0, english.1),
                format!("{list}中{}不都是{}", chinese.0, chinese.1),
            ),
        })
    }

    /// What is asked of the value, without the value: `≥ 1000`, `one of ERP, CRM`.
    pub(in crate::explain) fn requirement(self, asked: &Asked<'_>, negated: bool) -> String {
        let rules = self.rules;
        let of = |subject: NodeId, constant: &Constant| self.constant(constant, kind(rules, subject).as_ref());
        let sign = |operator: CompareOperator| if negated { opposite(operator) } else { operator };
        let not = if negated { self.either("not ", "不") } else { "" };
        let in_rules = self.dialect == Dialect::Rules;
        match asked {
            Asked::Compared(a, operator, constant) => match sign(*operator) {
                CompareOperator::Equal if !in_rules => of(*a, constant),
                CompareOperator::NotEqual if !in_rules => {
                    let value = of(*a, constant);
                    self.either(format!("not {value}"), format!("不是「{value}」"))
                }
                operator => format!("{} {}", self.sign(operator), of(*a, constant)),
            },
            Asked::Between(a, (low, least), (high, most)) => {
                self.between(*low, &of(*a, least), *high, &of(*a, most), negated)
            }
            Asked::OneOf(a, constants) => {
                let members = self.listed(constants.iter().map(|it| of(*a, it)).collect());
                match self.dialect {
                    Dialect::Rules => format!("in {members}"),
                    _ if negated => self.either(format!("none of {members}"), format!("不是 {members}")),
                    _ => self.either(format!("one of {members}"), format!("{members} 之一")),
                }
            }
            Asked::Contains(a, quantifier, needles) => {
                let (members, count) = self.needles(*a, *needles);
                match (self.dialect, quantifier) {
                    (Dialect::Rules, Quantifier::One) => {
                        format!("contains {}", members.trim_start_matches("{ ").trim_end_matches(" }"))
                    }
                    (Dialect::Rules, _) => format!("{} {members}", quantifier.written()),
                    (_, Quantifier::Any) if count > 1 => self.either(
                        format!("{not}with any of {members}"),
                        if negated { format!("不含 {members}") } else { format!("含 {members} 之一") },
                    ),
                    (_, Quantifier::All) if count > 1 => {
                        self.either(format!("{not}with all of {members}"), format!("{not}同时含 {members}"))
                    }
                    _ => self.either(format!("{not}with {members}"), format!("{not}含 {members}")),
                }
            }
            Asked::Within(a, needles) => {
                let (members, _) = self.needles(*a, *needles);
                match (self.dialect, rules.nodes.get(*a)) {
                    (Dialect::Rules, _) => format!("within {members}"),
                    _ if matches!(kind(rules, *a), Some(Type::Region)) => {
                        self.either(format!("{not}in {members}"), format!("{not}在 {members}"))
                    }
                    _ => self.either(format!("{not}only of {members}"), format!("{not}限于 {members}")),
                }
            }
            Asked::Affix(_, end, text) => {
                let text = self.quoted(text.original());
                match (end, self.is_chinese()) {
                    (_, false) => format!("{not}{} {text}", end.written()),
                    (AffixEnd::Start, true) => format!("{not}以 {text} 开头"),
                    (AffixEnd::End, true) => format!("{not}以 {text} 结尾"),
                }
            }
            Asked::Matches(_, regex) => {
                let regex = rules.regexes.get(*regex as usize).map_or("", |it| it.as_str());
                let regex = regex.strip_prefix("(?i)").unwrap_or(regex);
                match self.dialect {
                    Dialect::Rules => format!("matches r\"{regex}\""),
                    _ => self.either(format!("{not}matching {regex}"), format!("{not}符合 {regex}")),
                }
            }
            Asked::Window(_, direction, stretch) => self.window(*direction, *stretch, negated),
            Asked::Present(_) => self.either("present", "已填").into(),
            Asked::Tag(_) | Asked::Holds(_) => self.truth(!negated).into(),
            Asked::Sides(operator, _, b) => format!("{} {}", self.sign(sign(*operator)), self.value(*b)),
        }
    }

    fn between(self, low: CompareOperator, least: &str, high: CompareOperator, most: &str, negated: bool) -> String {
        let closed_low = low == CompareOperator::GreaterOrEqual;
        let closed_high = high == CompareOperator::LessOrEqual;
        if self.dialect == Dialect::Rules {
            let (open, close) = (if closed_low { "[" } else { "(" }, if closed_high { "]" } else { ")" });
            return format!("in {open}{least}..{most}{close}");
        }
        if negated {
            let (below, above) = (self.sign(opposite(low)), self.sign(opposite(high)));
            return self
                .either(format!("{below} {least} or {above} {most}"), format!("{below} {least} 或 {above} {most}"));
        }
        match (closed_low, closed_high, self.is_chinese()) {
            (true, true, false) => format!("{least} to {most}"),
            (true, false, false) => format!("{least} to below {most}"),
            (true, true, true) => format!("{least} 到 {most}"),
            (true, false, true) => format!("{least} 到 {most} 以下"),
            (false, _, _) => {
                let (above, below) = (self.sign(low), self.sign(high));
                self.either(format!("{above} {least} and {below} {most}"), format!("{above} {least} 且 {below} {most}"))
            }
        }
    }

    fn needles(self, subject: NodeId, needles: Needles<'_>) -> (String, usize) {
        let members: Vec<String> = match needles {
            Needles::Labels(labels) => {
                let kind = kind(self.rules, subject);
                labels.iter().map(|label| self.constant(&Constant::Label(*label), kind.as_ref())).collect()
            }
            Needles::Texts(texts) => texts.iter().map(|text| self.quoted(text.original())).collect(),
        };
        let count = members.len();
        (self.listed(members), count)
    }

    fn window(self, direction: Direction, stretch: Stretch, negated: bool) -> String {
        let (count, english, chinese) = match stretch {
            Stretch::Days(days) => (days, "day", "天"),
            Stretch::Months(months) if months % 12 == 0 => (months / 12, "year", "年"),
            Stretch::Months(months) => (months, "month", "个月"),
        };
        let (way, way_chinese) = match direction {
            Direction::Last => ("last", "最近"),
            Direction::Next => ("next", "未来"),
        };
        if self.dialect == Dialect::Rules {
            return format!("{} {}", direction.written(), period(stretch));
        }
        let plural = if count == 1 { "" } else { "s" };
        let not = if negated { self.either("not ", "不") } else { "" };
        self.either(
            format!("{not}within the {way} {count} {english}{plural}"),
            format!("{not}在{way_chinese} {count} {chinese}内"),
        )
    }
}
