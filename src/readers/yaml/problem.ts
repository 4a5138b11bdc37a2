import type { YamlProblem } from './node.ts';
import { Refusal, type Mark } from './refusal.ts';
import { Scanner } from './scanner.ts';

/** Faults in the values of a text that has the form of YAML. */
export function valueProblem(refusal: Refusal): YamlProblem {
  return { message: wordsOf(refusal), offset: stopOf(refusal)?.offset ?? 0, ...pyyamlOf(refusal) };
}

/**
 * Where the form of a text is wrong. PyYAML names the place where it cannot go on; an author has to go back to the
 * opening of what is not closed. So: a quote that ends with the file, or only at the next quote some lines below; a
 * bracket that nothing closes; a key without a colon.
 */
export function formProblem(text: string, refusal: Refusal): YamlProblem {
  const stop = stopOf(refusal);
  if (stop === undefined) return valueProblem(refusal);
  return { ...placeOf(text, refusal, stop), ...pyyamlOf(refusal) };
}

function placeOf(text: string, refusal: Refusal, stop: Mark): YamlProblem {
  const { context } = refusal;
  const isOpenQuote = context?.doing === 'while scanning a quoted scalar';
  const isKey = context?.doing === 'while scanning a simple key';
  const place = isOpenQuote || isKey ? context.mark : stop;
  const { quotes, brackets } = openings(text, stop.offset);
  const quote = openingQuote(quotes, place);
  if (quote !== undefined || isOpenQuote) return unclosed(text, quote?.start ?? place, 'quote');
  const bracket = brackets.find(({ offset }) => offset <= stop.offset);
  if (bracket !== undefined) return unclosed(text, bracket, 'bracket');
  return { message: wordsOf(refusal), offset: place.offset };
}

function unclosed(text: string, { offset }: Mark, what: string): YamlProblem {
  return {
    message: `the ${what === 'quote' ? (text[offset] === "'" ? 'single quote' : 'double quote') : `${what} ${text[offset] ?? ''}`} is not closed`,
    offset,
  };
}

/** PyYAML's words; some go on from those of the context. */
function wordsOf({ message, context }: Refusal): string {
  return context === undefined || context.doing.startsWith('while')
    ? message
    : `${context.doing}, ${message}`;
}

function stopOf({ mark, context }: Refusal): Mark | undefined {
  return mark ?? context?.mark;
}

function pyyamlOf({ message, mark, isBound }: Refusal): Pick<YamlProblem, 'pyyaml'> {
  if (isBound) return {};
  return { pyyaml: { said: message, ...(mark === undefined ? {} : { line: mark.line }) } };
}

interface Span {
  readonly start: Mark;
  readonly end: Mark;
}

interface Openings {
  /** Quoted texts of several lines, up to where reading stopped. */
  readonly quotes: readonly Span[];
  /** Brackets that are still open at the end of the file. */
  readonly brackets: readonly Mark[];
}

/** Brackets within brackets, of which no more are looked at: the outermost one is told. */
const NESTED = 5_000;

/** Reads tokens alone, over what no token can begin with. */
function openings(text: string, stop: number): Openings {
  const scanner = new Scanner(text);
  const quotes: Span[] = [];
  const brackets: Mark[] = [];
  for (;;) {
    try {
      const token = scanner.next();
      if (token.id === '<stream end>') return { quotes, brackets };
      if (token.id === '[' || token.id === '{') brackets.push(token.start);
      if (brackets.length > NESTED) return { quotes, brackets };
      if (token.id === ']' || token.id === '}') brackets.pop();
      if (token.id === '<scalar>' && (token.style === '"' || token.style === "'")) {
        if (token.start.line < token.end.line && token.start.offset <= stop) quotes.push(token);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!scanner.stepOver()) return { quotes, brackets: [] };
    }
  }
}

/** The quote of several lines that ends on the line of a place: its own end is likely the start of another. */
function openingQuote(quotes: readonly Span[], place: Mark): Span | undefined {
  let line = place.line;
  let found: Span | undefined;
  for (const quote of quotes.toReversed()) {
    if (quote.end.line !== line || quote.start.offset > place.offset) continue;
    found = quote;
    line = quote.start.line;
  }
  return found;
}
