// Writes `portal.json`: Stripe's official shapes of everything this project sends and reads.
//
//   npm ci --prefix tests/shapes             once, installs the pinned SDK and compiler
//   node tests/shapes/extract.mjs            writes the file
//   node tests/shapes/extract.mjs --check    exits with 1 if it isn't what would be written
//
// A failure of the script itself is exit code 2.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const FILE = join(HERE, 'portal.json');
const WIDTH = 100;

async function main(mode) {
  // Here, so that a package that isn't installed is a failure of the script.
  const { officialShapes } = await import('./official.mjs');
  const text = `${toText(sorted(officialShapes(HERE)))}\n`;
  if (mode === '--check') {
    const isSame = readFileSync(FILE, 'utf8') === text;
    if (!isSame) console.log('tests/shapes/portal.json is not what extract.mjs writes');
    return isSame ? 0 : 1;
  }
  if (mode !== undefined) throw new Error(`no such option: ${mode}`);
  writeFileSync(FILE, text);
  return 0;
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** JSON in which whatever fits into a line is in one, and a list of words always is. */
function toText(value, indent = '') {
  const isOfWords = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  const line = JSON.stringify(value, null, 1).replace(/\n */g, ' ').replace(/\[ | \]/g, (it) => it.trim());
  if (typeof value !== 'object' || isOfWords || indent.length + line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((item) => toText(item, inner))]
    : ['{', '}', Object.entries(value).map(([key, it]) => `"${key}": ${toText(it, inner)}`)];
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
