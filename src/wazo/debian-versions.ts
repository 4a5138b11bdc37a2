/** The order of version numbers as dpkg has it. Source: Debian policy 5.6.12; deb-version(7). */

/** Below 0 when `a` is older than `b`, above when newer, 0 when dpkg takes them for the same. */
export function compareDebianVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  return (
    left.epoch - right.epoch ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

function parts(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version.trim()) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** Digits as numbers, what lies between them letter by letter: by turns. */
function comparePart(a: string, b: string): number {
  const [left, right] = [runs(a), runs(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [one, other] = [left[at] ?? '', right[at] ?? ''];
    const order = at % 2 === 0 ? compareLetters(one, other) : compareNumbers(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** Text and digits by turns, beginning with text, which may be empty. */
function runs(part: string): readonly string[] {
  return part.split(/(\d+)/);
}

function compareNumbers(a: string, b: string): number {
  const [left, right] = [BigInt(a === '' ? 0 : a), BigInt(b === '' ? 0 : b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareLetters(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const order = rank(a[at]) - rank(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A tilde comes before the end, letters before all else. */
function rank(char: string | undefined): number {
  if (char === undefined) return 0;
  if (char === '~') return -1;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}
