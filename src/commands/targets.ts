import { paint } from '../terminal/paint.ts';
import type { Command } from '../cli/commander.ts';
import { jsonOption, trustOption } from '../cli/options.ts';
import { subcommand, takesBefore } from '../cli/subcommand.ts';
import { print, printJson } from '../terminal/output.ts';
import { heedsSandbox } from '../cli/programs.ts';
import { EXIT } from '../support/errors.ts';
import type { TargetCheck } from '../status/target-check.ts';

interface TargetsFlags {
  readonly tokenCommand?: string;
  readonly trust?: true;
  readonly json?: true;
}

const FORMS = `
Forms of an address:
  embedded         the embedded stack of this project; used if none is named
  stack[:NAME]     a stack that wdev stack up started on this machine (without
                   NAME, the one named default)
  local            this machine itself
  ssh://HOST       a server, as ssh://[user@]host[:port]
  container:NAME   a Docker container on this machine
  exec:COMMAND     a command that opens a shell on the target,
                   like 'exec:lxc-attach -n pbx'`;

const LIST = `
The file wdev.yml in this folder keeps the names. A * marks the target that
commands use without --target: the one at the key target, else embedded.
${FORMS}`;

const ADD = `
Commands use it with --target NAME. To use it without, add target: NAME to
wdev.yml.
${FORMS}`;

const TEST = `
Shows the user, Asterisk, the services and the tools of the target. Exits with
status 3 if it cannot connect.`;

export function configure(command: Command): void {
  command.addHelpText('after', FORMS);
  const all = takesBefore<TargetsFlags>(command, trustOption(), jsonOption());
  subcommand(command, 'list', 'List the targets that wdev.yml names', { isDefault: true })
    .addOption(jsonOption('the targets'))
    .addOption(trustOption().hideHelp())
    .addHelpText('after', LIST)
    .action(async (flags: TargetsFlags) => await list(all(flags)));
  subcommand(command, 'add', 'Name a target in wdev.yml, for --target NAME')
    .argument('<name>', 'name to give it, like lab')
    .argument('<address>', 'address of the target, like ssh://root@lab.example.org')
    .option('--token-command <command>', 'run this command to get a wazo-auth token for the target')
    .addOption(jsonOption())
    .addOption(trustOption().hideHelp())
    .addHelpText('after', ADD)
    .action(async (name: string, url: string, flags: TargetsFlags) => await add(name, url, all(flags)));
  subcommand(command, 'test', 'Connect to a target, and show what runs there')
    .argument('<name>', 'name from wdev.yml, or address')
    .addOption(trustOption())
    .addOption(jsonOption())
    .addHelpText('after', TEST)
    .action(async (name: string, flags: TargetsFlags) => {
      process.exitCode = await test(name, all(flags));
    });
  heedsSandbox(command);
}

async function list(flags: TargetsFlags): Promise<void> {
  const { readSettings } = await import('../settings/settings.ts');
  const { targets: names, target: usual } = readSettings(process.cwd());
  const targets = Object.entries(names ?? {}).map(([name, address]) => ({ name, address }));
  if (flags.json === true) return printJson({ targets, usual: usual ?? 'embedded' });
  const width = Math.max(8, ...targets.map(({ name }) => name.length));
  const lines = [
    { name: 'embedded', address: 'a stand-in for a server, in .wdev/stack of this project' },
    ...targets,
  ].map(
    ({ name, address }) => `${name === (usual ?? 'embedded') ? '*' : ' '} ${name.padEnd(width)}  ${address}`,
  );
  print(lines);
  if (targets.length === 0) print([paint.dim('Add one: wdev targets add lab ssh://root@lab')]);
}

async function add(name: string, url: string, flags: TargetsFlags): Promise<void> {
  const [{ addTarget }, { agreeToTarget }] = await Promise.all([
    import('../status/target-names-edit.ts'),
    import('../cli/agree.ts'),
  ]);
  const added = await addTarget(process.cwd(), name, url, flags.tokenCommand);
  await agreeToTarget(process.cwd(), name);
  if (flags.json === true) return printJson({ name, address: url, added });
  print([
    added
      ? `Added ${name} (${url}) to wdev.yml. Try it: wdev targets test ${name}`
      : `${name} is already ${url}.`,
  ]);
}

async function test(name: string, flags: TargetsFlags): Promise<number> {
  const [{ agreedAddress }, { openTarget }, { checkTarget }] = await Promise.all([
    import('../cli/agree.ts'),
    import('../targets/open.ts'),
    import('../status/target-check.ts'),
  ]);
  const started = performance.now();
  const target = await openTarget(await agreedAddress({ ...flags, target: name }));
  const opened = Math.round(performance.now() - started);
  try {
    const check = await checkTarget(target);
    if (flags.json === true) printJson({ ...check, opened });
    else print(checkLines(check, opened, target.root !== ''));
    return check.lacks.length > 0 ? EXIT.failed : EXIT.done;
  } finally {
    await target.close();
  }
}

function toolsText({ lacks, helper }: TargetCheck): string {
  if (lacks.length > 0) return `lacks ${lacks.join(', ')}`;
  return helper ? 'all that wdev needs' : 'all that wdev needs; with perl a save would be served sooner';
}

function checkLines(check: TargetCheck, opened: number, isEmbedded: boolean): readonly string[] {
  const { asterisk, services, lacks, watchedBy } = check;
  const good = paint.green('✓');
  const odd = paint.yellow('!');
  const asteriskText =
    asterisk === null
      ? 'is not there'
      : `${asterisk.version}, ${asterisk.answers ? 'answers' : 'does not answer'}`;
  const rows: [string, string, string][] = [
    [good, 'shell', `opened in ${opened} ms, answers in ${check.roundTrip} ms`],
    [check.user.startsWith('root') ? good : odd, 'user', check.user],
    [good, 'system', check.system],
    [asterisk?.answers === true ? good : odd, 'Asterisk', asteriskText],
    [services === null ? odd : good, 'services', servicesText(services, isEmbedded)],
    [check.python === null ? odd : good, 'Python', check.python ?? 'no python3'],
    [lacks.length === 0 ? good : paint.red('✗'), 'tools', toolsText(check)],
    [
      good,
      'wdev',
      `${check.plugins === 0 ? 'no' : check.plugins} plugin${check.plugins === 1 ? '' : 's'} installed by wdev${watchedBy === null ? '' : `, in use by ${watchedBy}`}`,
    ],
  ];
  return [
    `Target ${paint.bold(check.target)}`,
    ...rows.map(([sign, what, says]) => `  ${sign} ${what.padEnd(8)}  ${says}`),
  ];
}

function servicesText(services: TargetCheck['services'], isEmbedded: boolean): string {
  if (services === null) return 'no systemd: nothing can be restarted';
  if (services.length === 0) return "none of Wazo's";
  const down = services.filter(({ active }) => !active).map(({ unit }) => unit);
  if (isEmbedded)
    return `restarts of ${services.length} are recorded; only Asterisk and wazo-confgend really run`;
  const all = `${services.length} of Wazo's`;
  return down.length === 0 ? `${all}, all active` : `${all}, not active: ${down.join(', ')}`;
}
