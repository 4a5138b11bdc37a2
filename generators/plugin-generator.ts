import type { Stats } from 'node:fs';
import path from 'node:path';
import Generator from 'yeoman-generator';
import { settleAnswers, type Ask } from '../src/answers/answers.ts';
import { readFacts } from '../src/answers/facts.ts';
import { commitOf, firstCommit } from '../src/git/first-commit.ts';
import { KINDS, loadTemplate, type Kind } from '../src/templates/load.ts';
import { recordedIn } from '../src/create/create.ts';
import { askThrough } from '../src/answers/prompt.ts';
import { rawAnswers } from '../src/answers/raw-flags.ts';
import { commandsOf, render, type RenderedFile } from '../src/templates/render.ts';
import type { Answers, Question } from '../src/answers/question.ts';
import { fetchTemplate } from '../src/templates/fetch.ts';
import { commandText, mayRun, runCommands, type AskTrust } from '../src/templates/trust.ts';
import { isEmpty, refuseOccupied } from '../src/edits/occupied.ts';
import { recordWhole } from '../src/edits/write.ts';
import { UserError } from '../src/support/errors.ts';
import { didYouMean } from '../src/support/nearest.ts';

/** Yeoman keeps `namespace` for the generator's own, so programs (not the command line) use this one. */
const OPTION_NAMES: Readonly<Record<string, string>> = { namespace: 'plugin-namespace' };

/** What the four generators share. Yeoman runs every method of a generator, so helpers are functions below. */
export class PluginGenerator extends Generator {
  readonly kind: Kind | undefined;
  /** Undefined when there is nothing to write: a plugin that was there was changed. */
  private files: readonly RenderedFile[] | undefined = [];
  private isNew = false;
  /** What the template wants to run, and whether it may. */
  private commands: readonly (readonly string[])[] = [];
  private isTrusted = false;

  constructor(args: string[], options: ConstructorParameters<typeof Generator>[1], kind?: Kind) {
    // Yeoman would not see the tasks below in generators that extend this; and there is nothing to npm install
    super(args, options, { inheritTasks: true, customInstallTask: true });
    this.kind = kind;
    declareOptions(this, kind);
  }

  async prompting(): Promise<void> {
    try {
      if (await isDoneInPlugin(this)) {
        this.files = undefined;
        return;
      }
      const reference = optionOf(this, 'template') as string | undefined;
      const fetched = await fetchTemplate(reference ?? this.kind ?? (await chooseKind(this)), {
        offline: Boolean(optionOf(this, 'offline')),
      });
      for (const note of fetched.notes) this.log(`Note: ${note}.`);
      const { template } = fetched;
      const given = givenAnswers(this, template.questions);
      const open = whoAnswers(this);
      const folder = optionOf(this, 'dir') as string | undefined;
      if (folder !== undefined && given['name'] === undefined) given['name'] = path.basename(folder);
      const answers = await settleAnswers(template, {
        given,
        facts: await readFacts(template.questions, given),
        open,
      });
      this.destinationRoot(this.destinationPath(folder ?? String(answers['name'])));
      // with a person there, Yeoman shows each file that differs and asks
      await refuseOccupied(
        this.destinationRoot(),
        Boolean(optionOf(this, 'force')) || typeof open === 'function',
      );
      this.isNew = await isEmpty(this.destinationRoot());
      this.files = render(recordedIn(this.destinationRoot(), fetched), answers);
      this.commands = commandsOf(template, answers);
      this.isTrusted = await mayRun(template, this.commands, whoTrusts(this));
    } catch (error) {
      throw forYo(error);
    }
  }

  writing(): void {
    // the mode must stand in stat: as an option of its own it is ignored
    for (const { path, content, mode } of this.files ?? [])
      this.writeDestination(path, typeof content === 'string' ? content : Buffer.from(content), {
        stat: { mode } as Stats,
      });
  }

  async end(): Promise<void> {
    if (this.files === undefined) return;
    const folder = this.destinationRoot();
    const hadRepository = (await commitOf(folder)) !== undefined;
    const ran = this.isTrusted ? await runCommands(folder, this.commands) : [];
    for (const note of ran) this.log(`Note: ${note}.`);
    if (!this.isTrusted)
      for (const command of this.commands)
        this.log(`Note: the template wanted to run "${commandText(command)}", and was not let.`);
    const note = optionOf(this, 'git') === false ? undefined : await firstCommit(folder);
    if (this.isNew && !hadRepository) await recordWhole(folder, this.files, await commitOf(folder));
    if (note !== undefined) this.log(`Note: ${note}.`);
    this.log(`Next: wdev watch ${path.relative(process.cwd(), this.destinationRoot()) || '.'}`);
  }
}

function optionOf(generator: Generator, name: string): unknown {
  return (generator.options as unknown as Record<string, unknown>)[name];
}

function declareOptions(generator: Generator, kind: Kind | undefined): void {
  generator.argument('dir', {
    type: String,
    required: false,
    description: 'Folder to make; ./NAME by default',
  });
  generator.option('yes', {
    type: Boolean,
    description: 'Take the default of every open question; never ask',
  });
  generator.option('git', {
    type: Boolean,
    default: true,
    description: 'Make a git repository with a first commit',
  });
  generator.option('template', {
    type: String,
    description: 'A name of wdev templates, a folder, git+URL[#ref][:subfolder] or an npm package',
  });
  generator.option('offline', {
    type: Boolean,
    description: 'Take a template from afar out of the cache',
  });
  generator.option('trust', {
    type: Boolean,
    description: 'Let the template run what it names; it is shown either way',
  });
  if (kind === undefined)
    generator.option('kind', { type: String, description: `One of ${KINDS.join(', ')}` });
  const kinds = kind === undefined ? KINDS : [kind];
  for (const question of kinds.flatMap((name) => loadTemplate(name).questions)) {
    const type = question.type === 'confirm' ? Boolean : String;
    generator.option(question.flag, { type, description: question.message });
    const other = OPTION_NAMES[question.flag];
    if (other !== undefined)
      generator.option(other, { type, description: `${question.message} (for programs)` });
  }
}

/** `yo wazo-plugin` without an answer, typed in the folder of a plugin, offers to change that one. */
async function isDoneInPlugin(generator: PluginGenerator): Promise<boolean> {
  const ask = whoAnswers(generator);
  const told = ['kind', 'dir', 'name'].some((name) => optionOf(generator, name) !== undefined);
  if (generator.kind !== undefined || told || typeof ask !== 'function') return false;
  const { offerExisting } = await import('./existing-plugin.ts');
  return await offerExisting(generator, generator.destinationRoot(), ask);
}

async function chooseKind(generator: PluginGenerator): Promise<Kind> {
  const question: Question = {
    name: 'kind',
    type: 'list',
    message: 'What do you want to make?',
    choices: KINDS.map((name) => ({ value: name, name: `${name}: ${loadTemplate(name).summary}` })),
    flag: 'kind',
    ask: true,
  };
  const ask = whoAnswers(generator);
  const given = optionOf(generator, 'kind') as string | undefined;
  if (given === undefined && typeof ask !== 'function')
    throw new UserError('usage', 'missing answer: --kind');
  const answer = given ?? (typeof ask === 'function' ? await ask(question, 'stack', () => undefined) : '');
  const kind = KINDS.find((name) => name === answer);
  if (kind === undefined)
    throw new UserError('usage', `there is no kind ${String(answer)}. ${didYouMean(String(answer), KINDS)}`);
  return kind;
}

/** The command line as it was typed, and otherwise the options that a program passed. */
function givenAnswers(generator: Generator, questions: readonly Question[]): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const question of questions) {
    const value: unknown = optionOf(generator, OPTION_NAMES[question.flag] ?? question.flag);
    if (value !== undefined) given[question.name] = value;
  }
  return { ...given, ...rawAnswers(process.argv.slice(2), questions) };
}

function whoAnswers(generator: Generator): 'defaults' | 'refuse' | Ask {
  if (optionOf(generator, 'yes')) return 'defaults';
  if (isDeaf(generator)) return 'refuse';
  return askThrough(async (question) => {
    // Yeoman's types want its own wide question type
    const prompt = generator.prompt.bind(generator) as unknown as (asked: unknown) => Promise<Answers>;
    return prompt([question]);
  });
}

function whoTrusts(generator: Generator): 'no' | AskTrust {
  const ask = whoAnswers(generator);
  const show = (commands: readonly string[]): void => {
    generator.log(
      ['The template runs in the new folder:', ...commands.map((line) => `  ${line}`)].join('\n'),
    );
  };
  if (optionOf(generator, 'trust'))
    return async (_template, commands) => {
      show(commands);
      return true;
    };
  if (typeof ask !== 'function') return 'no';
  return async (_template, commands) => {
    show(commands);
    const question: Question = {
      name: 'trust',
      type: 'confirm',
      message: 'Let it run? This is remembered for this version of the template',
      flag: 'trust',
      ask: true,
    };
    return (await ask(question, false, () => undefined)) === true;
  };
}

/** Yeoman's terminal adapter without a terminal would wait for ever; another adapter (as in tests) answers. */
function isDeaf(generator: Generator): boolean {
  const queued = generator.env.adapter as { readonly actualAdapter?: object };
  const isTerminal = queued.actualAdapter?.constructor.name === 'TerminalAdapter';
  return isTerminal && !(process.stdin.isTTY && process.stdout.isTTY);
}

/** yo prints the message, and ends with `code` when that is a number. */
function forYo(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const help = error.help === undefined ? '' : `\n${error.help}`;
  return Object.assign(new Error(error.message + help), { code: error.exit });
}
