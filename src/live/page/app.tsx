import { useEffect, useState } from 'preact/hooks';
import type { Entry, PageModel, PagePlugin } from '../model.ts';
import { Batch } from './batch.tsx';
import { clock, counted, duration, moment } from './format.ts';
import { Empty, Mark, isPlacedOnly, toneOfPlugin } from './marks.tsx';
import { Panel, TABS, type Tab } from './panel.tsx';
import { type Connection, type PageData, listen, pressKey } from './watch.ts';

const KEYS: readonly [key: string, command: string, help: string][] = [
  ['r', 'reload', 'Reinstall all plugins, reload all services'],
  ['f', 'reinstall', 'Remove everything, then install it in full'],
  ['p', 'pause', 'Hold changes, or go on'],
  ['u', 'roll-back', 'Roll back to the previous version'],
  ['l', 'logs', 'Read the last lines that Asterisk and the services logged'],
];
const LABELS: Readonly<Record<string, string>> = {
  reload: 'Reload',
  reinstall: 'Reinstall',
  pause: 'Pause',
  'roll-back': 'Roll back',
  logs: 'Log',
};

export function App({ data }: { readonly data: PageData }) {
  const [[model, connection], setState] = useState<[PageModel, Connection]>([
    data.model,
    data.isLive ? 'open' : 'report',
  ]);
  const [chosen, setChosen] = useState<string>();
  const [tab, setTab] = useState<Tab>('serves');
  useEffect(() => {
    if (data.isLive) listen(data.model, (next, is) => setState([next, is]));
  }, []);
  const batches = shownEntries(model, chosen);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [at, setAt] = useState(-1);
  const [most, setShown] = useState(MOST_SHOWN);
  const isPrinted = useIsPrinted();
  const shown = isPrinted ? batches.length : most;
  const toggle = (id: number): void => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  useKeys((key) => {
    const ids = batches.flatMap((entry) => (entry.is === 'batch' ? [entry.id] : []));
    if (key === 'j' || key === 'k') {
      const next = Math.min(ids.length - 1, shown - 1, Math.max(0, at + (key === 'j' ? 1 : -1)));
      setAt(next);
      focusBatch(ids[next]);
    }
    const name = TABS[Number(key) - 1];
    if (name !== undefined) setTab(name);
    const command = KEYS.find(([letter]) => letter === key)?.[1];
    if (command !== undefined && connection === 'open') {
      if (command === 'logs') setTab('log');
      void pressKey(command);
    }
  });
  return (
    <>
      <Header model={model} connection={connection} />
      <main>
        <Plugins model={model} chosen={chosen} onChoose={setChosen} />
        <section class="timeline" aria-label="Batches, the newest first">
          {batches.length === 0 && <Empty>No batch yet.</Empty>}
          {batches
            .slice(0, shown)
            .map((entry, index) =>
              entry.is === 'batch' ? (
                <Batch
                  key={`batch ${entry.id}`}
                  batch={entry}
                  isOpen={isPrinted || open.has(entry.id) !== isOpenAtFirst(batches, entry)}
                  isPrinted={isPrinted}
                  onToggle={() => toggle(entry.id)}
                />
              ) : (
                <Note key={`note ${entry.at} ${index}`} entry={entry} />
              ),
            )}
          {batches.length > shown && (
            <button type="button" onClick={() => setShown(batches.length)}>
              Show {counted(batches.length - shown, 'older entry', 'older entries')}
            </button>
          )}
          {batches.length > 0 && (
            <p class="hint">Keys: j and k go through the batches, Enter opens one, 1 to 5 choose a tab.</p>
          )}
          {model.forgotten > 0 && batches.length <= shown && (
            <p class="empty">{counted(model.forgotten, 'older entry', 'older entries')} not kept</p>
          )}
        </section>
        <Panel model={model} data={data} tab={tab} chosen={chosen} onTab={setTab} />
      </main>
    </>
  );
}

/** Entries that are shown at first, so that what stands below is near. */
const MOST_SHOWN = 30;

function focusBatch(id: number | undefined): void {
  document.querySelector<HTMLElement>(`#batch-${id ?? 0} .head`)?.focus();
}

/** The newest batch lies open until somebody closes it. */
function isOpenAtFirst(entries: readonly Entry[], entry: Entry): boolean {
  return entries.find(({ is }) => is === 'batch') === entry;
}

/** The newest first; of one plugin, when it is chosen. */
function shownEntries({ entries }: PageModel, chosen: string | undefined): readonly Entry[] {
  const wanted =
    chosen === undefined
      ? entries
      : entries.filter(
          (entry) => entry.is === 'batch' && entry.parts.some(({ plugin }) => plugin === chosen),
        );
  return wanted.toReversed();
}

function useKeys(press: (key: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      press(event.key);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}

/** On paper nothing can be unfolded. */
function useIsPrinted(): boolean {
  const [isPrinted, setIsPrinted] = useState(false);
  useEffect(() => {
    const onPrint = (event: Event): void => setIsPrinted(event.type === 'beforeprint');
    const names = ['beforeprint', 'afterprint'];
    names.forEach((name) => addEventListener(name, onPrint));
    return () => names.forEach((name) => removeEventListener(name, onPrint));
  }, []);
  return isPrinted;
}

function Header({ model, connection }: { readonly model: PageModel; readonly connection: Connection }) {
  return (
    <header>
      <h1>wdev watch</h1>
      <p class="where">
        {counted(model.plugins.length, 'plugin')} on target <code>{model.target || '…'}</code>,{' '}
        {connection === 'report' ? 'watched from' : 'since'} {moment(model.startedAt)}
      </p>
      <Condition model={model} connection={connection} />
      <a class="down" href="#details">
        Details ↓
      </a>
      {connection !== 'report' && (
        <div class="keys">
          {KEYS.map(([key, command, help]) => (
            <button
              key={key}
              type="button"
              title={`${help} (key ${key})`}
              disabled={connection !== 'open' || model.stopped !== undefined}
              onClick={() => void pressKey(command)}
            >
              <u>{key}</u> {LABELS[command]}
            </button>
          ))}
        </div>
      )}
    </header>
  );
}

function Condition({ model, connection }: { readonly model: PageModel; readonly connection: Connection }) {
  const failing = model.plugins.filter(({ trouble }) => trouble !== undefined);
  const last = model.entries.at(-1);
  const works = last?.is === 'batch' && last.parts.some(({ outcome }) => outcome === undefined);
  const text = ((): [string, string] => {
    if (connection === 'lost') return ['lost', 'The watch has ended, or cannot be reached.'];
    if (model.stopped !== undefined && connection !== 'report')
      return ['lost', `The watch has ended (${model.stopped}).`];
    if (failing.length > 0) return ['bad', `failed: ${someOf(failing)}`];
    if (works) return ['busy', 'at work'];
    if (model.plugins.length === 0) return ['busy', 'no plugin yet'];
    if (model.plugins.some(({ live }) => live === undefined)) return ['busy', 'not all is installed yet'];
    const placed = model.plugins.filter(({ evidence }) => isPlacedOnly(evidence));
    if (placed.length > 0) return ['unsure', `installed, not verified: ${someOf(placed)}`];
    return ['good', 'all verified'];
  })();
  const batch = failing[0]?.trouble?.batch;
  return (
    <p class={`condition ${text[0]}`} role="status" title={text[1]}>
      {text[0] === 'bad' && batch !== undefined ? (
        <a href={`#batch-${batch}`} onClick={() => focusBatch(batch)}>
          {text[1]}
        </a>
      ) : (
        text[1]
      )}
    </p>
  );
}

/** Names that fit into the header. */
const MOST_NAMED = 3;

function someOf(plugins: readonly PagePlugin[]): string {
  const names = plugins.slice(0, MOST_NAMED).map(({ id }) => id);
  const more = plugins.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}

interface PluginsProps {
  readonly model: PageModel;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
}

function Plugins({ model, chosen, onChoose }: PluginsProps) {
  return (
    <nav class="plugins" aria-label="Plugins">
      {model.plugins.length === 0 && <Empty>No plugin yet.</Empty>}
      {model.plugins.map((plugin) => {
        const [tone, word] = toneOfPlugin(plugin);
        const { id, live, trouble, warnings, waits } = plugin;
        return (
          <button
            key={id}
            type="button"
            class={`plugin ${tone}`}
            aria-pressed={id === chosen}
            onClick={() => onChoose(id === chosen ? undefined : id)}
          >
            <span class="name">
              <Mark tone={tone} word={word} /> {id}
            </span>
            <span class="note">
              {live === undefined
                ? word
                : [
                    ...(live.version === '' ? [] : [live.version]),
                    `${isPlacedOnly(plugin.evidence) ? 'installed, not verified,' : 'verified'} at ${clock(live.at)}`,
                  ].join(', ')}
            </span>
            {trouble !== undefined && (
              <span class="trouble">
                failed at {clock(trouble.at)}: {trouble.codes.join(', ')}
              </span>
            )}
            {waits !== undefined && <span class="note">changes wait: {waits}</span>}
            {warnings.length > 0 && <span class="note">{counted(warnings.length, 'warning')}</span>}
          </button>
        );
      })}
    </nav>
  );
}

function Note({ entry: { at, until, text, waits } }: { readonly entry: Extract<Entry, { is: 'note' }> }) {
  return (
    <p class="entry note">
      <time>{clock(at)}</time> {text}
      {waits && until !== undefined && until - at > 1_000 && (
        <span class="ms"> for {duration(until - at)}</span>
      )}
    </p>
  );
}
