import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/check/catalogue.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { ansiToHtml } from '../../src/guide/ansi.ts';
import { pathsOf } from '../../src/guide/pattern-paths.ts';
import { RELOAD_TABLE } from '../../src/wazo/needs.ts';
import { markdownToHtml } from '../../src/guide/markdown.ts';
import { EVENT_TABLE } from '../../src/loop/event-table.ts';
import { KINDS, loadTemplate } from '../../src/templates/load.ts';
import { findProgram } from '../../src/stacks/requirements.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { faintTexts, unnamedControls } from '../support/contrast.ts';
import { run } from '../../src/support/run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-guide-'));
const file = path.join(folder, 'guide/index.html');
let html = '';

beforeAll(async () => {
  const source = path.join(packageRoot(), 'src/guide/build.ts');
  const built = await run([process.execPath, '--import', import.meta.resolve('tsx'), source, folder]);
  expect(built.stderr).toBe('');
  expect(built.status).toBe(0);
  html = readFileSync(file, 'utf8');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the guide', () => {
  it('leads nowhere that there is not, and loads nothing', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const links = [...html.matchAll(/ href="([^"]+)"/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !link.startsWith('#') || !ids.includes(link.slice(1)))).toEqual([]);
    expect(html).not.toMatch(/ src=|url\(|@import/);
  });

  it('has every command, part, rule and event', () => {
    for (const { name, hidden } of COMMANDS) {
      expect(html.includes(`id="command-${name}"`), name).toBe(hidden !== true);
    }
    for (const part of KINDS.flatMap((kind) => loadTemplate(kind).parts)) {
      expect(html).toContain(`id="part-${part.name}"`);
    }
    for (const { code } of CATALOGUE) expect(html).toContain(`id="rule-${code}"`);
    for (const event of Object.keys(EVENT_TABLE))
      expect(html).toContain(`id="event-${event.replace('_', '-')}"`);
  });

  it('shows real runs in the colours of a terminal, and nothing of who made it', () => {
    expect(html).toContain('<span class="red">✗</span>');
    expect(html).toMatch(/<span class="green">✓<\/span> <span class="bold">demo\/hello<\/span>/);
    const session = readFileSync(path.join(folder, 'guide/session.txt'), 'utf8');
    expect(session).toContain('$ wdev new stack hello --namespace demo --part dialplan --yes\nMade hello');
    expect(session).toContain("demo-hello.conf:4:1: error: Asterisk: No '='");
    expect(session).toMatch(/\d+ of \d+ steps passed on the embedded stack/);
    expect(session).not.toMatch(/\u001b|Warning:|wdev-record/);
    expect(html).not.toContain(packageRoot());
  });

  it('shows paths where files are meant, each of which its row takes', () => {
    for (const { pattern } of RELOAD_TABLE) {
      const paths = pathsOf(pattern);
      expect(paths.join(' ')).not.toMatch(/[\\()|^?[\]]/);
      const taken = paths.filter((path) =>
        ['x', 'x.yml', '.x', '/x'].some((any) => pattern.test(path.replaceAll('*', any))),
      );
      expect(taken).toEqual(paths);
      for (const path of paths) expect(html).toContain(`<code>${path}</code>`);
    }
  });

  it('turns colours and README into HTML', () => {
    expect(ansiToHtml('\u001b[1m\u001b[31m<a>\u001b[39m b\u001b[22m c')).toBe(
      '<span class="bold red">&lt;a&gt;</span><span class="bold"> b</span> c',
    );
    expect(markdownToHtml('## A\n\nb `<c>` [d](#e)\n\n- f\n  g\n- h\n')).toBe(
      '<h3 id="start-a">A</h3>\n<p>b <code>&lt;c&gt;</code> <a href="#e">d</a></p>\n<ul><li>f g</li><li>h</li></ul>',
    );
  });
});

const browserProgram = findProgram('chromium');

describe.skipIf(browserProgram === undefined)('the guide in Chromium', () => {
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    const executablePath = browserProgram ?? '';
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 240_000 });
  });

  afterAll(async () => await browser.close());

  async function open(width: number, colorScheme: 'light' | 'dark' = 'light', hash = ''): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    page.setDefaultTimeout(240_000);
    page.on('pageerror', (error) => void complaints.push(error.message));
    page.on('console', (message) => void complaints.push(message.text()));
    await page.goto(`file://${file}${hash}`);
    return page;
  }

  it.each([
    [360, 'light'],
    [360, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('fits into %i pixels, and can be read when it is %s', async (width, scheme) => {
    const page = await open(width, scheme);
    await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await faintTexts(page)).toEqual([]);
    expect(await unnamedControls(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('can be used from the keyboard', async () => {
    const page = await open(1280);
    const focus = async (): Promise<unknown> =>
      await page.evaluate('document.activeElement.id || document.activeElement.textContent');
    await page.keyboard.press('Tab');
    expect(await focus()).toBe('Skip to the content');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    expect(await page.evaluate('document.activeElement.getBoundingClientRect().left')).toBeGreaterThanOrEqual(
      0,
    );
    await page.keyboard.press('Enter');
    expect(await focus()).toBe('content');
    await page.keyboard.press('/');
    expect(await focus()).toBe('search');
    await page.keyboard.type('rules-not-executable');
    expect(await page.textContent('#found')).toBe('1 entry');
    expect(await page.isVisible('#rule-rules-not-executable')).toBe(true);
    expect(await page.isVisible('#rule-manifest-missing')).toBe(false);
    expect(await page.isVisible('#reloads')).toBe(false);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#rule-manifest-missing')).toBe(true);
    await page.close();
  });

  it('opens what an address leads to', async () => {
    const page = await open(360, 'light', '#rule-rules-not-executable');
    expect(await page.getAttribute('#rule-rules-not-executable', 'open')).not.toBeNull();
    expect(
      await page.evaluate('document.getElementById("rule-rules-not-executable").getBoundingClientRect().top'),
    ).toBeLessThan(100);
    await page.close();
  });
});
