//! An explanation as text.

use super::{ClassExplanation, Entry, Explanation, RuleExplanation, ScoreExplanation, TagsExplanation, Truth, Verdict};
use std::fmt::{self, Display, Formatter};

impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(id) = &self.id {
            writeln!(f, "{id}")?;
        }
        self.classes.iter().try_for_each(|class| class.fmt(f))?;
        self.scores.iter().try_for_each(|score| score.fmt(f))?;
        self.tags.iter().try_for_each(|tags| tags.fmt(f))?;
        for issue in &self.data_issues {
            writeln!(f, "data issue: `{}`: {}", issue.path, issue.message)?;
        }
        Ok(())
    }
}

/// `优先级 (priority)`
fn heading(f: &mut Formatter<'_>, name: &str, title: Option<&String>) -> fmt::Result {
    match title {
        Some(title) => write!(f, "{title} ({name})"),
        None => write!(f, "{name}"),
    }
}

impl Display for ClassExplanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        heading(f, &self.name, self.title.as_ref())?;
        writeln!(f, ": {}", self.label.as_deref().unwrap_or("missing"))?;
        guard(f, self.guard.as_ref())?;
        let decided = self.rules.iter().position(|rule| rule.fired).map_or(self.rules.len(), |fired| fired + 1);
        self.rules[..decided].iter().try_for_each(|rule| rule_line(f, "  ", rule))
    }
}

impl Display for ScoreExplanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        heading(f, &self.name, self.title.as_ref())?;
        write!(f, ": {}", self.score.as_deref().unwrap_or("missing"))?;
        if let Some(grade) = &self.grade {
            write!(f, ", grade {grade}")?;
        }
        if let Some(coverage) = &self.coverage {
            write!(f, ", coverage {coverage}")?;
        }
        writeln!(f)?;
        guard(f, self.guard.as_ref())?;
        for line in &self.ledger {
            entry(f, line)?;
            let indicator = self.indicators.iter().find(|indicator| indicator.name == line.indicator);
            let rules = indicator.map(|indicator| indicator.rules.as_slice()).unwrap_or_default();
            let fired = rules.iter().any(|rule| rule.fired);
            let untold = |rule: &&RuleExplanation| rule.verdict.truth == Truth::Unknown || !fired;
            rules.iter().filter(untold).take(3).try_for_each(|rule| rule_line(f, "      ", rule))?;
        }
        Ok(())
    }
}

impl Display for TagsExplanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        heading(f, &self.name, self.title.as_ref())?;
        match &self.labels {
            Some(labels) if labels.is_empty() => writeln!(f, ": none")?,
            Some(labels) => writeln!(f, ": {}", labels.join(", "))?,
            None => writeln!(f, ": missing")?,
        }
        guard(f, self.guard.as_ref())?;
        let told = self.rules.iter().filter(|rule| rule.verdict.truth != Truth::False);
        told.into_iter().try_for_each(|rule| rule_line(f, "  ", rule))
    }
}

/// A guard matters when it is not true.
fn guard(f: &mut Formatter<'_>, guard: Option<&Verdict>) -> fmt::Result {
    match guard {
        Some(verdict) if verdict.truth != Truth::True => {
            write!(f, "  its `when` is ")?;
            reasons(f, verdict)?;
            writeln!(f)
        }
        _ => Ok(()),
    }
}

fn rule_line(f: &mut Formatter<'_>, indent: &str, rule: &RuleExplanation) -> fmt::Result {
    write!(f, "{indent}{}: ", rule.rule)?;
    reasons(f, &rule.verdict)?;
    writeln!(f)
}

/// `unknown because budget is missing; employees is 50`
fn reasons(f: &mut Formatter<'_>, verdict: &Verdict) -> fmt::Result {
    f.write_str(match verdict.truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Unknown => "unknown",
    })?;
    if let [first, others @ ..] = verdict.because.as_slice() {
        write!(f, " because {first}")?;
        others.iter().try_for_each(|name| write!(f, ", {name}"))?;
        f.write_str(if others.is_empty() { " is missing" } else { " are missing" })?;
    }
    let mut separator = "; ";
    for (name, value) in &verdict.values {
        match value {
            Some(value) => write!(f, "{separator}{name} is {value}")?,
            None if verdict.truth != Truth::Unknown => write!(f, "{separator}{name} is missing")?,
            None => continue,
        }
        separator = ", ";
    }
    Ok(())
}

/// `+35 规模 (size): 100 points × 35 % by [1000..) => 100`
fn entry(f: &mut Formatter<'_>, line: &Entry) -> fmt::Result {
    let sign = if line.contribution.is_sign_negative() && !line.contribution.is_zero() { "" } else { "+" };
    write!(f, "  {sign}{} ", line.contribution)?;
    heading(f, &line.indicator, line.title.as_ref())?;
    match (line.points, line.weight) {
        (Some(points), Some(weight)) => {
            let percent = (weight * rust_decimal::Decimal::ONE_HUNDRED).normalize();
            write!(f, ": {points} points × {percent} %")?;
        }
        (Some(points), None) => write!(f, ": {points} points")?,
        (None, _) if line.indicator == "clamp" || line.indicator == "rounding" => {}
        (None, _) => write!(f, ": skipped")?,
    }
    if !line.rules.is_empty() {
        write!(f, " by {}", line.rules.join("; "))?;
    }
    writeln!(f)
}
