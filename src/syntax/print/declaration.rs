//! Headers and declarations.

use crate::source::Span;
use crate::syntax::ast::{
    Classify, Expr, Field, Indicator, Interval, Item, Let, Param, Placeholders, Quoted, Rule, Ruleset, Score, Tags,
    TypeExpr, TypeKind,
};

use super::Printer;
use super::expression::quoted;
use super::layout::Doc;
use super::list::{BRACES, Body, Frame, enclose};

/// So many indicators without grades may stand on one line.
const SHORT_SCORE: usize = 2;

/// The first line of a block in the making: the clauses after the name, and where the last of them ended.
struct Header {
    /// Clauses, with gaps that may break.
    parts: Vec<Doc>,
    /// The byte after the last clause.
    end: u32,
}

impl Header {
    /// `classify priority "优先级"`
    fn new(word: &str, name: &str, end: u32, title: Option<&Quoted>) -> Header {
        let mut header = Header { parts: vec![Doc::text(format!("{word} {name}"))], end };
        if let Some(title) = title {
            header.clause(title.place.0, quoted(title));
        }
        header
    }

    /// One more clause.
    fn clause(&mut self, place: Span, doc: Doc) {
        self.word(doc);
        self.end = self.end.max(place.end);
    }

    /// A clause without a place of its own.
    fn word(&mut self, doc: Doc) {
        self.parts.extend([Doc::Fill, doc]);
    }

    /// The header, with the blank before the block.
    fn close(self) -> Doc {
        Doc::nest(Doc::Concat(self.parts))
    }
}

impl Printer<'_> {
    /// One header or declaration.
    pub(super) fn item(&mut self, item: &Item) -> Doc {
        match item {
            Item::Ruleset(ruleset) => ruleset_header(ruleset),
            Item::Zone(zone) => Doc::Concat(vec![Doc::text("zone "), quoted(zone)]),
            Item::Placeholders(placeholders) => self.placeholders(placeholders),
            Item::Field(field) => Doc::Concat(vec![Doc::text("field "), self.field(field, " : ")]),
            Item::Param(param) => self.param(param),
            Item::Let(definition) => self.definition(definition),
            Item::Classify(classify) => self.classify(classify),
            Item::Score(score) => self.score(score),
            Item::Tags(tags) => self.tags(tags),
            Item::Test(test) => self.test(test),
        }
    }

    /// `need : text missing as { "见附件" } "需求"`; elements of a list have no blank before the colon.
    fn field(&mut self, field: &Field, colon: &'static str) -> Doc {
        let mut parts = vec![Doc::text(field.name.text.clone()), Doc::text(colon), self.type_expression(&field.kind)];
        if let Some(placeholders) = &field.placeholders {
            parts.extend([Doc::text(" "), self.placeholders(placeholders)]);
        }
        if let Some(title) = &field.title {
            parts.extend([Doc::text(" "), quoted(title)]);
        }
        Doc::Concat(parts)
    }

    /// `missing as { "未知", -1 }`
    fn placeholders(&mut self, placeholders: &Placeholders) -> Doc {
        let place = placeholders.place.0;
        let first = placeholders.values.first().map_or(place.end, |value| value.place.0.start);
        let brackets = self.brackets(place.start, first, place.end);
        Doc::Concat(vec![Doc::text("missing as "), self.set(BRACES, brackets, &placeholders.values)])
    }

    /// A type as written.
    fn type_expression(&mut self, kind: &TypeExpr) -> Doc {
        let place = kind.place.0;
        let word = match &kind.kind {
            TypeKind::Bool => "bool",
            TypeKind::Int => "int",
            TypeKind::Decimal => "decimal",
            TypeKind::Float => "float",
            TypeKind::Text => "text",
            TypeKind::Code => "code",
            TypeKind::Date => "date",
            TypeKind::DateTime => "datetime",
            TypeKind::SetOfText => "set of text",
            TypeKind::SetOfCode => "set of code",
            TypeKind::Region => "region",
            TypeKind::Choice(labels) => return self.labels("choice ", place, labels),
            TypeKind::OrderedChoice(labels) => return self.labels("ordered choice ", place, labels),
            TypeKind::Set(labels) => return self.labels("set ", place, labels),
            TypeKind::List(fields) => {
                let elements = self.list(
                    BRACES,
                    place,
                    fields,
                    |field| field.place.0,
                    |printer, field| printer.field(field, ": "),
                );
                return Doc::Concat(vec![Doc::text("list "), elements]);
            }
        };
        Doc::text(word)
    }

    /// `choice { "a", "b" }`
    fn labels(&mut self, word: &'static str, place: Span, labels: &[Quoted]) -> Doc {
        let frame = Frame { filled: true, ..BRACES };
        let list = self.list(frame, place, labels, |label| label.place.0, |_, label| quoted(label));
        Doc::Concat(vec![Doc::text(word), list])
    }

    /// `param big_deal "大单" : decimal = 50_000`
    fn param(&mut self, param: &Param) -> Doc {
        let kind = self.type_expression(&param.kind);
        let start = vec![titled("param ", &param.name.text, param.title.as_ref()), Doc::text(" : "), kind];
        Doc::Concat(vec![Doc::Concat(start), Doc::text(" = "), self.operand(&param.default)])
    }

    /// `let south = { "广东", "广西" }`
    fn definition(&mut self, definition: &Let) -> Doc {
        let start = titled("let ", &definition.name.text, definition.title.as_ref());
        Doc::Concat(vec![start, Doc::text(" = "), self.operand(&definition.value)])
    }

    /// `classify priority on fit.grade { … }`
    fn classify(&mut self, classify: &Classify) -> Doc {
        let name = &classify.name;
        let mut header = Header::new("classify", &name.text, name.place.0.end, classify.title.as_ref());
        if let Some(kind) = &classify.kind {
            self.hoist(kind.place.0);
            let doc = Doc::Concat(vec![Doc::text(": "), self.type_expression(kind)]);
            header.clause(kind.place.0, doc);
        }
        if classify.unique {
            header.word(Doc::text("unique"));
        }
        self.guard(&mut header, classify.when.as_ref());
        self.subjects(&mut header, &classify.on);
        self.ruled(header, &classify.rules, classify.place.0)
    }

    /// `tags profile { … }`
    fn tags(&mut self, tags: &Tags) -> Doc {
        let mut header = Header::new("tags", &tags.name.text, tags.name.place.0.end, tags.title.as_ref());
        self.guard(&mut header, tags.when.as_ref());
        self.subjects(&mut header, &tags.on);
        self.ruled(header, &tags.rules, tags.place.0)
    }

    /// `indicator size weight 35% on employees { … }`
    fn indicator(&mut self, indicator: &Indicator) -> Doc {
        let name = &indicator.name;
        let mut header = Header::new("indicator", &name.text, name.place.0.end, indicator.title.as_ref());
        if let Some(weight) = &indicator.weight {
            self.clause(&mut header, "weight ", weight);
        }
        if indicator.sum {
            header.word(Doc::text("sum"));
        }
        self.clamp(&mut header, indicator.clamp.as_ref());
        self.subjects(&mut header, &indicator.on);
        self.ruled(header, &indicator.rules, indicator.place.0)
    }

    /// `score fit clamp [0..100] { indicator … grades { … } }`
    fn score(&mut self, score: &Score) -> Doc {
        let place = score.place.0;
        let mut header = Header::new("score", &score.name.text, score.name.place.0.end, score.title.as_ref());
        self.guard(&mut header, score.when.as_ref());
        self.clamp(&mut header, score.clamp.as_ref());

        let grades = score.grades.as_deref().map(|rules| (rules, self.grades_places(rules, score, header.end)));
        let first = score.indicators.first().map(|indicator| indicator.place.0.start);
        let first = first.or(grades.map(|(_, (whole, _))| whole.start)).unwrap_or(place.end);
        let brackets = self.brackets(header.end, first, place.end);
        let inside = Span { end: grades.map_or(place.end, |(_, (whole, _))| whole.start), ..brackets };
        let mut body = self.body(inside, &score.indicators, |indicator| indicator.place.0, Self::indicator);
        if let Some((rules, (whole, brackets))) = grades {
            let mut line = self
                .line(whole, |printer| Doc::Concat(vec![Doc::text("grades "), printer.rule_block(brackets, rules)]));
            line.before.splice(..0, std::mem::take(&mut body.dangling));
            body.lines.push(line);
            body.dangling = self.comments.take_before(place.end);
        }
        let tall = grades.is_some() || score.indicators.len() > SHORT_SCORE;
        block(header, Frame { comma: "", tall, ..BRACES }, body)
    }

    /// Where `grades { … }` and its brackets stood: they have no place in the tree.
    fn grades_places(&self, rules: &[Rule], score: &Score, header: u32) -> (Span, Span) {
        let place = score.place.0;
        let first = rules.first().map_or(place.end, |rule| rule.place.0.start);
        let last = rules.last().map(|rule| rule.place.0.end);
        let before = score.indicators.iter().map(|indicator| indicator.place.0.end).filter(|&end| end <= first).max();
        self.worded("grades", "{}", before.unwrap_or(header), (first, last), place)
    }

    /// ` when GUARD`
    fn guard(&mut self, header: &mut Header, guard: Option<&Expr>) {
        if let Some(guard) = guard {
            self.clause(header, "when ", guard);
        }
    }

    /// ` clamp [0..100]`
    fn clamp(&mut self, header: &mut Header, clamp: Option<&Interval>) {
        if let Some(clamp) = clamp {
            self.hoist(clamp.place.0);
            let doc = Doc::Concat(vec![Doc::text("clamp "), self.interval(clamp)]);
            header.clause(clamp.place.0, doc);
        }
    }

    /// ` on fit.grade, engagement.grade`
    fn subjects(&mut self, header: &mut Header, subjects: &[Expr]) {
        let Some(last) = subjects.last() else { return };
        self.hoist(last.place.0);
        let subjects = subjects.iter().map(|subject| self.operand(subject)).collect();
        header.clause(last.place.0, Doc::Concat(vec![Doc::text("on "), Doc::join(subjects, ", ")]));
    }

    /// A clause that is a word and an expression.
    fn clause(&mut self, header: &mut Header, word: &'static str, expression: &Expr) {
        self.hoist(expression.place.0);
        let doc = Doc::Concat(vec![Doc::text(word), self.operand(expression)]);
        header.clause(expression.place.0, doc);
    }

    /// Comments up to the end of a clause move before the declaration: clauses are printed in an order of their own.
    fn hoist(&mut self, clause: Span) {
        self.comments.stray_before(clause.end);
    }

    /// A header and its rules.
    fn ruled(&mut self, header: Header, rules: &[Rule], place: Span) -> Doc {
        let first = rules.first().map_or(place.end, |rule| rule.place.0.start);
        let brackets = self.brackets(header.end, first, place.end);
        Doc::Concat(vec![header.close(), Doc::text(" "), self.rule_block(brackets, rules)])
    }

    /// From the `{` that stands in `after..first` to `end`.
    pub(super) fn brackets(&self, after: u32, first: u32, end: u32) -> Span {
        let start = self.comments.seek(after, first, "{").unwrap_or(after);
        Span { start, end, ..Span::default() }
    }

    /// Where a clause that starts with `word` stood, and its brackets: it lies in `after..place.end` and its content,
    /// if it has any, starts at the first and ends at the second of `content`.
    pub(super) fn worded(
        &self,
        word: &str,
        brackets: &str,
        after: u32,
        content: (u32, Option<u32>),
        place: Span,
    ) -> (Span, Span) {
        let (first, last) = content;
        let (open, close) = brackets.split_at(1);
        let Some(start) = self.comments.seek(after, first, word) else {
            let nowhere = Span { start: after, end: after, ..place };
            return (nowhere, nowhere);
        };
        let inner = self.comments.seek(start, first, open).unwrap_or(start);
        let end = self.comments.seek(last.unwrap_or(inner), place.end, close).map_or(place.end, |end| end + 1);
        (Span { start, end, ..place }, Span { start: inner, end, ..place })
    }
}

/// A header and what stands in its braces.
fn block(header: Header, frame: Frame, body: Body<Doc>) -> Doc {
    Doc::Concat(vec![header.close(), Doc::text(" "), enclose(frame, body)])
}

/// `ruleset "B2B intake" version "3"`
fn ruleset_header(ruleset: &Ruleset) -> Doc {
    let mut parts = vec![Doc::text("ruleset "), quoted(&ruleset.name)];
    if let Some(version) = &ruleset.version {
        parts.extend([Doc::text(" version "), quoted(version)]);
    }
    Doc::Concat(parts)
}

/// `param big_deal "大单"`
fn titled(word: &'static str, name: &str, title: Option<&Quoted>) -> Doc {
    let mut parts = vec![Doc::text(word), Doc::text(name.to_owned())];
    if let Some(title) = title {
        parts.extend([Doc::text(" "), quoted(title)]);
    }
    Doc::Concat(parts)
}
