import { usageError } from '../support/errors.ts';

/** `1,25%,100%` as Ansible's `serial` takes it. @throws UserError `usage` */
export function readWaves(text: string): readonly string[] {
  const waves = text.split(',').map((word) => word.trim());
  const bad = waves.find((word) => !/^[1-9]\d*$|^(?:[1-9]\d?|100)%$/.test(word));
  if (bad === undefined) return waves;
  throw usageError(
    `--waves ${text}: ${bad === '' ? 'a wave is empty' : `invalid wave ${bad}`}`,
    'A wave is a number of servers, or a share of them: --waves 1,25%,100%',
  );
}

/**
 * The servers of each wave, in the order of the inventory. The last size counts on until all had their turn, and a share
 * is at least one server. Source: Ansible, serial.
 */
export function wavesOf(
  servers: readonly string[],
  sizes: readonly string[],
): readonly (readonly string[])[] {
  const waves: (readonly string[])[] = [];
  for (let at = 0, turn = 0; at < servers.length; turn += 1) {
    const size = sizes[Math.min(turn, sizes.length - 1)] ?? '100%';
    const share = size.endsWith('%')
      ? Math.floor((servers.length * Number.parseInt(size, 10)) / 100)
      : Number(size);
    const wave = servers.slice(at, at + Math.max(1, share));
    waves.push(wave);
    at += wave.length;
  }
  return waves;
}
