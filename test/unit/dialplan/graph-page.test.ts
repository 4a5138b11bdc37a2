import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../../src/stacks/requirements.ts';
import { faintTexts, unnamedControls } from '../../support/contrast.ts';
import { wdev } from '../../support/wdev.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-graph-page-'));
const TEXT = `[menu]
exten = s,1,Set(X=</script><script>document.title='obeyed'</script>)
same = n,GotoIf($[\${Y} = 1]?sales,s,1)
same = n,Goto(\${WHERE})
same = n(end),Hangup()
[sales]
exten = s,1,Dial(PJSIP/sales)
same = n,Goto(menu,s,end)
`;
const browserProgram = findProgram('chromium');

describe.skipIf(browserProgram === undefined)('the page of a dialplan, in Chromium', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    writeFileSync(path.join(folder, 'menu.conf'), TEXT);
    const flags = ['--trace', 'menu,s', '--set', 'Y=1', '--out', 'menu.html'];
    const made = await wdev(['dialplan', 'graph', 'menu.conf', ...flags], { cwd: folder });
    expect(made.stderr).toBe('');
    browser = await chromium.launch({
      executablePath: browserProgram ?? '',
      args: ['--no-sandbox'],
      timeout: 240_000,
    });
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.setDefaultTimeout(240_000);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(request.url());
    });
    await page.goto(`file://${folder}/menu.html`);
    await page.waitForSelector('body[data-ready]');
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('draws rows and lines, tells the coverage, and obeys no text of the dialplan', async () => {
    expect(await page.title()).toBe('Dialplan');
    expect(await page.textContent('.coverage')).toMatch(
      /^\d of 6 lines, 2 of 2 extensions, \d of \d branches$/,
    );
    expect(await page.locator('#drawing g.node').count()).toBe(3);
    expect(await page.locator('#drawing g.edge').count()).toBe(3);
    expect(await page.textContent('#drawing')).toContain('</script><script>');
  });

  it('lists the contexts beside the picture, and shows the one that is clicked', async () => {
    expect(await page.locator('#detail li button').allTextContents()).toEqual([
      expect.stringMatching(/^menu1 extension/) as string,
      expect.stringMatching(/^sales1 extension/) as string,
    ]);
    await page.click('#detail li:nth-child(2) button');
    expect(await page.textContent('#detail .place')).toBe('menu.conf:6');
    await page.keyboard.press('Escape');
    expect(await page.locator('#detail li button').count()).toBe(2);
  });

  it('finds a row, and shows its line and where it leads', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('dial pjsip');
    await page.keyboard.press('Enter');
    expect(await page.textContent('#detail .place')).toBe('menu.conf:7');
    expect(await page.textContent('#detail .here')).toBe('exten = s,1,Dial(PJSIP/sales)');
    await page.keyboard.press('Escape');
    await page.keyboard.type('/GotoIf');
    await page.keyboard.press('Enter');
    expect(await page.textContent('#detail h3 + ul')).toContain('sales');
    await page.click('#detail h3 + ul button');
    expect(await page.textContent('#detail .place')).toBe('menu.conf:7');
  });

  it('folds and opens', async () => {
    await page.click('#fold');
    expect(await page.textContent('#drawing')).not.toContain('GotoIf');
    expect(await page.locator('#drawing g.edge').count()).toBeGreaterThan(0);
    await page.click('#drawing g[id$="-t"] >> nth=0');
    expect(await page.textContent('#drawing')).toContain('GotoIf');
    await page.click('#open');
    expect(await page.textContent('#drawing')).toContain('Dial(PJSIP/sales)');
  });

  it('has room at both widths, by day and by night, and says nothing to the console', async () => {
    for (const width of [420, 1400]) {
      await page.setViewportSize({ width, height: 800 });
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wide, `${width}`).toBeLessThanOrEqual(0);
    }
    const back = async (): Promise<string> =>
      page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const day = await back();
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await faintTexts(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await back()).not.toBe(day);
    expect(await faintTexts(page)).toEqual([]);
    expect(await unnamedControls(page)).toEqual([]);
    await page.emulateMedia({ media: 'print' });
    expect(await back()).toBe(day);
    await page.emulateMedia({ media: 'screen' });
    expect(complaints).toEqual([]);
  });
});
