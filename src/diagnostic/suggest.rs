//! The nearest name, for "did you mean".

use unicode_normalization::UnicodeNormalization;

/// Longer names are not compared letter by letter: nobody mistypes them, and the cost grows with the square.
const LONGEST: usize = 64;
/// Names looked at; a list beyond that is not worth the time.
const MOST: usize = 20_000;

/// A help line that names the nearest of `names`, when one is near enough.
pub(crate) fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let length = wanted.chars().take(LONGEST + 1).count();
    if length > LONGEST {
        return None;
    }
    let plain = plain(wanted);
    let sorted = sorted_words(&plain);
    let mut best: Option<(usize, &str)> = None;
    for name in names.into_iter().take(MOST) {
        // A name whose length differs by more than the threshold cannot be near; four bytes are at least one letter.
        if name == wanted || name.len() > 4 * 2 * LONGEST {
            continue;
        }
        let Some(distance) = distance(&plain, &sorted, name) else { continue };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| format!("did you mean `{name}`?"))
}

/// How far a name is, when it is near enough: about a third of its letters.
fn distance(wanted: &str, wanted_words: &str, name: &str) -> Option<usize> {
    let name = plain(name);
    if name == wanted {
        return Some(0);
    }
    let (long, short) = (wanted.chars().count(), name.chars().count());
    let threshold = (long.max(short) + 1) / 3;
    if long.abs_diff(short) > threshold {
        return None;
    }
    // `date_created` for `created_date`
    if !wanted_words.is_empty() && sorted_words(&name) == wanted_words {
        return Some(1);
    }
    // One letter for another is a guess at random when there are only two.
    let distance = strsim::damerau_levenshtein(wanted, &name);
    (distance <= threshold && distance < long.max(short).max(2))
        .then_some(distance + 1)
        .filter(|_| long > 1 || short > 1)
}

/// A name without the differences that the eye skips: width, composition, case.
fn plain(name: &str) -> String {
    name.nfkc().collect::<String>().to_lowercase()
}

/// The words of a name in the order of the alphabet; empty when it has only one.
fn sorted_words(name: &str) -> String {
    let mut words: Vec<&str> = name.split(['_', '.', ' ', '-']).filter(|word| !word.is_empty()).collect();
    if words.len() < 2 {
        return String::new();
    }
    words.sort_unstable();
    words.join(" ")
}

/// Names in backticks with commas and a final `or`, cut after a dozen.
pub(crate) fn list_names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let mut shown: Vec<String> = names.by_ref().take(12).map(|name| format!("`{name}`")).collect();
    if names.next().is_some() {
        return format!("{}, …", shown.join(", "));
    }
    match shown.pop() {
        None => String::new(),
        Some(last) if shown.is_empty() => last,
        Some(last) => format!("{} or {last}", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, list_names};

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let names = ["industry", "deal_size", "created_date", "客户等级", "stage"];
        let meant = |wanted| did_you_mean(wanted, names);
        assert_eq!(meant("indutsry").as_deref(), Some("did you mean `industry`?"));
        assert_eq!(meant("INDUSTRY").as_deref(), Some("did you mean `industry`?"));
        assert_eq!(meant("ｓｔａｇｅ").as_deref(), Some("did you mean `stage`?"));
        assert_eq!(meant("date_created").as_deref(), Some("did you mean `created_date`?"));
        assert_eq!(meant("客户等别").as_deref(), Some("did you mean `客户等级`?"));
        assert_eq!(meant("budget"), None);
        assert_eq!(did_you_mean("foo", ["bool"]), None);
        assert_eq!(meant(&"x".repeat(1 << 20)), None);
    }

    #[test]
    fn lists_end_with_or_and_are_cut() {
        assert_eq!(list_names([]), "");
        assert_eq!(list_names(["a"]), "`a`");
        assert_eq!(list_names(["a", "b", "c"]), "`a`, `b` or `c`");
        assert!(list_names(std::iter::repeat_n("x", 20)).ends_with(", …"));
    }
}
