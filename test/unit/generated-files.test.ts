import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { settleAnswers } from '../../src/answers/answers.ts';
import { STOCK_FILES } from '../../src/wazo/generated-files.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import { render } from '../../src/templates/render.ts';

async function made(answers: Record<string, unknown>): Promise<ReadonlyMap<string, string>> {
  const template = loadTemplate('confgend');
  const given = { name: 'hello', namespace: 'demo', ...answers };
  const settled = await settleAnswers(template, {
    given,
    facts: { year: '2026', gitName: '', user: 'me' },
    open: 'defaults',
  });
  return new Map(render(template, settled).map((file) => [file.path, String(file.content)]));
}

const DRIVER = 'demo_hello_confgend/driver.py';
const ADDED_TO = STOCK_FILES.filter(({ adds }) => typeof adds !== 'string');

describe('a driver for a file that Wazo generates', () => {
  it('is offered for each that something can be added to', () => {
    const generatedFile = loadTemplate('confgend').questions.find(({ name }) => name === 'generatedFile');
    const offered = (generatedFile?.choices ?? [])
      .map(({ value }) => value)
      .filter((value) => value !== 'new');
    expect(offered.toSorted()).toEqual(ADDED_TO.map(({ name }) => name).toSorted());
  });

  it.each(ADDED_TO)('$name: adds unless asked otherwise, to a section that is there', async (stock) => {
    const files = await made({ generatedFile: stock.name });
    expect(files.get(DRIVER)).toContain(`Adds to ${stock.name} as Wazo generates it.`);
    const settings = load(files.get('etc/wazo-confgend/conf.d/50-demo-hello.yml') ?? '') as {
      demo_hello: Record<string, Record<string, unknown>>;
    };
    const [kind, sections = {}] = Object.entries(settings.demo_hello)[0] ?? [];
    expect(kind).toBe(stock.format === 'yaml' ? 'content' : 'sections');
    for (const section of Object.keys(sections)) expect(stock.sections).toContain(section);
    const [, filename = ''] = stock.name.split('/');
    const text = files.get(`tests/stock/${filename}`) ?? '';
    for (const section of stock.sections)
      expect(text).toContain(stock.format === 'yaml' ? `${section}:` : `[${section}]`);
  });

  it.each(ADDED_TO)('$name: takes its place when that is asked for, and says so', async ({ name }) => {
    for (const style of ['scratch', 'template'])
      expect((await made({ generatedFile: name, style })).get(DRIVER)).toContain(
        `# wdev: ignore confgend-replaces-stock  it is meant to write all of ${name}\nclass `,
      );
  });

  it.each([
    [{ filename: 'sip.conf' }, '--filename: nothing reads asterisk/sip.conf any more; asterisk/pjsip.conf'],
    [{ filename: 'extensions.conf' }, '--style: nothing can be added to asterisk/extensions.conf: a file in'],
    [{ resource: 'wazo', filename: 'uuid.yml' }, '--style: nothing can be added to wazo/uuid.yml: it is'],
    [
      { filename: 'a-b.conf' },
      '--filename: setuptools of Debian 12 refuses to install the entry point group wazo_confgend.asterisk.a-b.conf',
    ],
    [{ style: 'extend' }, '--style: nothing can be added to asterisk/hello.conf: Wazo generates no such'],
  ])('%j is answered: %s', async (answers, said) => {
    await expect(made(answers)).rejects.toThrow(said);
  });
});
