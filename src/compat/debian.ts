import type { Finding } from '../support/finding.ts';

/** Releases of Debian that plugins meet, newest last. */
export const DEBIANS: Readonly<Record<string, { readonly suite: string; readonly python: string }>> = {
  12: { suite: 'bookworm', python: '3.11' },
  13: { suite: 'trixie', python: '3.13' },
};

/** What a release of Debian changes that the text of `wazo/rules` and setup.py shows. */
export function debianFindings(rules: string, setup: string, debian: string): readonly Finding[] {
  const python = DEBIANS[debian]?.python ?? '';
  const inRules = rules.split('\n').flatMap((line, index): readonly Finding[] => {
    if (/^\s*#/.test(line)) return [];
    return [
      pipFinding(line, index + 1),
      pathFinding(line, index + 1, python, debian),
      archiveFinding(line, index + 1, setup, debian),
    ].flatMap((found) => found ?? []);
  });
  return [...inRules, ...distutilsFindings(setup, debian)];
}

function pipFinding(line: string, number: number): Finding | undefined {
  if (
    !/\bpip3?\s+install\b/.test(line) ||
    /--(?:root|prefix|target|break-system-packages|user)\b|-t\s/.test(line)
  )
    return undefined;
  return {
    code: 'debian-externally-managed',
    level: 'error',
    message: "pip refuses to install into Debian's own Python.",
    file: 'wazo/rules',
    line: number,
    help: 'In package: pip3 install --root="$pkgdir" --no-deps --no-build-isolation . ; libraries belong to debian_depends.',
    source: 'PEP 668; Debian 12 and later, EXTERNALLY-MANAGED',
  };
}

function pathFinding(line: string, number: number, python: string, debian: string): Finding | undefined {
  const named = /python(3\.\d+)\//.exec(line)?.[1];
  if (named === undefined || named === python) return undefined;
  return {
    code: 'debian-python-path',
    level: 'error',
    message: `Debian ${debian} has Python ${python}: it never looks into a folder of python${named}.`,
    file: 'wazo/rules',
    line: number,
    help: 'Install into /usr/lib/python3/dist-packages, which every Python 3 of Debian reads.',
    source: "Debian's Python policy, module paths",
  };
}

/** From setuptools 69.3 on, archives have the name with underscores. */
function archiveFinding(line: string, number: number, setup: string, debian: string): Finding | undefined {
  if (Number(debian) < 13) return undefined;
  const pattern = /\bdist\/([A-Za-z0-9._-]*-[A-Za-z0-9._-]*)[-*]/.exec(line)?.[1]?.replace(/-$/, '');
  const name = /\bname\s*=\s*["']([^"']+)["']/.exec(setup)?.[1];
  if (pattern === undefined || name === undefined || !pattern.startsWith(name) || !name.includes('-'))
    return undefined;
  return {
    code: 'debian-archive-name',
    level: 'error',
    message: `setuptools of Debian ${debian} names the archive ${name.replaceAll('-', '_')}-…: ${pattern}… matches nothing.`,
    file: 'wazo/rules',
    line: number,
    help: 'wdev migrate makes setup.py install into the package itself.',
    fixable: true,
    source: 'setuptools 69.3, names of archives',
  };
}

function distutilsFindings(setup: string, debian: string): readonly Finding[] {
  if (Number(debian) < 13) return [];
  const lines = setup.split('\n');
  const at = lines.findIndex((line) => /^\s*(?:from|import)\s+distutils\b/.test(line));
  if (at < 0) return [];
  return [
    {
      code: 'debian-distutils',
      level: 'error',
      message: `distutils is gone from Python ${DEBIANS[debian]?.python ?? '3.12'}.`,
      file: 'setup.py',
      line: at + 1,
      help: 'wdev migrate puts setuptools in its place.',
      fixable: true,
      source: 'Python 3.12, removed modules',
    },
  ];
}
