import { type Context, type Extension, HINT, type LoadedDialplan, type Priority } from '../read/dialplan.ts';
import { padOctets, takeOctets } from '../read/octets.ts';
import { type LogLine, logLine } from '../read/rejections.ts';
import { matches } from '../read/pattern.ts';

interface Counts {
  extensions: number;
  priorities: number;
  contexts: number;
  readonly report: (line: LogLine) => void;
}

const REGISTRAR = 'pbx_config';
const MAX_TEXT = 1023;

/**
 * The text of `asterisk -rx 'dialplan show [context | extension@context]'`, of pbx_config's part: other modules'
 * contexts are not in it.
 * @param report takes what Asterisk logs meanwhile
 */
export function showDialplan(
  dialplan: LoadedDialplan,
  argument?: string,
  report: (line: LogLine) => void = () => {},
): string {
  const { extension, context } = parseArgument(argument);
  const counts: Counts = { extensions: 0, priorities: 0, contexts: 0, report };
  const names =
    context === undefined ? dialplan.contexts : dialplan.contexts.filter((one) => one.name === context);
  if (context !== undefined && names.length === 0) {
    return `There is no existence of '${context}' context\nCommand 'dialplan show ${argument ?? ''}' failed.\n`;
  }
  let out = '';
  for (const one of names) out += showContext(dialplan, one, extension, counts, []);
  if (extension !== undefined && counts.extensions === 0) {
    const what = `${extension}@${context ?? ''}`;
    return `${out}There is no existence of ${what} extension\nCommand 'dialplan show ${argument ?? ''}' failed.\n`;
  }
  return `${out}${summary(counts)}\n`;
}

function parseArgument(argument: string | undefined): { extension?: string; context?: string } {
  if (argument === undefined || argument === '') return {};
  const at = argument.indexOf('@');
  const extension = at < 0 ? '' : argument.slice(0, at);
  const context = argument.slice(at + 1);
  return { ...(extension === '' ? {} : { extension }), ...(context === '' ? {} : { context }) };
}

function summary({ extensions, priorities, contexts }: Counts): string {
  const count = (amount: number, one: string, many: string): string =>
    `${amount} ${amount === 1 ? one : many}`;
  const all = count(extensions, 'extension', 'extensions');
  const steps = count(priorities, 'priority', 'priorities');
  return `-= ${all} (${steps}) in ${count(contexts, 'context', 'contexts')}. =-`;
}

function showContext(
  dialplan: LoadedDialplan,
  context: Context,
  wanted: string | undefined,
  counts: Counts,
  includedBy: readonly string[],
): string {
  const included = includedBy.length > 0 ? 'Included context' : 'Context';
  const header = `[ ${included} '${context.name}' created by '${REGISTRAR}' ]\n`;
  let out = '';
  if (wanted === undefined) {
    out = header + (context.autohints ? 'Autohints support enabled\n' : '');
    counts.contexts++;
  }
  for (const extension of context.extensions) {
    if (wanted !== undefined && !matches(extension.name, wanted)) continue;
    if (out === '') {
      out = header;
      counts.contexts++;
    }
    counts.extensions++;
    counts.priorities += extension.priorities.length;
    out += showExtension(extension);
  }
  const shown = out !== '';
  out += showRest(dialplan, context, wanted, counts, includedBy);
  return shown ? `${out}\n` : out;
}

function showRest(
  dialplan: LoadedDialplan,
  context: Context,
  wanted: string | undefined,
  counts: Counts,
  includedBy: readonly string[],
): string {
  let out = '';
  for (const include of context.includes) {
    if (wanted === undefined) {
      out += row('Include =>', `'${include.text}'`);
      continue;
    }
    const next = dialplan.contexts.find((one) => one.name === include.context);
    if (includedBy.includes(include.context)) {
      const fields = { value: include.context, context: context.name };
      counts.report(logLine('dialplan-circular-include', fields));
    }
    if (next === undefined || includedBy.includes(next.name)) continue;
    out += showContext(dialplan, next, wanted, counts, [...includedBy, next.name]);
  }
  for (const { pattern } of context.ignorepats) {
    if (wanted === undefined) out += row('Ignore pattern =>', `'${pattern}'`);
  }
  if (includedBy.length > 0) return out;
  for (const { name, data } of context.switches) out += row('Alt. Switch =>', `'${name}/${data}'`);
  return out;
}

function row(head: string, text: string): string {
  return `  ${padOctets(head, 17)} ${padOctets(takeOctets(text, MAX_TEXT), 45)} [${REGISTRAR}]\n`;
}

function showExtension({ name, callerId, priorities }: Extension): string {
  const head = callerId === undefined ? `'${name}' =>` : `'${name}' (CID match '${callerId}') => `;
  let out = '';
  for (const [at, priority] of priorities.entries()) {
    const first = at === 0 ? `  ${padOctets(takeOctets(head, MAX_TEXT), 17)} ` : labelColumn(priority);
    out += `${first}${padOctets(textOf(priority), 45)} [${registrarOf(priority)}]\n`;
  }
  return out;
}

function labelColumn({ label }: Priority): string {
  if (label === undefined) return ' '.repeat(20);
  return `     ${padOctets(`[${label}]`, 14)} `;
}

function textOf({ number, app, data }: Priority): string {
  const text = number === HINT ? `hint: ${app}` : `${number}. ${app}(${data})`;
  return takeOctets(text, MAX_TEXT);
}

function registrarOf({ reportedFile, place }: Priority): string {
  const name = reportedFile.slice(reportedFile.lastIndexOf('/') + 1);
  // nothing but a file name can hold a line break: here it would begin a line of the answer
  return `${name.replaceAll('\n', String.raw`\n`)}:${place.asteriskLine}`;
}
