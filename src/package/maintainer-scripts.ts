import { installedHome } from '../wazo/names.ts';
import type { Metadata } from '../kinds/plugin-metadata.ts';

/** Where wazo-plugind keeps a copy of `rules` between removal of the files and the call of postrm. */
export const RULES_COPIES = '/var/lib/wazo-plugind/rules';

/** Path of the copy that prerm makes of a plugin's `rules`. */
export function rulesCopy({ namespace, name }: Pick<Metadata, 'name' | 'namespace'>): string {
  return `${RULES_COPIES}/rules.${name}.${namespace}`;
}

export type MaintainerScript = 'postinst' | 'prerm' | 'postrm';

/**
 * The maintainer scripts of a plugin's package. They answer every call of Debian policy as wazo-plugind's do:
 * a call that those don't know ends in exit status 1.
 */
export function maintainerScripts(metadata: Metadata): ReadonlyMap<MaintainerScript, string> {
  const rules = `${installedHome(metadata)}/wazo/rules`;
  const copy = rulesCopy(metadata);
  const postrm = metadata.callsPostrm ? ['"$copy" postrm', 'rm -f "$copy"'] : ['rm -f "$copy"'];
  return new Map<MaintainerScript, string>([
    [
      'postinst',
      script('postinst', [`rules=${rules}`], {
        configure: ['"$rules" install'],
        'abort-upgrade|abort-remove|abort-deconfigure': [],
      }),
    ],
    [
      'prerm',
      script('prerm', [`rules=${rules}`, `copy=${copy}`], {
        remove: [`mkdir -p ${RULES_COPIES}`, 'cp "$rules" "$copy"', '"$rules" uninstall'],
        'upgrade|deconfigure|failed-upgrade': [],
      }),
    ],
    [
      'postrm',
      script('postrm', [`copy=${copy}`], {
        'remove|purge': postrm,
        'upgrade|failed-upgrade|abort-install|abort-upgrade': [],
      }),
    ],
  ]);
}

function script(
  name: MaintainerScript,
  settings: readonly string[],
  branches: Readonly<Record<string, readonly string[]>>,
): string {
  const cases = Object.entries(branches).flatMap(([calls, commands]) => [
    `    ${calls})`,
    ...commands.map((command) => `        ${command}`),
    '        ;;',
  ]);
  const refuse = ['    *)', `        echo "${name}: no such call: $1" >&2`, '        exit 1', '        ;;'];
  const lines = ['#!/bin/sh', 'set -e', '', ...settings, '', 'case "$1" in', ...cases, ...refuse, 'esac'];
  return `${lines.join('\n')}\n`;
}
