//! Rule files of three sizes, and leads that meet them: all that the benches measure, the same on every machine.

pub(crate) mod wide;

use gradus::{Activity, At, Lead, Purchase, RuleSet};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write as _;

/// A rule file by name.
pub(crate) struct Input {
    /// What the bench calls it.
    pub(crate) name: &'static str,
    /// The rule file.
    pub(crate) text: String,
}

/// A page, a realistic file, and 2,000 tag rules.
pub(crate) fn inputs() -> [Input; 3] {
    [
        Input { name: "small", text: include_str!("small.gradus").to_owned() },
        Input { name: "medium", text: include_str!("medium.gradus").to_owned() },
        Input { name: "large", text: tag_rules(2_000) },
    ]
}

/// So many tag rules, every one with a label of its own, in the five shapes that such rules mostly have.
pub(crate) fn tag_rules(count: usize) -> String {
    let mut text = String::from("zone \"Asia/Shanghai\"\nfield source_code : code\ntags all {\n");
    for number in 0..count {
        let test = match number % 5 {
            0 => format!("employees >= {}", number * 3),
            1 => format!("deal_size in [{}..{})", number * 100, number * 100 + 50_000),
            2 => format!(
                "province == \"{}\" and industry == \"{}\"",
                pick(PROVINCES, number),
                pick(INDUSTRIES, number / 7)
            ),
            3 => format!("source_code == \"S{}\" or products contains \"P{}\"", number, number % 50),
            _ => format!("days_since(last_contact) > {} and budget is present", number % 400),
        };
        let _written = writeln!(text, "  {test} => \"标签{number}\",");
    }
    text.push_str("}\n");
    text
}

/// So many tag rules as a broad catalogue has them, the shape of W2 of `benches/peers`: 3 to 5 parts joined by `and`, a part in
/// six an `or` of two tests, over 22 declared fields; the tests are drawn from a fixed seed. What they would match does not
/// matter here.
pub(crate) fn broad_rules(count: usize) -> String {
    let cities: Vec<String> = (0..200).map(|city| format!("city {city:03}")).collect();
    let cities: Vec<&str> = cities.iter().map(String::as_str).collect();
    let labels: [&[&str]; 5] = [INDUSTRIES, PROVINCES, &cities, STAGES, OWNERS];
    let mut text = String::new();
    for (number, labels) in labels.iter().enumerate() {
        let _written = writeln!(text, "field label_{number} : choice {}", set(labels));
    }
    for number in 0..2 {
        let _written = writeln!(text, "field set_{number} : set {}", set(PRODUCTS));
    }
    for (kind, fields) in [("int", 6), ("decimal", 5), ("bool", 3)] {
        for number in 0..fields {
            let _written = writeln!(text, "field {kind}_{number} : {kind}");
        }
    }
    let random = &mut Random(20_261_121);
    let leaf = |random: &mut Random| match random.below(21) {
        field @ 0..8 => {
            let field = usize::try_from(field % 5).expect("below 5");
            let mut wanted: Vec<&str> = (0..random.below(8)).map(|_| random.of(labels[field])).collect();
            wanted.sort_unstable();
            wanted.dedup();
            match wanted.as_slice() {
                [] => format!("label_{field} is present"),
                [only] => format!("label_{field} == \"{only}\""),
                several => format!("label_{field} in {}", set(several)),
            }
        }
        field @ 8..17 => {
            let name = if field < 13 { format!("int_{}", field - 8) } else { format!("decimal_{}", field - 13) };
            let (low, size) = (random.below(100) * 50, random.below(100) * 50);
            match random.below(3) {
                0 => format!("{name} >= {low}"),
                1 => format!("{name} < {size}"),
                _ => format!("{name} in [{low}..{})", low + size + 1),
            }
        }
        field @ 17..19 => {
            let first = random.of(PRODUCTS);
            let second = random.of(PRODUCTS);
            if first == second {
                format!("set_{} contains \"{first}\"", field - 17)
            } else {
                format!("set_{} contains any {}", field - 17, set(&[first, second]))
            }
        }
        field => format!("bool_{} == {}", field - 19, random.known()),
    };
    text.push_str("tags all {\n");
    for number in 0..count {
        let parts = (0..random.below(3) + 3).map(|_| {
            if random.below(6) == 0 { format!("({} or {})", leaf(random), leaf(random)) } else { leaf(random) }
        });
        let parts: Vec<String> = parts.collect();
        let _written = writeln!(text, "  {} => \"t{number}\",", parts.join(" and "));
    }
    text.push_str("}\n");
    text
}

/// `{ "a", "b" }`
fn set(labels: &[&str]) -> String {
    format!("{{ \"{}\" }}", labels.join("\", \""))
}

/// Loads a rule file.
pub(crate) fn load(text: &str) -> RuleSet {
    RuleSet::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

/// When the benches take place.
pub(crate) fn at(rules: &RuleSet) -> At {
    rules.at(now())
}

fn now() -> Timestamp {
    Timestamp::from_second(1_795_222_800).expect("2026-11-21T01:00:00Z is an instant")
}

const INDUSTRIES: &[&str] = &["制造业", "汽车", "金融业", "互联网", "教育", "医疗", "零售"];
const PROVINCES: &[&str] = &["广东", "广西", "海南", "福建", "浙江", "江苏", "上海", "北京"];

const STAGES: &[&str] = &["线索", "已联系", "已演示", "已报价", "谈判", "成交"];
const OWNERS: &[&str] = &["chen", "li", "wang", "zhang", "liu", "zhao", "huang", "zhou"];
const PRODUCTS: &[&str] =
    &["erp", "crm", "mes", "wms", "plm", "bi", "hr", "oa", "scm", "pos", "e-commerce", "helpdesk"];

fn pick<'t>(list: &[&'t str], number: usize) -> &'t str {
    list[number % list.len()]
}

/// Numbers that look random, from a seed: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A position in a list that is so long.
    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(length.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// From 0 to below `end`.
    fn below(&mut self, end: u64) -> i64 {
        i64::try_from(self.next() % end).expect("the ends are small")
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        let number = usize::try_from(self.next() % 1_000_000).expect("a million fits");
        pick(list, number)
    }

    /// Three of four values are known.
    fn known(&mut self) -> bool {
        !self.next().is_multiple_of(4)
    }

    fn ago(&mut self, days: u64) -> Timestamp {
        now() - SignedDuration::from_hours(self.below(days * 24))
    }
}

/// So many leads: three of four fields are known, zero to seven activities, zero to three purchases. Lead `n` is the same
/// however many there are.
pub(crate) fn leads(count: u64) -> Vec<Lead> {
    (0..count).map(lead).collect()
}

/// The same leads as JSON text.
pub(crate) fn json_leads(count: u64) -> Vec<String> {
    leads(count).iter().map(|lead| serde_json::to_string(lead).expect("a lead is JSON")).collect()
}

fn lead(number: u64) -> Lead {
    let random = &mut Random(number);
    let mut lead = Lead::new().with_id(format!("L-{number:06}")).with_company(format!("第{number}股份有限公司"));
    for (field, labels) in [
        ("industry", INDUSTRIES),
        ("province", PROVINCES),
        ("stage", STAGES),
        ("source", &["官网", "展会", "转介绍", "广告", "电话"]),
        ("region", &["中国/浙江/杭州", "中国/江苏/苏州", "中国/广东/深圳", "中国/上海"]),
        ("authority", &["决策者", "影响者", "使用者", "未知"]),
        ("timeline", &["1个月内", "3个月内", "半年内", "不确定"]),
        ("need", &["需要定制 ERP 与集成", "尽快上线 CRM", "了解一下", "免费试用"]),
        ("email", &["Zhang.San@Example.com", "12345@qq.com"]),
        ("phone", &["400-800-1234", "13800000000"]),
        ("decision_maker", &["王总", "无"]),
        ("country", &["中国", "新加坡"]),
        ("source_code", &["S3", "S48", "S1003"]),
    ] {
        if random.known() {
            lead.set(field, random.of(labels));
        }
    }
    for (field, end) in [
        ("employees", 6_000),
        ("annual_revenue", 2_000_000_000),
        ("registered_capital", 80_000_000),
        ("budget", 1_000_000),
        ("deal_size", 900_000),
        ("satisfaction", 11),
    ] {
        if random.known() {
            lead.set(field, random.below(end));
        }
    }
    let mut day = |random: &mut Random, field: &'static str, days: u64| {
        if random.known() {
            lead.set(field, random.ago(days).to_zoned(jiff::tz::TimeZone::UTC).date());
        }
    };
    day(random, "founded", 9_000);
    day(random, "last_contact", 300);
    day(random, "expected_close", 60);
    let products = ["ERP", "CRM", "MES", "WMS", "P7", "P33"].into_iter().filter(|_| random.below(3) == 0);
    let products: Vec<&str> = products.collect();
    let activities: Vec<Activity> = (0..random.below(8))
        .map(|_| {
            Activity::new(random.ago(200))
                .with_kind(random.of(&["demo", "call", "visit", "reply"]))
                .with_feedback(random.of(&["主动询价", "索要资料", "拒绝", "无"]))
                .with_points(random.below(20))
        })
        .collect();
    let purchases: Vec<Purchase> = (0..random.below(4))
        .map(|_| Purchase::new(random.ago(500)).with_amount(random.below(400_000)).with_quantity(1 + random.below(9)))
        .collect();
    lead.with_created_at(random.ago(400)).with_products(products).with_activities(activities).with_purchases(purchases)
}
