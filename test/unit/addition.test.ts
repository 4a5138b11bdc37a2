import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePlugin, project, wdevNow } from '../support/watch.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

let place: ReturnType<typeof project>;
let file = '';
let good = '';

beforeEach(() => {
  place = project();
  file = path.join(makePlugin(place.dir, 'hello'), CONF);
  good = readFileSync(file, 'utf8');
  writeFileSync(file, good.replace('[xivo-extrafeatures]', '[xivo-extrafeatures](+)'));
});

afterEach(async () => {
  await place.remove();
});

it('ends the load on a stack, as on a server, where the file that has the context comes later', () => {
  const { status, stdout } = wdevNow(['watch', 'hello', '--once'], place.dir);
  expect(stdout).toContain('[dialplan-unknown-addition]');
  expect(status).toBe(1);
});

it.each([
  ['check --fix', ['check', 'hello', '--fix']],
  ['migrate', ['migrate', 'hello', '--yes']],
])('is taken off by %s', (_name, words) => {
  wdevNow(words, place.dir);
  expect(readFileSync(file, 'utf8')).toBe(good);
});
