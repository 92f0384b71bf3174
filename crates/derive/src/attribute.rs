//! `#[record(…)]`, on the struct and on its fields.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned as _;
use syn::{Attribute, Error, Ident, LitInt, LitStr, Path, Result};

/// The kinds of values that `kind` may name.
const KINDS: &[&str] = &["Bool", "Int", "Decimal", "Float", "Text", "Texts", "Date", "Instant", "Value"];
/// The most decimal places that a decimal has.
const PLACES: u32 = 12;

/// What the attributes of the struct say.
pub(crate) struct Container {
    pub(crate) rename_all: Option<Case>,
    /// Where gradus is.
    pub(crate) krate: TokenStream,
}

/// How fields are written in rule files.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    Snake,
    Camel,
    Pascal,
}

/// What the attributes of a field say.
pub(crate) enum Field {
    /// Nothing is read of it.
    Skip,
    Read {
        rename: Option<LitStr>,
        how: How,
    },
}

/// How the value of a field is read.
pub(crate) enum How {
    /// As its type says.
    ToField,
    /// As a number of units of so many decimal places.
    Units(u32),
    /// By a function of the host, which gives values of a kind.
    With(Path, Ident),
}

impl Container {
    pub(crate) fn new(attributes: &[Attribute]) -> Result<Container> {
        let (mut rename_all, mut krate) = (None, None);
        each(attributes, |meta| {
            if meta.path.is_ident("rename_all") {
                once(&mut rename_all, meta, case(meta.value()?)?)
            } else if meta.path.is_ident("crate") {
                let path = meta.value()?.call(Path::parse_mod_style)?;
                once(&mut krate, meta, path)
            } else {
                Err(meta.error("expected `rename_all` or `crate`"))
            }
        })?;
        let krate = krate.map_or_else(|| quote!(::gradus), |path| written(path.to_token_stream()));
        Ok(Container { rename_all, krate })
    }
}

impl Field {
    pub(crate) fn new(attributes: &[Attribute]) -> Result<Field> {
        let (mut skip, mut rename, mut places, mut with, mut kind) = (None, None, None, None, None);
        each(attributes, |meta| {
            if meta.path.is_ident("skip") {
                once(&mut skip, meta, meta.path.span())
            } else if meta.path.is_ident("rename") {
                once(&mut rename, meta, name(meta.value()?.parse()?)?)
            } else if meta.path.is_ident("places") {
                once(&mut places, meta, places_of(&meta.value()?.parse()?)?)
            } else if meta.path.is_ident("with") {
                once(&mut with, meta, meta.value()?.parse::<Path>()?)
            } else if meta.path.is_ident("kind") {
                once(&mut kind, meta, kind_of(meta.value()?.parse()?)?)
            } else {
                Err(meta.error("expected `rename`, `skip`, `places`, `with` or `kind`"))
            }
        })?;
        if let Some(span) = skip {
            let alone = rename.is_none() && places.is_none() && with.is_none() && kind.is_none();
            return if alone { Ok(Field::Skip) } else { Err(Error::new(span, "nothing else goes with `skip`")) };
        }
        let how = match (places, with, kind) {
            (None, None, None) => How::ToField,
            (Some((places, _)), None, None) => How::Units(places),
            (None, Some(with), Some(kind)) => How::With(with, kind),
            (Some((_, span)), ..) => {
                return Err(Error::new(span, "`places` does not go with `with` and `kind`"));
            }
            (None, Some(with), None) => {
                let message = "say what kind of values this function gives, such as `kind = Text`";
                return Err(Error::new(with.span(), message));
            }
            (None, None, Some(kind)) => {
                return Err(Error::new(kind.span(), "the type of the field says this; `kind` goes with `with`"));
            }
        };
        Ok(Field::Read { rename, how })
    }
}

/// A place in the struct for code that the macro writes: messages point there, but lints for what people write do not.
pub(crate) fn at(place: Span) -> Span {
    Span::call_site().located_at(place)
}

/// The same for tokens.
fn written(tokens: TokenStream) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        token.set_span(at(token.span()));
        token
    });
    tokens.collect()
}

/// Every item of every `#[record(…)]`.
fn each(attributes: &[Attribute], mut take: impl FnMut(&ParseNestedMeta<'_>) -> Result<()>) -> Result<()> {
    let mut own = attributes.iter().filter(|attribute| attribute.path().is_ident("record"));
    own.try_for_each(|attribute| attribute.parse_nested_meta(|meta| take(&meta)))
}

fn once<T>(slot: &mut Option<T>, meta: &ParseNestedMeta<'_>, value: T) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::new(meta.path.span(), "this is said twice")),
    }
}

fn name(name: LitStr) -> Result<LitStr> {
    if name.value().is_empty() { Err(Error::new(name.span(), "a field has a name")) } else { Ok(name) }
}

fn places_of(places: &LitInt) -> Result<(u32, Span)> {
    match places.base10_parse() {
        Ok(number) if number <= PLACES => Ok((number, places.span())),
        _ => Err(Error::new(places.span(), format!("decimals have 0 to {PLACES} places"))),
    }
}

fn kind_of(kind: Ident) -> Result<Ident> {
    if KINDS.iter().any(|known| kind == known) {
        Ok(kind)
    } else {
        Err(Error::new(kind.span(), format!("there is no such `FieldKind`; there are {}", KINDS.join(", "))))
    }
}

fn case(value: syn::parse::ParseStream<'_>) -> Result<Case> {
    let case: LitStr = value.parse()?;
    match case.value().as_str() {
        "snake_case" => Ok(Case::Snake),
        "camelCase" => Ok(Case::Camel),
        "PascalCase" => Ok(Case::Pascal),
        _ => Err(Error::new(case.span(), "expected \"snake_case\", \"camelCase\" or \"PascalCase\"")),
    }
}

impl Case {
    /// A name of Rust in this case: `deal_size`, `dealSize`, `DealSize`.
    pub(crate) fn apply(self, name: &str) -> String {
        let mut written = String::with_capacity(name.len());
        let mut starts = matches!(self, Case::Pascal);
        for character in name.chars() {
            match self {
                Case::Snake if character.is_uppercase() => {
                    if !written.is_empty() {
                        written.push('_');
                    }
                    written.extend(character.to_lowercase());
                }
                Case::Snake => written.push(character),
                _ if character == '_' => starts = !written.is_empty() || starts,
                _ if starts => {
                    written.extend(character.to_uppercase());
                    starts = false;
                }
                _ => written.push(character),
            }
        }
        written
    }
}

/// Where a name comes from, for messages.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) span: Span,
}

impl Named {
    /// What rule files call a field.
    pub(crate) fn new(ident: &Ident, rename: Option<&LitStr>, case: Option<Case>) -> Named {
        match rename {
            Some(name) => Named { name: name.value(), span: name.span() },
            None => {
                let name = syn::ext::IdentExt::unraw(ident).to_string();
                Named { name: case.map_or(name.clone(), |case| case.apply(&name)), span: ident.span() }
            }
        }
    }
}
