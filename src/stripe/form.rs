//! Stripe's form encoding: nested names in square brackets, everything a text.

use std::fmt::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Brackets may stay as they are, which keeps bodies readable in logs.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'[').remove(b']');

/// The parameters of one request, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Adds a parameter by its full name, such as `metadata[team]`.
    pub(super) fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Adds a list of texts. An empty list would be no parameter at all, so it is sent as the empty
    /// text, which is how Stripe is told to empty one.
    pub(super) fn push_list<'a>(&mut self, name: &str, items: impl IntoIterator<Item = &'a str>) {
        let before = self.0.len();
        for (index, item) in items.into_iter().enumerate() {
            self.push(format!("{name}[{index}]"), item);
        }
        if self.0.len() == before {
            self.push(name, "");
        }
    }

    /// The encoded text, for a body or a query.
    pub(super) fn encode(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            let separator = if text.is_empty() { "" } else { "&" };
            let name = utf8_percent_encode(name, ESCAPED);
            // A bracket in a value is data.
            let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
            write!(text, "{separator}{name}={value}").expect("writing to a string can't fail");
        }
        text
    }
}

/// `features[invoice_history][enabled]` of `features.invoice_history.enabled`.
pub(super) fn name_of(path: &str) -> String {
    let mut segments = path.split('.');
    let mut name = segments.next().unwrap_or_default().to_owned();
    for segment in segments {
        write!(name, "[{segment}]").expect("writing to a string can't fail");
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_list_is_sent_as_the_empty_text() {
        let mut form = Form::default();
        form.push_list(&name_of("features.customer_update.allowed_updates"), []);
        assert_eq!(form.encode(), "features[customer_update][allowed_updates]=");
    }

    #[test]
    fn what_would_end_a_value_is_escaped() {
        let mut form = Form::default();
        form.push("metadata[a&b]", "1=2&c[d]=é +%");
        assert_eq!(form.encode(), "metadata[a%26b]=1%3D2%26c%5Bd%5D%3D%C3%A9%20%2B%25");
    }

    proptest! {
        /// serde_qs is an encoder and decoder of this form that we did not write.
        #[test]
        fn another_decoder_reads_back_what_was_encoded(
            items in proptest::collection::vec(".{1,20}", 1..5),
            text in ".*",
        ) {
            #[derive(serde::Deserialize)]
            struct Read { a: Inner, text: String }
            #[derive(serde::Deserialize)]
            struct Inner { list: Vec<String> }

            let mut form = Form::default();
            form.push_list(&name_of("a.list"), items.iter().map(String::as_str));
            form.push("text", text.as_str());
            let read: Read = serde_qs::from_str(&form.encode()).unwrap();
            prop_assert_eq!(read.a.list, items);
            prop_assert_eq!(read.text, text);
        }
    }
}
