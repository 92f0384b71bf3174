//! Rule sets with their inputs, for proptest.
//!
//! Cases shrink with their bytes: fewer bytes give smaller files and emptier leads.

use crate::generate;
use crate::json::Json;
use arbitrary::{Result, Unstructured};
use gradus::syntax::ast::RuleFile;
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

/// A rule set and everything that an evaluation of it takes.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The files of the rule set.
    pub files: Vec<RuleFile>,
    /// The host's values for params.
    pub params: Vec<(String, Json)>,
    /// Leads to evaluate.
    pub leads: Vec<Json>,
    /// When.
    pub at: Timestamp,
    /// The host's zone.
    pub zone: Option<&'static str>,
    /// The last outcome of all leads.
    pub previous: Option<Json>,
    /// What to rank against.
    pub population: Option<Vec<Json>>,
}

/// A scene from bytes: the same for fuzz targets, seeds and proptest.
pub fn scene(bytes: &[u8]) -> Result<Scene> {
    let u = &mut Unstructured::new(bytes);
    // The inputs get bytes of their own, so that a long rule file does not starve them.
    let rules = u.bytes(u.len() / 2)?;
    let files = generate::rule_files(&mut Unstructured::new(rules))?;
    let params = generate::params(u, &files)?;
    let at = generate::at(u)?;
    let zone = generate::zone(u)?;
    let previous = if u.arbitrary()? { Some(generate::previous(u, &files)?) } else { None };
    let population = if u.arbitrary()? { Some(generate::population(u, &files)?) } else { None };
    let leads = (0..3).map(|_| generate::lead(u, &files)).collect::<Result<_>>()?;
    Ok(Scene { files, params, leads, at, zone, previous, population })
}

/// Scenes of all sizes.
pub fn scenes() -> impl Strategy<Value = Scene> {
    vec(any::<u8>(), 0..8192).prop_filter_map("bytes that make a scene", |bytes| scene(&bytes).ok())
}
