/** The grammar of what a server answers, through its shell or by HTTP. */

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
import type { PlugindEvent } from './progress.ts';
import type { Diagnosis, InstalledItem, MarketEntry, PluginName, ServerLook } from './server.ts';

const isMarketEntry = isRecord(
  {},
  {
    missing: isText,
    versions: isListOf(
      isRecord(
        { version: isText },
        {
          upgradable: isEither(isFlag, isNothing),
          min_wazo_version: isEither(isText, isNothing),
          max_wazo_version: isEither(isText, isNothing),
          method: isEither(isText, isNothing),
          options: isEither(isMapOf(isAnything), isNothing),
        },
      ),
    ),
  },
);

const isPackage = isEither(isRecord({ state: isText, version: isText }), isNothing);
const isRun = isPairOf(isNumber, isText);

export const isLook = isRecord(
  { installed: isEither(isRecord({ version: isText }), isNothing), wazo: isEither(isText, isNothing) },
  { package: isPackage, market: isMarketEntry },
) as unknown as Shape<ServerLook>;

export const isDiagnosis = isRecord(
  {},
  {
    term: isText,
    dpkg: isText,
    journal: isText,
    package: isPackage,
    clone: isRun,
    update: isRun,
    configure: isRun,
    depends: isListOf(isPairOf(isText, isOneOf('installed', 'known', 'unknown'))),
  },
) as unknown as Shape<Diagnosis>;

export const isVerified = isRecord({ verify: isText }) as unknown as Shape<{ readonly verify: string }>;

/** The body of `GET /plugins`. */
export const isPluginList = isRecord({
  items: isListOf(isRecord({ namespace: isText, name: isText, version: isText })),
}) as unknown as Shape<{ readonly items: readonly (PluginName & InstalledItem)[] }>;

/** The body of `GET /infos` of wazo-confd. */
export const isInfos = isRecord({ wazo_version: isText }) as unknown as Shape<{
  readonly wazo_version: string;
}>;

export const isMarket = isMarketEntry as unknown as Shape<MarketEntry>;

/** A line of the far end: one of these keys. */
export interface Row extends Partial<PlugindEvent> {
  readonly found?: unknown;
  readonly begun?: string;
  /** Where the logs there end: handed back to it, never looked into. */
  readonly marks?: unknown;
  readonly unseen?: string;
  readonly lost?: string;
  readonly refused?: string;
  readonly message?: string;
}

const isRow = isRecord(
  {},
  {
    begun: isAnything,
    unseen: isText,
    lost: isText,
    refused: isText,
    message: isText,
    status: isText,
    uuid: isText,
    own: isFlag,
  },
) as unknown as Shape<Row>;

const isError = isRecord(
  {},
  { error_id: isText, message: isText, details: isEither(isMapOf(isAnything), isNothing) },
);

/** Reads a line of the far end; undefined when it is none of its lines. */
export function readRow(line: string): Row | undefined {
  const value = parsedJson(line);
  if (!isRow(value)) return undefined;
  // a job that failed has failed, whatever it says of it
  return isError(value.errors) ? value : { ...value, errors: null };
}
