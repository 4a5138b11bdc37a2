import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findReal, realCommand } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { SENT_EXAMPLES, SENT_PARTS, difference, shownCurls, type ShownCurl } from '../support/shown-curls.ts';
import { wdev } from '../support/wdev.ts';
import { buildRepository } from '../wazo/repository.ts';

const LACKS = lacks('real') || lacks('wazo');
const NAME = `curls-${process.pid}`;
const SERVICES = 'agentd,agid,amid,asterisk,call-logd,calld,chatd,confd,dird,phoned,provd,sysconfd,webhookd';
const USER = 'ann@example.org:secret';
const UUID = '7d3fa0ac-8fc3-4a4f-8a0b-6a8e61a9f3d1';

/** Tells curl beside the command line that README shows who SERVER is, and that its certificate is its own. */
const CURLRC = `silent
insecure
connect-to = "SERVER::127.0.0.1:"
write-out = "%{stderr}%{http_code}"
`;

let project = '';
let token = '';
/** By the template of the plugin. */
const curls = new Map<string, readonly ShownCurl[]>();

async function inside(script: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const stack = await findReal(NAME);
  if (stack === undefined) throw new Error(`no stack ${NAME}`);
  return await run(realCommand(stack, ['/bin/sh', '-c', script]), { timeout: 900_000 });
}

/** A new plugin of a template, with the curls of its README. */
async function made(name: string, ...how: readonly string[]): Promise<readonly ShownCurl[]> {
  const words = ['new', ...how, name, '--namespace', 'demo', '--yes', '--no-git'];
  const { status, stderr } = await wdev(words, { cwd: project });
  expect(status, stderr).toBe(0);
  return shownCurls(readFileSync(path.join(project, name, 'README.md'), 'utf8'));
}

/** Sends what README shows, as it shows it, but for the names that stand for a login and a UUID. */
async function send({ script, said }: ShownCurl): Promise<string | undefined> {
  const filled = script
    .replace('-u LOGIN', `-u ${USER}`)
    .replace('USER_UUID', UUID)
    .replace('username=USER', 'username=Ann')
    .replace('incalls/ID', 'incalls/1');
  const { stdout, stderr } = await inside(`export CURL_HOME=/root TOKEN='${token}'\n${filled}`);
  if (!/^\d{3}$/.test(stderr)) return stderr;
  return difference(said, { status: Number(stderr), body: stdout });
}

/** The differences of the answers: a text for each curl that has one. */
async function differences(shown: readonly ShownCurl[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const curl of shown) {
    const differs = await send(curl);
    if (differs !== undefined) found.push(`${curl.script}\n# ${curl.said}\n${differs}`);
  }
  return found;
}

beforeAll(async () => {
  if (LACKS) return;
  project = realpathSync(mkdtempSync(path.join(tmpdir(), 'wdev-test-')));
  const repository = await buildRepository(path.join(project, 'repository'), { hasAsterisk: true });
  const from = ['--repository', `deb file:${repository.folder} ./`, '--key', repository.key];
  const up = ['stack', 'up', '--kind', 'wazo', '--name', NAME, ...from, '--with', SERVICES, '--json'];
  const started = await wdev(up, { cwd: project });
  expect(started.status, started.stderr).toBe(0);
  const { api } = JSON.parse(started.stdout) as { api: { user: string; password: string } };
  await inside(`cat >/root/.curlrc <<'END'\n${CURLRC}END
systemd-run --unit mails python3 -u -m smtpd -n -c DebuggingServer 127.0.0.1:25
asterisk -rx 'logger add channel calls verbose(3)'`);
  curls.set('stack', await made('all', 'stack', '--part', SENT_PARTS.join(',')));
  for (const example of SENT_EXAMPLES) curls.set(example, await made(example, example));
  token = await takeToken(api);
  await acceptLogins(path.join(project, 'all'));
  curls.set('conf', await made('settings', 'stack', '--part', 'conf'));
  const names = ['all', 'settings', ...SENT_EXAMPLES];
  const watched = await wdev(['watch', ...names, '--once', '--target', `stack:${NAME}`], { cwd: project });
  expect(watched.status, watched.stdout + watched.stderr).toBe(0);
}, 3_600_000);

afterAll(async () => {
  if (LACKS) return;
  await wdev(['stack', 'down', '--name', NAME]);
  rmSync(project, { recursive: true, force: true });
});

describe.skipIf(LACKS)('the curls of the READMEs of generated plugins', () => {
  it.each(['stack', ...SENT_EXAMPLES])('are answered as README says: %s', async (name) => {
    const shown = curls.get(name) ?? [];
    expect(shown.length).toBeGreaterThanOrEqual(name === 'stack' ? SENT_PARTS.length : 1);
    expect(await differences(shown)).toEqual([]);
  });

  it.each([
    ['dialplan', '***42@xivo-extrafeatures'],
    ['hello-world', '***41@xivo-extrafeatures'],
    ['bank-holidays', '***45@xivo-extrafeatures'],
    ['sound-theme', '***46@xivo-extrafeatures'],
    ['agi', 's@demo-all-agi'],
  ])('have Asterisk run the extension: %s', async (_, extension) => {
    expect(await logged(`Executing [${extension}:1]`)).toContain(extension);
  });

  it('has the handler of wazo-agid set what README says of the log', async () => {
    expect(await logged('Hello')).toContain('Hello');
  });

  it.each([
    ['agi-lookup', 'demo-agi-lookup-lookup', 'AGI'],
    ['bank-holidays', 'demo-bank-holidays-closed', 'Return'],
  ])('name the subroutine of an incoming call, which runs: %s', async (name, subroutine, application) => {
    expect(await differences(curls.get(name) ?? [])).toEqual([]);
    const told = await inside(
      `export CURL_HOME=/root; curl https://SERVER/api/confd/1.1/incalls/1 -H 'X-Auth-Token: ${token}' | sed 's/.*"preprocess_subroutine": "\\([^"]*\\)".*/\\1/'`,
    );
    expect(told.stdout.trim()).toBe(subroutine);
    const call = {
      Channel: `Local/s@${subroutine}`,
      CallerID: '0612345678',
      Application: 'NoOp',
      Async: 'true',
    };
    await inside(
      `export CURL_HOME=/root; curl https://SERVER/api/amid/1.0/action/Originate -H 'X-Auth-Token: ${token}' -d '${JSON.stringify(call)}'`,
    );
    expect(await logged(`Executing [s@${subroutine}:`)).toMatch(
      new RegExp(`${subroutine}.*${application}\\(`),
    );
  });

  it('show the setting of part conf', async () => {
    const [{ script } = { script: '' }] = curls.get('conf') ?? [];
    const told = await inside(`export CURL_HOME=/root TOKEN='${token}'\n${script}`);
    expect(JSON.parse(told.stdout)).toMatchObject({ log_level: 'warning' });
  });

  it('has the mail sent that it announces', async () => {
    const told = await inside(
      'for i in $(seq 1500); do journalctl -u mails | grep -F "To: Ann <ann@example.org>" && break; sleep 0.2; done',
    );
    expect(told.stdout).toContain('To: Ann <ann@example.org>');
  });
});

/** The lines of Asterisk about what it runs that have a text, once there is one. */
async function logged(text: string): Promise<string> {
  const look = `grep -F '${text.replaceAll("'", '')}' /var/log/asterisk/calls`;
  return (await inside(`for i in $(seq 1500); do ${look} && break; sleep 0.2; done`)).stdout;
}

/** Takes a token as README says, but for USER. */
async function takeToken(api: { readonly user: string; readonly password: string }): Promise<string> {
  const readme = readFileSync(path.join(project, 'all/README.md'), 'utf8');
  const [take = ''] = /^TOKEN=[\s\S]*?\)'\)$/m.exec(readme) ?? [];
  const filled = take.replace('-u USER', `-u '${api.user}:${api.password}'`);
  const taken = await inside(`export CURL_HOME=/root\n${filled}\necho "$TOKEN"`);
  expect(taken.stdout.trim(), taken.stderr).toMatch(/^[\da-f-]{36}$/);
  return taken.stdout.trim();
}

/** Does what README has an admin do before a login at the backend: the tenant of its domain, and its password. */
async function acceptLogins(plugin: string): Promise<void> {
  const shown = await inside(
    `export CURL_HOME=/root; curl -sk https://127.0.0.1/api/auth/0.1/token/${token}`,
  );
  const { data } = JSON.parse(shown.stdout) as { data: { metadata: { tenant_uuid: string } } };
  const file = path.join(plugin, 'etc/wazo-auth/conf.d/50-demo-all-backend.yml');
  const text = readFileSync(file, 'utf8');
  const [login, password] = USER.split(':');
  writeFileSync(file, text.replace('domains: {}', `domains: {example.org: ${data.metadata.tenant_uuid}}`));
  const passwords = readFileSync(path.join(plugin, 'demo_all/auth_backend/passwords.py'), 'utf8');
  await inside(`install -m 600 -o wazo-auth /dev/null /var/lib/wazo-auth/demo-all-passwords
cat >/tmp/passwords.py <<'END'\n${passwords}END
cd /tmp && python3 -c 'from passwords import line_of; print(line_of("${login}", "${password}"))' >>/var/lib/wazo-auth/demo-all-passwords`);
}
