//! A diagnostic as text: the line it is about, carets under the place, help.

use super::{Diagnostic, Label};
use crate::source::Source;
use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

/// Wider lines are cut around what they show.
const WIDEST: usize = 140;
/// What is kept on each side of a cut.
const MARGIN: usize = 40;
/// Columns of a tab.
const TAB: usize = 4;

/// Renders one diagnostic with the lines that it points into.
///
/// ```text
/// error[wrong-token]: `=` does not compare; write `==`
///   --> intake.gradus:3:16
///    |
///  3 | let a = 行业 = "汽车"
///    |              ^
///    = help: …
/// ```
pub fn render(sources: &[Source], diagnostic: &Diagnostic) -> String {
    let mut out = format!("{}[{}]: {}\n", diagnostic.severity, diagnostic.code, clean(&diagnostic.message));
    let widest = diagnostic.labels.iter().filter_map(|label| locate(sources, label)).map(|place| place.line).max();
    let gutter = widest.map_or(1, |line| line.to_string().len());
    let mut shown = None;
    for (position, label) in diagnostic.labels.iter().enumerate() {
        let Some(place) = locate(sources, label) else { continue };
        let source_changes = shown != Some(label.span.source);
        shown = Some(label.span.source);
        if position == 0 || source_changes {
            let arrow = if position == 0 { "-->" } else { ":::" };
            let _ = writeln!(out, "{:gutter$}{arrow} {}:{}:{}", "", clean(place.name), place.line, place.column);
            let _ = writeln!(out, "{:gutter$} |", "");
        } else {
            let _ = writeln!(out, "{:gutter$} :", "");
        }
        excerpt(&mut out, &place, label, if position == 0 { '^' } else { '-' }, gutter);
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(out, "{:gutter$} = help: {}", "", clean(help));
    }
    out
}

/// A label in its source.
struct Place<'a> {
    name: &'a str,
    /// The whole line that the label begins on, without its end.
    text: &'a str,
    /// Its number, from 1.
    line: usize,
    /// Where the label begins, in characters from 1.
    column: usize,
    /// What is underlined, in bytes of the line.
    start: usize,
    end: usize,
    /// The line that the label ends on, when it is another one.
    last_line: Option<usize>,
}

fn locate<'a>(sources: &'a [Source], label: &Label) -> Option<Place<'a>> {
    let source = sources.get(label.span.source.0 as usize)?;
    let text = source.text.as_str();
    let start = boundary(text, (label.span.start as usize).min(text.len()));
    let end = boundary(text, (label.span.end as usize).clamp(start, text.len()));
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let line = text[line_start..line_end].trim_end_matches('\r');
    let position = source.position(u32::try_from(start).unwrap_or(u32::MAX));
    let further = text[start..end].trim_end().matches('\n').count();
    Some(Place {
        name: &source.name,
        text: line,
        line: position.line,
        column: position.column,
        start: (start - line_start).min(line.len()),
        end: (end - line_start).min(line.len()),
        last_line: (further > 0).then_some(position.line + further),
    })
}

/// The last character boundary up to `offset`, so that a wrong span cannot cut a character.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset).rev().find(|&offset| text.is_char_boundary(offset)).unwrap_or(0)
}

/// The line with its number and the carets below it.
fn excerpt(out: &mut String, place: &Place<'_>, label: &Label, caret: char, gutter: usize) {
    let (text, before, carets) = cells(place);
    let _ = writeln!(out, "{:>gutter$} | {}", place.line, text.trim_end());
    let mut words = clean(&label.text);
    if let Some(last) = place.last_line {
        let more = format!("… up to line {last}");
        words = if words.is_empty() { more } else { format!("{words} ({more})") };
    }
    let mut line = format!("{:gutter$} | {:before$}{}", "", "", caret.to_string().repeat(carets.max(1)));
    if !words.is_empty() {
        let _ = write!(line, " {words}");
    }
    let _ = writeln!(out, "{line}");
}

/// The line as it is shown, the columns before the carets, and how many carets there are.
fn cells(place: &Place<'_>) -> (String, usize, usize) {
    let spread: Vec<(usize, char, usize)> = spread(place.text);
    let width_of = |from: usize, to: usize| -> usize {
        spread.iter().filter(|(at, ..)| (from..to).contains(at)).map(|&(_, _, width)| width).sum()
    };
    let (before, mut carets) = (width_of(0, place.start), width_of(place.start, place.end));
    let total = width_of(0, usize::MAX);
    if total <= WIDEST {
        return (shown(&spread, 0, usize::MAX), before, carets);
    }
    let first = before.saturating_sub(MARGIN);
    carets = carets.min(WIDEST - MARGIN);
    let last = before + carets + MARGIN;
    let mut text = String::new();
    // A wide character on the edge of the cut is dropped; the carets move with what is really shown.
    let (mut column, mut hidden, mut cut) = (0, 0, false);
    for &(_, character, width) in &spread {
        if column < first {
            hidden += width;
        } else if column + width <= last {
            push(&mut text, character, width);
        } else {
            cut = true;
            break;
        }
        column += width;
    }
    let lead = if hidden > 0 { "… " } else { "" };
    let tail = if cut { " …" } else { "" };
    (format!("{lead}{text}{tail}"), before - hidden.min(before) + lead.chars().count(), carets)
}

/// Each character of the line with where it begins and how many columns it takes.
fn spread(text: &str) -> Vec<(usize, char, usize)> {
    let mut column = 0;
    let cells = text.char_indices().map(|(at, character)| {
        let width = match character {
            '\t' => TAB - column % TAB,
            _ if character.is_control() => 1,
            _ => character.width().unwrap_or(0),
        };
        column += width;
        (at, character, width)
    });
    cells.collect()
}

fn shown(spread: &[(usize, char, usize)], from: usize, to: usize) -> String {
    let mut text = String::new();
    for &(at, character, width) in spread {
        if (from..to).contains(&at) {
            push(&mut text, character, width);
        }
    }
    text
}

fn push(text: &mut String, character: char, width: usize) {
    match character {
        '\t' => text.extend(std::iter::repeat_n(' ', width)),
        _ if character.is_control() => text.push('\u{fffd}'),
        _ => text.push(character),
    }
}

/// Author's text may hold control characters; a terminal should not obey them.
fn clean(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::{Source, SourceId, Span};

    fn span(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap_or_default();
        Span::new(SourceId(0), start, start + part.len())
    }

    fn shown(text: &str, diagnostic: &Diagnostic) -> String {
        render(&[Source::new("a.gradus", text)], diagnostic)
    }

    #[test]
    fn carets_stand_under_chinese_text_and_after_tabs() {
        let text = "let a = 1\r\n\tlet 乙 = 行业 = \"汽车\"\r\n";
        let error = Diagnostic::error(Code::WrongToken, span(text, "行业"), "wrong").here("here").help("leave it");
        let expected = "error[wrong-token]: wrong\n --> a.gradus:2:10\n  |\n2 |     let 乙 = 行业 = \"汽车\"\n  |              ^^^^ here\n  = help: leave it\n";
        assert_eq!(shown(text, &error), expected);
    }

    #[test]
    fn related_places_and_several_lines() {
        let text = "a {\n  b\n}\n";
        let error = Diagnostic::error(Code::Syntax, span(text, "{\n  b\n}"), "wrong")
            .related(span(text, "b"), "because of this");
        let expected = "error[syntax]: wrong\n --> a.gradus:1:3\n  |\n1 | a {\n  |   ^ … up to line 3\n  :\n2 |   b\n  |   - because of this\n";
        assert_eq!(shown(text, &error), expected);
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!("{}<here>{}", "长".repeat(500), "x".repeat(500));
        let out = shown(&text, &Diagnostic::error(Code::Syntax, span(&text, "<here>"), "wrong"));
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines[3].contains("<here>") && lines[3].chars().count() < 100, "{out}");
        let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
        let before = lines[3].split('<').next().map(width);
        assert_eq!(before, lines[4].split('^').next().map(width), "{out}");
        assert_eq!(lines[4].matches('^').count(), 6);
    }

    #[test]
    fn places_outside_the_text_do_no_harm() {
        let error = Diagnostic::error(Code::Syntax, Span::new(SourceId(0), 50, 90), "wrong");
        assert_eq!(shown("", &error), "error[syntax]: wrong\n --> a.gradus:1:1\n  |\n1 | \n  | ^\n");
        assert_eq!(render(&[], &error), "error[syntax]: wrong\n");
    }
}
