import { describe, expect, it } from 'vitest';
import { githubReport } from '../../src/check/formats/github.ts';
import { jsonReport } from '../../src/check/formats/json.ts';
import { junitReport } from '../../src/check/formats/junit.ts';
import type { Report } from '../../src/check/formats/report.ts';
import { sarifReport } from '../../src/check/formats/sarif.ts';
import { run } from '../../src/support/run.ts';

const REPORT: Report = [
  {
    id: 'acme/hello',
    dir: 'plugins/my plugin',
    findings: [
      {
        code: 'rules-python2',
        level: 'error',
        message: 'There is no "python" <here> & 100%,\nnor there',
        file: 'wazo/rules',
        line: 5,
        column: 9,
        help: 'Call python3: now, please.',
        source: 'Debian 11',
      },
      {
        code: 'git-branch-not-master',
        level: 'info',
        message: 'The branch is main',
        file: 'wazo/plugin.yml',
      },
    ],
  },
  { id: 'acme/other', dir: 'plugins/other', findings: [] },
];

describe('formats of wdev check', () => {
  it('json has every finding and the count of each code', () => {
    const { findings, counts } = JSON.parse(jsonReport(REPORT));
    expect(counts).toEqual({ 'git-branch-not-master': 1, 'rules-python2': 1 });
    expect(findings[0]).toEqual({
      ...REPORT[0]?.findings[0],
      plugin: 'acme/hello',
      dir: 'plugins/my plugin',
    });
  });

  it('sarif names rules and places, with paths as URIs and levels of its own', () => {
    const log = JSON.parse(sarifReport(REPORT, '1.2.3'));
    const [sarifRun] = log.runs;
    expect(log.version).toBe('2.1.0');
    expect(sarifRun.results).toHaveLength(2);
    for (const result of sarifRun.results) {
      expect(sarifRun.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(['error', 'warning', 'note']).toContain(result.level);
    }
    const result = sarifRun.results[0];
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'plugins/my%20plugin/wazo/rules' },
      region: { startLine: 5, startColumn: 9 },
    });
  });

  it('github escapes what would end a property or a line', () => {
    const [first, second, ...rest] = githubReport(REPORT).split('\n');
    expect(first).toBe(
      '::error file=plugins/my plugin/wazo/rules,line=5,col=9,title=rules-python2::There is no "python" <here> & 100%25,%0Anor there%0ACall python3: now, please.',
    );
    expect(second).toMatch(/^::notice file=plugins\/my plugin\/wazo\/plugin\.yml,title=git-branch/);
    expect(rest).toEqual(['']);
  });

  it('junit is XML with as many failures as there are findings, and a passed case for a sound plugin', async () => {
    const script = `
import sys, json, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.read())
print(json.dumps([root.attrib, [[case.get('name'), [f.get('message') for f in case]] for case in root.iter('testcase')]]))`;
    const { stdout } = await run(['/usr/bin/python3', '-c', script], { input: junitReport(REPORT) });
    const [attributes, cases] = JSON.parse(stdout);
    expect(attributes).toMatchObject({ tests: '3', failures: '2' });
    expect(cases).toHaveLength(3);
    expect(cases[0][1]).toEqual(['There is no "python" <here> & 100%,\nnor there']);
    expect(cases[2]).toEqual(['no findings', []]);
  });
});
