import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { splitSections } from '../../src/effects/sections.ts';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use for what is held. */
function memory(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

it('what is kept of an answer, a name or a section, does not keep the log beside it', () => {
  const before = memory();
  const kept = Array.from({ length: 40 }, (_, at) => {
    const log = `line ${at} \udc80\n`.repeat(200_000);
    const sections = splitSections(`\n=:log\n${log}\n=:show demo-hello-${at}\nthe context number ${at}`, '=');
    return [sections[1]?.name, sections[1]?.text];
  });
  expect(memory() - before).toBeLessThan(10e6);
  expect(kept[7]).toEqual(['show demo-hello-7', 'the context number 7']);
});

it('an answer is split at its marks, and no byte of it is another one', () => {
  const text = 'b\n\n\udc80é\u{1f600}=:c\n';
  expect(splitSections(`before\n=:a\n${text}\n=:empty\n=:last`, '=')).toEqual([
    { name: 'a', text },
    { name: 'empty', text: '' },
    { name: 'last', text: '' },
  ]);
});
