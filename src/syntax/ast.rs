//! The syntax tree: faithful to the text, possibly wrong.
//!
//! Every variant shows the rule text that it stands for. Two trees are equal when they say the same thing: where a node
//! stood ([`Place`]) does not count. Parentheses are nodes, so printing a tree and parsing it again gives an equal tree.

pub use crate::operator::{AffixEnd, ArithmeticOperator, CompareOperator, Direction, Quantifier};

use crate::source::Span;

/// Where a node stood. All places are equal: position is not part of what a tree says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place(pub Span);

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

impl Eq for Place {}

/// One source, parsed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleFile {
    /// Headers and declarations, in the order of the text.
    pub items: Vec<Item>,
    /// Comments, in the order of the text.
    pub comments: Vec<Comment>,
}

/// `// why`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// With the slashes, without the line's end and trailing blanks.
    pub text: String,
    /// Where it stood.
    pub place: Place,
}

/// A header or a declaration.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `ruleset "B2B intake" version "3"`
    Ruleset(Ruleset),
    /// `zone "Asia/Shanghai"`
    Zone(Quoted),
    /// `missing as { "未知", "N/A" }`, before all declarations
    Placeholders(Placeholders),
    /// `field industry : choice { "制造业", "汽车" } "所属行业"`
    Field(Field),
    /// `param big_deal "大单" : decimal = 50_000`
    Param(Param),
    /// `let south = { "广东", "广西" }`
    Let(Let),
    /// `classify priority on fit.grade { "A" => "P1", otherwise => "P2" }`
    Classify(Classify),
    /// `score fit { indicator size { always => 1 } grades { [1..] => "A", otherwise => "B" } }`
    Score(Score),
    /// `tags profile { deal_size >= 5万 => "高价值" }`
    Tags(Tags),
    /// `test "大型" at @2026-11-21 { given { employees: 5000 } expect fit.grade == "A" }`
    Test(Test),
}

/// An identifier, in Unicode normal form C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its letters.
    pub text: String,
    /// Where it stood.
    pub place: Place,
}

/// A quoted text, without its quotes, escapes resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Its content.
    pub text: String,
    /// Where it stood, quotes included.
    pub place: Place,
}

/// `ruleset "B2B intake" version "3"`; the version may be left out
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruleset {
    /// What it is called.
    pub name: Quoted,
    /// Which version of it this is.
    pub version: Option<Quoted>,
    /// The whole header.
    pub place: Place,
}

/// `missing as { "未知", -1 }`
#[derive(Clone, Debug, PartialEq)]
pub struct Placeholders {
    /// Constants: texts, numbers with or without a sign.
    pub values: Vec<Expr>,
    /// The whole clause.
    pub place: Place,
}

/// `need : text missing as { "见附件" } "需求"`; after `field`, and as an element of a list type
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What it is called.
    pub name: Name,
    /// The text after the name or at the end; printed at the end.
    pub title: Option<Quoted>,
    /// `text`
    pub kind: TypeExpr,
    /// `missing as { "见附件" }`
    pub placeholders: Option<Placeholders>,
    /// The whole declaration.
    pub place: Place,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeExpr {
    /// Which.
    pub kind: TypeKind,
    /// Where it stood.
    pub place: Place,
}

/// The types of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `decimal`
    Decimal,
    /// `float`
    Float,
    /// `text`
    Text,
    /// `code`
    Code,
    /// `date`
    Date,
    /// `datetime`
    DateTime,
    /// `choice { "a", "b" }`
    Choice(Vec<Quoted>),
    /// `ordered choice { "a", "b" }`, lowest first
    OrderedChoice(Vec<Quoted>),
    /// `set { "a", "b" }`
    Set(Vec<Quoted>),
    /// `set of text`
    SetOfText,
    /// `set of code`
    SetOfCode,
    /// `region`
    Region,
    /// `list { kind: text, at: datetime }`
    List(Vec<Field>),
}

/// `param big_deal "大单" : decimal = 50_000`
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// What it is called.
    pub name: Name,
    /// `"大单"`
    pub title: Option<Quoted>,
    /// `decimal`
    pub kind: TypeExpr,
    /// `50_000`: a constant expression
    pub default: Expr,
    /// The whole declaration.
    pub place: Place,
}

/// `let enterprise "大客户" = employees >= 1000`
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    /// What it is called.
    pub name: Name,
    /// `"大客户"`
    pub title: Option<Quoted>,
    /// What it stands for.
    pub value: Expr,
    /// The whole declaration.
    pub place: Place,
}

/// `classify member "会员" : ordered choice { "普通", "金牌" } unique when deals > 0 on fit.grade { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Classify {
    /// What it is called.
    pub name: Name,
    /// `"会员"`
    pub title: Option<Quoted>,
    /// `: ordered choice { "普通", "金牌" }`
    pub kind: Option<TypeExpr>,
    /// `unique`
    pub unique: bool,
    /// `when deals > 0`
    pub when: Option<Expr>,
    /// `on fit.grade, engagement.grade`; empty when the rules test conditions
    pub on: Vec<Expr>,
    /// First that fires.
    pub rules: Vec<Rule>,
    /// The whole declaration.
    pub place: Place,
}

/// `score fit "匹配度" when known clamp [0..100] { indicator … grades { … } }`
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// What it is called.
    pub name: Name,
    /// `"匹配度"`
    pub title: Option<Quoted>,
    /// `when known`
    pub when: Option<Expr>,
    /// `clamp [0..100]`
    pub clamp: Option<Interval>,
    /// In the order of the text.
    pub indicators: Vec<Indicator>,
    /// `grades { [80..] => "A", otherwise => "B" }`, best first
    pub grades: Option<Vec<Rule>>,
    /// The whole declaration.
    pub place: Place,
}

/// `indicator size "规模" weight 35% sum clamp [0..40] on employees { [1000..) => 100, missing => skip }`
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// What it is called.
    pub name: Name,
    /// `"规模"`
    pub title: Option<Quoted>,
    /// `weight 35%`: a constant expression
    pub weight: Option<Expr>,
    /// `sum`: all rules that fire are added
    pub sum: bool,
    /// `clamp [0..40]`
    pub clamp: Option<Interval>,
    /// `on employees`; empty when the rules test conditions
    pub on: Vec<Expr>,
    /// First that fires, or all with `sum`.
    pub rules: Vec<Rule>,
    /// The whole indicator.
    pub place: Place,
}

/// `tags profile "标签" when known { deal_size >= 5万 => "高价值" }`
#[derive(Clone, Debug, PartialEq)]
pub struct Tags {
    /// What it is called.
    pub name: Name,
    /// `"标签"`
    pub title: Option<Quoted>,
    /// `when known`
    pub when: Option<Expr>,
    /// `on deal_size`; empty when the rules test conditions
    pub on: Vec<Expr>,
    /// Every rule that fires.
    pub rules: Vec<Rule>,
    /// The whole declaration.
    pub place: Place,
}

/// `TEST => RESULT`
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What must hold.
    pub test: RuleTest,
    /// What follows.
    pub result: RuleResult,
    /// From the test to the result.
    pub place: Place,
}

/// What stands before `=>`.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleTest {
    /// `deal_size >= 5万 => …`
    Condition(Expr),
    /// `"A" | "B", _ => …`: one entry per subject
    Patterns(Vec<Pattern>),
    /// `otherwise => …`
    Otherwise(Place),
    /// `always => …`
    Always(Place),
}

/// What stands after `=>`.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleResult {
    /// `… => 15 * demos`
    Value(Expr),
    /// `… => skip`, in an indicator
    Skip(Place),
}

/// `"A" | [80..90) | missing`: alternatives for one subject, at least one
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Any of them.
    pub alternatives: Vec<PatternItem>,
    /// The whole pattern.
    pub place: Place,
}

/// One alternative of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternItem {
    /// `"A"`, `-5`, `true`, `@2026-01-01`, `big_deal`: a literal with or without a sign, or the name of a param
    Constant(Expr),
    /// `[80..90)`
    Interval(Interval),
    /// `in south`, `in { 1, 2 }`: a name or a set
    In(Expr),
    /// `missing`
    Missing(Place),
    /// `present`
    Present(Place),
    /// `_`
    Anything(Place),
}

/// `[a..b)`; an end may be left out
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// The lower end, if there is one.
    pub low: Option<Box<Expr>>,
    /// `[` rather than `(`
    pub low_closed: bool,
    /// The upper end, if there is one.
    pub high: Option<Box<Expr>>,
    /// `]` rather than `)`
    pub high_closed: bool,
    /// With its brackets.
    pub place: Place,
}

/// `test "大型" at @2026-11-21 { given { … } previous { … } population [ … ] expect … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// `"大型"`
    pub title: Quoted,
    /// `at @2026-11-21`: a date or instant literal
    pub at: Option<Expr>,
    /// `given { employees: 5000 }`
    pub given: Vec<Entry>,
    /// `previous { member: "银牌", fit: { score: 70 } }`
    pub previous: Option<Vec<Entry>>,
    /// `population [ { deal_size: 1 }, … ]`
    pub population: Option<Vec<Vec<Entry>>>,
    /// `expect a and b`
    pub expects: Vec<Expr>,
    /// The whole declaration.
    pub place: Place,
}

/// `employees: 5000`
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// `employees`
    pub name: Name,
    /// `5000`
    pub value: Data,
}

/// A value of a test.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `5000`, `-1`, `"x"`, `true`, `@2026-11-21`: a literal with or without a sign
    Constant(Expr),
    /// `{ "ERP", "CRM" }`; also `{ }`
    Set(Vec<Expr>, Place),
    /// `[ { kind: "demo" }, { } ]`
    List(Vec<Vec<Entry>>, Place),
    /// `{ score: 70, grade: "A" }`: at least one entry
    Record(Vec<Entry>, Place),
}

impl Data {
    /// Where it stood.
    pub fn place(&self) -> Place {
        match self {
            Data::Constant(constant) => constant.place,
            Data::Set(_, place) | Data::List(_, place) | Data::Record(_, place) => *place,
        }
    }
}

/// An expression; conditions are expressions of type `bool`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where it stood.
    pub place: Place,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `50_000`, `1.5万`, `30%`, as written, without a sign
    Number(String),
    /// `"汽车"`
    Text(String),
    /// `@2026-11-21`, without the `@`
    Date(String),
    /// `@2026-11-21T09:00:00+08:00`, without the `@`
    DateTime(String),
    /// `true`
    Bool(bool),
    /// `now`
    Now,
    /// `today`
    Today,
    /// `industry`, `fit.grade`, `fit.size.points`, `previous.member`: at least one name; `previous` is the first of its
    Path(Vec<Name>),
    /// `.kind`
    Element(Name),
    /// `{ "广东", "广西" }`
    Set(Vec<Expr>),
    /// `(a or b)`
    Paren(Box<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `a and b and c`: at least two operands, none of them a bare `Logic`
    Logic(LogicOperator, Vec<Expr>),
    /// `a >= b`
    Compare(CompareOperator, Box<Expr>, Box<Expr>),
    /// `a + b - c` or `a * b / c`: one level of precedence, from left to right, at least one further operand
    Arithmetic(Box<Expr>, Vec<(ArithmeticOperator, Expr)>),
    /// `a in [1..5)`, `a not in { 5, 7 }`, `a in south`
    In {
        /// `a`
        subject: Box<Expr>,
        /// `not in`
        negated: bool,
        /// `[1..5)`
        container: Container,
    },
    /// `a contains "x"`, `a contains any { "x" }`, `a contains all south`
    Contains {
        /// `a`
        subject: Box<Expr>,
        /// `any`
        quantifier: Quantifier,
        /// `{ "x" }`
        needle: Box<Expr>,
    },
    /// `a starts with "x"`, `a ends with "x"`
    Affix {
        /// `a`
        subject: Box<Expr>,
        /// `starts` or `ends`
        end: AffixEnd,
        /// `"x"`
        needle: Box<Expr>,
    },
    /// `a matches r"^x"`
    Matches {
        /// `a`
        subject: Box<Expr>,
        /// `^x`
        pattern: Quoted,
    },
    /// `region within "中国/广东"`, `products within { "ERP" }`
    Within {
        /// `products`
        subject: Box<Expr>,
        /// `{ "ERP" }`
        container: Box<Expr>,
    },
    /// `a within last 30 days`
    Window {
        /// `a`
        subject: Box<Expr>,
        /// `last`
        direction: Direction,
        /// `30 days`
        period: Period,
    },
    /// `a is present`, `a is missing`
    Is {
        /// `a`
        subject: Box<Expr>,
        /// `present` rather than `missing`
        present: bool,
    },
    /// `days_since(a)`, `at_least(2, a, b)`, `half_life(10, a, 30 days)`, `count(activities)`
    Call {
        /// `days_since`
        function: Name,
        /// In order; at least one.
        arguments: Vec<Argument>,
    },
    /// `sum(.amount of purchases by .at where .amount > 0)`, `count(purchases where .amount > 0)`
    Aggregate {
        /// `sum`
        function: Name,
        /// `distinct`
        distinct: bool,
        /// `.amount`; without it there is no `of`, and then there is a `where`
        value: Option<Box<Expr>>,
        /// `purchases`: always a path
        list: Box<Expr>,
        /// `by .at`
        by: Option<Box<Expr>>,
        /// `where .amount > 0`
        filter: Option<Box<Expr>>,
    },
    /// `match a, b { 1, _ => "x", otherwise => "y" }`, `match { a > 1 => "x" }`
    Match {
        /// `a, b`; empty when the rules test conditions
        subjects: Vec<Expr>,
        /// First that fires.
        rules: Vec<Rule>,
    },
}

/// What `in` looks into.
#[derive(Clone, Debug, PartialEq)]
pub enum Container {
    /// `[1..5)`; the ends are arithmetic
    Interval(Interval),
    /// `{ 5, 7 }`, `south`
    Set(Box<Expr>),
}

/// `days_since(a)`, `30 days`
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// `a`
    Value(Expr),
    /// `30 days`
    Period(Period),
}

/// `30 days`, `half days`, `2 months`
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// `30`: a number literal or the name of a param
    pub count: Box<Expr>,
    /// `days`
    pub unit: TimeUnit,
    /// The whole period.
    pub place: Place,
}

/// Units of periods; singular and plural read the same and print as the plural.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeUnit {
    /// `days`
    Days,
    /// `weeks`
    Weeks,
    /// `months`
    Months,
    /// `years`
    Years,
}

/// `and`, `or`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogicOperator {
    /// `and`
    And,
    /// `or`
    Or,
}
