// Writes `portal.json`: Stripe's official shapes of everything this project sends and reads.
//
//   npm ci --prefix tests/shapes             once, installs the pinned SDK and compiler
//   node tests/shapes/extract.mjs            writes the file
//   node tests/shapes/extract.mjs --check    exits with 1 if it isn't what would be written
//   node tests/shapes/extract.mjs --newest   says what Stripe's newest SDK has that the file or this
//                                            project hasn't; exits with 1 if it is this project
//
// A failure of the script itself is exit code 2.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const FILE = join(HERE, 'portal.json');
const WIDTH = 100;

/** More would bury what matters, and an issue takes 65,536 characters. */
const MAX_CHANGES = 200;

async function main(mode) {
  // Here, so that a package that isn't installed is a failure of the script.
  const { officialShapes } = await import('./official.mjs');
  if (mode === '--newest') return await reportOnNewest(officialShapes);
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

/** Prints the report, in Markdown, and returns the exit code. */
async function reportOnNewest(officialShapes) {
  const { changes, unmodelled } = await import('./changes.mjs');
  const committed = JSON.parse(readFileSync(FILE, 'utf8'));
  const newest = withNewestSdk(officialShapes);
  const missing = unmodelled(newest, model());
  const changed = changes(committed, newest);
  const { sdk, api_version: version } = newest.about;
  console.log(`Stripe's SDK for Node is at ${code(sdk)} and speaks ${code(version)}.`);
  console.log(`The tests go by ${code(committed.about.sdk)}, ${code(committed.about.api_version)}.`);
  section('Not modelled', missing, 'Every parameter and every value is modelled.');
  section('Changed shapes', changed, 'The shapes are the same.');
  return missing.length > 0 ? 1 : 0;
}

function withNewestSdk(officialShapes) {
  const folder = mkdtempSync(join(tmpdir(), 'shapes-'));
  try {
    copyFileSync(join(HERE, 'roots.ts'), join(folder, 'roots.ts'));
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    run('npm', ['install', ...options, '--prefix', folder, 'stripe@latest']);
    return officialShapes(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What this project can say to Stripe, as the project itself says. */
function model() {
  run('cargo', ['test', '--locked', '--quiet', '--test', 'it', 'shapes::model']);
  const metadata = run('cargo', ['metadata', '--locked', '--no-deps', '--format-version', '1']);
  const target = JSON.parse(metadata).target_directory;
  return JSON.parse(readFileSync(join(target, 'tmp', 'model.json'), 'utf8'));
}

function run(program, parameters) {
  const stdio = ['ignore', 'pipe', 'inherit'];
  return execFileSync(program, parameters, { cwd: HERE, encoding: 'utf8', stdio });
}

function section(title, lines, otherwise) {
  console.log(`\n## ${title}\n`);
  for (const line of lines.slice(0, MAX_CHANGES)) console.log(`- ${code(line)}`);
  if (lines.length > MAX_CHANGES) console.log(`- and ${lines.length - MAX_CHANGES} more`);
  if (lines.length === 0) console.log(otherwise);
}

/** The names are somebody else's, and the report becomes the text of an issue. */
function code(text) {
  return `\`${text.replace(/[^\w .,:=<>*+[\]-]/g, '?')}\``;
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
