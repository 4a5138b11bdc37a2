/** templates/MATRIX.md: what `npm run matrix -- --table templates/MATRIX.md` found. */

import type { Case } from './cases.ts';

export interface Outcome {
  readonly entry: Case;
  /** The faults, by step. */
  readonly failed: ReadonlyMap<string, string>;
  /** Columns that could not be asked on this machine. */
  readonly notAsked?: ReadonlySet<string>;
}

const HEAD = `# The matrix

Each row is a plugin that was made, and what was done with it. Written by
\`npm run matrix -- --table templates/MATRIX.md\`, which CI runs (\`--only TEXT\` leaves the other rows as they are);
\`npm run matrix -- --full\` takes every pair of parts,
and \`npm run matrix:real\` installs each part on a real stack.

- **again**: the recorded answers, as a file for \`--answers\`, make the same bytes.
- **lint**: no word of the template is left; shellcheck, yamllint and Python read every file.
- **tests**: its own tests pass, with Debian's Python, and none is left out.
- **build**: it is built as wazo-plugind builds, as a user without rights; the package holds no rubbish.
- **load**: real stevedore loads its entry points as the services do, from the built package.
- **check**: \`wdev check --strict\` has no finding, for Debian 12 and 13.
- **style**: black, flake8, isort and pyupgrade, as Wazo's own repositories set them, change nothing and say nothing, and
  neither do the hooks for white space. The tools come from PyPI; without it the cell is "not asked", and CI fails.
- **mypy**: it has nothing to say, against typed stubs of what the services bring (\`test/matrix/stubs\`).

`;

/**
 * The page, with a row for each of `cases` in their order: of those that ran, their outcome; of the others, the row
 * of `before`, the page as it was.
 */
export function matrixPage(
  outcomes: readonly Outcome[],
  steps: readonly string[],
  cases: readonly Case[],
  before: string,
): string {
  const rows = new Map(before.split('\n').map((line) => [/^\| (.*?)(?<!\\) \| /.exec(line)?.[1], line]));
  for (const { entry, failed, notAsked } of outcomes) {
    const cells = steps.map((name) => {
      if (failed.has(name) || failed.has('make')) return 'FAILED';
      return notAsked?.has(name) === true ? 'not asked' : 'ok';
    });
    rows.set(cellOf(entry), `| ${[cellOf(entry), ...cells].join(' | ')} |`);
  }
  const head = `| ${['case', ...steps].join(' | ')} |\n|${'---|'.repeat(steps.length + 1)}`;
  return `${HEAD}${[head, ...cases.flatMap((entry) => rows.get(cellOf(entry)) ?? [])].join('\n')}\n`;
}

export function cellOf(entry: Case): string {
  return entry.title.replaceAll('|', String.raw`\|`);
}
