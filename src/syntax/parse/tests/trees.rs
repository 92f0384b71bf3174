//! What is built: precedence, places, clauses.

use super::{clean, parse_default};
use crate::syntax::ast::{ArithmeticOperator, Expr, ExprKind, Item, PatternItem, Rule, RuleResult, RuleTest};

fn value(text: &str) -> Expr {
    match clean(&format!("let a = {text}")).pop() {
        Some(Item::Let(definition)) => definition.value,
        other => panic!("{other:?}"),
    }
}

/// An expression with parentheses around every operation, and the text that each place covers checked.
fn grouped(text: &str) -> String {
    let source = format!("let a = {text}");
    let expr = value(text);
    assert_eq!(&source[expr.place.0.range()], text);
    show(&expr, &source)
}

fn show(expr: &Expr, source: &str) -> String {
    let written = &source[expr.place.0.range()];
    let group = |operands: Vec<String>| format!("({})", operands.join(" "));
    match &expr.kind {
        ExprKind::Paren(inner) => show(inner, source),
        ExprKind::Not(inner) => group(vec!["not".to_owned(), show(inner, source)]),
        ExprKind::Negate(inner) => group(vec!["-".to_owned(), show(inner, source)]),
        ExprKind::Logic(operator, operands) => {
            let mut shown = vec![format!("{operator:?}")];
            shown.extend(operands.iter().map(|operand| show(operand, source)));
            group(shown)
        }
        ExprKind::Compare(operator, left, right) => {
            group(vec![format!("{operator:?}"), show(left, source), show(right, source)])
        }
        ExprKind::Arithmetic(first, rest) => {
            let mut shown = vec![show(first, source)];
            for (operator, operand) in rest {
                let mark = match operator {
                    ArithmeticOperator::Add => '+',
                    ArithmeticOperator::Subtract => '-',
                    ArithmeticOperator::Multiply => '*',
                    ArithmeticOperator::Divide => '/',
                };
                shown.push(format!("{mark}{}", show(operand, source)));
            }
            group(shown)
        }
        _ => written.to_owned(),
    }
}

#[test]
fn precedence() {
    assert_eq!(grouped("a + b * c - d"), "(a +(b *c) -d)");
    assert_eq!(grouped("-a / 3 == b"), "(Equal ((- a) /3) b)");
    assert_eq!(grouped("not a == 1 and not not b"), "(And (not (Equal a 1)) (not (not b)))");
    assert_eq!(grouped("a or b is present or c not in { 1 }"), "(Or a b is present c not in { 1 })");
    assert_eq!(grouped("(a or b) and c"), "(And (Or a b) c)");
    assert_eq!(grouped("a within last 30 days and b within c"), "(And a within last 30 days b within c)");
    assert_eq!(grouped("match { a => 1 } == 2"), "(Equal match { a => 1 } 2)");
}

#[test]
fn places_are_exact() {
    let source = "  let a = f( // why\n  前 , (b) )  // end\n\nclassify c { a  =>  \"x\" , }";
    let items = clean(source);
    let Some(Item::Let(definition)) = items.first() else { panic!("{items:?}") };
    assert_eq!(&source[definition.place.0.range()], "let a = f( // why\n  前 , (b) )");
    assert_eq!(&source[definition.value.place.0.range()], "f( // why\n  前 , (b) )");
    let Some(Item::Classify(classify)) = items.get(1) else { panic!("{items:?}") };
    assert_eq!(&source[classify.place.0.range()], "classify c { a  =>  \"x\" , }");
    assert_eq!(&source[classify.rules[0].place.0.range()], "a  =>  \"x\"");
}

#[test]
fn literals() {
    assert!(matches!(value("1.5万").kind, ExprKind::Number(number) if number == "1.5万"));
    assert!(matches!(value(r#""a\"\\\n\t\r\u{597d}""#).kind, ExprKind::Text(text) if text == "a\"\\\n\t\r好"));
    assert!(matches!(value("@2026-11-21").kind, ExprKind::Date(date) if date == "2026-11-21"));
    for instant in ["2026-11-21T09:00:00+08:00", "2026-11-21T09:00Z", "2026-11-21T09:00:00"] {
        assert!(matches!(value(&format!("@{instant}")).kind, ExprKind::DateTime(date) if date == instant));
    }
    // A decomposed é is the same name as a composed one.
    assert!(matches!(value("cafe\u{301}").kind, ExprKind::Path(names) if names[0].text == "caf\u{e9}"));
}

#[test]
fn clauses_and_rules() {
    let items = clean(
        "score s \"t\" clamp [..5] when a { indicator i on x, y sum weight 1 { missing | in z, _ => skip, otherwise => -1 } }",
    );
    let Some(Item::Score(score)) = items.first() else { panic!("{items:?}") };
    assert!(score.when.is_some() && score.clamp.as_ref().is_some_and(|clamp| clamp.low.is_none() && clamp.high_closed));
    let indicator = &score.indicators[0];
    assert!(indicator.sum && indicator.weight.is_some() && indicator.on.len() == 2);
    let RuleTest::Patterns(patterns) = &indicator.rules[0].test else { panic!("{indicator:?}") };
    assert!(matches!(patterns[0].alternatives[..], [PatternItem::Missing(_), PatternItem::In(_)]));
    assert!(matches!(patterns[1].alternatives[..], [PatternItem::Anything(_)]));
    assert!(matches!(indicator.rules[0].result, RuleResult::Skip(_)));
    assert!(matches!(indicator.rules[1].test, RuleTest::Otherwise(_)));
}

/// The rules of a block of tags.
fn rules(block: &str) -> Vec<Rule> {
    match clean(&format!("tags t {{ {block} }}")).pop() {
        Some(Item::Tags(tags)) => tags.rules,
        other => panic!("{other:?}"),
    }
}

/// The conditions of rules are read in parts. What is between the parts says the same in an expression that is read in one.
#[test]
fn rules_in_parts_are_rules_in_one() {
    for condition in [
        "a",
        "a and b and not c",
        "a == 1 or b in { 2, 3 } or c within last 30 days or d is missing",
        "match a, b { _, 1 => 2, otherwise => 3 } == 2 and b",
        "match { a and b => true, c or d => false } or -a < b",
        "a.and.or == 1 and b",
        "a matches r\"x and y\" and b contains any { \"c\" }",
        "(a or b) and (c or d)",
    ] {
        for result in ["\"x\"", "a and b", "skip", "match a, b { _, 1 => \"x\" }", "match { a and b => 1 }"] {
            let block = format!("{condition} => {result}, otherwise => {result}, always => {result}, b => {result}");
            let rules = rules(&block);
            let [rule, otherwise, always, last] = rules.as_slice() else { panic!("{block}: {rules:?}") };
            assert_eq!(rule.test, RuleTest::Condition(value(condition)), "{block}");
            assert_eq!(last.test, RuleTest::Condition(value("b")), "{block}");
            assert!(matches!(otherwise.test, RuleTest::Otherwise(_)) && matches!(always.test, RuleTest::Always(_)));
            for rule in &rules {
                assert_eq!(rule.result, RuleResult::Value(value(result)), "{block}");
            }
            let span = rule.place.0;
            assert_eq!((span.end - span.start) as usize, condition.len() + result.len() + 4, "{block}");
        }
    }
    for wrong in ["a and otherwise", "otherwise and a", "a and", "and a", "a or => 1, b", "a and , b", "always or a"] {
        assert!(!parse_default(&format!("tags t {{ {wrong} => \"x\" }}")).diagnostics.is_empty(), "{wrong}");
    }
}
