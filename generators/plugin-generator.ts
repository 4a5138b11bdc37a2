import { setMaxListeners } from 'node:events';
import { constants, statSync, type Stats } from 'node:fs';
import Generator from 'yeoman-generator';
import { askThrough } from '../src/terminal/prompt.ts';
import { rawAnswers } from '../src/answers/raw-flags.ts';
import type { SettleOptions } from '../src/answers/answers.ts';
import type { Answers, Question } from '../src/answers/question.ts';
import { chooseTemplate, trustOf } from '../src/create/choose.ts';
import { FLAGS, answersGiven, askedBy, type Flag } from '../src/create/flags.ts';
import { namedAfter, nextCommand, openPlugin } from '../src/create/create.ts';
import { refuseUnwritable } from '../src/edits/occupied.ts';
import { EXIT, UserError } from '../src/support/errors.ts';
import { typedPath } from '../src/support/quote.ts';
import { visible } from '../src/support/visible.ts';
import { isTerminal as canAsk, printAside } from '../src/terminal/output.ts';
import { noteLines } from '../src/terminal/notes.ts';
import { loadColours, rendered, showsColours } from '../src/terminal/paint.ts';
import { KINDS, type Kind } from '../src/templates/built-in.ts';

/** Yeoman keeps `namespace` for the generator's own, so programs (not the command line) use this one. */
const OPTION_NAMES: Readonly<Record<string, string>> = { namespace: 'plugin-namespace' };

/** Hands Yeoman's options, prompts and file system to create/. Yeoman runs every method of it, so helpers are below. */
export class PluginGenerator extends Generator {
  readonly kind: Kind | undefined;
  /** Undefined until the answers are there, and when a plugin that was there was changed instead. */
  private opened: Awaited<ReturnType<typeof openPlugin>> | undefined;

  constructor(args: string[], options: ConstructorParameters<typeof Generator>[1], kind?: Kind) {
    // Yeoman would not see the tasks below in generators that extend this; and there is nothing to npm install
    super(args, options, { inheritTasks: true, customInstallTask: true });
    this.kind = kind;
    declareOptions(this, kind);
  }

  async prompting(): Promise<void> {
    this.env.once('error', (error: unknown) => tellEnd(this.opened?.plugin.dir, error));
    // each file that differs waits for its question with a listener of its own: Node would warn amid them
    const { signal } = this.env.adapter as { readonly signal?: AbortSignal };
    if (signal !== undefined) setMaxListeners(0, signal);
    try {
      await loadColours();
      say(this, notedRoot());
      refuseUnwritable(this.destinationPath(textOf(this, 'dir') ?? '.'));
      if (await isDoneInPlugin(this)) return;
      const open = whoAnswers(this);
      const dir = textOf(this, 'dir');
      const template =
        textOf(this, 'template') ?? this.kind ?? (await chooseTemplate(textOf(this, 'kind'), open));
      this.opened = await openPlugin({
        template,
        offline: isSet(this, 'offline'),
        answers: (questions) => namedAfter(dir, givenAnswers(this, questions)),
        dir: dir === undefined ? undefined : this.destinationPath(dir),
        parent: this.destinationRoot(),
        open,
        trust: trustOf(open, isSet(this, 'trust'), (lines) => say(this, lines)),
        // with a person there, Yeoman shows each file that differs and asks
        force: isSet(this, 'force') || typeof open === 'function',
      });
      this.destinationRoot(this.opened.plugin.dir);
    } catch (error) {
      throw refused(this, error);
    }
  }

  writing(): void {
    // the mode must stand in stat: as an option of its own it is ignored
    for (const { path, content, mode } of this.opened?.plugin.files ?? [])
      this.writeDestination(path, typeof content === 'string' ? content : Buffer.from(content), {
        stat: { mode: modeBeside(this.destinationPath(path), mode) } as Stats,
      });
  }

  async end(): Promise<void> {
    if (this.opened === undefined) return;
    const { plugin, close } = this.opened;
    const notes = await close(isSet(this, 'git'));
    this.opened = undefined;
    say(this, [...[...plugin.notes, ...notes].flatMap(noteLines), `Next: ${nextCommand(plugin)}`]);
  }
}

/** yo gives up root's rights before it starts a generator, and its groups stay root's: files it makes are another user's. */
function notedRoot(): readonly string[] {
  const uid = process.getuid?.() ?? 0;
  if (uid === 0 || process.getgroups?.().includes(0) !== true) return [];
  return [`Root started yo, which runs as user ${uid}. To write as root, use wdev new.`];
}

/** Yeoman writes the lines, so they are made safe here. */
function say(generator: Generator, lines: readonly string[]): void {
  for (const line of lines) generator.log(rendered(line, showsColours(process.stdout)));
}

/**
 * The mode of a file to write, as Yeoman compares it: the whole of what stat() has, so another umask, or the missing
 * type of a file, would make each file that is there one that differs.
 */
function modeBeside(file: string, mode: number): number {
  const there = statSync(file, { throwIfNoEntry: false });
  const isLike = there?.isFile() === true && ((there.mode & 0o111) !== 0) === ((mode & 0o111) !== 0);
  return isLike ? there.mode : constants.S_IFREG | mode;
}

function textOf(generator: Generator, name: string): string | undefined {
  return optionOf(generator, name) as string | undefined;
}

function isSet(generator: Generator, name: string): boolean {
  return Boolean(optionOf(generator, name));
}

function optionOf(generator: Generator, name: string): unknown {
  return (generator.options as unknown as Record<string, unknown>)[name];
}

function declareOptions(generator: Generator, kind: Kind | undefined): void {
  const description = 'Folder to make; ./NAME by default';
  generator.argument('dir', { type: String, required: false, description });
  for (const flag of Object.values(FLAGS)) declareFlag(generator, flag);
  if (kind === undefined)
    generator.option('kind', { type: String, description: `One of ${KINDS.join(', ')}` });
  for (const { question } of askedBy(kind === undefined ? KINDS : [kind])) {
    const type = question.type === 'confirm' ? Boolean : String;
    generator.option(question.flag, { type, description: question.message });
    const other = OPTION_NAMES[question.flag];
    if (other !== undefined)
      generator.option(other, { type, description: `${question.message} (for programs)` });
  }
}

/** Yeoman reads `--no-git` as `git: false`. */
function declareFlag(generator: Generator, { name, value, description }: Flag): void {
  const positive = name.replace(/^no-/, '');
  const off = positive === name ? {} : { description: `--${name}: ${description}`, default: true };
  generator.option(positive, { type: value === undefined ? Boolean : String, description, ...off });
}

/** `yo wazo-plugin` without an answer, typed in the folder of a plugin, offers to change that one. */
async function isDoneInPlugin(generator: PluginGenerator): Promise<boolean> {
  const ask = whoAnswers(generator);
  const isNew = ['kind', 'dir', 'name'].some((name) => optionOf(generator, name) !== undefined);
  if (generator.kind !== undefined || isNew || typeof ask !== 'function') return false;
  const { offerExisting } = await import('../src/cli/offer-existing.ts');
  return await offerExisting(generator.destinationRoot(), ask, (lines) => say(generator, lines));
}

/** The command line as it was typed, and otherwise the options that a program passed. */
function givenAnswers(generator: Generator, questions: readonly Question[]): Record<string, unknown> {
  const given = answersGiven(questions, (flag) => optionOf(generator, OPTION_NAMES[flag] ?? flag));
  return { ...given, ...rawAnswers(process.argv.slice(2), questions) };
}

function whoAnswers(generator: Generator): SettleOptions['open'] {
  if (isSet(generator, 'yes')) return 'defaults';
  if (isDeaf(generator)) return 'refuse';
  return askThrough(async (question) => {
    // Yeoman's types want its own wide question type
    const prompt = generator.prompt.bind(generator) as unknown as (asked: unknown) => Promise<Answers>;
    return prompt([question]);
  });
}

/** Yeoman's terminal adapter without a terminal would wait for ever; another adapter (as in tests) answers. */
function isDeaf(generator: Generator): boolean {
  return isInYo(generator) && !canAsk();
}

function isInYo(generator: Generator): boolean {
  const queued = generator.env.adapter as { readonly actualAdapter?: object };
  return queued.actualAdapter?.constructor.name === 'TerminalAdapter';
}

/**
 * Tells of an end before the last file what yo does not know: Ctrl-C is no error, and what was written can be rolled
 * back. Yeoman asks about files that differ while it writes others.
 */
function tellEnd(begun: string | undefined, error: unknown): void {
  const way = begun === undefined ? undefined : `roll back what was written: wdev undo ${typedPath(begun)}`;
  const isInterrupted = error instanceof Error && error.name === 'ExitPromptError';
  if (isInterrupted) {
    printAside([`interrupted; ${way ?? 'nothing was written'}`]);
    process.exit(EXIT.interrupted);
  }
  if (way !== undefined) printAside([`Failed; ${way}`]);
}

/**
 * Says in yo why nothing is made, and ends: of an error that Yeoman hears of it tells twice more that there was one. A
 * program that runs the generator gets the error, and its exit status as `code`.
 */
function refused(generator: Generator, error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const [first = '', ...more] = [error.message, ...(error.help?.split('\n') ?? [])].map((line) =>
    visible(line),
  );
  if (isInYo(generator)) {
    printAside([`yo wazo-plugin: ${first}`, ...more.map((line) => `      ${line}`)]);
    process.exit(error.exit);
  }
  return Object.assign(new Error([first, ...more].join('\n')), { code: error.exit });
}
