import { stripVTControlCharacters } from 'node:util';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { downReal, hasTrace, upReal, type RealStack } from '../../src/stacks/real.ts';
import { lacks } from '../support/needs.ts';
import { save } from '../support/save.ts';
import { KEY, inTerminal } from '../support/terminal.ts';
import { BIN } from '../support/wdev.ts';
import { Watch, makePlugin, project, wdevNow } from '../support/watch.ts';

const NAME = `test-watch-${process.pid}`;
const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

let stack: RealStack;
let place: ReturnType<typeof project>;
let file = '';
let good = '';

function onStack(...command: readonly string[]): string {
  return wdevNow(['stack', 'exec', '--name', NAME, '--', ...command], place.dir).stdout;
}

const show = (context: string): string => onStack('asterisk', '-rx', `dialplan show ${context}`);

describe.skipIf(lacks('real'))('wdev watch on a real Asterisk 22', () => {
  let watch: Watch | undefined;

  beforeAll(async () => {
    stack = await upReal(NAME, { forUs: true });
  });

  afterAll(async () => await downReal(NAME));

  beforeEach(() => {
    place = project();
    file = path.join(makePlugin(place.dir, 'hello'), CONF);
    good = readFileSync(file, 'utf8');
  });

  afterEach(async () => {
    await watch?.stop();
    watch = undefined;
    wdevNow(['watch', 'hello', '--once', '--clean', '--target', `stack:${NAME}`], place.dir);
    await place.remove();
  });

  it('shows the edited extension, and takes everything off again', async () => {
    watch = new Watch(['hello', '--target', `stack:${NAME}`, '--clean'], place.dir);
    await watch.next('verified');
    expect(show('xivo-extrafeatures')).toContain("'***42'");
    save(file, good.replaceAll('***42', '***43'));
    expect(await watch.next('verified')).toMatchObject({
      loaded: ['xivo-extrafeatures: ***43', 'demo-hello: s', 'xivo-extrafeatures: ***42 gone'],
    });
    expect(show('xivo-extrafeatures')).toContain("'***43'");
    expect(await watch.stop()).toBe(130);
    expect(show('demo-hello')).toContain('There is no existence');
    expect(
      onStack(
        'sh',
        '-c',
        'ls -d /var/lib/wdev /usr/lib/wazo-plugind /etc/asterisk/extensions_extra.d/demo* 2>&1 | grep -v "No such"',
      ),
    ).toBe('');
  });

  it.each<[string, (text: string) => string, string, string]>([
    [
      'a line without =',
      (text) => text.replace('same = n,Hangup', 'same n,Hangup'),
      ':7: error: No',
      '[dialplan-no-equals]',
    ],
    [
      'a bad priority',
      (text) => text.replace('s,1,Answer', 's,one,Answer'),
      ':11:11: error: Invalid priority',
      '[dialplan-bad-priority]',
    ],
  ])(
    'names the source line of %s, exits with 1, and leaves the good version',
    (_name, edit, place_, code) => {
      const target = ['--target', `stack:${NAME}`];
      expect(wdevNow(['watch', 'hello', '--once', ...target], place.dir).status).toBe(0);
      const before = show('demo-hello');
      // check would not let it come to Asterisk
      const codes = ['no-equals', 'bad-priority', 'first-next'];
      const ignored = codes.map((one) => `; wdev: ignore dialplan-${one} tried here\n`).join('');
      writeFileSync(file, ignored + edit(good));
      const { status, stdout } = wdevNow(['watch', 'hello', '--once', ...target], place.dir);
      expect(status).toBe(1);
      expect(stdout).toContain(`${CONF}${place_}`);
      expect(stdout).toContain(code);
      expect(show('demo-hello')).toBe(before);
      expect(before).toContain('hello-world');
    },
  );

  it('does not make a machine of a slip in a name: it asks, or refuses where nobody can be asked', async () => {
    const slip = NAME.replace('test', 'tset');
    const words = ['watch', 'hello', '--once', '--target', `stack:${slip}`];
    const refused = wdevNow(words, place.dir);
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain(`there is no stack named ${slip}`);
    expect(refused.stderr).toContain(
      `Did you mean ${NAME}? Otherwise create it: wdev stack up --name ${slip}`,
    );
    const wdev = [process.execPath, BIN, ...words];
    const used = await inTerminal(wdev, { cwd: place.dir }, [[`Use ${NAME}?`, `y${KEY.enter}`]]);
    expect(stripVTControlCharacters(used.stdout)).toContain(`on target stack:${NAME}`);
    const refusedToo = await inTerminal(wdev, { cwd: place.dir }, [
      [`Use ${NAME}?`, KEY.enter],
      ['Make one (a machine with Asterisk 22)?', KEY.enter],
    ]);
    expect(refusedToo.stdout).toContain(`there is no stack named ${slip}`);
    expect(hasTrace(slip)).toBe(false);
    const other = wdevNow(['stack', 'exec', '--name', slip, '--', 'true'], place.dir);
    expect(other.stderr).toContain(`Did you mean ${NAME}?`);
  });

  it('does the same over ssh, with a key and known hosts of its own', async () => {
    const config = path.join(place.dir, 'ssh_config');
    writeFileSync(
      config,
      `Host pbx\n  HostName 127.0.0.1\n  Port ${stack.sshPort}\n  User root\n  IdentityFile ${stack.keyFile}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${stack.knownHosts}\n`,
    );
    const env = { WDEV_SSH_CONFIG: config };
    watch = new Watch(['hello', '--target', 'ssh://pbx'], place.dir, env);
    await watch.next('verified');
    save(file, good.replaceAll('***42', '***44'));
    await watch.next('verified');
    expect(show('xivo-extrafeatures')).toContain("'***44'");
    save(file, good.replace('same = n,Hangup', 'same n,Hangup'));
    expect((await watch.next('failed')).findings[0]).toMatchObject({
      file: CONF,
      line: 4,
      code: 'dialplan-no-equals',
    });
    expect(show('xivo-extrafeatures')).toContain("'***44'");
  });

  it('refuses a host that known_hosts does not know, with exit status 3', () => {
    const config = path.join(place.dir, 'ssh_config');
    writeFileSync(
      config,
      `Host pbx\n  HostName 127.0.0.1\n  Port ${stack.sshPort}\n  UserKnownHostsFile /dev/null\n`,
    );
    const refused = wdevNow(['watch', 'hello', '--once', '--target', 'ssh://pbx'], place.dir, {
      WDEV_SSH_CONFIG: config,
    });
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain(
      'target ssh://pbx: cannot connect (ssh ended with exit status 255): Host key verification failed.',
    );
  });

  it('restarts wazo-confgend for a driver, and tells a raised generate() from its cached text', () => {
    const target = ['--target', `stack:${NAME}`];
    expect(wdevNow(['new', 'confgend', 'acme', '--namespace', 'demo', '--yes'], place.dir).status).toBe(0);
    const first = wdevNow(['watch', 'acme', '--once', ...target], place.dir);
    expect(first.stdout).toContain('asterisk/acme.conf: 5 lines generated, changed');
    const driver = path.join(place.dir, 'acme/demo_acme_confgend/driver.py');
    writeFileSync(
      driver,
      readFileSync(driver, 'utf8').replace(
        '        lines = [',
        "        raise KeyError('x')\n        lines = [",
      ),
    );
    const second = wdevNow(['watch', 'acme', '--once', ...target], place.dir);
    expect(second.status).toBe(1);
    expect(second.stdout).toContain('demo_acme_confgend/driver.py:18: error: generate() raised');
    expect(onStack('wazo-confgen', 'asterisk/acme.conf')).toContain('The acme plugin');
  });
});
