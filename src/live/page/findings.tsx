import type { ShownFinding } from '../model.ts';

/** Findings at their lines, with what to try next. */
export function Findings({
  findings,
  more = 0,
}: {
  readonly findings: readonly ShownFinding[];
  readonly more?: number;
}) {
  return (
    <ul class="findings">
      {findings.map((finding, at) => (
        <li key={at} class={finding.level}>
          <One finding={finding} />
        </li>
      ))}
      {more > 0 && <li class="more">and {more} more; `wdev check` has all of them</li>}
    </ul>
  );
}

/** The words of a person, or what a program printed, whose columns say something. */
function Help({ text }: { readonly text: string }) {
  return text.includes('\n') ? <pre class="help text">{text}</pre> : <p class="help">{text}</p>;
}

function One({ finding }: { readonly finding: ShownFinding }) {
  const { file, line, column, level, message, code, excerpt = [], help } = finding;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return (
    <>
      <p class="message">
        {place !== '' && <code class="place">{place}</code>} <b>{level}</b> {message}{' '}
        <a class="code" title={`wdev check --explain ${code}`}>
          {code}
        </a>
      </p>
      {excerpt.length > 0 && (
        <pre class="excerpt">
          {excerpt.map(({ number, text }) => (
            <span key={number} class={number === line ? 'line here' : 'line'}>
              <i>{number}</i>
              {text}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
      {help !== undefined && <Help text={help} />}
    </>
  );
}
