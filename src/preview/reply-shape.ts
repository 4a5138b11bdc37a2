/** The grammar of the answers of a driver's Python: the driver runs beside the program that gives them. */

import {
  isEither,
  isFlag,
  isListOf,
  isMapOf,
  isNothing,
  isNumber,
  isOneOf,
  isRecord,
  isText,
  parsedJson,
  type Shape,
} from '../support/shape.ts';
import type { PreviewReply } from './request.ts';

const isPhase = isOneOf('import', 'init', 'generate');
const isFrame = isRecord({ file: isText, line: isNumber });
const isTextOrNothing = isEither(isText, isNothing);

const isReply = isRecord(
  {
    outcome: isOneOf('text', 'empty', 'none', 'bytes', 'other', 'not-utf8', 'raised', 'timeout', 'died'),
    total: isNumber,
  },
  {
    text: isText,
    line: isNumber,
    type: isText,
    phase: isPhase,
    error: isRecord({
      type: isText,
      message: isText,
      frames: isListOf(isFrame),
      runtime: isFlag,
      missing: isTextOrNothing,
      call: isTextOrNothing,
    }),
    problems: isListOf(
      isRecord({
        file: isText,
        kind: isOneOf('exec', 'invalid', 'no-mapping'),
        message: isText,
        line: isEither(isNumber, isNothing),
      }),
    ),
    touches: isListOf(
      isRecord({
        what: isOneOf('database', 'network'),
        phase: isPhase,
        detail: isText,
        frames: isListOf(isFrame),
      }),
    ),
    enabled: isTextOrNothing,
    found: isListOf(isRecord({ name: isText, value: isText, package: isText })),
    undefined: isListOf(isText),
    printed: isText,
    places: isMapOf(isFrame),
    ms: isMapOf(isNumber),
  },
) as unknown as Shape<PreviewReply>;

/** The answer in a line; undefined when it is none. */
export function readReply(line: string): PreviewReply | undefined {
  const value = parsedJson(line);
  return isReply(value) ? value : undefined;
}
