import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, realShell, upReal } from '../../src/stacks/real.ts';
import { Shell } from '../../src/targets/shell.ts';
import { lacks } from '../support/needs.ts';

const NAME = `console-${process.pid}`;

describe.skipIf(lacks('real'))('the console of a real Asterisk', () => {
  let shell: Shell;

  beforeAll(async () => {
    shell = new Shell('stack', realShell(await upReal(NAME, { forUs: true })), { R: '', S: '/var/lib/wdev' });
    await shell.ready();
  });

  afterAll(async () => {
    await shell.close();
    await downReal(NAME);
  });

  /** The answer of the console to a script. */
  async function answered(script: string): Promise<string> {
    return (await shell.run(script)).stdout.toString();
  }

  it('answers in order over connections that were opened before', async () => {
    const told = await answered(
      "wdev_ask consoles 3; wdev_console 'core show version'; wdev_console 'dialplan show nowhere'; wdev_console 'core show version'; wdev_console 'module show like pbx_config'",
    );
    expect(told).toMatch(
      /^Asterisk 22.*\nThere is no existence of 'nowhere' context\n.*Asterisk 22.*\nModule /s,
    );
  });

  it('is found again when Asterisk was restarted after the connections were opened', async () => {
    const told = await answered(
      "wdev_ask consoles 3; systemctl restart asterisk; asterisk -rx 'core waitfullybooted' >/dev/null; wdev_console 'core show version'; wdev_console 'core show version'",
    );
    expect(told.match(/^Asterisk 22/gm)).toHaveLength(2);
  });

  it('is told as what it is when Asterisk is stopped, once for a request, and answers when it goes on', async () => {
    const told = await answered(
      "kill -STOP $(pidof asterisk); wdev_ask consoles 1; wdev_console 'core show version'; wdev_console 'dialplan show'; kill -CONT $(pidof asterisk)",
    );
    expect(told).toBe('Asterisk did not answer for 15 s\n'.repeat(2));
    expect(await answered("wdev_ask consoles 1; wdev_console 'core show version'")).toMatch(/^Asterisk 22/);
  });

  it('has no connection left that nobody used', async () => {
    // state 03 is connected
    const count = "grep -c ' 03 .*asterisk.ctl' /proc/net/unix || :";
    const until = (wanted: number): string =>
      `n=0; while c=$(${count}); [ "$c" != ${wanted} ] && [ $n -lt 3000 ]; do n=$((n + 1)); sleep 0.1; done; echo $c`;
    expect((await answered(`wdev_ask consoles 3; ${until(3)}`)).trim()).toBe('3');
    expect((await answered(until(0))).trim()).toBe('0');
  });
});
