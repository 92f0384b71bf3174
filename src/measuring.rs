//! Leads → population, by the rules that ask for it; and where its ranks cut.

use crate::evaluator::Evaluator;
use crate::explain::one_line;
use crate::grid::turned;
use crate::hir::NodeId;
use crate::hir::node::{Constant, Node, Rank};
use crate::lead::Lead;
use crate::loaded::Loaded;
use crate::operator::CompareOperator;
use crate::population::{
    CutOff, EXACT_UP_TO, Expression, Gathered, Measurer, Population, PopulationError, public as decimal,
};
use crate::rule_set::RuleSet;
use crate::time::At;
use crate::value::Fixed;
use std::borrow::Borrow;
use std::collections::BTreeSet;

/// Of an `ntile` with more tiles only those cut-offs are listed that conditions ask for.
const TILES: i64 = 100;

/// Measures leads one after another. Only what the rules ask for is computed, and no lead is kept.
///
/// ```
/// use gradus::{Lead, Population, RuleSet};
///
/// let rules = RuleSet::parse(r#"tags value { cume_share(deal_size) < 80% => "core" }"#)?;
/// let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
/// let mut builder = Population::builder(&rules, &at);
/// for size in [500, 300, 100, 60, 40] {
///     builder.push(&Lead::new().with_deal_size(size));
/// }
/// let population = builder.finish();
/// assert_eq!(population.leads(), 5);
///
/// let cut_offs = rules.cut_offs(&population)?;
/// assert_eq!(cut_offs[0].to_string(), "cume_share(deal_size) < 0.8: from 300, not 100; 2 leads");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PopulationBuilder<'r> {
    evaluator: Evaluator<'r>,
    at: At,
    gathered: Gathered,
}

impl<'r> PopulationBuilder<'r> {
    fn new(rules: &'r RuleSet, at: &At, with_tests: bool) -> PopulationBuilder<'r> {
        let loaded = rules.loaded();
        let asked = loaded.model.measured.iter().filter(|measured| with_tests || !measured.of_tests);
        let expressions = asked
            .map(|measured| Expression { written: one_line(loaded.text(measured.span)), text: measured.text.clone() });
        let gathered = Gathered::new(measurer(loaded), at.now(), expressions.collect(), EXACT_UP_TO);
        PopulationBuilder { evaluator: rules.evaluator(), at: at.clone(), gathered }
    }

    /// Holds up to so many different values of each measure exactly, rather than a million; see
    /// [`population`](crate::population). Once there are leads, the number can only be lowered.
    #[must_use]
    pub fn exact_up_to(mut self, values: usize) -> PopulationBuilder<'r> {
        self.gathered.limit(values);
        self
    }

    /// Measures a lead. What it has no value of is passed over.
    pub fn push(&mut self, lead: &Lead) {
        let PopulationBuilder { evaluator, at, gathered } = self;
        gathered.count_lead();
        evaluator.measure(lead, at, |measure, value| gathered.push(measure, value));
    }

    /// What was measured.
    pub fn finish(self) -> Population {
        self.gathered.finish()
    }
}

impl<L: Borrow<Lead>> Extend<L> for PopulationBuilder<'_> {
    fn extend<I: IntoIterator<Item = L>>(&mut self, leads: I) {
        leads.into_iter().for_each(|lead| self.push(lead.borrow()));
    }
}

impl Population {
    /// Begins to measure what the rules ask of a population, at an instant.
    pub fn builder<'r>(rules: &'r RuleSet, at: &At) -> PopulationBuilder<'r> {
        PopulationBuilder::new(rules, at, false)
    }

    /// Measures leads in one go: exactly, up to a million different values of each measure.
    pub fn measure<L: Borrow<Lead>>(rules: &RuleSet, leads: impl IntoIterator<Item = L>, at: &At) -> Population {
        let mut builder = Population::builder(rules, at);
        builder.extend(leads);
        builder.finish()
    }

    /// The same with what only tests ask for.
    pub(crate) fn measure_for_tests(rules: &RuleSet, leads: &[Lead], at: &At) -> Population {
        let mut builder = PopulationBuilder::new(rules, at, true);
        builder.extend(leads);
        builder.finish()
    }

    /// Reads the JSON form of a population that these rules measured.
    ///
    /// # Errors
    /// When the text is no population, or one of a later version, or when another rule set measured it: one with another
    /// [fingerprint](RuleSet::fingerprint).
    pub fn from_json(rules: &RuleSet, text: &str) -> Result<Population, PopulationError> {
        let population = Population::read(text)?;
        let loaded = rules.loaded();
        let asked = loaded.model.measured.iter().filter(|measured| !measured.of_tests);
        population.belongs_to(&measurer(loaded), asked.map(|measured| measured.text.as_str()))?;
        Ok(population)
    }
}

fn measurer(loaded: &Loaded) -> Measurer {
    let (name, version) = (loaded.model.name.clone(), loaded.model.version.clone());
    Measurer { name, version, fingerprint: loaded.fingerprint.clone() }
}

impl RuleSet {
    /// Where the ranks of a population cut: the values that separate the groups of every `ntile`, and the values at which
    /// `percent_rank` and `cume_share` pass the constants that rules compare them with. By measure, function and constant.
    ///
    /// Found are comparisons of a rank itself, also through a `let` and in the patterns of a table, with a constant; of
    /// `100 * percent_rank(x) >= 80` nothing is listed.
    ///
    /// # Errors
    /// When another rule set measured the population.
    pub fn cut_offs(&self, population: &Population) -> Result<Vec<CutOff>, PopulationError> {
        let loaded = self.loaded();
        let asked = loaded.model.measured.iter().filter(|measured| !measured.of_tests);
        population.belongs_to(&measurer(loaded), asked.map(|measured| measured.text.as_str()))?;
        Ok(cuts(loaded).into_iter().map(|cut| cut.find(loaded, population)).collect())
    }
}

/// A condition on a rank that is met from some value on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    measure: usize,
    kind: Kind,
    threshold: Fixed,
    /// Whether the threshold itself is excluded.
    strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Tile(i64),
    Percent,
    Share,
}

impl Cut {
    fn find(self, loaded: &Loaded, population: &Population) -> CutOff {
        let Cut { measure, kind, threshold, strict } = self;
        let meets = |value: Fixed| {
            let (rank, falls) = match kind {
                Kind::Tile(tiles) => (population.tile(measure, value, tiles).map(Fixed::from_int), false),
                Kind::Percent => (population.percent_rank(measure, value), false),
                Kind::Share => (population.share_above(measure, value), true),
            };
            rank.is_some_and(|rank| match (falls, strict) {
                (false, false) => rank >= threshold,
                (false, true) => rank > threshold,
                (true, false) => rank <= threshold,
                (true, true) => rank < threshold,
            })
        };
        let (below, from, count) = population.cut(measure, meets);
        let expression = loaded.model.measured.get(measure).map(|measured| one_line(loaded.text(measured.span)));
        let expression = expression.unwrap_or_default();
        let (rank, operator) = match kind {
            Kind::Tile(tiles) => (format!("ntile({tiles}, {expression})"), ">"),
            Kind::Percent => (format!("percent_rank({expression})"), ">"),
            Kind::Share => (format!("cume_share({expression})"), "<"),
        };
        let condition = format!("{operator}{} {threshold}", if strict { "" } else { "=" });
        CutOff { rank, condition, below: below.map(decimal), from: from.map(decimal), count }
    }
}

/// Everything that outcomes ask of ranks.
fn cuts(loaded: &Loaded) -> BTreeSet<Cut> {
    let nodes = &loaded.model.nodes;
    let mut found = BTreeSet::new();
    let mut compared = |operator: CompareOperator, node: NodeId, constant: &Constant| {
        let threshold = match constant {
            Constant::Int(value) => Fixed::from_int(*value),
            Constant::Decimal(value) => *value,
            _ => return,
        };
        let Some((rank, measure)) = ranked(loaded, node) else { return };
        let (from, past) = match operator {
            CompareOperator::Less | CompareOperator::GreaterOrEqual => (true, false),
            CompareOperator::LessOrEqual | CompareOperator::Greater => (false, true),
            CompareOperator::Equal | CompareOperator::NotEqual => (true, true),
        };
        for past in [from.then_some(false), past.then_some(true)].into_iter().flatten() {
            found.extend(cut(rank, measure, threshold, past));
        }
    };
    let steps = &loaded.program.explained(&loaded.model).steps;
    for &id in steps {
        match nodes.get(id) {
            Node::Compare(operator, a, b) => match (nodes.constant(*a), nodes.constant(*b)) {
                (None, Some(constant)) => compared(*operator, *a, constant),
                (Some(constant), None) => compared(turned(*operator), *b, constant),
                _ => {}
            },
            Node::OneOf(subject, constants) => {
                constants.iter().for_each(|constant| compared(CompareOperator::Equal, *subject, constant));
            }
            _ => {}
        }
    }
    for &id in steps {
        if let Some((Rank::Tile(tiles), measure)) =
            ranked(loaded, id).filter(|_| matches!(nodes.get(id), Node::Rank(..)))
            && tiles <= TILES
        {
            let all = (2..=tiles).map(Fixed::from_int);
            found.extend(all.filter_map(|tile| cut(Rank::Tile(tiles), measure, tile, false)));
        }
    }
    found
}

/// The rank that a node is, perhaps as a decimal, and where its values are.
fn ranked(loaded: &Loaded, node: NodeId) -> Option<(Rank, usize)> {
    match loaded.model.nodes.get(node) {
        Node::Rank(rank, measured) => Some((*rank, loaded.program.measure(*measured)?)),
        Node::ToDecimal(inner) => ranked(loaded, *inner),
        _ => None,
    }
}

/// Where the rank of ascending values comes to a threshold, or past it.
fn cut(rank: Rank, measure: usize, threshold: Fixed, past: bool) -> Option<Cut> {
    let made = |kind, strict| Cut { measure, kind, threshold, strict };
    Some(match rank {
        Rank::Percent => made(Kind::Percent, past),
        // falls as values rise: what is past the threshold there comes first
        Rank::Share => made(Kind::Share, !past),
        Rank::Tile(tiles) => {
            // the first whole number that meets it
            let units = threshold.units() + if past { 1 } else { 0 };
            let tile = units.div_euclid(Fixed::ONE.units()) + i128::from(units.rem_euclid(Fixed::ONE.units()) > 0);
            let tile = i64::try_from(tile).ok().filter(|tile| (2..=tiles).contains(tile))?;
            Cut { measure, kind: Kind::Tile(tiles), threshold: Fixed::from_int(tile), strict: false }
        }
    })
}
