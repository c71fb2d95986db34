// Looks at pages in a real browser: node look.mjs URL...
//
// Each is opened on a phone and on a desk, in light and in dark. It must load nothing, run nothing, fit,
// have no barrier that axe knows, and do by keyboard what it is there for.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const installed = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const browser = await chromium.launch({
  executablePath: installed,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
for (const url of process.argv.slice(2)) {
  for (const width of [360, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      await look(await context.newPage(), url, `${url} ${width} ${colorScheme}`);
      await context.close();
    }
  }
}
await browser.close();

async function look(page, url, name) {
  const trouble = [];
  page.on('request', (request) => request.url() === url || trouble.push(`loads ${request.url()}`));
  page.on('console', (message) => trouble.push(`says ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`fails: ${error}`));
  page.on('dialog', (dialog) => trouble.push(`asks ${dialog.message()}`));
  // Whoever opens a page by its address asks for its icon as well; the browser does, not the page.
  await page.route('**/favicon.ico', (route) => route.abort());
  await page.goto(url);
  assert.deepEqual(trouble.filter((it) => !it.includes('favicon')), [], name);

  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= room, `${name} is ${wide} wide`);
  assert.ok(await page.evaluate(() => getComputedStyle(document.body).fontSize === '16px'), `${name} has no style`);

  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const barriers = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
  assert.deepEqual(barriers, [], name);

  await speaksBoth(page, name);
  await opens(page, name);
  await runsNothing(page, name);
}

async function speaksBoth(page, name) {
  const shown = (language) => page.locator(`.said[lang=${language}]`).first().isVisible();
  const seen = async () => [await shown('en'), await shown('ja')];
  assert.deepEqual(await seen(), [true, false], name);
  await page.getByRole('radio', { name: 'English' }).focus();
  await page.keyboard.press('ArrowRight');
  assert.deepEqual(await seen(), [false, true], name);
  await page.keyboard.press('ArrowLeft');
  assert.deepEqual(await seen(), [true, false], name);
}

async function opens(page, name) {
  const dialog = page.locator('details').first();
  const isOpen = () => dialog.evaluate((it) => it.open);
  const before = await isOpen();
  await dialog.locator('summary').focus();
  await page.keyboard.press('Enter');
  assert.equal(await isOpen(), !before, name);
}

// What would get in by a mistake is stopped by the page's policy.
async function runsNothing(page, name) {
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.body.append(script);
    document.body.setAttribute('style', 'font-size: 99px');
    return [globalThis.ran, getComputedStyle(document.body).fontSize];
  });
  assert.deepEqual(ran, [undefined, '16px'], name);
}
