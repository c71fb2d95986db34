//! What this project models is what Stripe has.

use portal_reconciler::model::API_VERSION;

use super::shape::official;

#[test]
fn the_version_that_is_asked_for_is_that_of_the_shapes() {
    assert_eq!(API_VERSION, official().about.api_version);
}
