//! The files that were read, and places in them.
//!
//! A [`Span`] is what a diagnostic points with. It names bytes of a file in a [`SourceMap`], so it
//! is small, copyable and means nothing without the map.

/// One file of a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// Bytes `start..end` of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Located<T> {
    /// Puts a value and its place together.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A file's name and text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as it should be shown: relative to where the program was started, if it was given so.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// All files that were read.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file.
    pub fn add(&mut self, path: String, text: String) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than four billion files"));
        self.files.push(SourceFile { path, text });
        id
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The same files with other paths and texts. Spans stay true if texts keep their length.
    pub fn map(&self, path: fn(&str) -> String, text: fn(&str) -> String) -> Self {
        let map = |file: &SourceFile| SourceFile { path: path(&file.path), text: text(&file.text) };
        Self { files: self.files.iter().map(map).collect() }
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start..span.end).unwrap_or_default()
    }

    /// Line and column, both from 1, of a span's start. The column counts characters.
    pub fn position(&self, span: Span) -> (usize, usize) {
        let text = &self.file(span.file).text;
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_counts_lines_and_characters_from_one() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.yaml".into(), "a: é\nbé: 1\n".into());
        let span = Span { file, start: 9, end: 10 };
        assert_eq!(sources.text(span), ":");
        assert_eq!(sources.position(span), (2, 3));
    }
}
