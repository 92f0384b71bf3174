//! Checked expressions: a graph of small nodes, equal ones shared, children before parents.

use crate::operator::{AffixEnd, ArithmeticOperator, CompareOperator, Direction, Quantifier};
use crate::time::Stretch;
use crate::value::{Fixed, Text};
use indexmap::IndexSet;
use jiff::{Timestamp, civil};
use ordered_float::OrderedFloat;
use rustc_hash::FxHasher;
use std::hash::BuildHasherDefault;

/// A node of the graph; children have smaller numbers than their parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

impl NodeId {
    /// As an index.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A value that the rule file states.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Constant {
    /// What constant arithmetic past the range gives.
    Missing,
    Bool(bool),
    Int(i64),
    Decimal(Fixed),
    Float(OrderedFloat<f64>),
    Text(Text),
    Code(Text),
    Region(Text),
    Date(civil::Date),
    Instant(Timestamp),
    Label(u32),
    /// Positions, ascending.
    Labels(Box<[u32]>),
    /// Ascending in normal form, each once.
    Texts(Box<[Text]>),
    /// Ascending, each once.
    Codes(Box<[Text]>),
}

impl Constant {
    /// The same text for the same value, in every version of the library.
    pub(crate) fn canonical(&self) -> String {
        let texts = |texts: &[Text], form: fn(&Text) -> &str| texts.iter().map(form).collect::<Vec<_>>().join("\n");
        match self {
            Constant::Missing => "missing".into(),
            Constant::Bool(value) => value.to_string(),
            Constant::Int(value) => value.to_string(),
            Constant::Decimal(value) => format!("{value} decimal"),
            Constant::Float(value) => format!("{value} float"),
            Constant::Text(text) => text.normal().into(),
            Constant::Code(text) => text.exact().into(),
            Constant::Region(text) => text.normal().into(),
            Constant::Date(date) => date.to_string(),
            Constant::Instant(instant) => instant.to_string(),
            Constant::Label(label) => format!("label {label}"),
            Constant::Labels(labels) => format!("labels {labels:?}"),
            Constant::Texts(members) => texts(members, Text::normal),
            Constant::Codes(members) => texts(members, Text::exact),
        }
    }
}

/// Whether arithmetic is of whole numbers (64 bits) or of decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NumberKind {
    Int,
    Decimal,
}

/// `year(x)` and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DatePart {
    Year,
    Month,
    Day,
    /// Monday is 1.
    Weekday,
}

/// How points fade with age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Decay {
    /// `half_life(points, x, 30 days)`: in days
    HalfLife(i64),
    /// `linear_decay(points, x, 90 days)`: in days
    Linear(i64),
    /// `cliff(points, x, 30 days)`
    Cliff(Stretch),
    /// `step_decay(points, x, 25%, 1 week)`: the rate from 0 to 1
    Step(Fixed, Stretch),
}

/// What a population function asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Rank {
    /// `percent_rank(x)`
    Percent,
    /// `ntile(5, x)`
    Tile(i64),
    /// `cume_share(x)`
    Share,
}

/// What a list function computes of the elements that its filter lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fold {
    /// `count(L where C)`
    Count,
    /// `count(distinct E of L)`
    CountDistinct,
    /// `sum(E of L)`
    Sum(NumberKind),
    /// `avg(E of L)`
    Average,
    /// `min(E of L)`
    Least,
    /// `max(E of L)`
    Greatest,
    /// `first(E of L by K)`
    First,
    /// `last(E of L by K)`
    Last,
    /// `any(C of L where F)`
    Any,
    /// `all(C of L where F)`
    All,
}

/// A list function: its expressions are nodes that depend on the element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Aggregate {
    pub(crate) fold: Fold,
    /// The list: a [`Node::Field`].
    pub(crate) list: NodeId,
    /// E, or the condition of `any` and `all`.
    pub(crate) value: Option<NodeId>,
    /// K.
    pub(crate) key: Option<NodeId>,
    /// C of `where`.
    pub(crate) filter: Option<NodeId>,
}

/// What a fired rule of an indicator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Award {
    /// `=> 15 * demos`
    Points(NodeId),
    /// `=> skip`
    Skip,
}

/// What a rule of an indicator mentions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RuleMentions {
    pub(crate) test: Box<[NodeId]>,
    pub(crate) points: Box<[NodeId]>,
}

/// The rules of an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Indicator {
    /// All that fire are added, rather than the first taken.
    pub(crate) sum: bool,
    /// Test and award, in order.
    pub(crate) rules: Box<[(NodeId, Award)]>,
    pub(crate) clamp: Clamp,
    /// What each rule mentions, for the coverage.
    pub(crate) mentions: Box<[RuleMentions]>,
}

/// A closed interval that a sum is brought into; an end may be open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Clamp {
    pub(crate) low: Option<Fixed>,
    pub(crate) high: Option<Fixed>,
}

impl Clamp {
    /// The nearest number inside.
    pub(crate) fn apply(self, value: Fixed) -> Fixed {
        let raised = self.low.map_or(value, |low| value.max(low));
        self.high.map_or(raised, |high| raised.min(high))
    }
}

/// A weighted part of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    /// A share of 1, or one when the score has no weights.
    pub(crate) weight: Fixed,
    /// A [`Node::Indicator`], or its [`Node::Covered`].
    pub(crate) node: NodeId,
}

/// One operation. Each variant shows the rule text that it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// `50_000`
    Constant(Constant),
    /// `employees`: by position in the schema
    Field(u32),
    /// `.kind`: by the list's position in the schema, and the column
    Element(u32, u32),
    /// `now`
    Now,
    /// `today`
    Today,
    /// `previous.member`: by position in the table of what is read of the last outcome
    Previous(u32),
    /// Whether a population was handed in: true, or missing.
    PopulationLoaded,

    /// `not a`
    Not(NodeId),
    /// `a and b`
    All(Box<[NodeId]>),
    /// `a or b`
    Any(Box<[NodeId]>),
    /// `at_least(2, a, b, c)`
    AtLeast(i64, Box<[NodeId]>),
    /// `a is present`
    IsPresent(NodeId),
    /// Whether a rule fires: true, or else false.
    Fires(NodeId),

    /// `a >= b`
    Compare(CompareOperator, NodeId, NodeId),
    /// `a in { 5, 7 }`
    OneOf(NodeId, Box<[Constant]>),
    /// `products contains any { "ERP" }`, of a closed list: positions
    HasLabels(NodeId, Quantifier, Box<[u32]>),
    /// `interests contains any { "erp" }`, of an open one
    HasTexts(NodeId, Quantifier, Box<[Text]>),
    /// `need contains "定制"`
    Contains(NodeId, Quantifier, Box<[Text]>),
    /// `email ends with "@example.com"`
    Affix(NodeId, AffixEnd, Text),
    /// `company matches r"公司$"`: by position in the table of regular expressions
    Matches(NodeId, u32),
    /// `products within { "ERP" }`
    WithinLabels(NodeId, Box<[u32]>),
    /// `interests within { "erp" }`
    WithinTexts(NodeId, Box<[Text]>),
    /// `region within { "中国/广东" }`
    WithinRegions(NodeId, Box<[Text]>),
    /// `last_contact within last 30 days`
    Window(NodeId, Direction, Stretch),

    /// `a + b`
    Arithmetic(ArithmeticOperator, NumberKind, NodeId, NodeId),
    /// A whole number where a decimal is wanted.
    ToDecimal(NodeId),
    /// `abs(a)`
    Absolute(NumberKind, NodeId),
    /// `round(a, 2)`
    Round(NumberKind, NodeId, i64),
    /// `min(a, b)`
    Least(Box<[NodeId]>),
    /// `max(a, b)`
    Greatest(Box<[NodeId]>),
    /// `coalesce(a, b)`
    Coalesce(Box<[NodeId]>),
    /// `count_present(a, b)`
    CountPresent(Box<[NodeId]>),
    /// `present_ratio(a, b)`
    PresentRatio(Box<[NodeId]>),

    /// `date(a)`
    DateOf(NodeId),
    /// A date where an instant is wanted: the start of the day.
    StartOfDay(NodeId),
    /// `month(a)`
    DatePart(DatePart, NodeId),
    /// `days_between(a, b)`; `days_since(a)` is `days_between(a, today)`
    DaysBetween(NodeId, NodeId),
    /// `hours_since(a)`
    HoursSince(NodeId),
    /// `months_since(a)`
    MonthsSince(NodeId),
    /// `half_life(points, x, 30 days)`
    Decay(Decay, NodeId, NodeId),

    /// `match x { 1 => "a", otherwise => "b" }`: the first whose test is true
    Match {
        /// Test and value, in order.
        arms: Box<[(NodeId, NodeId)]>,
        /// What stands after `match`, for what the expression mentions.
        subjects: Box<[NodeId]>,
    },
    /// `sum(.amount of purchases)`
    Aggregate(Box<Aggregate>),
    /// `percent_rank(deal_size)`
    Rank(Rank, NodeId),
    /// A label as a label of another list with the same spelling.
    Relabel(NodeId, Box<[u32]>),
    /// A label as text.
    Spell(NodeId, Box<[Text]>),

    /// `when GUARD`: missing unless the guard is true
    When(NodeId, NodeId),
    /// An outcome as later rules see it; it is what they mention, not what it is made of.
    Outcome(NodeId),
    /// The labels whose rules fire, by position.
    TagSet(Box<[NodeId]>),
    /// The points of an indicator; missing when it was skipped.
    Indicator(Box<Indicator>),
    /// Whether everything that the indicator's rules asked for was there.
    Covered(NodeId),
    /// Σ weight × points, after skips divided by what remains of the weights.
    Score(Box<ScoreParts>),
    /// The weight of the covered indicators.
    Coverage(Box<ScoreParts>),
}

/// What a score is the sum of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ScoreParts {
    /// Whether the indicators have weights.
    pub(crate) weighted: bool,
    pub(crate) parts: Box<[Part]>,
    pub(crate) clamp: Clamp,
}

impl Node {
    /// Calls `visit` with every node that this one is computed from.
    pub(crate) fn children(&self, mut visit: impl FnMut(NodeId)) {
        use Node::{
            Absolute, Affix, Aggregate, All, Any, Arithmetic, AtLeast, Coalesce, Compare, Constant, Contains,
            CountPresent, Coverage, Covered, DateOf, DatePart, DaysBetween, Decay, Element, Field, Fires, Greatest,
            HasLabels, HasTexts, HoursSince, Indicator, IsPresent, Least, Match, Matches, MonthsSince, Not, Now, OneOf,
            Outcome, PopulationLoaded, PresentRatio, Previous, Rank, Relabel, Round, Score, Spell, StartOfDay, TagSet,
            ToDecimal, Today, When, Window, WithinLabels, WithinRegions, WithinTexts,
        };
        match self {
            Constant(_) | Field(_) | Element(..) | Now | Today | Previous(_) | PopulationLoaded => {}
            Not(a)
            | IsPresent(a)
            | Fires(a)
            | OneOf(a, _)
            | HasLabels(a, ..)
            | HasTexts(a, ..)
            | Contains(a, ..)
            | Affix(a, ..)
            | Matches(a, _)
            | WithinLabels(a, _)
            | WithinTexts(a, _)
            | WithinRegions(a, _)
            | Window(a, ..)
            | ToDecimal(a)
            | Absolute(_, a)
            | Round(_, a, _)
            | DateOf(a)
            | StartOfDay(a)
            | DatePart(_, a)
            | HoursSince(a)
            | MonthsSince(a)
            | Rank(_, a)
            | Relabel(a, _)
            | Spell(a, _)
            | Outcome(a)
            | Covered(a) => visit(*a),
            Compare(_, a, b) | Arithmetic(_, _, a, b) | DaysBetween(a, b) | Decay(_, a, b) | When(a, b) => {
                visit(*a);
                visit(*b);
            }
            All(list)
            | Any(list)
            | AtLeast(_, list)
            | Least(list)
            | Greatest(list)
            | Coalesce(list)
            | CountPresent(list)
            | PresentRatio(list)
            | TagSet(list) => list.iter().copied().for_each(visit),
            Match { arms, subjects } => {
                subjects.iter().copied().for_each(&mut visit);
                for (test, value) in arms {
                    visit(*test);
                    visit(*value);
                }
            }
            Aggregate(aggregate) => {
                visit(aggregate.list);
                [aggregate.value, aggregate.key, aggregate.filter].into_iter().flatten().for_each(visit);
            }
            Indicator(indicator) => {
                for (test, award) in &indicator.rules {
                    visit(*test);
                    if let Award::Points(points) = award {
                        visit(*points);
                    }
                }
                for mentions in &indicator.mentions {
                    mentions.test.iter().chain(&mentions.points).copied().for_each(&mut visit);
                }
            }
            Score(score) | Coverage(score) => score.parts.iter().for_each(|part| visit(part.node)),
        }
    }
}

/// The number of the node at a place.
fn id_of(place: usize) -> NodeId {
    NodeId(u32::try_from(place).unwrap_or(u32::MAX))
}

/// The graph. Adding a node that is there already gives the one that is there.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    /// A node's number is its place. Iterated by place only, never by hash.
    nodes: IndexSet<Node, BuildHasherDefault<FxHasher>>,
    /// Whether a node depends on the element of a list function, and so has a value per element only.
    of_element: Vec<bool>,
}

impl Nodes {
    /// The node's place, new or known.
    pub(crate) fn add(&mut self, node: Node) -> NodeId {
        let (place, new) = self.nodes.insert_full(node);
        if new {
            self.of_element.push(self.depends_on_element(&self.nodes[place]));
        }
        id_of(place)
    }

    /// A list function closes over its element; everything else passes the dependence on.
    fn depends_on_element(&self, node: &Node) -> bool {
        match node {
            Node::Element(..) => true,
            Node::Aggregate(_) => false,
            _ => {
                let mut found = false;
                node.children(|child| found |= self.of_element[child.index()]);
                found
            }
        }
    }

    /// What stands there.
    pub(crate) fn get(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Whether its value belongs to an element rather than to the lead.
    pub(crate) fn is_of_element(&self, id: NodeId) -> bool {
        self.of_element[id.index()]
    }

    /// The constant that stands there.
    pub(crate) fn constant(&self, id: NodeId) -> Option<&Constant> {
        match self.get(id) {
            Node::Constant(constant) => Some(constant),
            _ => None,
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A constant's node.
    pub(crate) fn add_constant(&mut self, constant: Constant) -> NodeId {
        self.add(Node::Constant(constant))
    }

    /// What an expression mentions: fields, lists, outcome values and previous ones, in the order of
    /// the graph. A list function mentions only its list; an outcome is mentioned, not what it is made of.
    pub(crate) fn mentions(&self, root: NodeId) -> Box<[NodeId]> {
        let (mut seen, mut pending, mut found) = (rustc_hash::FxHashSet::default(), vec![root], Vec::new());
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.get(id) {
                Node::Field(_) | Node::Previous(_) | Node::Outcome(_) | Node::PopulationLoaded => found.push(id),
                Node::Aggregate(aggregate) => pending.push(aggregate.list),
                Node::Rank(_, ranked) => {
                    pending.push(*ranked);
                    pending.extend(self.nodes.get_index_of(&Node::PopulationLoaded).map(id_of));
                }
                node => node.children(|child| pending.push(child)),
            }
        }
        found.sort_unstable();
        found.into()
    }
}
