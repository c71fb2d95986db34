"""Sends customers to the billing portal of their role."""

import os
import secrets
from typing import Annotated, NamedTuple

import stripe
from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.middleware.sessions import SessionMiddleware

import portal

PAGE = """<!doctype html>
<title>Acme</title>
<form method="post" action="/sign-in"><input name="user"> <button>Sign in</button></form>
<form method="post" action="/billing"><button>Billing</button></form>
"""


class User(NamedTuple):
    role: str
    customer: str


# A real app has a database, and a sign-in that asks for more than a name.
USERS = {
    "ada": User("admin", "cus_ada"),
    "vic": User("viewer", "cus_vic"),
    # A role that no file in portal-configs/ is for.
    "olga": User("owner", "cus_olga"),
}


def environment() -> portal.Environment:
    name = os.environ.get("PORTAL_ENVIRONMENT", "test")
    if not portal.is_environment(name):
        raise SystemExit(f"PORTAL_ENVIRONMENT: there is no lockfile of `{name}`")
    return name


ENVIRONMENT = environment()
STRIPE = stripe.StripeClient(
    os.environ["STRIPE_API_KEY"],
    base_addresses={"api": os.environ.get("STRIPE_API_BASE", "https://api.stripe.com")},
)

app = FastAPI()
# A new key signs everybody out; a real app keeps it. No other site can post with the cookie. Behind
# HTTPS it would be `https_only`, too.
app.add_middleware(SessionMiddleware, secret_key=secrets.token_hex(), same_site="lax")


@app.get("/")
def page() -> HTMLResponse:
    return HTMLResponse(PAGE)


@app.post("/sign-in")
def sign_in(request: Request, user: Annotated[str, Form()]) -> RedirectResponse:
    if user not in USERS:
        raise HTTPException(401, "nobody has this name")
    request.session["user"] = user
    return RedirectResponse("/", 303)


@app.post("/billing")
def billing(request: Request) -> RedirectResponse:
    """Opens the portal with the configuration of the user's role."""
    user = USERS.get(request.session.get("user", ""))
    if user is None:
        raise HTTPException(401, "sign in first")
    if not portal.is_role(user.role):
        raise HTTPException(403, f"there is no billing portal for the role `{user.role}`")
    try:
        session = STRIPE.v1.billing_portal.sessions.create(
            {
                "configuration": portal.configuration(ENVIRONMENT, user.role),
                "customer": user.customer,
                "return_url": str(request.base_url),
            }
        )
    except stripe.StripeError as error:
        print(f"no session: {error.user_message or error.code}")
        raise HTTPException(502, "billing is not available now") from error
    return RedirectResponse(session.url, 303)
