//! Two outcomes of one lead: what is different, which way it went, and what can have done it.

use crate::lead::Lead;
use crate::loaded::{Loaded, OutcomeId};
use crate::outcome::Outcome;
use crate::types::Choice;
use crate::value::Fixed;
use rust_decimal::Decimal;
use serde::Serialize;
use serde::ser::Serializer;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

/// What a difference is a difference of. Serialises as a word such as `grade`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Part {
    /// The label of a classification.
    Class,
    /// The number of a score.
    Score,
    /// The grade of a score.
    Grade,
    /// The coverage of a score.
    Coverage,
    /// One tag of a block.
    Tag,
    /// A block of tags as such: whether there is one at all, which its guard decides.
    Tags,
}

/// Which way something went. Serialises as a word such as `up`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Direction {
    /// To more, or to a better grade, or to a higher label of an ordered choice.
    Up,
    /// To less, or to a worse grade, or to a lower label of an ordered choice.
    Down,
    /// To another label; the labels have no order.
    Changed,
    /// It was missing, and is there.
    Appeared,
    /// It was there, and is missing.
    Vanished,
}

/// What can have made a difference: everything that differs between the two evaluations and that the declaration reads.
/// When only one of the three is true, it was that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct Causes {
    /// The rule sets differ in meaning: their fingerprints do.
    pub rules: bool,
    /// The instants differ, and the declaration reads the clock.
    pub time: bool,
    /// What was given beside the instant differs, or may: the lead, its last outcome, the population. An outcome does not
    /// remember them; see [`Transition::with_changed_fields`].
    pub data: bool,
}

/// One thing that is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The name of the classification, the score or the block of tags.
    pub name: String,
    /// What of it.
    pub part: Part,
    /// Which way it went.
    pub direction: Direction,
    /// What it was: a label, a number or a tag; nothing when it was missing, and of a block of tags as such.
    pub from: Option<String>,
    /// What it is.
    pub to: Option<String>,
    /// Of numbers on both sides: by how much.
    #[serde(serialize_with = "plain", skip_serializing_if = "Option::is_none")]
    pub by: Option<Decimal>,
    /// What can have done it.
    pub causes: Causes,
}

/// Everything that is different between two outcomes, in the order of the later rule file: classes, scores, tags.
///
/// ```
/// use gradus::{Direction, Lead, Part, RuleSet, compare};
///
/// let rules = RuleSet::parse(r#"
///     score heat {
///       indicator size { employees >= 1000 => 60 }
///       indicator recency { last_contact within last 30 days => 30 }
///       grades { [80..] => "hot", [50..80) => "warm", [..50) => "cold" }
///     }
/// "#)?;
/// let lead = Lead::new().with_employees(5000).with_last_contact(jiff::civil::date(2026, 11, 1));
/// let before = rules.evaluate(&lead, &rules.at("2026-11-21T09:00:00Z".parse()?));
/// let after = rules.evaluate(&lead, &rules.at("2026-12-21T09:00:00Z".parse()?));
///
/// let transition = compare(&before, &after).with_changed_fields(&[]);
/// let grade = transition.of("heat", Part::Grade).unwrap();
/// assert_eq!((grade.from.as_deref(), grade.to.as_deref()), (Some("hot"), Some("warm")));
/// assert_eq!(grade.direction, Direction::Down);
/// assert!(grade.causes.time && !grade.causes.data && !grade.causes.rules);
/// assert_eq!(transition.to_string(), "heat: score 90 → 60, down by 30 (time)\nheat: grade hot → warm, down (time)\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Transition {
    differences: Vec<Difference>,
    /// For each difference the fields that its declaration reads; of those that two rule sets have, both.
    #[serde(skip)]
    read: Vec<Read>,
}

/// What data a declaration reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Read {
    fields: BTreeSet<String>,
    /// The last outcome, or a population.
    others: bool,
}

/// Compares two outcomes of one lead, the earlier one first. They may come from different rule sets: what only one of them
/// has appears or vanishes, unless it is missing there.
///
/// Identifiers and data issues are no part of it.
pub fn compare(before: &Outcome, after: &Outcome) -> Transition {
    let mut found = Comparison { before, after, transition: Transition::default() };
    found.classes();
    found.scores();
    found.tags();
    found.transition
}

impl Transition {
    /// Everything that is different.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }

    /// What is different in one part of one declaration; of tags the first.
    pub fn of(&self, name: &str, part: Part) -> Option<&Difference> {
        self.differences.iter().find(|difference| difference.name == name && difference.part == part)
    }

    /// With the fields of the lead that differ between the two evaluations: `employees`, or `purchases.amount` of the
    /// elements of a list. Data can then only have made a difference where a declaration reads one of them. The last
    /// outcome and the population are taken to be the same, unless `previous` or `population` is among the fields.
    ///
    /// [`Lead::changed_fields`] finds them.
    #[must_use]
    pub fn with_changed_fields(mut self, fields: &[&str]) -> Transition {
        let others = fields.iter().any(|field| matches!(*field, "previous" | "population"));
        for (difference, read) in self.differences.iter_mut().zip(&self.read) {
            difference.causes.data = crate::read_set::reads_any(&read.fields, fields) || others && read.others;
        }
        self
    }
}

impl Lead {
    /// The names of the fields that differ between two leads, in their order: values are compared as they were set.
    ///
    /// ```
    /// use gradus::Lead;
    ///
    /// let lead = Lead::new().with_employees(20).with_city("上海");
    /// assert_eq!(lead.changed_fields(&lead.clone().with_employees(5000)), ["employees"]);
    /// ```
    pub fn changed_fields<'l>(&'l self, other: &'l Lead) -> Vec<&'l str> {
        let names: BTreeSet<&str> = self.iter().chain(other.iter()).map(|(name, _)| name).collect();
        names.into_iter().filter(|name| self.get(name) != other.get(name)).collect()
    }
}

/// A value that is compared: how it is shown, and where it stands.
struct Side {
    shown: String,
    number: Option<Fixed>,
}

impl Side {
    fn label(label: &str) -> Side {
        Side { shown: label.to_owned(), number: None }
    }

    fn number(number: Decimal) -> Side {
        let fixed = Fixed::from_decimal(number);
        Side { shown: fixed.map_or_else(|| number.normalize().to_string(), |fixed| fixed.to_string()), number: fixed }
    }
}

struct Comparison<'o> {
    before: &'o Outcome,
    after: &'o Outcome,
    transition: Transition,
}

impl Comparison<'_> {
    fn classes(&mut self) {
        let (before, after) = (self.before, self.after);
        for name in names(before.classes().map(|it| it.0), after.classes().map(|it| it.0)) {
            let side = |outcome: &Outcome| outcome.class(name).map(Side::label);
            let choices = [after, before].map(|outcome| class_labels(outcome.rules(), name));
            self.note(name, Part::Class, side(before), side(after), &choices);
        }
    }

    fn scores(&mut self) {
        let (before, after) = (self.before, self.after);
        for name in names(before.scores().map(|it| it.0), after.scores().map(|it| it.0)) {
            let score = |outcome: &Outcome| outcome.score(name).map(Side::number);
            self.note(name, Part::Score, score(before), score(after), &[]);
            let grade = |outcome: &Outcome| outcome.grade(name).map(Side::label);
            let choices = [after, before].map(|outcome| grades(outcome.rules(), name));
            self.note(name, Part::Grade, grade(before), grade(after), &choices);
            let coverage = |outcome: &Outcome| outcome.coverage(name).map(Side::number);
            self.note(name, Part::Coverage, coverage(before), coverage(after), &[]);
        }
    }

    fn tags(&mut self) {
        let (before, after) = (self.before, self.after);
        for name in names(before.all_tags().map(|it| it.0), after.all_tags().map(|it| it.0)) {
            let of =
                |outcome: &Outcome| outcome.tags(name).map(|tags| tags.map(str::to_owned).collect::<Vec<String>>());
            let (had, has) = (of(before), of(after));
            let direction = match (&had, &has) {
                (None, Some(_)) => Some(Direction::Appeared),
                (Some(_), None) => Some(Direction::Vanished),
                _ => None,
            };
            if let Some(direction) = direction {
                self.push(name, Part::Tags, direction, (None, None), None);
            }
            let (had, has) = (had.unwrap_or_default(), has.unwrap_or_default());
            for tag in had.iter().filter(|tag| !has.contains(tag)) {
                self.push(name, Part::Tag, Direction::Vanished, (Some(tag.clone()), None), None);
            }
            for tag in has.iter().filter(|tag| !had.contains(tag)) {
                self.push(name, Part::Tag, Direction::Appeared, (None, Some(tag.clone())), None);
            }
        }
    }

    /// Notes two values that differ. Labels go by the order of the first choice that has both and an order.
    fn note(&mut self, name: &str, part: Part, from: Option<Side>, to: Option<Side>, choices: &[Option<&Choice>]) {
        let direction = match (&from, &to) {
            (None, None) => return,
            (None, Some(_)) => Direction::Appeared,
            (Some(_), None) => Direction::Vanished,
            (Some(from), Some(to)) => {
                let order = match (from.number, to.number) {
                    (Some(from), Some(to)) => Some(from.cmp(&to)),
                    _ if from.shown == to.shown => Some(Ordering::Equal),
                    _ => choices.iter().flatten().find_map(|choice| order(choice, &from.shown, &to.shown)),
                };
                match order {
                    Some(Ordering::Equal) => return,
                    Some(Ordering::Less) => Direction::Up,
                    Some(Ordering::Greater) => Direction::Down,
                    None => Direction::Changed,
                }
            }
        };
        let numbers = from.as_ref().and_then(|from| from.number).zip(to.as_ref().and_then(|to| to.number));
        let by = numbers.and_then(|(from, to)| to.subtract(from)).map(Fixed::to_decimal);
        self.push(name, part, direction, (from.map(|it| it.shown), to.map(|it| it.shown)), by);
    }

    fn push(
        &mut self,
        name: &str,
        part: Part,
        direction: Direction,
        (from, to): (Option<String>, Option<String>),
        by: Option<Decimal>,
    ) {
        let (mut read, mut clock) = (Read::default(), false);
        for outcome in [self.before, self.after] {
            let rules = outcome.rules();
            if let Some(set) = id_of(rules, name, part).and_then(|id| rules.read_set(id)) {
                read.fields.extend(set.fields().map(str::to_owned));
                read.others |= set.reads_previous() || set.reads_population();
                clock |= set.reads_clock();
            }
        }
        let causes = Causes {
            rules: self.before.fingerprint() != self.after.fingerprint(),
            time: clock && self.before.at() != self.after.at(),
            data: !read.fields.is_empty() || read.others,
        };
        let name = name.to_owned();
        self.transition.differences.push(Difference { name, part, direction, from, to, by, causes });
        self.transition.read.push(read);
    }
}

/// The names of both, those of the later one first.
fn names<'n>(before: impl Iterator<Item = &'n str>, after: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut names: Vec<&str> = after.collect();
    let known: BTreeSet<&str> = names.iter().copied().collect();
    names.extend(before.filter(|name| !known.contains(name)));
    names
}

fn id_of(rules: &Loaded, name: &str, part: Part) -> Option<OutcomeId> {
    match part {
        Part::Class => rules.class_id(name).map(OutcomeId::Class),
        Part::Score | Part::Grade | Part::Coverage => rules.score_id(name).map(OutcomeId::Score),
        Part::Tag | Part::Tags => rules.tags_id(name).map(OutcomeId::Tags),
    }
}

fn class_labels<'r>(rules: &'r Loaded, name: &str) -> Option<&'r Choice> {
    let class = rules.model.classes.iter().find(|class| class.name == name)?;
    Some(&*class.labels)
}

/// Grades have an order: the best is the highest.
fn grades<'r>(rules: &'r Loaded, name: &str) -> Option<&'r Choice> {
    rules.model.scores.iter().find(|score| score.name == name)?.grades.as_deref()
}

/// The order of two labels in a choice that has one.
fn order(choice: &Choice, from: &str, to: &str) -> Option<Ordering> {
    let (from, to) = choice.find_written(from).zip(choice.find_written(to))?;
    choice.ordered.then(|| from.cmp(&to))
}

/// A decimal as text, as outcomes show it.
fn plain<S: Serializer>(number: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    number.and_then(Fixed::from_decimal).map(|number| number.to_string()).serialize(serializer)
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::Up => "up",
            Direction::Down => "down",
            Direction::Changed => "changed",
            Direction::Appeared => "appeared",
            Direction::Vanished => "vanished",
        })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Class => "class",
            Part::Score => "score",
            Part::Grade => "grade",
            Part::Coverage => "coverage",
            Part::Tag => "tag",
            Part::Tags => "tags",
        })
    }
}

impl fmt::Display for Causes {
    /// `time`, `data or rules`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let causes = [(self.time, "time"), (self.data, "data"), (self.rules, "rules")];
        let named: Vec<&str> = causes.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
        f.write_str(if named.is_empty() { "unknown" } else { "" })?;
        f.write_str(&named.join(" or "))
    }
}

impl fmt::Display for Difference {
    /// `heat: grade hot → warm, down (time)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.part)?;
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, " {from} → {to}, {}", self.direction)?,
            (Some(value), None) | (None, Some(value)) => write!(f, " {value} {}", self.direction)?,
            (None, None) => write!(f, " {}", self.direction)?,
        }
        if let (Direction::Up | Direction::Down, Some(by)) = (self.direction, self.by.and_then(Fixed::from_decimal)) {
            write!(f, " by {}", by.abs())?;
        }
        write!(f, " ({})", self.causes)
    }
}

impl fmt::Display for Transition {
    /// A line for each difference.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.differences.iter().try_for_each(|difference| writeln!(f, "{difference}"))
    }
}
