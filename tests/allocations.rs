//! Evaluating through [`RuleSet::evaluator`] allocates nothing for a lead.
//!
//! A binary of its own: the counting allocator counts for the whole process.

#![expect(clippy::panic, reason = "a test fails loudly")]

use gradus::{
    Activity, Context, FieldKind, FieldValue, Lead, Population, PreparedLead, Previous, Purchase, Record, RecordField,
    RuleSet,
};
use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;

fn load(text: &str) -> RuleSet {
    RuleSet::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn json(text: &str) -> Lead {
    Lead::from_json(text).unwrap_or_else(|error| panic!("{error}"))
}

fn now() -> Timestamp {
    "2026-11-21T01:00:00Z".parse().unwrap_or_else(|error| panic!("{error}"))
}

/// After one round of all leads, an evaluation allocates nothing: not of a lead, and not of one that was prepared.
fn check(rules: &RuleSet, leads: &[Lead], context: Context<'_>) {
    let at = rules.at(now());
    let prepared: Vec<PreparedLead> = leads.iter().map(|lead| rules.prepare(lead.clone(), at.zone())).collect();
    let mut evaluator = rules.evaluator();
    for (lead, prepared) in leads.iter().zip(&prepared) {
        let warm = evaluator.evaluate(lead, &at, context).clone();
        assert!(warm.data_issues().is_empty(), "an issue is a message, and that is allocated: {warm:?}");
        assert_eq!(*evaluator.evaluate_prepared(prepared, &at, context), warm);
    }
    for (lead, prepared) in leads.iter().zip(&prepared) {
        let counted = allocation_counter::measure(|| {
            std::hint::black_box(evaluator.evaluate(lead, &at, context));
        });
        assert_eq!(counted.count_total, 0, "allocations from {lead:?}");
        let counted = allocation_counter::measure(|| {
            std::hint::black_box(evaluator.evaluate_prepared(prepared, &at, context));
        });
        assert_eq!(counted.count_total, 0, "allocations from {lead:?}, prepared");
    }
}

fn leads() -> Vec<Lead> {
    let visit = |days: i64| Activity::new(now().checked_sub((days * 24).hours()).unwrap_or_default()).with_points(10);
    let bought = |amount: i64| Purchase::new(now()).with_amount(amount).with_product("ＥＲＰ");
    vec![
        Lead::new(),
        Lead::new()
            .with_id("L-1")
            .with_company("  ＡＢＣ股份有限公司 ")
            .with_industry("制造业")
            .with_employees(5000)
            .with_deal_size(800_000)
            .with_last_contact(date(2026, 11, 1))
            .with_products(["ERP", "crm", "ＭＥＳ"])
            .with_activities([visit(1).with_kind("DEMO"), visit(40).with_kind("call"), visit(400)])
            .with_purchases([bought(100), bought(250), bought(7)]),
        json(
            r#"{"id": "L-2", "company": "Straße \u0041G", "industry": "金融业", "employees": "5000", "deal_size": 12.50,
                "created_at": "2026-11-01 09:30:00", "last_contact": "2026-10-31", "products": ["Erp", "ERP", "oa"],
                "region": "中国/广东/深圳", "email": "A@Example.com", "probability": 0.75, "stage": "已报价",
                "flags": ["老客户", "大客户"], "activities": [{"kind": "demo", "at": "2026-11-20T08:00:00+08:00"},
                {"kind": "reply", "at": "2026-11-01T08:00:00", "points": 2.5, "feedback": "主动询价"}], "purchases": []}"#,
        ),
    ]
}

/// Headers and fields that the tests share.
const FIELDS: &str = r#"
    zone "Asia/Shanghai"
    missing as { "未知", "N/A" }
    field industry : choice { "制造业", "金融业" }
    field stage : ordered choice { "线索", "已报价", "成交" }
    field flags : set { "老客户", "大客户", "高风险" }
    field probability : float
    field points_before : decimal missing as { -1 }
"#;

#[test]
fn reading_a_lead_allocates_nothing() {
    let fields = "field company : text field products : set of text field region : region
        field activities : list { weight: int } field created_at : datetime field deal_size : decimal";
    check(&load(&format!("{FIELDS} {fields}")), &leads(), Context::default());
}

#[test]
fn conditions_on_texts_sets_and_times() {
    let rules = load(&format!(
        r#"{FIELDS}
        classify size {{ employees >= 1000 or deal_size >= 50万 => "大", employees is present => "小", otherwise => "未知" }}
        classify who on industry, stage {{ "制造业", _ => "P1", "金融业", "已报价" | "成交" => "P2" }}
        tags profile {{
          company contains "abc" or company matches r"(股份|集团)有限公司$" => "公司",
          email ends with "@example.com"                                 => "邮件",
          products contains any {{ "ERP", "MES" }}                         => "产品",
          products within {{ "erp", "oa" }}                                => "只有",
          flags contains all {{ "老客户", "大客户" }}                        => "老大",
          region within {{ "中国/广东", "中国/浙江" }}                       => "华南",
          last_contact within last 30 days                               => "最近",
          months_since(created_at) < 1 and weekday(created_at) < 7       => "新",
          probability > 0.5                                              => "可能",
          profile contains "新" and not (profile contains "公司")         => "新个人",
        }}
        tags guarded when employees is missing {{ company is present => "公司" }}
        tags never {{ company == "没有这个公司" => "x" }}"#
    ));
    check(&rules, &leads(), Context::default());
}

#[test]
fn lists_decay_and_scores() {
    let rules = load(&format!(
        r#"{FIELDS}
        let spent = sum(.amount of purchases where .product == "ERP")
        score fit {{
          indicator industry weight 40% on industry {{ "制造业" => 100, "金融业" => 60, missing => skip }}
          indicator spent weight 60% {{ spent > 0 => min(100, spent / 3), otherwise => 0 }}
          grades {{ [50..] => "A", otherwise => "B" }}
        }}
        score heat clamp [0..100] {{
          indicator decay {{ always => sum(half_life(.points, .at, 30 days) of activities) }}
          indicator steps {{ always => sum(step_decay(.points, .at, 25%, 1 week) of activities where .kind == "demo") }}
          indicator kinds {{ always => count(distinct .kind of activities) }}
          indicator days sum {{
            always                => count(distinct date(.at) of activities),
            activities is present => round(avg(.points of activities)),
          }}
          indicator last {{ last(.feedback of activities by .at) == "主动询价" => 15 }}
          indicator quantifiers {{ any(activities where .kind == "demo") => 1, all(.amount > 0 of purchases) => 2 }}
        }}"#
    ));
    check(&rules, &leads(), Context::default());
}

#[test]
fn the_last_outcome_and_a_population() {
    let labels: Vec<String> = (0..40).map(|number| format!("employees >= {number} => \"标签{number}\"")).collect();
    let rules = load(&format!(
        r#"{FIELDS}
        classify member : ordered choice {{ "普通", "银牌", "Gold" }} {{
          deal_size >= 50万              => "Gold",
          previous.member >= "银牌"      => previous.member,
          otherwise                      => "普通",
        }}
        tags many {{ {} }}
        tags kept {{ previous.many contains all {{ "标签1", "标签39" }} => "多", previous.kept contains "多" => "还是" }}
        score rank {{
          indicator share {{ always => percent_rank(deal_size) * 100 }}
          indicator tile {{ ntile(5, deal_size) == 5 => 10 }}
          indicator top {{ cume_share(deal_size) < 80% => 1 }}
          indicator last {{ previous.rank.grade == "A" => 1 }}
          grades {{ [50..] => "A", otherwise => "b" }}
        }}"#,
        labels.join(", ")
    ));
    let leads = leads();
    let population = Population::measure(&rules, &leads, &rules.at(now()));
    let context = Context::default().with_population(&population);
    check(&rules, &leads, context);
    for lead in &leads {
        let previous = Previous::from(&rules.evaluate_with(lead, &rules.at(now()), context));
        check(&rules, &leads, context.with_previous(&previous));
    }
}

/// A record of a host, as `#[derive(Record)]` would read it.
struct Customer {
    company: String,
    industry: String,
    employees: Option<i64>,
    deal_size: i64,
    flags: Vec<String>,
    seats: Vec<String>,
}

impl Record for Customer {
    fn fields() -> &'static [RecordField] {
        const {
            &[
                RecordField::new("company", FieldKind::Text),
                RecordField::new("industry", FieldKind::Text),
                RecordField::new("employees", FieldKind::Int),
                RecordField::new("deal_size", FieldKind::Decimal),
                RecordField::new("flags", FieldKind::Texts),
                RecordField::new("seats", FieldKind::Texts),
            ]
        }
    }

    fn value(&self, field: usize) -> FieldValue<'_> {
        match field {
            0 => FieldValue::Text(&self.company),
            1 => FieldValue::Text(&self.industry),
            2 => self.employees.map_or(FieldValue::Missing, FieldValue::Int),
            3 => FieldValue::Scaled(self.deal_size, 2),
            4 => FieldValue::Strings(&self.flags),
            _ => FieldValue::Strings(&self.seats),
        }
    }
}

#[test]
fn records_allocate_nothing() {
    let rules = load(
        r#"field industry : choice { "制造业", "金融业" }
        field flags : set { "老客户", "大客户", "高风险" }
        field seats : set { "erp", "crm" }
        classify size { employees >= 1000 or deal_size >= 50万 => "大", otherwise => "小" }
        score fit {
          indicator industry weight 40% on industry { "制造业" => 100, otherwise => 60 }
          indicator flags weight 60% { flags contains any { "老客户", "大客户" } => 80, deal_size > 10.25 => 12.5 }
          grades { [50..] => "A", otherwise => "B" }
        }
        tags profile { company contains "股份" => "公司", company starts with "abc" => "abc", flags contains "高风险" => "险" }"#,
    );
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let records = [
        Customer {
            company: "某某ERP股份有限公司".into(),
            industry: "制造业".into(),
            employees: None,
            deal_size: 123_456,
            flags: texts(&["老客户", "高风险"]),
            seats: texts(&["crm"]),
        },
        Customer {
            company: " ＡＢＣ ".into(),
            industry: "金融业".into(),
            employees: Some(5000),
            deal_size: 99,
            flags: Vec::new(),
            seats: Vec::new(),
        },
    ];
    let at = rules.at(now());
    let binding = rules.bind::<Customer>().unwrap_or_else(|error| panic!("{error}"));
    let mut evaluator = binding.evaluator();
    for record in &records {
        let warm = evaluator.evaluate(record, &at, Context::default()).clone();
        assert_eq!(warm, rules.evaluate(&binding.lead(record), &at));
    }
    for record in &records {
        let counted = allocation_counter::measure(|| {
            std::hint::black_box(evaluator.evaluate(record, &at, Context::default()));
        });
        assert_eq!(counted.count_total, 0, "allocations of {}", record.company);
    }
}

/// However many leads there are, and however far their values lie apart, the memory of a population is bounded.
#[test]
fn an_approximate_population_takes_a_bounded_number_of_bytes() {
    const LEADS: u32 = 300_000;
    let rules = load("tags t { cume_share(budget) < 80% => \"core\" }");
    let at = rules.at(now());
    // over all magnitudes, of both signs: a sequence that repeats after 2^64 steps
    let mut state: u64 = 1;
    let values = std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let magnitude = i128::from(state >> 11) << ((state >> 3) % 40);
        let value = Decimal::from_i128_with_scale(magnitude % 10_i128.pow(28), 12);
        if state >> 63 == 0 { -value } else { value }
    });
    let mut values = values.take(LEADS as usize);
    let mut builder = Population::builder(&rules, &at).exact_up_to(1000);
    let mut lead = Lead::new();
    let counted = allocation_counter::measure(|| {
        for value in values.by_ref() {
            lead.set("budget", value);
            builder.push(&lead);
        }
    });
    let mut population = None;
    let finished = allocation_counter::measure(|| population = Some(builder.finish()));
    let Some(population) = population else { panic!("nothing was measured") };
    let held = population.measures().map(|measure| measure.held()).sum::<usize>();
    assert_eq!(population.leads(), u64::from(LEADS));
    assert!((20_000..200_000).contains(&held), "{held} buckets");
    assert!(counted.bytes_max < 24 << 20, "{} bytes while measuring", counted.bytes_max);
    // 64 bytes for a bucket, with the room that vectors keep
    assert!(finished.bytes_max < 24 << 20, "{} bytes to finish", finished.bytes_max);
}
