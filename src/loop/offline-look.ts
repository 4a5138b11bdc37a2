import { kindOf } from '../kinds/plugin.ts';
import path from 'node:path';
import type { PreviewInput } from '../preview/drivers.ts';
import type { Previewer } from '../preview/previewer.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import { lineDiff, type DiffLine } from '../support/line-diff.ts';
import { messageOf } from '../support/errors.ts';
import { isError, type Finding } from '../findings/finding.ts';
import { tenths, type Emit } from './events.ts';
import { generatedName } from '../wazo/entry-point.ts';
import { readBytesIfPossible } from '../support/read-file.ts';

/** Seconds that a driver may take before the loop goes on without it. */
const LIMIT = 10;

/** Faults of a driver in a preview that it has on a server too, whatever else is there. */
const CERTAIN = new Set([
  'driver-raised',
  'driver-import-failed',
  'driver-init-failed',
  'driver-runtime-error',
  'driver-empty',
  'driver-none',
  'driver-bytes',
  'driver-not-text',
  'driver-not-utf8',
  'confgend-driver-wazo',
  'driver-registered-twice',
  'driver-template-missing',
  'driver-timeout',
]);

/**
 * Shows what a saved change makes before any target has it: the difference of each generated file, and of the
 * records that a call-logger plugin makes of its `tests/lines.txt`.
 */
export class OfflineLook {
  readonly #emit: Emit;
  readonly #before = new Map<string, string>();
  /** Every plugin with a driver, as it was seen last: two of them may register one name. */
  readonly #inputs = new Map<string, PreviewInput>();
  #previewer: Promise<Previewer> | undefined;
  #hindered = false;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /**
   * Emits a `preview` event for each file, and its findings, unless they are errors that any server would meet:
   * these are answered.
   */
  async look(id: number, input: PreviewInput): Promise<readonly Finding[]> {
    try {
      if (kindOf(input.plugin).can.simulate) await this.#replay(id, input);
      else if (hasDrivers(input)) return await this.#preview(id, input);
    } catch (error) {
      // without a Python the target still tells the truth
      if (!this.#hindered) this.#emit({ event: 'held', reason: `no preview: ${messageOf(error)}` });
      this.#hindered = true;
    }
    return [];
  }

  async #preview(id: number, input: PreviewInput): Promise<readonly Finding[]> {
    const { Previewer } = await import('../preview/previewer.ts');
    const { id: of } = input.plugin;
    this.#inputs.set(of, input);
    this.#previewer ??= Previewer.open();
    const previews = await (await this.#previewer).preview([...this.#inputs.values()], { limit: LIMIT, of });
    const certain: Finding[] = [];
    for (const { driver, text, findings, ms } of previews) {
      if (text !== undefined) {
        await this.#tell(id, input.plugin.id, generatedName(driver), text, ms);
      }
      for (const finding of findings) {
        if (isError(finding) && CERTAIN.has(finding.code)) certain.push(finding);
        else this.#emit({ event: 'finding', plugin: input.plugin.id, ...finding });
      }
    }
    return certain;
  }

  async #replay(id: number, input: PreviewInput): Promise<void> {
    const { dir } = input.plugin;
    const name = 'tests/lines.txt';
    const lines = readBytesIfPossible(path.join(dir, name));
    if (lines === undefined) return;
    const [{ findSubject }, { simulate }, { outcomeOf, recordLines }, { authorPythons }] = await Promise.all([
      import('../simulate/subject.ts'),
      import('../simulate/simulation.ts'),
      import('../simulate/outcome.ts'),
      import('../readers/python/interpreters.ts'),
    ]);
    const started = performance.now();
    const subject = findSubject(dir);
    const events: Parameters<typeof outcomeOf>[1][number][] = [];
    await simulate(subject, { python: authorPythons()[0], lines, limit: LIMIT }, (event) =>
      events.push(event),
    );
    // that it can't be imported is what the target says, with the call logger's own words
    if (events.some((event) => event.event === 'raised' && event.where === 'import')) return;
    const outcome = outcomeOf(subject, events);
    const ms = performance.now() - started;
    await this.#tell(id, input.plugin.id, `records of ${name}`, recordLines(outcome), ms);
    for (const finding of outcome.findings) {
      this.#emit({ event: 'finding', plugin: input.plugin.id, ...finding });
    }
  }

  async #tell(id: number, plugin: string, name: string, text: string, ms: number): Promise<void> {
    const key = `${plugin} ${name}`;
    const before = this.#before.get(key);
    this.#before.set(key, text);
    if (before === undefined) return;
    const diff = (await lineDiff(before, text)).map(asText);
    this.#emit({ event: 'preview', id, plugin, name, diff, ms: tenths(ms) });
  }

  async close(): Promise<void> {
    const previewer = await this.#previewer?.catch(() => undefined);
    await previewer?.close();
  }
}

function hasDrivers(input: PreviewInput): boolean {
  return entryPointsOf(input.tree).some(({ group }) => group.startsWith('wazo_confgend.'));
}

function asText({ sign, text }: DiffLine): string {
  return sign === '@' ? text : `${sign}${text}`;
}
