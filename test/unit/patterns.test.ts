/** The time of each regular expression of the sources grows as the text does, whatever somebody writes for it. */
import { describe, expect, it } from 'vitest';
import { hostileTexts, patternsOfSources, slowTextOf } from '../growth/patterns.ts';

/** Patterns whose time grows faster, by their file and beginning, and why nobody gives them a text that is long. */
const SHORT: Readonly<Record<string, string>> = {
  'src/build.ts: \\nexport \\{ ([^}]*': 'our own bundle',
  'src/cli/complaint.ts: Expected (\\d+) .*': 'words of the command line',
  'src/cli/complaint.ts: Allowed choices are': 'words of the command line',
  'src/cli/complaint.ts: \\n\\(Did you mean': 'words of the command line',
  'src/dialplan/graph/bows.ts: ': 'a drawing of Graphviz, which has its bound',
  'src/dialplan/graph/svg.ts: (<svg[^>]*>)': 'a drawing of Graphviz, which has its bound',
  'src/editor/entry-points.ts: (?<![\\w.-])[.-]*': 'a line of 1,000 characters',
  'src/editor/rules-steps.ts: \\b(?:systemctl(?:': 'a line of 8,192 characters',
  'src/editor/yaml-keys.ts: ^([ \\t]*(?:-[ \\t]+)*)': 'a line of 1,000 characters',
  'src/guide/markdown.ts: ': 'our own pages',
  'src/guide/pattern-paths.ts: ': 'our own patterns',
  'src/terminal/unbroken.ts: (?:[.,:;)]|': 'the last 100 characters of a word',
  'src/tour/package-steps.ts: "event":"verified"': 'our own report',
  'src/update/merge-file.ts: requirements': 'a path',
};

describe('regular expressions', () => {
  it.each([
    [/\s+$/, true],
    [/(a+)+b/, true],
    [/x[^y]*y/, true],
    [/^a*a*b/, true],
    [/\[(\d+)\][^:]*: /g, true],
    [/^a+$/, false],
    [/\d/g, false],
    [/^(?:a|b)*$/, false],
  ])('are told apart: %s', (pattern, isSlow) => {
    expect(slowTextOf(pattern) !== undefined).toBe(isSlow);
  });

  it('of the sources take a time that grows as the text does', { timeout: 1_800_000 }, () => {
    const all = patternsOfSources();
    expect(all.length).toBeGreaterThan(1000);
    // a pattern with a part that repeats has texts on which that is tried
    const repeats = ({ source }: (typeof all)[number]): boolean =>
      /[\w)][+*]/.test(source.replaceAll(/\[(?:\\.|[^\]\\])*\]/g, 'x'));
    const untried = all.filter((one) => repeats(one) && hostileTexts(one, 10).length === 0);
    expect(untried.map(({ file, source }) => `${file}: ${source}`)).toEqual([]);
    const slow = all.flatMap((pattern) => {
      const text = slowTextOf(pattern);
      return text === undefined ? [] : [{ ...pattern, text: text.slice(0, 40) }];
    });
    const isShort = ({ file, source }: (typeof slow)[number]): boolean =>
      Object.keys(SHORT).some((start) => `${file}: ${source}`.startsWith(start));
    const wrong = slow.filter((one) => !isShort(one));
    expect(wrong).toEqual([]);
    const needless = Object.keys(SHORT).filter(
      (start) => !all.some(({ file, source }) => `${file}: ${source}`.startsWith(start)),
    );
    expect(needless).toEqual([]);
  });
});
