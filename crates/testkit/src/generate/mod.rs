//! Well-typed rule files, and leads that meet them where it matters.
//!
//! Everything is drawn from bytes, so that fuzz targets, seeds and proptest share one generator: no bytes give the
//! smallest file, more bytes larger ones. Declarations read only what was declared before them, which keeps the file
//! free of cycles; then their order is shuffled, since it does not matter.

mod build;
mod condition;
mod fields;
mod list;
mod moment;
mod number;
mod outcome;
mod record;
mod score;
mod table;
mod trial;
mod value;
mod walk;
mod words;
mod world;

pub use moment::{at, zone};
pub use record::{lead, params, population, previous};

use arbitrary::{Result, Unstructured};
use build::quoted;
use gradus::syntax::ast::{Item, Place, RuleFile, Ruleset};
use words::ZONES;
use world::World;

/// How large a rule file may become.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Declared extension fields.
    pub fields: usize,
    /// Params.
    pub params: usize,
    /// Lets, classifications, scores and tags blocks together.
    pub rules: usize,
    /// Tests.
    pub tests: usize,
    /// How deep expressions nest.
    pub depth: usize,
}

impl Default for Size {
    fn default() -> Size {
        Size { fields: 6, params: 4, rules: 10, tests: 2, depth: 3 }
    }
}

/// A rule file.
pub fn rule_file(u: &mut Unstructured<'_>) -> Result<RuleFile> {
    rule_file_of(u, Size::default())
}

/// A rule file of a size.
pub fn rule_file_of(u: &mut Unstructured<'_>, size: Size) -> Result<RuleFile> {
    let (headers, declarations) = declarations(u, size)?;
    Ok(RuleFile { items: headers.into_iter().chain(declarations).collect(), comments: Vec::new() })
}

/// A rule set of one to three files. Placeholders hold for the file that states them, so all state the same.
pub fn rule_files(u: &mut Unstructured<'_>) -> Result<Vec<RuleFile>> {
    let (headers, declarations) = declarations(u, Size::default())?;
    let count = u.int_in_range(1..=3_usize)?;
    let mut files = vec![RuleFile::default(); count];
    for (index, file) in files.iter_mut().enumerate() {
        let is_for_all = |item: &&Item| index == 0 || matches!(item, Item::Placeholders(_));
        file.items.extend(headers.iter().filter(is_for_all).cloned());
    }
    for item in declarations {
        let index = u.choose_index(count)?;
        files[index].items.push(item);
    }
    Ok(files)
}

/// Headers, and declarations in any order.
fn declarations(u: &mut Unstructured<'_>, size: Size) -> Result<(Vec<Item>, Vec<Item>)> {
    let mut world = World::new(u, size);
    let headers = world.headers()?;
    world.meet_standard_lead()?;
    let mut items = world.declare_fields()?;
    items.extend(world.declare_params()?);
    for _ in 0..world.number_in(1, size.rules)? {
        world.begin();
        items.push(match world.number_in(0, 6)? {
            0 | 1 => world.declare_classify()?,
            2 | 3 => world.declare_score()?,
            4 => world.declare_tags()?,
            _ => world.declare_let()?,
        });
    }
    for _ in 0..world.number_in(0, size.tests)? {
        let trial = world.declare_test(&items)?;
        items.push(trial);
    }
    if world.u.arbitrary()? {
        shuffle(world.u, &mut items)?;
    }
    Ok((headers, items))
}

fn shuffle<T>(u: &mut Unstructured<'_>, items: &mut [T]) -> Result<()> {
    for end in (1..items.len()).rev() {
        let other = u.int_in_range(0..=end)?;
        items.swap(end, other);
    }
    Ok(())
}

impl World<'_, '_> {
    fn headers(&mut self) -> Result<Vec<Item>> {
        let mut headers = Vec::new();
        if self.u.arbitrary()? {
            let version = if self.u.arbitrary()? { Some(quoted("3")) } else { None };
            let (name, place) = (quoted("生成 \\ \"generated\""), Place::default());
            headers.push(Item::Ruleset(Ruleset { name, version, place }));
        }
        if self.u.arbitrary()? {
            headers.push(Item::Zone(quoted(self.pick(ZONES)?)));
        }
        if self.u.arbitrary()? {
            headers.push(Item::Placeholders(self.placeholders(false)?));
        }
        Ok(headers)
    }
}
