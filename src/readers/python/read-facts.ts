import { PRESENT_DEBIAN, pythonOf } from '../../wazo/debian.ts';
import { flawOf, SourceText, textOf, type CheckedFile, type CheckedFiles } from '../source-text.ts';
import type { PythonAnswer, PythonFacts, PythonFile } from './facts.ts';
import { isPackaging } from './packaging.ts';
import { askPython, LONGEST, UNREAD, type PythonSettings, type PythonText } from './python-process.ts';
import { readPythonText, type PythonTexts } from './python-text.ts';
import { readSetupCfg, tomlSettings } from './settings-files.ts';

const NEWEST = [3, 13] as const;

/** Facts of plugins, by their folder. */
export type FactsByFolder = ReadonlyMap<string, PythonFacts>;

interface PluginFiles {
  readonly plugin: { readonly dir: string };
  readonly sources: CheckedFiles;
}

/**
 * Reads the Python files and the packaging of all plugins of a run, without running any of them; plugins without
 * such files cost nothing. What is beyond the bound for one plugin counts as unread. Undefined when the machine has no Python 3.
 */
export async function readPythonFacts(
  plugins: readonly PluginFiles[],
  debian = PRESENT_DEBIAN,
  settings?: PythonSettings,
): Promise<FactsByFolder | undefined> {
  const lists = plugins.map(({ sources }) => asFarAsRead(sources));
  const read = await readTexts(
    lists.flatMap(({ texts }) => texts),
    syntaxOf(debian),
    settings,
  );
  if (read === undefined) return undefined;
  let at = 0;
  return new Map(
    plugins.map(({ plugin }, index) => {
      const { texts = [], beyond = [], flawed = [] } = lists[index] ?? {};
      const files = texts.map(({ path }) => [path, read.files[at++]] as const);
      const known = files.filter((entry): entry is [string, PythonFile] => entry[1] !== undefined);
      const unread = beyond.map((path) => [path, UNREAD] as const);
      return [
        plugin.dir,
        { version: read.version, files: Object.fromEntries([...known, ...unread, ...flawed]) },
      ];
    }),
  );
}

/** The texts of a plugin that are read, its packaging first, the paths of those beyond the bound, and those that are no text. */
function asFarAsRead(sources: CheckedFiles): {
  readonly texts: readonly PythonText[];
  readonly beyond: readonly string[];
  readonly flawed: readonly (readonly [string, PythonFile])[];
} {
  const files = [...sources.values()].filter((file) => isRead(file.path) && file.link === undefined);
  const texts: PythonText[] = [];
  const beyond: string[] = [];
  const flawed: (readonly [string, PythonFile])[] = [];
  let left = LONGEST;
  for (const file of [
    ...files.filter(({ path }) => isPackaging(path)),
    ...files.filter(({ path }) => !isPackaging(path)),
  ]) {
    const fault = encodingFault(file);
    if (fault !== undefined) {
      flawed.push([file.path, fault]);
      continue;
    }
    const text = textOf(file);
    if (text.length > left) {
      beyond.push(file.path);
      continue;
    }
    texts.push({ path: file.path, text });
    left -= text.length;
  }
  return { texts, beyond, flawed };
}

/** A comment in one of the first two lines that names another encoding: Python's reference, 2.1.4. */
const ENCODING = /^(?:[ \t\f]*#[^\n]*\n|[ \t\f]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*(?!utf-?8)[-\w.]/i;

/** Facts of a Python file that Python does not decode: its error alone. */
function encodingFault(file: CheckedFile): PythonFile | undefined {
  if (file.large !== undefined || !file.path.endsWith('.py')) return undefined;
  const { path, bytes } = file;
  const flaw = flawOf(bytes);
  const text = bytes.toString('utf8');
  if (flaw === undefined || (!bytes.includes(0) && ENCODING.test(text))) return undefined;
  const { line, column } = new SourceText(path, text).at(flaw.offset);
  return { ...NOTHING, error: { message: flaw.message, line, column } };
}

/** The version of Python whose grammar a release reads. */
function syntaxOf(debian: number): readonly [number, number] {
  const [major, minor] = (pythonOf(debian) ?? '').split('.').map(Number);
  return major === undefined || minor === undefined ? NEWEST : [major, minor];
}

/** Reads texts, each as what its path says it is. Undefined when the machine has no Python 3. */
export async function readTexts(
  texts: readonly PythonText[],
  syntax: readonly [number, number] = NEWEST,
  settings?: PythonSettings,
): Promise<{ readonly version: string; readonly files: readonly PythonFile[] } | undefined> {
  const asked = texts.filter(({ path }) => !isCfg(path));
  const read = await askPython(asked, syntax, settings);
  if (read === undefined) return undefined;
  const answers = [...read.answers];
  const files = texts.map((file) =>
    isCfg(file.path) ? readSetupCfg(file.text) : withLines(file, answers.shift()),
  );
  return { version: read.version, files };
}

/** Reads the packaging; without Python, the parts that are written out in setup.py, and setup.cfg. */
export async function readPackaging(
  texts: readonly PythonText[],
): Promise<Readonly<Record<string, PythonFile>>> {
  const read = await readTexts(texts);
  const files = texts.map((file, at) => [file.path, read?.files[at] ?? withoutPython(file)] as const);
  return Object.fromEntries(files);
}

function withoutPython({ path, text }: PythonText): PythonFile {
  if (isCfg(path)) return readSetupCfg(text);
  return path.endsWith('.py') ? readPythonText(text) : NOTHING;
}

/** Python's reading of texts of a setup.py; texts that it did not read are read as text. */
export async function readPythonTexts(texts: readonly string[]): Promise<PythonTexts> {
  const wanted = [...new Set(texts)];
  const read = await readTexts(wanted.map((text) => ({ path: 'setup.py', text })));
  const known = new Map(read?.files.map((file, at) => [wanted[at], file]));
  return (text) => known.get(text) ?? readPythonText(text);
}

/** Files that are read for the rules. */
function isRead(file: string): boolean {
  return file.endsWith('.py') || isCfg(file) || file === 'pyproject.toml';
}

function isCfg(file: string): boolean {
  return file === 'setup.cfg';
}

function withLines({ text }: PythonText, answer: PythonAnswer | undefined): PythonFile {
  if (answer === undefined) return NOTHING;
  const { settings, seconds: _took, ...file } = answer;
  return settings === undefined ? file : { ...file, settings: tomlSettings(text, settings) };
}

const NOTHING: PythonFile = { imports: [], names: [], open: true, classes: [], calls: [] };
