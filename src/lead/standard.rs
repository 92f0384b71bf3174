//! The standard lead: the one list of its fields. Types, getters and setters all come from here.

use super::{Activity, Lead, Purchase, get};
use crate::types::{FieldType, Placeholders, Type};
use crate::value::vocabulary::Vocabulary;
use crate::value::{Text, Value};
use jiff::{Timestamp, civil};
use rust_decimal::Decimal;
use std::sync::LazyLock;

/// The getter and the setter of one field, by its kind.
macro_rules! accessors {
    (text, $($rest:tt)*) => { accessors!(@ &str, get::text, impl Into<Text>, it => Into::<Text>::into(it), $($rest)*); };
    (code, $($rest:tt)*) => { accessors!(text, $($rest)*); };
    (region, $($rest:tt)*) => { accessors!(text, $($rest)*); };
    (bool, $($rest:tt)*) => { accessors!(@ bool, get::bool, bool, it => it, $($rest)*); };
    (int, $($rest:tt)*) => { accessors!(@ i64, get::int, i64, it => it, $($rest)*); };
    (decimal, $($rest:tt)*) => {
        accessors!(@ Decimal, get::decimal, impl Into<Decimal>, it => Into::<Decimal>::into(it), $($rest)*);
    };
    (date, $($rest:tt)*) => { accessors!(@ civil::Date, get::date, civil::Date, it => it, $($rest)*); };
    (datetime, $($rest:tt)*) => {
        accessors!(@ Timestamp, get::instant, impl Into<Timestamp>, it => Into::<Timestamp>::into(it), $($rest)*);
    };
    (moment, $($rest:tt)*) => { accessors!(datetime, $($rest)*); };
    (labels, $($rest:tt)*) => {
        accessors!(@ Vec<&str>, get::labels, impl IntoIterator<Item = impl Into<Text>>,
            it => Value::List(it.into_iter().map(|label| Value::Text(label.into())).collect()), $($rest)*);
    };
    (activities, $($rest:tt)*) => {
        accessors!(@ Vec<Activity>, get::records, impl IntoIterator<Item = Activity>,
            it => it.into_iter().collect::<Vec<_>>(), $($rest)*);
    };
    (purchases, $($rest:tt)*) => {
        accessors!(@ Vec<Purchase>, get::records, impl IntoIterator<Item = Purchase>,
            it => it.into_iter().collect::<Vec<_>>(), $($rest)*);
    };
    (@ $out:ty, $get:path, $in:ty, $it:ident => $value:expr, $name:ident $with:ident $doc:literal) => {
        #[doc = concat!($doc, ". Nothing when it is not there, or of another shape.")]
        pub fn $name(&self) -> Option<$out> {
            self.get(stringify!($name)).and_then($get)
        }

        #[doc = concat!("Sets `", stringify!($name), "`: ", $doc, ".")]
        #[must_use]
        pub fn $with(self, $it: $in) -> Self {
            self.with(stringify!($name), $value)
        }
    };
}

/// The type of one field, by its kind.
macro_rules! kind {
    (text) => {
        Type::Text
    };
    (code) => {
        Type::Code
    };
    (region) => {
        Type::Region
    };
    (bool) => {
        Type::Bool
    };
    (int) => {
        Type::Int
    };
    (decimal) => {
        Type::Decimal
    };
    (date) => {
        Type::Date
    };
    (datetime) => {
        Type::DateTime
    };
    (moment) => {
        Type::DateTime
    };
    (labels) => {
        Type::SetOfText
    };
    (activities) => {
        Type::List(Activity::fields().into())
    };
    (purchases) => {
        Type::List(Purchase::fields().into())
    };
}

/// Accessors and field types from one list: `name setter: kind "meaning"`. A `moment` is a `datetime` that every
/// element must have.
macro_rules! fields {
    ($owner:ident { $($name:ident $with:ident: $kind:ident $doc:literal,)* }) => {
        impl $owner {
            $(accessors!($kind, $name $with $doc);)*

            /// The names of the fields.
            const NAMES: &[&str] = &[$(stringify!($name)),*];

            /// The fields and their types.
            fn fields() -> Vec<FieldType> {
                vec![$(FieldType {
                    name: stringify!($name).into(),
                    title: None,
                    kind: kind!($kind),
                    placeholders: Placeholders::default(),
                    declared: false,
                    required: stringify!($kind) == "moment",
                }),*]
            }
        }
    };
}

fields! { Lead {
    id with_id: code "The identifier in the host's system, compared exactly",
    company with_company: text "The name of the company",
    industry with_industry: text "The industry of the company",
    country with_country: text "The country",
    province with_province: text "The province or state",
    city with_city: text "The city",
    address with_address: text "The postal address",
    source with_source: text "Where the lead came from",
    website with_website: text "The web site",
    contact with_contact: text "The name of the contact",
    title with_title: text "The contact's job title",
    email with_email: text "The contact's e-mail address",
    decision_maker with_decision_maker: text "Who decides",
    need with_need: text "What the customer needs",
    authority with_authority: text "The contact's part in the decision",
    timeline with_timeline: text "When the customer wants to buy",
    stage with_stage: text "The stage of the sale",
    relationship with_relationship: text "How well the customer is known",
    owner with_owner: text "Who looks after the lead",
    phone with_phone: code "The telephone number, compared exactly",
    region with_region: region "The region as a path, such as `中国/广东/深圳`",
    employees with_employees: int "The number of employees",
    annual_revenue with_annual_revenue: decimal "The revenue of a year, in the currency that the rule file assumes",
    registered_capital with_registered_capital: decimal "The registered capital, in the currency that the rule file assumes",
    budget with_budget: decimal "The budget, in the currency that the rule file assumes",
    deal_size with_deal_size: decimal "The expected size of the deal, in the currency that the rule file assumes",
    expected_close with_expected_close: date "The day on which the deal should close",
    last_contact with_last_contact: date "The day of the last contact",
    created_at with_created_at: datetime "When the lead came in",
    contacted with_contacted: bool "Whether anybody has talked to the customer",
    products with_products: labels "The products of interest; none is the same as not set",
    activities with_activities: activities "What happened so far, as copies; an empty list says that nothing did",
    purchases with_purchases: purchases "What was bought so far, as copies; an empty list says that nothing was",
} }

fields! { Activity {
    kind with_kind: text "What kind of activity: `demo`, `visit`, `reply`",
    at with_at: moment "When it happened; every activity has it",
    feedback with_feedback: text "How the customer reacted",
    points with_points: decimal "The points that the host gives it",
    note with_note: text "Anything else",
} }

fields! { Purchase {
    at with_at: moment "When it happened; every purchase has it",
    amount with_amount: decimal "What was paid, in the currency that the rule file assumes",
    product with_product: text "What was bought",
    quantity with_quantity: int "How many pieces",
} }

/// The names of the fields of all records.
struct Names {
    names: Vec<&'static str>,
    positions: Vocabulary,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let names = [Lead::NAMES, Activity::NAMES, Purchase::NAMES].concat();
    Names { positions: Vocabulary::new(names.iter().zip(0..)), names }
});

/// The name of a standard field, if this is one.
pub(super) fn known_name(name: &str) -> Option<&'static str> {
    let names = &*NAMES;
    names.names.get(names.positions.get(name)? as usize).copied()
}

/// The fields that every rule file finds declared, in the order of the language's reference.
pub(crate) fn standard_fields() -> Vec<FieldType> {
    Lead::fields()
}
