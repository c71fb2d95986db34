import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import Stripe from 'stripe';

const url = process.env.STRIPE_URL ?? 'http://127.0.0.1:12111';
const { hostname, port } = new URL(url);
const stripe = new Stripe('sk_test_123', { host: hostname, port, protocol: 'http' });
const tell = (method, path, body) =>
  fetch(`${url}/_emulator/${path}`, { method, body: JSON.stringify(body) });

beforeEach(() => tell('POST', 'reset'));

test('a lost answer makes no second configuration', async () => {
  await tell('POST', 'faults', { match: { method: 'POST' }, fault: 'lost_answer' });
  const features = { invoice_history: { enabled: true } };
  const { id } = await stripe.billingPortal.configurations.create({ features });

  const { data } = await stripe.billingPortal.configurations.list();
  assert.deepEqual(data.map((configuration) => configuration.id), [id]);
  const { requests } = await (await tell('GET', 'requests')).json();
  assert.deepEqual(requests.map(({ method, replayed }) => [method, replayed]), [
    ['POST', false],
    ['POST', true],
    ['GET', false],
  ]);
});
