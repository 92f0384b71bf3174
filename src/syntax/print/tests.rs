//! Exact output for trees built by hand.

use crate::source::{SourceId, Span};
use crate::syntax::ast::*;
use crate::syntax::canonical::canonical;

use super::{print, print_expression, print_pattern, print_rule_test};

fn nowhere() -> Place {
    Place::default()
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, place: nowhere() }
}

fn boxed(kind: ExprKind) -> Box<Expr> {
    Box::new(expr(kind))
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), place: nowhere() }
}

fn quoted(text: &str) -> Quoted {
    Quoted { text: text.to_owned(), place: nowhere() }
}

fn path(text: &str) -> Expr {
    expr(ExprKind::Path(text.split('.').map(name).collect()))
}

fn number(digits: &str) -> Expr {
    expr(ExprKind::Number(digits.to_owned()))
}

fn text(letters: &str) -> Expr {
    expr(ExprKind::Text(letters.to_owned()))
}

fn paren(inner: Expr) -> Expr {
    expr(ExprKind::Paren(Box::new(inner)))
}

fn compare(left: Expr, operator: CompareOperator, right: Expr) -> Expr {
    expr(ExprKind::Compare(operator, Box::new(left), Box::new(right)))
}

fn logic(operator: LogicOperator, operands: Vec<Expr>) -> Expr {
    expr(ExprKind::Logic(operator, operands))
}

fn arithmetic(first: Expr, operator: ArithmeticOperator, second: Expr) -> Expr {
    expr(ExprKind::Arithmetic(Box::new(first), vec![(operator, second)]))
}

fn interval(low: Option<&str>, low_closed: bool, high: Option<&str>, high_closed: bool) -> Interval {
    let end = |end: Option<&str>| end.map(|digits| Box::new(number(digits)));
    Interval { low: end(low), low_closed, high: end(high), high_closed, place: nowhere() }
}

fn pattern(alternatives: Vec<PatternItem>) -> Pattern {
    Pattern { alternatives, place: nowhere() }
}

fn rule(test: RuleTest, result: Expr) -> Rule {
    Rule { test, result: RuleResult::Value(result), place: nowhere() }
}

fn when(condition: Expr, result: &str) -> Rule {
    rule(RuleTest::Condition(condition), text(result))
}

fn row(cells: &[&str], result: &str) -> Rule {
    let cell = |cell: &&str| match *cell {
        "_" => pattern(vec![PatternItem::Anything(nowhere())]),
        label => pattern(label.split('|').map(|label| PatternItem::Constant(text(label))).collect()),
    };
    rule(RuleTest::Patterns(cells.iter().map(cell).collect()), text(result))
}

fn otherwise(result: &str) -> Rule {
    rule(RuleTest::Otherwise(nowhere()), text(result))
}

fn classify(on: Vec<Expr>, rules: Vec<Rule>) -> Classify {
    let name = name("c");
    Classify { name, title: None, kind: None, unique: false, when: None, on, rules, place: nowhere() }
}

fn definition(value: Expr) -> Item {
    Item::Let(Let { name: name("x"), title: None, value, place: nowhere() })
}

fn file(items: Vec<Item>) -> RuleFile {
    RuleFile { items, comments: Vec::new() }
}

fn printed(item: Item) -> String {
    print(&file(vec![item]), None)
}

fn subject() -> Box<Expr> {
    Box::new(path("a"))
}

fn period(count: &str, unit: TimeUnit) -> Period {
    Period { count: Box::new(number(count)), unit, place: nowhere() }
}

#[test]
fn quoted_texts_are_escaped() {
    assert_eq!(print_expression(&text("a\"b\\c\n\t\r\u{7}汽车")), r#""a\"b\\c\n\t\r\u{7}汽车""#);
    let matches = |pattern: &str| expr(ExprKind::Matches { subject: subject(), pattern: quoted(pattern) });
    assert_eq!(print_expression(&matches(r"^\d+$")), r#"a matches r"^\d+$""#);
    assert_eq!(print_expression(&matches("\"\\d")), r#"a matches "\"\\d""#);
}

#[test]
fn expressions_on_one_line() {
    let set = || boxed(ExprKind::Set(vec![text("x"), text("y")]));
    let container = Container::Interval(interval(Some("1"), false, Some("5"), true));
    let cases = [
        (paren(logic(LogicOperator::Or, vec![path("a"), path("fit.grade")])), "(a or fit.grade)"),
        (expr(ExprKind::Not(Box::new(path("a")))), "not a"),
        (expr(ExprKind::Negate(Box::new(number("1.5万")))), "-1.5万"),
        (arithmetic(number("1"), ArithmeticOperator::Divide, expr(ExprKind::Element(name("k")))), "1 / .k"),
        (expr(ExprKind::In { subject: subject(), negated: true, container }), "a not in (1..5]"),
        (
            expr(ExprKind::Contains { subject: subject(), quantifier: Quantifier::All, needle: set() }),
            "a contains all { \"x\", \"y\" }",
        ),
        (
            expr(ExprKind::Affix { subject: subject(), end: AffixEnd::Start, needle: Box::new(text("x")) }),
            "a starts with \"x\"",
        ),
        (expr(ExprKind::Within { subject: subject(), container: set() }), "a within { \"x\", \"y\" }"),
        (
            expr(ExprKind::Window {
                subject: subject(),
                direction: Direction::Next,
                period: period("2", TimeUnit::Weeks),
            }),
            "a within next 2 weeks",
        ),
        (expr(ExprKind::Is { subject: subject(), present: false }), "a is missing"),
        (expr(ExprKind::Date("2026-11-21".to_owned())), "@2026-11-21"),
        (expr(ExprKind::Set(Vec::new())), "{}"),
        (
            expr(ExprKind::Call {
                function: name("cliff"),
                arguments: vec![Argument::Value(path("a")), Argument::Period(period("3", TimeUnit::Months))],
            }),
            "cliff(a, 3 months)",
        ),
        (
            expr(ExprKind::Aggregate {
                function: name("count"),
                distinct: true,
                value: Some(boxed(ExprKind::Element(name("k")))),
                list: Box::new(path("l")),
                by: Some(boxed(ExprKind::Element(name("at")))),
                filter: Some(subject()),
            }),
            "count(distinct .k of l by .at where a)",
        ),
        (
            expr(ExprKind::Match { subjects: vec![path("a")], rules: vec![row(&["x|y"], "z"), otherwise("w")] }),
            "match a { \"x\" | \"y\" => \"z\", otherwise => \"w\" }",
        ),
    ];
    for (tree, expected) in cases {
        assert_eq!(print_expression(&tree), expected);
    }
}

#[test]
fn patterns_and_tests() {
    let alternatives = vec![
        PatternItem::Constant(text("A")),
        PatternItem::Interval(interval(None, true, Some("80"), false)),
        PatternItem::In(path("south")),
        PatternItem::Missing(nowhere()),
        PatternItem::Present(nowhere()),
    ];
    let tree = pattern(alternatives);
    assert_eq!(print_pattern(&tree), "\"A\" | [..80) | in south | missing | present");
    let other = pattern(vec![PatternItem::Anything(nowhere())]);
    let test = RuleTest::Patterns(vec![other, tree]);
    assert_eq!(print_rule_test(&test), "_, \"A\" | [..80) | in south | missing | present");
    assert_eq!(print_rule_test(&RuleTest::Always(nowhere())), "always");
}

#[test]
fn arrows_and_columns_are_aligned() {
    let rules =
        vec![row(&["A", "hot|warm"], "P1"), row(&["A|B", "_"], "P2"), row(&["冷淡", "x"], "P4"), otherwise("P3")];
    let tree = classify(vec![path("f"), path("g")], rules);
    let expected = "\
classify c on f, g {
  \"A\",       \"hot\" | \"warm\" => \"P1\",
  \"A\" | \"B\", _              => \"P2\",
  \"冷淡\",    \"x\"            => \"P4\",
  otherwise                 => \"P3\",
}
";
    assert_eq!(printed(Item::Classify(tree)), expected);
}

#[test]
fn clauses_have_one_order() {
    let mut tree = classify(vec![path("f")], vec![otherwise("x")]);
    tree.title = Some(quoted("标题"));
    tree.kind = Some(TypeExpr { kind: TypeKind::OrderedChoice(vec![quoted("x"), quoted("y")]), place: nowhere() });
    tree.unique = true;
    tree.when = Some(path("w"));
    let expected = "classify c \"标题\" : ordered choice { \"x\", \"y\" } unique when w on f { otherwise => \"x\" }\n";
    assert_eq!(printed(Item::Classify(tree)), expected);
}

#[test]
fn wide_chains_and_tests_break_before_their_words() {
    let part = |letter: &str| compare(path(&letter.repeat(40)), CompareOperator::Equal, text("x"));
    let chain = logic(LogicOperator::And, vec![part("a"), part("b"), paren(part("c"))]);
    let [a, b, c] = ["a", "b", "c"].map(|letter| letter.repeat(40));
    let expected = format!("let x = {a} == \"x\"\n  and {b} == \"x\"\n  and ({c} == \"x\")\n");
    assert_eq!(printed(definition(chain.clone())), expected);

    let tree = classify(Vec::new(), vec![when(chain, "long"), when(path("short"), "s"), otherwise("x")]);
    let expected = format!(
        "classify c {{\n  {a} == \"x\"\n    and {b} == \"x\"\n    and ({c} == \"x\") => \"long\",\n  short     => \"s\",\n  \
         otherwise => \"x\",\n}}\n"
    );
    assert_eq!(printed(Item::Classify(tree)), expected);
}

#[test]
fn wide_sets_are_filled() {
    let labels: Vec<Expr> = (0..9).map(|index| text(&format!("{index}标签标签标签"))).collect();
    let expected = "\
let x = {
  \"0标签标签标签\", \"1标签标签标签\", \"2标签标签标签\", \"3标签标签标签\", \"4标签标签标签\", \"5标签标签标签\", \"6标签标签标签\",
  \"7标签标签标签\", \"8标签标签标签\",
}
";
    assert_eq!(printed(definition(expr(ExprKind::Set(labels)))), expected);
}

#[test]
fn fields_end_with_their_title() {
    let element = Field {
        name: name("kind"),
        title: Some(quoted("种类")),
        kind: TypeExpr { kind: TypeKind::Text, place: nowhere() },
        placeholders: Some(Placeholders { values: vec![text("无")], place: nowhere() }),
        place: nowhere(),
    };
    let kind = TypeExpr { kind: TypeKind::List(vec![element.clone()]), place: nowhere() };
    let tree = Field { name: name("log"), title: Some(quoted("日志")), kind, placeholders: None, place: nowhere() };
    let expected = "field log : list { kind: text missing as { \"无\" } \"种类\" } \"日志\"\n";
    assert_eq!(printed(Item::Field(tree)), expected);
}

#[test]
fn scores_stand_in_blocks() {
    let indicator = Indicator {
        name: name("size"),
        title: Some(quoted("规模")),
        weight: Some(number("35%")),
        sum: true,
        clamp: Some(interval(Some("0"), true, Some("40"), true)),
        on: vec![path("employees")],
        rules: vec![Rule {
            test: RuleTest::Patterns(vec![pattern(vec![PatternItem::Missing(nowhere())])]),
            result: RuleResult::Skip(nowhere()),
            place: nowhere(),
        }],
        place: nowhere(),
    };
    let score = Score {
        name: name("fit"),
        title: None,
        when: Some(path("known")),
        clamp: None,
        indicators: vec![indicator],
        grades: Some(vec![otherwise("A")]),
        place: nowhere(),
    };
    let expected = "\
score fit when known {
  indicator size \"规模\" weight 35% sum clamp [0..40] on employees { missing => skip }
  grades { otherwise => \"A\" }
}
";
    assert_eq!(printed(Item::Score(score)), expected);
}

#[test]
fn tests_list_their_clauses() {
    let entry = |field: &str, value: Data| Entry { name: name(field), value };
    let mut tree = Test {
        title: quoted("大型"),
        at: Some(expr(ExprKind::Date("2026-11-21".to_owned()))),
        given: Vec::new(),
        previous: None,
        population: None,
        expects: vec![path("a")],
        place: nowhere(),
    };
    let expected = "test \"大型\" at @2026-11-21 { given { } expect a }\n";
    assert_eq!(printed(Item::Test(tree.clone())), expected);

    let number = |digits: &str| Data::Constant(number(digits));
    tree.given = vec![
        entry("l", Data::List(vec![vec![entry("k", number("1"))], Vec::new()], nowhere())),
        entry("s", Data::Set(Vec::new(), nowhere())),
    ];
    tree.previous = Some(vec![entry("fit", Data::Record(vec![entry("score", number("70"))], nowhere()))]);
    tree.population = Some(vec![vec![entry("n", number("2"))]]);
    tree.expects.push(path("b"));
    let expected = "\
test \"大型\" at @2026-11-21 {
  given { l: [ { k: 1 }, { } ], s: { } }
  previous { fit: { score: 70 } }
  population [ { n: 2 } ]
  expect a,
  expect b,
}
";
    assert_eq!(printed(Item::Test(tree)), expected);
}

#[test]
fn generated_files_have_empty_lines_around_blocks() {
    let block = || Item::Classify(classify(Vec::new(), vec![otherwise("x")]));
    let tree = file(vec![Item::Zone(quoted("UTC")), definition(path("a")), definition(path("b")), block(), block()]);
    let expected = "zone \"UTC\"\n\nlet x = a\nlet x = b\n\nclassify c { otherwise => \"x\" }\n\nclassify c { otherwise => \"x\" }\n";
    assert_eq!(print(&tree, None), expected);
    assert_eq!(print(&RuleFile::default(), None), "");
}

#[test]
fn comments_stay_with_their_lines() {
    let source = "// top\n\n\nlet x = // inside\n  a // beside\n// last";
    let place = |part: &str| {
        let start = source.find(part).unwrap_or_default();
        Place(Span::new(SourceId(0), start, start + part.len()))
    };
    let comments = ["// top", "// inside", "// beside", "// last"]
        .map(|part| Comment { text: part.to_owned(), place: place(part) })
        .to_vec();
    let value = Expr { place: place("a // beside"), ..path("a") };
    let item = Let { name: name("x"), title: None, value, place: place("let x = // inside\n  a") };
    let tree = RuleFile { items: vec![Item::Let(item)], comments };
    assert_eq!(print(&tree, Some(source)), "// top\n\n// inside\nlet x = a  // beside\n// last\n");
}

#[test]
fn canonical_text_is_about_meaning() {
    let same = |left: Expr, right: Expr| {
        let text = |value: Expr| canonical(&[file(vec![definition(value)])]);
        text(left) == text(right)
    };
    for (left, right) in [("5万", "50_000"), ("30%", "0.30"), ("1.5亿", "150000000"), ("007", "7"), ("1.50", "1.5")] {
        assert!(same(number(left), number(right)), "{left} {right}");
    }
    for (left, right) in [("1", "1.0"), ("5万", "5000"), ("3%", "0.3"), ("0", "0.000_1")] {
        assert!(!same(number(left), number(right)), "{left} {right}");
    }
    let and = |operands: Vec<Expr>| logic(LogicOperator::And, operands);
    let nested = and(vec![paren(and(vec![path("a"), path("b")])), paren(path("c"))]);
    assert!(same(nested, and(vec![path("a"), path("b"), path("c")])));
    let minus = |left: Expr, right: Expr| arithmetic(left, ArithmeticOperator::Subtract, right);
    let chain = Expr {
        kind: ExprKind::Arithmetic(
            subject(),
            vec![(ArithmeticOperator::Subtract, path("b")), (ArithmeticOperator::Subtract, path("c"))],
        ),
        place: nowhere(),
    };
    assert!(same(minus(paren(minus(path("a"), path("b"))), path("c")), chain.clone()));
    assert!(!same(minus(path("a"), paren(minus(path("b"), path("c")))), chain));
}

#[test]
fn canonical_text_leaves_out_what_does_not_count() {
    let ruleset = Item::Ruleset(Ruleset { name: quoted("n"), version: Some(quoted("1")), place: nowhere() });
    let block = classify(Vec::new(), vec![otherwise("x")]);
    let titled = Classify { title: Some(quoted("t")), ..block.clone() };
    let together = file(vec![ruleset, Item::Classify(titled), definition(path("a"))]);
    let apart = [file(vec![definition(path("a"))]), file(vec![Item::Classify(block)])];
    assert_eq!(canonical(&[together]), canonical(&apart));
}

#[test]
fn large_trees_take_linear_time() {
    let rules = (0..50_000).map(|index| when(path("a"), &index.to_string())).collect();
    let labels = (0..50_000).map(|index| text(&index.to_string())).collect();
    let mut nested = path("a");
    for _ in 0..64 {
        nested = paren(logic(LogicOperator::And, vec![nested, path("b")]));
    }
    let items =
        vec![Item::Classify(classify(Vec::new(), rules)), definition(expr(ExprKind::Set(labels))), definition(nested)];
    let tree = file(items);
    assert!(print(&tree, None).lines().count() > 50_000);
    assert!(canonical(&[tree]).concat().len() > 50_000);
}
