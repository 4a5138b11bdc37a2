import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import { AGID_RUNNER } from '../simulate/agi/handler.ts';
import { handlerSources, readSource } from '../simulate/agi/source-files.ts';
import { parseTap, type Tapped } from '../simulate/agi/dialogue.ts';
import { member, packed } from './archive.ts';
import { openTarget } from './open.ts';
import { quote } from '../support/quote.ts';
import type { Target } from './target.ts';
import { readBytes } from '../support/read-file.ts';

export interface AgiCall {
  /** File of the handler on this machine. */
  readonly handler: string;
  /** Handler of a wazo-agid module; undefined for a program of its own. */
  readonly name: string | undefined;
  readonly args: readonly string[];
  /** Channel variables that are set before, as in `CALLERID(num)`: `100`. */
  readonly variables: ReadonlyMap<string, string>;
}

const TAP = 'src/simulate/python/wdev_agi_tap.py';

/** Seconds that a call may take. */
const LIMIT = 30;

/**
 * Calls an AGI handler on the Asterisk of a target, in a context that exists for this call only, and answers
 * what the two said to each other, and Asterisk's version.
 * @throws UserError `agi-call-failed` when no call came about
 */
export async function callAgi(
  targetName: string,
  call: AgiCall,
): Promise<{ tapped: Tapped; version: string }> {
  const target = await openTarget(targetName);
  const id = `wdev-agi-${process.pid}-${Date.now().toString(36)}`;
  const folder = `/tmp/${id}`;
  try {
    await placeFiles(target, folder, call);
    const script = callScript(id, folder, call);
    const { stdout, stderr, status } = await target.run(script, { timeout: (LIMIT + 10) * 1000 });
    const [said = '', version = '', log = ''] = stdout.toString('utf8').split(`${id}-cut\n`);
    if (status !== 0 || log.trim() === '') {
      const reason = [said, stderr.toString('utf8')].join('\n').trim();
      throw new UserError('agi-call-failed', `no call came about on ${targetName}: ${reason}`, {
        help: 'Is Asterisk running there, with res_agi, chan_local (core) and pbx_config loaded?',
      });
    }
    const tapped = parseTap(log);
    const name = path.basename(call.handler);
    return {
      version: version.trim(),
      tapped: {
        ...tapped,
        environment: tapped.environment.map((line) =>
          line.replace(`${folder}/tap`, name).replaceAll(id, 'wdev'),
        ),
      },
    };
  } finally {
    await target.run(
      `rm -rf ${quote(folder)}; asterisk -rx ${quote(`dialplan remove context ${id}`)} >/dev/null 2>&1`,
    );
    await target.close();
  }
}

async function placeFiles(target: Target, folder: string, call: AgiCall): Promise<void> {
  const { root: sources, handler, files } = handlerSources(call.handler);
  const run =
    call.name === undefined
      ? `./handler/${quote(handler)}`
      : `python3 agid.py handler/${quote(handler)} ${quote(call.name)}`;
  const root = packageRoot();
  const tap = `#!/bin/sh\ncd ${folder} || exit 1\nexport PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=${folder}/handler\nexec python3 tap.py said ${run}\n`;
  const sourceFiles = files.map((file) => {
    const { bytes, mode } = readSource(sources, file);
    return member(`handler/${file}`, file === handler ? 0o755 : mode, bytes);
  });
  const archive = packed([
    member('tap.py', 0o644, readBytes(path.join(root, TAP))),
    member('agid.py', 0o644, readBytes(path.join(root, AGID_RUNNER))),
    ...sourceFiles,
    member('tap', 0o755, Buffer.from(tap)),
  ]);
  // Asterisk may run as another user, who writes down what is said
  const script = `mkdir ${quote(folder)} && tar -xf - -C ${quote(folder)} && chmod 1777 ${quote(folder)} && chmod -R a+rX ${quote(`${folder}/handler`)}`;
  const { status, stderr } = await target.run(script, { input: archive });
  if (status !== 0) throw new UserError('agi-call-failed', stderr.toString('utf8').trim());
}

function callScript(id: string, folder: string, call: AgiCall): string {
  const steps = [
    ...[...call.variables].map(([name, value]) => `Set(${name}=${value})`),
    `AGI(${[`${folder}/tap`, ...call.args].join(',')})`,
    'Hangup()',
  ];
  const consoleLine = (command: string): string => `asterisk -rx ${quote(command)}`;
  const add = steps.map((step, index) =>
    consoleLine(`dialplan add extension ${inConsole(`s,${index + 1},${step}`)} into ${id}`),
  );
  return [
    ...add,
    consoleLine(`channel originate Local/s@${id}/n application Wait ${LIMIT}`),
    `i=0; while [ $i -lt ${LIMIT * 20} ] && ! grep -q '^= ' ${folder}/said 2>/dev/null; do i=$((i + 1)); sleep 0.05; done`,
    `echo ${id}-cut; asterisk -V; echo ${id}-cut; cat ${folder}/said`,
  ].join('; ');
}

/** One word of Asterisk's console. */
function inConsole(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
