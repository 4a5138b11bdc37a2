/** The grammar of what ask-services.py answers: a server may answer anything. */

import {
  isFlag,
  isListOf,
  isMapOf,
  isNumber,
  isRecord,
  isText,
  parsedJson,
  type Shape,
} from '../../support/shape.ts';

/** As ask-services.py answers. Statuses are those of HTTP; 0 when nothing answered. */
export interface RouteAnswer {
  readonly bare?: number;
  readonly options?: number;
  readonly allow?: string;
  readonly token?: number;
  readonly text?: string;
}

export interface UnitAnswer {
  readonly routes: readonly RouteAnswer[];
  readonly description?: { readonly status: number; readonly missing: readonly string[] };
  readonly login?: number;
  /** Of each provider of logins on a stack of ours: a login of nobody that it takes for its own, and the answer to it. */
  readonly own?: readonly OwnLogin[];
  /** The backends that wazo-auth has. */
  readonly backends?: readonly string[];
  readonly imports?: string;
  /** Of each backend: the status of its lookup, or of the sources that there are none of. */
  readonly lookups?: readonly {
    readonly status?: number;
    readonly results?: number;
    /** Whether the source was made for this lookup, without settings of its own. */
    readonly made?: boolean;
    readonly sources?: number;
  }[];
  /** Of each handler: its commands to Asterisk, in a call through a Local channel where one came about. */
  readonly handlers?: readonly HandlerAnswer[];
  readonly log: string;
}

export interface OwnLogin {
  readonly login?: string;
  readonly status?: number;
}

export interface HandlerAnswer {
  readonly commands: readonly string[];
  readonly isCall: boolean;
  /** Whether these are all of them: one that goes on is left. */
  readonly isWhole?: boolean;
}

/** Unit → its answers. */
export type Answers = Readonly<Record<string, UnitAnswer>>;

const isRoute = isRecord(
  {},
  { bare: isNumber, options: isNumber, allow: isText, token: isNumber, text: isText },
);

const isAnswers = isMapOf(
  isRecord(
    { routes: isListOf(isRoute), log: isText },
    {
      description: isRecord({ status: isNumber, missing: isListOf(isText) }),
      login: isNumber,
      own: isListOf(isRecord({}, { login: isText, status: isNumber })),
      imports: isText,
      lookups: isListOf(
        isRecord({}, { status: isNumber, results: isNumber, made: isFlag, sources: isNumber }),
      ),
      backends: isListOf(isText),
      handlers: isListOf(isRecord({ commands: isListOf(isText), isCall: isFlag }, { isWhole: isFlag })),
    },
  ),
) as unknown as Shape<Answers>;

/** The answers in what the program printed; none where it printed something else. */
export function readAnswers(text: string): Answers {
  const said = parsedJson(text);
  return isAnswers(said) ? said : {};
}
