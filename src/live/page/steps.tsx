import type { BatchEntry } from '../model.ts';
import { counted, duration } from './format.ts';

interface Step {
  readonly name: string;
  readonly kind: 'staged' | 'done' | 'failed' | 'rest';
  readonly ms: number;
  readonly isTimed: boolean;
  /** Beneath the name: why it was this step, or what a failed one printed. */
  readonly more?: string | undefined;
}

/** How long each step of a batch took: staged, placed and reloaded, and what is left of the time to the last answer. */
export function stepsOf(batch: BatchEntry): readonly Step[] {
  const staged = batch.parts.flatMap((part) => (part.staged === undefined ? [] : [part.staged]));
  const stagedMs = Math.max(0, ...staged.map(({ ms }) => ms));
  const isFull = staged.some((one) => one.path === 'full');
  const steps: Step[] = [];
  if (staged.length > 0) {
    const why = staged.find((one) => one.why !== undefined)?.why;
    steps.push({
      name: isFull ? 'stage in full' : 'stage',
      kind: 'staged',
      ms: stagedMs,
      isTimed: true,
      more: why,
    });
  }
  for (const { does, ok, ms, output } of batch.actions)
    steps.push({
      name: does.replace(/^put 1 files$/, 'put 1 file'),
      kind: ok ? 'done' : 'failed',
      ms: ms ?? 0,
      isTimed: ms !== undefined,
      more: ok ? undefined : output,
    });
  const whole = Math.max(0, ...batch.parts.map(({ ms = 0 }) => ms));
  const known = steps.reduce((sum, { ms }) => sum + ms, 0);
  if (whole - known > 1)
    steps.push({ name: 'wait for quiet, read back', kind: 'rest', ms: whole - known, isTimed: true });
  return steps;
}

export function Steps({ batch }: { readonly batch: BatchEntry }) {
  const steps = stepsOf(batch);
  const whole = steps.reduce((sum, { ms }) => sum + ms, 0);
  if (steps.length === 0) return null;
  const share = (ms: number): number => (whole === 0 ? 0 : (100 * ms) / whole);
  const starts = steps.map((_, at) => steps.slice(0, at).reduce((sum, { ms }) => sum + ms, 0));
  return (
    <table class="steps">
      <caption>Steps, {duration(whole)}</caption>
      <tbody>
        {steps.map(({ name, kind, ms, isTimed, more }, at) => (
          <tr key={at} class={kind}>
            <th scope="row">
              {name}
              {more !== undefined && more !== '' && <span class="said">{more}</span>}
            </th>
            <td class="time">{isTimed && duration(ms)}</td>
            <td class="bar" aria-hidden="true">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none">
                <rect
                  x={Math.min(99.2, share(starts[at] ?? 0))}
                  width={isTimed ? Math.max(0.8, share(ms)) : 0.8}
                  height="10"
                />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One narrow bar with a piece for each step. */
export function StepBar({ batch }: { readonly batch: BatchEntry }) {
  const steps = stepsOf(batch);
  const whole = steps.reduce((sum, { ms }) => sum + ms, 0);
  if (whole === 0) return null;
  const places = steps.map((_, at) => steps.slice(0, at).reduce((sum, { ms }) => sum + ms, 0));
  return (
    <svg
      class="stepbar"
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${counted(steps.length, 'step')}, ${duration(whole)}`}
    >
      {steps.map(({ name, kind, ms }, at) => (
        <rect
          key={at}
          class={kind}
          x={(100 * (places[at] ?? 0)) / whole}
          width={(100 * ms) / whole}
          height="4"
        >
          <title>{`${name}: ${duration(ms)}`}</title>
        </rect>
      ))}
    </svg>
  );
}
