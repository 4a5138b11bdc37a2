import { type Context, HINT } from '../read/dialplan.ts';
import { exitsOf } from './exits.ts';
import type { GraphContext, GraphExtension, GraphPriority } from './model.ts';
import { type Spot, contextId } from './spot.ts';

/** Extensions that a call comes to by itself. Source: Asterisk 22, special extensions. */
export const SPECIAL: Readonly<Record<string, string>> = {
  h: 'when the call ends',
  i: 'for a number that is not there',
  t: 'after a timeout of digits',
  T: 'after the longest time of a call',
  e: 'after an error',
  o: 'by 0 in a voicemail',
  a: 'by * in a voicemail',
  fax: 'for a fax',
};

/** A context of the graph; each priority is handed to `keep` with its surroundings. */
export function contextNode(context: Context, keep: (spot: Spot) => void): GraphContext {
  const extensions = context.extensions.map((extension): GraphExtension => {
    const name =
      extension.callerId === undefined ? extension.name : `${extension.name}/${extension.callerId}`;
    const id = `${context.name},${name}`;
    const hint = extension.priorities.find(({ number }) => number === HINT)?.app;
    const priorities = extension.priorities
      .filter(({ number }) => number !== HINT)
      .map((priority) => {
        const { number, label, app, data, place } = priority;
        const exits = exitsOf(app, data);
        const { leaves } = exits;
        const node: GraphPriority = {
          id: `${id},${number}`,
          number,
          ...(label === undefined ? {} : { label }),
          app: app.trim(),
          data,
          place,
          ...(leaves === undefined ? {} : { leaves }),
        };
        keep({ context, extension, priority, exits, node });
        return node;
      });
    const entered = Object.hasOwn(SPECIAL, extension.name) ? SPECIAL[extension.name] : undefined;
    return {
      id,
      name,
      ...(entered === undefined ? {} : { entered }),
      ...(hint === undefined ? {} : { hint }),
      priorities,
    };
  });
  return { id: contextId(context.name), name: context.name, place: context.place, extensions };
}
