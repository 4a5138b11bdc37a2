import { median, passes, quantile, verdict, type Bar, type Sample } from './statistics.ts';

export interface Table {
  readonly title: string;
  readonly samples: readonly Sample[];
  readonly bars: readonly Bar[];
}

export interface Report {
  readonly tables: readonly Table[];
  /** The same small thing, before and after everything else. */
  readonly noise: readonly Sample[];
  readonly load: number;
  /** The programs that this machine lacks for the rest. */
  readonly leftOut: readonly string[];
}

export function printText({ tables, noise, load, leftOut }: Report): string {
  const lines: string[] = [];
  for (const { title, samples, bars } of tables) {
    lines.push(title);
    if (samples.length > 0) lines.push(row('', 'median', 'p10', 'p90', 'n'), ...samples.map(sampleRow));
    for (const bar of bars) lines.push(`  ${bar.what}`, `      ${barText(bar)}`);
    lines.push('');
  }
  lines.push(`The machine's noise (load ${load.toFixed(1)}), before and after:`, ...noise.map(sampleRow));
  if (leftOut.length > 0) lines.push('', 'Left out:', ...leftOut.map((what) => `  ${what}`));
  return `${lines.join('\n')}\n`;
}

export function printJson({ tables, noise, load, leftOut }: Report): string {
  const summary = ({ name, times }: Sample): object => ({
    name,
    median: tenths(median(times)),
    p10: tenths(quantile(times, 0.1)),
    p90: tenths(quantile(times, 0.9)),
    n: times.length,
  });
  const told = tables.map(({ title, samples, bars }) => ({
    title,
    samples: samples.map(summary),
    bars: bars.map((bar) => ({ ...bar, value: Math.round(bar.value * 100) / 100, pass: passes(bar) })),
  }));
  return `${JSON.stringify({ tables: told, noise: noise.map(summary), load, leftOut })}\n`;
}

function barText(bar: Bar): string {
  const value = `${bar.value.toFixed(2)} ${bar.unit ?? 'times'}`;
  if (bar.atMost !== undefined) return `${value}, bar at most ${bar.atMost}: ${verdict(bar)}`;
  if (bar.atLeast !== undefined) return `${value}, bar at least ${bar.atLeast}: ${verdict(bar)}`;
  return value;
}

function sampleRow({ name, times }: Sample): string {
  const ms = (part: number): string => quantile(times, part).toFixed(1);
  return row(name, `${ms(0.5)} ms`, ms(0.1), ms(0.9), String(times.length));
}

function row(name: string, ...cells: readonly string[]): string {
  return `  ${name.padEnd(42)}${cells.map((cell, index) => cell.padStart(index === 0 ? 12 : 8)).join('')}`;
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
