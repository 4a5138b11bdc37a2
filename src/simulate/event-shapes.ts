/** The grammar of the events of a simulation: the plugin runs beside the program that tells them, and may write more. */

import {
  isAnything,
  isEither,
  isFlag,
  isListOf,
  isMapOf,
  isNothing,
  isNumber,
  isOneOf,
  isPairOf,
  isRecord,
  isText,
  parsedJson,
  type Shape,
} from '../support/shape.ts';
import type { SimulationEvent } from './events.ts';

const isFrame = isRecord({ file: isText, line: isNumber });
const isPlace = isEither(isFrame, isNothing);
const isLine = isEither(isNumber, isNothing);

const SHAPES: Readonly<Record<SimulationEvent['event'], Shape<unknown>>> = {
  ready: isRecord({ generation: isText, package: isOneOf('real', 'stand-in'), serial: isFlag }),
  record: isRecord({
    line: isLine,
    fields: isMapOf(isAnything),
    unserialisable: isListOf(isPairOf(isText, isText)),
    place: isPlace,
  }),
  none: isRecord({ line: isLine, place: isPlace }),
  raised: isRecord({
    line: isLine,
    where: isOneOf('import', 'decode', 'parse', 'run'),
    error: isRecord({ type: isText, message: isText, frames: isListOf(isFrame) }),
  }),
  ended: isRecord({ line: isLine }),
  port: isRecord({
    path: isText,
    rate: isEither(isNumber, isNothing),
    written: isNumber,
    read: isNumber,
    reconnects: isNumber,
  }),
  unended: isRecord({ lines: isNumber }),
  end: isRecord({ fed: isNumber, records: isNumber }),
};

/** An event in a line of the program; undefined when it is none. */
export function readEvent(line: string): SimulationEvent | undefined {
  const value = parsedJson(line);
  if (!isRecord({ event: isText })(value)) return undefined;
  const name = String(value['event']);
  const is = Object.hasOwn(SHAPES, name) ? SHAPES[name as SimulationEvent['event']] : undefined;
  return is?.(value) === true ? (value as unknown as SimulationEvent) : undefined;
}
