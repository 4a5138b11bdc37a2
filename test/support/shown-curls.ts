/** The requests that the README of a generated plugin shows, and what it says of their answers. */

/** Parts of the stack plugin whose requests are sent to the stand-ins (test/real/shown-curls.test.ts). */
export const SENT_PARTS = [
  'agentd',
  'agi',
  'amid',
  'asterisk-conf',
  'auth-backend',
  'auth-email',
  'auth-external',
  'auth-http',
  'auth-keys',
  'auth-metadata',
  'auth-policy',
  'call-logd',
  'calld',
  'chatd',
  'chatd-connector',
  'confd',
  'dialplan',
  'dird-backend',
  'dird-service',
  'dird-view',
  'nginx',
  'phoned',
  'provd',
  'sysconfd',
  'ui',
  'webhookd-plugin',
  'webhookd-service',
  'webhookd-task',
] as const;

/** Examples whose requests are sent, too. */
export const SENT_EXAMPLES = [
  'agi-lookup',
  'bank-holidays',
  'chat-webhook',
  'click-to-call',
  'dird-csv',
  'hello-world',
  'sound-theme',
] as const;

/** A command that README shows for the server itself, and what it says behind it. */
const SHOWN_COMMAND = /^(?<command>[^#\n]+?) # on the server\n# (?<said>.+)$/gm;

/** The commands that README has people run on the server, each with what it says of the answer. */
export function shownCommands(
  readme: string,
): readonly { readonly command: string; readonly said: string }[] {
  return [...readme.matchAll(SHOWN_COMMAND)].map(({ groups }) => ({
    command: groups?.['command'] ?? '',
    said: groups?.['said'] ?? '',
  }));
}

export interface ShownCurl {
  /** The command, with the variables that are set before it. */
  readonly script: string;
  /** The comment behind it. */
  readonly said: string;
}

/** The requests of the block that says how to try the plugin. */
export function shownCurls(readme: string): readonly ShownCurl[] {
  const block = /^Then try it;[\s\S]*?^```sh\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
  const statements = block.replaceAll(/[\\|]\n\s*/g, (end) => (end.startsWith('|') ? '| ' : '')).split('\n');
  const set: string[] = [];
  const found: ShownCurl[] = [];
  for (const [at, statement] of statements.entries()) {
    if (/^[A-Z]+=/.test(statement)) set.push(statement);
    if (!statement.startsWith('curl ')) continue;
    const next = statements[at + 1] ?? '';
    found.push({ script: [...set, statement].join('\n'), said: next.startsWith('# ') ? next.slice(2) : '' });
  }
  return found;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The difference of an answer from what the README says of it; undefined when there is none. */
export function difference(said: string, { status, body }: Answer): string | undefined {
  const code = /^(?:HTTP\/1\.1 )?([1-5]\d\d)\b/.exec(said)?.[1];
  if (code === undefined ? status !== 200 && status !== 201 : status !== Number(code))
    return `status ${status}: ${body}`;
  if (code !== undefined) return undefined;
  const json = jsonIn(said);
  if (json === undefined) {
    const texts = said
      .split('…')
      .slice(0, -1)
      .map((text) => text.trim());
    if (texts.length === 0) return 'README shows nothing of the answer';
    const missing = texts.find((text) => !body.includes(text));
    return missing === undefined ? undefined : `no ${JSON.stringify(missing)} in ${body}`;
  }
  try {
    return unlike(json, JSON.parse(body), '');
  } catch {
    return `no JSON: ${body}`;
  }
}

/** Stands for `…` where a list or a mapping has more. */
const MORE = '…more';

/** The JSON that a comment shows, in which `…` may stand for what is left out. */
function jsonIn(said: string): unknown {
  const start = said.search(/[{[]/);
  if (start < 0) return undefined;
  const open: string[] = [];
  let json = '';
  for (const [token] of said.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[^"]/g)) {
    if (token === '{' || token === '[') open.push(token);
    if (token === '}' || token === ']') open.pop();
    json += token === '…' ? `"${MORE}"${open.at(-1) === '{' ? ': 0' : ''}` : token;
    if (open.length === 0) break;
  }
  return JSON.parse(json);
}

/** Where an answer is not as it is shown. Numbers are samples; of a text, what stands beside `…` counts. */
function unlike(shown: unknown, given: unknown, at: string): string | undefined {
  const differs = `${at || 'the answer'} is ${JSON.stringify(given)}, shown is ${JSON.stringify(shown)}`;
  if (Array.isArray(shown)) {
    if (!Array.isArray(given)) return differs;
    if (shown.includes(MORE)) return undefined;
    if (shown.length !== given.length) return differs;
    return shown.map((item, index) => unlike(item, given[index], `${at}[${index}]`)).find(Boolean);
  }
  if (typeof shown === 'object' && shown !== null) {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return differs;
    const { [MORE]: more, ...wanted } = shown as Record<string, unknown>;
    const has = given as Record<string, unknown>;
    const other = Object.keys(has).find((key) => !(key in wanted));
    if (more === undefined && other !== undefined) return `${at}.${other} is not shown`;
    return Object.entries(wanted)
      .map(([key, value]) =>
        key in has ? unlike(value, has[key], `${at}.${key}`) : `${at}.${key} is missing`,
      )
      .find(Boolean);
  }
  if (typeof shown === 'number') return typeof given === 'number' ? undefined : differs;
  if (typeof shown !== 'string' || !shown.includes('…')) return shown === given ? undefined : differs;
  const words = shown.split('…');
  return typeof given === 'string' && given.startsWith(words[0] ?? '') && given.endsWith(words.at(-1) ?? '')
    ? undefined
    : differs;
}
