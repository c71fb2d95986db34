// Sends customers to the billing portal of their role.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import Stripe from 'stripe';
import { isPortalEnvironment, isPortalRole, portalConfiguration } from './portal.js';
import type { PortalEnvironment } from './portal.js';

const page = `<!doctype html>
<title>Acme</title>
<form method="post" action="/sign-in"><input name="user"> <button>Sign in</button></form>
<form method="post" action="/billing"><button>Billing</button></form>
`;

interface User {
  role: string;
  customer: string;
}

/** A real app has a database, and a sign-in that asks for more than a name. */
const users = new Map<string, User>([
  ['ada', { role: 'admin', customer: 'cus_ada' }],
  ['vic', { role: 'viewer', customer: 'cus_vic' }],
  // A role that no file in portal-configs/ is for.
  ['olga', { role: 'owner', customer: 'cus_olga' }],
]);

const port = process.env.PORT ?? '8000';
const environment = environmentFrom(process.env.PORTAL_ENVIRONMENT ?? 'test');
const stripe = stripeAt(new URL(process.env.STRIPE_API_BASE ?? 'https://api.stripe.com'));

/** Signs cookies. A new one signs everybody out; a real app keeps it. */
const secret = randomBytes(32);

/** A status, a text, and headers. */
type Answer = [number, string, Record<string, string>?];

createServer((request, response) => {
  answer(request)
    .catch((error: unknown): Answer => {
      console.error('no answer:', error instanceof Error ? error.message : error);
      return [502, 'billing is not available now\n'];
    })
    .then(([status, text, headers]) => response.writeHead(status, headers).end(text));
}).listen(Number(port), '127.0.0.1');

async function answer(request: IncomingMessage): Promise<Answer> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /':
      return [200, page, { 'content-type': 'text/html' }];
    case 'POST /sign-in':
      return signIn((await form(request)).get('user') ?? '');
    case 'POST /billing':
      return billing(request);
    default:
      return [404, 'there is nothing here\n'];
  }
}

function signIn(name: string): Answer {
  if (!users.has(name)) return [401, 'nobody has this name\n'];
  // No other site can post with it. Behind HTTPS it would be `Secure`, too.
  const cookie = `user=${name}.${signature(name)}; HttpOnly; Path=/; SameSite=Lax`;
  return [303, '', { location: '/', 'set-cookie': cookie }];
}

/** Opens the portal with the configuration of the user's role. */
async function billing(request: IncomingMessage): Promise<Answer> {
  const user = signedIn(request);
  if (!user) return [401, 'sign in first\n'];
  if (!isPortalRole(user.role)) {
    return [403, `there is no billing portal for the role \`${user.role}\`\n`];
  }
  const session = await stripe.billingPortal.sessions.create({
    configuration: portalConfiguration(environment, user.role),
    customer: user.customer,
    return_url: `http://localhost:${port}`,
  });
  return [303, '', { location: session.url }];
}

function signedIn(request: IncomingMessage): User | undefined {
  const cookie = /(?:^|; )user=(\w+)\.([\w-]+)/.exec(request.headers.cookie ?? '');
  const [, name = '', given = ''] = cookie ?? [];
  const [expected, actual] = [Buffer.from(signature(name)), Buffer.from(given)];
  const isSigned = expected.length === actual.length && timingSafeEqual(expected, actual);
  return isSigned ? users.get(name) : undefined;
}

function signature(name: string): string {
  return createHmac('sha256', secret).update(name).digest('base64url');
}

async function form(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    // No name is that long.
    if (text.length > 1_000) break;
  }
  return new URLSearchParams(text);
}

function environmentFrom(text: string): PortalEnvironment {
  if (isPortalEnvironment(text)) return text;
  throw new Error(`PORTAL_ENVIRONMENT: there is no lockfile of \`${text}\``);
}

function stripeAt(base: URL): Stripe {
  const key = process.env.STRIPE_API_KEY;
  if (!key) throw new Error('STRIPE_API_KEY is not set');
  const protocol = base.protocol === 'http:' ? 'http' : 'https';
  const port = base.port || (protocol === 'http' ? 80 : 443);
  return new Stripe(key, { protocol, host: base.hostname, port });
}
