//! The nearest name, for "did you mean".

/// A help line that names the nearest of `names`, when one is near enough.
pub(crate) fn did_you_mean<'a>(_wanted: &str, _names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    None
}

/// Names in backticks with commas and a final `or`, cut after a dozen.
pub(crate) fn list_names<'a>(_names: impl IntoIterator<Item = &'a str>) -> String {
    String::new()
}
