//! Fields by name.

use super::Value;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// Fields by name, in the order of their names.
///
/// A sorted list: records have tens of fields, and are built and walked far more often than searched.
#[derive(Clone, Default, PartialEq)]
pub struct Fields {
    /// Ascending by name, each name once.
    fields: Vec<Field>,
}

/// A name and its value.
#[derive(Clone, PartialEq)]
pub(crate) struct Field {
    /// The first eight bytes of the name, the first the highest: most names differ there.
    prefix: u64,
    pub(crate) name: Cow<'static, str>,
    pub(crate) value: Value,
}

impl Field {
    #[inline]
    pub(crate) fn new(name: Cow<'static, str>, value: Value) -> Field {
        Field { prefix: prefix(&name), name, value }
    }

    /// By the bytes of the names.
    pub(crate) fn order(&self, other: &Field) -> Ordering {
        self.order_by(other.prefix, &other.name)
    }

    #[inline]
    fn order_by(&self, prefix: u64, name: &str) -> Ordering {
        self.prefix.cmp(&prefix).then_with(|| (*self.name).cmp(name))
    }
}

/// The first eight bytes in one number, zeros where the name ends. It orders as the names do, but for names that agree
/// in it.
#[inline]
fn prefix(name: &str) -> u64 {
    let bytes = name.as_bytes();
    if let Some(first) = bytes.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // from four bytes on two reads, some bytes twice in the same place
        (Some(first), Some(last)) => {
            let last = u64::from(u32::from_be_bytes(*last));
            u64::from(u32::from_be_bytes(*first)) << 32 | last << (64 - 8 * bytes.len())
        }
        _ => bytes.iter().rev().fold(0, |rest, byte| rest >> 8 | u64::from(*byte) << 56),
    }
}

/// Room for a few fields before the list has to move.
const FIRST: usize = 8;

impl Fields {
    /// Without fields.
    pub fn new() -> Fields {
        Fields::default()
    }

    /// From fields of ascending names.
    pub(crate) fn from_ascending(fields: impl ExactSizeIterator<Item = Field>) -> Fields {
        let fields: Vec<Field> = fields.collect();
        debug_assert!(fields.is_sorted_by(|one, next| one.name < next.name), "fields have their order");
        Fields { fields }
    }

    /// Where a field is, or belongs.
    #[inline]
    fn search(&self, prefix: u64, name: &str) -> Result<usize, usize> {
        self.fields.binary_search_by(|field| field.order_by(prefix, name))
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.search(prefix(name), name).ok().and_then(|at| self.fields.get(at)).map(|field| &field.value)
    }

    /// Whether there is such a field.
    pub fn contains_key(&self, name: &str) -> bool {
        self.search(prefix(name), name).is_ok()
    }

    /// Sets a field, and gives what it was.
    pub fn insert(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Option<Value> {
        let (name, value) = (name.into(), value.into());
        let prefix = prefix(&name);
        match self.search(prefix, &name) {
            Ok(at) => self.fields.get_mut(at).map(|field| std::mem::replace(&mut field.value, value)),
            Err(at) => {
                if self.fields.capacity() == 0 {
                    self.fields.reserve_exact(FIRST);
                }
                self.fields.insert(at, Field { prefix, name, value });
                None
            }
        }
    }

    /// Removes a field, and gives what it was.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.search(prefix(name), name).ok().map(|at| self.fields.remove(at).value)
    }

    /// Keeps the fields of which this is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &Value) -> bool) {
        self.fields.retain(|field| keep(&field.name, &field.value));
    }

    /// All fields, by name.
    pub fn iter(&self) -> Iter<'_> {
        self.into_iter()
    }

    /// The names of all fields.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Cow<'static, str>> {
        self.fields.iter().map(|field| &field.name)
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// Of fields with the same name, the last counts.
impl<N: Into<Cow<'static, str>>, V: Into<Value>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Fields {
        let fields = fields.into_iter();
        let mut record = Fields { fields: Vec::with_capacity(fields.size_hint().0) };
        record.extend(fields);
        record
    }
}

impl<N: Into<Cow<'static, str>>, V: Into<Value>> Extend<(N, V)> for Fields {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, fields: I) {
        for (name, value) in fields {
            self.insert(name, value);
        }
    }
}

impl IntoIterator for Fields {
    type Item = (Cow<'static, str>, Value);
    type IntoIter = IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        IntoIter(self.fields.into_iter())
    }
}

impl<'r> IntoIterator for &'r Fields {
    type Item = (&'r Cow<'static, str>, &'r Value);
    type IntoIter = Iter<'r>;

    fn into_iter(self) -> Self::IntoIter {
        Iter(self.fields.iter())
    }
}

/// The fields of a record, by name.
#[derive(Clone)]
pub struct Iter<'r>(std::slice::Iter<'r, Field>);

/// The fields of a record that is taken apart, by name.
pub struct IntoIter(std::vec::IntoIter<Field>);

impl<'r> Iterator for Iter<'r> {
    type Item = (&'r Cow<'static, str>, &'r Value);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|field| (&field.name, &field.value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl Iterator for IntoIter {
    type Item = (Cow<'static, str>, Value);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|field| (field.name, field.value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}
impl ExactSizeIterator for IntoIter {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// As a map whose keys are in order: sets (with a value) and removals (without).
        #[test]
        fn a_record_is_a_map(steps in proptest::collection::vec(("[a-c中]{0,2}|[ab]{7,10}|a\0{0,3}", any::<Option<i64>>()), 0..40)) {
            let (mut record, mut expected) = (Fields::new(), BTreeMap::new());
            for (name, value) in steps {
                let (was, should) = match value {
                    Some(value) => (record.insert(name.clone(), value), expected.insert(name.clone(), Value::Int(value))),
                    None => (record.remove(&name), expected.remove(&name)),
                };
                prop_assert_eq!(was, should);
                prop_assert_eq!(record.get(&name), expected.get(&name));
                prop_assert_eq!(record.contains_key(&name), expected.contains_key(&name));
                prop_assert!(record.iter().map(|(name, value)| (&**name, value)).eq(expected.iter().map(|(name, value)| (&**name, value))));
                prop_assert!(record.keys().eq(expected.keys()));
                prop_assert_eq!((record.len(), record.is_empty()), (expected.len(), expected.is_empty()));
            }
            prop_assert_eq!(format!("{record:?}"), format!("{expected:?}"));
            prop_assert_eq!(&record, &record.clone().into_iter().collect::<Vec<_>>().into_iter().rev().collect::<Fields>());
            record.retain(|name, _| name.len() < 2);
            expected.retain(|name, _| name.len() < 2);
            prop_assert_eq!(record, expected.into_iter().collect());
        }
    }
}
