//! Three presets as a team without an engine would write them: BANT, CHAMP, and RFM with cut points. What an outcome of
//! the library has beside, the coverage of CHAMP, is left out.

use gradus::{Lead, Outcome, Value};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;

/// What is found by hand: one classification, one score in hundredths with its grade, one block of tags.
#[derive(Debug)]
pub struct Found {
    class: (&'static str, Option<&'static str>),
    score: (&'static str, Option<i64>, Option<&'static str>),
    tags: (&'static str, Option<Vec<&'static str>>),
}

impl Found {
    pub fn compare(&self, outcome: &Outcome, lead: &Lead) {
        let (name, class) = self.class;
        assert_eq!(class, outcome.class(name), "{name}: by hand and gradus differ on {lead:?}");
        let (name, score, grade) = self.score;
        let found = (score.map(|it| Decimal::new(it, 2).normalize()), grade);
        let wanted = (outcome.score(name).map(|it| it.normalize()), outcome.grade(name));
        assert_eq!(found, wanted, "{name}: by hand and gradus differ on {lead:?}");
        let (name, tags) = &self.tags;
        let wanted = outcome.tags(name).map(|tags| tags.collect::<Vec<_>>());
        assert_eq!(*tags, wanted, "{name}: by hand and gradus differ on {lead:?}");
    }
}

/// The text of a field, as a host's record has it.
fn text(lead: &Lead, field: &str) -> Option<String> {
    let Some(Value::Text(text)) = lead.get(field) else { return None };
    Some(text.original().to_owned())
}

fn cents(value: Option<&Value>) -> Option<i64> {
    let Some(Value::Decimal(value)) = value else { return None };
    i64::try_from(value * Decimal::ONE_HUNDRED).ok()
}

/// Four answers in text.
pub struct Bant([Option<String>; 4]);

impl Bant {
    pub fn from(lead: &Lead) -> Bant {
        Bant(["预算", "权限", "需求", "时间"].map(|field| text(lead, field)))
    }

    pub fn outcome(&self) -> Found {
        let answers = self.0.each_ref().map(|answer| match answer.as_deref() {
            Some("是") => Some(true),
            Some("否") => Some(false),
            _ => None,
        });
        let yes = answers.iter().filter(|answer| **answer == Some(true)).count();
        let no = answers.iter().filter(|answer| **answer == Some(false)).count();
        let class = match (yes, no) {
            (3.., _) => "合格",
            (_, 2..) => "不合格",
            _ => "待确认",
        };
        let questions = ["预算批下来了吗", "谁来拍板", "要解决什么问题", "打算什么时候上线"];
        let open = answers.iter().zip(questions).filter(|(answer, _)| answer.is_none());
        let ask = (class == "待确认").then(|| open.map(|(_, question)| question).collect());
        let score = i64::try_from(yes).unwrap_or(0) * 100;
        let grade = if yes >= 3 { "够了" } else { "还不够" };
        Found { class: ("bant", Some(class)), score: ("answers", Some(score), Some(grade)), tags: ("ask", ask) }
    }
}

/// What is known of a lead.
pub struct Champ {
    challenge: Option<String>,
    authority: Option<String>,
    budget: Option<i64>,
    priority: Option<String>,
}

impl Champ {
    pub fn from(lead: &Lead) -> Champ {
        Champ {
            challenge: text(lead, "挑战"),
            authority: text(lead, "authority"),
            budget: cents(lead.get("budget")),
            priority: text(lead, "优先级"),
        }
    }

    pub fn outcome(&self) -> Found {
        let blank = |it: &&str| !matches!(*it, "" | "没有" | "未知" | "没问");
        let challenge = self.challenge.as_deref().filter(blank);
        let (authority, priority) = (self.authority.as_deref(), self.priority.as_deref());
        let authority_points = match authority {
            Some("拍板者") => 100,
            Some("影响者") => 60,
            Some("使用者") => 20,
            _ => 0,
        };
        let money = match self.budget {
            Some(20_000_000..) => 100,
            Some(10_000_000..) => 50,
            None if matches!(priority, Some("本季重点" | "头等大事")) => 50,
            _ => 0,
        };
        let priority_points = match priority {
            Some("头等大事") => 100,
            Some("本季重点") => 80,
            Some("今年计划") => 40,
            _ => 0,
        };
        let challenges = if challenge.is_some() { 100 } else { 0 };
        let score = challenges * 35 + authority_points * 20 + money * 20 + priority_points * 25;
        let grade = match score {
            7_000.. => "高潜力",
            4_000.. => "中潜力",
            _ => "低潜力",
        };
        let class = match (challenge, priority, grade) {
            (None, _, _) => "先问挑战",
            (_, Some("以后再说"), _) => "放入线索池",
            (_, _, "高潜力") => "立即跟进",
            (_, _, "中潜力") => "继续培育",
            _ => "放入线索池",
        };
        let questions = [
            (challenge.is_none(), "眼下最头疼的是什么"),
            (authority.is_none(), "这件事谁说了算"),
            (self.budget.is_none(), "预算从哪里出"),
            (priority.is_none(), "和别的事比，哪件更急"),
        ];
        let ask = questions.into_iter().filter(|(is_open, _)| *is_open).map(|(_, question)| question).collect();
        Found { class: ("result", Some(class)), score: ("champ", Some(score), Some(grade)), tags: ("ask", Some(ask)) }
    }
}

/// When and for how many cents; nothing when the purchases are not loaded.
pub struct Rfm(Option<Vec<(Timestamp, i64)>>);

impl Rfm {
    pub fn from(lead: &Lead) -> Rfm {
        let bought = lead.purchases();
        let row =
            |it: &gradus::Purchase| (it.at().expect("it is there"), cents(it.get("amount")).expect("it is there"));
        Rfm(bought.map(|bought| bought.iter().map(row).collect()))
    }

    pub fn outcome(&self, zone: &TimeZone, today: Date) -> Found {
        let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
        let segment = self.0.as_ref().and_then(|bought| {
            let last = bought.iter().map(|(at, _)| *at).max()?;
            let recency = (today - day(last)).get_days();
            let since = today.saturating_sub(12.months());
            let recent = bought.iter().filter(|(at, _)| day(*at) > since);
            let (frequency, monetary) = recent.fold((0, 0), |(count, sum), (_, amount)| (count + 1, sum + amount));
            let r = match recency {
                ..=30 => 5,
                ..=60 => 4,
                ..=120 => 3,
                ..=240 => 2,
                _ => 1,
            };
            let f = match frequency {
                8.. => 5,
                5.. => 4,
                3.. => 3,
                2 => 2,
                _ => 1,
            };
            let m = match monetary {
                10_000_000.. => 5,
                3_000_000.. => 4,
                1_000_000.. => 3,
                300_000.. => 2,
                _ => 1,
            };
            Some((r, f, m))
        });
        let class = segment.map(|(r, f, m)| match (r >= 4, f >= 4, m >= 4) {
            (true, true, true) => "重要价值客户",
            (true, false, true) => "重要发展客户",
            (false, true, true) => "重要保持客户",
            (false, false, true) => "重要挽留客户",
            (true, true, false) => "一般价值客户",
            (true, false, false) => "一般发展客户",
            (false, true, false) => "一般保持客户",
            (false, false, false) => "一般挽留客户",
        });
        let mut advice = Vec::new();
        advice.extend(class.and_then(|class| match class {
            "重要价值客户" => Some("专属客户经理"),
            "重要发展客户" | "一般发展客户" => Some("促复购"),
            "重要保持客户" | "重要挽留客户" => Some("主动联系"),
            "一般价值客户" | "一般保持客户" => Some("推荐高价产品"),
            "一般挽留客户" => Some("降低投入"),
            _ => None,
        }));
        let score = segment.map(|(r, f, m)| (100 * r + 10 * f + m) * 100);
        Found { class: ("segment", class), score: ("rfm", score, None), tags: ("advice", Some(advice)) }
    }
}
