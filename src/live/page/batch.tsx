import type { BatchEntry, BatchPart } from '../model.ts';
import { DiffText, Diffs, toLines } from './diff.tsx';
import { Findings } from './findings.tsx';
import { clock, counted, duration } from './format.ts';
import { Mark, toneOfPart } from './marks.tsx';
import { StepBar, Steps } from './steps.tsx';

interface BatchProps {
  readonly batch: BatchEntry;
  readonly isOpen: boolean;
  readonly isPrinted: boolean;
  readonly onToggle: () => void;
}

/** A batch: a line and a bar, and everything known of it once it is open. */
export function Batch({ batch, isOpen, isPrinted, onToggle }: BatchProps) {
  const [tone] = toneOfBatch(batch);
  return (
    <article id={`batch-${batch.id}`} class={`entry batch ${tone}`}>
      <button type="button" class="head" aria-expanded={isOpen} onClick={onToggle}>
        <time>{clock(batch.at)}</time>
        <span class="parts">
          {worstFirst(batch.parts).map((part) => (
            <PartLine key={part.plugin} part={part} batch={batch} />
          ))}
        </span>
        <span class="batchid">batch {batch.id}</span>
      </button>
      <StepBar batch={batch} />
      {batch.rolledBack !== undefined && <p class="rolled">{rolledBackText(batch)}</p>}
      {isOpen && <Details batch={batch} isPrinted={isPrinted} />}
    </article>
  );
}

/** A batch of several plugins is tried again without those that failed. */
function rolledBackText({ parts, rolledBack }: BatchEntry): string {
  const failed = parts.filter(({ outcome }) => outcome === 'failed').map(({ plugin }) => plugin);
  const isAgain = parts.some(({ outcome }) => outcome === 'verified');
  return isAgain
    ? `rolled back, then installed without ${failed.join(', ')}`
    : `rolled back; live: ${rolledBack}`;
}

const ORDER = ['bad', 'busy', 'unsure', 'good', 'quiet'];

function worstFirst(parts: readonly BatchPart[]): readonly BatchPart[] {
  const rank = (part: BatchPart): number => ORDER.indexOf(toneOfPart(part)[0]);
  return parts.toSorted((one, other) => rank(one) - rank(other));
}

export function toneOfBatch({ parts }: BatchEntry): ['good' | 'bad' | 'unsure' | 'busy'] {
  const tones = parts.map((part) => toneOfPart(part)[0]);
  for (const tone of ['bad', 'busy', 'unsure'] as const) if (tones.includes(tone)) return [tone];
  return ['good'];
}

function PartLine({ part, batch }: { readonly part: BatchPart; readonly batch: BatchEntry }) {
  const [tone, said] = toneOfPart(part);
  const isSame = part.outcome === 'verified' && batch.actions.length === 0 && part.files.length > 0;
  const word = isSame ? 'already up to date' : said;
  const [only = ''] = part.files;
  const saved =
    part.files.length === 0
      ? 'first batch'
      : part.files.length === 1
        ? (only.split('/').at(-1) ?? only)
        : counted(part.files.length, 'file');
  return (
    <span class="part">
      <Mark tone={tone} word={word} /> <b>{part.plugin}</b> {saved} → {word}
      {part.outcome === 'failed' && part.findings.length > 0 && `: ${part.findings[0]?.message ?? ''}`}
      {part.ms !== undefined && <span class="ms"> {duration(part.ms)}</span>}
    </span>
  );
}

function Details({ batch, isPrinted }: Pick<BatchProps, 'batch' | 'isPrinted'>) {
  return (
    <div class="details">
      {worstFirst(batch.parts).map((part) => (
        <Part key={part.plugin} part={part} named={batch.parts.length > 1} isPrinted={isPrinted} />
      ))}
      <Steps batch={batch} />
      <List title="Planned" items={batch.planned} />
      <List title="Because" items={batch.because} />
      <List title="Skipped" items={batch.skipped} />
      {batch.generated.map(({ name, diff, ms }) => (
        <section key={name} class="diff">
          <h4>
            <code>{name}</code> <span class="note">{diff.length === 0 ? 'as before' : duration(ms)}</span>
          </h4>
          {diff.length > 0 && <DiffText lines={toLines(diff)} />}
        </section>
      ))}
    </div>
  );
}

interface PartProps {
  readonly part: BatchPart;
  readonly named: boolean;
  readonly isPrinted: boolean;
}

function Part({ part, named, isPrinted }: PartProps) {
  const { plugin, files, findings, more, evidence, loaded, diffs } = part;
  if (files.length + findings.length === 0 && evidence === undefined) return null;
  const content = (
    <>
      {findings.length > 0 && <Findings findings={findings} more={more} />}
      {evidence !== undefined && evidence.verified + evidence.placed + loaded.length > 0 && (
        <table class="evidence">
          <caption>Evidence</caption>
          <tbody>
            <tr>
              <th scope="row">files that took effect</th>
              <td>{evidence.verified}</td>
            </tr>
            <tr class={evidence.placed > 0 ? 'unsure' : ''}>
              <th scope="row">files installed, not verified</th>
              <td>{evidence.placed}</td>
            </tr>
            {loaded.length > 0 && (
              <tr>
                <th scope="row">read back</th>
                <td>
                  {loaded.map((what) => (
                    <code key={what} class="row">
                      {what}
                    </code>
                  ))}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      )}
      {diffs.length > 0 ? <Diffs diffs={diffs} /> : <List title="Saved" items={files} />}
    </>
  );
  if (!named) return <section class="onepart">{content}</section>;
  const [tone, word] = toneOfPart(part);
  return (
    <details class="onepart" open={isPrinted || tone === 'bad'}>
      <summary>
        <Mark tone={tone} word={word} /> <b>{plugin}</b>{' '}
        {findings.length > 0 && <span class="note">{counted(findings.length, 'finding')}</span>}
      </summary>
      {content}
    </details>
  );
}

const MOST = 40;

function List({ title, items }: { readonly title: string; readonly items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <section class="list">
      <h4>{title}</h4>
      <ul>
        {items.slice(0, MOST).map((item) => (
          <li key={item}>
            <code>{item}</code>
          </li>
        ))}
        {items.length > MOST && <li>and {items.length - MOST} more</li>}
      </ul>
    </section>
  );
}
