// What a program that uses Stripe's SDK for Node sees when something is wrong, and what the SDK does
// about it by itself.
//
// Needs STRIPE_URL, the address of an emulator with the seed of ../seed.json.

import assert from 'node:assert/strict';
import Stripe from 'stripe';

const url = new URL(process.env.STRIPE_URL);
const stripeWith = (key, options) =>
  new Stripe(key, { host: url.hostname, port: url.port, protocol: 'http', ...options });
const impatient = stripeWith('sk_test_51Scenario', { maxNetworkRetries: 0 }).billingPortal.configurations;
const patient = stripeWith('sk_test_51Scenario', { maxNetworkRetries: 2 }).billingPortal.configurations;
const history = { features: { invoice_history: { enabled: true } } };

async function tell(method, path, body) {
  const answer = await fetch(new URL(`/_emulator/${path}`, url), { method, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

// What was asked since the last call: status, whether it was a replay, and the fault.
async function exchanges() {
  const { requests } = await tell('GET', 'requests');
  await tell('DELETE', 'requests');
  return requests.map(({ status, replayed, fault }) => [status, replayed, fault]);
}

async function refusal(promise) {
  const error = await promise.then(() => assert.fail('was accepted'), (error) => error);
  return [error.constructor.name, error.statusCode, error.code, error.param];
}

const wrong = (fault, times = 1) => tell('POST', 'faults', { match: { method: 'POST' }, fault, times });

// Keys that may do nothing, or not everything.
const reader = stripeWith('rk_test_51Reader').billingPortal.configurations;
assert.deepEqual((await reader.list()).data, []);
assert.deepEqual(await refusal(reader.create(history)), ['StripePermissionError', 403, undefined, undefined]);
const expired = stripeWith('sk_test_51Expired').billingPortal.configurations;
assert.deepEqual(await refusal(expired.list()), ['StripeAuthenticationError', 401, 'api_key_expired', undefined]);

// A connected account is another account. What a platform makes there is marked.
const there = { stripeAccount: 'acct_1ScenarioShop000' };
const theirs = await impatient.create(history, there);
assert.equal(theirs.application, 'ca_scenario');
assert.equal(theirs.is_default, false);
assert.equal(theirs.lastResponse.headers['stripe-account'], there.stripeAccount);
assert.deepEqual(await refusal(impatient.retrieve(theirs.id)), [
  'StripeInvalidRequestError', 404, 'resource_missing', 'configuration',
]);
assert.equal((await impatient.retrieve(theirs.id, {}, there)).id, theirs.id);
assert.deepEqual(await refusal(impatient.list({}, { stripeAccount: 'acct_other' })), [
  'StripePermissionError', 403, 'account_invalid', undefined,
]);
const session = await stripeWith('sk_test_51Scenario').billingPortal.sessions.create(
  { customer: 'cus_shop', configuration: theirs.id, expand: ['configuration'] },
  there,
);
assert.equal(session.configuration.id, theirs.id);

// Without retries every trouble is an error of its class.
await tell('DELETE', 'requests');
for (const [fault, expected] of [
  ['rate_limited', ['StripeRateLimitError', 429, 'rate_limit', undefined]],
  ['lock_timeout', ['StripeRateLimitError', 429, 'lock_timeout', undefined]],
  ['key_in_use', ['StripeAPIError', 409, 'idempotency_key_in_use', undefined]],
  ['saved_500', ['StripeAPIError', 500, undefined, undefined]],
  ['truncated', ['StripeConnectionError', undefined, undefined, undefined]],
  [{ status: 503, body: '<html>' }, ['StripeAPIError', undefined, undefined, undefined]],
]) {
  await wrong(fault);
  assert.deepEqual(await refusal(impatient.create(history)), expected, JSON.stringify(fault));
}
await wrong('timeout');
const hurried = stripeWith('sk_test_51Scenario', { maxNetworkRetries: 0, timeout: 200 });
assert.equal((await refusal(hurried.billingPortal.configurations.create(history)))[0], 'StripeConnectionError');
await tell('POST', 'reset');

// With retries a lost answer is asked for again, under the same key, and nothing is made twice.
await wrong('lost_answer', 2);
const kept = await patient.create(history);
assert.deepEqual(await exchanges(), [
  [200, false, 'lost_answer'],
  [200, true, 'lost_answer'],
  [200, true, null],
]);
assert.deepEqual((await patient.list()).data.map(({ id }) => id), [kept.id]);
await tell('DELETE', 'requests');

// Stripe never saw the request: it is sent again.
await wrong('reset');
await patient.create(history);
assert.deepEqual(await exchanges(), [[0, false, 'reset'], [200, false, null]]);

// Another request with the key is running: the SDK waits and asks again.
await wrong('key_in_use');
await patient.create(history);
assert.deepEqual(await exchanges(), [[409, false, 'key_in_use'], [200, false, null]]);

// A rate limit isn't retried, unless Stripe says so.
await wrong('rate_limited');
assert.equal((await refusal(patient.create(history)))[0], 'StripeRateLimitError');
await wrong({ status: 429, body: { error: {} }, headers: { 'stripe-should-retry': 'true' } });
await patient.create(history);
assert.deepEqual(await exchanges(), [
  [429, false, 'rate_limited'],
  [429, false, 'status'],
  [200, false, null],
]);

// A failure that was saved comes back under its key, as often as the SDK asks.
await wrong('saved_500');
assert.equal((await refusal(patient.create(history)))[1], 500);
assert.deepEqual(await exchanges(), [[500, false, 'saved_500'], [500, true, null], [500, true, null]]);
