// What is different between two versions of the shapes, and what of them this project doesn't know.

/** The requests whose parameters this project models. */
const MODELLED = ['configuration_create', 'configuration_update'];

/** What was added and what was removed, as one line each. */
export function changes(before, after) {
  const [old, current] = [facts(before), facts(after)];
  const minus = [...old].filter((fact) => !current.has(fact)).map((fact) => `- ${fact}`);
  const plus = [...current].filter((fact) => !old.has(fact)).map((fact) => `+ ${fact}`);
  return [...minus, ...plus].sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1));
}

/** The parameters, and the values of parameters, that are not in the model. */
export function unmodelled({ requests }, { parameters }) {
  const found = new Set();
  for (const request of MODELLED) {
    for (const { path, shape } of leaves(requests[request], '')) {
      const known = parameters[path];
      if (known === undefined) found.add(path);
      const missing = (shape.values ?? []).filter((value) => known && !known.includes(value));
      for (const value of missing) found.add(`${path} = ${value}`);
    }
  }
  return [...found].sort();
}

function facts({ objects, requests }) {
  const all = new Set();
  for (const [name, shape] of [...Object.entries(objects), ...Object.entries(requests)]) {
    for (const { path, shape: it } of places(shape, name)) {
      const flags = ['required', 'emptyable', 'nullable', 'open'].filter((flag) => it[flag]);
      all.add(`${path}: ${[it.type, it.shape, ...flags].filter(Boolean).join(', ')}`);
      for (const value of it.values ?? []) all.add(`${path} = ${value}`);
    }
  }
  return all;
}

/** A shape and everything inside of it. */
function* places(shape, path) {
  yield { path, shape };
  for (const [name, field] of Object.entries(shape.fields ?? {})) {
    yield* places(field, path ? `${path}.${name}` : name);
  }
  if (shape.type === 'list') yield* places(shape.items, `${path}[]`);
  if (shape.type === 'map') yield* places(shape.items, `${path}[*]`);
  for (const one of shape.any_of ?? []) yield* places(one, `${path}<${one.shape ?? one.type}>`);
}

/** What a request can say: the parameters without further ones in them. A list of texts is one. */
function* leaves(shape, path) {
  if (shape.type === 'object') {
    for (const [name, field] of Object.entries(shape.fields)) {
      yield* leaves(field, path ? `${path}.${name}` : name);
    }
  } else if (shape.type === 'list') {
    const isOfObjects = shape.items.type === 'object';
    yield* leaves(shape.items, isOfObjects ? `${path}[]` : path);
  } else {
    yield { path, shape: shape.type === 'map' ? {} : shape };
  }
}
