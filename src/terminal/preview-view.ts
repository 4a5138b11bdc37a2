import { paint } from './paint.ts';
import type { DriverPreview } from '../preview/previewer.ts';
import type { Comparison } from '../support/comparison.ts';
import { findingLines, type LineReader } from './finding-text.ts';
import { diffText } from './generated-text.ts';
import { lineReader } from './source-lines.ts';
import { generatedName } from '../wazo/entry-point.ts';

export interface PreviewShown {
  readonly preview: DriverPreview;
  readonly comparison: Comparison | undefined;
  readonly accepted: string | undefined;
}

/** Prints a generated file with its name before it, differences and findings after it. */
export function previewLines(shown: PreviewShown): {
  before: readonly string[];
  after: readonly string[];
} {
  const { preview, comparison, accepted } = shown;
  const { driver, text, findings, printed, reply } = preview;
  const name = generatedName(driver);
  const ms = (reply.ms?.generate ?? 0).toFixed(1);
  const took = text === undefined ? ': not generated' : ms === '0.0' ? '' : `, generated in ${ms} ms`;
  const before = [`${paint.bold(name)} ${paint.dim(`by driver ${driver.name}${took}`)}`];
  const said = printed.trim() === '' ? [] : ['The driver printed:', ...indented(printed.trimEnd())];
  const after = [
    ...(text !== undefined && !text.endsWith('\n') ? [''] : []),
    ...said,
    ...comparisonLines(comparison, accepted),
    ...findings.flatMap((finding) => findingLines(finding, reader(preview))),
  ];
  return { before, after };
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`);
}

function comparisonLines(
  comparison: Comparison | undefined,
  accepted: string | undefined,
): readonly string[] {
  if (comparison === undefined) return [];
  const { against, before, diff } = comparison;
  const written = accepted === undefined ? [] : [paint.dim(`Wrote ${against}`)];
  if (before === undefined) {
    return accepted === undefined && against !== 'the last run'
      ? ['', `${against} does not exist. To write it, add --accept.`]
      : written;
  }
  if (diff.length === 0) return ['', paint.dim(`No difference from ${against}.`), ...written];
  return ['', `Differs from ${against} (- old, + new):`, ...diffText(diff), ...written];
}

/** A line of the generated file where a finding is about that, else of the plugin's sources. */
function reader(preview: DriverPreview): LineReader {
  const { driver, text } = preview;
  const sources = lineReader(driver.input.plugin.dir);
  return (file, line) => (file === driver.filename ? text?.split('\n')[line - 1] : sources(file, line));
}
