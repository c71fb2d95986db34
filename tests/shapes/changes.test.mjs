// node --test tests/shapes/

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { changes, unmodelled } from './changes.mjs';

const read = () => JSON.parse(readFileSync(new URL('portal.json', import.meta.url), 'utf8'));

/** The shapes after Stripe has added a parameter, a value and a field. */
function grown() {
  const shapes = read();
  const update = shapes.requests.configuration_update.fields;
  update.features.fields.gift_cards = {
    fields: { enabled: { required: true, type: 'boolean' } },
    type: 'object',
  };
  update.features.fields.customer_update.fields.allowed_updates.items.values.push('pronouns');
  update.name.emptyable = false;
  shapes.objects.configuration.fields.colour = { nullable: true, type: 'string' };
  return shapes;
}

/** A model of everything that the shapes have. */
function modelOf(shapes) {
  const parameters = {};
  for (const path of unmodelled(shapes, { parameters })) parameters[path] = [];
  for (const value of unmodelled(shapes, { parameters })) {
    const [path, word] = value.split(' = ');
    parameters[path].push(word);
  }
  return { parameters };
}

test('what Stripe adds is not modelled', () => {
  const model = modelOf(read());
  assert.deepEqual(unmodelled(read(), model), []);
  assert.deepEqual(unmodelled(grown(), model), [
    'features.customer_update.allowed_updates = pronouns',
    'features.gift_cards.enabled',
  ]);
});

test('the changes are what was removed and what was added', () => {
  assert.deepEqual(changes(read(), read()), []);
  assert.deepEqual(changes(read(), grown()), [
    '+ configuration.colour: string, nullable',
    '+ configuration_update.features.customer_update.allowed_updates[] = pronouns',
    '+ configuration_update.features.gift_cards.enabled: boolean, required',
    '+ configuration_update.features.gift_cards: object',
    '+ configuration_update.name: string',
    '- configuration_update.name: string, emptyable',
  ]);
});
