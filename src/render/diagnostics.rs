//! Problems of files, each with the lines it is about, the way a good compiler shows them.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Level, Origin, Renderer, Snippet};

use super::style::Styles;
use crate::diagnostic::{Bag, Diagnostic, Severity};
use crate::source::{FileId, SourceMap, Span};
use crate::text::{clean, masked, plural};

/// All problems by file and line, and how many there are.
pub fn diagnostics(bag: &Bag, sources: &SourceMap, styles: &Styles) -> String {
    let mut text = String::new();
    for diagnostic in each_diagnostic(bag, sources, styles) {
        text.push_str(&diagnostic);
        text.push_str("\n\n");
    }
    let (n_errors, n_warnings) = (bag.count(Severity::Error), bag.count(Severity::Warning));
    let counts = [(n_errors, "error"), (n_warnings, "warning")];
    let counts: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| plural(*n, noun)).collect();
    text.push_str(&counts.join(", "));
    text.push('\n');
    text
}

/// Each problem by itself.
pub(super) fn each_diagnostic(bag: &Bag, sources: &SourceMap, styles: &Styles) -> Vec<String> {
    let renderer = if styles.is_colored() { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let sources = sources.map(clean, masked);
    bag.sorted().into_iter().map(|it| one(&visible(it), &sources, &renderer)).collect()
}

/// Messages repeat keys, values and paths of files that anybody may have written.
fn visible(diagnostic: &Diagnostic) -> Diagnostic {
    Diagnostic {
        code: diagnostic.code,
        message: clean(&diagnostic.message),
        at: diagnostic.at,
        related: diagnostic.related.iter().map(|(span, label)| (*span, clean(label))).collect(),
        help: diagnostic.help.as_deref().map(clean),
    }
}

fn one(diagnostic: &Diagnostic, sources: &SourceMap, renderer: &Renderer) -> String {
    let level = match diagnostic.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str());
    let mut files: Vec<FileId> = vec![diagnostic.at.file];
    for (span, _) in &diagnostic.related {
        if !files.contains(&span.file) {
            files.push(span.file);
        }
    }
    let mut group = if is_whole_file(diagnostic.at) && diagnostic.related.is_empty() {
        title.element(Origin::path(sources.file(diagnostic.at.file).path.as_str()))
    } else {
        title.elements(files.into_iter().map(|file| snippet(file, diagnostic, sources)))
    };
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group]).lines().map(without_colons).collect::<Vec<_>>().join("\n")
}

/// Other files are named behind three colons, and a line that begins with two is a runner's command.
fn without_colons(line: &str) -> String {
    let is_place = line.trim_start().starts_with("::: ");
    if is_place { line.replacen(":::", "-->", 1) } else { line.to_owned() }
}

/// What is missing has no line.
fn is_whole_file(span: Span) -> bool {
    span.start == 0 && span.end == 0
}

fn snippet<'a>(
    file: FileId,
    diagnostic: &'a Diagnostic,
    sources: &'a SourceMap,
) -> Snippet<'a, Annotation<'a>> {
    let source = sources.file(file);
    let range = |span: Span| span.start..span.end.max(span.start);
    let mut snippet = Snippet::source(source.text.as_str()).path(source.path.as_str());
    if diagnostic.at.file == file {
        snippet = snippet.annotation(AnnotationKind::Primary.span(range(diagnostic.at)));
    }
    for (span, label) in diagnostic.related.iter().filter(|(span, _)| span.file == file) {
        snippet =
            snippet.annotation(AnnotationKind::Context.span(range(*span)).label(label.as_str()));
    }
    snippet
}
