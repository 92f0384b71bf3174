//! What people call the fields of the standard lead, when a rule file gives them no title.

use super::Language;

/// Name, in English, in Chinese.
const TITLES: &[(&str, &str, &str)] = &[
    ("activities", "activities", "跟进记录"),
    ("address", "address", "地址"),
    ("annual_revenue", "annual revenue", "年营收"),
    ("authority", "authority", "决策权"),
    ("budget", "budget", "预算"),
    ("city", "city", "城市"),
    ("company", "company", "公司"),
    ("contact", "contact", "联系人"),
    ("contacted", "contacted", "已联系"),
    ("country", "country", "国家"),
    ("created_at", "date of creation", "创建时间"),
    ("deal_size", "deal size", "交易规模"),
    ("decision_maker", "decision maker", "决策人"),
    ("email", "e-mail", "邮箱"),
    ("employees", "employees", "员工数"),
    ("expected_close", "expected close", "预计成交日"),
    ("id", "id", "编号"),
    ("industry", "industry", "行业"),
    ("last_contact", "last contact", "最近联系"),
    ("need", "need", "需求"),
    ("owner", "owner", "负责人"),
    ("phone", "phone", "电话"),
    ("products", "products", "意向产品"),
    ("province", "province", "省份"),
    ("purchases", "purchases", "成交记录"),
    ("region", "region", "地区"),
    ("registered_capital", "registered capital", "注册资本"),
    ("relationship", "relationship", "客户关系"),
    ("source", "source", "来源"),
    ("stage", "stage", "阶段"),
    ("timeline", "timeline", "时间计划"),
    ("title", "title", "职位"),
    ("website", "website", "网站"),
];

/// What people call the fields of the elements of its lists.
const ELEMENTS: &[(&str, &str, &str)] = &[
    ("amount", "amount", "金额"),
    ("at", "time", "时间"),
    ("feedback", "feedback", "反馈"),
    ("kind", "kind", "类型"),
    ("note", "note", "备注"),
    ("points", "points", "分数"),
    ("product", "product", "产品"),
    ("quantity", "quantity", "数量"),
];

/// What people call a field of the standard lead.
pub(in crate::explain) fn standard_title(name: &str, language: Language) -> Option<&'static str> {
    find(TITLES, name, language)
}

/// What people call a field of an element of a standard list.
pub(in crate::explain) fn element_title(name: &str, language: Language) -> Option<&'static str> {
    find(ELEMENTS, name, language)
}

fn find(
    titles: &'static [(&'static str, &'static str, &'static str)],
    name: &str,
    language: Language,
) -> Option<&'static str> {
    let place = titles.binary_search_by(|(known, _, _)| (*known).cmp(name)).ok()?;
    let (_, english, chinese) = titles[place];
    Some(match language {
        Language::English => english,
        Language::Chinese => chinese,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::standard_fields;

    #[test]
    fn every_field_of_the_standard_lead_has_a_name() {
        assert!(TITLES.is_sorted_by(|one, next| one.0 < next.0));
        let fields: Vec<_> = standard_fields().iter().map(|field| field.name.to_string()).collect();
        assert_eq!(fields.len(), TITLES.len());
        assert!(fields.iter().all(|name| standard_title(name, Language::Chinese).is_some()), "{fields:?}");
        assert!(ELEMENTS.is_sorted_by(|one, next| one.0 < next.0));
        for field in standard_fields() {
            if let crate::types::Type::List(elements) = &field.kind {
                let unnamed = elements.iter().find(|it| element_title(&it.name, Language::Chinese).is_none());
                assert!(unnamed.is_none(), "{unnamed:?}");
            }
        }
    }
}
