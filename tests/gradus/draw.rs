//! Conditions of every kind, and leads at and next to their constants: drawn from a number, the same on every machine.

use gradus_testkit::Json;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use std::fmt::Write as _;

/// Draws (splitmix64).
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    pub(crate) fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub(crate) fn pick<'p>(&mut self, list: &[&'p str]) -> &'p str {
        list[self.below(list.len())]
    }

    /// So many of these at most, at least one, in braces.
    fn some(&mut self, most: usize, mut one: impl FnMut(&mut Draw) -> String) -> String {
        let mut drawn: Vec<String> = (0..=self.below(most)).map(|_| one(self)).collect();
        drawn.sort();
        drawn.dedup();
        format!("{{ {} }}", drawn.join(", "))
    }

    /// A whole number that rules mention, or a neighbour of one when `off` is not nought.
    fn whole(&mut self, off: i64) -> i64 {
        i64::try_from(self.below(60)).unwrap() * 7 - 100 + off
    }

    /// A decimal in units of 10^-12.
    fn units(&mut self) -> i128 {
        let place = i128::try_from(self.below(50)).unwrap();
        [1_000_000_000_000, 333_333_333_333, 1_000_001, 12_500_000_000, -777_777_777_777_777][self.below(5)] * place
    }

    /// A whole number or a decimal that rules compare whole numbers with.
    fn bound(&mut self) -> String {
        let whole = self.whole(0);
        if self.one_in(4) { format!("{whole}.5") } else { whole.to_string() }
    }

    fn day(&mut self) -> Date {
        date(2026, 11, 21).saturating_add((i64::try_from(self.below(40)).unwrap() * 9 - 300).days())
    }

    fn instant(&mut self) -> Timestamp {
        let noon: Timestamp = "2026-11-21T16:00:00Z".parse().unwrap();
        noon - (i64::try_from(self.below(30)).unwrap() * 31).hours()
    }
}

/// A number of units of 10^-12, written out.
pub(crate) fn decimal(units: i128) -> String {
    let (sign, digits) = if units < 0 { ("-", -units) } else { ("", units) };
    format!("{sign}{}.{:012}", digits / 1_000_000_000_000, digits % 1_000_000_000_000)
}

const KINDS: [&str; 6] = ["制造业", "finance", "Education", "health", "retail", "other"];
const STEPS: [&str; 7] = ["lead", "called", "visited", "demo", "offer", "order", "won"];
const WORDS: [&str; 12] = ["ERP", "crm", "云", "on-premise", "a", "b", "ab", "ba", "预算", "Straße", "ＡＢＣ", "mes-7"];
const CODES: [&str; 6] = ["SKU-1", "sku-1", "SKU-12", "A", "a", "AB"];
const PLACES: [&str; 6] = ["中国", "中国/广东", "中国/广东/深圳", "中国/广西", "中", "US/CA"];
const COMPARED: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
const EQUAL: [&str; 2] = ["==", "!="];

/// The fields that conditions ask.
pub(crate) fn fields() -> String {
    let quoted = |labels: &mut dyn Iterator<Item = String>| labels.collect::<Vec<_>>().join(", ");
    let labels = |list: &[&str]| quoted(&mut list.iter().map(|it| format!("{it:?}")));
    let numbered = |letter: char, count: usize| quoted(&mut (0..count).map(|it| format!("\"{letter}{it}\"")));
    let mut text = String::from("zone \"Asia/Shanghai\"\n");
    let mut field = |name: &str, kind: String| writeln!(text, "field {name} : {kind}").unwrap();
    field("kind", format!("choice {{ {} }}", labels(&KINDS)));
    field("many", format!("choice {{ {} }}", numbered('m', 40)));
    field("step", format!("ordered choice {{ {} }}", labels(&STEPS)));
    field("few", format!("set {{ {} }}", numbered('f', 12)));
    field("lots", format!("set {{ {} }}", numbered('l', 40)));
    let plain = [
        ("n", "int"),
        ("k", "int"),
        ("x", "decimal"),
        ("y", "decimal"),
        ("p", "float"),
        ("on", "date"),
        ("seen", "date"),
        ("made", "datetime"),
        ("flag", "bool"),
        ("other", "bool"),
        ("words", "set of text"),
        ("note", "text"),
        ("key", "code"),
        ("place", "region"),
    ];
    for (name, kind) in plain {
        // a reserved word would be no name
        field(&format!("{name}_"), kind.to_owned());
    }
    text
}

const NAMES: [&str; 19] = [
    "kind", "many", "step", "few", "lots", "n_", "k_", "x_", "y_", "p_", "on_", "seen_", "made_", "flag_", "other_",
    "words_", "note_", "key_", "place_",
];

/// A condition that is not made of others.
pub(crate) fn single(draw: &mut Draw) -> String {
    let quoted = |text: &str| format!("{text:?}");
    let numbered = |letter: char, count: usize| move |draw: &mut Draw| format!("\"{letter}{}\"", draw.below(count));
    match draw.below(24) {
        0 => {
            let asked = if draw.one_in(2) { "missing" } else { "present" };
            format!("{} is {asked}", draw.pick(&NAMES))
        }
        1 => format!("kind {} {:?}", draw.pick(&EQUAL), draw.pick(&KINDS)),
        2 => {
            let not = if draw.one_in(3) { "not " } else { "" };
            format!("many {not}in {}", draw.some(5, numbered('m', 40)))
        }
        3 => format!("step {} {:?}", draw.pick(&COMPARED), draw.pick(&STEPS)),
        4 | 5 => format!("{} {} {}", draw.pick(&["n_", "k_"]), draw.pick(&COMPARED), draw.bound()),
        6 => {
            let (low, high) = (draw.whole(0), draw.whole(40));
            let (low, high) = (low.min(high), low.max(high) + 1);
            let (open, close) = (draw.pick(&["[", "("]), draw.pick(&["]", ")"]));
            format!("{} in {open}{low}..{high}{close}", draw.pick(&["n_", "k_", "x_"]))
        }
        7 | 8 => format!("{} {} {}", draw.pick(&["x_", "y_"]), draw.pick(&COMPARED), decimal(draw.units())),
        9 => format!("p_ {} {}.25", draw.pick(&COMPARED), draw.whole(0)),
        10 => format!("{} {} @{}", draw.pick(&["on_", "seen_", "made_"]), draw.pick(&COMPARED), draw.day()),
        11 => format!("made_ {} @{}", draw.pick(&COMPARED), draw.instant()),
        12 => format!("on_ within {} {} days", draw.pick(&["last", "next"]), 1 + draw.below(90)),
        13 => format!("days_since(seen_) {} {}", draw.pick(&COMPARED), draw.below(300)),
        14 => draw.pick(&["flag_", "other_", "not flag_", "not other_"]).to_owned(),
        15 => format!("few contains {} {}", draw.pick(&["any", "all"]), draw.some(3, numbered('f', 12))),
        16 => format!("lots contains {} {}", draw.pick(&["any", "all"]), draw.some(4, numbered('l', 40))),
        17 => {
            let set = draw.some(11, numbered('f', 12));
            format!("few within {set}")
        }
        18 => {
            let quantifier = draw.pick(&["any", "all"]);
            format!("note_ contains {quantifier} {}", draw.some(3, |draw| quoted(draw.pick(&WORDS))))
        }
        19 => format!("note_ {} with {:?}", draw.pick(&["starts", "ends"]), draw.pick(&WORDS)),
        20 => format!("note_ {} {:?}", draw.pick(&EQUAL), draw.pick(&WORDS)),
        21 => {
            let patterns = ["^a", "b$", "(ERP|crm)", "[0-9]", "^..$", "预.*"];
            format!("note_ matches r\"{}\"", draw.pick(&patterns))
        }
        22 => {
            let operator = draw.pick(&["==", "!=", "starts with", "contains"]);
            format!("key_ {operator} {:?}", draw.pick(&CODES))
        }
        _ if draw.one_in(2) => format!("place_ within {:?}", draw.pick(&PLACES)),
        _ => format!("words_ contains any {}", draw.some(2, |draw| quoted(draw.pick(&WORDS)))),
    }
}

/// A condition, made of others now and then.
pub(crate) fn condition(draw: &mut Draw, depth: usize) -> String {
    if depth == 0 || draw.one_in(4) {
        return single(draw);
    }
    let several = |draw: &mut Draw, between: &str| {
        let parts: Vec<String> = (0..2 + draw.below(2)).map(|_| format!("({})", condition(draw, depth - 1))).collect();
        parts.join(between)
    };
    match draw.below(8) {
        0..=3 => several(draw, " and "),
        4 | 5 => several(draw, " or "),
        6 => format!("not ({})", condition(draw, depth - 1)),
        _ => {
            let parts: Vec<String> = (0..3).map(|_| condition(draw, depth - 1)).collect();
            format!("at_least(2, {})", parts.join(", "))
        }
    }
}

/// A lead: each value at a constant of the rules, next to one, between them, or missing.
pub(crate) fn lead(draw: &mut Draw) -> Json {
    let gaps = [3, 8, 30][draw.below(3)];
    let mut values = Vec::new();
    for name in NAMES {
        if draw.one_in(gaps) {
            continue;
        }
        let off = [0, 0, 1, -1, 3][draw.below(5)];
        let text = |text: &str| Json::Text(text.to_owned());
        let numbered = |draw: &mut Draw, letter: char, count: usize| text(&format!("{letter}{}", draw.below(count)));
        let value = match name {
            "kind" => text(draw.pick(&KINDS)),
            "many" => numbered(draw, 'm', 40),
            "step" => text(draw.pick(&STEPS)),
            "few" => Json::Array((0..draw.below(9)).map(|_| numbered(draw, 'f', 12)).collect()),
            "lots" => Json::Array((0..draw.below(30)).map(|_| numbered(draw, 'l', 40)).collect()),
            "n_" | "k_" => Json::number(draw.whole(off)),
            "x_" | "y_" if draw.one_in(3) => Json::number(draw.whole(off)),
            "x_" | "y_" => Json::Number(decimal(draw.units() + i128::from(off))),
            "p_" => Json::Number(format!("{}.{}", draw.whole(off), draw.pick(&["25", "2500001", "24", "0"]))),
            "on_" | "seen_" => text(&draw.day().saturating_add(off.days()).to_string()),
            "made_" => text(&(draw.instant() + (off * 1_000_000).microseconds()).to_string()),
            "flag_" | "other_" => Json::Bool(draw.one_in(2)),
            "words_" => Json::Array((0..draw.below(4)).map(|_| text(draw.pick(&WORDS))).collect()),
            "note_" => {
                let words: Vec<&str> = (0..1 + draw.below(4)).map(|_| draw.pick(&WORDS)).collect();
                Json::Text(words.join(draw.pick(&["", " "])))
            }
            "key_" => text(draw.pick(&CODES)),
            _ => text(draw.pick(&PLACES)),
        };
        values.push((name.to_owned(), value));
    }
    Json::Object(values)
}
