import { APPLICATION_SYNTAX } from '../../wazo/asterisk-applications.ts';
import { FUNCTION_SYNTAX } from '../../wazo/asterisk-functions.ts';
import { type Target, functionsIn, splitArguments, targetsOf, unbalanced } from '../read/arguments.ts';
import { type Context, type Extension, HINT, type LoadedDialplan, type Priority } from '../read/dialplan.ts';
import type { Add, LintOptions } from './add.ts';
import { jumpNumber } from './jumps.ts';
import { priorityOf, type DialplanLookup } from '../read/extension-index.ts';
import type { Place } from '../read/place.ts';
import { isStockContext } from '../../wazo/contexts.ts';
import { hasApplication, renamesVariables } from '../../wazo/renamed.ts';

const applications = new Map(APPLICATION_SYNTAX.map((syntax) => [nameOf(syntax).toLowerCase(), syntax]));
const functions = new Set(FUNCTION_SYNTAX.map(nameOf));

/** Reports faults that only a call would show: names, arguments, targets, and where calls end. */
export function lintCalls(
  dialplan: LoadedDialplan,
  lookup: DialplanLookup,
  { engine, contexts }: LintOptions,
  add: Add,
): void {
  for (const context of dialplan.contexts) {
    for (const extension of context.extensions) {
      for (const priority of extension.priorities) {
        if (priority.number === HINT) continue;
        lintPriority(priority, engine, add);
        for (const target of targetsOf(priority.app, priority.data)) {
          lintTarget(lookup, { context, extension, priority }, target, contexts, add);
        }
      }
    }
  }
}

function lintPriority({ app, data, place }: Priority, engine: string | undefined, add: Add): void {
  const name = app.trim();
  const open = unbalanced(data);
  if (open !== undefined) add('dialplan-unbalanced', place, { value: open });
  const variable = /\bXIVO_\w+/.exec(data)?.[0];
  if (variable !== undefined && renamesVariables(engine))
    add('dialplan-xivo-variable', place, { value: variable });
  for (const called of functionsIn(data)) lintFunction(called, place, engine, add);
  const syntax = applications.get(name.toLowerCase());
  if (name === '') add('dialplan-no-application', place);
  else if (hasApplication(name, engine) === false) add('dialplan-gone-application', place, { value: name });
  else if (hasApplication(name, engine)) return;
  else if (syntax === undefined) add('dialplan-unknown-application', place, { value: name });
  else if (requiredArguments(syntax) > 0 && data.trim() === '') {
    add('dialplan-missing-argument', place, { value: name, syntax });
  } else {
    const most = mostArguments(syntax);
    const count = splitArguments(data).length;
    if (most === undefined || count <= most) return;
    add('dialplan-extra-argument', place, { value: name, count: String(count), syntax });
  }
}

function lintFunction(name: string, place: Place, engine: string | undefined, add: Add): void {
  const has = hasApplication(name, engine);
  if (has === false) add('dialplan-gone-application', place, { value: name });
  if (has !== undefined || functions.has(name)) return;
  const upper = name.toUpperCase();
  if (functions.has(upper)) add('dialplan-function-case', place, { value: name, right: upper });
  else add('dialplan-unknown-function', place, { value: name });
}

function nameOf(syntax: string): string {
  return syntax.slice(0, syntax.indexOf('('));
}

/** How many arguments of `Name(first[,second])` are outside of brackets. */
function requiredArguments(syntax: string): number {
  let bare = syntax.slice(syntax.indexOf('(') + 1, syntax.lastIndexOf(')'));
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = bare.replace(/\[[^[\]]*\]/g, '');
  }
  return splitArguments(bare).filter((part) => part.trim() !== '').length;
}

/** Their last argument is a text, an expression or another application: a comma belongs to it. */
const FREE = new Set(
  (
    'noop verbose log set mset system trysystem sendtext userevent exec tryexec execif execiftime gotoif ' +
    'gotoiftime gosub gosubif while if elseif exitif else return playtones festival sayalpha sayalphacase ' +
    'sayphonetic saydigits raiseexception jabbersend jabbersendgroup messagesend retrydial queuelog ' +
    'celgenuserevent morsecode signal mixmonitor sayunixtime datetime pjsipnotify waitforcondition stasis ' +
    'stasisbroadcast queueupdate externalivr aelsub disa parkandannounce'
  ).split(' '),
);

/** How many arguments an application can take; undefined when there is no limit, or when none are counted. */
function mostArguments(syntax: string): number | undefined {
  if (FREE.has(nameOf(syntax).toLowerCase())) return undefined;
  const inside = syntax.slice(syntax.indexOf('(') + 1, syntax.lastIndexOf(')')).replaceAll('[&...]', '');
  if (inside === '' || inside.includes('...')) return undefined;
  return splitArguments(inside.replace(/[[\]]/g, '')).length;
}

/** Where a jump stands. */
interface Standing {
  readonly context: Context;
  readonly extension: Extension;
  readonly priority: Priority;
}

function lintTarget(
  lookup: DialplanLookup,
  { context: from, extension: current, priority }: Standing,
  target: Target,
  known: ReadonlySet<string> | undefined,
  add: Add,
): void {
  const { place } = priority;
  const name = target.context ?? from.name;
  const wanted = target.extension ?? current.name;
  if ([name, wanted, target.priority].some((part) => /[$%]/.test(part))) return;
  const context = lookup.context(name);
  if (context === undefined) {
    if (!isStockContext(name) && known?.has(name) !== true)
      add('dialplan-unknown-context', place, { value: name });
    return;
  }
  // what the stack adds to its own contexts, or other contexts to included ones, is not known here
  if (isStockContext(name) || context.includes.length > 0 || context.switches.length > 0) return;
  const taking = lookup.extensions(context, wanted);
  if (lookup.isSpent) return;
  // a jump within a pattern stays in it, whatever number was dialled
  const stays = target.context === undefined && target.extension === undefined;
  const found = stays && !taking.includes(current) ? [current, ...taking] : taking;
  if (found.length === 0) {
    // the call goes on there
    if (lookup.extensions(context, 'i').length > 0) return;
    // another file of the server may bring it
    add('dialplan-unknown-target', place, { value: `extension "${wanted}" in context "${name}"` }, 'warning');
    return;
  }
  const number = jumpNumber(target.priority, priority.number);
  const exists = found.some((one) =>
    number === undefined ? one.labels.has(target.priority) : priorityOf(one, number) !== undefined,
  );
  if (exists || target.priority === 'n' || target.priority === '') return;
  const what = number === undefined ? `label "${target.priority}"` : `priority ${number}`;
  add('dialplan-unknown-target', place, { value: `${what} in extension "${wanted}" of context "${name}"` });
}
