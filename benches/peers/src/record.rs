//! The lead as a host has it: a plain struct of 24 fields. And twenty thousand of them, by a seed.

use crate::rng::Rng;
use std::sync::LazyLock;

/// What a host's code would hold after a row was read.
#[derive(Clone, Debug, Default, gradus::Record)]
pub struct Record {
    pub industry: String,
    pub source: String,
    pub province: String,
    pub city: String,
    pub stage: String,
    pub relationship: String,
    pub owner: String,
    /// 40 % missing.
    pub title: Option<String>,
    pub employees: i64,
    pub visits: i64,
    pub calls: i64,
    pub age_days: i64,
    pub seats: i64,
    /// Amounts in cents.
    #[record(places = 2)]
    pub annual_revenue: i64,
    #[record(places = 2)]
    pub registered_capital: i64,
    #[record(places = 2)]
    pub deal_size: i64,
    /// 30 % missing.
    #[record(places = 2)]
    pub budget: Option<i64>,
    pub contacted: bool,
    pub newsletter: bool,
    pub tender: bool,
    pub products: Vec<String>,
    pub interests: Vec<String>,
    pub need: String,
    pub company: String,
}

pub const LABELS: [&str; 8] = ["industry", "source", "province", "city", "stage", "relationship", "owner", "title"];
pub const INTS: [&str; 5] = ["employees", "visits", "calls", "age_days", "seats"];
pub const AMOUNTS: [&str; 4] = ["annual_revenue", "registered_capital", "deal_size", "budget"];
pub const BOOLS: [&str; 3] = ["contacted", "newsletter", "tender"];
pub const SETS: [&str; 2] = ["products", "interests"];
pub const TEXTS: [&str; 2] = ["need", "company"];
/// Positions of the two fields that can be missing.
pub const TITLE: usize = 7;
pub const BUDGET: usize = 3;

impl Record {
    pub fn label(&self, field: usize) -> Option<&str> {
        match field {
            0 => Some(&self.industry),
            1 => Some(&self.source),
            2 => Some(&self.province),
            3 => Some(&self.city),
            4 => Some(&self.stage),
            5 => Some(&self.relationship),
            6 => Some(&self.owner),
            _ => self.title.as_deref(),
        }
    }

    pub fn int(&self, field: usize) -> i64 {
        match field {
            0 => self.employees,
            1 => self.visits,
            2 => self.calls,
            3 => self.age_days,
            _ => self.seats,
        }
    }

    pub fn amount(&self, field: usize) -> Option<i64> {
        match field {
            0 => Some(self.annual_revenue),
            1 => Some(self.registered_capital),
            2 => Some(self.deal_size),
            _ => self.budget,
        }
    }

    pub fn bool(&self, field: usize) -> bool {
        match field {
            0 => self.contacted,
            1 => self.newsletter,
            _ => self.tender,
        }
    }

    pub fn set(&self, field: usize) -> &[String] {
        if field == 0 { &self.products } else { &self.interests }
    }

    pub fn text(&self, field: usize) -> &str {
        if field == 0 { &self.need } else { &self.company }
    }
}

const INDUSTRIES: [&str; 20] = [
    "manufacturing",
    "automotive",
    "software",
    "retail",
    "logistics",
    "finance",
    "education",
    "healthcare",
    "energy",
    "construction",
    "chemicals",
    "textiles",
    "food",
    "tourism",
    "media",
    "telecom",
    "insurance",
    "agriculture",
    "real estate",
    "public sector",
];
const SOURCES: [&str; 10] =
    ["website", "trade fair", "referral", "search ad", "phone", "webinar", "partner", "mailing", "social", "import"];
const PROVINCES: [&str; 34] = [
    "广东",
    "江苏",
    "浙江",
    "上海",
    "北京",
    "山东",
    "四川",
    "湖北",
    "福建",
    "河南",
    "湖南",
    "安徽",
    "河北",
    "陕西",
    "重庆",
    "辽宁",
    "天津",
    "江西",
    "广西",
    "云南",
    "山西",
    "内蒙古",
    "贵州",
    "新疆",
    "黑龙江",
    "吉林",
    "甘肃",
    "海南",
    "宁夏",
    "青海",
    "西藏",
    "香港",
    "澳门",
    "台湾",
];
const STAGES: [&str; 6] = ["new", "contacted", "demo", "quoted", "negotiation", "won"];
const RELATIONSHIPS: [&str; 3] = ["cold", "known", "partner"];
const OWNERS: [&str; 8] = ["chen", "li", "wang", "zhang", "liu", "zhao", "huang", "zhou"];
const TITLES: [&str; 12] = [
    "ceo",
    "cto",
    "cfo",
    "head of it",
    "head of purchasing",
    "head of sales",
    "plant manager",
    "project manager",
    "engineer",
    "buyer",
    "assistant",
    "consultant",
];
const PRODUCTS: [&str; 12] =
    ["erp", "crm", "mes", "wms", "plm", "bi", "hr", "oa", "scm", "pos", "e-commerce", "helpdesk"];
const INTERESTS: [&str; 16] = [
    "cloud",
    "on premises",
    "mobile",
    "integration",
    "analytics",
    "automation",
    "security",
    "compliance",
    "training",
    "migration",
    "outsourcing",
    "ai",
    "iot",
    "api",
    "open source",
    "low code",
];
const WORDS: [&str; 60] = [
    "希望",
    "我们",
    "需要",
    "系统",
    "管理",
    "客户",
    "数据",
    "平台",
    "流程",
    "订单",
    "库存",
    "生产",
    "销售",
    "财务",
    "报表",
    "接口",
    "移动",
    "审批",
    "合同",
    "门店",
    "仓库",
    "采购",
    "供应商",
    "设备",
    "质量",
    "追溯",
    "排产",
    "工单",
    "成本",
    "预算管理",
    "升级",
    "替换",
    "现有",
    "旧系统",
    "部署",
    "实施",
    "培训",
    "支持",
    "多语言",
    "多工厂",
    "集团",
    "分公司",
    "权限",
    "安全",
    "备份",
    "看板",
    "统计",
    "分析",
    "预测",
    "自动化",
    "对接",
    "微信",
    "电商",
    "物流",
    "配送",
    "会员",
    "积分",
    "售后",
    "服务",
    "方案",
];
/// What rules look for in texts: 28 words, each in some 1 to 12 % of the texts.
pub const NEEDLES: [&str; 28] = [
    "定制",
    "集成",
    "免费",
    "尽快",
    "本月",
    "招标",
    "试用",
    "私有化",
    "预算已批",
    "竞品",
    "扩容",
    "续约",
    "投诉",
    "迁移",
    "国产化",
    "验收",
    "二期",
    "紧急",
    "对账",
    "条码",
    "sap",
    "oracle",
    "excel",
    "api",
    "rfid",
    "demo",
    "poc",
    "saas",
];
const COMPANY: [&str; 16] =
    ["华", "兴", "通", "达", "科", "信", "联", "创", "东方", "南方", "天", "海", "宏", "盛", "金", "远"];
const TRADES: [&str; 12] =
    ["机械", "电子", "软件", "贸易", "物流", "食品", "医药", "汽车零部件", "建材", "化工", "传媒", "教育"];
const ENDINGS: [&str; 5] = ["有限公司", "股份有限公司", "集团有限公司", "有限责任公司", "工厂"];

/// The labels of each label field, in the order in which rules number them.
pub static VALUES: LazyLock<[Vec<String>; 8]> = LazyLock::new(|| {
    let owned = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    [
        owned(&INDUSTRIES),
        owned(&SOURCES),
        owned(&PROVINCES),
        cities(),
        owned(&STAGES),
        owned(&RELATIONSHIPS),
        owned(&OWNERS),
        owned(&TITLES),
    ]
});

/// The labels of each set field.
pub static MEMBERS: LazyLock<[Vec<String>; 2]> = LazyLock::new(|| {
    [PRODUCTS.iter().map(|it| (*it).to_owned()).collect(), INTERESTS.iter().map(|it| (*it).to_owned()).collect()]
});

/// Two hundred names of 4 to 10 letters.
fn cities() -> Vec<String> {
    let first = ["bei", "nan", "dong", "xi", "shang", "guang", "hang", "wu", "cheng", "qing"];
    let second = [
        "jing", "hai", "zhou", "du", "an", "ping", "yang", "ning", "tong", "shan", "men", "chang", "cheng", "jiang",
        "lin", "feng", "tai", "xing", "kou", "ye",
    ];
    first.iter().flat_map(|a| second.iter().map(move |b| format!("{a}{b}"))).collect()
}

/// Leads by a seed: common labels more often than rare ones, sizes and amounts evenly over the orders of magnitude.
pub fn records(count: usize, seed: u64) -> Vec<Record> {
    let mut rng = Rng::new(seed);
    (0..count).map(|_| record(&mut rng)).collect()
}

fn record(rng: &mut Rng) -> Record {
    let values = &*VALUES;
    let mut label = |field: usize, skew: f64| rng.pick(&values[field], skew).clone();
    let (industry, source, province, city) = (label(0, 1.3), label(1, 1.2), label(2, 1.5), label(3, 1.4));
    let (stage, relationship, owner, title) = (label(4, 1.2), label(5, 1.6), label(6, 1.0), label(7, 1.1));
    let title = (!rng.chance(0.4)).then_some(title);
    // at most 20 million: wirefilter's whole numbers, which hold the cents, have 32 bits
    let mut cents = |low: f64, high: f64| rng.magnitude(low * 100.0, high * 100.0) as i64;
    let (annual_revenue, registered_capital) = (cents(50_000.0, 20_000_000.0), cents(10_000.0, 10_000_000.0));
    let (deal_size, budget) = (cents(1_000.0, 5_000_000.0), cents(1_000.0, 5_000_000.0));
    Record {
        industry,
        source,
        province,
        city,
        stage,
        relationship,
        owner,
        title,
        employees: rng.magnitude(1.0, 20_000.0) as i64,
        visits: rng.magnitude(1.0, 201.0) as i64 - 1,
        calls: rng.magnitude(1.0, 41.0) as i64 - 1,
        age_days: rng.below(3_650) as i64,
        seats: rng.magnitude(1.0, 5_000.0) as i64,
        annual_revenue,
        registered_capital,
        deal_size,
        budget: (!rng.chance(0.3)).then_some(budget),
        contacted: rng.chance(0.6),
        newsletter: rng.chance(0.3),
        tender: rng.chance(0.1),
        products: members(rng, 0, 4),
        interests: members(rng, 1, 5),
        need: need(rng),
        company: format!(
            "{}{}{}{}",
            rng.pick(&COMPANY, 1.0),
            rng.pick(&COMPANY, 1.0),
            rng.pick(&TRADES, 1.0),
            rng.pick(&ENDINGS, 1.5)
        ),
    }
}

fn members(rng: &mut Rng, field: usize, most: usize) -> Vec<String> {
    let labels = &MEMBERS[field];
    let count = rng.between(0, most);
    rng.distinct(count, labels.len()).into_iter().map(|label| labels[label].clone()).collect()
}

/// Five to sixteen words, about one in fourteen of them a needle; in normal form, so that all engines see the same.
fn need(rng: &mut Rng) -> String {
    let mut text = String::new();
    for index in 0..rng.between(5, 16) {
        if index > 0 && rng.chance(0.3) {
            text.push(' ');
        }
        let word: &&str = if rng.chance(0.07) { rng.pick(&NEEDLES, 1.6) } else { rng.pick(&WORDS, 1.0) };
        text.push_str(word);
    }
    text
}
