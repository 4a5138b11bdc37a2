import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../support/errors.ts';
import { readText } from '../../support/read-file.ts';

/** One archive that apt reads packages from. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Path of the keyring, or the key itself; empty when apt's own keys are used. */
  readonly signedBy: string;
}

/** Reads apt's one-line format (`deb [options] URI SUITE COMPONENT…`). */
export function parseSourcesList(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (match === null) continue;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(match[1] ?? '')?.[1] ?? '';
    sources.push({ uri: match[2] ?? '', suites: [match[3] ?? ''], components: words(match[4]), signedBy });
  }
  return sources;
}

/** Reads apt's deb822 format (`Types:`, `URIs:`, … in paragraphs). */
export function parseDeb822(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const paragraph of text.replaceAll(/^#.*\n?/gm, '').split(/\n\s*\n/)) {
    const fields = new Map<string, string>();
    for (const match of paragraph.matchAll(/^([A-Za-z-]+):(.*(?:\n[ \t].*)*)/gm)) {
      fields.set((match[1] ?? '').toLowerCase(), (match[2] ?? '').trim());
    }
    if (!words(fields.get('types')).includes('deb') || /^no$/i.test(fields.get('enabled') ?? '')) continue;
    for (const uri of words(fields.get('uris'))) {
      sources.push({
        uri,
        suites: words(fields.get('suites')),
        components: words(fields.get('components')),
        signedBy: fields.get('signed-by') ?? '',
      });
    }
  }
  return sources;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** The archive of Debian itself among apt's sources: not its security archive, not a third party's. */
export function chooseMirror(sources: readonly AptSource[]): string | undefined {
  const own = sources.filter(
    (source) =>
      source.components.includes('main') &&
      (source.signedBy === '' || source.signedBy.includes('debian-archive-keyring')) &&
      source.suites.some((suite) => !suite.includes('security') && !suite.includes('/')),
  );
  const signed = own.find((source) => source.signedBy !== '');
  return (signed ?? own.find((source) => /debian\/?$/.test(source.uri)) ?? own[0])?.uri;
}

/**
 * The Debian mirror that apt on this machine uses, or `WDEV_DEBIAN_MIRROR`.
 * @throws UserError `no-mirror` when apt has no Debian archive (another distribution)
 */
export function hostMirror(apt = '/etc/apt'): string {
  const told = process.env['WDEV_DEBIAN_MIRROR'];
  if (told !== undefined && told !== '') return told;
  const uri = chooseMirror(readSources(apt));
  if (uri === undefined) {
    throw new UserError('no-mirror', 'apt on this machine knows no Debian archive to make the stack from', {
      help: 'Set WDEV_DEBIAN_MIRROR to the address of a Debian mirror.',
    });
  }
  return resolveList(uri);
}

function readSources(apt: string): AptSource[] {
  const folder = path.join(apt, 'sources.list.d');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const files = [path.join(apt, 'sources.list'), ...names.map((name) => path.join(folder, name))];
  return files.filter((file) => existsSync(file)).flatMap((file) => readSourceFile(file));
}

function readSourceFile(file: string): AptSource[] {
  if (file.endsWith('.list')) return parseSourcesList(readText(file));
  return file.endsWith('.sources') ? parseDeb822(readText(file)) : [];
}

/** Images of clouds name a file with mirrors (`mirror+file:/etc/apt/mirrors/debian.list`): its first one. */
function resolveList(uri: string): string {
  if (!uri.startsWith('mirror+file:')) return uri;
  const text = readText(uri.slice('mirror+file:'.length));
  return /^[ \t]*([^\s#]+)/m.exec(text)?.[1] ?? uri;
}
