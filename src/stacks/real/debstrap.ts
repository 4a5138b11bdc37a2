import { EXIT, UserError } from '../../support/errors.ts';
import { runLines } from '../../support/run-lines.ts';
import { AptProgress } from './apt-progress.ts';
import { closeArchives, openArchives } from './archives.ts';
import { hostProxies, proxyEnv } from './proxies.ts';
import { boundCommand } from './bound.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

export interface Bootstrap {
  /** Its name, as a person reads it before `: ` and how far it is. */
  readonly what: string;
  readonly suite: string;
  readonly packages: readonly string[];
  /** Shell lines that end the work on a root, `$1`. */
  readonly hooks: readonly string[];
  readonly mirror: string;
}

const HERE = '"$1"/var/cache/apt/archives';

/** Packages are fetched into a folder of ours, and stay there. */
function mmdebstrapCommand(
  draft: string,
  { suite, packages, hooks, mirror }: Bootstrap,
  archives: string,
): [string, ...string[]] {
  return [
    'mmdebstrap',
    '--verbose',
    '--variant=minbase',
    `--include=${packages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    // the Release file of sid can be past its date on a mirror that stands still
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--skip=essential/unlink',
    `--setup-hook=mkdir -p ${HERE} && mount --bind '${archives}' ${HERE}`,
    `--customize-hook=umount ${HERE}`,
    ...hooks.map((hook) => `--customize-hook=${hook}`),
    suite,
    draft,
    `deb [signed-by=${KEYRING}] ${mirror} ${suite} main`,
  ];
}

/**
 * Makes a root of Debian in an empty folder; nothing is left of one that fails or is interrupted but the packages
 * that were fetched.
 * @throws UserError `root-failed` when Debian's packages can't be had, `interrupted`
 */
export async function debstrap(
  draft: string,
  bootstrap: Bootstrap,
  onProgress: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { what, suite, mirror } = bootstrap;
  const archives = openArchives(suite);
  const apt = new AptProgress();
  const onLine = (line: string): boolean => {
    // mmdebstrap tells each step in a line of its own
    const step = apt.take(line) ?? /^I: ((?:running|cleaning|extracting) .*?)(?:\.\.\.)?$/.exec(line)?.[1];
    if (step !== undefined) onProgress(`${what}: ${step}`);
    return step !== undefined || line.startsWith('I: ');
  };
  const { status, tail } = await runLines(
    boundCommand(mmdebstrapCommand(draft, bootstrap, archives)),
    onLine,
    signal,
    { env: proxyEnv(await hostProxies()) },
  );
  closeArchives(suite);
  if (status === 0) return;
  if (signal?.aborted === true) throw interrupted();
  const reason = tail
    .filter((line) => line.trim() !== '')
    .slice(-6)
    .map((line) => `  ${line}`);
  throw new UserError('root-failed', `mmdebstrap could not install Debian ${suite}:\n${reason.join('\n')}`, {
    help: `Look whether apt can reach ${mirror} (apt-get update), and try again.`,
  });
}

/** The error of work that a person ended. */
export function interrupted(): UserError {
  return new UserError(
    'interrupted',
    'interrupted; nothing runs on, and what was fetched is kept for the next try',
    {
      exit: EXIT.interrupted,
    },
  );
}
