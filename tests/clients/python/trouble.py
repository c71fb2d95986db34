"""What a program that uses Stripe's SDK for Python sees when something is wrong, and what the SDK
does about it by itself.

Needs STRIPE_URL, the address of an emulator with the seed of ../seed.json.
"""

import json
import os
import urllib.request

import stripe

URL = os.environ["STRIPE_URL"]
HISTORY = {"features": {"invoice_history": {"enabled": True}}}


def portal(key="sk_test_51Scenario", retries=0):
    client = stripe.StripeClient(key, base_addresses={"api": URL}, max_network_retries=retries)
    return client.v1.billing_portal


def tell(method, path, body=None):
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}/_emulator/{path}", data, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def exchanges():
    """What was asked since the last call: status, whether it was a replay, and the fault."""
    requests = tell("GET", "requests")["requests"]
    tell("DELETE", "requests")
    return [(one["status"], one["replayed"], one["fault"]) for one in requests]


def refusal(call):
    try:
        call()
    except stripe.StripeError as error:
        # Not every class repeats code and parameter of what Stripe said.
        code, param = (getattr(error.error, name, None) for name in ("code", "param"))
        return type(error).__name__, error.http_status, code, param
    raise AssertionError("was accepted")


def equal(seen, expected):
    assert seen == expected, f"{seen!r} is not {expected!r}"


def wrong(fault, times=1):
    tell("POST", "faults", {"match": {"method": "POST"}, "fault": fault, "times": times})


impatient = portal().configurations
patient = portal(retries=2).configurations

# Keys that may do nothing, or not everything.
reader = portal("rk_test_51Reader").configurations
equal(reader.list().data, [])
equal(refusal(lambda: reader.create(HISTORY)), ("PermissionError", 403, None, None))
expired = portal("sk_test_51Expired").configurations
equal(refusal(expired.list), ("AuthenticationError", 401, "api_key_expired", None))

# A connected account is another account. What a platform makes there is marked.
there = {"stripe_account": "acct_1ScenarioShop000"}
theirs = impatient.create(HISTORY, there)
equal((theirs.application, theirs.is_default), ("ca_scenario", False))
equal(theirs.last_response.headers["stripe-account"], there["stripe_account"])
equal(
    refusal(lambda: impatient.retrieve(theirs.id)),
    ("InvalidRequestError", 404, "resource_missing", "configuration"),
)
equal(impatient.retrieve(theirs.id, options=there).id, theirs.id)
equal(
    refusal(lambda: impatient.list(options={"stripe_account": "acct_other"})),
    ("PermissionError", 403, "account_invalid", None),
)
session = portal().sessions.create(
    {"customer": "cus_shop", "configuration": theirs.id, "expand": ["configuration"]}, there
)
equal(session.configuration.id, theirs.id)

# Without retries every trouble is an error of its class.
for fault, expected in [
    ("rate_limited", ("RateLimitError", 429, "rate_limit", None)),
    ("lock_timeout", ("RateLimitError", 429, "lock_timeout", None)),
    ("key_in_use", ("APIError", 409, "idempotency_key_in_use", None)),
    ("saved_500", ("APIError", 500, None, None)),
    ("lost_answer", ("APIConnectionError", None, None, None)),
    ("reset", ("APIConnectionError", None, None, None)),
    ({"status": 503, "body": "<html>"}, ("APIError", 503, None, None)),
]:
    wrong(fault)
    equal(refusal(lambda: impatient.create(HISTORY)), expected)
tell("POST", "reset")

# With retries a lost answer is asked for again, under the same key, and nothing is made twice.
wrong("lost_answer", times=2)
kept = patient.create(HISTORY)
equal(
    exchanges(),
    [(200, False, "lost_answer"), (200, True, "lost_answer"), (200, True, None)],
)
equal([one.id for one in patient.list().data], [kept.id])
tell("DELETE", "requests")

# Stripe never saw the request: it is sent again.
wrong("reset")
patient.create(HISTORY)
equal(exchanges(), [(0, False, "reset"), (200, False, None)])

# Another request with the key is running: the SDK waits and asks again.
wrong("key_in_use")
patient.create(HISTORY)
equal(exchanges(), [(409, False, "key_in_use"), (200, False, None)])

# A rate limit isn't retried, unless Stripe says so.
wrong("rate_limited")
equal(refusal(lambda: patient.create(HISTORY))[0], "RateLimitError")
wrong({"status": 429, "body": {"error": {}}, "headers": {"stripe-should-retry": "true"}})
patient.create(HISTORY)
equal(exchanges(), [(429, False, "rate_limited"), (429, False, "status"), (200, False, None)])

# A failure that was saved comes back under its key, as often as the SDK asks.
wrong("saved_500")
equal(refusal(lambda: patient.create(HISTORY))[1], 500)
equal(exchanges(), [(500, False, "saved_500"), (500, True, None), (500, True, None)])
