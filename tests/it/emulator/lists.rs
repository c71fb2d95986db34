//! Lists and their pages.

use serde_json::Value;

use super::{CONFIGURATIONS, Stripe, ids};

/// An account with this many configurations, one a second, and their ids, newest first.
fn account_with(n_configurations: usize) -> (Stripe, Vec<String>) {
    let stripe = Stripe::empty();
    let mut newest_first: Vec<String> = (0..n_configurations)
        .map(|_| {
            stripe.wait(1);
            stripe.create("features[invoice_history][enabled]=true")
        })
        .collect();
    newest_first.reverse();
    (stripe, newest_first)
}

fn list(stripe: &Stripe, query: &str) -> Value {
    stripe.get(&format!("{CONFIGURATIONS}?{query}")).ok()
}

#[test]
fn an_empty_account_has_an_empty_list() {
    let list = Stripe::empty().get(CONFIGURATIONS).ok();
    assert_eq!(
        list,
        serde_json::json!({
            "object": "list",
            "data": [],
            "has_more": false,
            "url": CONFIGURATIONS,
        })
    );
}

#[test]
fn pages_hold_ten_newest_first() {
    let (stripe, expected) = account_with(11);
    let first = list(&stripe, "");
    assert_eq!(ids(&first), expected[..10]);
    assert_eq!(first["has_more"], true);
    let second = list(&stripe, &format!("starting_after={}", expected[9]));
    assert_eq!(ids(&second), expected[10..]);
    assert_eq!(second["has_more"], false);
}

#[test]
fn a_page_before_is_next_to_its_cursor() {
    let (stripe, expected) = account_with(5);
    let page = list(&stripe, &format!("limit=2&ending_before={}", expected[4]));
    assert_eq!(ids(&page), expected[2..4]);
    assert_eq!(page["has_more"], true);
    let page = list(&stripe, &format!("limit=2&ending_before={}", expected[2]));
    assert_eq!(ids(&page), expected[..2]);
    assert_eq!(page["has_more"], false);
}

#[test]
fn of_one_second_the_last_comes_first() {
    let stripe = Stripe::empty();
    let form = "features[invoice_history][enabled]=true";
    let created = [stripe.create(form), stripe.create(form), stripe.create(form)];
    let listed = ids(&list(&stripe, ""));
    assert_eq!(listed, [&*created[2], &*created[1], &*created[0]]);
}

#[test]
fn filters_combine() {
    let (stripe, newest_first) = account_with(3);
    stripe.update(&newest_first[0], "active=false").ok();
    let found = |query: &str| ids(&list(&stripe, query));
    assert_eq!(found("active=false"), newest_first[..1]);
    assert_eq!(found("active=true"), newest_first[1..]);
    assert_eq!(found("is_default=true"), newest_first[2..]);
    assert_eq!(found("is_default=false&active=true"), newest_first[1..2]);
    assert_eq!(found("is_default=true&active=false"), Vec::<String>::new());
}

#[test]
fn a_limit_is_between_one_and_a_hundred() {
    let (stripe, _) = account_with(1);
    list(&stripe, "limit=1");
    list(&stripe, "limit=100");
    for (limit, bound) in
        [("0", "greater than or equal to 1"), ("101", "less than or equal to 100")]
    {
        let refused = stripe.get(&format!("{CONFIGURATIONS}?limit={limit}"));
        assert_eq!(
            refused.refusal(),
            (
                400,
                "parameter_invalid_integer",
                "limit",
                format!("This value must be {bound}.").as_str()
            )
        );
    }
}

#[test]
fn unknown_cursors_are_refused() {
    let (stripe, ids) = account_with(1);
    for cursor in ["starting_after", "ending_before"] {
        assert_eq!(
            stripe.get(&format!("{CONFIGURATIONS}?{cursor}=bpc_x")).refusal(),
            (400, "resource_missing", cursor, "No such configuration: 'bpc_x'")
        );
    }
    let both = format!("{CONFIGURATIONS}?starting_after={0}&ending_before={0}", ids[0]);
    assert_eq!(stripe.get(&both).refusal().0, 400);
}

#[test]
fn a_cursor_may_be_filtered_out_itself() {
    let (stripe, newest_first) = account_with(3);
    stripe.update(&newest_first[1], "active=false").ok();
    let page = list(&stripe, &format!("active=true&starting_after={}", newest_first[1]));
    assert_eq!(ids(&page), newest_first[2..]);
}
