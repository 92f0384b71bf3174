//! Mistakes that people make, each put into a copy of a preset by one edit.

/// One mistake.
pub(crate) struct Mistake {
    /// What it is called, and its golden.
    pub(crate) name: &'static str,
    /// The rule file under `examples/rules`, without its ending.
    pub(crate) preset: &'static str,
    /// What stands in the preset, once.
    pub(crate) right: &'static str,
    /// What stands there by mistake.
    pub(crate) wrong: &'static str,
    /// The code of what has to be found.
    pub(crate) code: &'static str,
    /// The text that has to be underlined, or that between « and » of it.
    pub(crate) place: &'static str,
}

const fn mistake(
    [name, preset]: [&'static str; 2],
    [right, wrong]: [&'static str; 2],
    [code, place]: [&'static str; 2],
) -> Mistake {
    Mistake { name, preset, right, wrong, code, place }
}

/// All of them.
pub(crate) const MISTAKES: &[Mistake] = &[
    // ---- leads that no rule is for
    mistake(
        ["deal-size-gap", "zhike"],
        [r#"[2万..5万)  => "二至五万","#, r#"[3万..5万)  => "二至五万","#],
        ["not-covered", "classify «deal» "],
    ),
    mistake(
        ["headcount-gap", "groups"],
        [r#"[300..999] => "中","#, r#"[300..900] => "中","#],
        ["not-covered", "classify «size» "],
    ),
    mistake(
        ["off-by-one-day", "groups"],
        [r#"[1..], [180..] => "流失","#, r#"[1..], [181..] => "流失","#],
        ["not-covered", "classify «life_cycle» "],
    ),
    mistake(
        ["forgotten-row", "spin"],
        ["  \"影响\"   => \"解决了值多少\",\n", ""],
        ["not-covered", "classify «next_question» "],
    ),
    mistake(
        ["quantile-left-out", "rfm_quantiles"],
        [r#"[4..5], [1..3], [4..5] => "重要发展客户","#, r#"[4..5], [1..2], [4..5] => "重要发展客户","#],
        ["not-covered", "classify «segment» "],
    ),
    mistake(
        ["forgotten-otherwise", "zhike"],
        [
            "  mood == \"冷淡\"                   => \"加点温度\",\n  otherwise                        => \"保持联系\",\n",
            "  mood == \"冷淡\"                   => \"加点温度\",\n",
        ],
        ["not-covered", "classify «warmth» "],
    ),
    // ---- leads that two rules are for
    mistake(
        ["deal-size-overlap", "zhike"],
        [r#"[2万..5万)  => "二至五万","#, r#"[2万..5万]  => "二至五万","#],
        ["overlap", r#"[5万..10万) => "五至十万""#],
    ),
    mistake(
        ["order-count-overlap", "groups"],
        [r#"[6..]  => "频繁","#, r#"[5..]  => "频繁","#],
        ["overlap", r#"[2..5] => "偶尔""#],
    ),
    mistake(
        ["column-left-open", "rfm"],
        [r#"true,  false, true  => "重要发展客户","#, r#"true,  _,     true  => "重要发展客户","#],
        ["overlap", r#"true,  _,     true  => "重要发展客户""#],
    ),
    // ---- rules that never fire
    mistake(
        ["wider-rule-first", "zhike"],
        [
            "  stage_now >= \"已报价\" and days_in_stage > 14 => \"待推进\",\n  stage_now >= \"已演示\"                        => \"跟进中\",\n",
            "  stage_now >= \"已演示\"                        => \"跟进中\",\n  stage_now >= \"已报价\" and days_in_stage > 14 => \"待推进\",\n",
        ],
        ["never-fires", r#"stage_now >= "已报价" and days_in_stage > 14 => "待推进""#],
    ),
    mistake(
        ["row-copied-and-not-changed", "zhike"],
        [r#""冷淡", "高价值" => "专人培育","#, r#""冷淡", "低价值" => "专人培育","#],
        ["never-fires", r#""冷淡", "低价值" => "专人培育""#],
    ),
    mistake(
        ["wrong-grade-name", "champ"],
        [r#"champ.grade == "中潜力" => "继续培育","#, r#"champ.grade == "高潜力" => "继续培育","#],
        ["never-fires", r#"champ.grade == "高潜力" => "继续培育""#],
    ),
    mistake(
        ["steps-in-the-wrong-order", "spin"],
        [
            "  n         => \"回报\",\n  i         => \"影响\",\n",
            "  i         => \"影响\",\n  n         => \"回报\",\n",
        ],
        ["never-fires", r#"n         => "回报""#],
    ),
    mistake(
        ["same-field-twice", "spin"],
        [
            r#"影响 is present and 问题 is missing => "影响先于问题，要补问","#,
            r#"问题 is present and 问题 is missing => "影响先于问题，要补问","#,
        ],
        ["never-fires", r#"问题 is present and 问题 is missing => "影响先于问题，要补问""#],
    ),
    mistake(
        ["wrong-set", "groups"],
        [
            r#"province in south                                               => "华南","#,
            r#"province in east                                                => "华南","#,
        ],
        ["never-fires", r#"province in east                                                => "华南""#],
    ),
    mistake(
        ["thresholds-exchanged", "pareto"],
        [
            r#"param middle "核心与重点客户占收入" : decimal = 95%"#,
            r#"param middle "核心与重点客户占收入" : decimal = 75%"#,
        ],
        ["never-fires", r#"share_above < middle   => "B""#],
    ),
    mistake(
        ["digit-lost", "rfm"],
        [r#"param r4 "最近一次，4 分（天）" : int = 60"#, r#"param r4 "最近一次，4 分（天）" : int = 6"#],
        ["never-fires", "recency <= r4 => 4"],
    ),
    mistake(
        ["silence-in-the-wrong-order", "scoring_rules"],
        ["{ (180..] => -30, (90..180] => -15 }", "{ (90..] => -15, (180..] => -30 }"],
        ["never-fires", "(180..] => -30"],
    ),
    mistake(
        ["and-for-or", "scoring_rules"],
        ["employees < 20                           => -10,", "employees < 20 and employees >= 300      => -10,"],
        ["never-fires", "employees < 20 and employees >= 300      => -10"],
    ),
    mistake(
        ["row-of-another-class", "wandayun"],
        [r#""强", "高"        => "攻坚","#, r#""无", "高"        => "攻坚","#],
        ["never-fires", r#""无", "高"        => "攻坚""#],
    ),
    mistake(
        ["one-zero-too-many", "youpu"],
        ["(0..10万) => 10, [10万..100万) => 25,", "(0..100万) => 10, [10万..100万) => 25,"],
        ["never-fires", "[10万..100万) => 25"],
    ),
    mistake(
        ["tag-without-the-other", "youpu"],
        [
            r#"profile contains "高频" and not (profile contains "大单") => "潜力","#,
            r#"profile contains "高频" and not (profile contains "高频") => "潜力","#,
        ],
        ["never-fires", r#"profile contains "高频" and not (profile contains "高频") => "潜力""#],
    ),
    mistake(
        ["nothing-left-over", "champ"],
        [
            "  champ.grade == \"中潜力\" => \"继续培育\",\n  otherwise               => \"放入线索池\",\n",
            "  champ.grade == \"中潜力\" => \"继续培育\",\n  champ.grade == \"低潜力\" => \"放入线索池\",\n  otherwise               => \"人工判断\",\n",
        ],
        ["never-fires", r#"otherwise               => "人工判断""#],
    ),
    // ---- rules that always fire, or say nothing
    mistake(
        ["zero-percent", "zhike"],
        [r#"filled >= 50% => "B类","#, r#"filled >= 0% => "B类","#],
        ["always-fires", r#"filled >= 0% => "B类""#],
    ),
    mistake(
        ["present-or-missing", "youpu"],
        [r#"budget is missing or budget <= 0 => "不匹配","#, r#"budget is missing or budget is present => "不匹配","#],
        ["always-fires", r#"budget is missing or budget is present => "不匹配""#],
    ),
    mistake(
        ["question-asked-twice", "bant"],
        [r#"时间 is missing => "打算什么时候上线","#, r#"权限 is missing => "谁来拍板","#],
        ["duplicate-rule", r#"权限 is missing => "谁来拍板""#],
    ),
    mistake(
        ["result-not-changed", "champ_source"],
        [r#"champ.grade == "中潜力" => "继续培育","#, r#"champ.grade == "中潜力" => "立即跟进","#],
        ["same-result", r#"champ.grade == "中潜力" => "立即跟进""#],
    ),
    mistake(
        ["label-not-changed", "groups"],
        [r#"[300..999] => "中","#, r#"[300..999] => "小","#],
        ["same-result", r#"[300..999] => "小""#],
    ),
    mistake(
        ["two-classes-at-once", "wandayun"],
        [r#"when category in { "目标", "攻坚" } on"#, r#"when category == "目标" and category == "攻坚" on"#],
        ["constant-condition", r#"category == "目标" and category == "攻坚""#],
    ),
    mistake(
        ["divided-by-nothing", "groups"],
        ["days_between(first_order, last_order) / (orders - 1)", "days_between(first_order, last_order) / 0"],
        ["always-unknown", "idle > 3 * rhythm"],
    ),
    // ---- labels and grades that nobody gets
    mistake(
        ["label-nobody-gives", "spin"],
        [
            r#": ordered choice { "未开始", "现状", "问题", "影响", "回报" }"#,
            r#": ordered choice { "未开始", "现状", "问题", "影响", "回报", "成交" }"#,
        ],
        ["unreachable-label", r#""成交""#],
    ),
    mistake(
        ["grade-out-of-reach", "bant"],
        [r#"grades { [3..] => "够了", [..2] => "还不够" }"#, r#"grades { [5..] => "够了", [..4] => "还不够" }"#],
        ["unreachable-grade", r#"[5..] => "够了""#],
    ),
    mistake(
        ["clamp-below-the-best-grade", "scoring_rules"],
        [
            r#"score profile "资料分 / Profile score" clamp [-50..100] {"#,
            r#"score profile "资料分 / Profile score" clamp [-50..50] {"#,
        ],
        ["clamp-hides-grade", "[-50..50]"],
    ),
    mistake(
        ["clamp-past-the-sum", "intent"],
        [r#"score urgency "需求紧迫性" clamp [0..25] {"#, r#"score urgency "需求紧迫性" clamp [0..250] {"#],
        ["clamp-never-bites", "[0..250]"],
    ),
    // ---- what is missing
    mistake(
        ["not-manufacturing", "zhike"],
        [
            "products is present and not (products contains any manufacturing) =>",
            "not (products contains any manufacturing) =>",
        ],
        ["negated-missing", "not (products contains any manufacturing)"],
    ),
    mistake(
        ["abroad-without-a-country", "groups"],
        [
            r#"country is present and country not in { "中国", "China", "CN" } => "海外","#,
            r#"country not in { "中国", "China", "CN" } => "海外","#,
        ],
        ["negated-missing", r#"country not in { "中国", "China", "CN" }"#],
    ),
    // ---- what nothing uses
    mistake(
        ["set-written-out", "zhike"],
        ["products within people ", r#"products within { "HR", "OA" } "#],
        ["unused", "let «people» "],
    ),
    mistake(
        ["figure-written-out", "youpu"],
        ["largest >= big_order ", "largest >= 50万 "],
        ["unused", "param «big_order» "],
    ),
    mistake(
        ["condition-dropped", "wandayun"],
        ["spend >= 100万 and 代理区域数 >= 2 =>", "spend >= 100万 =>"],
        ["unused", "field «代理区域数» "],
    ),
];
