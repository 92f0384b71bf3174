//! Names, labels, texts and numbers to draw from.

/// Names of declarations, in both languages; some are words of the language that are words only in their place.
pub(super) const NAMES: &[&str] = &[
    "visits", "clicks", "评分", "tier", "来源", "tags", "score", "field", "last", "days", "default", "unique", "weight",
    "level", "渠道", "size", "mood", "interests", "sku", "probability", "首次接触", "value", "note", "kind", "orders", "客户等级",
    "rank_of", "_x", "naïve", "注册资金", "segment", "fit", "engagement", "profile", "priority", "主营业务", "member", "band",
    "flag", "share", "grade", "version", "ruleset", "given", "expect", "title_2", "text", "choice", "amount_2", "意向",
    "recency", "frequency", "monetary", "growth", "标签", "阶段", "at_risk", "worth", "half", "ends", "floor", "window",
];

/// Labels, different from each other in normal form.
pub(super) const LABELS: &[&str] = &[
    "A", "B", "C", "D", "高价值", "沉睡", "线索", "已演示", "已报价", "成交", "ERP", "CRM", "MES", "汽车", "金融业", "教育",
    "hot", "warm", "cold", "铜", "银", "金", "a b", "Straße", "call", "demo", "reply", "ﬁt 2", "50%", "A+", "\"q\"", "back\\slash",
];

/// Texts that leads hold and rules look for.
pub(super) const TEXTS: &[&str] = &[
    "ERP", "abc", "ＡＢＣ", "Abc ", "定制", "股份有限公司", "Straße", "STRASSE", "@example.com", "li@Example.com", "a b", "ab",
    "b", "主动询价", "索要资料", "é", "e\u{301}", "İ", "ǆ", "①", "x1", "12", "中国", "广东", "Mumbai", "K", "ſ", "がｶﾞ",
];

/// Placeholders of headers and fields.
pub(super) const PLACEHOLDERS: &[&str] = &["未知", "无", "N/A", "待定", "见附件", "-", "Select"];

/// Regions.
pub(super) const REGIONS: &[&str] =
    &["中国", "中国/广东", "中国/广东/深圳", "中国/广", "巴西/SP", "Brasil/sp/São Paulo", "中国//浙江/", "Ａsia"];

/// Patterns of `matches`.
pub(super) const REGEXES: &[&str] =
    &["^a", "(股份|集团)有限公司$", r"\d+", "b.?c", "^[a-z]{2,}$", "straße|strasse", "[^@]+@example\\.com$", "é", "^.{3}$"];

/// Zones with a whole offset, half an hour, summer time at odd places, and none.
pub(super) const ZONES: &[&str] =
    &["UTC", "Asia/Shanghai", "Asia/Kolkata", "America/Sao_Paulo", "America/New_York", "Australia/Lord_Howe"];

/// Numbers in hundredths, and how they are written.
pub(super) const NUMBERS: &[(i64, &str)] = &[
    (0, "0"), (100, "1"), (200, "2"), (300, "3"), (500, "5"), (700, "7"), (1_000, "10"), (2_000, "20"), (50, "0.5"),
    (150, "1.5"), (1, "0.01"), (30, "30%"), (25, "0.25"), (100, "100%"), (6_000, "60"), (8_000, "80"), (10_000, "100"),
    (100_000, "1_000"), (1_500_000, "1.5万"), (5_000_000, "5万"), (5_000_000, "50_000"), (10_000_000_000, "1亿"),
];

/// Dates around which everything happens: ends of months, leap days, changes of summer time.
pub(super) const DATES: &[&str] = &[
    "2026-11-21", "2026-11-20", "2026-10-31", "2026-08-31", "2026-02-28", "2026-03-01", "2024-02-29", "2024-03-31",
    "2026-01-31", "2025-12-31", "2026-01-01", "2018-11-04", "2018-11-03", "2026-03-08", "2026-11-01", "2026-04-05",
    "2026-10-04", "2027-01-15", "2000-02-29", "1999-12-31",
];

/// Times of day with offsets; without an offset the zone's holds.
pub(super) const TIMES: &[&str] = &[
    "T00:00:00Z", "T09:00:00+08:00", "T23:59:59-03:00", "T12:30:00+05:30", "T00:30:00+10:30", "T16:00:00Z", "T02:30:00",
    "T01:30:00", "T00:00:00", "T23:30:00+11:00", "T06:59:59-05:00",
];
