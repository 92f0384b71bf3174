//! Leads of as many fields as wanted, random tag rules over them, and the realistic file of `peers`; by a seed.

use super::Random;
use gradus::{FieldKind, FieldValue, Lead, Record, RecordField};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// What a field holds. A row has a number for each: of a label, of a whole number, of cents, the bits of a set.
#[derive(Clone, Copy)]
enum Kind {
    Label(&'static [&'static str]),
    Int(i32),
    Amount(i32),
    Flag,
    Set(&'static [&'static str]),
    Text(&'static [&'static str]),
}
use Kind::{Amount, Flag, Int, Label, Set, Text};

/// A field of the leads, with how many of a hundred lack it.
pub(crate) struct Field {
    name: Cow<'static, str>,
    kind: Kind,
    missing: u64,
}

/// The value of a field that is missing.
const MISSING: i32 = i32::MIN;

/// The 24 fields of a CRM, which the rule file of `peers` asks for. The first few are of different kinds.
const NAMED: [(&str, Kind, u64); 24] = [
    (
        "industry",
        Label(&[
            "manufacturing",
            "automotive",
            "software",
            "retail",
            "logistics",
            "finance",
            "energy",
            "chemicals",
            "construction",
            "food",
            "media",
        ]),
        0,
    ),
    ("employees", Int(20_000), 0),
    ("deal_size", Amount(500_000_000), 0),
    ("products", Set(&["erp", "crm", "mes", "wms", "plm", "bi", "scm", "oa"]), 0),
    ("contacted", Flag, 0),
    ("stage", Label(&["new", "contacted", "demo", "quoted", "negotiation", "won"]), 0),
    ("annual_revenue", Amount(2_000_000_000), 0),
    ("visits", Int(200), 0),
    (
        "province",
        Label(&[
            "广东", "江苏", "浙江", "上海", "北京", "山东", "四川", "湖北", "福建", "湖南", "安徽", "广西", "海南",
            "重庆",
        ]),
        0,
    ),
    ("budget", Amount(500_000_000), 30),
    ("source", Label(&["website", "trade fair", "referral", "search ad", "phone", "webinar", "partner"]), 0),
    (
        "title",
        Label(&[
            "ceo",
            "cto",
            "cfo",
            "head of it",
            "head of purchasing",
            "plant manager",
            "project manager",
            "engineer",
            "buyer",
        ]),
        40,
    ),
    (
        "interests",
        Set(&["cloud", "on premises", "mobile", "integration", "automation", "security", "compliance", "migration"]),
        0,
    ),
    ("registered_capital", Amount(1_000_000_000), 0),
    ("calls", Int(40), 0),
    ("age_days", Int(3_650), 0),
    ("seats", Int(5_000), 0),
    (
        "city",
        Label(&[
            "hanghai",
            "hangzhou",
            "beijing",
            "nanjing",
            "shangcheng",
            "wuyang",
            "qingtai",
            "chengdu",
            "xining",
            "dongtong",
            "guangping",
            "beihai",
            "nanshan",
            "wuxing",
            "xilin",
            "qinghai",
        ]),
        0,
    ),
    ("relationship", Label(&["cold", "known", "partner"]), 0),
    ("owner", Label(&["chen", "li", "wang", "zhang", "liu", "zhao", "huang", "zhou"]), 0),
    ("newsletter", Flag, 0),
    ("tender", Flag, 0),
    (
        "need",
        Text(&[
            "希望替换旧系统，需要定制和私有化部署",
            "需要与 SAP 集成，尽快上线",
            "招标文件已发，预算已批",
            "紧急：二期扩容，报表和接口",
            "先了解一下，免费试用",
            "客户数据平台，多工厂排产，微信对接",
        ]),
        0,
    ),
    (
        "company",
        Text(&[
            "华兴机械有限公司",
            "东方电子集团有限公司",
            "天海软件股份有限公司",
            "宏盛食品工厂",
            "远信汽车零部件有限责任公司",
        ]),
        0,
    ),
];

const PLAIN: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

/// The first so many fields: those of a CRM, and then ones with numbers for names.
pub(crate) fn fields(count: usize) -> Vec<Field> {
    let named = NAMED.into_iter().map(|(name, kind, missing)| Field { name: name.into(), kind, missing });
    let more = (NAMED.len()..).map(|number| {
        let kind = [Label(PLAIN), Int(10_000), Amount(500_000_000), Flag, Set(&PLAIN[..8])][number % 5];
        Field { name: format!("field_{number}").into(), kind, missing: 10 }
    });
    named.chain(more).take(count).collect()
}

/// The declarations of fields.
fn declare(fields: &[Field]) -> String {
    let mut text = String::from("zone \"Asia/Shanghai\"\n");
    for field in fields {
        let kind = match field.kind {
            Label(labels) => format!("choice {{ {} }}", quoted(labels.iter())),
            Set(labels) => format!("set {{ {} }}", quoted(labels.iter())),
            Int(_) => "int".to_owned(),
            Amount(_) => "decimal".to_owned(),
            Flag => "bool".to_owned(),
            Text(_) => "text".to_owned(),
        };
        let _written = writeln!(text, "field {} : {kind}", field.name);
    }
    text
}

fn quoted<'l>(labels: impl Iterator<Item = &'l &'static str>) -> String {
    labels.map(|label| format!("\"{label}\"")).collect::<Vec<_>>().join(", ")
}

/// A classification of seven ways, a scorecard of twelve indicators and 25 tag rules, on the fields of a CRM.
pub(crate) fn realistic() -> String {
    declare(&fields(NAMED.len())) + include_str!("../peers/src/w1.gradus")
}

/// A lead as a host has it: a number for each field. As a [`Record`] it has those of a CRM.
pub(crate) struct Row(Box<[i32]>);

/// So many rows; row `n` is the same however many there are.
pub(crate) fn rows(fields: &[Field], count: usize) -> Vec<Row> {
    (1..).take(count).map(|seed| row(fields, &mut Random(seed))).collect()
}

fn row(fields: &[Field], random: &mut Random) -> Row {
    let mut below = |end: i32| i32::try_from(random.below(u64::from(end.max(1).unsigned_abs()))).unwrap_or(0);
    let numbers = fields.iter().map(|field| {
        if field.missing > 0 && below(100).unsigned_abs() < u32::try_from(field.missing).unwrap_or(0) {
            return MISSING;
        }
        match field.kind {
            Label(labels) | Text(labels) => number(labels.len(), &mut below),
            // as many small ones as large ones
            Int(end) | Amount(end) => {
                let halvings = below(14);
                below(end >> halvings)
            }
            Flag => below(2),
            Set(_) => below(256) & below(256),
        }
    });
    Row(numbers.collect())
}

fn number(count: usize, below: &mut impl FnMut(i32) -> i32) -> i32 {
    below(i32::try_from(count).unwrap_or(i32::MAX))
}

fn place(number: i32) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// The labels of a set by its bits.
fn members(labels: &'static [&'static str], bits: i32) -> impl Iterator<Item = &'static str> {
    labels.iter().enumerate().filter(move |(place, _)| bits >> place & 1 == 1).map(|(_, label)| *label)
}

/// The same as a lead.
pub(crate) fn lead(fields: &[Field], row: &Row) -> Lead {
    let mut lead = Lead::new();
    for (field, &number) in fields.iter().zip(&row.0).filter(|(_, number)| **number != MISSING) {
        let name = field.name.clone();
        match field.kind {
            Label(labels) | Text(labels) => lead.set(name, labels[place(number)]),
            Int(_) => lead.set(name, i64::from(number)),
            Amount(_) => lead.set(name, Decimal::new(number.into(), 2)),
            Flag => lead.set(name, number == 1),
            Set(labels) => lead.set(name, members(labels, number).collect::<Vec<_>>()),
        }
    }
    lead
}

impl Record for Row {
    fn fields() -> &'static [RecordField] {
        static FIELDS: [RecordField; NAMED.len()] = {
            let mut fields = [RecordField::new("", FieldKind::Value); NAMED.len()];
            let mut at = 0;
            while at < NAMED.len() {
                let kind = match NAMED[at].1 {
                    Label(_) | Text(_) => FieldKind::Text,
                    Int(_) => FieldKind::Int,
                    Amount(_) => FieldKind::Decimal,
                    Flag => FieldKind::Bool,
                    Set(_) => FieldKind::Texts,
                };
                fields[at] = RecordField::new(NAMED[at].0, kind);
                at += 1;
            }
            fields
        };
        &FIELDS
    }

    fn value(&self, field: usize) -> FieldValue<'_> {
        /// The texts of every set, since a host would have them in its records.
        static SETS: LazyLock<Vec<Vec<Vec<String>>>> = LazyLock::new(|| {
            let sets = NAMED.iter().map(|(_, kind, _)| match kind {
                Set(labels) => (0..256).map(|bits| members(labels, bits).map(str::to_owned).collect()).collect(),
                _ => Vec::new(),
            });
            sets.collect()
        });
        let number = self.0[field];
        if number == MISSING {
            return FieldValue::Missing;
        }
        match NAMED[field].1 {
            Label(labels) | Text(labels) => FieldValue::Text(labels[place(number)]),
            Int(_) => FieldValue::Int(number.into()),
            Amount(_) => FieldValue::Scaled(number.into(), 2),
            Flag => FieldValue::Bool(number == 1),
            Set(_) => FieldValue::Strings(&SETS[field][place(number)]),
        }
    }
}

/// One test of a rule, of the field with a number.
struct Test {
    field: usize,
    ask: Ask,
}

enum Ask {
    /// One of these labels, as bits.
    Among(i32),
    /// From the first, and below the second.
    Within(Option<i32>, Option<i32>),
    Is(bool),
    /// One of these members at least, as bits.
    Any(i32),
}

/// The parts of a rule, each of one test or of two of which one is enough.
pub(crate) struct Rule(Vec<Vec<Test>>);

impl Rule {
    /// Whether the rule matches a row: what the library is compared with.
    pub(crate) fn matches(&self, row: &Row) -> bool {
        self.0.iter().all(|part| part.iter().any(|test| test.matches(row)))
    }
}

impl Test {
    fn matches(&self, row: &Row) -> bool {
        let number = row.0[self.field];
        let holds = match self.ask {
            Ask::Among(labels) => labels >> number.max(0) & 1 == 1,
            Ask::Within(low, high) => low.is_none_or(|low| number >= low) && high.is_none_or(|high| number < high),
            Ask::Is(wanted) => (number == 1) == wanted,
            Ask::Any(members) => number & members != 0,
        };
        number != MISSING && holds
    }

    fn written(&self, fields: &[Field]) -> String {
        let Field { name, kind, .. } = &fields[self.field];
        let shown = |number: i32| match kind {
            Amount(_) => Decimal::new(number.into(), 2).normalize().to_string(),
            _ => number.to_string(),
        };
        let labels = |bits: i32| match kind {
            Label(labels) | Set(labels) => members(labels, bits).map(|label| format!("\"{label}\"")).collect(),
            _ => Vec::new(),
        };
        match self.ask {
            Ask::Among(bits) => format!("{name} in {{ {} }}", labels(bits).join(", ")),
            Ask::Any(bits) => format!("{name} contains any {{ {} }}", labels(bits).join(", ")),
            Ask::Is(wanted) => format!("{name} == {wanted}"),
            Ask::Within(Some(low), Some(high)) => format!("{name} in [{}..{})", shown(low), shown(high)),
            Ask::Within(Some(low), None) => format!("{name} >= {}", shown(low)),
            Ask::Within(None, Some(high)) => format!("{name} < {}", shown(high)),
            Ask::Within(None, None) => format!("{name} is present"),
        }
    }
}

/// Rows by which the share of a rule is measured.
const SAMPLE: usize = 1_024;

/// So many rules of 3 to 5 parts, a part in six an `or` of two tests, each test on a field of its own. Each rule matches
/// 0.1 to 5 % of a sample of rows. Texts are not asked for.
pub(crate) fn rules(fields: &[Field], count: usize) -> Vec<Rule> {
    let sample = rows(fields, SAMPLE);
    let mut random = Random(u64::try_from(count).unwrap_or(0) ^ 0x5EED);
    let mut rules = Vec::with_capacity(count);
    while rules.len() < count {
        let rule = draw(fields, &sample, &mut random);
        let matches = sample.iter().filter(|row| rule.matches(row)).count();
        if (1..=SAMPLE / 20).contains(&matches) {
            rules.push(rule);
        }
    }
    rules
}

fn draw(fields: &[Field], sample: &[Row], random: &mut Random) -> Rule {
    let mut free: Vec<usize> = (0..fields.len()).filter(|field| !matches!(fields[*field].kind, Text(_))).collect();
    let mut test = |random: &mut Random| {
        let field = free.swap_remove(random.index(free.len()));
        let value = |random: &mut Random| sample[random.index(sample.len())].0[field];
        let ask = match fields[field].kind {
            Flag => Ask::Is(random.index(2) == 0),
            Set(labels) => Ask::Any(1 << random.index(labels.len()) | 1 << random.index(labels.len())),
            Label(labels) | Text(labels) => {
                // a label that occurs, and some of the others
                let own = 1 << value(random).max(0);
                let others = (0..random.index(labels.len() / 3 + 1)).map(|_| 1 << random.index(labels.len()));
                Ask::Among(others.fold(own, |bits, other| bits | other))
            }
            Int(_) | Amount(_) => {
                let (a, b) = (rounded(value(random)), rounded(value(random)));
                match random.index(3) {
                    0 => Ask::Within(Some(a.min(b).max(1)), None),
                    1 => Ask::Within(None, Some(a.max(b).max(1))),
                    _ if a == b => Ask::Within(Some(a), None),
                    _ => Ask::Within(Some(a.min(b)), Some(a.max(b))),
                }
            }
        };
        Test { field, ask }
    };
    // with few fields no alternatives, so that each part has a field of its own
    let (parts, either) = if fields.len() < 10 { (3, false) } else { (3 + random.index(3), true) };
    let part = |_| {
        let tests = if either && random.index(6) == 0 { 2 } else { 1 };
        (0..tests).map(|_| test(random)).collect()
    };
    Rule((0..parts).map(part).collect())
}

/// Down to two digits, as people write numbers.
fn rounded(value: i32) -> i32 {
    let value = value.max(0);
    let mut unit = 1;
    while value / unit >= 100 {
        unit *= 10;
    }
    value / unit * unit
}

/// The rules as a file: the tag of rule 7 is `t7`.
pub(crate) fn source(fields: &[Field], rules: &[Rule]) -> String {
    let mut text = declare(fields) + "tags found {\n";
    for (number, rule) in rules.iter().enumerate() {
        let parts = rule.0.iter().map(|part| match &part[..] {
            [test] => test.written(fields),
            tests => {
                format!("({})", tests.iter().map(|test| test.written(fields)).collect::<Vec<_>>().join(" or "))
            }
        });
        let _written = writeln!(text, "  {} => \"t{number}\",", parts.collect::<Vec<_>>().join(" and "));
    }
    text.push_str("}\n");
    text
}
