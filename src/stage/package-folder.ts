import type { Finding } from '../findings/finding.ts';
import { rulesOf, type SourceListing } from '../git/sources.ts';
import { rulesLine } from '../readers/shell/rules-text.ts';

const PACKAGING = 'wazo-plugind, packaging step';

/** The finding for a folder _pkg that is there before packaging. Source: wazo-plugind, packaging step. */
export function packageFolderExists(sources: SourceListing): Finding {
  const file = [...sources.keys()].find((name) => name.startsWith('_pkg/')) ?? '_pkg';
  const rules = rulesOf(sources);
  const used = rulesLine(rules, /pkgdir/);
  // on a server pkgdir has a value for `package` alone
  const isEarly = used !== undefined && used < (rulesLine(rules, /^\s*\(?["']?package["']?\)/) ?? 0);
  const line = rulesLine(rules, /_pkg/) ?? (isEarly ? used : undefined);
  return {
    code: 'pkg-folder-exists',
    level: 'error',
    message:
      'There is a folder _pkg before packaging: wazo-plugind makes it itself and fails when it is there.',
    ...(sources.has(file) || line === undefined ? { file, line: 1 } : { file: 'wazo/rules', line }),
    help: sources.has(file)
      ? 'git rm -r _pkg, and add _pkg/ to .gitignore.'
      : 'Only `package` may write to it, as $pkgdir.',
    source: PACKAGING,
  };
}

/** The finding for a _pkg that packaging left as a link, or as a file. */
export function packageFolderGone(sources: SourceListing): Finding {
  return {
    code: 'pkg-folder-exists',
    level: 'error',
    message: 'Packaging left something else than a folder as _pkg, which is what wazo-plugind packs.',
    file: 'wazo/rules',
    line: rulesLine(rulesOf(sources), /pkgdir|_pkg/) ?? 1,
    help: 'Only write into $pkgdir.',
    source: PACKAGING,
  };
}

/** The finding for what `rules package` made where wazo-plugind makes a folder. `pattern` finds it in rules. */
export function folderInTheWay(sources: SourceListing, folder: string, pattern: RegExp): Finding {
  const rules = rulesOf(sources);
  return {
    code: 'package-folder-exists',
    level: 'error',
    message: `rules package made ${folder} in $pkgdir: wazo-plugind makes it itself and fails when it is there.`,
    file: 'wazo/rules',
    line: rulesLine(rules, pattern) ?? rulesLine(rules, /^\s*\(?["']?package["']?\)/) ?? 1,
    source: PACKAGING,
  };
}

/** The finding for a link, or a file, on the way to a folder of wazo-plugind's. */
export function linkInTheWay(sources: SourceListing, name: string): Finding {
  return {
    ...folderInTheWay(sources, name, /\bln\b/),
    message: `rules package made ${name} in $pkgdir something else than a folder; wazo-plugind writes below it.`,
  };
}
