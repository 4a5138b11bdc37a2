import { isWithin } from '../read/timing.ts';
import type { Position } from './call-search.ts';

/** The parts of a traced call that functions read and change. */
export interface AskedCall {
  readonly now: Date;
  readonly position: Position;
  readonly variables: Map<string, string>;
  readonly database: Map<string, string>;
  readonly functionValues: ReadonlyMap<string, string>;
  variable(name: string): string | undefined;
  global(name: string): string | undefined;
  set(name: string, value: string): void;
  substitute(text: string): string;
  hasContext(name: string): boolean;
  exists(context: string, extension: string, priority: string): boolean;
}

/** Functions that read the call, its variables or the database. */
export const CHANNEL_FUNCTIONS: Readonly<Record<string, (call: AskedCall, args: string) => string>> = {
  CALLERID: (call, args) => call.functionValues.get(`CALLERID(${args})`) ?? callerPart(call, args),
  CHANNEL: (_, args) =>
    ({ name: 'Local/trace', channeltype: 'Local', language: 'en', state: 'Up' })[args] ?? '',
  CUT: cut,
  DB: (call, args) => call.database.get(args) ?? '',
  DB_EXISTS: (call, args) => (call.database.has(args) ? '1' : '0'),
  DB_DELETE: (call, args) => {
    const value = call.database.get(args) ?? '';
    call.database.delete(args);
    return value;
  },
  DIALPLAN_EXISTS: (call, args) => {
    const [context = '', extension = '', priority = ''] = args.split(',');
    if (extension === '') return call.hasContext(context) ? '1' : '0';
    return call.exists(context, extension, priority === '' ? '1' : priority) ? '1' : '0';
  },
  VALID_EXTEN: (call, args) => {
    const [context = '', extension = '', priority = '1'] = args.split(',');
    return call.exists(context === '' ? call.position.context : context, extension, priority) ? '1' : '0';
  },
  EVAL: (call, args) => call.substitute(args),
  FIELDQTY: (call, args) => {
    const [name = '', delimiter = ''] = args.split(',');
    const value = call.variable(name) ?? '';
    return value === '' ? '0' : String(value.split(delimiter).length);
  },
  GLOBAL: (call, args) => call.global(args) ?? '',
  GROUP_COUNT: () => '0',
  IFTIME: (call, args) => {
    const [times = '', ...rest] = args.split('?');
    const [yes = '', ...no] = rest.join('?').split(':');
    return isWithin(times, call.now) ? yes.trim() : no.join(':').trim();
  },
  INC: (call, args) => step(call, args, 1),
  DEC: (call, args) => step(call, args, -1),
  LOCAL: (call, args) => call.variable(args) ?? '',
  PASSTHRU: (_, args) => args,
  REPLACE: (call, args) => {
    const [name = '', find = '', by = ''] = args.split(',');
    const found = new Set(find);
    return Array.from(call.variable(name) ?? '', (char) => (found.has(char) ? by.slice(0, 1) : char)).join(
      '',
    );
  },
  SET: (call, args) => {
    const equals = args.indexOf('=');
    const value = args.slice(equals + 1);
    call.set(args.slice(0, equals), value);
    return value;
  },
  STRFTIME: (call, args) => {
    const [epoch = '', , format = '%c'] = args.split(',');
    return formatTime(epoch === '' ? call.now : new Date(Number(epoch) * 1000), format);
  },
};

function callerPart(call: AskedCall, args: string): string {
  const part = args.split(',')[0] ?? '';
  const [number, name] = ['CALLERID(num)', 'CALLERID(name)'].map((key) => call.functionValues.get(key) ?? '');
  if (part === 'number') return number ?? '';
  return part === 'all' ? `"${name}" <${number}>` : '';
}

/** Fields that CUT gives; Asterisk's buffer ends before. */
const MOST_FIELDS = 8190;

/** `CUT(variable,delimiter,2-4&6)`. */
function cut(call: AskedCall, args: string): string {
  const [name = '', written = '-', fields = '1'] = args.split(',');
  const delimiter = written === '' ? '-' : written.replace(/^\\(.)/, '$1').charAt(0);
  const parts = (call.variable(name) ?? '').split(delimiter);
  const chosen: string[] = [];
  for (const range of fields.split('&')) {
    if (chosen.length > MOST_FIELDS) break;
    const [from = '', to] = range.split('-');
    const first = from === '' ? 1 : Number(from);
    const last = to === undefined ? first : to === '' ? parts.length : Number(to);
    for (let at = first; at <= Math.min(last, parts.length); at++) chosen.push(parts[at - 1] ?? '');
  }
  return chosen.join(delimiter);
}

function step(call: AskedCall, name: string, by: number): string {
  const value = String((Number.parseInt(call.variable(name) ?? '0', 10) || 0) + by);
  call.variables.set(name, value);
  return value;
}

function formatTime(date: Date, format: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    Y: String(date.getFullYear()),
    m: two(date.getMonth() + 1),
    d: two(date.getDate()),
    H: two(date.getHours()),
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
    u: String(date.getDay() === 0 ? 7 : date.getDay()),
    w: String(date.getDay()),
    s: String(Math.floor(date.getTime() / 1000)),
    F: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    T: `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
    '%': '%',
  };
  return format.replace(/%([a-zA-Z%])/g, (all, letter: string) => parts[letter] ?? all);
}
