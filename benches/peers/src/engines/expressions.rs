//! What the expression languages share: an expression for each rule of W2, and for W1 one for the class, for each
//! indicator and for each tag, the ladders as conditional expressions.

use super::{Many, One};
use crate::model::{Syntax, Test};
use crate::record::Record;
use crate::w1::{self, Ladder, Outcome};

pub trait Language: Syntax {
    type Program;

    fn compile(&mut self, source: &str) -> Self::Program;

    /// Hands the record over once and runs all programs on it: `take` gets position and result, of a condition 0 or 1.
    fn run(&mut self, record: &'static Record, programs: &[Self::Program], take: impl FnMut(usize, i64));

    /// Conditions and values, first that holds.
    fn ladder(&self, rungs: &[(String, i64)], otherwise: i64) -> String {
        let rungs = rungs.iter().map(|(test, value)| format!("({test}) ? {value} : "));
        // nested to the right, in parentheses for those that do not nest by themselves
        let depth = rungs.len();
        format!("{}{otherwise}{}", rungs.collect::<Vec<_>>().join("("), ")".repeat(depth.saturating_sub(1)))
    }
}

struct Rules<L: Language>(L, Vec<L::Program>);

pub fn many<L: Language + 'static>(mut language: L, rules: &[Test]) -> Box<dyn Many> {
    let compile = |rule: &Test| {
        let source = language.condition(rule);
        language.compile(&source)
    };
    let programs = rules.iter().map(compile).collect();
    Box::new(Rules(language, programs))
}

impl<L: Language> Many for Rules<L> {
    fn matches(&mut self, record: &'static Record, found: &mut Vec<u32>) {
        self.0.run(record, &self.1, |index, value| {
            if value == 1 {
                found.push(index as u32);
            }
        });
    }
}

struct File<L: Language> {
    language: L,
    classes: Vec<&'static str>,
    weights: Vec<i64>,
    tags: Vec<&'static str>,
    /// Class, indicators, tags.
    programs: Vec<L::Program>,
}

fn printed<T>(language: &impl Language, ladder: &Ladder<Test, T>, value: impl Fn(usize, Option<&T>) -> i64) -> String {
    let rungs = ladder.rungs.iter().enumerate();
    let rungs: Vec<_> = rungs.map(|(at, (test, it))| (language.condition(test), value(at, Some(it)))).collect();
    language.ladder(&rungs, value(rungs.len(), None))
}

pub fn one<L: Language + 'static>(mut language: L) -> Box<dyn One> {
    let model = w1::model();
    let mut sources = vec![printed(&language, &model.class, |at, _| at as i64)];
    sources.extend(
        model
            .indicators
            .iter()
            .map(|(_, ladder)| printed(&language, ladder, |_, points| points.copied().unwrap_or(ladder.otherwise))),
    );
    sources.extend(model.tags.iter().map(|(test, _)| language.condition(test)));
    Box::new(File {
        classes: model.class.rungs.iter().map(|(_, name)| *name).chain([model.class.otherwise]).collect(),
        weights: model.indicators.iter().map(|(weight, _)| *weight).collect(),
        tags: model.tags.iter().map(|(_, tag)| *tag).collect(),
        programs: sources.iter().map(|source| language.compile(source)).collect(),
        language,
    })
}

impl<L: Language> One for File<L> {
    fn evaluate(&mut self, record: &'static Record) -> Outcome {
        let File { language, classes, weights, tags, programs } = self;
        let mut outcome = Outcome { class: "", score: 0, grade: "", tags: Vec::new() };
        language.run(record, programs, |index, value| match index {
            0 => outcome.class = classes[value as usize],
            _ if index <= weights.len() => outcome.score += weights[index - 1] * value,
            _ if value == 1 => outcome.tags.push(tags[index - 1 - weights.len()]),
            _ => {}
        });
        outcome.grade = w1::grade(outcome.score);
        outcome
    }
}
