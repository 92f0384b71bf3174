//! Classifications and tags.

use super::build::{call, name, operand, path, quoted, text};
use super::table::{Results, pattern, rule};
use super::world::{Kind, Spot, World, written};
use arbitrary::Result;
use gradus::syntax::ast::{
    Classify, Expr, ExprKind, Item, PatternItem, Place, Quantifier, Quoted, Rule, RuleResult, RuleTest, Tags,
};

impl World<'_, '_> {
    pub(super) fn title(&mut self) -> Result<Option<Quoted>> {
        Ok(if self.one_in(3)? { Some(quoted("标题")) } else { None })
    }

    /// `when GUARD`
    pub(super) fn guard(&mut self) -> Result<Option<Expr>> {
        if self.one_in(4)? { Ok(Some(self.condition(1, &Spot::default())?)) } else { Ok(None) }
    }

    /// A classification: typed or not, unique or not, over subjects or conditions.
    pub(super) fn declare_classify(&mut self) -> Result<Item> {
        let own = self.fresh_name()?;
        let labels = self.labels(1, 5)?;
        let is_typed: bool = self.u.arbitrary()?;
        let kind = Kind::Choice(labels.clone(), is_typed && self.u.ratio(2, 3)?);
        let (when, title) = (self.guard()?, self.title()?);
        if self.one_in(4)? {
            return self.unique_classify(&own, &labels, when);
        }
        let spot = Spot::default();
        let subjects = if self.u.arbitrary()? { self.subjects(1, &spot)? } else { Vec::new() };
        let mut results: Vec<RuleResult> = labels.iter().map(|label| RuleResult::Value(text(label))).collect();
        for _ in 0..self.number_in(0, 2)? {
            let expression = self.label_expression(&own, &kind, is_typed)?;
            let index = self.number_in(0, results.len())?;
            results.insert(index, RuleResult::Value(expression));
        }
        let rules = self.table(&subjects, self.size.depth, &spot, &mut Results::Listed(results))?;
        let on = subjects.into_iter().map(|(subject, _)| operand(subject)).collect();
        let written_kind = is_typed.then(|| written(&kind));
        self.know_outcome(&[&own], kind);
        let place = Place::default();
        Ok(Item::Classify(Classify {
            name: name(&own),
            title,
            kind: written_kind,
            unique: false,
            when,
            on,
            rules,
            place,
        }))
    }

    /// A result that is not simply a quoted text, but has exactly the labels of the classification.
    fn label_expression(&mut self, own: &str, kind: &Kind, is_typed: bool) -> Result<Expr> {
        let previous = path(&["previous".to_owned(), own.to_owned()]);
        let Kind::Choice(labels, _) = kind else { return Ok(previous) };
        Ok(match self.number_in(0, 3)? {
            0 => previous,
            1 => call("coalesce", vec![previous, text(&self.pick(labels)?)]),
            2 if is_typed => match self.named(&Spot::default(), |other| other == kind)? {
                Some((same, _)) => same,
                None => previous,
            },
            _ => {
                let labels = labels.clone();
                self.match_expression(1, &Spot::default(), move |world, _, _| Ok(text(&world.pick(&labels)?)))?
            }
        })
    }

    /// `unique`, proved by intervals that do not touch, or by labels that differ.
    fn unique_classify(&mut self, own: &str, labels: &[String], when: Option<Expr>) -> Result<Item> {
        let spot = Spot::default();
        let (subject, mut rules) = match self.named(&spot, |kind| matches!(kind, Kind::Choice(..)))? {
            Some((subject, Kind::Choice(cases, _))) if self.u.arbitrary()? => {
                let rules = cases.iter().zip(labels).map(|(case, label)| {
                    let test = pattern(vec![PatternItem::Constant(text(case))]);
                    rule(RuleTest::Patterns(vec![test]), RuleResult::Value(text(label)))
                });
                (subject, rules.collect::<Vec<Rule>>())
            }
            _ => {
                let subject = self.number(1, &spot)?;
                let intervals = self.partition(labels.len())?;
                let rules = intervals.into_iter().zip(labels).map(|(interval, label)| {
                    let test = pattern(vec![PatternItem::Interval(interval)]);
                    rule(RuleTest::Patterns(vec![test]), RuleResult::Value(text(label)))
                });
                (subject, rules.collect())
            }
        };
        if self.one_in(3)? {
            let missing = pattern(vec![PatternItem::Missing(Place::default())]);
            rules.push(rule(RuleTest::Patterns(vec![missing]), RuleResult::Value(text(&labels[0]))));
        } else if self.one_in(3)? {
            rules.push(rule(RuleTest::Otherwise(Place::default()), RuleResult::Value(text(&labels[0]))));
        }
        // An untyped classification has the labels that its rules name.
        let used: Vec<String> = labels.iter().take(rules.len()).cloned().collect();
        let used =
            used.into_iter().filter(|label| rules.iter().any(|rule| rule.result == RuleResult::Value(text(label))));
        let kind = Kind::Choice(used.collect(), false);
        self.know_outcome(&[own], kind);
        let (title, on, place) = (self.title()?, vec![operand(subject)], Place::default());
        Ok(Item::Classify(Classify { name: name(own), title, kind: None, unique: true, when, on, rules, place }))
    }

    /// An outcome and what was handed in as its last value.
    pub(super) fn know_outcome(&mut self, parts: &[&str], kind: Kind) {
        // An outcome is a value of its own, so list functions may read it; a population would have to rank itself.
        self.made_of.lists = false;
        self.know(parts, kind.clone());
        self.begin();
        let previous: Vec<&str> = std::iter::once("previous").chain(parts.iter().copied()).collect();
        self.know(&previous, kind);
    }

    /// A tags block. Rules with conditions read labels of rules before them, so no label depends on itself; then the
    /// order is turned around, now and then, since it does not matter.
    pub(super) fn declare_tags(&mut self) -> Result<Item> {
        let own = self.fresh_name()?;
        let labels = self.labels(1, 5)?;
        let (when, title, spot) = (self.guard()?, self.title()?, Spot::default());
        let subjects = if self.one_in(3)? { self.subjects(1, &spot)? } else { Vec::new() };
        let mut rules = if subjects.is_empty() {
            self.reading_tags(&own, &labels)?
        } else {
            let results = labels.iter().map(|label| RuleResult::Value(text(label))).collect();
            self.table(&subjects, 1, &spot, &mut Results::Listed(results))?
        };
        if self.one_in(3)? && !rules.iter().any(|rule| matches!(rule.test, RuleTest::Otherwise(_))) {
            rules.reverse();
        }
        let on = subjects.into_iter().map(|(subject, _)| operand(subject)).collect();
        self.know_outcome(&[&own], Kind::SetOf(labels));
        Ok(Item::Tags(Tags { name: name(&own), title, when, on, rules, place: Place::default() }))
    }

    fn reading_tags(&mut self, own: &str, labels: &[String]) -> Result<Vec<Rule>> {
        let mut rules = Vec::new();
        for (index, label) in labels.iter().enumerate() {
            let condition = self.condition(self.size.depth, &Spot::default())?;
            let test = if index > 0 && self.u.arbitrary()? {
                let read = self.own_labels(own, &labels[..index])?;
                let read = if self.one_in(3)? { super::build::not(read) } else { read };
                let operator =
                    self.pick(&[gradus::syntax::ast::LogicOperator::And, gradus::syntax::ast::LogicOperator::Or])?;
                super::build::logic(operator, vec![condition, read])
            } else {
                condition
            };
            rules.push(rule(RuleTest::Condition(test), RuleResult::Value(text(label))));
        }
        if self.one_in(4)? {
            // A second rule for a label.
            let condition = self.condition(1, &Spot::default())?;
            let again = rule(RuleTest::Condition(condition), RuleResult::Value(text(&labels[0])));
            rules.push(again);
        }
        Ok(rules)
    }

    /// `own contains "a"`, `own contains any { "a", "b" }`
    fn own_labels(&mut self, own: &str, labels: &[String]) -> Result<Expr> {
        let quantifier = self.pick(&[Quantifier::One, Quantifier::Any, Quantifier::All])?;
        let needle = if quantifier == Quantifier::One {
            text(&self.pick(labels)?)
        } else {
            super::build::texts(&self.some_labels(labels, 1)?)
        };
        let subject = super::build::boxed(path(&[own.to_owned()]));
        Ok(super::build::expr(ExprKind::Contains { subject, quantifier, needle: Box::new(needle) }))
    }
}
