import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageModel } from '../model.ts';
import type { DialplanPicture } from '../picture.ts';
import { Empty } from './marks.tsx';
import { type PageData, type PictureAnswer, askPicture } from './watch.ts';

interface DialplanProps {
  readonly model: PageModel;
  readonly data: PageData;
  readonly chosen: string | undefined;
}

/** The dialplan of one plugin, drawn anew after each batch, with the last call that was traced. */
export function Dialplan({ model, data, chosen }: DialplanProps) {
  const [empty, setEmpty] = useState<ReadonlySet<string>>(new Set());
  const newest = model.entries.findLast((entry) => entry.is === 'batch');
  const saved = newest?.is === 'batch' ? newest.parts.map((part) => part.plugin) : [];
  // of the plugin that was saved last, else of any that has one
  const plugin =
    chosen ?? [...saved, ...model.plugins.map(({ id }) => id)].find((id) => !empty.has(id)) ?? saved[0];
  const [call, setCall] = useState('');
  const [answer, setAnswer] = useState<PictureAnswer>();
  const batch = model.plugins.find(({ id }) => id === plugin)?.live?.batch;
  useEffect(() => {
    if (plugin === undefined) return undefined;
    const take = (given: PictureAnswer): void => {
      setAnswer(given);
      if (!('error' in given) && given.picture === undefined) setEmpty(new Set([...empty, plugin]));
    };
    if (!data.isLive) {
      take({ picture: data.pictures[plugin] });
      return undefined;
    }
    let isOver = false;
    const ask = async (): Promise<void> => {
      const given = await askPicture(plugin, call).catch(() => ({ error: 'The watch does not answer.' }));
      if (!isOver) take(given);
    };
    void ask();
    return () => void (isOver = true);
  }, [plugin, batch, call]);
  if (plugin === undefined || answer === undefined) return <Empty>Drawing …</Empty>;
  const form = data.isLive && <CallForm call={call} onCall={setCall} />;
  if ('error' in answer) {
    return (
      <>
        {form}
        <p class="problem">{answer.error}</p>
      </>
    );
  }
  if (answer.picture === undefined)
    return (
      <Empty>
        {chosen === undefined ? 'No plugin has dialplan files.' : `${plugin} has no dialplan files.`}
      </Empty>
    );
  return (
    <>
      <h3>{plugin}</h3>
      {form}
      <Picture picture={answer.picture} />
      <Call picture={answer.picture} />
    </>
  );
}

function CallForm({ call, onCall }: { readonly call: string; readonly onCall: (call: string) => void }) {
  const [typed, setTyped] = useState(call);
  return (
    <form
      class="tools"
      onSubmit={(event) => {
        event.preventDefault();
        onCall(typed.trim());
      }}
    >
      <input
        value={typed}
        placeholder="CONTEXT,EXTENSION"
        aria-label="A call to trace: context, extension"
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <button type="submit">Trace a call</button>
    </form>
  );
}

/** The smallest size of a drawing whose text can be read. */
const SMALLEST = 0.6;

function Picture({ picture: { svg } }: { readonly picture: DialplanPicture }) {
  const frame = useRef<HTMLDivElement>(null);
  /** Undefined: as wide as the frame, where that can be read. */
  const [zoom, setZoom] = useState<number>();
  const [place, setPlace] = useState('');
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    // Graphviz has escaped each text of others in it, and the page's policy runs no other script
    root.innerHTML = svg;
    const drawing = root.querySelector('svg');
    const [, width = '600pt'] = /<svg width="([^"]+)"/.exec(svg) ?? [];
    const fit = `max(100%, calc(${width} * ${SMALLEST}))`;
    drawing?.style.setProperty(
      'width',
      zoom === undefined ? `min(${width}, ${fit})` : `calc(${width} * ${zoom})`,
    );
    drawing?.style.setProperty('height', 'auto');
    root.querySelectorAll('a').forEach((link) => {
      const href = link.getAttribute('href') ?? link.getAttribute('xlink:href') ?? '';
      link.addEventListener('click', (event) => {
        event.preventDefault();
        setPlace(decodeURIComponent(href.replace(/^#/, '')));
      });
    });
  }, [svg, zoom]);
  return (
    <>
      <div class="tools">
        <button type="button" aria-label="Zoom out" onClick={() => setZoom((zoom ?? 1) / 1.25)}>
          −
        </button>
        <button type="button" aria-label="Zoom in" onClick={() => setZoom((zoom ?? SMALLEST) * 1.25)}>
          +
        </button>
        <button type="button" onClick={() => setZoom(undefined)}>
          Fit
        </button>
        {place === '' ? <span class="note">click a row for its file and line</span> : <code>{place}</code>}
      </div>
      <div class="picture" ref={frame} tabIndex={0} aria-label="The picture of the dialplan" />
    </>
  );
}

function Call({ picture: { call, steps, end, notes } }: { readonly picture: DialplanPicture }) {
  return (
    <>
      {call !== undefined && (
        <section class="call">
          <h4>
            <code>{call}</code> <span class="note">{end}</span>
          </h4>
          <ol>
            {steps.map(({ place, does, line }, at) => (
              <li key={at}>
                <code>{place}</code> <code>{does}</code> <span class="note">{line}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}
