//! The checker finds what is wrong, and the shapes say what is known of Stripe.

use serde_json::{Value as Json, json};

use super::check::{check_form, check_json};
use super::shape::{object, request};

fn in_form(name: &str, form: &str) -> Vec<String> {
    check_form(request(name), form.as_bytes()).iter().map(ToString::to_string).collect()
}

fn in_json(name: &str, json: &Json) -> Vec<String> {
    check_json(object(name), json).iter().map(ToString::to_string).collect()
}

/// What differs between create and update, as its documentation tells it.
#[test]
fn create_and_update_are_told_apart() {
    const REASON: &str = "features[subscription_cancel][cancellation_reason]";
    const CONDITIONS: &str = "features[subscription_update][schedule_at_period_end][conditions]";
    let reason = format!("features[subscription_cancel][enabled]=true&{REASON}[enabled]=true");
    let on = "features[subscription_update][enabled]=false";
    for (form, of_create) in [
        ("", "`features` is missing"),
        (
            "features[customer_update][allowed_updates][]=name",
            "`features[customer_update][enabled]` is missing",
        ),
        (
            &format!("{on}&business_profile[privacy_policy_url]="),
            "`business_profile[privacy_policy_url]` can't be emptied",
        ),
        (&format!("{on}&{CONDITIONS}="), &format!("`{CONDITIONS}` can't be emptied")),
        (&format!("{on}&metadata="), "`metadata` can't be emptied"),
        (&format!("{on}&active=true"), "`active` is nothing that Stripe knows"),
        (&reason, &format!("`{REASON}[options]` is missing")),
    ] {
        assert_eq!(in_form("configuration_create", form), [of_create], "{form}");
        assert_eq!(in_form("configuration_update", form), [""; 0], "{form}");
    }
}

#[test]
fn every_way_to_be_wrong_is_found_where_it_is() {
    for (form, wrong) in [
        ("colour=red", "`colour` is nothing that Stripe knows"),
        ("features[telepathy][enabled]=true", "`features[telepathy]` is nothing that Stripe knows"),
        (
            "login_page[url]=x&login_page[enabled]=true",
            "`login_page[url]` is nothing that Stripe knows",
        ),
        ("features[invoice_history]=true", "`features[invoice_history]` is not an object: `true`"),
        (
            "features[invoice_history][enabled]=",
            "`features[invoice_history][enabled]` can't be emptied",
        ),
        ("active=yes", "`active` is neither true nor false: `yes`"),
        ("active[]=true", "`active` is not a single value"),
        ("expand=x", "`expand` is not a list: `x`"),
        ("expand[a]=x", "`expand` is not a list"),
        (
            "features[subscription_cancel][mode]=later",
            "`features[subscription_cancel][mode]` is none of the words: `later`",
        ),
        (
            "features[subscription_update][products][3][product]=p&features[subscription_update][products][3][prices][]=a&features[subscription_update][products][3][adjustable_quantity][maximum]=1.5&features[subscription_update][products][3][adjustable_quantity][enabled]=true",
            "`features[subscription_update][products][0][adjustable_quantity][maximum]` is not an integer: `1.5`",
        ),
        ("metadata[a][b]=c", "`metadata[a]` is of none of the possible shapes"),
        ("name=a&name=b", "`` `name` twice"),
        ("metadata[a=b", "`` `metadata[a` doesn't end in `]`"),
        ("metadata[a[b]]=c", "`` `metadata[a[b]]` isn't a path"),
    ] {
        assert_eq!(in_form("configuration_update", form), [wrong], "{form}");
    }
    let fine = "metadata[a]=&metadata[b]=1&name=&features[customer_update][allowed_updates]=";
    assert_eq!(in_form("configuration_update", fine), [""; 0]);
}

#[test]
fn every_way_to_be_wrong_is_found_in_an_object() {
    let feedback = |edit: fn(&mut Json)| {
        let mut json = json!({
            "id": "fbo_1", "object": "billing.feedback_option", "description": "x",
            "livemode": false, "status": "active", "status_transitions": { "deactivated_at": null },
        });
        edit(&mut json);
        in_json("feedback_option", &json)
    };
    assert_eq!(feedback(|_| {}), [""; 0]);
    assert_eq!(feedback(|json| json["id"] = Json::Null), ["`id` is never null"]);
    assert_eq!(feedback(|json| json["new"] = json!(1)), ["`new` is nothing that Stripe knows"]);
    assert_eq!(
        feedback(|json| json["status_transitions"] = json!({})),
        ["`status_transitions.deactivated_at` is missing"]
    );
    assert_eq!(
        feedback(|json| json["status"] = json!("asleep")),
        ["`status` is something else: \"asleep\""]
    );
    let application = |id: Json| in_json("configuration", &json!({ "application": id }));
    assert!(!application(json!("ca_1")).iter().any(|it| it.starts_with("`application`")));
    assert!(application(json!({ "id": 1 })).iter().any(|it| it.starts_with("`application` is of")));
}
