import type { CommandData, FlagData } from '../manual/command-data.ts';
import { EXIT_STATUSES } from '../manual/exit-statuses.ts';
import { block, entries, escapeHtml, sentence, slug, type Entry, type Section } from './html.ts';

/** Every command with its arguments and flags, from commander's tree. */
export function commandSection(commands: readonly CommandData[]): Section {
  return {
    id: 'commands',
    title: 'Commands',
    parts: commands.map(({ name }) => ({ id: slug('command', name), title: name })),
    html: commands.map((command) => oneCommand(command)).join('\n'),
  };
}

/** Flags that every command has, and what exit statuses mean. */
export function everywhereSection(
  everywhere: readonly { readonly flags: string; readonly description: string }[],
): Section {
  const flags = everywhere.map(({ flags, description }) => ({
    term: `<code>${escapeHtml(flags)}</code>`,
    about: sentence(description),
  }));
  const statuses = EXIT_STATUSES.map(({ status, meaning }) => ({
    id: slug('exit', String(status)),
    term: `<code>${status}</code>`,
    about: sentence(meaning),
  }));
  return {
    id: 'everywhere',
    title: 'Everywhere',
    html: `<h3>Flags of every command</h3>${entries(flags)}
<h3>Exit statuses</h3>${entries(statuses)}
<p>Every command that reports has <code>--json</code>; <code>NO_COLOR</code> turns colour off.</p>`,
  };
}

function oneCommand(command: CommandData): string {
  const { name, summary, usage, arguments: words, flags, details, commands } = command;
  const id = slug('command', name);
  return `<section class="command" id="${id}" data-search>
<h3>${escapeHtml(`wdev ${name} ${usage}`.trim())}</h3>
<p>${sentence(summary)}.</p>
${entries([...words.map(argument), ...ungrouped(flags).map(flag)])}
${grouped(flags)}
${details === '' ? '' : block(escapeHtml(details), `more about wdev ${name}`, 'plain')}
${commands.map((sub) => oneCommand(sub)).join('\n')}
</section>`;
}

function argument({ usage, description, choices }: CommandData['arguments'][number]): Entry {
  return { term: `<code>${escapeHtml(usage)}</code>`, about: sentence(description) + oneOf(choices) };
}

function flag({ flags, description, choices, default: preset }: FlagData): Entry {
  const usual = preset === undefined ? '' : ` <span class="quiet">default: ${escapeHtml(preset)}</span>`;
  return { term: `<code>${escapeHtml(flags)}</code>`, about: sentence(description) + oneOf(choices) + usual };
}

function ungrouped(flags: readonly FlagData[]): readonly FlagData[] {
  return flags.filter(({ group }) => group === undefined);
}

/** The many flags for answers are folded away. */
function grouped(flags: readonly FlagData[]): string {
  const groups = [...new Set(flags.flatMap(({ group }) => group ?? []))];
  return groups
    .map((name) => {
      const own = flags.filter(({ group }) => group === name);
      return `<details><summary>${escapeHtml(name)} (${own.length})</summary>${entries(own.map(flag))}</details>`;
    })
    .join('\n');
}

function oneOf(choices: readonly string[]): string {
  if (choices.length === 0) return '';
  return ` <span class="quiet">${choices.map(escapeHtml).join(', ')}</span>`;
}
