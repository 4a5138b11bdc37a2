/** Servers that somebody else has: what they answer. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { SOUND_PLUGIN } from '../../../src/check/examples.ts';
import type { Attack } from '../attack.ts';

const ENDLESS: Attack = {
  kind: 'hang',
  name: 'a server whose answer to a deployment has no end',
  guards: [{ file: 'src/deploy/http.js', from: 'if (size > MOST)\n', to: 'if (false)\n' }],
  async run(place) {
    const plugin = path.join(place.folder, 'hello');
    for (const [name, text] of Object.entries(SOUND_PLUGIN)) {
      mkdirSync(path.dirname(path.join(plugin, name)), { recursive: true });
      writeFileSync(path.join(plugin, name), text, { mode: 0o755 });
    }
    const piece = Buffer.alloc(2 ** 20, 'x');
    const server = createServer((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', more);
      response.on('error', () => undefined);
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const words = ['deploy', 'hello', '--remove', '--yes', '--token-command', 'echo token'];
      const { stderr } = await place.wdev([...words, '--server', `http://127.0.0.1:${port}`]);
      return stderr.includes('more than 16 MB') ? undefined : `nothing says why: ${stderr.slice(0, 200)}`;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
};

/** A far end that opens as it should, and answers what it is asked by what a script prints. */
const farEnd = (answer: string): string => `#!/usr/bin/python3
import os, re
heard = b''
while not heard.endswith(b'__wdev_serve\\n'):
    heard += os.read(0, 65536)
end = b'\\n' + re.search(rb'__nonce=\\'?(wdev-[0-9a-f]+)', heard)[1] + b' '
for stream in (1, 2):
    os.write(stream, end + b'ready\\n')
os.read(0, 1)
try:
    ${answer}
except OSError:
    pass
`;

/** A server behind a shell whose answers have no end. */
function endlessShell(name: string, answer: string, guard: Attack['guards'][0]): Attack {
  return {
    kind: 'hang',
    name: `a server over a shell ${name}`,
    guards: [guard],
    async run(place) {
      const plugin = path.join(place.folder, 'hello');
      for (const [file, text] of Object.entries(SOUND_PLUGIN)) {
        mkdirSync(path.dirname(path.join(plugin, file)), { recursive: true });
        writeFileSync(path.join(plugin, file), text, { mode: 0o755 });
      }
      const program = path.join(place.folder, 'far-end');
      writeFileSync(program, farEnd(answer), { mode: 0o755 });
      for (const words of [['watch', '--once', 'hello'], ['status'], ['restore']]) {
        const { status, stderr } = await place.wdev([...words, '--target', `exec:${program}`]);
        if (status !== 3 || !stderr.includes('answers more than 64 MB'))
          return `wdev ${words[0]} ends with ${status}, and nothing says why: ${stderr.slice(0, 200)}`;
      }
      return undefined;
    },
  };
}

const SHELLS: readonly Attack[] = [
  endlessShell('that answers lines without end', "while True: os.write(1, b'line of text\\n' * 5000)", {
    file: 'src/targets/frames.js',
    from: 'this.#size > MOST',
    to: 'false',
  }),
  endlessShell('that answers one line without end', "while True: os.write(1, b'x' * 65536)", {
    file: 'src/targets/frames.js',
    from: 'this.#size > MOST',
    to: 'false',
  }),
  endlessShell(
    'that ends an answer with a status without end',
    "os.write(1, end)\n    while True: os.write(1, b'1' * 65536)",
    { file: 'src/targets/frames.js', from: 'this.#rest.length > this.#end.length + STATUS', to: 'false' },
  ),
];

export const ATTACKS: readonly Attack[] = [ENDLESS, ...SHELLS];
