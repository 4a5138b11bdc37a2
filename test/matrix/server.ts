/** A real stack that looks like a Wazo server: a stand-in (service.py) of each service is there, as a unit. */

import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SERVICES } from '../../src/wazo/services.ts';
import { compareSnapshots, lowersOf, takeSnapshot, type Snapshot } from '../../src/rehearse/snapshot.ts';
import { downReal, findReal, realCommand, upReal, type RealStack } from '../../src/stacks/real.ts';
import { recipeKey } from '../../src/stacks/real/recipe.ts';
import { onlyOnce } from '../../src/stacks/real/root.ts';
import { cacheFolder } from '../../src/support/paths.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import { BIN } from '../support/wdev.ts';
import { SERVICE, STANDINS, type Loaded } from './steps.ts';

/** The rows of service.py. The stack's own stand-in of wazo-confgend stays: it speaks the protocol of the real one. */
const UNITS = SERVICES.map(({ unit }) => unit).filter(
  (unit) => unit !== 'wazo-confgend' && readFileSync(SERVICE, 'utf8').includes(`\n    '${unit}': (`),
);
const HOME = '/opt/standins';
const RUN = '/run/standins';

/** Packages of Debian that parts need and the stack's root does not hold. */
const MORE_PACKAGES = ['hello', 'nginx'];

const NGINX_SITE = `server {
    listen 127.0.0.1:8080 default_server;
    include /etc/nginx/locations/https-enabled/*;
}
`;

export class Server {
  readonly #stack: RealStack;
  readonly #lowers: readonly string[];

  private constructor(stack: RealStack) {
    this.#stack = stack;
    this.#lowers = lowersOf(stack.rootfs);
  }

  /**
   * The services have fixed ports, and stacks share those of their machine: so this one is started in a
   * network of its own.
   */
  static async start(name: string): Promise<Server> {
    const packages = await debianPackages(name);
    const up = [process.execPath, BIN, 'stack', 'up', '--kind', 'real', '--name', name];
    const alone = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'] as const;
    const started = await run([...alone, ...up]);
    const stack = await findReal(name);
    if (stack === undefined) throw new Error(`the stack did not start\n${started.stdout}${started.stderr}`);
    const server = new Server(stack);
    await server.furnish(packages);
    return server;
  }

  async end(): Promise<void> {
    await downReal(this.#stack.name);
  }

  /** Runs a shell script as root; what it prints on either stream. */
  async try(script: string): Promise<RunResult> {
    const command = realCommand(this.#stack, ['/bin/sh', '-c', `exec 2>&1\n${script}`]);
    return await run(command, { timeout: 3_000_000 });
  }

  /** As `try`; throws when it fails, or does not print the text. */
  async must(script: string, shows = ''): Promise<string> {
    const { status, stdout, stderr } = await this.try(script);
    if (status !== 0 || !stdout.includes(shows))
      throw new Error(`${script}\n${stdout}${stderr}(exit ${status}; wanted: ${JSON.stringify(shows)})`);
    return stdout;
  }

  put(file: string, bytes: Uint8Array | string, mode = 0o644): void {
    const full = this.#inside(file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, bytes);
    chmodSync(full, mode);
  }

  /** The modules that a service says it has loaded, asked right now: not waited for. */
  async ask(unit: string): Promise<Loaded> {
    const port = SERVICES.find((service) => service.unit === unit)?.port;
    const code = `import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:${port}", timeout=300).read().decode())`;
    return JSON.parse(await this.must(`python3 -c '${code}'`)) as Loaded;
  }

  /** The deeds of the stand-ins since this was asked last. */
  takeHistory(): readonly string[] {
    const file = this.#inside(`${RUN}/history`);
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    writeFileSync(file, '');
    return lines;
  }

  /** Seconds between the start of a service and its answer (0.1 at first), or that it fails at its start. */
  async let(unit: string, what: 'fail' | 'recover' | number): Promise<void> {
    if (what === 'fail') await this.must(`touch ${RUN}/fail-${unit}`);
    else if (what === 'recover') await this.must(`rm ${RUN}/fail-${unit}`);
    else this.put(`${RUN}/late-${unit}`, String(what));
  }

  snapshot(): Snapshot {
    return takeSnapshot(path.join(this.#stack.folder, 'upper'), this.#lowers);
  }

  /** Differences from a snapshot, and every path that bears the name of a plugin. */
  async leftSince(before: Snapshot, names: RegExp): Promise<readonly string[]> {
    const changed = compareSnapshots(before, this.snapshot()).map(({ path, how }) => `${how} ${path}`);
    const logs = '-path /var/log -o -path /proc -o -path /sys -o -path /tmp -o -path /run/standins';
    const named = await this.must(`find / -ignore_readdir_race \\( ${logs} \\) -prune -o -print`);
    return [...changed, ...named.split('\n').filter((file) => names.test(file))];
  }

  #inside(file: string): string {
    return `/proc/${this.#stack.pid}/root${file}`;
  }

  private async furnish(packages: string): Promise<void> {
    this.put(`${HOME}/service.py`, readFileSync(SERVICE));
    for (const folder of STANDINS) cpSync(folder, this.#inside(`${HOME}/bases`), { recursive: true });
    for (const unit of UNITS) {
      this.put(`/etc/systemd/system/${unit}.service`, unitFile(unit));
      this.put(`${RUN}/late-${unit}`, '0.1');
    }
    this.put(`${RUN}/history`, '');
    this.put('/usr/bin/wazo-auth-keys', `#!/bin/sh\necho "wazo-auth-keys $*" >> ${RUN}/history\n`, 0o755);
    this.put('/etc/nginx/conf.d/wazo.conf', NGINX_SITE);
    // timers of plugins fire when they say, and not up to a minute later
    this.put('/etc/systemd/system/timer.d/prompt.conf', '[Timer]\nRandomizedDelaySec=0\nAccuracySec=10ms\n');
    // a server has files of its own there, so these folders do not go with a package
    this.put('/var/lib/wazo-provd/plugins/.stock', '');
    for (const folder of ['https-available', 'https-enabled'])
      this.put(`/etc/nginx/locations/${folder}/stock`, '');
    cpSync(packages, this.#inside('/opt/packages'), { recursive: true });
    await this.must(`
      sed -i 's/^port = .*/port = 8669/' /etc/wazo-confgend-client/config.conf
      printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
      mkdir -p /var/lib/wazo-plugind/rules
      useradd --system wazo-provd
      mkdir -p /usr/lib/python3/dist-packages/wazo_agid/modules/__pycache__
      mv /opt/packages/hello_*.deb /opt
      export DEBIAN_FRONTEND=noninteractive
      dpkg --install --force-confold /opt/packages/*.deb > /tmp/nginx.log || { cat /tmp/nginx.log; exit 1; }
      rm -f /etc/nginx/sites-enabled/default /usr/sbin/policy-rc.d
      systemctl daemon-reload
      systemctl restart nginx wazo-confgend ${UNITS.join(' ')}
      until [ "$(grep -c answers ${RUN}/history)" = ${UNITS.length} ]; do sleep 0.1; done`);
    this.takeHistory();
  }
}

function unitFile(unit: string): string {
  return `[Unit]
Description=Stand-in for ${unit}
StartLimitIntervalSec=150
StartLimitBurst=40
[Service]
ExecStart=/usr/bin/python3 ${HOME}/service.py ${unit}
Environment=PYTHONPATH=${HOME}/bases
`;
}

/** A folder with the packages of MORE_PACKAGES and what they need, fetched once by a stack with the network. */
async function debianPackages(name: string): Promise<string> {
  const folder = path.join(cacheFolder(), 'test', `packages-${recipeKey()}`);
  if (existsSync(folder)) return folder;
  mkdirSync(path.dirname(folder), { recursive: true });
  await onlyOnce(
    folder,
    () => undefined,
    async (draft) => {
      const stack = await upReal(`${name}-net`, { forUs: true });
      try {
        const fetch =
          'apt-get -o Acquire::Check-Valid-Until=false update && ' +
          `apt-get install --download-only --no-install-recommends -y ${MORE_PACKAGES.join(' ')}`;
        const fetched = await run(realCommand(stack, ['/bin/sh', '-c', `exec 2>&1; ${fetch}`]));
        if (fetched.status !== 0) throw new Error(fetched.stdout);
        const archives = path.join(stack.rootfs, 'var/cache/apt/archives');
        for (const file of readdirSync(archives).filter((entry) => entry.endsWith('.deb')))
          cpSync(path.join(archives, file), path.join(draft, file));
      } finally {
        await downReal(stack.name);
      }
    },
  );
  return folder;
}
