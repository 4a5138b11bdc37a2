import path from 'node:path';
import type { Command } from '../cli/commander.ts';
import { eventsOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import type { ReleaseEvent } from '../release/events.ts';
import type { ReleasePlan } from '../release/plan.ts';
import { EXIT, UserError } from '../support/errors.ts';
import { doing } from '../support/doing.ts';

interface ReleaseFlags {
  readonly dir: string;
  readonly out: string;
  readonly dryRun?: true;
  readonly push?: true;
  readonly undo?: true;
  readonly rehearse: boolean;
  readonly json?: true;
}

const DETAILS = `
Run it on the default branch, with all changes committed. It does not ask:
  1. Runs wdev check --strict, the tests in tests/, wdev build and, if this
     machine can run a real stack, wdev rehearse. All must pass.
  2. Raises the version in wazo/plugin.yml, and in setup.py, setup.cfg or
     pyproject.toml if they name one.
  3. Adds a section to CHANGELOG.md: from the notes in .changeset (as npx
     changeset writes them), else from the section Unreleased, else from the
     commits since the last tag.
  4. Commits, tags the commit with the version, and builds the package from it.
     Whoever builds the tag gets the same bytes, unless SOURCE_DATE_EPOCH is
     set.
Roll back, as long as it is not pushed: --undo.`;

export function configure(command: Command): void {
  command
    .argument(
      '[version]',
      'patch, minor, major, or a version like 1.2.3 (default: by the notes in .changeset; required if there are none)',
    )
    .option('--dir <dir>', 'plugin folder', '.')
    .option('--out <dir>', 'write the package to this folder', '.wdev/build')
    .option('--dry-run', 'run all checks, and show what would be done; write nothing')
    .option('--push', 'push the branch and the tag, both or neither (default: print the command that does)')
    .option('--no-rehearse', 'skip wdev rehearse')
    .option('--undo', 'roll back the last release, if it is not pushed')
    .addOption(eventsOption())
    .addHelpText('after', DETAILS)
    .action(async (wanted: string | undefined, flags: ReleaseFlags) => {
      process.exitCode = flags.undo === true ? await undo(flags) : await release(wanted, flags);
    });
  runsPrograms(command);
}

async function undo(flags: ReleaseFlags): Promise<number> {
  const [{ readLedger }, { undoLast }, { print, printJson }] = await Promise.all([
    import('../edits/ledger.ts'),
    import('../edits/undo.ts'),
    import('../terminal/output.ts'),
  ]);
  const folder = path.resolve(flags.dir);
  const last = readLedger(folder).records.at(-1);
  if (last?.release === undefined)
    throw new UserError('nothing-to-undo', `no release to undo in ${folder}`, {
      help:
        last === undefined
          ? 'wdev has recorded no change there.'
          : 'A release can be rolled back only while it is the last change that wdev made there.',
    });
  await undoLast(folder);
  const { tag, parent } = last.release;
  const files = last.files.map(({ path: file }) => file).join(', ');
  if (flags.json === true) printJson({ undone: last.did, tag, head: parent });
  else print([`Rolled back release ${tag}: removed its commit and tag, restored ${files}`]);
  return EXIT.done;
}

async function release(wanted: string | undefined, flags: ReleaseFlags): Promise<number> {
  const [{ findPlugins }, { severalPlugins }, { planRelease }, { carryOut, proveRelease }, { interruption }] =
    await Promise.all([
      import('../cli/plugins.ts'),
      import('../kinds/several-plugins.ts'),
      import('../release/plan.ts'),
      import('../release/release.ts'),
      import('../cli/interruption.ts'),
    ]);
  const [plugin, ...others] = findPlugins([flags.dir]);
  if (others.length > 0) throw severalPlugins(flags.dir, [plugin, ...others], '--dir ');
  // modes in the package follow the umask, and a systemd service has this one
  process.umask(0o022);
  const date = new Date().toISOString().slice(0, 10);
  const plan = await planRelease(plugin, { wanted, date, push: flags.push === true });
  const emit = await printer(plugin.dir, flags.json === true);
  emit({
    event: 'planned',
    plugin: plugin.id,
    from: plan.facts.present,
    version: plan.version,
    branch: plan.facts.branch,
    changes: plan.changes,
    files: plan.edits.map(({ path: file }) => file),
  });
  const { signal } = interruption();
  const options = { rehearse: flags.rehearse, emit, onProgress: doing, signal };
  const good = await proveRelease(plan, options);
  if (signal.aborted) return EXIT.interrupted;
  if (flags.dryRun === true && flags.json !== true) await showPlan(plan);
  if (!good) return EXIT.failed;
  if (flags.dryRun === true) return EXIT.done;
  emit(await carryOut(plan, { out: flags.out, push: flags.push === true }, options));
  return EXIT.done;
}

async function showPlan({ plugin, edits, version, upstream, facts }: ReleasePlan): Promise<void> {
  const [{ fixedDiff, paintDiff }, { print, printContent }] = await Promise.all([
    import('../terminal/fixed-diff.ts'),
    import('../terminal/output.ts'),
  ]);
  const files = edits.map(({ path: file, before, after }) => ({
    dir: plugin.dir,
    file,
    before: before?.text,
    text: after?.text,
    mode: after?.mode ?? 0o644,
    modeBefore: before?.mode ?? 0o644,
  }));
  printContent(`${fixedDiff(files)}\n`, paintDiff);
  const where = upstream === undefined ? 'no remote' : `${upstream.remote.name} ${upstream.branch}`;
  print([
    `Nothing was written. Without --dry-run: git commit on ${facts.branch}, git tag ${version}; with --push to: ${where}`,
  ]);
}

async function printer(dir: string, json: boolean): Promise<(event: ReleaseEvent) => void> {
  const { eventPrinter, print } = await import('../terminal/output.ts');
  if (json) return eventPrinter();
  const [{ releaseLines }, { lineReader }] = await Promise.all([
    import('../terminal/release-view.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  const readLine = lineReader(dir);
  return (event) => print(releaseLines(event, readLine));
}
