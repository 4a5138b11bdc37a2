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
  const plugin = chosen ?? model.plugins[0]?.id;
  const [call, setCall] = useState('');
  const [answer, setAnswer] = useState<PictureAnswer>();
  const batch = model.plugins.find(({ id }) => id === plugin)?.live?.batch;
  useEffect(() => {
    if (plugin === undefined) return undefined;
    if (!data.isLive) {
      setAnswer({ picture: data.pictures[plugin] });
      return undefined;
    }
    let isOver = false;
    const ask = async (): Promise<void> => {
      const given = await askPicture(plugin, call).catch(() => ({ error: 'The watch does not answer.' }));
      if (!isOver) setAnswer(given);
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
  if (answer.picture === undefined) return <Empty>{plugin} has no dialplan files.</Empty>;
  return (
    <>
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

function Picture({ picture: { svg } }: { readonly picture: DialplanPicture }) {
  const frame = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(1);
  const [place, setPlace] = useState('');
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    // Graphviz has escaped each text of others in it, and the page's policy runs no other script
    root.innerHTML = svg;
    const drawing = root.querySelector('svg');
    const [, width = '600pt'] = /<svg width="([^"]+)"/.exec(svg) ?? [];
    drawing?.style.setProperty('width', `calc(${width} * ${zoom})`);
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
        <button type="button" aria-label="Zoom out" onClick={() => setZoom(zoom / 1.25)}>
          −
        </button>
        <button type="button" aria-label="Zoom in" onClick={() => setZoom(zoom * 1.25)}>
          +
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
              <li key={at} title={line}>
                <code>{place}</code> <code>{does}</code>
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
