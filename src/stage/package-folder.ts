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
    message: '_pkg exists before the package step: wazo-plugind creates it, and fails',
    ...(sources.has(file) || line === undefined ? { file, line: 1 } : { file: 'wazo/rules', line }),
    help: sources.has(file)
      ? 'Run git rm -r _pkg, and add _pkg/ to .gitignore.'
      : 'Write to $pkgdir in the package step only.',
    source: PACKAGING,
  };
}

/** The finding for a _pkg that packaging left as a link, or as a file. */
export function packageFolderGone(sources: SourceListing): Finding {
  return {
    code: 'pkg-folder-exists',
    level: 'error',
    message: 'The package step replaced _pkg, which wazo-plugind packs, by a file or a link',
    file: 'wazo/rules',
    line: rulesLine(rulesOf(sources), /pkgdir|_pkg/) ?? 1,
    help: 'Write files into $pkgdir, and leave the folder itself.',
    source: PACKAGING,
  };
}

/** The finding for what `rules package` made where wazo-plugind makes a folder. `pattern` finds it in rules. */
export function folderInTheWay(sources: SourceListing, folder: string, pattern: RegExp): Finding {
  const rules = rulesOf(sources);
  return {
    code: 'package-folder-exists',
    level: 'error',
    message: `The package step creates ${folder} in $pkgdir: wazo-plugind creates it too, and fails`,
    file: 'wazo/rules',
    line: rulesLine(rules, pattern) ?? rulesLine(rules, /^\s*\(?["']?package["']?\)/) ?? 1,
    source: PACKAGING,
  };
}

/** The finding for a link, or a file, on the way to a folder of wazo-plugind's. */
export function linkInTheWay(sources: SourceListing, name: string): Finding {
  return {
    ...folderInTheWay(sources, name, /\bln\b/),
    message: `The package step makes ${name} in $pkgdir a file or a link, but wazo-plugind writes files into that folder`,
    help: 'Make it a folder: mkdir -p.',
  };
}
