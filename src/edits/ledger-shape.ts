import {
  isLike,
  isListOf,
  isMapOf,
  isMode,
  isOneOf,
  isRecord,
  isText,
  isFlag,
  type Shape,
} from '../support/shape.ts';
import type { Ledger } from './record.ts';

const isCommit = isLike(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
/** A name to git that gets it as an argument, and no option. */
const isRefName = isLike(/^[^-\s~^:?*[\\\0-\x1f][^\s~^:?*[\\\0-\x1f]*$/);
const isState = isRecord({ text: isText, mode: isMode }, { encoding: isOneOf('base64', 'link') });
const isPrint = isRecord({ content: isLike(/^[0-9a-f]{64}$/), mode: isMode });
const isMark = isRecord({ tag: isRefName, branch: isRefName, parent: isCommit });

const isEdit = isRecord(
  {
    did: isText,
    at: isText,
    files: isListOf(isRecord({ path: isText }, { before: isState, after: isPrint })),
    folders: isListOf(isText),
    modes: isMapOf(isMode),
  },
  { whole: isRecord({}, { commit: isLike(/^(?:[0-9a-f]{40,64})?$/), stood: isFlag }), release: isMark },
);

const isPending = isRecord({ record: isEdit, undoes: isFlag, work: isText }, { inPlace: isFlag });

/** Whether a value is a ledger, down to each of its fields. */
export const isLedger = isRecord(
  { records: isListOf(isEdit) },
  { pending: isPending },
) as unknown as Shape<Ledger>;
