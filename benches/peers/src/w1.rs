//! W1 by hand, and as a tree for the engines that are fed from one. `w1.gradus` says the same.

use crate::model::{self, Test};
use crate::record::{AMOUNTS, BOOLS, INTS, LABELS, MEMBERS, Record, SETS, TEXTS, VALUES};
use std::sync::LazyLock;

/// What W1 finds of a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub class: &'static str,
    /// In hundredths of a point: the weights are whole per cents, the points whole numbers.
    pub score: i64,
    pub grade: &'static str,
    pub tags: Vec<&'static str>,
}

/// The rule file.
pub fn source() -> String {
    format!("ruleset \"peers W1\" version \"1\"\n{}{}", model::fields(), include_str!("w1.gradus"))
}

/// A grade by the score in hundredths.
pub fn grade(score: i64) -> &'static str {
    match score {
        7_500.. => "A",
        6_000.. => "B",
        4_500.. => "C",
        3_000.. => "D",
        _ => "E",
    }
}

/// The same by hand: what a team without a rule engine would write.
pub fn by_hand(lead: &Record) -> Outcome {
    let score = score(lead);
    Outcome { class: class(lead), score, grade: grade(score), tags: tags(lead) }
}

fn class(lead: &Record) -> &'static str {
    if lead.stage == "won" && lead.deal_size >= 500_000_00 {
        "key account"
    } else if lead.stage == "won" {
        "customer"
    } else if lead.relationship == "partner" || lead.source == "partner" {
        "partner"
    } else if lead.employees >= 1000
        && matches!(lead.industry.as_str(), "manufacturing" | "automotive" | "energy" | "chemicals")
    {
        "target enterprise"
    } else if lead.employees >= 1000 || lead.annual_revenue >= 5_000_000_00 {
        "enterprise"
    } else if (100..1000).contains(&lead.employees) && lead.budget.is_some() {
        "growing"
    } else {
        "ordinary"
    }
}

fn score(lead: &Record) -> i64 {
    let industry = match lead.industry.as_str() {
        "manufacturing" | "automotive" => 100,
        "energy" | "chemicals" | "food" => 80,
        "logistics" | "retail" | "construction" => 60,
        "software" | "media" => 20,
        _ => 40,
    };
    let province = match lead.province.as_str() {
        "广东" | "江苏" | "浙江" | "上海" => 100,
        "北京" | "山东" | "福建" => 75,
        "四川" | "湖北" | "湖南" | "安徽" => 50,
        _ => 20,
    };
    let source = match lead.source.as_str() {
        "referral" | "partner" => 100,
        "trade fair" | "webinar" => 70,
        "website" | "phone" => 50,
        _ => 10,
    };
    let stage = match lead.stage.as_str() {
        "won" => 100,
        "negotiation" => 90,
        "quoted" => 70,
        "demo" => 50,
        _ => 10,
    };
    let title = match lead.title.as_deref() {
        Some("ceo" | "cto" | "cfo") => 100,
        Some("head of it" | "head of purchasing" | "plant manager") => 80,
        Some("project manager" | "engineer") => 40,
        None => 5,
        Some(_) => 20,
    };
    let employees = match lead.employees {
        1000.. => 100,
        300.. => 80,
        100.. => 60,
        20.. => 30,
        _ => 10,
    };
    let visits = match lead.visits {
        50.. => 100,
        10.. => 60,
        3.. => 30,
        _ => 0,
    };
    let revenue = match lead.annual_revenue {
        10_000_000_00.. => 100,
        2_500_000_00.. => 70,
        500_000_00.. => 40,
        _ => 10,
    };
    let budget = match lead.budget {
        Some(1_000_000_00..) => 100,
        Some(199_999_99..) => 75,
        Some(49_999_99..) => 45,
        Some(_) => 15,
        None => 0,
    };
    let deal = match lead.deal_size {
        750_000_00.. => 100,
        120_000_00.. => 65,
        25_000_50.. => 35,
        _ => 5,
    };
    let has = |wanted: &[&str]| lead.products.iter().any(|it| wanted.contains(&it.as_str()));
    let products = if has(&["erp", "mes"]) {
        100
    } else if has(&["crm", "wms", "plm"]) {
        60
    } else if has(&["bi", "scm"]) {
        30
    } else {
        0
    };
    let need = if lead.contacted && (lead.need.contains("定制") || lead.need.contains("私有化")) {
        100
    } else if lead.need.contains("集成") {
        70
    } else if lead.interests.iter().any(|it| matches!(it.as_str(), "integration" | "automation" | "on premises")) {
        40
    } else if lead.contacted {
        10
    } else {
        0
    };
    14 * industry
        + 6 * province
        + 8 * source
        + 10 * stage
        + 8 * title
        + 12 * employees
        + 6 * visits
        + 10 * revenue
        + 10 * budget
        + 8 * deal
        + 4 * products
        + 4 * need
}

fn tags(lead: &Record) -> Vec<&'static str> {
    let product = |wanted: &str| lead.products.iter().any(|it| it == wanted);
    let interest = |wanted: &str| lead.interests.iter().any(|it| it == wanted);
    let stage = lead.stage.as_str();
    let mut tags = Vec::with_capacity(8);
    let mut give = |given: bool, tag: &'static str| {
        if given {
            tags.push(tag);
        }
    };
    give(lead.deal_size >= 500_000_00 && lead.contacted, "large deal");
    give(lead.deal_size >= 500_000_00 && !lead.contacted && stage == "new", "untouched large deal");
    give(lead.employees >= 200 && matches!(lead.province.as_str(), "广东" | "广西" | "海南" | "福建"), "south");
    give(
        lead.employees >= 200
            && matches!(lead.province.as_str(), "上海" | "江苏" | "浙江")
            && lead.industry == "manufacturing",
        "delta factory",
    );
    give(
        lead.visits >= 5 && matches!(lead.city.as_str(), "hanghai" | "hangzhou" | "beijing" | "nanjing" | "shangcheng"),
        "home city",
    );
    give(lead.age_days >= 180 && matches!(stage, "quoted" | "negotiation"), "stuck");
    give(
        lead.age_days < 30 && stage == "new" && matches!(lead.source.as_str(), "website" | "search ad"),
        "fresh web lead",
    );
    give(product("erp") && interest("integration"), "erp integration");
    give(lead.newsletter && lead.seats >= 200 && product("crm"), "crm rollout");
    give(
        matches!(lead.industry.as_str(), "manufacturing" | "automotive")
            && lead.products.iter().any(|it| matches!(it.as_str(), "mes" | "wms" | "plm")),
        "smart factory",
    );
    give(
        lead.seats < 50
            && lead.budget.is_none()
            && lead.interests.iter().any(|it| matches!(it.as_str(), "cloud" | "mobile")),
        "starter",
    );
    give(lead.contacted && lead.annual_revenue >= 2_000_000_00 && interest("on premises"), "on premises");
    give(
        lead.budget.is_some_and(|it| it >= 100_000_00) && matches!(lead.title.as_deref(), Some("ceo" | "cto" | "cfo")),
        "decision maker",
    );
    give(lead.title.is_none() && lead.calls >= 3, "no contact known");
    give(
        lead.budget.is_none() && lead.deal_size >= 250_000_00 && matches!(stage, "quoted" | "negotiation"),
        "budget unknown",
    );
    let mid = 50_000_00..500_000_00;
    give(
        lead.contacted && mid.contains(&lead.deal_size) && lead.budget.is_some_and(|it| mid.contains(&it)),
        "mid market",
    );
    give(lead.calls >= 10 && lead.visits >= 10 && lead.relationship == "known", "warm");
    give(lead.visits < 2 && lead.calls < 2 && lead.age_days >= 365 && lead.relationship == "cold", "dormant");
    give(stage == "negotiation" && matches!(lead.owner.as_str(), "chen" | "li"), "senior deal");
    give(lead.registered_capital >= 250_000_00 && (lead.tender || lead.need.contains("招标")), "tender");
    give(matches!(stage, "demo" | "quoted") && lead.need.contains("紧急"), "urgent");
    give(lead.employees >= 500 && lead.budget.is_some() && (product("erp") || lead.need.contains("sap")), "sap shop");
    give(
        lead.registered_capital >= 5_000_000_00 && lead.annual_revenue >= 10_000_000_00 && lead.employees >= 300,
        "group",
    );
    give(lead.newsletter && !lead.contacted && lead.visits >= 20, "reader");
    give(
        (100..2000).contains(&lead.seats)
            && lead.interests.iter().any(|it| matches!(it.as_str(), "security" | "compliance"))
            && lead.company.contains("集团"),
        "security",
    );
    tags
}

/// First that holds, or else the last; for a classification and for the points of an indicator.
pub struct Ladder<C, T> {
    pub rungs: Vec<(C, T)>,
    pub otherwise: T,
}

/// The file as conditions of some kind: trees, or what an engine makes of them.
pub struct Model<C = Test> {
    pub class: Ladder<C, &'static str>,
    /// Weights in per cent.
    pub indicators: Vec<(i64, Ladder<C, i64>)>,
    pub tags: Vec<(C, &'static str)>,
}

impl<C, T: Copy> Ladder<C, T> {
    fn map<D>(&self, to: &mut impl FnMut(&C) -> D) -> Ladder<D, T> {
        Ladder { rungs: self.rungs.iter().map(|(test, value)| (to(test), *value)).collect(), otherwise: self.otherwise }
    }

    fn climb(&self, holds: &mut impl FnMut(&C) -> bool) -> T {
        self.rungs.iter().find(|(test, _)| holds(test)).map_or(self.otherwise, |(_, value)| *value)
    }
}

impl<C> Model<C> {
    /// In the order of [`map`](Self::map).
    pub fn conditions(&self) -> Vec<&C> {
        let ladders = self.indicators.iter().flat_map(|(_, ladder)| ladder.rungs.iter().map(|(test, _)| test));
        let tags = self.tags.iter().map(|(test, _)| test);
        self.class.rungs.iter().map(|(test, _)| test).chain(ladders).chain(tags).collect()
    }

    /// Every condition compiled.
    pub fn map<D>(&self, mut to: impl FnMut(&C) -> D) -> Model<D> {
        Model {
            class: self.class.map(&mut to),
            indicators: self.indicators.iter().map(|(weight, ladder)| (*weight, ladder.map(&mut to))).collect(),
            tags: self.tags.iter().map(|(test, tag)| (to(test), *tag)).collect(),
        }
    }

    /// For engines that only know conditions: the host climbs the ladders and adds up, and asks for no more than it
    /// needs.
    pub fn evaluate(&self, mut holds: impl FnMut(&C) -> bool) -> Outcome {
        let class = self.class.climb(&mut holds);
        let score = self.indicators.iter().map(|(weight, ladder)| weight * ladder.climb(&mut holds)).sum();
        let tags = self.tags.iter().filter(|(test, _)| holds(test)).map(|(_, tag)| *tag).collect();
        Outcome { class, score, grade: grade(score), tags }
    }
}

fn place(names: &[&str], name: &str) -> usize {
    names.iter().position(|it| *it == name).unwrap_or_else(|| panic!("no field {name}"))
}

fn among(values: &[String], labels: &[&str]) -> Vec<usize> {
    let find = |label: &&str| values.iter().position(|it| it == label).unwrap_or_else(|| panic!("no label {label}"));
    labels.iter().map(find).collect()
}

fn is(name: &str, labels: &[&str]) -> Test {
    let field = place(&LABELS, name);
    Test::Label(field, among(&VALUES[field], labels))
}

fn has(name: &str, labels: &[&str]) -> Test {
    let field = place(&SETS, name);
    Test::Any(field, among(&MEMBERS[field], labels))
}

fn int(name: &str, low: i64, high: impl Into<Option<i64>>) -> Test {
    Test::Int(place(&INTS, name), (low > i64::MIN).then_some(low), high.into())
}

fn amount(name: &str, low: i64, high: impl Into<Option<i64>>) -> Test {
    Test::Amount(place(&AMOUNTS, name), (low > i64::MIN).then_some(low), high.into())
}

fn flag(name: &str, wanted: bool) -> Test {
    Test::Bool(place(&BOOLS, name), wanted)
}

fn text(name: &str, needles: &[&'static str]) -> Test {
    Test::Text(place(&TEXTS, name), needles.to_vec())
}

fn all<const N: usize>(list: [Test; N]) -> Test {
    Test::All(list.into())
}

fn or<const N: usize>(list: [Test; N]) -> Test {
    Test::Or(list.into())
}

fn ladder<T, const N: usize>(rungs: [(Test, T); N], otherwise: T) -> Ladder<Test, T> {
    Ladder { rungs: rungs.into(), otherwise }
}

const LEAST: i64 = i64::MIN;

pub fn model() -> Model {
    Model { class: classes(), indicators: indicators(), tags: tag_rules() }
}

fn classes() -> Ladder<Test, &'static str> {
    ladder(
        [
            (all([is("stage", &["won"]), amount("deal_size", 500_000_00, None)]), "key account"),
            (is("stage", &["won"]), "customer"),
            (or([is("relationship", &["partner"]), is("source", &["partner"])]), "partner"),
            (
                all([
                    int("employees", 1000, None),
                    is("industry", &["manufacturing", "automotive", "energy", "chemicals"]),
                ]),
                "target enterprise",
            ),
            (or([int("employees", 1000, None), amount("annual_revenue", 5_000_000_00, None)]), "enterprise"),
            (all([int("employees", 100, 1000), Test::Budget(true)]), "growing"),
        ],
        "ordinary",
    )
}

fn indicators() -> Vec<(i64, Ladder<Test, i64>)> {
    vec![
        (
            14,
            ladder(
                [
                    (is("industry", &["manufacturing", "automotive"]), 100),
                    (is("industry", &["energy", "chemicals", "food"]), 80),
                    (is("industry", &["logistics", "retail", "construction"]), 60),
                    (is("industry", &["software", "media"]), 20),
                ],
                40,
            ),
        ),
        (
            6,
            ladder(
                [
                    (is("province", &["广东", "江苏", "浙江", "上海"]), 100),
                    (is("province", &["北京", "山东", "福建"]), 75),
                    (is("province", &["四川", "湖北", "湖南", "安徽"]), 50),
                ],
                20,
            ),
        ),
        (
            8,
            ladder(
                [
                    (is("source", &["referral", "partner"]), 100),
                    (is("source", &["trade fair", "webinar"]), 70),
                    (is("source", &["website", "phone"]), 50),
                ],
                10,
            ),
        ),
        (
            10,
            ladder(
                [
                    (is("stage", &["won"]), 100),
                    (is("stage", &["negotiation"]), 90),
                    (is("stage", &["quoted"]), 70),
                    (is("stage", &["demo"]), 50),
                ],
                10,
            ),
        ),
        (
            8,
            ladder(
                [
                    (is("title", &["ceo", "cto", "cfo"]), 100),
                    (is("title", &["head of it", "head of purchasing", "plant manager"]), 80),
                    (is("title", &["project manager", "engineer"]), 40),
                    (Test::Title(false), 5),
                ],
                20,
            ),
        ),
        (
            12,
            ladder(
                [
                    (int("employees", 1000, None), 100),
                    (int("employees", 300, 1000), 80),
                    (int("employees", 100, 300), 60),
                    (int("employees", 20, 100), 30),
                ],
                10,
            ),
        ),
        (6, ladder([(int("visits", 50, None), 100), (int("visits", 10, 50), 60), (int("visits", 3, 10), 30)], 0)),
        (
            10,
            ladder(
                [
                    (amount("annual_revenue", 10_000_000_00, None), 100),
                    (amount("annual_revenue", 2_500_000_00, 10_000_000_00), 70),
                    (amount("annual_revenue", 500_000_00, 2_500_000_00), 40),
                ],
                10,
            ),
        ),
        (
            10,
            ladder(
                [
                    (amount("budget", 1_000_000_00, None), 100),
                    (amount("budget", 199_999_99, 1_000_000_00), 75),
                    (amount("budget", 49_999_99, 199_999_99), 45),
                    (amount("budget", LEAST, 49_999_99), 15),
                ],
                0,
            ),
        ),
        (
            8,
            ladder(
                [
                    (amount("deal_size", 750_000_00, None), 100),
                    (amount("deal_size", 120_000_00, 750_000_00), 65),
                    (amount("deal_size", 25_000_50, 120_000_00), 35),
                ],
                5,
            ),
        ),
        (
            4,
            ladder(
                [
                    (has("products", &["erp", "mes"]), 100),
                    (has("products", &["crm", "wms", "plm"]), 60),
                    (has("products", &["bi", "scm"]), 30),
                ],
                0,
            ),
        ),
        (
            4,
            ladder(
                [
                    (all([flag("contacted", true), text("need", &["定制", "私有化"])]), 100),
                    (text("need", &["集成"]), 70),
                    (has("interests", &["integration", "automation", "on premises"]), 40),
                    (flag("contacted", true), 10),
                ],
                0,
            ),
        ),
    ]
}

fn tag_rules() -> Vec<(Test, &'static str)> {
    let contacted = || flag("contacted", true);
    let open = || is("stage", &["quoted", "negotiation"]);
    vec![
        (all([amount("deal_size", 500_000_00, None), contacted()]), "large deal"),
        (
            all([amount("deal_size", 500_000_00, None), flag("contacted", false), is("stage", &["new"])]),
            "untouched large deal",
        ),
        (all([int("employees", 200, None), is("province", &["广东", "广西", "海南", "福建"])]), "south"),
        (
            all([
                int("employees", 200, None),
                is("province", &["上海", "江苏", "浙江"]),
                is("industry", &["manufacturing"]),
            ]),
            "delta factory",
        ),
        (
            all([int("visits", 5, None), is("city", &["hanghai", "hangzhou", "beijing", "nanjing", "shangcheng"])]),
            "home city",
        ),
        (all([int("age_days", 180, None), open()]), "stuck"),
        (
            all([int("age_days", LEAST, 30), is("stage", &["new"]), is("source", &["website", "search ad"])]),
            "fresh web lead",
        ),
        (all([has("products", &["erp"]), has("interests", &["integration"])]), "erp integration"),
        (all([flag("newsletter", true), int("seats", 200, None), has("products", &["crm"])]), "crm rollout"),
        (
            all([is("industry", &["manufacturing", "automotive"]), has("products", &["mes", "wms", "plm"])]),
            "smart factory",
        ),
        (all([int("seats", LEAST, 50), Test::Budget(false), has("interests", &["cloud", "mobile"])]), "starter"),
        (
            all([contacted(), amount("annual_revenue", 2_000_000_00, None), has("interests", &["on premises"])]),
            "on premises",
        ),
        (all([amount("budget", 100_000_00, None), is("title", &["ceo", "cto", "cfo"])]), "decision maker"),
        (all([Test::Title(false), int("calls", 3, None)]), "no contact known"),
        (all([Test::Budget(false), amount("deal_size", 250_000_00, None), open()]), "budget unknown"),
        (
            all([contacted(), amount("deal_size", 50_000_00, 500_000_00), amount("budget", 50_000_00, 500_000_00)]),
            "mid market",
        ),
        (all([int("calls", 10, None), int("visits", 10, None), is("relationship", &["known"])]), "warm"),
        (
            all([
                int("visits", LEAST, 2),
                int("calls", LEAST, 2),
                int("age_days", 365, None),
                is("relationship", &["cold"]),
            ]),
            "dormant",
        ),
        (all([is("stage", &["negotiation"]), is("owner", &["chen", "li"])]), "senior deal"),
        (
            all([amount("registered_capital", 250_000_00, None), or([flag("tender", true), text("need", &["招标"])])]),
            "tender",
        ),
        (all([is("stage", &["demo", "quoted"]), text("need", &["紧急"])]), "urgent"),
        (
            all([
                int("employees", 500, None),
                Test::Budget(true),
                or([has("products", &["erp"]), text("need", &["sap"])]),
            ]),
            "sap shop",
        ),
        (
            all([
                amount("registered_capital", 5_000_000_00, None),
                amount("annual_revenue", 10_000_000_00, None),
                int("employees", 300, None),
            ]),
            "group",
        ),
        (all([flag("newsletter", true), flag("contacted", false), int("visits", 20, None)]), "reader"),
        (
            all([int("seats", 100, 2000), has("interests", &["security", "compliance"]), text("company", &["集团"])]),
            "security",
        ),
    ]
}

/// Every class, grade and tag.
pub fn names() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let Model { class, tags, .. } = model();
        let classes = class.rungs.iter().map(|(_, name)| *name).chain([class.otherwise]);
        classes.chain(["A", "B", "C", "D", "E"]).chain(tags.iter().map(|(_, tag)| *tag)).collect()
    });
    &NAMES
}
