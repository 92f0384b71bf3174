//! The operators of the language: what the tree, the model and the evaluator have in common.

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CompareOperator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl CompareOperator {
    /// All of them.
    pub(crate) const ALL: [CompareOperator; 6] = [
        CompareOperator::Equal,
        CompareOperator::NotEqual,
        CompareOperator::Less,
        CompareOperator::LessOrEqual,
        CompareOperator::Greater,
        CompareOperator::GreaterOrEqual,
    ];

    /// As rule files write it: `>=`.
    pub(crate) fn written(self) -> &'static str {
        match self {
            CompareOperator::Equal => "==",
            CompareOperator::NotEqual => "!=",
            CompareOperator::Less => "<",
            CompareOperator::LessOrEqual => "<=",
            CompareOperator::Greater => ">",
            CompareOperator::GreaterOrEqual => ">=",
        }
    }
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArithmeticOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl ArithmeticOperator {
    /// As rule files write it: `+`.
    pub(crate) fn written(self) -> &'static str {
        match self {
            ArithmeticOperator::Add => "+",
            ArithmeticOperator::Subtract => "-",
            ArithmeticOperator::Multiply => "*",
            ArithmeticOperator::Divide => "/",
        }
    }
}

/// How much of the needle must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantifier {
    /// `contains "x"`
    One,
    /// `contains any { … }`
    Any,
    /// `contains all { … }`
    All,
}

impl Quantifier {
    /// As rule files write it, before the needle: `contains any`.
    pub(crate) fn written(self) -> &'static str {
        match self {
            Quantifier::One => "contains",
            Quantifier::Any => "contains any",
            Quantifier::All => "contains all",
        }
    }
}

/// Which end of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AffixEnd {
    /// `starts with`
    Start,
    /// `ends with`
    End,
}

impl AffixEnd {
    /// As rule files write it: `starts with`.
    pub(crate) fn written(self) -> &'static str {
        match self {
            AffixEnd::Start => "starts with",
            AffixEnd::End => "ends with",
        }
    }
}

/// Which way a window opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// `within last`
    Last,
    /// `within next`
    Next,
}

impl Direction {
    /// As rule files write it, before the period: `within last`.
    pub(crate) fn written(self) -> &'static str {
        match self {
            Direction::Last => "within last",
            Direction::Next => "within next",
        }
    }
}
