"""What a program that uses Stripe's SDK for Python does with portal configurations.

Needs STRIPE_URL, the address of an account with nothing in it, and STRIPE_KEY, a test key to it.
"""

import os

import stripe

URL = os.environ["STRIPE_URL"]
EXPAND = ["features.subscription_update.products"]


def client(key):
    return stripe.StripeClient(key, base_addresses={"api": URL}, max_network_retries=0)


def refusal(call):
    try:
        call()
    except stripe.StripeError as error:
        return type(error).__name__, error.http_status, error.code, getattr(error, "param", None)
    raise AssertionError("was accepted")


def equal(seen, expected):
    assert seen == expected, f"{seen!r} is not {expected!r}"


v1 = client(os.environ["STRIPE_KEY"]).v1
configurations = v1.billing_portal.configurations
sessions = v1.billing_portal.sessions

# A catalogue and a customer.
product = v1.products.create({"name": "Pro"})
price = v1.prices.create(
    {
        "product": product.id,
        "currency": "usd",
        "unit_amount": 1000,
        "recurring": {"interval": "month"},
        "lookup_key": "pro_monthly",
    }
)
found = v1.prices.list({"lookup_keys": ["pro_monthly"], "active": True})
equal([one.id for one in found.data], [price.id])
customer = v1.customers.create({"email": "ada@example.com"})

# Without a default there is no session.
equal(
    refusal(lambda: sessions.create({"customer": customer.id})),
    ("InvalidRequestError", 400, None, None),
)

# The first configuration becomes the default; the products show only where they are asked for.
switching = {
    "business_profile": {"headline": 'Grüße & "more"'},
    "features": {
        "customer_update": {"enabled": True, "allowed_updates": ["email", "address"]},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {
                    "product": product.id,
                    "prices": [price.id],
                    "adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 5},
                }
            ],
        },
    },
    "metadata": {"role": "admin"},
}
first = configurations.create(switching)
equal(first.is_default, True)
equal(first.livemode, False)
equal(first.business_profile.headline, 'Grüße & "more"')
assert not hasattr(first.features.subscription_update, "products")
whole = configurations.retrieve(first.id, {"expand": EXPAND})
(listed,) = whole.features.subscription_update.products
equal((listed.product, list(listed.prices)), (product.id, [price.id]))
quantity = listed.adjustable_quantity
equal((quantity.enabled, quantity.minimum, quantity.maximum), (True, 1, 5))

# Update merges; the empty string clears.
updated = configurations.update(
    first.id, {"name": "Admins", "metadata": {"role": "", "team": "a"}, "expand": EXPAND}
)
equal(updated.name, "Admins")
equal(list(updated.features.customer_update.allowed_updates), ["email", "address"])
equal(len(updated.features.subscription_update.products), 1)
equal(updated.metadata.to_dict(), {"team": "a"})
cleared = configurations.update(
    first.id, {"features": {"customer_update": {"allowed_updates": ""}}}
)
equal(list(cleared.features.customer_update.allowed_updates), [])
equal(cleared.features.customer_update.enabled, True)

# Refusals come as the SDK's errors.
history = {"features": {"invoice_history": {"enabled": True}}}
equal(
    refusal(lambda: configurations.create({**history, "is_default": True})),
    ("InvalidRequestError", 400, "parameter_unknown", "is_default"),
)
equal(
    refusal(lambda: configurations.update(first.id, {"active": False})),
    ("InvalidRequestError", 400, None, None),
)
equal(
    refusal(lambda: configurations.retrieve("bpc_x")),
    ("InvalidRequestError", 404, "resource_missing", "configuration"),
)
equal(
    refusal(lambda: client("nonsense").v1.billing_portal.configurations.list())[:2],
    ("AuthenticationError", 401),
)

# A request that is sent again is answered again.
once = {"idempotency_key": "scenario-python"}
second = configurations.create(history, once)
again = configurations.create(history, once)
equal(again.id, second.id)
equal(again.last_response.headers["idempotent-replayed"], "true")
equal(refusal(lambda: configurations.create(switching, once))[:2], ("IdempotencyError", 400))

# Lists are walked to their end, newest first.
third = configurations.create(history)
configurations.update(second.id, {"active": False})
everything = [one.id for one in configurations.list({"limit": 1}).auto_paging_iter()]
equal(everything, [third.id, second.id, first.id])
active = configurations.list(
    {"active": True, "expand": ["data.features.subscription_update.products"]}
)
equal([one.id for one in active.data], [third.id, first.id])
equal(len(active.data[1].features.subscription_update.products), 1)

# A portal session opens with the default configuration or with a named one.
session = sessions.create({"customer": customer.id})
equal(session.configuration, first.id)
assert session.url.startswith(f"{URL}/p/session/test_"), session.url
named = sessions.create({"customer": customer.id, "configuration": third.id})
equal(named.configuration, third.id)

# A hundred at a time, the SDK walks through all pages.
for n in range(102):
    configurations.create({**history, "name": f"number {n}"})
page = configurations.list({"limit": 100})
equal((len(page.data), page.has_more, page.data[0].name), (100, True, "number 101"))
expand = ["data.features.subscription_update.products"]
everything = list(configurations.list({"limit": 100, "expand": expand}).auto_paging_iter())
equal((len(everything), len({one.id for one in everything})), (105, 105))

# Deep links open what the configuration offers.
expanded = sessions.create(
    {
        "customer": customer.id,
        "expand": ["configuration.features.subscription_update.products"],
        "flow_data": {
            "type": "subscription_update_confirm",
            "subscription_update_confirm": {
                "subscription": "sub_1",
                "items": [{"id": "si_1", "price": price.id}],
            },
        },
    }
)
(listed,) = expanded.configuration.features.subscription_update.products
equal(listed.product, product.id)
equal(
    refusal(lambda: sessions.create({"customer": customer.id, "configuration": second.id})),
    ("InvalidRequestError", 400, None, "configuration"),
)
