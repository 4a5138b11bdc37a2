import {
  isListOf,
  isMapOf,
  isNumber,
  isOneOf,
  isRecord,
  isText,
  isFlag,
  type Shape,
} from '../support/shape.ts';
import type { Ledger } from './record.ts';

const isState = isRecord({ text: isText, mode: isNumber }, { encoding: isOneOf('base64', 'link') });
const isPrint = isRecord({ content: isText, mode: isNumber });
const isMark = isRecord({ tag: isText, branch: isText, parent: isText });

const isEdit = isRecord(
  {
    did: isText,
    at: isText,
    files: isListOf(isRecord({ path: isText }, { before: isState, after: isPrint })),
    folders: isListOf(isText),
    modes: isMapOf(isNumber),
  },
  { whole: isRecord({}, { commit: isText, stood: isFlag }), release: isMark },
);

const isPending = isRecord({ record: isEdit, undoes: isFlag, work: isText }, { inPlace: isFlag });

/** Whether a value is a ledger, down to each of its fields. */
export const isLedger = isRecord(
  { records: isListOf(isEdit) },
  { pending: isPending },
) as unknown as Shape<Ledger>;
