import { sizeOf } from '../git/content.ts';
import { rulesOf } from '../git/sources.ts';
import type { Finding, FindingCode } from '../findings/finding.ts';
import type { SourceListing } from '../git/sources.ts';
import type { RulesTrace } from '../stage/trace.ts';
import type { StagedFile } from '../stage/tree.ts';
import { parseEntryPoints } from '../readers/entry-points.ts';
import { describesPackage, describingFile } from '../readers/python/packaging-glance.ts';
import { rulesLine } from '../readers/shell/rules-text.ts';

export interface PackageContents {
  readonly sources: SourceListing;
  /** Files of the package, without those of the `wazo` folder. */
  readonly files: readonly StagedFile[];
  /** The steps' output to stderr. */
  readonly stderr: string;
}

/** Whether something looks as if a command failed unseen: only then is a trace worth its time. */
export function looksIncomplete(contents: PackageContents): boolean {
  return COMPLAINT.test(contents.stderr) || gaps(contents).length > 0;
}

const COMPLAINT =
  /^(?:Traceback \(|error: |(?!warning|note|info|running)[a-z][\w.+-]*: |\S*wazo\/rules: (?:line )?\d+: )/m;

/** Programs whose failure means that something is missing in the package. */
const PRODUCERS =
  /^(?:cp|mv|install|tar|unzip|ln|rsync|wget|curl|git|make|python[\d.]*|pip[\d.]*|patch|sed|cat|msgfmt|npm|go|cargo)\b/;

/** Commands of a package step that is not meant to put anything into the package. */
const BRINGS_NOTHING =
  /^(?:(?:case|set|chmod|chown|chgrp|umask|cd|echo|printf|export|test|\[)\s|(?::|true)(?:\s|$)|\w+=)/;

/** Findings about a package whose every step ended well. `trace` is undefined when none could be had. */
export function wholenessFindings(
  contents: PackageContents,
  trace: RulesTrace | undefined,
): readonly Finding[] {
  const found = gaps(contents);
  const failures = trace?.failed ?? [];
  const incomplete = found.length > 0;
  const placed = found.flatMap((gap) => place(gap, contents, trace) ?? []);
  const hidden = failures.map((failure): Finding => {
    const serious = PRODUCERS.test(failure.command) || incomplete;
    return {
      code: 'package-command-failed',
      level: serious ? 'error' : 'warning',
      message: `Failed command is ignored: \`${failure.command}\` (exit status ${failure.status})`,
      file: 'wazo/rules',
      line: failure.line,
      help: 'Write `set -e` near the top of wazo/rules; append `|| true` where failure is fine.',
      source: 'wazo-plugind, packaging step',
    };
  });
  return [...hidden, ...placed];
}

interface Gap {
  readonly code: FindingCode;
  readonly message: string;
  readonly help?: string;
  /** Part of the line of rules that is to blame, if no command failed; or the file of the sources. */
  readonly at: RegExp | string;
  readonly level?: 'warning';
}

function gaps({ sources, files }: PackageContents): readonly Gap[] {
  const found: Gap[] = [];
  const isFolders = files.length > 0 && files.every(({ folder }) => folder === true);
  if (files.length === 0 || (isFolders && shipsFiles(sources))) {
    const message = 'The package is empty: wazo/rules package put nothing into $pkgdir';
    found.push({ code: 'package-hollow', message, at: /^\s*\(?["']?package["']?\)/ });
  }
  if (files.length > 0 && wantsPython(sources) && !files.some(isPython)) {
    const message = "The Debian package contains none of the plugin's Python files";
    found.push({
      code: 'package-no-python',
      message,
      at: /setup\.py|pip|bdist|dist\//,
      help: 'Check the cp and tar lines in the package step of wazo/rules.',
    });
  }
  found.push(
    ...misplaced(files, sources),
    ...hiddenFromAsterisk(files, sources),
    ...lostPython(files, sources),
  );
  for (const file of files) {
    if (file.link !== undefined || file.folder || sizeOf(file) > 0 || (file.mode & 0o111) === 0) continue;
    const name = file.path.split('/').at(-1) ?? '';
    const message = `Program ${file.path} is empty`;
    found.push({ code: 'package-empty-program', message, at: new RegExp(escape(name)) });
  }
  return found;
}

/** Folders of sources that are named like those of a system: what lies there is there to be packaged. */
const OF_THE_ROOT = /^(?:etc|usr|var|opt|lib|srv)\//;

function shipsFiles(sources: SourceListing): boolean {
  return [...sources.keys()].some((file) => OF_THE_ROOT.test(file));
}

/** Files that lie in the package beside the place that their folder in the sources has on a server: `cp -R etc/* "$pkgdir"`. */
function misplaced(files: readonly StagedFile[], sources: SourceListing): readonly Gap[] {
  for (const { path, folder } of files) {
    if (folder === true) continue;
    const [, first = '', second] = path.split('/');
    const isTwice = first === second && OF_THE_ROOT.test(`${first}/`);
    const meant = isTwice ? path.slice(first.length + 2) : lacksFolder(path, first, sources);
    if (meant === undefined || !sources.has(meant)) continue;
    const message = `${meant} is installed as ${path} instead of /${meant}`;
    const at = new RegExp(
      String.raw`^\s*(?:cp|mv|install|rsync|tar)\b.*${escape(meant.split('/')[0] ?? '')}\b`,
    );
    const help = `Copy the folder itself: cp -R ${meant.split('/')[0]} "$pkgdir/"`;
    return [{ code: 'package-misplaced', message, help, at }];
  }
  return [];
}

/** How a package gets the files of its packages that are no Python. */
const WITH_DATA = {
  'setup.py': "package_data={'': ['*.yml']}",
  'setup.cfg': '[options.package_data], * = *.yml',
  'pyproject.toml': '[tool.setuptools.package-data], "*" = ["*.yml"]',
} as const;

const ENTRY_POINTS = /\/[^/]+\.(?:dist|egg)-info\/entry_points\.txt$/;

/** Files of a Python package that an entry point of it needs, and that its packaging left out. */
function lostPython(files: readonly StagedFile[], sources: SourceListing): readonly Gap[] {
  const paths = files.map(({ path }) => path);
  const packaging = describingFile((name) => sources.get(name)?.bytes.toString('utf8'));
  if (packaging === undefined) return [];
  return files.flatMap((file): readonly Gap[] => {
    if (!ENTRY_POINTS.test(file.path) || file.link !== undefined) return [];
    const named = parseEntryPoints(file.bytes.toString('utf8')).map(({ value }) => value.split(':')[0] ?? '');
    const modules = new Set(named.map((name) => name.trim()));
    return [...modules].flatMap((module): readonly Gap[] => {
      const source = `${module.replaceAll('.', '/')}.py`;
      if (sources.has(source) && !paths.some((one) => isModule(one, source.slice(0, -3)))) {
        const message = `Entry point names module ${module}, which is not in the package`;
        const help = `Add __init__.py to its folder, or list its package in ${packaging}.`;
        return [{ code: 'package-module-missing', message, help, at: packaging }];
      }
      const api = source.replace(/[^/]+$/, 'api.yml');
      const isThere = (name: string): boolean => paths.some((one) => one.endsWith(`/${name}`));
      if (!sources.has(api) || isThere(api) || !isThere(source)) return [];
      const message = `${api} is not in the package, so the service does not describe its routes`;
      const help = `List it in ${packaging}: ${WITH_DATA[packaging]}`;
      return [{ code: 'package-api-missing', message, help, at: packaging, level: 'warning' }];
    });
  });
}

/** Whether a file of a package is a module: source, compiled, or a package of that name. */
function isModule(path: string, module: string): boolean {
  return path.includes(`/${module}.`) || path.includes(`/${module}/__init__.`);
}

/** Folders at the top of a system. */
const TOP = /^(?:bin|boot|etc|home|lib\d*|media|mnt|opt|root|run|sbin|srv|tmp|usr|var)$/;

/** The source of a file that lacks the folder at the top in which it lies there. */
function lacksFolder(path: string, first: string, sources: SourceListing): string | undefined {
  if (TOP.test(first)) return undefined;
  return ['etc', 'usr', 'var'].map((top) => top + path).find((name) => sources.has(name));
}

const ASTERISK = /^\/etc\/asterisk\//;

/** Whether rules give files another owner. */
function setsOwner(rules: string): boolean {
  if (/\b(?:chown|chgrp|setfacl|setpriv|dpkg-statoverride)\b/.test(rules)) return true;
  return rules.split('\n').some((line) => {
    const at = line.search(/\binstall\b/);
    return at >= 0 && / (?:-[go]|--group|--owner)\b/.test(line.slice(at));
  });
}

/** Asterisk runs as a user of its own, and files of a package belong to another one. */
function hiddenFromAsterisk(files: readonly StagedFile[], sources: SourceListing): readonly Gap[] {
  const hidden = files.find(
    ({ path, mode, link, folder }) =>
      ASTERISK.test(path) && link === undefined && folder !== true && (mode & 0o004) === 0,
  );
  if (hidden === undefined || setsOwner(rulesOf(sources))) return [];
  const mode = hidden.mode.toString(8).padStart(4, '0');
  return [
    {
      code: 'package-hidden-file',
      message: `${hidden.path} has mode ${mode}, so Asterisk cannot read it (and logs no error)`,
      help: 'Run chmod 644 on it in package. If it holds secrets, run chgrp asterisk and chmod 640 on it in install.',
      at: /\b(?:chmod|install|umask)\b/,
    },
  ];
}

/** An empty package of a plugin that has nothing to ship, and commands only for `install`, is what is meant. */
function place(gap: Gap, { sources }: PackageContents, trace: RulesTrace | undefined): Finding | undefined {
  const ran = trace?.ran.filter(({ step, command }) => step === 'package' && !BRINGS_NOTHING.test(command));
  const meant = gap.code === 'package-hollow' && ran?.length === 0 && !shipsFiles(sources);
  const failure = trace?.failed.at(-1);
  const told = {
    code: gap.code,
    message: gap.message,
    ...(gap.help === undefined ? {} : { help: gap.help }),
  };
  const level = meant ? 'info' : (gap.level ?? 'error');
  const source = 'wazo-plugind, packaging step';
  if (typeof gap.at === 'string') return { ...told, level, file: gap.at, source };
  const line = failure?.line ?? rulesLine(rulesOf(sources), gap.at) ?? 1;
  return { ...told, level, file: 'wazo/rules', line, source };
}

function wantsPython(sources: SourceListing): boolean {
  const setup = sources.get('setup.py')?.bytes.toString('utf8') ?? '';
  const project = sources.get('pyproject.toml')?.bytes.toString('utf8') ?? '';
  if (!describesPackage(setup, project)) return false;
  return rulesLine(rulesOf(sources), /setup\.py|\bpip|bdist|\bbuild -|dist\/|pyproject/) !== undefined;
}

function isPython({ path }: StagedFile): boolean {
  return path.endsWith('.py') || path.endsWith('.so');
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
