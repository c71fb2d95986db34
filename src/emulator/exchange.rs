//! What was asked and answered, for tests to look at.

/// One request and what came of it. The key that came with it isn't part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The method, such as `POST`.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The decoded parameters of query and body, in the order in which they were sent.
    pub parameters: Vec<(String, String)>,
    /// The `Stripe-Account` header.
    pub account: Option<String>,
    /// The `Idempotency-Key` header.
    pub idempotency_key: Option<String>,
    /// The status of the answer, whoever gave it and whether it arrived or not; 0 if there was none.
    pub status: u16,
    /// Whether the answer is that of an earlier request with the same idempotency key.
    pub replayed: bool,
    /// The name of what went wrong on request, if something did.
    pub fault: Option<&'static str>,
}
