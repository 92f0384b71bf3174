//! First pass: headers, names, types, fields, params, and the labels of every outcome.

use super::constant::read_number;
use super::operand::{Operand, OperandKind};
use super::{Checker, Declared, Entity, Input};
use crate::diagnostic::{Code, Diagnostic, did_you_mean, list_names};
use crate::hir::node::{Constant, Node};
use crate::lead::standard_fields;
use crate::syntax::ast::{self, ExprKind, Item, Name, Place, TypeExpr, TypeKind};
use crate::types::{Choice, FieldType, Placeholders, Type};
use crate::value::text::normal_form;
use crate::value::{Fixed, Value};
use std::sync::Arc;

impl<'a> Checker<'a> {
    /// Collects what is declared, so that order does not matter.
    pub(super) fn declare(&mut self, input: &Input<'a>) {
        let headers = self.headers(input.files);
        self.schema = standard_fields();
        let named = self.schema.iter().enumerate();
        self.slots = named.map(|(position, field)| (field.name.clone(), position)).collect();
        for header in &headers {
            self.apply_header_placeholders(header);
        }
        for (file, header) in input.files.iter().zip(&headers) {
            for item in &file.items {
                if let Item::Field(field) = item {
                    self.declare_field(field, header);
                }
            }
        }
        let items = || input.files.iter().flat_map(|file| &file.items);
        self.schema.sort_by(|a, b| a.name.cmp(&b.name));
        let named = self.schema.iter().enumerate();
        self.slots = named.map(|(position, field)| (field.name.clone(), position)).collect();
        for name in input.broken {
            self.declared_at.entry(&name.text).or_insert(name.place.0);
            self.entities.insert(&name.text, Entity::Broken);
        }
        for item in items() {
            self.declare_item(item);
        }
        self.declare_params(items(), input);
    }

    /// Ruleset and zone, each at most once; and the placeholders of each file, which hold for its own fields.
    fn headers(&mut self, files: &'a [ast::RuleFile]) -> Vec<Placeholders> {
        let (mut ruleset, mut zone) = (None, None);
        let mut found = Vec::with_capacity(files.len());
        for file in files {
            let (mut seen, mut own) = (None, Placeholders::default());
            for item in &file.items {
                match item {
                    Item::Ruleset(header) if self.first(&mut ruleset, header.place, "ruleset") => {
                        self.header.name = Some(header.name.text.clone());
                        self.header.version = header.version.as_ref().map(|version| version.text.clone());
                    }
                    Item::Zone(header) if self.first(&mut zone, header.place, "zone") => self.declare_zone(header),
                    Item::Placeholders(header) if self.first(&mut seen, header.place, "missing as") => {
                        own = self.placeholders(header, &Type::Decimal);
                    }
                    _ => {}
                }
            }
            found.push(own);
        }
        found
    }

    /// Whether this is the first header of its kind; a second is an error.
    fn first(&mut self, seen: &mut Option<Place>, place: Place, what: &str) -> bool {
        if let Some(earlier) = seen {
            let diagnostic = Diagnostic::error(Code::DuplicateClause, place.0, format!("`{what}` is given twice"))
                .related(earlier.0, "first here");
            self.report(diagnostic);
            return false;
        }
        *seen = Some(place);
        true
    }

    /// The file's zone, unless the host has set one.
    fn declare_zone(&mut self, header: &ast::Quoted) {
        let zone = crate::time::zone(&header.text);
        if self.header.zone.is_none() {
            self.header.zone.clone_from(&zone);
        }
        if zone.is_none() {
            self.error(Code::InvalidZone, header.place, format!("`{}` is not a time zone", header.text))
                .set_help("zones are named as in the tz database, such as `Asia/Shanghai` or `UTC`");
        }
    }

    /// Values of `missing as`; numbers need a field that holds numbers.
    fn placeholders(&mut self, clause: &ast::Placeholders, kind: &Type) -> Placeholders {
        let mut found = Placeholders::default();
        for value in &clause.values {
            if let ExprKind::Text(text) = &value.kind {
                found.texts.push(normal_form(text).into());
                continue;
            }
            match placeholder_number(value) {
                Some(number) if matches!(kind, Type::Int | Type::Decimal | Type::Float) => found.numbers.push(number),
                Some(_) => {
                    self.error(Code::InvalidPlaceholder, value.place, format!("a {kind} field never holds a number"));
                }
                None => {
                    self.error(Code::InvalidPlaceholder, value.place, "a placeholder is a quoted text or a number");
                }
            }
        }
        found
    }

    /// The header's placeholders hold for text, choice and set fields of the standard lead too.
    fn apply_header_placeholders(&mut self, header: &Placeholders) {
        for field in &mut self.schema {
            merge_header(field, header);
        }
    }

    fn declare_field(&mut self, field: &'a ast::Field, header: &Placeholders) {
        let declared = self.field_type(field, header);
        let Some(&position) = self.slots.get(field.name.text.as_str()) else {
            self.slots.insert(field.name.text.as_str().into(), self.schema.len());
            self.schema.push(declared);
            return;
        };
        let known = &mut self.schema[position];
        if known.declared {
            let earlier = self.declared_at.get(field.name.text.as_str()).copied().unwrap_or_default();
            let diagnostic = duplicate(&field.name, earlier);
            self.report(diagnostic);
            return;
        }
        self.declared_at.insert(&field.name.text, field.name.place.0);
        match refine(known, declared) {
            Ok(refined) => *known = refined,
            Err(standard) => {
                let message = format!("`{}` is a standard field of type {standard}", field.name.text);
                self.error(Code::StandardField, field.kind.place, message).set_help(
                    "a text may be narrowed to a choice, a set of text to a set of labels, and a list may get further elements; \
                     give other data a name of its own",
                );
            }
        }
    }

    /// A field as declared, with the header's placeholders where they hold.
    fn field_type(&mut self, field: &'a ast::Field, header: &Placeholders) -> FieldType {
        let kind = self.type_of(&field.kind, header);
        let placeholders =
            field.placeholders.as_ref().map(|clause| self.placeholders(clause, &kind)).unwrap_or_default();
        let mut declared = FieldType {
            name: field.name.text.as_str().into(),
            title: field.title.as_ref().map(|title| title.text.as_str().into()),
            kind,
            placeholders,
            declared: true,
            required: false,
        };
        merge_header(&mut declared, header);
        declared
    }

    /// A type as written.
    fn type_of(&mut self, written: &'a TypeExpr, header: &Placeholders) -> Type {
        match &written.kind {
            TypeKind::Bool => Type::Bool,
            TypeKind::Int => Type::Int,
            TypeKind::Decimal => Type::Decimal,
            TypeKind::Float => Type::Float,
            TypeKind::Text => Type::Text,
            TypeKind::Code => Type::Code,
            TypeKind::Date => Type::Date,
            TypeKind::DateTime => Type::DateTime,
            TypeKind::Region => Type::Region,
            TypeKind::SetOfText => Type::SetOfText,
            TypeKind::SetOfCode => Type::SetOfCode,
            TypeKind::Choice(labels) => Type::Choice(self.choice(false, labels, written.place)),
            TypeKind::OrderedChoice(labels) => Type::Choice(self.choice(true, labels, written.place)),
            TypeKind::Set(labels) => Type::Set(self.choice(false, labels, written.place)),
            TypeKind::List(fields) => Type::List(self.elements(fields, header)),
        }
    }

    /// The labels of a closed list: at least one, none twice, none blank.
    fn choice(&mut self, ordered: bool, labels: &[ast::Quoted], place: Place) -> Arc<Choice> {
        if labels.is_empty() {
            self.error(Code::NoRules, place, "a list of labels needs at least one");
        }
        let mut seen: std::collections::HashMap<String, Place> = std::collections::HashMap::new();
        for label in labels {
            let normal = normal_form(&label.text);
            if normal.is_empty() {
                self.error(Code::UnknownLabel, label.place, "a label cannot be blank: blank means missing");
            } else if let Some(earlier) = seen.insert(normal, label.place) {
                let message = format!("the label `\"{}\"` is listed twice", label.text);
                let diagnostic =
                    Diagnostic::error(Code::DuplicateLabel, label.place.0, message).related(earlier.0, "first here");
                self.report(diagnostic);
            }
        }
        Arc::new(Choice::new(ordered, labels.iter().map(|label| label.text.as_str())))
    }

    fn elements(&mut self, fields: &'a [ast::Field], header: &Placeholders) -> Arc<[FieldType]> {
        let mut elements: Vec<FieldType> = Vec::with_capacity(fields.len());
        for field in fields {
            if matches!(field.kind.kind, TypeKind::List(_)) {
                self.error(Code::TypeMismatch, field.kind.place, "a list cannot hold lists");
                continue;
            }
            if elements.iter().any(|known| *known.name == *field.name.text) {
                let message = format!("the element field `{}` is declared twice", field.name.text);
                self.error(Code::DuplicateName, field.name.place, message);
                continue;
            }
            let element = self.field_type(field, header);
            elements.push(element);
        }
        elements.sort_by(|a, b| a.name.cmp(&b.name));
        elements.into()
    }

    /// Gives a name its meaning; a name that is taken is an error.
    fn name(&mut self, name: &'a Name, entity: Entity) {
        if let Some(&earlier) = self.declared_at.get(name.text.as_str()) {
            let diagnostic = duplicate(name, earlier);
            self.report(diagnostic);
            return;
        }
        if self.slots.contains_key(name.text.as_str()) {
            let message = format!("`{}` is a field of the standard lead", name.text);
            self.error(Code::DuplicateName, name.place, message).set_help("choose another name");
            return;
        }
        self.declared_at.insert(&name.text, name.place.0);
        self.entities.insert(&name.text, entity);
    }

    fn declare_item(&mut self, item: &'a Item) {
        match item {
            Item::Let(declared) => {
                self.name(&declared.name, Entity::Let(self.lets.len()));
                self.lets.push(declared);
                self.checked_lets.push(None);
            }
            Item::Classify(declared) => {
                self.name(&declared.name, Entity::Class(self.classes.len()));
                let labels = self.class_labels(declared);
                self.classes.push(Declared { syntax: declared, labels });
                self.checked_classes.push(None);
            }
            Item::Score(declared) => {
                self.name(&declared.name, Entity::Score(self.scores.len()));
                // best first is highest
                let grades = declared.grades.as_deref().unwrap_or_default();
                let mut labels = quoted_results(grades);
                labels.reverse();
                self.scores.push(Declared { syntax: declared, labels: Arc::new(Choice::new(true, labels)) });
                self.checked_scores.push(None);
            }
            Item::Tags(declared) => {
                self.name(&declared.name, Entity::Tags(self.tags.len()));
                let labels = Arc::new(Choice::new(false, quoted_results(&declared.rules)));
                self.tags.push(Declared { syntax: declared, labels });
                self.checked_tags.push(super::outcomes::TagsState::new(declared.rules.len()));
            }
            Item::Test(declared) => self.tests.push(declared),
            // duplicates of fields are found when they are declared
            Item::Field(field) => {
                self.declared_at.entry(&field.name.text).or_insert(field.name.place.0);
            }
            Item::Ruleset(_) | Item::Zone(_) | Item::Placeholders(_) | Item::Param(_) => {}
        }
    }

    /// The labels of a classification: as typed, or else its quoted results in order of appearance.
    fn class_labels(&mut self, declared: &'a ast::Classify) -> Arc<Choice> {
        match &declared.kind {
            None => Arc::new(Choice::new(false, quoted_results(&declared.rules))),
            Some(written) => match &written.kind {
                TypeKind::Choice(labels) => self.choice(false, labels, written.place),
                TypeKind::OrderedChoice(labels) => self.choice(true, labels, written.place),
                _ => {
                    self.error(
                        Code::TypeMismatch,
                        written.place,
                        "a classification is a `choice` or an `ordered choice`",
                    );
                    Arc::new(Choice::new(false, quoted_results(&declared.rules)))
                }
            },
        }
    }

    fn declare_params(&mut self, items: impl Iterator<Item = &'a Item>, input: &Input<'a>) {
        for item in items {
            if let Item::Param(declared) = item {
                self.name(&declared.name, Entity::Param(self.params.len()));
                let operand = self.param(declared, input);
                self.params.push(operand);
            }
        }
        for (name, _) in input.params {
            let known = self.entities.get(name.as_str());
            if !matches!(known, Some(Entity::Param(_) | Entity::Broken)) {
                let params = self.entities.iter().filter(|(_, entity)| matches!(entity, Entity::Param(_)));
                let mut names: Vec<&str> = params.map(|(name, _)| *name).collect();
                names.sort_unstable();
                let help = did_you_mean(name, names.iter().copied()).or_else(|| {
                    (!names.is_empty()).then(|| format!("the params are {}", list_names(names.iter().copied())))
                });
                self.error(Code::UnknownParam, Place::default(), format!("the file has no param `{name}`"))
                    .set_maybe_help(help);
            }
        }
    }

    /// A param's value: the host's, or else the file's. Both are checked.
    fn param(&mut self, declared: &'a ast::Param, input: &Input<'a>) -> Operand {
        let kind = self.type_of(&declared.kind, &Placeholders::default());
        if matches!(kind, Type::List(_)) {
            self.error(Code::TypeMismatch, declared.kind.place, "a param cannot be a list");
            return Operand::error(declared.place);
        }
        let default = self.expression(&declared.default);
        let default = self.coerce(&default, &kind).map(|node| (self.start_of_constant_day(node), default.place));
        let value = match input.params.iter().rev().find(|(name, _)| *name == declared.name.text) {
            Some((_, value)) => self.param_override(declared, &kind, value),
            None => default.map(|(node, _)| node),
        };
        let constant = |node| matches!(self.nodes.constant(node), Some(constant) if *constant != Constant::Missing);
        match (value, default) {
            (Some(node), Some((default, _))) if constant(node) => {
                if let Some((own, default)) = self.nodes.constant(node).zip(self.nodes.constant(default))
                    && own.canonical() != default.canonical()
                {
                    self.overridden.push((declared.name.text.clone(), own.clone()));
                }
                Operand::node(node, kind, declared.name.place)
            }
            (Some(_), Some((_, place))) => {
                self.error(Code::NotConstant, place, "the value of a param is a constant");
                Operand::error(declared.place)
            }
            _ => Operand::error(declared.place),
        }
    }

    /// A constant date where an instant is wanted, as the start of that day in the rule set's zone.
    fn start_of_constant_day(&mut self, node: crate::hir::NodeId) -> crate::hir::NodeId {
        let Node::StartOfDay(date) = self.nodes.get(node) else { return node };
        let Some(Constant::Date(date)) = self.nodes.constant(*date) else { return node };
        let zone = self.header.zone.clone().unwrap_or(jiff::tz::TimeZone::UTC);
        match crate::value::moment::start_of_day(*date, &zone) {
            Some(instant) => self.nodes.add_constant(Constant::Instant(instant)),
            None => node,
        }
    }

    /// The host's value, read as a lead's field of that type would be.
    fn param_override(&mut self, declared: &ast::Param, kind: &Type, value: &Value) -> Option<crate::hir::NodeId> {
        match super::tests::constant_of_value(value, &declared.name.text, kind, self.header.zone.as_ref()) {
            Ok(constant) => Some(self.nodes.add_constant(constant)),
            Err(reason) => {
                let message = format!("the value given for param `{}` does not fit: {reason}", declared.name.text);
                self.error(Code::InvalidParam, declared.kind.place, message);
                None
            }
        }
    }

    /// What a name stands for.
    pub(super) fn entity(&self, name: &str) -> Option<Entity> {
        if let Some(entity) = self.entities.get(name) {
            return Some(*entity);
        }
        u32::try_from(*self.slots.get(name)?).ok().map(Entity::Field)
    }

    /// Every name that an expression may use.
    pub(super) fn known_names(&self) -> Vec<&str> {
        // looking for the nearest of many names takes time, which errors that nobody sees are not worth
        if self.has_reported_enough() {
            return Vec::new();
        }
        let mut names: Vec<&str> =
            self.entities.keys().copied().chain(self.schema.iter().map(|field| &*field.name)).collect();
        names.sort_unstable();
        names
    }

    /// A constant operand's members, when it is a set literal.
    pub(super) fn set_members(operand: &Operand) -> Option<&[Operand]> {
        match &operand.kind {
            OperandKind::Set(members) => Some(members),
            _ => None,
        }
    }
}

/// Quoted results of rules, in order of appearance; also those inside a `match`, a `coalesce` or parentheses.
fn quoted_results(rules: &[ast::Rule]) -> Vec<&str> {
    let mut found = Vec::new();
    collect_quoted(rules, &mut found);
    found
}

fn collect_quoted<'r>(rules: &'r [ast::Rule], found: &mut Vec<&'r str>) {
    for rule in rules {
        if let ast::RuleResult::Value(value) = &rule.result {
            quoted_values(value, found);
        }
    }
}

fn quoted_values<'r>(value: &'r ast::Expr, found: &mut Vec<&'r str>) {
    match &value.kind {
        ExprKind::Text(text) => found.push(text),
        ExprKind::Paren(inner) => quoted_values(inner, found),
        ExprKind::Match { rules, .. } => collect_quoted(rules, found),
        ExprKind::Call { function, arguments } if function.text == "coalesce" => {
            for argument in arguments {
                if let ast::Argument::Value(value) = argument {
                    quoted_values(value, found);
                }
            }
        }
        _ => {}
    }
}

fn duplicate(name: &Name, earlier: crate::source::Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateName, name.place.0, format!("the name `{}` is taken", name.text))
        .related(earlier, "first declared here")
}

fn placeholder_number(value: &ast::Expr) -> Option<Fixed> {
    let constant = match &value.kind {
        ExprKind::Number(written) => read_number(written, false).ok()?,
        ExprKind::Negate(inner) => match &inner.kind {
            ExprKind::Number(written) => read_number(written, true).ok()?,
            _ => return None,
        },
        _ => return None,
    };
    match constant {
        Constant::Int(value) => Some(Fixed::from_int(value)),
        Constant::Decimal(value) => Some(value),
        _ => None,
    }
}

/// Adds the header's placeholders to a field of a type that they hold for, and to the elements of a list.
fn merge_header(field: &mut FieldType, header: &Placeholders) {
    match &field.kind {
        Type::Text | Type::Choice(_) | Type::Set(_) | Type::SetOfText | Type::SetOfCode => {
            for text in &header.texts {
                if !field.placeholders.texts.contains(text) {
                    field.placeholders.texts.push(text.clone());
                }
            }
        }
        Type::List(elements) => {
            let mut elements = elements.to_vec();
            elements.iter_mut().for_each(|element| merge_header(element, header));
            field.kind = Type::List(elements.into());
        }
        _ => {}
    }
}

/// A standard field as a file declares it again: a text narrowed to a choice, a list with further elements, or the same
/// type with title and placeholders. Otherwise the standard type, for the message.
fn refine(standard: &FieldType, declared: FieldType) -> Result<FieldType, Type> {
    let kind = match (&standard.kind, &declared.kind) {
        (Type::List(known), Type::List(own)) => Type::List(refine_elements(known, own)?),
        (known, own) if known == own => known.clone(),
        (Type::Text, Type::Choice(_)) | (Type::SetOfText, Type::Set(_)) => declared.kind.clone(),
        (known, _) => return Err(known.clone()),
    };
    Ok(FieldType { kind, required: standard.required, ..declared })
}

/// The elements of a standard list with those that a file declares: its own narrowed, others added.
fn refine_elements(known: &[FieldType], own: &[FieldType]) -> Result<Arc<[FieldType]>, Type> {
    let mut elements = known.to_vec();
    for element in own {
        match elements.iter_mut().find(|known| known.name == element.name) {
            Some(known) => *known = refine(known, element.clone())?,
            None => elements.push(element.clone()),
        }
    }
    elements.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(elements.into())
}
