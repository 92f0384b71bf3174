//! Two rule sets as one graph: nodes that mean the same are the same node, whichever version they come from.

use crate::hir::node::{Award, Constant, Node};
use crate::hir::{Measured, NodeId, Nodes, Places, Previous, Rules, Test};
use crate::lead::Lead;
use crate::lead::read::Schema;
use crate::loaded::Loaded;
use crate::program;
use crate::types::{FieldType, Type};
use regex::Regex;
use rustc_hash::FxHashMap;

/// What a field that is read in another way is called beside the old one: no name of the language ends like this.
const COPY: &str = "\u{1}";

/// Both versions, without declarations: only what they are made of.
pub(super) struct Merged {
    pub(super) rules: Rules,
    /// The node of each node of the old version, and of the new one.
    pub(super) nodes: [Vec<NodeId>; 2],
}

/// What is put together.
#[derive(Default)]
struct Tables {
    nodes: Nodes,
    regexes: Vec<Regex>,
    /// The place of a pattern by what it is asked of, since that decides whether case counts.
    patterns: FxHashMap<(NodeId, String), u32>,
    previous: Vec<Previous>,
}

/// Puts two versions together. Fields that the new version reads in another way stand beside the old ones, as if they had
/// nothing to do with them.
pub(super) fn merge(old: &Loaded, new: &Loaded) -> Merged {
    let [one, two] = [&old.model, &new.model];
    let mut fields: Vec<FieldType> = one.schema.fields.clone();
    let mut slots_of_new: Vec<String> = Vec::with_capacity(two.schema.fields.len());
    for field in &two.schema.fields {
        let mut name = field.name.to_string();
        match one.schema.slot(&name).and_then(|slot| one.schema.fields.get(slot)) {
            Some(known) if reads_alike(known, field) => {}
            known => {
                if known.is_some() {
                    name.push_str(COPY);
                }
                fields.push(FieldType { name: name.as_str().into(), ..field.clone() });
            }
        }
        slots_of_new.push(name);
    }
    let schema = Schema::new(fields);
    let slot = |name: &str| schema.slot(name).and_then(|slot| u32::try_from(slot).ok()).unwrap_or(u32::MAX);
    let slots: [Vec<u32>; 2] = [
        one.schema.fields.iter().map(|field| slot(&field.name)).collect(),
        slots_of_new.iter().map(|name| slot(name)).collect(),
    ];
    let mut tables = Tables::default();
    let nodes = [tables.import(one, &slots[0]), tables.import(two, &slots[1])];
    let mut measured: Vec<Measured> = Vec::new();
    for (rules, nodes) in [one, two].iter().zip(&nodes) {
        for it in &rules.measured {
            let node = nodes[it.node.index()];
            if measured.iter().all(|known| known.node != node) {
                measured.push(Measured { node, text: it.text.clone(), span: it.span, of_tests: it.of_tests });
            }
        }
    }
    let Tables { nodes: graph, regexes, previous, .. } = tables;
    let rules = Rules {
        name: None,
        version: None,
        zone: one.zone.clone(),
        schema,
        nodes: graph,
        regexes,
        previous,
        overridden: Vec::new(),
        lets: Vec::new(),
        classes: Vec::new(),
        scores: Vec::new(),
        tags: Vec::new(),
        tests: one.tests.iter().chain(&two.tests).map(given).collect(),
        measured,
        places: Places::default(),
    };
    Merged { rules, nodes }
}

impl Merged {
    /// Ready to be evaluated.
    pub(super) fn load(rules: Rules, like: &Loaded) -> Loaded {
        let program = program::compile(&rules);
        let limits = crate::limits::Limits { analysis_steps: like.analysis_steps, ..crate::limits::Limits::default() };
        Loaded::new(rules, program, String::new(), Vec::new(), &limits)
    }
}

/// A lead as hosts give it: with the one or the other value of a field that the versions read in another way.
pub(super) fn as_given(lead: &Lead) -> Vec<Lead> {
    let copies: Vec<String> =
        lead.iter().filter(|(name, _)| name.ends_with(COPY)).map(|(name, _)| name.to_owned()).collect();
    let mut first = lead.clone();
    let mut second = lead.clone();
    for copy in &copies {
        first.remove(copy);
        if let Some(value) = second.remove(copy) {
            second.set(copy.trim_end_matches(COPY).to_owned(), value);
        }
    }
    if copies.is_empty() { vec![first] } else { vec![first, second] }
}

/// What a test gives; what it expects is not looked at.
fn given(test: &Test) -> Test {
    Test {
        title: String::new(),
        span: test.span,
        at: test.at,
        given: test.given.clone(),
        previous: test.previous.clone(),
        population: None,
        expects: Vec::new(),
    }
}

/// Whether two declarations of a field read every value alike.
fn reads_alike(one: &FieldType, other: &FieldType) -> bool {
    let same_kind = match (&one.kind, &other.kind) {
        (Type::List(fields), Type::List(others)) => {
            let mut pairs = fields.iter().zip(others.iter());
            fields.len() == others.len() && pairs.all(|(field, other)| reads_alike(field, other))
        }
        (kind, other) => kind == other,
    };
    same_kind && one.name == other.name && one.placeholders == other.placeholders
}

impl Tables {
    /// Adds all nodes of a rule set: what each becomes.
    fn import(&mut self, rules: &Rules, slots: &[u32]) -> Vec<NodeId> {
        let mut to: Vec<NodeId> = Vec::with_capacity(rules.nodes.len());
        for index in 0..rules.nodes.len() {
            let id = NodeId(u32::try_from(index).unwrap_or(u32::MAX));
            let mut node = renumbered(rules.nodes.get(id), &|id| to[id.index()]);
            match &mut node {
                Node::Field(slot) | Node::Element(slot, _) => {
                    *slot = slots.get(*slot as usize).copied().unwrap_or(*slot);
                }
                Node::Previous(place) => {
                    if let Some(asked) = rules.previous.get(*place as usize) {
                        *place = self.previous(asked);
                    }
                }
                Node::Matches(subject, place) => {
                    if let Some(regex) = rules.regexes.get(*place as usize) {
                        *place = self.pattern(*subject, regex);
                    }
                }
                _ => {}
            }
            to.push(self.nodes.add(node));
        }
        to
    }

    fn previous(&mut self, asked: &Previous) -> u32 {
        let place = self.previous.iter().position(|known| known == asked).unwrap_or_else(|| {
            self.previous.push(asked.clone());
            self.previous.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    fn pattern(&mut self, subject: NodeId, regex: &Regex) -> u32 {
        let regexes = &mut self.regexes;
        *self.patterns.entry((subject, regex.as_str().to_owned())).or_insert_with(|| {
            regexes.push(regex.clone());
            u32::try_from(regexes.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

/// The same node with other numbers for what it is computed from.
pub(super) fn renumbered(node: &Node, to: &dyn Fn(NodeId) -> NodeId) -> Node {
    let mut node = node.clone();
    let one = |id: &mut NodeId| *id = to(*id);
    let every = |list: &mut Box<[NodeId]>| list.iter_mut().for_each(one);
    match &mut node {
        Node::Constant(_)
        | Node::Field(_)
        | Node::Element(..)
        | Node::Now
        | Node::Today
        | Node::Previous(_)
        | Node::PopulationLoaded => {}
        Node::Not(a)
        | Node::IsPresent(a)
        | Node::Fires(a)
        | Node::OneOf(a, _)
        | Node::HasLabels(a, ..)
        | Node::HasTexts(a, ..)
        | Node::Contains(a, ..)
        | Node::Affix(a, ..)
        | Node::Matches(a, _)
        | Node::WithinLabels(a, _)
        | Node::WithinTexts(a, _)
        | Node::WithinRegions(a, _)
        | Node::Window(a, ..)
        | Node::ToDecimal(a)
        | Node::Absolute(_, a)
        | Node::Round(_, a, _)
        | Node::DateOf(a)
        | Node::StartOfDay(a)
        | Node::DatePart(_, a)
        | Node::HoursSince(a)
        | Node::MonthsSince(a)
        | Node::Rank(_, a)
        | Node::Relabel(a, _)
        | Node::Spell(a, _)
        | Node::Outcome(a)
        | Node::Covered(a) => one(a),
        Node::Compare(_, a, b)
        | Node::Arithmetic(_, _, a, b)
        | Node::DaysBetween(a, b)
        | Node::Decay(_, a, b)
        | Node::When(a, b) => {
            one(a);
            one(b);
        }
        Node::All(list)
        | Node::Any(list)
        | Node::AtLeast(_, list)
        | Node::Least(list)
        | Node::Greatest(list)
        | Node::Coalesce(list)
        | Node::CountPresent(list)
        | Node::PresentRatio(list)
        | Node::TagSet(list) => every(list),
        Node::Match { arms, subjects } => {
            every(subjects);
            for (test, value) in arms {
                one(test);
                one(value);
            }
        }
        Node::Aggregate(aggregate) => {
            one(&mut aggregate.list);
            [&mut aggregate.value, &mut aggregate.key, &mut aggregate.filter].into_iter().flatten().for_each(one);
        }
        Node::Indicator(indicator) => {
            for (test, award) in &mut indicator.rules {
                one(test);
                if let Award::Points(points) = award {
                    one(points);
                }
            }
            for mentions in &mut indicator.mentions {
                every(&mut mentions.test);
                every(&mut mentions.points);
                // their order means nothing, and is that of the graph
                mentions.test.sort_unstable();
                mentions.points.sort_unstable();
            }
        }
        Node::Score(score) | Node::Coverage(score) => score.parts.iter_mut().for_each(|part| one(&mut part.node)),
    }
    node
}

/// A constant of the merged graph.
pub(super) fn truth(nodes: &mut Nodes, value: bool) -> NodeId {
    nodes.add_constant(Constant::Bool(value))
}
