import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../../src/stacks/requirements.ts';
import { faintTexts, unnamedControls } from '../../support/contrast.ts';
import { save } from '../../support/save.ts';
import { Watch, project, wdevNow } from '../../support/watch.ts';
import { writeFiles } from '../../support/python-plugin.ts';

const CONF = 'hello/etc/asterisk/extensions_extra.d/demo-hello.conf';
const MODULE = 'py/demo_py/calld/plugin.py';
/** A name and a text that are obeyed where somebody forgets to escape them. */
const NASTY = `etc/<img src=x onerror=document.title='obeyed'>\u202e.conf`;
const SCRIPT = `</script><script>document.title='obeyed'</script>`;

const browserProgram = findProgram('chromium');

interface Answer {
  readonly status: number;
  readonly text: string;
}

describe.skipIf(browserProgram === undefined)('the page of a watch, in Chromium', () => {
  const place = project();
  const complaints: string[] = [];
  let watch: Watch;
  let address = '';
  let browser: Browser;
  let page: Page;

  const file = (name: string): string => path.join(place.dir, name);
  const shows = async (selector: string, text: string | RegExp): Promise<void> =>
    await page.locator(selector, { hasText: text }).first().waitFor({ timeout: 240_000 });

  async function opened(url: string, width = 1400): Promise<Page> {
    const tab = await browser.newPage({ viewport: { width, height: 900 } });
    tab.on('console', (message) => complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('request', (asked) => {
      if (!asked.url().startsWith(url)) complaints.push(asked.url());
    });
    tab.setDefaultTimeout(240_000);
    await tab.goto(url);
    // its keys are heard once it was painted
    await tab.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
    return tab;
  }

  beforeAll(async () => {
    wdevNow(
      ['new', 'stack', 'hello', '--namespace', 'demo', '--part', 'dialplan', '--yes', '--no-git'],
      place.dir,
    );
    wdevNow(['new', 'stack', 'py', '--namespace', 'demo', '--part', 'calld', '--yes', '--no-git'], place.dir);
    watch = new Watch(['--ui', 'hello', 'py', '--report', 'out.html'], place.dir);
    ({ address } = await watch.next('page', 300_000));
    await watch.next('verified', 300_000);
    browser = await chromium.launch({
      executablePath: browserProgram ?? '',
      args: ['--no-sandbox'],
      timeout: 240_000,
    });
    page = await opened(address);
  });

  afterAll(async () => {
    await browser?.close();
    await watch.stop();
    await place.remove();
  });

  it('shows the plugins, the first batch and what is served', async () => {
    // nothing in the embedded stack reads back the code of a service
    await shows('.condition', 'installed, not verified: demo/py');
    expect(await page.locator('.plugin .name').allTextContents()).toEqual(['✓ demo/hello', '• demo/py']);
    await shows('.served', 'xivo-extrafeatures: ***42');
    await shows('.steps', 'stage in full');
    await page.click('.onepart summary');
    await shows('.evidence', 'files that took effect');
  });

  it('shows a save that fails with its difference, its line and what to try', async () => {
    const good = readFileSync(file(MODULE), 'utf8');
    save(file(MODULE), `${good}\nx = (\n`);
    await shows('.condition', 'failed: demo/py');
    await shows('.findings .here', 'x = (');
    await shows('.findings .place', /^demo_py\/calld\/plugin\.py:\d+/);
    await shows('.diff .plus', '+x = (');
    await shows('.plugin .trouble', /python-syntax/);
    save(file(MODULE), good);
    await shows('.condition', 'installed, not verified: demo/py');
  });

  it('draws the dialplan and a call through it, and draws it anew after a save', async () => {
    await page.keyboard.press('2');
    // the plugin that was saved last has none
    await shows('#tabpanel h3', 'demo/hello');
    await page.click('.plugin >> text=demo/hello');
    await page.locator('.picture svg g.node').first().waitFor({ timeout: 240_000 });
    await page.fill('.panel form input', 'demo-hello,s');
    await page.click('text=Trace a call');
    await shows('.call ol', 's@demo-hello:1');
    // the file as its author knows it
    await shows('.call li .note', /^etc\/asterisk\/extensions_extra\.d\/demo-hello\.conf:\d+$/);
    // as high as the drawing, or as it may be
    const lacks =
      '(({ shadowRoot, clientHeight }) => Math.min(shadowRoot.querySelector("svg").getBoundingClientRect().height, innerHeight * 0.6) - clientHeight)(document.querySelector(".picture"))';
    await expect.poll(async () => await page.evaluate<number>(lacks), { timeout: 240_000 }).toBeLessThan(20);
    save(
      file(CONF),
      `${readFileSync(file(CONF), 'utf8')}\n[demo-more]\nexten = s,1,Verbose(${SCRIPT})\n same = n,Return()\n`,
    );
    await page.locator('.picture svg >> text=demo-more').waitFor({ timeout: 240_000 });
    await page.fill('.panel form input', 'nowhere');
    await page.click('text=Trace a call');
    await shows('.problem', 'nowhere');
    await page.click('.plugin >> text=demo/hello');
  });

  it('obeys no text of a plugin', async () => {
    writeFiles(place.dir, {
      [`hello/${NASTY}`]: SCRIPT,
      [MODULE]: `x = '${SCRIPT}\u001b]0;obeyed\u0007' +\n`,
    });
    await shows('.findings .here', '</script>');
    expect(await page.title()).toBe('wdev watch');
    expect(await page.textContent('.findings .excerpt')).toContain(String.raw`\x1b]0;obeyed\x07`);
  });

  it('has the keys of watch', async () => {
    watch.forget();
    await page.keyboard.press('p');
    let held = await watch.next('held');
    while (!held.reason.startsWith('paused')) held = await watch.next('held');
    await page.click('text=Pause');
    await watch.next(['held', 'batch'], 300_000);
    await page.keyboard.press('5');
    await page.click('text=Read the log');
    await watch.next('log', 300_000);
  });

  it('can be used without a mouse, and shows where it is', async () => {
    await page.keyboard.press('j');
    expect(await page.evaluate('document.activeElement.closest("article").id')).toBe(
      await page.locator('.batch').first().getAttribute('id'),
    );
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    expect(await page.getAttribute('.batch .head', 'aria-expanded')).toBe('false');
    await page.keyboard.press('Enter');
  });

  it('goes through its tabs by the arrow keys', async () => {
    const chosen = async (): Promise<unknown> => await page.textContent('[role=tab][aria-selected=true]');
    await page.keyboard.press('1');
    await page.focus('#tab-serves');
    await page.keyboard.press('ArrowLeft');
    expect(await chosen()).toBe('Log');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await chosen()).toBe('Dialplan');
    expect(await page.evaluate('document.activeElement.id')).toBe('tab-dialplan');
    // one of them is a stop of the Tab key, and the next stop is what it shows
    expect(await page.locator('[role=tab][tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('tabpanel');
  });

  it('fits a narrow window, and can be read, in the dark too', async () => {
    const narrow = await opened(address, 400);
    for (const colorScheme of ['light', 'dark'] as const) {
      await narrow.emulateMedia({ colorScheme });
      for (const key of ['1', '2', '3', '4', '5']) {
        await narrow.keyboard.press(key);
        const width = await narrow.evaluate('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(400);
        expect(await faintTexts(narrow)).toEqual([]);
        expect(await unnamedControls(narrow)).toEqual([]);
      }
    }
    await narrow.close();
  });

  it('answers nobody without its token, nor another site', async () => {
    const url = new URL(address);
    const ask = async (
      method: string,
      where: string,
      headers: Record<string, string> = {},
    ): Promise<Answer> =>
      await new Promise((resolve, reject) => {
        const asked = request(
          { host: url.hostname, port: url.port, path: where, method, headers },
          (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (more: string) => (text += more));
            answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
          },
        );
        asked.on('error', reject).end(method === 'POST' ? '{"key":"pause"}' : undefined);
      });
    expect((await ask('GET', url.pathname)).status).toBe(200);
    const nobody: readonly [string, string, Record<string, string>?][] = [
      ['GET', '/'],
      ['GET', '/events'],
      ['GET', `${url.pathname.slice(0, -2)}/`],
      ['GET', url.pathname, { host: `evil.example:${url.port}` }],
      ['GET', `${url.pathname}../../etc/passwd`],
      ['POST', `${url.pathname}key`],
      ['POST', `${url.pathname}key`, { 'content-type': 'application/json' }],
      ['POST', `${url.pathname}key`, { 'content-type': 'application/json', origin: 'http://evil.example' }],
      ['POST', `${url.pathname}key`, { 'content-type': 'text/plain', origin: url.origin }],
    ];
    for (const [method, where, headers] of nobody)
      expect(await ask(method, where, headers)).toEqual({ status: 404, text: '' });
  });

  it('says when the watch has ended, and the report holds what was', async () => {
    expect(complaints).toEqual([]);
    save(file(MODULE), 'x = (\n');
    await shows('.findings .here', 'x = (');
    await watch.stop();
    await shows('.condition', 'The watch has ended');
    await page.setViewportSize({ width: 1280, height: 900 });
    const cut =
      '(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => scrollHeight > clientHeight || scrollWidth > clientWidth)(document.querySelector(".condition"))';
    expect(await page.evaluate(cut)).toBe(false);
    const report = await opened(`file://${file('out.html')}`);
    await report.locator('.condition', { hasText: 'failed: demo/py' }).waitFor();
    expect(await report.locator('.keys').count()).toBe(0);
    await report.keyboard.press('2');
    await report.locator('.picture svg g.node').first().waitFor();
    const batches = await report.locator('.batch').allTextContents();
    expect(batches.length).toBeGreaterThan(3);
    expect(batches).toEqual(await page.locator('.batch').allTextContents());
    expect(await faintTexts(report)).toEqual([]);
    // on paper: dark on white, nothing behind a scroll bar or a fold
    await report.emulateMedia({ colorScheme: 'dark', media: 'print' });
    expect(await report.evaluate('getComputedStyle(document.body).color')).toBe('rgb(29, 31, 35)');
    await report.evaluate('dispatchEvent(new Event("beforeprint"))');
    await report.locator('.batch:last-of-type .details').waitFor();
    const folded =
      '[...document.querySelectorAll("details, .head")].filter((one) => !(one.open ?? one.ariaExpanded === "true")).length';
    await report.waitForFunction(`${folded} === 0`);
    expect(
      await report.evaluate(
        '[...document.querySelectorAll("pre, .panel, .details")].filter((one) => one.scrollHeight > one.clientHeight + 2).length',
      ),
    ).toBe(0);
  });
});

describe('wdev watch --ui', () => {
  const place = project();
  afterAll(async () => await place.remove());

  it.each([
    [['--ui=99999'], '--ui=99999: a port is a number up to 65535'],
    [['--ui', '--once'], '--ui shows a watch until it ends'],
    [['--report', 'nowhere/out.html'], '--report nowhere/out.html: there is no such folder'],
  ])('%j is wrong use', (flags, message) => {
    wdevNow(
      ['new', 'stack', 'hello', '--namespace', 'demo', '--part', 'dialplan', '--yes', '--no-git'],
      place.dir,
    );
    const { status, stderr } = wdevNow(['watch', 'hello', ...flags], place.dir);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
