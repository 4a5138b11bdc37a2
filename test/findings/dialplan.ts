import { loadDialplan, EXTENSIONS_CONF } from '../../src/dialplan/read/load.ts';
import { parseRejections, rejectionsOf, type Rejection } from '../../src/dialplan/read/rejections.ts';
import { memorySource } from '../../src/dialplan/read/source.ts';
import type { DIALPLAN_REST } from '../../src/findings/dialplan-rest.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { rowOf } from '../../src/findings/catalogue.ts';
import type { Scenario } from './scenario.ts';

function toFindings(rejections: readonly Rejection[]): readonly Finding[] {
  return rejections.map(({ code, message }) => ({ code, message, level: rowOf(code).level }));
}

/** Findings of our loader, and so of the embedded stack, about a dialplan. */
function loaded(text: string, others: Readonly<Record<string, string>> = {}): readonly Finding[] {
  const files = Object.entries(others).map(([name, content]) => [`/etc/asterisk/${name}`, content] as const);
  const source = memorySource(new Map([[EXTENSIONS_CONF, text], ...files]));
  return toFindings(rejectionsOf(loadDialplan(source).log));
}

/** Findings from a log of Asterisk, which only a server writes. */
function logged(level: string, file: string, message: string): readonly Finding[] {
  return toFindings(parseRejections(`[Jan  1 00:00:00] ${level}[7] ${file}: ${message}\n`));
}

export const DIALPLAN_SCENARIOS: Readonly<Record<keyof typeof DIALPLAN_REST, Scenario>> = {
  'dialplan-no-context': () => loaded('exten = s,1,NoOp()\n'),
  'dialplan-not-a-file': () => loaded('#include acme.d\n', { 'acme.d/one.conf': '[a]\n' }),
  'dialplan-include-depth': () => loaded('[a]\n#include extensions.conf\n'),
  'dialplan-exec-disabled': () => loaded('[a]\n#exec /bin/true\n'),
  'dialplan-exec-failed': () =>
    logged('WARNING', 'config.c', "The file '/no/such' was listed as a #exec but it does not exist."),
  'dialplan-not-registered': () =>
    logged(
      'WARNING',
      'pbx_config.c',
      'Unable to register extension at line 2 of /etc/asterisk/extensions.conf',
    ),
  'dialplan-empty-set': () =>
    logged('WARNING', 'pbx.c', "Empty character set in exten pattern '_[]X'. Ignoring."),
  'dialplan-bad-bracket': () => logged('WARNING', 'pbx.c', 'Wrong usage of [] in the extension'),
  'dialplan-unclosed-bracket': () =>
    logged('WARNING', 'pbx.c', "A matching ']' was not found for '[' in exten pattern '_[12'"),
  'dialplan-unknown-switch': () => logged('WARNING', 'pbx.c', "No such switch 'Nowhere'"),
  'dialplan-circular-include': () => logged('WARNING', 'pbx.c', 'Avoiding circular include of b within a'),
  'dialplan-duplicate-caller': () => logged('WARNING', 'pbx.c', 'Found duplicate exten. Had 1/2 found 1/2'),
  'dialplan-unknown-extension': () => logged('NOTICE', 'pbx.c', "Cannot find extension 's' in context 'a'"),
  'dialplan-unknown-label': () =>
    logged('NOTICE', 'pbx.c', "No such label 'nowhere' in extension 's' in context 'a'"),
  'dialplan-already-loaded': () =>
    logged('WARNING', 'loader.c', "Module 'pbx_config.so' already loaded and running."),
  'dialplan-refused': () => logged('ERROR', 'loader.c', 'pbx_config declined to load.'),
  'dialplan-reload-busy': () =>
    logged('NOTICE', 'loader.c', 'A module reload request is already in progress; please be patient'),
};
