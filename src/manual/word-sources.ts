/** The words of kinds, parts, targets and the like, for completion. */

import type { Suggestion, WordSource, WordSources } from './completer.ts';

async function kinds(): Promise<readonly Suggestion[]> {
  const { KINDS, loadTemplate } = await import('../templates/load.ts');
  return KINDS.map((kind) => ({ word: kind, about: loadTemplate(kind).summary }));
}

/** All templates of this package, kinds first. */
async function templates(): Promise<readonly Suggestion[]> {
  const { builtInNames, builtInTemplate } = await import('../templates/built-in.ts');
  return builtInNames().map((name) => ({ word: name, about: builtInTemplate(name).summary }));
}

async function parts(): Promise<readonly Suggestion[]> {
  const { KINDS, loadTemplate } = await import('../templates/load.ts');
  return KINDS.flatMap((kind) => loadTemplate(kind).parts).map(({ name, summary }) => ({
    word: name,
    about: summary,
  }));
}

async function rules(): Promise<readonly Suggestion[]> {
  const { CODES, titleOf } = await import('../findings/catalogue.ts');
  return CODES.map((code) => ({ word: code, about: titleOf(code) }));
}

async function stacks(): Promise<readonly Suggestion[]> {
  const { stackStatuses } = await import('../stacks/status.ts');
  const all = stackStatuses(process.cwd());
  return all
    .filter(({ kind }) => kind === 'real' || kind === 'wazo')
    .map(({ name, state }) => ({ word: name, about: state }));
}

async function named(): Promise<readonly Suggestion[]> {
  const { readSettings } = await import('../settings/settings.ts');
  const targets = readSettings(process.cwd()).targets ?? {};
  return Object.entries(targets).map(([word, about]) => ({ word, about }));
}

async function targets(): Promise<readonly Suggestion[]> {
  return [
    ...(await named()),
    { word: 'embedded', about: 'a folder of this project' },
    { word: 'stack', about: 'the disposable stack' },
    ...(await stacks()).map(({ word }) => ({ word: `stack:${word}`, about: 'a stack of this machine' })),
    { word: 'local', about: 'this machine' },
    { word: 'ssh://', about: '[user@]host[:port]' },
    { word: 'container:', about: 'name of a container' },
    { word: 'exec:', about: 'a command that gives a shell' },
  ];
}

async function services(): Promise<readonly Suggestion[]> {
  const { SERVICES } = await import('../wazo/services.ts');
  return [{ word: 'asterisk' }, ...SERVICES.map(({ unit }) => ({ word: unit }))];
}

/** Choices of a question of any kind: `--license`, `--ci`. */
function answersTo(flag: string): WordSource {
  return async () => {
    const { KINDS, loadTemplate } = await import('../templates/load.ts');
    const questions = KINDS.flatMap((kind) => loadTemplate(kind).questions).filter(
      (one) => one.flag === flag,
    );
    const choices = questions.flatMap((question) => question.choices ?? []);
    return [...new Map(choices.map(({ value, name }) => [value, { word: value, about: name }])).values()];
  };
}

function words(...all: readonly string[]): WordSource {
  return () => Promise.resolve(all.map((word) => ({ word })));
}

/** The answers' flags that take one of a few words. */
async function answerFlags(): Promise<WordSources> {
  const { KINDS, loadTemplate } = await import('../templates/load.ts');
  const questions = KINDS.flatMap((kind) => loadTemplate(kind).questions);
  const found: Record<string, WordSource> = {};
  for (const { flag, choices, type } of questions) {
    if (type !== 'confirm' && choices === undefined) continue;
    const source = type === 'confirm' ? words('yes', 'no') : answersTo(flag);
    for (const command of ['new', 'add']) found[`${command} --${flag}`] = source;
  }
  return found;
}

/** Every place where words are known. */
export async function wordSources(): Promise<WordSources> {
  return {
    ...(await answerFlags()),
    path: 'files',
    dir: 'folders',
    folder: 'folders',
    plugin: 'folders',
    '--cwd': 'folders',
    '--template': { words: templates, paths: 'folders' },
    '--part': parts,
    '--target': targets,
    '--explain': rules,
    'watch --calls': words('now', 'wait'),
    // as in wazo/debian.ts, which every check would load one file more for
    'check --debian': words('10', '11', '12', '13'),
    '--debian': words('12', '13'),
    'tour --stack': words('embedded', 'real'),
    '--stack': stacks,
    'stack --kind': words('embedded', 'real', 'wazo'),
    'stack --name': stacks,
    'stack command': 'files',
    'new kind': templates,
    'add part': parts,
    'logs service': services,
    'show name': async () => [...(await templates()), ...(await parts())],
    'schema kind': kinds,
    'release version': words('patch', 'minor', 'major'),
    'targets name': named,
    'targets address': targets,
  };
}
