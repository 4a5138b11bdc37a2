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

export const ATTACKS: readonly Attack[] = [ENDLESS];
