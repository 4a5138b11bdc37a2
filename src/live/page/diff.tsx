import type { FileDiff } from '../model.ts';
import type { DiffLine } from '../../support/line-diff.ts';

const CLASSES: Readonly<Record<DiffLine['sign'], string>> = {
  '+': 'plus',
  '-': 'minus',
  '@': 'hunk',
  ' ': '',
};

/** The lines that a save changed. */
export function Diffs({ diffs }: { readonly diffs: readonly FileDiff[] }) {
  return (
    <>
      {diffs.map(({ file, lines, note }) => (
        <section key={file} class="diff">
          <h4>
            <code>{file}</code> {note !== undefined && <span class="note">{note}</span>}
          </h4>
          {lines.length > 0 && <DiffText lines={lines} />}
        </section>
      ))}
    </>
  );
}

export function DiffText({ lines }: { readonly lines: readonly DiffLine[] }) {
  return (
    <pre class="difftext" tabIndex={0}>
      {lines.map(({ sign, text }, at) => (
        <span key={at} class={`line ${CLASSES[sign]}`}>
          {sign === '@' ? text : `${sign}${text}`}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

/** Lines of a unified diff as events carry them. */
export function toLines(diff: readonly string[]): readonly DiffLine[] {
  return diff.map((line) => {
    const sign = line.slice(0, 1);
    return sign === '+' || sign === '-' || sign === ' '
      ? { sign, text: line.slice(1) }
      : { sign: '@', text: line };
  });
}
