//! Which request is which endpoint.

use http::{Method, StatusCode};
use serde_json::Value;

use super::catalogue::{Price, Product, prices, products};
use super::configuration::Configuration;
use super::customers::Customer;
use super::error::ApiError;
use super::form::Table;
use super::resource::retrieve;
use super::state::Call;
use super::{account, configuration, customers, session};

/// Answers a request of which the key is known to be good. The text is the id in the path, if there
/// is one.
type Run = fn(&mut Call<'_>, &str, Table) -> Result<Value, ApiError>;

/// One endpoint.
pub(super) struct Endpoint {
    pub(super) method: &'static str,
    /// `{id}` stands for an id.
    pub(super) path: &'static str,
    /// What a restricted key needs. Prices go by their former name.
    pub(super) permission: &'static str,
    pub(super) run: Run,
}

/// All that Stripe has and the emulator knows.
const ENDPOINTS: &[Endpoint] = &[
    post("/v1/billing_portal/configurations", "rak_customer_portal_write", |call, _, fields| {
        configuration::create(call, fields)
    }),
    get("/v1/billing_portal/configurations", "rak_customer_portal_read", |call, _, fields| {
        configuration::list(call, fields)
    }),
    get(
        "/v1/billing_portal/configurations/{id}",
        "rak_customer_portal_read",
        retrieve::<Configuration>,
    ),
    post(
        "/v1/billing_portal/configurations/{id}",
        "rak_customer_portal_write",
        configuration::update,
    ),
    post("/v1/billing_portal/sessions", "rak_customer_portal_write", |call, _, fields| {
        session::create(call, fields)
    }),
    get("/v1/account", "rak_accounts_kyc_basic_read", |call, _, fields| account::own(call, fields)),
    get("/v1/accounts", "rak_connected_account_read", |call, _, fields| {
        account::list(call, fields)
    }),
    get("/v1/accounts/{id}", "rak_connected_account_read", account::retrieve),
    post("/v1/products", "rak_product_write", |call, _, fields| products::create(call, fields)),
    get("/v1/products", "rak_product_read", |call, _, fields| products::list(call, fields)),
    get("/v1/products/{id}", "rak_product_read", retrieve::<Product>),
    post("/v1/products/{id}", "rak_product_write", products::update),
    post("/v1/prices", "rak_plan_write", |call, _, fields| prices::create(call, fields)),
    get("/v1/prices", "rak_plan_read", |call, _, fields| prices::list(call, fields)),
    get("/v1/prices/{id}", "rak_plan_read", retrieve::<Price>),
    post("/v1/prices/{id}", "rak_plan_write", prices::update),
    post("/v1/customers", "rak_customer_write", |call, _, fields| customers::create(call, fields)),
    get("/v1/customers/{id}", "rak_customer_read", retrieve::<Customer>),
];

const fn get(path: &'static str, permission: &'static str, run: Run) -> Endpoint {
    Endpoint { method: "GET", path, permission, run }
}

const fn post(path: &'static str, permission: &'static str, run: Run) -> Endpoint {
    Endpoint { method: "POST", path, permission, run }
}

impl Endpoint {
    pub(super) fn all() -> &'static [Self] {
        ENDPOINTS
    }

    /// The endpoint of a request, and the id in its path.
    pub(super) fn find<'p>(method: &Method, path: &'p str) -> Option<(&'static Self, &'p str)> {
        let of_method = ENDPOINTS.iter().filter(|endpoint| endpoint.method == method.as_str());
        of_method.into_iter().find_map(|endpoint| Some((endpoint, endpoint.id_in(path)?)))
    }

    fn id_in<'p>(&self, path: &'p str) -> Option<&'p str> {
        let Some(before) = self.path.strip_suffix("{id}") else {
            return (path == self.path).then_some("");
        };
        path.strip_prefix(before).filter(|id| !id.is_empty() && !id.contains('/'))
    }
}

/// The refusal of a request for which there is no endpoint.
pub(super) fn unrecognized(method: &Method, path: &str) -> ApiError {
    ApiError::invalid(format!(
        "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can \
         help at https://support.stripe.com/."
    ))
    .status(StatusCode::NOT_FOUND)
}
