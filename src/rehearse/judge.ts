import { rulesOf } from '../git/sources.ts';
import type { BuiltPackage } from '../package/build.ts';
import { installedHome } from '../wazo/names.ts';
import { TRACER, culprit, readTrace } from '../stage/trace.ts';
import { rowOf } from '../findings/catalogue.ts';
import type { Finding, FindingCode } from '../findings/finding.ts';
import { rulesCopy } from '../package/maintainer-scripts.ts';
import { branchLine, lineNaming } from '../readers/shell/rules-text.ts';
import type { DpkgRun, ScriptCall } from './dpkg.ts';
import { HERE, type Machine, type WatchedCall } from './machine.ts';
import { needLabel, needText, serves, type Need } from './needs.ts';
import type { SnapshotDifference } from './snapshot.ts';

const SOURCE = 'wazo-plugind, maintainer scripts; Debian policy, chapter 6';

/** Makes a finding about `wazo/rules`. */
export function rulesFinding(
  code: FindingCode,
  level: Finding['level'],
  message: string,
  line: number | undefined,
  help?: string,
): Finding {
  const place = line === undefined ? {} : { line };
  return {
    code,
    level,
    message,
    file: 'wazo/rules',
    ...place,
    ...(help === undefined ? {} : { help }),
    source: SOURCE,
  };
}

const COMMANDS: Readonly<Record<string, string>> = {
  postinst: 'install',
  prerm: 'uninstall',
  postrm: 'postrm',
};

/** The finding of a maintainer script that failed, at the line of rules that a trace finds. */
export async function scriptFindings(
  machine: Machine,
  built: BuiltPackage,
  done: DpkgRun,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const call of done.scripts) {
    if (call.status === 0 || isPlugindPurge(call, built)) continue;
    found.push(await failedScript(machine, built, call));
  }
  if (found.length === 0 && done.status !== 0 && !done.scripts.some((call) => isPlugindPurge(call, built))) {
    const reason = done.output
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(0, 4)
      .join('\n');
    found.push(
      rulesFinding(
        'rehearse-dpkg-failed',
        'error',
        `dpkg failed with exit status ${done.status}, but none of the plugin's scripts did`,
        undefined,
        reason,
      ),
    );
  }
  return found;
}

/** wazo-plugind's own defect: its postrm calls a copy of rules that the removal before deleted. */
function isPlugindPurge(call: ScriptCall, { metadata }: BuiltPackage): boolean {
  return call.script === 'postrm' && call.call === 'purge' && metadata.callsPostrm && call.status === 127;
}

async function failedScript(machine: Machine, built: BuiltPackage, call: ScriptCall): Promise<Finding> {
  const argument = COMMANDS[call.script] ?? '';
  const rules =
    call.script === 'postrm' ? rulesCopy(built.metadata) : `${installedHome(built.metadata)}/wazo/rules`;
  machine.put(`${HERE}/tracer`, TRACER);
  const { stdout } = await machine.sh(
    `rm -f ${HERE}/trace; WDEV_TRACE=${HERE}/trace bash --posix -c "$(cat ${HERE}/tracer)" ${rules} ${argument} >/dev/null 2>&1; cat ${HERE}/trace`,
  );
  const command = culprit(readTrace(stdout, argument), argument);
  const named = /rules: (?:line )?(\d+): /.exec(call.output)?.[1];
  const line =
    named === undefined ? (command?.line ?? branchLine(rulesOf(built.sources), argument)) : Number(named);
  const where = command === undefined ? '' : ` in \`${command.command}\``;
  const message = `wazo/rules ${argument} failed with exit status ${call.status}${where} (called by ${call.script} ${call.call})`;
  const help = [call.output.trim(), rowOf('rehearse-script-failed').fix].filter((text) => text !== '');
  return rulesFinding('rehearse-script-failed', 'error', message, line, help.join('\n'));
}

/** Reloads and restarts of `uninstall` while the files are still there: the plugin is loaded once more. */
export function earlyFindings(
  built: BuiltPackage,
  calls: readonly WatchedCall[],
  needs: readonly Need[],
): readonly Finding[] {
  return needs.flatMap((need) => {
    const inTime = calls.some((call) => serves(call.command, need) && !isEarly(call, need));
    const early = calls.find(
      (call) => call.script === 'prerm' && serves(call.command, need) && isEarly(call, need),
    );
    if (early === undefined || inTime) return [];
    const still = need.files.filter((file) => early.present.includes(file));
    const message = `\`${early.command}\` in uninstall runs while ${still[0]} is still there, so the plugin is loaded again`;
    const help = 'Move it to postrm, which runs when the files are gone (needs plugin_format_version: 1).';
    const line = lineNaming(rulesOf(built.sources), 'uninstall', early.command);
    return [rulesFinding('rehearse-reload-before-removal', 'error', message, line, help)];
  });
}

function isEarly(call: WatchedCall, need: Need): boolean {
  return need.files.some((file) => call.present.includes(file));
}

/** Needs that no maintainer script served. */
export function unserved(calls: readonly WatchedCall[], needs: readonly Need[]): readonly Need[] {
  return needs.filter((need) => !calls.some((call) => serves(call.command, need)));
}

export function staleFinding(built: BuiltPackage, need: Need, after = 'install'): Finding {
  const message = `${after} lacks ${needLabel(need)}, so ${need.files[0]} has no effect (${need.because.replace(/^\S+: /, '')})`;
  return rulesFinding(
    'rehearse-service-stale',
    'warning',
    message,
    branchLine(rulesOf(built.sources), 'install'),
  );
}

export function upgradeFinding(built: BuiltPackage, need: Need): Finding {
  const message = `After an upgrade that changes ${need.files[0]}, the old one is still in use: ${needLabel(need)} is missing (the first installation has it)`;
  const help = 'Do it in install every time: an upgrade calls only the new install.';
  const line = lineNaming(rulesOf(built.sources), 'install', needText(need));
  return rulesFinding('rehearse-still-in-use', 'error', message, line, help);
}

export function stillInUseFinding(built: BuiltPackage, need: Need, departure: string): Finding {
  const message = `After ${departure}, ${need.files[0]} is still in use: ${needLabel(need)} is missing`;
  const help = 'Do it in postrm, which runs when the files are gone (needs plugin_format_version: 1).';
  const line =
    branchLine(rulesOf(built.sources), 'postrm') ?? branchLine(rulesOf(built.sources), 'uninstall');
  return rulesFinding('rehearse-still-in-use', 'error', message, line, help);
}

/** The remedy, and below it the files where there are several. */
function listed(code: FindingCode, list: readonly string[]): string {
  return [rowOf(code).fix, ...(list.length === 1 ? [] : list)].join('\n');
}

/** Differences from the expected tree, as one finding for each kind of difference. */
export function differenceFinding(
  built: BuiltPackage,
  code: FindingCode,
  branch: string,
  sentence: string,
  differences: readonly SnapshotDifference[],
): readonly Finding[] {
  const [first] = differences;
  if (first === undefined) return [];
  const more = differences.length === 1 ? '' : ` and ${differences.length - 1} more`;
  const line =
    lineNaming(rulesOf(built.sources), branch, first.path) ?? branchLine(rulesOf(built.sources), branch);
  const list = differences.slice(0, 8).map(({ path, how }) => `${how}: ${path}`);
  return [
    rulesFinding(code, 'error', `${sentence}: ${first.path} (${first.how})${more}`, line, listed(code, list)),
  ];
}
