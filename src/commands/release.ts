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
On the default branch, with nothing left to commit: raises the version in
wazo/plugin.yml (and in setup.py, setup.cfg or pyproject.toml where it stands by
itself), adds a section to CHANGELOG.md, commits, and tags the commit with the
version. The changes come from the notes in .changeset, else from a section
Unreleased, else from the subjects of the commits since the last tag. Before it
writes anything, check --strict, the tests in tests/, the package and, where
this machine can have a real stack, a rehearsal must go well. The package and
its sha256 come of the commit: whoever builds the tag has the same bytes.
Without a word the notes in .changeset say which number is raised.`;

export function configure(command: Command): void {
  command
    .argument('[version]', 'patch, minor, major, or the version itself')
    .option('--dir <dir>', 'folder of the plugin', '.')
    .option('--out <dir>', 'where the package goes', '.wdev/build')
    .option('--dry-run', 'prove and show all of it, and write nothing')
    .option('--push', 'push branch and tag, both or none')
    .option('--no-rehearse', 'skip the rehearsal')
    .option('--undo', 'roll back commit and tag, as long as they are not pushed')
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
    throw new UserError(
      'nothing-to-undo',
      `no release to undo: it is not the last change that wdev made in ${folder}`,
      {
        help:
          last === undefined
            ? 'wdev has recorded no change there.'
            : `The last change is wdev ${last.did}; wdev undo rolls that back.`,
      },
    );
  await undoLast(folder);
  const { tag, parent } = last.release;
  if (flags.json === true) printJson({ undone: last.did, tag, head: parent });
  else print([`Rolled back release ${tag}: removed its commit and tag, restored the files`]);
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
