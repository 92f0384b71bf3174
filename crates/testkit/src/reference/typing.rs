//! The types of expressions, as far as values depend on them: `coalesce(count, 0.5)` is a decimal even when it gives
//! the count, and a quoted text beside a label is that label.

use super::number::literal;
use super::types::{self, Fields, Items, Type, join};
use super::value::Labels;
use super::{Reference, invalid};
use gradus::syntax::ast::{
    Argument, ArithmeticOperator, Classify, Expr, ExprKind, Item, Name, Rule, RuleResult, Score, Tags,
};
use std::rc::Rc;

impl Reference {
    /// The type of an expression; `element` are the fields behind a leading dot.
    pub(super) fn type_of(&self, expr: &Expr, element: Option<&Fields>) -> Type {
        match &expr.kind {
            ExprKind::Number(text) => {
                if literal(text).1 {
                    Type::Int
                } else {
                    Type::Decimal
                }
            }
            ExprKind::Text(_) => Type::Quoted,
            ExprKind::Date(_) | ExprKind::Today => Type::Date,
            ExprKind::DateTime(_) | ExprKind::Now => Type::DateTime,
            ExprKind::Path(path) => self.type_of_path(path),
            ExprKind::Element(name) => match element.and_then(|fields| fields.get(&name.text)) {
                Some(field) => field.kind.clone(),
                None => invalid(&format!("element field `.{}`", name.text)),
            },
            ExprKind::Set(_) => Type::Set(Items::Text),
            ExprKind::Paren(inner) | ExprKind::Negate(inner) => self.type_of(inner, element),
            ExprKind::Arithmetic(first, rest) => {
                let mut kind = self.type_of(first, element);
                for (operator, operand) in rest {
                    kind = match operator {
                        ArithmeticOperator::Divide => Type::Decimal,
                        _ => join(kind, self.type_of(operand, element)),
                    };
                }
                kind
            }
            ExprKind::Call { function, arguments } => self.type_of_call(&function.text, arguments, element),
            ExprKind::Aggregate { function, value, list, .. } => match (function.text.as_str(), value) {
                ("count", _) => Type::Int,
                ("any" | "all", _) => Type::Bool,
                ("avg", _) => Type::Decimal,
                (_, Some(value)) => self.type_of(value, Some(&self.element_fields(list))),
                (other, None) => invalid(&format!("`{other}` without a value")),
            },
            ExprKind::Match { rules, .. } => self.type_of_results(rules, element),
            ExprKind::Bool(_)
            | ExprKind::Not(_)
            | ExprKind::Logic(..)
            | ExprKind::Compare(..)
            | ExprKind::In { .. }
            | ExprKind::Contains { .. }
            | ExprKind::Affix { .. }
            | ExprKind::Matches { .. }
            | ExprKind::Within { .. }
            | ExprKind::Window { .. }
            | ExprKind::Is { .. } => Type::Bool,
        }
    }

    /// The type of a `match`: what all its results are.
    pub(super) fn type_of_results(&self, rules: &[Rule], element: Option<&Fields>) -> Type {
        let results = rules.iter().filter_map(|rule| match &rule.result {
            RuleResult::Value(value) => Some(self.type_of(value, element)),
            RuleResult::Skip(_) => None,
        });
        results.reduce(join).unwrap_or(Type::Quoted)
    }

    /// The type of arguments that become one value.
    pub(super) fn type_of_arguments(&self, arguments: &[Argument], element: Option<&Fields>) -> Type {
        let kinds = arguments.iter().filter_map(|argument| match argument {
            Argument::Value(value) => Some(self.type_of(value, element)),
            Argument::Period(_) => None,
        });
        kinds.reduce(join).unwrap_or(Type::Quoted)
    }

    fn type_of_call(&self, function: &str, arguments: &[Argument], element: Option<&Fields>) -> Type {
        match function {
            "coalesce" | "min" | "max" => self.type_of_arguments(arguments, element),
            "abs" | "round" => self.type_of_arguments(&arguments[..1], element),
            "at_least" => Type::Bool,
            "date" => Type::Date,
            "present_ratio" | "half_life" | "linear_decay" | "cliff" | "step_decay" | "percent_rank" | "cume_share" => {
                Type::Decimal
            }
            _ => Type::Int,
        }
    }

    /// The fields of the elements of a list.
    pub(super) fn element_fields(&self, list: &Expr) -> Rc<Fields> {
        match self.type_of(list, None) {
            Type::List(fields) => fields,
            other => invalid(&format!("a list of type {other:?}")),
        }
    }

    fn type_of_path(&self, path: &[Name]) -> Type {
        let names: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
        match names[..] {
            ["previous", ref rest @ ..] => self.type_of_path(&path[path.len() - rest.len()..]),
            [name] => match self.declaration(name) {
                None => match self.fields.get(name) {
                    Some(field) => field.kind.clone(),
                    None => invalid(&format!("name `{name}`")),
                },
                Some(Item::Param(param)) => types::read_type(&param.kind, &[]),
                Some(Item::Let(definition)) => self.type_of(&definition.value, None),
                Some(Item::Classify(classify)) => Type::Choice(self.class_labels(classify)),
                Some(Item::Tags(tags)) => Type::Set(Items::Closed(self.tag_labels(tags))),
                Some(_) => invalid(&format!("score `{name}` as a value")),
            },
            [name, "grade"] => match self.declaration(name) {
                Some(Item::Score(score)) => Type::Choice(self.grade_labels(score)),
                _ => invalid(&format!("score `{name}`")),
            },
            _ => Type::Decimal,
        }
    }

    /// The labels of a classification: its type's, or those that its results name.
    pub(super) fn class_labels(&self, classify: &Classify) -> Rc<Labels> {
        if let Some(Type::Choice(labels)) = classify.kind.as_ref().map(|kind| types::read_type(kind, &[])) {
            return labels;
        }
        Rc::new(Labels(self.result_texts(&classify.rules)))
    }

    /// The labels of a tags block, in the order of their first rule.
    pub(super) fn tag_labels(&self, tags: &Tags) -> Rc<Labels> {
        Rc::new(Labels(self.result_texts(&tags.rules)))
    }

    /// The grades of a score, lowest first: they are written best first.
    pub(super) fn grade_labels(&self, score: &Score) -> Rc<Labels> {
        let mut labels = self.result_texts(score.grades.as_deref().unwrap_or_default());
        labels.reverse();
        Rc::new(Labels(labels))
    }

    /// The quoted texts that rules give, each once.
    fn result_texts(&self, rules: &[Rule]) -> Vec<String> {
        let mut texts = Vec::new();
        for rule in rules {
            if let RuleResult::Value(value) = &rule.result {
                self.collect_texts(value, &mut texts);
            }
        }
        let mut labels = Labels(Vec::new());
        for text in texts {
            if labels.find(&text).is_none() {
                labels.0.push(text);
            }
        }
        labels.0
    }

    /// The quoted texts that an expression can give: itself, branches of a `match`, arguments of `coalesce`, lets.
    fn collect_texts(&self, expr: &Expr, texts: &mut Vec<String>) {
        match &expr.kind {
            ExprKind::Text(text) => texts.push(text.clone()),
            ExprKind::Paren(inner) => self.collect_texts(inner, texts),
            ExprKind::Path(path) if path.len() == 1 => {
                if let Some(Item::Let(definition)) = self.declaration(&path[0].text) {
                    self.collect_texts(&definition.value, texts);
                }
            }
            ExprKind::Match { rules, .. } => {
                for rule in rules {
                    if let RuleResult::Value(value) = &rule.result {
                        self.collect_texts(value, texts);
                    }
                }
            }
            ExprKind::Call { function, arguments } if function.text == "coalesce" => {
                for argument in arguments {
                    if let Argument::Value(value) = argument {
                        self.collect_texts(value, texts);
                    }
                }
            }
            _ => {}
        }
    }
}
