/** Dialplans whose calls meet every way from one priority to another; each condition hangs on a variable of its own. */

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CONTEXTS = ['ca', 'cb', 'cc', 'cd'];
const EXTENSIONS = ['s', '12', '125', '1-3', '_1X', '_12X', '_1.', '_N[1-3]!', 'sub', 'h', 'i'];
/** The text of one dialplan, and the names of its variables; each is 0 or 1. */
export function flowDialplan(seed: number): { readonly text: string; readonly variables: readonly string[] } {
  const random = randomFrom(seed);
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const variables: string[] = [];
  const condition = (): string => {
    variables.push(`V${variables.length}`);
    return `$[\${${variables.at(-1)}} = 1]`;
  };
  const priority = (): string => one(['1', '1', '1', '2', '3', 'a', 'b']);
  const number = (): string => one(['s', '12', '125', '13', '129', '21', 'sub', '77', '${EXTEN}']);
  const place = (): string =>
    one([
      () => one(['1', '2', '3', 'a', 'b']),
      () => `${number()},${priority()}`,
      () => `${one(CONTEXTS)},${number()},${priority()}`,
      () => `${one(CONTEXTS)},${number()},${priority()}`,
      () => one(['${WHERE}', '${V0}', `${one(CONTEXTS)},\${NUMBER},1`]),
    ])();
  const withArguments = (text: string): string => `${text}${random() < 0.5 ? '' : '(x,y)'}`;
  const app = (): string =>
    one([
      () => 'NoOp(x)',
      () => 'NoOp(x)',
      () => 'Set(X=1)',
      () => `Goto(${place()})`,
      () => `GotoIf(${condition()}?${place()}:${place()})`,
      () => `GotoIf(${condition()}?${place()})`,
      () => `GotoIf(${one(['0', '1', '$[1 = 1]'])}?${place()}:${place()})`,
      () => `Gosub(${withArguments(place())})`,
      () => `GosubIf(${condition()}?${withArguments(place())})`,
      () => `ExecIf(${condition()}?${one(['Hangup()', 'Return()', `Goto(${place()})`, 'Set(X=2)'])})`,
      () => 'Return()',
      () => 'Return()',
      () => 'Hangup()',
      () => `Dial(PJSIP/x)`,
    ])();
  const contexts = CONTEXTS.map((name) => {
    const includes = CONTEXTS.filter((other) => other !== name && random() < 0.15);
    const extensions = EXTENSIONS.filter(() => random() < 0.4).map((extension) => {
      const count = 1 + Math.floor(random() * 4);
      const loop = random() < 0.15;
      const lines = Array.from({ length: count }, (_, at) => {
        const label = at === 0 || random() < 0.7 ? '' : `(${one(['a', 'b'])})`;
        return [label, app()] as const;
      });
      const apps = loop
        ? [['', `While(${condition()})`] as const, ...lines, ['', 'EndWhile()'] as const]
        : lines;
      return apps
        .map(([label, text], at) => `${at === 0 ? `exten = ${extension},1` : 'same = n'}${label},${text}`)
        .join('\n');
    });
    return [`[${name}]`, ...includes.map((other) => `include = ${other}`), ...extensions].join('\n');
  });
  return { text: `${contexts.join('\n')}\n`, variables };
}

/** Where a call may go by `${WHERE}`, and numbers for `${NUMBER}`. */
export const PLACES = ['ca,s,1', 'cb,12,1', 'cc,125,2', 'sub,1', 'a', '2'];
export const NUMBERS = [
  's',
  '12',
  '125',
  '13',
  '129',
  '21',
  'sub',
  '77',
  '133',
  '1555',
  '225',
  'h',
  'i',
].concat(['10', '18', '120', '139', '1111', '1999', '21', '2', '29', '93', '933']);
