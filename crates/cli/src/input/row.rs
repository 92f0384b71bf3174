//! A row of a CSV file as a lead: cells by the names in the header.

use super::Bad;
use super::frame::{Frame, Row};
use gradus::{Lead, Value};

/// The names of the columns.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// Blank ones are not read.
    pub(super) names: Vec<String>,
}

impl Header {
    /// From the first row. Two columns of one name could not be told apart.
    pub(super) fn new(frame: &Frame) -> Result<Header, Bad> {
        let line = frame.line;
        let names: Vec<String> = cells(frame)?.iter().map(|name| name.trim().to_owned()).collect();
        // a lead knows when two names are the same: in Unicode normal form C
        let mut known = Lead::new();
        for name in names.iter().filter(|name| !name.is_empty()) {
            if known.get(name).is_some() {
                return Err(Bad::line(line, format!("two columns are called `{name}`: give each a name of its own")));
            }
            known.set(name.clone(), true);
        }
        if let [only] = names.as_slice()
            && only.contains([';', '\t'])
        {
            let message = "one column only, with `;` or tabs in its name: save the file with commas between the cells";
            return Err(Bad::line(line, message));
        }
        Ok(Header { names })
    }

    /// The lead in a row.
    pub(super) fn lead(&self, frame: &Frame) -> Result<Lead, Bad> {
        let cells = cells(frame)?;
        if cells.len() != self.names.len() {
            let message = format!(
                "{} where the header has {}: is a cell with a comma not in quotation marks?",
                crate::rules::count(cells.len(), "cell", "cells"),
                self.names.len(),
            );
            return Err(Bad::line(frame.line, message));
        }
        let named = self.names.iter().zip(cells).filter(|(name, cell)| !name.is_empty() && !cell.trim().is_empty());
        Ok(named.map(|(name, cell)| (name.clone(), value(cell))).collect())
    }
}

/// A cell that holds a JSON list or object is one; anything else is text, which fields of all types read.
fn value(cell: String) -> Value {
    let json = cell.trim_start().starts_with(['[', '{']).then(|| serde_json::from_str(&cell).ok()).flatten();
    json.unwrap_or_else(|| cell.into())
}

/// The cells of a row, without their quotation marks.
fn cells(frame: &Frame) -> Result<Vec<String>, Bad> {
    let text = super::leads::utf8(frame)?;
    let mut cells = vec![String::new()];
    let mut state = Row::default();
    for character in text.chars() {
        let before = state;
        // what is not ASCII is plain in every state
        state.step(u8::try_from(character).ok().filter(u8::is_ascii).unwrap_or(b'x'));
        match (before, character) {
            (Row::CellStart, '"') | (Row::Quoted, '"') => {}
            (Row::Quoted, _) => push(&mut cells, character),
            (_, ',') => cells.push(String::new()),
            _ => push(&mut cells, character),
        }
    }
    Ok(cells)
}

fn push(cells: &mut [String], character: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, cells};

    #[test]
    fn quotation_marks_and_commas() {
        for (row, expected) in [
            ("a,b", &["a", "b"][..]),
            ("", &[""]),
            ("a,", &["a", ""]),
            (r#""a,b",c"#, &["a,b", "c"]),
            (r#""a ""b"" c","","d""#, &[r#"a "b" c"#, "", "d"]),
            (r#"5" pipe,"x"y"#, &[r#"5" pipe"#, "xy"]),
            ("\"two\nlines\",汽车", &["two\nlines", "汽车"]),
        ] {
            let frame = Frame { bytes: row.as_bytes().to_vec(), line: 1, column: 1 };
            assert_eq!(cells(&frame).as_deref(), Ok(&expected.iter().map(|&it| it.to_owned()).collect::<Vec<_>>()[..]));
        }
    }
}
