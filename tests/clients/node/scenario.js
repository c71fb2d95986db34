// What a program that uses Stripe's SDK for Node does with portal configurations.
//
// Needs STRIPE_URL, the address of an account with nothing in it, and STRIPE_KEY, a test key to it.

import assert from 'node:assert/strict';
import Stripe from 'stripe';

const { hostname, port } = new URL(process.env.STRIPE_URL);
const stripe = new Stripe(process.env.STRIPE_KEY, {
  host: hostname,
  port,
  protocol: 'http',
  maxNetworkRetries: 0,
});
const { configurations, sessions } = stripe.billingPortal;
const expand = ['features.subscription_update.products'];

async function refusal(promise) {
  const error = await promise.then(() => assert.fail('was accepted'), (error) => error);
  return [error.constructor.name, error.statusCode, error.code, error.param];
}

// A catalogue and a customer.
const product = await stripe.products.create({ name: 'Pro' });
const price = await stripe.prices.create({
  product: product.id,
  currency: 'usd',
  unit_amount: 1000,
  recurring: { interval: 'month' },
  lookup_key: 'pro_monthly',
});
const { data: found } = await stripe.prices.list({ lookup_keys: ['pro_monthly'], active: true });
assert.deepEqual(found.map(({ id }) => id), [price.id]);
assert.equal(found[0].unit_amount_decimal.toString(), '1000');
const customer = await stripe.customers.create({ email: 'ada@example.com' });
assert.match((await stripe.accounts.retrieveCurrent()).id, /^acct_/);

// Without a default there is no session.
assert.deepEqual(await refusal(sessions.create({ customer: customer.id })), [
  'StripeInvalidRequestError', 400, undefined, undefined,
]);

// The first configuration becomes the default; the products show only where they are asked for.
const switching = {
  business_profile: { headline: 'Grüße & "more"' },
  features: {
    customer_update: { enabled: true, allowed_updates: ['email', 'address'] },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ['price'],
      products: [
        {
          product: product.id,
          prices: [price.id],
          adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 },
        },
      ],
    },
  },
  metadata: { role: 'admin' },
};
const first = await configurations.create(switching);
assert.equal(first.is_default, true);
assert.equal(first.livemode, false);
assert.equal(first.business_profile.headline, 'Grüße & "more"');
assert.equal(first.features.subscription_update.products, undefined);
const whole = await configurations.retrieve(first.id, { expand });
assert.deepEqual(whole.features.subscription_update.products, [
  {
    adjustable_quantity: { enabled: true, maximum: 5, minimum: 1 },
    prices: [price.id],
    product: product.id,
  },
]);

// Update merges; an empty list encodes to nothing, the empty string clears.
const updated = await configurations.update(first.id, {
  features: { customer_update: { allowed_updates: [] } },
  metadata: { role: '', team: 'a' },
  expand,
});
assert.deepEqual(updated.features.customer_update.allowed_updates, ['email', 'address']);
assert.deepEqual(updated.features.subscription_update.products, whole.features.subscription_update.products);
assert.deepEqual(updated.metadata, { team: 'a' });
const cleared = await configurations.update(first.id, {
  features: { customer_update: { allowed_updates: '' } },
});
assert.deepEqual(cleared.features.customer_update.allowed_updates, []);
assert.equal(cleared.features.customer_update.enabled, true);

// Refusals come as the SDK's errors.
const history = { features: { invoice_history: { enabled: true } } };
assert.deepEqual(await refusal(configurations.create({ ...history, is_default: true })), [
  'StripeInvalidRequestError', 400, 'parameter_unknown', 'is_default',
]);
assert.deepEqual(await refusal(configurations.update(first.id, { active: false })), [
  'StripeInvalidRequestError', 400, undefined, undefined,
]);
assert.deepEqual(await refusal(configurations.retrieve('bpc_x')), [
  'StripeInvalidRequestError', 404, 'resource_missing', 'configuration',
]);
const stranger = new Stripe('nonsense', { host: hostname, port, protocol: 'http' });
assert.deepEqual((await refusal(stranger.billingPortal.configurations.list())).slice(0, 2), [
  'StripeAuthenticationError', 401,
]);

// A request that is sent again is answered again.
const once = { idempotencyKey: 'scenario-node' };
const second = await configurations.create(history, once);
const again = await configurations.create(history, once);
assert.equal(again.id, second.id);
assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
assert.deepEqual((await refusal(configurations.create(switching, once)))[0], 'StripeIdempotencyError');

// Lists are walked to their end, newest first.
const third = await configurations.create(history);
await configurations.update(second.id, { active: false });
const all = [];
for await (const configuration of configurations.list({ limit: 1 })) {
  all.push(configuration.id);
}
assert.deepEqual(all, [third.id, second.id, first.id]);
const active = await configurations
  .list({ active: true, expand: ['data.features.subscription_update.products'] })
  .autoPagingToArray({ limit: 100 });
assert.deepEqual(active.map(({ id }) => id), [third.id, first.id]);
assert.equal(active[1].features.subscription_update.products.length, 1);

// A portal session opens with the default configuration or with a named one.
const session = await sessions.create({ customer: customer.id });
assert.equal(session.configuration, first.id);
assert.ok(session.url.startsWith(`${process.env.STRIPE_URL}/p/session/test_`), session.url);
const named = await sessions.create({ customer: customer.id, configuration: third.id });
assert.equal(named.configuration, third.id);

// A hundred at a time, the SDK walks through all pages.
for (let n = 0; n < 102; n += 1) {
  await configurations.create({ ...history, name: `number ${n}` });
}
const { data: page, has_more } = await configurations.list({ limit: 100 });
assert.deepEqual([page.length, has_more, page[0].name], [100, true, 'number 101']);
const names = [];
for await (const { name } of configurations.list({ limit: 100, expand: ['data.features.subscription_update.products'] })) {
  names.push(name);
}
assert.equal(names.length, 105);
assert.equal(new Set(names).size, 103);

// Deep links open what the configuration offers.
const expanded = await sessions.create({
  customer: customer.id,
  expand: ['configuration.features.subscription_update.products'],
  flow_data: {
    type: 'subscription_update_confirm',
    subscription_update_confirm: { subscription: 'sub_1', items: [{ id: 'si_1', price: price.id }] },
  },
});
assert.equal(expanded.configuration.features.subscription_update.products[0].product, product.id);
assert.deepEqual(await refusal(sessions.create({ customer: customer.id, configuration: second.id })), [
  'StripeInvalidRequestError', 400, undefined, 'configuration',
]);
