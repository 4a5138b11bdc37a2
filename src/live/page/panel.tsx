import { useState } from 'preact/hooks';
import type { BatchEntry, Generated, PageModel } from '../model.ts';
import { Dialplan } from './dialplan.tsx';
import { DiffText, toLines } from './diff.tsx';
import { Findings } from './findings.tsx';
import { clock } from './format.ts';
import { Empty, isPlacedOnly } from './marks.tsx';
import { type PageData, pressKey } from './watch.ts';

export const TABS = ['serves', 'dialplan', 'generated', 'warnings', 'log'] as const;
export type Tab = (typeof TABS)[number];

const TITLES: Readonly<Record<Tab, string>> = {
  serves: 'Served now',
  dialplan: 'Dialplan',
  generated: 'Generated files',
  warnings: 'Warnings',
  log: 'Log',
};

interface PanelProps {
  readonly model: PageModel;
  readonly data: PageData;
  readonly tab: Tab;
  readonly chosen: string | undefined;
  readonly onTab: (tab: Tab) => void;
}

/** The present state, beside the history: one thing at a time. */
export function Panel({ model, data, tab, chosen, onTab }: PanelProps) {
  return (
    <section class="panel" id="details" aria-label="Details">
      <div role="tablist" class="tabs" onKeyDown={(event) => turn(event, tab, onTab)}>
        {TABS.map((name, at) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === tab}
            aria-controls="tabpanel"
            tabIndex={name === tab ? 0 : -1}
            title={`key ${at + 1}`}
            onClick={() => onTab(name)}
          >
            {TITLES[name]}
            {name === 'warnings' && <Count amount={warningsOf(model, chosen).length} />}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        <Content model={model} data={data} tab={tab} chosen={chosen} />
      </div>
    </section>
  );
}

/** Arrow keys go through the tabs, as ARIA has it of a list of tabs. */
function turn(event: KeyboardEvent, tab: Tab, onTab: (tab: Tab) => void): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length] ?? tab;
  onTab(next);
  document.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
}

function Count({ amount }: { readonly amount: number }) {
  return amount === 0 ? null : <span class="count">{amount}</span>;
}

function Content({ model, data, tab, chosen }: Omit<PanelProps, 'onTab'>) {
  switch (tab) {
    case 'serves':
      return <Served model={model} chosen={chosen} />;
    case 'dialplan':
      return <Dialplan model={model} data={data} chosen={chosen} />;
    case 'generated':
      return <GeneratedFiles model={model} chosen={chosen} />;
    case 'warnings':
      return <Warnings model={model} chosen={chosen} />;
    case 'log':
      return <Log model={model} isLive={data.isLive} chosen={chosen} />;
  }
}

function Served({ model, chosen }: { readonly model: PageModel; readonly chosen: string | undefined }) {
  const plugins = model.plugins.filter(({ id }) => chosen === undefined || id === chosen);
  const served = plugins.filter(({ live }) => live !== undefined);
  if (served.length === 0) return <Empty>Nothing is verified yet.</Empty>;
  return (
    <>
      {served.map(({ id, live, loaded, trouble, evidence }) => (
        <section key={id} class="served">
          <h3>
            {id} {live?.version}
          </h3>
          <p class="note">
            {isPlacedOnly(evidence) ? 'installed, not verified,' : 'verified'} at {clock(live?.at ?? 0)} in
            batch {live?.batch}
            {trouble !== undefined && `; the save of ${clock(trouble.at)} failed, and this version is live`}
          </p>
          {loaded.length === 0 ? (
            <Empty>Unchanged since this watch began: nothing was read back.</Empty>
          ) : (
            <ul>
              {loaded.map((what) => (
                <li key={what}>
                  <code>{what}</code>
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </>
  );
}

function GeneratedFiles({
  model,
  chosen,
}: {
  readonly model: PageModel;
  readonly chosen: string | undefined;
}) {
  const last = new Map<string, Generated & { readonly at: number }>();
  for (const entry of model.entries) {
    if (entry.is !== 'batch') continue;
    for (const one of changed(entry, last)) last.set(`${one.plugin} ${one.name}`, one);
  }
  const files = [...last.values()].filter(({ plugin }) => chosen === undefined || plugin === chosen);
  const texts = model.generated.filter(({ by }) => chosen === undefined || by.includes(chosen));
  if (files.length + texts.length === 0)
    return <Empty>No generated files: a confgend driver or a call logger has some.</Empty>;
  return (
    <>
      {files.map(({ plugin, name, diff, at }) => (
        <section key={`${plugin} ${name}`} class="diff">
          <h4>
            <code>{name}</code>{' '}
            <span class="note">
              {plugin}, changed at {clock(at)}
            </span>
          </h4>
          <DiffText lines={toLines(diff)} />
        </section>
      ))}
      {texts.map(({ name, text, at }) => (
        <section key={name} class="diff">
          <h4>
            <code>{name}</code> <span class="note">as the target answered at {clock(at)}</span>
          </h4>
          <pre class="text" tabIndex={0}>
            {text}
          </pre>
        </section>
      ))}
    </>
  );
}

/** The files of a batch that changed, or that are new. */
function changed(
  { generated, at }: BatchEntry,
  known: ReadonlyMap<string, unknown>,
): readonly (Generated & { readonly at: number })[] {
  return generated
    .filter(({ plugin, name, diff }) => diff.length > 0 || !known.has(`${plugin} ${name}`))
    .map((one) => ({ ...one, at }));
}

function warningsOf(model: PageModel, chosen: string | undefined): PageModel['plugins'][number]['warnings'] {
  return model.plugins
    .filter(({ id }) => chosen === undefined || id === chosen)
    .flatMap(({ warnings }) => warnings);
}

function Warnings({ model, chosen }: { readonly model: PageModel; readonly chosen: string | undefined }) {
  const plugins = model.plugins.filter(
    ({ id, warnings }) => warnings.length > 0 && (chosen === undefined || id === chosen),
  );
  if (plugins.length === 0) return <Empty>No warnings.</Empty>;
  return (
    <>
      {plugins.map(({ id, warnings }) => (
        <section key={id}>
          <h3>{id}</h3>
          <Findings findings={warnings} />
        </section>
      ))}
    </>
  );
}

interface LogProps {
  readonly model: PageModel;
  readonly isLive: boolean;
  readonly chosen: string | undefined;
}

function Log({ model, isLive, chosen }: LogProps) {
  const [wanted, setWanted] = useState('');
  const name = chosen?.split('/').at(-1)?.replaceAll('-', '_');
  const lines = model.log.filter((line) => line.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <>
      <div class="tools">
        {isLive && (
          <button type="button" onClick={() => void pressKey('logs')}>
            Read the log
          </button>
        )}
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter the log"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
        {name !== undefined && (
          <button type="button" onClick={() => setWanted(name)}>
            only {name}
          </button>
        )}
      </div>
      {lines.length === 0 ? (
        <Empty>
          {model.log.length === 0 ? 'No lines of the log were read yet.' : 'No line has that text.'}
        </Empty>
      ) : (
        <pre class="log" tabIndex={0}>
          {lines.map((line, at) => (
            <span key={at} class="line">
              {line}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </>
  );
}
