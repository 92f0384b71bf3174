//! What has been declared so far, and the draw of bytes.

use super::Size;
use super::build::{expr, kind, name, path, quoted};
use super::words::{LABELS, NAMES};
use arbitrary::{Result, Unstructured};
use gradus::syntax::ast::{Expr, ExprKind, Field, Place, TypeExpr, TypeKind};

/// A type, as far as generators tell types apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int,
    Decimal,
    Float,
    Text,
    Code,
    Date,
    DateTime,
    /// Labels, lowest first, and whether they are ordered.
    Choice(Vec<String>, bool),
    SetOf(Vec<String>),
    SetOfText,
    SetOfCode,
    Region,
    List(Vec<(String, Kind)>),
}

impl Kind {
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Kind::Int | Kind::Decimal)
    }

    pub(super) fn is_time(&self) -> bool {
        matches!(self, Kind::Date | Kind::DateTime)
    }
}

/// Something that expressions can name.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) path: Vec<String>,
    pub(super) kind: Kind,
    /// What it is made of.
    made_of: MadeOf,
}

/// Whether something is made with list functions or population functions, which do not nest, not through lets either.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MadeOf {
    pub(super) lists: bool,
    pub(super) ranks: bool,
}

/// Where an expression stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Spot {
    /// The element fields behind a leading dot, inside a list function.
    pub(super) element: Option<Vec<(String, Kind)>>,
    /// Inside a population function.
    pub(super) ranked: bool,
}

/// The state of a generator: the bytes and the declarations so far.
pub(super) struct World<'w, 'b> {
    pub(super) u: &'w mut Unstructured<'b>,
    pub(super) size: Size,
    pub(super) known: Vec<Known>,
    /// What the declaration that is being made is made of, so far.
    pub(super) made_of: MadeOf,
    /// Fields as a lead has them.
    pub(super) fields: Vec<(String, Kind)>,
    /// Params with a number: name and hundredths.
    pub(super) number_params: Vec<(String, i64)>,
    /// Params that can count a period.
    pub(super) period_params: Vec<String>,
    /// Lets that are sets of texts, or one text.
    pub(super) text_sets: Vec<(String, Vec<String>)>,
    pub(super) text_constants: Vec<(String, String)>,
    free_names: Vec<&'static str>,
}

impl<'w, 'b> World<'w, 'b> {
    pub(super) fn new(u: &'w mut Unstructured<'b>, size: Size) -> World<'w, 'b> {
        World {
            u,
            size,
            known: Vec::new(),
            made_of: MadeOf::default(),
            fields: Vec::new(),
            number_params: Vec::new(),
            period_params: Vec::new(),
            text_sets: Vec::new(),
            text_constants: Vec::new(),
            free_names: NAMES.to_vec(),
        }
    }

    /// A name that nothing has yet.
    pub(super) fn fresh_name(&mut self) -> Result<String> {
        if self.free_names.is_empty() {
            return Ok(format!("more_{}", self.known.len() + self.text_sets.len() + self.text_constants.len()));
        }
        let index = self.u.choose_index(self.free_names.len())?;
        Ok(self.free_names.swap_remove(index).to_owned())
    }

    /// One of several, by weight of position: all alike.
    pub(super) fn pick<T: Clone>(&mut self, items: &[T]) -> Result<T> {
        self.u.choose(items).cloned()
    }

    /// True once in so many times.
    pub(super) fn one_in(&mut self, times: u8) -> Result<bool> {
        self.u.ratio(1, times)
    }

    pub(super) fn number_in(&mut self, low: usize, high: usize) -> Result<usize> {
        self.u.int_in_range(low..=high.max(low))
    }

    /// Some different labels.
    pub(super) fn labels(&mut self, low: usize, high: usize) -> Result<Vec<String>> {
        let count = self.number_in(low, high)?;
        self.some_of(LABELS, count)
    }

    /// So many different items, as far as there are.
    pub(super) fn some_of(&mut self, items: &[&str], count: usize) -> Result<Vec<String>> {
        let mut rest: Vec<&str> = items.to_vec();
        let mut chosen = Vec::new();
        for _ in 0..count.min(items.len()) {
            let index = self.u.choose_index(rest.len())?;
            chosen.push(rest.swap_remove(index).to_owned());
        }
        Ok(chosen)
    }

    /// The same for owned texts.
    pub(super) fn some_labels(&mut self, labels: &[String], low: usize) -> Result<Vec<String>> {
        let borrowed: Vec<&str> = labels.iter().map(String::as_str).collect();
        let count = self.number_in(low, 3.min(labels.len()))?;
        self.some_of(&borrowed, count)
    }

    /// Something that can be named here and whose type fits, if there is any.
    pub(super) fn named(&mut self, spot: &Spot, fits: impl Fn(&Kind) -> bool) -> Result<Option<(Expr, Kind)>> {
        let elements = spot.element.iter().flatten().filter(|(_, kind)| fits(kind));
        let plain = MadeOf::default();
        let mut found: Vec<(Expr, Kind, MadeOf)> =
            elements.map(|(field, kind)| (expr(ExprKind::Element(name(field))), kind.clone(), plain)).collect();
        if found.is_empty() || self.u.ratio(1, 3)? {
            let nests = |made_of: MadeOf| made_of.lists && spot.element.is_some() || made_of.ranks && spot.ranked;
            let all = self.known.iter().filter(|known| fits(&known.kind) && !nests(known.made_of));
            found.extend(all.map(|known| (path(&known.path), known.kind.clone(), known.made_of)));
        }
        if found.is_empty() {
            return Ok(None);
        }
        let (chosen, kind, made_of) = self.pick(&found)?;
        self.made_of.lists |= made_of.lists;
        self.made_of.ranks |= made_of.ranks;
        Ok(Some((chosen, kind)))
    }

    /// Something new to name, made of what was drawn since the last [`World::begin`].
    pub(super) fn know(&mut self, path: &[&str], kind: Kind) {
        let path = path.iter().map(|&part| part.to_owned()).collect();
        self.known.push(Known { path, kind, made_of: self.made_of });
    }

    /// The start of a declaration.
    pub(super) fn begin(&mut self) {
        self.made_of = MadeOf::default();
    }

    pub(super) fn know_field(&mut self, field: &str, kind: &Kind) {
        self.fields.retain(|(name, _)| name != field);
        self.known.retain(|known| known.path != [field]);
        self.fields.push((field.to_owned(), kind.clone()));
        self.know(&[field], kind.clone());
    }
}

/// A type as it is written; `extra` adds placeholders and the like to element fields.
pub(super) fn written(kind_of: &Kind) -> TypeExpr {
    let quote = |labels: &[String]| labels.iter().map(|label| quoted(label)).collect();
    kind(match kind_of {
        Kind::Bool => TypeKind::Bool,
        Kind::Int => TypeKind::Int,
        Kind::Decimal => TypeKind::Decimal,
        Kind::Float => TypeKind::Float,
        Kind::Text => TypeKind::Text,
        Kind::Code => TypeKind::Code,
        Kind::Date => TypeKind::Date,
        Kind::DateTime => TypeKind::DateTime,
        Kind::Choice(labels, false) => TypeKind::Choice(quote(labels)),
        Kind::Choice(labels, true) => TypeKind::OrderedChoice(quote(labels)),
        Kind::SetOf(labels) => TypeKind::Set(quote(labels)),
        Kind::SetOfText => TypeKind::SetOfText,
        Kind::SetOfCode => TypeKind::SetOfCode,
        Kind::Region => TypeKind::Region,
        Kind::List(fields) => TypeKind::List(fields.iter().map(|(name, kind)| plain_field(name, kind)).collect()),
    })
}

/// A field without title and placeholders.
pub(super) fn plain_field(field: &str, kind: &Kind) -> Field {
    Field { name: name(field), title: None, kind: written(kind), placeholders: None, place: Place::default() }
}
