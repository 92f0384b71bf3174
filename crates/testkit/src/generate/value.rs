//! Expressions of the other types, and `match`.

use super::build::{boxed, call, expr, name, path, text, texts};
use super::table::Results;
use super::words::{DATES, TEXTS, TIMES};
use super::world::{Kind, Spot, World};
use arbitrary::Result;
use gradus::syntax::ast::{Expr, ExprKind, RuleResult};

/// What generates the results of a `match`.
pub(super) type Make<'m> = &'m dyn Fn(&mut World<'_, '_>, usize, &Spot) -> Result<Expr>;

impl World<'_, '_> {
    /// A date literal.
    pub(super) fn date_literal(&mut self) -> Result<Expr> {
        Ok(expr(ExprKind::Date(self.pick(DATES)?.to_owned())))
    }

    /// An instant literal.
    pub(super) fn instant_literal(&mut self) -> Result<Expr> {
        Ok(expr(ExprKind::DateTime(format!("{}{}", self.pick(DATES)?, self.pick(TIMES)?))))
    }

    /// A date or an instant, and which of the two.
    pub(super) fn time(&mut self, depth: usize, spot: &Spot) -> Result<(Expr, Kind)> {
        if let (true, Some(found)) = (self.u.ratio(2, 3)?, self.named(spot, Kind::is_time)?) {
            return Ok(found);
        }
        Ok(match self.number_in(0, 5)? {
            0 => (expr(ExprKind::Today), Kind::Date),
            1 => (expr(ExprKind::Now), Kind::DateTime),
            2 => (self.date_literal()?, Kind::Date),
            3 if depth > 0 => (call("date", vec![self.time(depth - 1, spot)?.0]), Kind::Date),
            4 if depth > 0 => {
                let (first, kind) = self.time(depth - 1, spot)?;
                let fallback = match kind {
                    Kind::Date => self.date_literal()?,
                    _ => self.instant_literal()?,
                };
                let function = self.pick(&["coalesce", "min", "max"])?;
                (call(function, vec![first, fallback]), kind)
            }
            5 if spot.element.is_none() => match self.list_value(depth, spot, Kind::is_time)? {
                Some(found) => found,
                None => (expr(ExprKind::Today), Kind::Date),
            },
            _ => (self.instant_literal()?, Kind::DateTime),
        })
    }

    /// A text.
    pub(super) fn text_value(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        if let (true, Some((found, _))) = (self.u.ratio(3, 4)?, self.named(spot, |kind| *kind == Kind::Text)?) {
            return Ok(found);
        }
        let company = path(&["company".to_owned()]);
        Ok(match self.number_in(0, 3)? {
            1 if depth > 0 => {
                let fallback = text(self.pick(TEXTS)?);
                call("coalesce", vec![self.text_value(depth - 1, spot)?, fallback])
            }
            2 if depth > 0 => {
                // All quoted, they would be labels of their own.
                let mut made = self.match_expression(depth - 1, spot, |world, _, _| Ok(text(world.pick(TEXTS)?)))?;
                if let ExprKind::Match { rules, .. } = &mut made.kind {
                    rules[0].result = RuleResult::Value(company);
                }
                made
            }
            3 if depth > 0 && spot.element.is_none() => {
                self.list_value(depth, spot, |kind| *kind == Kind::Text)?.map_or(company, |(found, _)| found)
            }
            _ => company,
        })
    }

    /// One label or several of a list; a let that stands for one, now and then.
    pub(super) fn label_of(&mut self, labels: &[String]) -> Result<Expr> {
        let constants: Vec<String> = self
            .text_constants
            .iter()
            .filter(|(_, text)| labels.contains(text))
            .map(|(constant, _)| constant.clone())
            .collect();
        if !constants.is_empty() && self.one_in(4)? {
            return Ok(path(&[self.pick(&constants)?]));
        }
        Ok(text(&self.pick(labels)?))
    }

    /// A value with exactly these labels: `coalesce(stage, "线索")`, a field, a `match` of labels beside them.
    pub(super) fn choice_value(&mut self, depth: usize, spot: &Spot, kind: &Kind, plain: Expr) -> Result<Expr> {
        let Kind::Choice(labels, _) = kind else { return Ok(plain) };
        Ok(match self.number_in(0, 6)? {
            0 if depth > 0 => call("coalesce", vec![plain, text(&self.pick(labels)?)]),
            1 if depth > 0 => match self.named(spot, |other| other == kind)? {
                Some((other, _)) => call("coalesce", vec![other, plain]),
                None => plain,
            },
            _ => plain,
        })
    }

    /// `match a, b { … }` or `match { … }` with results of one type.
    pub(super) fn match_expression(
        &mut self,
        depth: usize,
        spot: &Spot,
        make: impl Fn(&mut World<'_, '_>, usize, &Spot) -> Result<Expr>,
    ) -> Result<Expr> {
        let subjects = if self.u.arbitrary()? { self.subjects(depth, spot)? } else { Vec::new() };
        let make: Make<'_> = &make;
        let rules = self.table(&subjects, depth, spot, &mut Results::Made(make))?;
        let subjects = subjects.into_iter().map(|(subject, _)| super::build::operand(subject)).collect();
        Ok(expr(ExprKind::Match { subjects, rules }))
    }

    /// A set of texts: written out, or by the name of a let.
    pub(super) fn text_set(&mut self) -> Result<Expr> {
        if !self.text_sets.is_empty() && self.u.arbitrary()? {
            let sets = self.text_sets.clone();
            return Ok(path(&[self.pick(&sets)?.0]));
        }
        let count = self.number_in(1, 3)?;
        Ok(texts(&self.different_texts(count)?))
    }

    /// Texts that differ in normal form.
    pub(super) fn different_texts(&mut self, count: usize) -> Result<Vec<String>> {
        let distinct = ["ERP", "abc", "定制", "Straße", "a b", "主动询价", "索要资料", "中国", "Mumbai", "x1"];
        self.some_of(&distinct, count)
    }

    /// `.name`
    pub(super) fn element(field: &str) -> Expr {
        expr(ExprKind::Element(name(field)))
    }

    /// `x is present`
    pub(super) fn presence(&mut self, subject: Expr) -> Result<Expr> {
        Ok(expr(ExprKind::Is { subject: boxed(subject), present: self.u.arbitrary()? }))
    }
}
