import { targetsOf } from '../read/arguments.ts';
import { type Context, type Extension, HINT, type LoadedDialplan, type Priority } from '../read/dialplan.ts';
import type { Add } from './add.ts';
import { Jumps } from './jumps.ts';
import { isEnd } from '../../wazo/call-ends.ts';
import type { DialplanLookup } from '../read/extension-index.ts';
import { DIALLED_CONTEXTS, isHookContext, isOpenContext, isStockContext } from '../../wazo/contexts.ts';

/** They may give a call back, but a line that ends with them is meant to end there. */
const HANDS_OVER = new Set(['stasis', 'transfer', 'endwhile', 'gotoif', 'gotoiftime']);

/** They let the caller hear something, or wait for keys. */
const MEDIA = new Set(
  (
    'playback background controlplayback read readexten wait waitexten musiconhold startmusiconhold echo ' +
    'record saydigits saynumber sayalpha sayphonetic sayunixtime mp3player festival milliwatt datetime'
  ).split(' '),
);
/** After them it is not known here whether the call is answered. */
const ANSWERS = new Set(
  'answer progress gosub gosubif goto gotoif dial queue confbridge agi stasis'.split(' '),
);

/** Priorities that no call comes to, and how extensions begin and end. */
export function lintFlow(dialplan: LoadedDialplan, lookup: DialplanLookup, add: Add): void {
  const subroutines = new Subroutines(dialplan);
  const jumps = new Jumps(dialplan, lookup);
  for (const context of dialplan.contexts) {
    const called = subroutines.in(context, lookup);
    for (const extension of context.extensions) {
      lintOrder(extension, (number) => jumps.leadTo(context, extension, number), add);
      lintStock(context, extension, add);
      lintEnd(context, extension, called.has(extension), add);
    }
  }
}

/** The stack reads its own lines last: those whose priority a plugin has taken are lost. */
function lintStock({ name }: Context, extension: Extension, add: Add): void {
  const first = extension.priorities.find((one) => one.number !== HINT);
  if (first === undefined || !isStockContext(name) || isHookContext(name) || isOpenContext(name)) return;
  add('dialplan-stock-context', first.place, { value: extension.name, context: name });
}

/** The numbers that subroutines of each context are called by. */
class Subroutines {
  private readonly called = new Map<string, Set<string>>();

  constructor(dialplan: LoadedDialplan) {
    for (const context of dialplan.contexts) {
      for (const extension of context.extensions) {
        for (const { app, data } of extension.priorities) {
          for (const target of targetsOf(app, data))
            if (target.isSubroutine)
              this.add(target.context ?? context.name, target.extension ?? extension.name);
        }
      }
    }
  }

  /** The extensions of a context that are called, or are reached through a hook. */
  in(context: Context, lookup: DialplanLookup): ReadonlySet<Extension> {
    if (isHookContext(context.name)) return new Set(context.extensions);
    const called = [...(this.called.get(context.name) ?? [])];
    return new Set(called.flatMap((number) => lookup.extensions(context, number)));
  }

  private add(context: string, extension: string): void {
    const known = this.called.get(context);
    if (known === undefined) this.called.set(context, new Set([extension]));
    else known.add(extension);
  }
}

function lintOrder({ name, priorities }: Extension, isJumpedTo: (number: number) => boolean, add: Add): void {
  let previous: Priority | undefined;
  for (const priority of priorities) {
    if (priority.number === HINT) continue;
    const isEntered = priority.label !== undefined || isJumpedTo(priority.number);
    if (previous === undefined && priority.number > 1 && !isEntered) {
      add('dialplan-no-first-priority', priority.place, { value: name, number: String(priority.number) });
    } else if (previous !== undefined && !isEntered) {
      const gap = priority.number - previous.number > 1;
      if (gap)
        add('dialplan-gap', priority.place, { from: String(previous.number), to: String(priority.number) });
      else if (isEnd(previous.app)) {
        add('dialplan-unreachable', priority.place, { value: previous.app.trim() });
      }
    }
    previous = priority;
  }
}

function lintEnd(context: Context, extension: Extension, isSubroutine: boolean, add: Add): void {
  const steps = extension.priorities.filter((one) => one.number !== HINT);
  const last = steps.at(-1);
  if (last === undefined) return;
  const app = last.app.trim().toLowerCase();
  if (isSubroutine) {
    if (!isEnd(app) && !HANDS_OVER.has(app) && !['gosub', 'gosubif'].includes(app)) {
      add('dialplan-missing-return', last.place, { value: `${extension.name} in ${context.name}` });
    }
    return;
  }
  if (!DIALLED_CONTEXTS.includes(context.name)) return;
  const appOf = (one: Priority): string => one.app.trim().toLowerCase();
  const first = steps.find((one) => MEDIA.has(appOf(one)) || ANSWERS.has(appOf(one)));
  if (first !== undefined && MEDIA.has(appOf(first)) && !/noanswer/i.test(first.data)) {
    add('dialplan-no-answer', first.place, { value: first.app.trim() });
  }
  const returns = steps.find((one) => one.app.trim().toLowerCase() === 'return');
  if (returns !== undefined) add('dialplan-return-without-gosub', returns.place, { value: extension.name });
  else if (!isEnd(app) && !HANDS_OVER.has(app))
    add('dialplan-no-hangup', last.place, { value: extension.name });
}
