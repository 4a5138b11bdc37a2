import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import type { Sent } from './sequences.ts';

/** The script of the stand-in (standin.py). */
export interface Play {
  readonly events?: readonly Sent[];
  readonly installed?: object | null;
  readonly after?: object | null;
  readonly market?: object;
  readonly wazo?: string;
  readonly run?: string;
}

export interface StandIn {
  readonly port: number;
  /** The requests that it got: method, path, query, body. */
  asked(): readonly (readonly [string, string, string, unknown])[];
}

/**
 * Starts a stand-in that ends with the test.
 * @param bus port of RabbitMQ; 0 for a server on whose bus nobody looks
 */
export async function startPlugind(folder: string, play: Play, bus: number): Promise<StandIn> {
  writeFileSync(path.join(folder, 'play.json'), JSON.stringify({ events: [], ...play }));
  const program = path.join(import.meta.dirname, 'standin.py');
  const child = spawn('/usr/bin/python3', [program, folder, String(bus)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
    child.once('exit', () => reject(new Error('the stand-in ended')));
  });
  return {
    port,
    asked: () =>
      readFileSync(path.join(folder, 'asked.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as readonly [string, string, string, unknown]),
  };
}

/** Lets a folder look like the server of a stand-in: its settings, and the key of wazo-plugind-cli. */
export function layServer(root: string, port: number, bus: number): void {
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  write('etc/wazo-plugind/config.yml', 'rest_api: {port: 9503}\n');
  const address = `{host: 127.0.0.1, port: ${port}}`;
  const settings = [
    `rest_api: {port: ${port}}`,
    `auth: ${address}`,
    `confd: ${address}`,
    `bus: {host: 127.0.0.1, port: ${bus === 0 ? 1 : bus}}`,
  ];
  write('etc/wazo-plugind/conf.d/50-test.yml', `${settings.join('\n')}\n`);
  write('var/lib/wazo-auth-keys/wazo-plugind-cli-key.yml', 'service_id: wdev\nservice_key: secret\n');
}
