import type { Finding } from '../findings/finding.ts';
import { rulesOf, type SourceListing } from '../git/sources.ts';
import { rulesLine } from '../readers/shell/rules-text.ts';

/** The finding for a folder _pkg that is there before packaging. Source: wazo-plugind, packaging step. */
export function packageFolderExists(sources: SourceListing): Finding {
  const file = [...sources.keys()].find((name) => name.startsWith('_pkg/')) ?? '_pkg';
  const line = rulesLine(rulesOf(sources), /_pkg/);
  return {
    code: 'pkg-folder-exists',
    level: 'error',
    message:
      'There is a folder _pkg before packaging: wazo-plugind makes it itself and fails when it is there.',
    ...(sources.has(file) || line === undefined ? { file, line: 1 } : { file: 'wazo/rules', line }),
    help: sources.has(file)
      ? 'git rm -r _pkg, and add _pkg/ to .gitignore.'
      : 'Only `package` may write to it, as $pkgdir.',
    source: 'wazo-plugind, packaging step',
  };
}
