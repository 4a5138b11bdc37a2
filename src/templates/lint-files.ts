/** Whether files parse as what their names say: Python, YAML, JSON, TOML, shell, Asterisk's configuration. */

import path from 'node:path';
import { readConfig } from '../dialplan/read/config.ts';
import { memorySource } from '../dialplan/read/source.ts';
import type { Finding } from '../findings/finding.ts';
import { askInterpreter, authorPythons } from '../readers/python/interpreters.ts';
import { SourceText } from '../readers/source-text.ts';
import { run } from '../support/run.ts';
import {
  isListOf,
  isNumber,
  isPlaceNumber,
  isRecord,
  isText,
  parsedJson,
  type Shape,
} from '../support/shape.ts';
import type { RenderedFile } from './render.ts';

export interface MadeFile {
  readonly file: RenderedFile;
  /** The answer that made it so; empty for the defaults. */
  readonly sample: string;
}

interface Problem {
  readonly index: number;
  readonly line: number;
  readonly message: string;
}

interface Text {
  readonly index: number;
  readonly path: string;
  readonly text: string;
}

/** A finding for each file that does not parse. What needs Python is passed over where there is none. */
export async function parseProblems(made: readonly MadeFile[]): Promise<readonly Finding[]> {
  const texts = made.flatMap(({ file }, index) =>
    typeof file.content === 'string' ? [{ index, path: file.path, text: file.content }] : [],
  );
  const problems = [
    ...(await Promise.all(texts.map(parseHere))).flat(),
    ...(await byPython(texts.filter((text) => PYTHON.test(text.path)))),
    ...(await byShell(texts.filter(isShell))),
  ];
  return problems.map(({ index, line, message }) => {
    const { file, sample } = made[index] ?? {};
    const source = file?.source ?? '';
    return {
      code: 'template-file-broken',
      level: 'error',
      message: `The generated file${sample ? ` (with ${sample})` : ''} does not parse: ${message}`,
      file: file?.path ?? '',
      line,
      help: `Fix the template file ${source}.`,
    };
  });
}

const PYTHON = /\.(py|toml|cfg|ini)$/;

function isShell({ path: name, text }: Text): boolean {
  return /\.sh$|(^|\/)rules$/.test(name) || /^#!.*\b(sh|bash|dash)\b/.test(text);
}

async function parseHere({ index, path: name, text }: Text): Promise<readonly Problem[]> {
  const extension = path.posix.extname(name);
  if (extension === '.json') return jsonProblem(index, text);
  if (extension === '.yml' || extension === '.yaml') {
    const { readYamlStream } = await import('../readers/yaml/read.ts');
    const source = new SourceText(name, text);
    return readYamlStream(text, { tags: ['!exec'] }).flatMap(({ problem }) =>
      problem === undefined
        ? []
        : [{ index, line: source.at(problem.offset).line, message: problem.message }],
    );
  }
  if (extension !== '.conf' || !name.startsWith('etc/asterisk/')) return [];
  const { log } = readConfig(memorySource(new Map([[`/${name}`, text]])), `/${name}`, { alone: true });
  return log
    .filter(({ level }) => level === 'ERROR')
    .map(({ place, message }) => ({ index, line: place?.line ?? 1, message }));
}

function jsonProblem(index: number, text: string): readonly Problem[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
    return [{ index, line: text.slice(0, offset).split('\n').length, message }];
  }
}

/** Reads `[[index, path, text], …]`, writes `[{index, line, message}, …]`. */
const READER = `
import ast, configparser, json, sys
try:
    import tomllib
except ImportError:
    tomllib = None
found = []
for index, path, text in json.load(sys.stdin):
    try:
        if path.endswith('.py'):
            ast.parse(text)
        elif path.endswith('.toml'):
            tomllib and tomllib.loads(text)
        else:
            configparser.ConfigParser(interpolation=None).read_string(text)
    except Exception as error:
        found.append({'index': index, 'line': getattr(error, 'lineno', None) or 1, 'message': str(error).splitlines()[0]})
json.dump(found, sys.stdout)
`;

const isProblems = isListOf(
  isRecord({ index: isNumber, line: isPlaceNumber, message: isText }),
) as unknown as Shape<readonly Problem[]>;

/** The answer of READER; none where a Python of the person's says something else. */
export function readProblems(stdout: string): readonly Problem[] {
  const problems = parsedJson(stdout);
  return isProblems(problems) ? problems : [];
}

async function byPython(texts: readonly Text[]): Promise<readonly Problem[]> {
  if (texts.length === 0) return [];
  const input = JSON.stringify(texts.map(({ index, path: name, text }) => [index, name, text]));
  for (const python of authorPythons()) {
    const done = await askInterpreter(python, READER, { input });
    if (done.status === 0) return readProblems(done.stdout);
  }
  return [];
}

async function byShell(texts: readonly Text[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { index, text } of texts) {
    const shell = /^#!.*\bbash\b/.test(text) ? 'bash' : 'sh';
    const done = await run([shell, '-n'], { input: text });
    if (done.status === 0 || done.status === 127) continue;
    const [, line, message] = /(?:line )?(?<!\d)(\d+): (.*)/.exec(done.stderr) ?? [];
    problems.push({ index, line: Number(line ?? 1), message: message ?? done.stderr.trim() });
  }
  return problems;
}
