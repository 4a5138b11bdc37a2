import { type Effect, runApplication } from './call-applications.ts';
import type { Call } from './call.ts';

/** A request of `AGI(request,arg,...)`. */
export interface AgiRequest {
  readonly request: string;
  readonly args: readonly string[];
}

/** Without a script the call goes on as after one that did nothing; `--set AGISTATUS=...` says otherwise. */
export function skipAgi(call: Call, { request }: AgiRequest): Effect {
  if (call.variable('AGISTATUS') === undefined) call.variables.set('AGISTATUS', 'SUCCESS');
  call.notes.push(`AGI ${request} was not asked: --agi PROGRAM answers for it`);
  return { kind: 'next' };
}

/** The lines that Asterisk sends to a script first; an empty one ends them. */
export function agiEnvironment(call: Call, { request, args }: AgiRequest): string[] {
  const { context, extension, priority } = call.position;
  const caller = (part: string): string => call.functionValues.get(`CALLERID(${part})`) ?? 'unknown';
  const script = /^h?agi:\/\/[^/]*\/?(.*)$/s.exec(request)?.[1];
  const values = {
    ...(script === undefined ? {} : { network: 'yes', network_script: script }),
    request,
    channel: 'Local/trace',
    language: 'en',
    type: 'Local',
    uniqueid: `${Math.floor(call.now.getTime() / 1000)}.1`,
    callerid: caller('num'),
    calleridname: caller('name'),
    dnid: call.functionValues.get('CALLERID(dnid)') ?? 'unknown',
    rdnis: call.functionValues.get('CALLERID(rdnis)') ?? 'unknown',
    context,
    extension,
    priority: String(priority),
    enhanced: '0.0',
    accountcode: '',
    threadid: '1',
    ...Object.fromEntries(args.map((arg, at) => [`arg_${at + 1}`, arg])),
  };
  return [...Object.entries(values).map(([name, value]) => `agi_${name}: ${value}`), ''];
}

/** The conversation with one script: what Asterisk answers, and what becomes of the call. */
export class AgiSession {
  private readonly call: Call;
  private jumped = false;
  private hungUp: string | undefined;

  constructor(call: Call) {
    this.call = call;
  }

  /** Asterisk's answer to a line of the script. */
  answer(line: string): string {
    const words = agiWords(line);
    const command = COMMANDS.find(({ name }) => name.every((word, at) => words[at]?.toLowerCase() === word));
    if (command === undefined) return '510 Invalid or unknown command';
    const args = words.slice(command.name.length);
    if (args.length < command.least) {
      return `520 Invalid command syntax.  Proper usage not available.`;
    }
    return `200 ${command.run(this, this.call, args)}`;
  }

  /** The effect of the AGI application on the call after a script that ended well, or did not. */
  end(succeeded: boolean): Effect {
    const status = this.hungUp === undefined ? (succeeded ? 'SUCCESS' : 'FAILURE') : 'HANGUP';
    this.call.variables.set('AGISTATUS', status);
    if (this.hungUp !== undefined) return { kind: 'end', why: this.hungUp };
    return { kind: this.jumped ? 'jump' : 'next' };
  }

  jump(position: Partial<Call['position']>): void {
    this.call.position = { ...this.call.position, ...position };
    if (position.priority !== undefined) this.jumped = true;
  }

  hangUp(why: string): void {
    this.hungUp = why;
  }

  /** EXEC: an application that Asterisk does not have is one that does nothing. */
  execute(name: string, args: string): string {
    const effect = runApplication(this.call, name, args);
    if (effect.kind === 'jump') this.jumped = true;
    if (effect.kind === 'end') this.hungUp = effect.why;
    return effect.kind === 'end' ? 'result=-1' : 'result=0';
  }
}

interface AgiCommand {
  readonly name: readonly string[];
  readonly least: number;
  run(session: AgiSession, call: Call, args: readonly string[]): string;
}

const valued = (value: string | undefined): string =>
  value === undefined || value === '' ? 'result=0' : `result=1 (${value})`;

const command = (name: string, least: number, run: AgiCommand['run']): AgiCommand => ({
  name: name.split(' '),
  least,
  run,
});

/** Nobody listens or dials here: a file is played to its end, and no key is pressed. */
const silent = (name: string, least: number): AgiCommand => command(name, least, () => 'result=0');

const COMMANDS: readonly AgiCommand[] = [
  silent('answer', 0),
  command('hangup', 0, (session) => {
    session.hangUp('the AGI script hung up');
    return 'result=1';
  }),
  silent('noop', 0),
  command('verbose', 1, () => 'result=1'),
  command('set variable', 2, (_, call, [name = '', value = '']) => {
    call.set(name, value);
    return 'result=1';
  }),
  command('get variable', 1, (_, call, [name = '']) => valued(call.substitute(`\${${name}}`))),
  command('get full variable', 1, (_, call, [text = '']) => valued(call.substitute(text))),
  command('exec', 1, (session, _, [name = '', ...args]) => session.execute(name, args.join(','))),
  command('set context', 1, (session, _, [context = '']) => {
    session.jump({ context });
    return 'result=0';
  }),
  command('set extension', 1, (session, _, [extension = '']) => {
    session.jump({ extension });
    return 'result=0';
  }),
  command('set priority', 1, (session, call, [text = '']) => {
    const { context, extension } = call.position;
    const priority = call.numberOf(context, extension, text);
    if (priority !== undefined) session.jump({ priority });
    return 'result=0';
  }),
  command('set callerid', 1, (_, call, [text = '']) => {
    const { name, number } = callerOf(text);
    call.set('CALLERID(num)', number);
    if (name !== '') call.set('CALLERID(name)', name);
    return 'result=1';
  }),
  command('channel status', 0, () => 'result=6'),
  command('database get', 2, (_, call, [family = '', key = '']) =>
    valued(call.database.get(`${family}/${key}`)),
  ),
  command('database put', 3, (_, call, [family = '', key = '', value = '']) => {
    call.database.set(`${family}/${key}`, value);
    return 'result=1';
  }),
  command('database del', 2, (_, call, [family = '', key = '']) =>
    call.database.delete(`${family}/${key}`) ? 'result=1' : 'result=0',
  ),
  command('stream file', 2, () => 'result=0 endpos=0'),
  command('control stream file', 2, () => 'result=0 endpos=0'),
  command('get option', 2, () => 'result=0 endpos=0'),
  command('get data', 1, () => 'result= (timeout)'),
  command('record file', 4, () => 'result=0 (timeout) endpos=0'),
  ...['alpha', 'date', 'datetime', 'digits', 'number', 'phonetic', 'time'].map((what) =>
    silent(`say ${what}`, 2),
  ),
  silent('wait for digit', 1),
  silent('set autohangup', 1),
  silent('set music', 1),
  silent('send text', 1),
];

/** `a "b c" d\"e` → words; a backslash protects what follows. */
export function agiWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (char === '\\' && at + 1 < line.length) word = (word ?? '') + line.charAt(++at);
    else if (!quoted && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** `"Name" <number>`, or a number alone. */
function callerOf(text: string): { readonly name: string; readonly number: string } {
  const open = text.indexOf('<');
  const number = text.slice(open + 1, -1);
  const name = text.slice(0, Math.max(0, open)).trimEnd().replace(/^"/, '').replace(/"$/, '');
  const isBoth = open >= 0 && text.endsWith('>') && !number.includes('>') && !name.includes('"');
  return isBoth ? { name, number } : { name: '', number: text };
}
