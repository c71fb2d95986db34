//! A page around whatever it shows.

use base64::prelude::{BASE64_STANDARD, Engine};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// The look of all pages.
const STYLE: &str = include_str!("style.css");

/// What customers are spoken to in, to begin with. The page lets its reader choose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Japanese.
    Japanese,
}

impl Language {
    /// The language of a locale such as `ja-JP`.
    pub fn of_locale(locale: &str) -> Self {
        if locale == "ja" || locale.starts_with("ja-") { Self::Japanese } else { Self::English }
    }
}

/// A whole page: `header` above the choice of a language, `main` below.
///
/// Nothing is loaded, sent or run, and the policy that says so would also stop what might get in by a
/// mistake: the only style is this one, known by its hash.
pub fn document(title: &str, language: Language, header: &Markup, main: &Markup) -> String {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes()))
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { (header) (languages(language)) }
                main { (main) }
            }
        }
    };
    page.into_string() + "\n"
}

/// Works without a script: the style goes by which one is checked.
fn languages(chosen: Language) -> Markup {
    html! {
        fieldset.languages {
            legend { "Customers' language" }
            @for (id, language, name) in
                [("en", Language::English, "English"), ("ja", Language::Japanese, "日本語")]
            {
                label lang=(id) {
                    input type="radio" name="language" id={ "language-" (id) }
                        checked[language == chosen];
                    " " (name)
                }
            }
        }
    }
}
