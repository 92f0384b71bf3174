//! The code that is written for a struct.

use crate::attribute::{self, Container, Field, How, Named};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use std::collections::BTreeMap;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Error, Fields, Generics, Lifetime, Result};

/// A field as rule files see it: its entry in the list of fields, and its value.
struct Written {
    entry: TokenStream,
    value: TokenStream,
}

/// Implements the traits, or says everything that is in the way.
pub(crate) fn record(input: &DeriveInput) -> Result<TokenStream> {
    let mut faults = Faults(None);
    let container = faults.take(Container::new(&input.attrs));
    let written = faults.take(fields(input, container.as_ref()));
    faults.none()?;
    let (Some(Container { krate, .. }), Some(written)) = (container, written) else { return Ok(TokenStream::new()) };

    let generics = bounded(&input.generics, &krate);
    let (generics, arguments, conditions) =
        (generics.split_for_impl().0, input.generics.split_for_impl().1, &generics.where_clause);
    let name = &input.ident;
    let entries = written.iter().map(|field| &field.entry);
    let values = written.iter().map(|field| &field.value);
    let visited = written.iter().map(|field| &field.value);
    let (places, places_again) = (0..written.len(), 0..written.len());
    let record = Lifetime::new("'gradus_record", proc_macro2::Span::mixed_site());
    Ok(quote! {
        #[automatically_derived]
        impl #generics #krate::Record for #name #arguments #conditions {
            #[inline]
            fn fields() -> &'static [#krate::RecordField] {
                const { &[#(#entries),*] }
            }

            #[inline]
            fn value(&self, field: usize) -> #krate::FieldValue<'_> {
                match field {
                    #(#places => #values,)*
                    _ => #krate::FieldValue::Missing,
                }
            }

            #[inline]
            fn visit<#record>(&#record self, visitor: &mut impl #krate::FieldVisitor<#record>) {
                #({
                    // only a `Value` owns something: the others need not be looked at again
                    let value = ::core::mem::ManuallyDrop::new(#visited);
                    #krate::FieldVisitor::field(visitor, #places_again, &value);
                    if let #krate::FieldValue::Value(_) = *value {
                        ::core::mem::drop(::core::mem::ManuallyDrop::into_inner(value));
                    }
                })*
            }
        }

        #[automatically_derived]
        impl #generics #krate::ToField for #name #arguments #conditions {
            const KIND: #krate::FieldKind = #krate::FieldKind::Value;

            fn to_field(&self) -> #krate::FieldValue<'_> {
                #krate::FieldValue::from_record(self)
            }
        }
    })
}

/// A value of every type parameter can be a field.
fn bounded(generics: &Generics, krate: &TokenStream) -> Generics {
    let mut bounded = generics.clone();
    for parameter in bounded.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(#krate::ToField));
    }
    bounded
}

fn fields(input: &DeriveInput, container: Option<&Container>) -> Result<Vec<Written>> {
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => &fields.named,
            Fields::Unnamed(fields) => {
                return Err(Error::new(fields.span(), "rule files read fields by name, and these have none"));
            }
            Fields::Unit => return Err(Error::new(input.ident.span(), "rule files read fields, and this has none")),
        },
        Data::Enum(data) => {
            return Err(Error::new(
                data.enum_token.span(),
                "a record is a struct; an enum can be a field of one, by `gradus::ToField`",
            ));
        }
        Data::Union(data) => return Err(Error::new(data.union_token.span(), "a record is a struct")),
    };
    let (mut faults, mut names, mut written) = (Faults(None), BTreeMap::new(), Vec::new());
    for field in fields {
        let Some(attribute) = faults.take(Field::new(&field.attrs)) else { continue };
        let (Field::Read { rename, how }, Some(ident)) = (attribute, &field.ident) else { continue };
        let Named { name, span } = Named::new(ident, rename.as_ref(), container.and_then(|it| it.rename_all));
        if let Some(first) = names.insert(name.clone(), span) {
            faults.add(Error::new(span, format!("another field is called `{name}` already")));
            faults.add(Error::new(first, "it is this one"));
        }
        if let Some(Container { krate, .. }) = container {
            written.push(write(field, ident, &name, &how, krate));
        }
    }
    faults.none()?;
    Ok(written)
}

/// What does not fit is shown at the type of the field, or at the function.
fn write(field: &syn::Field, ident: &syn::Ident, name: &str, how: &How, krate: &TokenStream) -> Written {
    let (ty, at) = (&field.ty, attribute::at(field.ty.span()));
    let (kind, value) = match how {
        How::ToField => (
            quote_spanned!(at=> <#ty as #krate::ToField>::KIND),
            quote_spanned!(at=> <#ty as #krate::ToField>::to_field(&self.#ident)),
        ),
        How::Units(places) => (
            quote!(#krate::FieldKind::Decimal),
            quote_spanned!(at=> <#ty as #krate::Units>::in_units(&self.#ident, #places)),
        ),
        How::With(with, kind) => {
            (quote!(#krate::FieldKind::#kind), quote_spanned!(attribute::at(with.span())=> #with(&self.#ident)))
        }
    };
    Written { entry: quote!(#krate::RecordField::new(#name, #kind)), value }
}

/// Everything that is wrong, together.
struct Faults(Option<Error>);

impl Faults {
    fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    fn add(&mut self, error: Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }

    fn none(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
