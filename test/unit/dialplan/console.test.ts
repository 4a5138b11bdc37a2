import { expect, test } from 'vitest';
import { type ConsoleState, answer, startConsole } from '../../../src/dialplan/show/console.ts';
import { memorySource } from '../../../src/dialplan/read/source.ts';

const ENTRY = '/etc/asterisk/extensions.conf';
const files = (text: string): { source: ReturnType<typeof memorySource> } => ({
  source: memorySource(new Map([[ENTRY, text]])),
});

function reload(state: ConsoleState, text: string): ConsoleState {
  const { output, state: next } = answer(state, 'dialplan reload', files(text));
  expect(output).toBe('Dialplan reloaded.\n');
  return next;
}

function shown(state: ConsoleState, what = ''): string {
  return answer(state, `dialplan show${what}`, files('')).output;
}

test('a reload that is refused says so in the log only, and leaves the old dialplan alone', () => {
  const { state } = startConsole(files('[a]\nexten = s,1,NoOp\n'));
  const before = shown(state);
  const { output, log, state: after } = answer(state, 'dialplan reload', files('[broken\n'));
  expect(output).toBe('Dialplan reloaded.\n');
  expect(log.map(({ code }) => code)).toEqual(['dialplan-unclosed-section']);
  expect(shown(after)).toBe(before);
});

test('a configuration that is refused at the start leaves no reload command behind, until the module is loaded', () => {
  const { state, log } = startConsole(files('[broken\n'));
  expect(log.at(-1)?.message).toBe('pbx_config declined to load.');
  const good = files('[a]\nexten = s,1,NoOp\n');
  const refused = answer(state, 'dialplan reload', good);
  expect(refused.output).toBe(
    "No such command 'dialplan reload' (type 'core show help dialplan reload' for other possible commands)\n",
  );
  expect(shown(refused.state, ' a')).toContain("There is no existence of 'a' context");
  const loaded = answer(refused.state, 'module load pbx_config.so', good);
  expect(loaded.output).toBe('Loaded pbx_config.so\n');
  expect(shown(loaded.state, ' a')).toContain('1 extension (1 priority) in 1 context');
});

test('globals outlive a reload, and clearglobalvars counts from the next one on', () => {
  let { state } = startConsole(files('[globals]\nA=1\nB=2\n[x]\n'));
  expect(shown(state, ' globals')).toBe('   B=2\n   A=1\n\n    -- 2 variable(s)\n');
  state = reload(state, '[general]\nclearglobalvars=yes\n[globals]\nC=3\n[x]\n');
  expect([...state.globals.keys()]).toEqual(['C', 'B', 'A']);
  state = reload(state, '[x]\n');
  expect([...state.globals.keys()]).toEqual([]);
});

test('a context that several sections opened stays, empty, for one more reload', () => {
  let { state } = startConsole(files('[a]\nexten = s,1,NoOp\n[a]\n[b]\n'));
  state = reload(state, '[x]\n');
  expect(shown(state)).toBe(
    "[ Context 'a' created by 'pbx_config' ]\n\n[ Context 'x' created by 'pbx_config' ]\n\n-= 0 extensions (0 priorities) in 2 contexts. =-\n",
  );
  expect(shown(reload(state, '[x]\n'))).not.toContain("'a'");
});

test('what it knows and what it does not', () => {
  const { state } = startConsole(files('[a]\n'));
  const say = (command: string): string => answer(state, command, files('[a]\n')).output;
  expect(say('core show version')).toMatch(/^Asterisk 22\./);
  expect(say('core show applications')).toMatch(/ {16}Dial: Dial\(/);
  expect(say('module show like app_dial')).toMatch(/app_dial\.so[^]*1 modules loaded/);
  expect(say('module reload res_pjsip.so')).toBe("Module 'res_pjsip.so' reloaded successfully.\n");
  expect(say('module reload nope.so')).toBe("No such module 'nope.so'\n");
  expect(say('core show channels count')).toBe('0 active channels\n0 active calls\n0 calls processed\n');
  expect(say('')).toBe('');
  expect(say('frobnicate x')).toBe(
    "No such command 'frobnicate x' (type 'core show help frobnicate' for other possible commands)\n",
  );
});
