import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOAD_EXAMPLES } from '../../src/check/rules/dialplan-load-examples.ts';
import { RULE_ROWS, type LintedRejection } from '../../src/findings/catalogue.ts';
import { downReal, upReal } from '../../src/stacks/real.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { lacks } from '../support/needs.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, project, wdevNow } from '../support/watch.ts';

const NAME = `test-rejections-${process.pid}`;
const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

/** With a label that is not there, a real Asterisk searches includes thousands of times: not on a shared machine. */
const ENDLESS = 'dialplan-include-overflow';

/** The rule's own example adds to a context that the plugin has here. */
const OTHER: Readonly<Record<string, string>> = {
  'dialplan-unknown-addition': '[acme-none](+)\nexten = s,1,Hangup()\n',
};

const KINDS = (Object.keys(LOAD_EXAMPLES) as LintedRejection[])
  .filter((code) => RULE_ROWS[code].level === 'error' && code !== ENDLESS)
  .map((code) => ({ code, ...LOAD_EXAMPLES[code] }));

/** `code file:line`. */
const brief = ({ code, file, line }: Finding): string => `${code} ${file}:${line}`;

describe.skipIf(lacks('real'))('a broken line of a plugin', () => {
  const place = project();
  let file = '';
  let good = '';
  let watches: readonly Watch[] = [];

  beforeAll(async () => {
    await upReal(NAME, { forUs: true });
    file = path.join(makePlugin(place.dir, 'hello'), CONF);
    good = readFileSync(file, 'utf8');
    watches = [[], ['--target', `stack:${NAME}`]].map(
      (target) => new Watch(['hello', '--clean', ...target], place.dir),
    );
    for (const watch of watches) await watch.next('verified');
  });

  afterAll(async () => {
    for (const watch of watches) await watch.stop();
    await downReal(NAME);
    await place.remove();
  });

  it.each(KINDS.map(({ code, bad }) => [code, OTHER[code] ?? bad] as const))(
    '%s: check, and watch on both stacks, name the same file, line and code',
    async (code, bad) => {
      save(file, `${good}\n${bad}`);
      const heard = await Promise.all(watches.map(async (watch) => (await watch.next('failed')).findings));
      const checked = JSON.parse(wdevNow(['check', 'hello', '--json'], place.dir).stdout) as {
        findings: readonly Finding[];
      };
      const told = [checked.findings, ...heard].map((findings) =>
        findings.filter((one) => one.code === code).map(brief),
      );
      save(file, good);
      await Promise.all(watches.map(async (watch) => watch.next('verified')));
      expect(told[0]).not.toEqual([]);
      expect(told[1]).toEqual(told[0]);
      expect(told[2]).toEqual(told[0]);
    },
  );
});
