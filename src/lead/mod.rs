//! The lead: standard fields, extension fields, activities and purchases.

/// Something in a lead that could not be read as the rule file declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataIssue {
    /// Where: `employees`, `activities[2].at`.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}
