import path from 'node:path';
import { Option, type Command } from '../cli/commander.ts';
import type { CheckOptions, JudgedPlugin, PluginToCheck } from '../check/check.ts';
import type { Allowance } from '../support/allowance.ts';
import type { Report } from '../check/formats/report.ts';
import { mayRunPrograms } from '../cli/programs.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { pathsArgument } from '../cli/options.ts';
import type { MadeRulesByFolder } from '../readers/shell/make-answer.ts';

const FORMATS = ['text', 'json', 'sarif', 'github', 'junit'] as const;

type Format = (typeof FORMATS)[number];

interface Flags {
  readonly fix?: true;
  readonly engine?: string;
  readonly debian?: string;
  readonly strict?: true;
  readonly format: Format;
  readonly json?: true;
  readonly explain?: string;
  readonly rules?: true;
}

type RunOptions = CheckOptions;

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .option('--fix', 'fix what can be fixed safely, and show the changes; roll back with wdev undo')
    .option('--engine <version>', 'check for this Wazo version, like 26.05')
    .option('--debian <release>', 'check for this Debian release (default: 12)')
    .option('--strict', 'exit with status 1 on warnings, too')
    .addOption(
      new Option('--format <format>', 'print findings in this format').choices(FORMATS).default('text'),
    )
    .option('--json', 'short for --format json')
    .option('--explain <code>', 'explain the code of a finding (of any command), with an example')
    .option('--rules', 'list all rules of wdev check')
    .action(async (paths: string[], flags: Flags) => {
      process.exitCode = await check(paths, flags);
    });
  mayRunPrograms(command);
}

async function check(paths: readonly string[], flags: Flags): Promise<number> {
  const format = flags.json === true ? 'json' : flags.format;
  if (flags.explain !== undefined || flags.rules === true) return await showRules(flags.explain, format);
  const { note, ...asked } = await askedReleases(flags, format);
  const plugins = await readPlugins(paths);
  const { allowances } = await import('../sandbox/bounds.ts');
  const given = allowances();
  const made = await askMake(plugins, paths, given.allowance);
  const judged = await (flags.fix === true ? fix : judge)(plugins, { ...asked, made, ...given }, format);
  const report = toReport(judged);
  await print(report, format, note);
  const failing = report.some(({ findings }) =>
    findings.some(({ level }) => level === 'error' || (flags.strict === true && level === 'warning')),
  );
  return failing ? EXIT.failed : EXIT.done;
}

/** Most command lines name none. */
async function askedReleases(
  flags: Flags,
  format: Format,
): Promise<Pick<RunOptions, 'engine' | 'debian'> & { readonly note?: object }> {
  if (flags.engine === undefined && flags.debian === undefined) return {};
  const { noteNewer, releasesOf } = await import('../cli/releases.ts');
  const asked = releasesOf(flags, 'known');
  return { ...asked, note: noteNewer([asked.engine], format === 'json') };
}

async function readPlugins(paths: readonly string[]): Promise<readonly PluginToCheck[]> {
  const [{ findPlugins }, { listAllSources }, { readGitHead }] = await Promise.all([
    import('../cli/plugins.ts'),
    import('../git/sources.ts'),
    import('../git/head.ts'),
  ]);
  const plugins = findPlugins(paths);
  const listings = await listAllSources(plugins.map(({ dir }) => dir));
  return plugins.map((plugin) => ({
    plugin,
    sources: listings.get(plugin.dir) ?? new Map(),
    git: readGitHead(plugin.dir),
  }));
}

/** Make's answers about the `wazo/rules` that are Makefiles; most plugins have none. */
async function askMake(
  plugins: readonly PluginToCheck[],
  paths: readonly string[],
  allowance: Allowance,
): Promise<MadeRulesByFolder | undefined> {
  const [{ isMakefile }, { textOf }] = await Promise.all([
    import('../readers/shell/make-answer.ts'),
    import('../readers/source-text.ts'),
  ]);
  const isAny = plugins.some(({ sources }) => {
    const rules = sources.get('wazo/rules');
    return rules !== undefined && isMakefile(textOf(rules));
  });
  if (!isAny) return undefined;
  const [stage, { notMeant }] = await Promise.all([
    import('../stage/ask-make.ts'),
    import('../cli/agree-to-all.ts'),
  ]);
  const refused = (): string | undefined => {
    const found = notMeant(paths);
    return found === undefined
      ? undefined
      : `make would run what is in ${found}; name the folder of this one`;
  };
  return await stage.askMake(plugins, refused, allowance);
}

async function judge(
  plugins: readonly PluginToCheck[],
  options: RunOptions,
): Promise<readonly JudgedPlugin[]> {
  const [{ readPythonFacts }, { readShellComplaints }] = await Promise.all([
    import('../readers/python/read-facts.ts'),
    import('../readers/shell/shellcheck.ts'),
  ]);
  // the rules load while Python and shellcheck read
  const { debian, allowance, scriptsAllowance } = options;
  const asked = Promise.all([
    readPythonFacts(plugins, debian, { allowance }),
    readShellComplaints(plugins, scriptsAllowance),
  ]);
  const [{ judgePlugins }, [read, shellcheck]] = await Promise.all([import('../check/check.ts'), asked]);
  return await judgePlugins(plugins, { ...options, facts: { read }, shellcheck });
}

/** Fixes, writes and shows the changes; what is left is judged as ever. */
async function fix(
  plugins: readonly PluginToCheck[],
  options: RunOptions,
  format: Format,
): Promise<readonly JudgedPlugin[]> {
  const [{ fixRounds, editsOf }, { editFiles }, { fixedDiff, paintDiff }, output] = await Promise.all([
    import('../check/fix-rounds.ts'),
    import('../edits/edit-files.ts'),
    import('../terminal/fixed-diff.ts'),
    import('../terminal/output.ts'),
  ]);
  const dirs = plugins.map(({ plugin }) => plugin.dir);
  const files = await fixRounds(plugins, options);
  const edited = editsOf(files);
  for (const [dir, edits] of edited) await editFiles(dir, edits, 'check --fix');
  const diff = fixedDiff(files);
  if (diff === '') return await judge(await readPlugins(dirs), options);
  // a program that reads the findings wants nothing else on stdout
  if (format === 'text') {
    output.printContent(`${diff}\n`, paintDiff);
    const count = diff.match(/^diff --git /gm)?.length ?? 0;
    output.print([
      `Fixed ${count} file${count === 1 ? '' : 's'}. Roll it back: ${undoOf([...edited.keys()])}`,
      '',
    ]);
  } else output.printAside(diff.split('\n').map(paintDiff));
  return await judge(await readPlugins(dirs), options);
}

/** The command that rolls back what was written there, as typed from here. */
function undoOf(dirs: readonly string[]): string {
  return dirs.map((dir) => ['wdev undo', path.relative('', dir)].join(' ').trim()).join(' && ');
}

function toReport(judged: readonly JudgedPlugin[]): Report {
  return judged.map(({ subject: { plugin }, judgements }) => ({
    id: plugin.id,
    dir: path.relative('.', plugin.dir),
    findings: judgements.map(({ finding }) => finding),
  }));
}

async function print(report: Report, format: Format, note?: object): Promise<void> {
  const output = await import('../terminal/output.ts');
  if (format !== 'text') return output.printFormat(await formatted(report, format, note));
  const [{ checkLines }, { lineReader }] = await Promise.all([
    import('../terminal/check-text.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  output.print(checkLines(report, lineReader));
}

async function formatted(report: Report, format: Exclude<Format, 'text'>, note?: object): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../check/formats/json.ts')).jsonReport(report, note);
    case 'sarif': {
      const [{ sarifReport }, { packageVersion }] = await Promise.all([
        import('../check/formats/sarif.ts'),
        import('../support/paths.ts'),
      ]);
      return sarifReport(report, packageVersion());
    }
    case 'github':
      return (await import('../check/formats/github.ts')).githubReport(report);
    case 'junit':
      return (await import('../check/formats/junit.ts')).junitReport(report);
  }
}

async function showRules(code: string | undefined, format: Format): Promise<number> {
  const [{ CATALOGUE, ruleOf }, { CODES, isCode, isMet }, text, json, { print, printFormat }] =
    await Promise.all([
      import('../check/catalogue.ts'),
      import('../findings/catalogue.ts'),
      import('../terminal/check-text.ts'),
      import('../check/formats/catalogue-json.ts'),
      import('../terminal/output.ts'),
    ]);
  const show = (data: string, lines: readonly string[]): number => {
    if (format === 'json') printFormat(data);
    else print(lines);
    return EXIT.done;
  };
  if (code === undefined)
    return show(json.catalogueJson(CATALOGUE), text.rulesLines(CATALOGUE, CODES.length));
  const rule = ruleOf(code);
  if (rule !== undefined) return show(json.catalogueJson([rule]), text.explainLines(rule));
  if (isCode(code) && isMet(code)) return show(json.metJson(code), text.explainMet(code));
  const { didYouMean } = await import('../support/nearest.ts');
  throw usageError(`unknown code "${code}"`, didYouMean(code, CODES, 'wdev check --rules lists rules.'));
}
