// What a script does without this program: one request after the other, with the library's own
// settings.
//
// Needs STRIPE_URL and STRIPE_KEY, and the name of a file with what to create.

import fs from 'node:fs';
import Stripe from 'stripe';

const { hostname, port } = new URL(process.env.STRIPE_URL);
const stripe = new Stripe(process.env.STRIPE_KEY, { host: hostname, port, protocol: 'http' });

for (const parameters of JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))) {
  await stripe.billingPortal.configurations.create(parameters);
}
