import { readdirSync } from 'node:fs';
import path from 'node:path';
import { EXIT, usageError } from '../support/errors.ts';
import type { Finding } from '../findings/finding.ts';
import { statOf } from '../support/stat.ts';
import { print, printJson } from '../terminal/output.ts';
import { readText } from '../support/read-file.ts';

export interface AgiFlags {
  record?: string;
  handler?: string;
  args?: string;
  set?: readonly string[];
  target?: string;
  python?: string;
  json?: true;
}

/** The dialogues that `wdev simulate PATH` is about; none when it is about a call-logger plugin. */
export function dialogueFiles(given: string): readonly string[] {
  if (given.endsWith('.txt') && statOf(given)?.isFile() === true) return [given];
  const folder = path.join(given, 'agi');
  if (statOf(path.join(given, 'call-logger-plugin.yml')) !== undefined) return [];
  if (statOf(folder)?.isDirectory() !== true) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Plays Asterisk's part of each dialogue. */
export async function replayFiles(files: readonly string[], flags: AgiFlags): Promise<number> {
  const [{ parseDialogue }, { replayDialogue }, { authorPythons }] = await Promise.all([
    import('../simulate/agi/dialogue.ts'),
    import('../simulate/agi/replay.ts'),
    import('../readers/python/interpreters.ts'),
  ]);
  const results: { file: string; matched: number; findings: readonly Finding[] }[] = [];
  for (const file of files) {
    const dialogue = parseDialogue(readText(file), file);
    results.push({ file, ...(await replayDialogue(dialogue, file, authorPythons(flags.python)[0])) });
  }
  if (flags.json === true) printJson({ dialogues: results });
  else for (const result of results) await printReplay(result);
  return results.some(({ findings }) => findings.length > 0) ? EXIT.failed : EXIT.done;
}

async function printReplay(result: {
  file: string;
  matched: number;
  findings: readonly Finding[];
}): Promise<void> {
  const [{ findingLines }, { lineReader }] = await Promise.all([
    import('../terminal/finding-text.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  const { file, matched, findings } = result;
  const end = findings.length === 0 ? 'as recorded' : 'not as recorded';
  const readLine = lineReader(path.dirname(file));
  const lines = [
    `${file}: ${matched} command${matched === 1 ? '' : 's'}, ${end}`,
    ...findings.flatMap((finding) => findingLines(finding, readLine)),
  ];
  print(lines);
}

/** Runs a handler on a real Asterisk, and writes down the dialogue. */
export async function recordDialogue(handler: string, file: string, flags: AgiFlags): Promise<number> {
  if (statOf(handler)?.isFile() !== true) {
    throw usageError(
      `${handler} is no file`,
      'Name the handler: wdev simulate path/to/hello.agi --record agi/hello.txt',
    );
  }
  const [{ callAgi }, { dialogueText }, { writeTexts }] = await Promise.all([
    import('../targets/agi-call.ts'),
    import('../simulate/agi/dialogue.ts'),
    import('../edits/write-texts.ts'),
  ]);
  const { tapped, version } = await callAgi(flags.target ?? 'stack', {
    handler: path.resolve(handler),
    name: flags.handler,
    args: flags.args === undefined ? [] : flags.args.split(','),
    variables: new Map((flags.set ?? []).map(variable)),
  });
  const { environment, turns, errors, status } = tapped;
  const commands = turns.filter(({ by }) => by === 'handler').length;
  const isGood = status === 0;
  if (isGood) {
    const relative = path.relative(path.dirname(path.resolve(file)), path.resolve(handler));
    const dialogue = { handler: relative, name: flags.handler, environment, turns };
    const text = dialogueText(dialogue, `Recorded from ${version} by wdev simulate --record.`);
    await writeTexts('.', new Map([[file, text]]), 'simulate --record');
  }
  if (flags.json === true) {
    printJson({ file, version, status, commands, turns, errors });
  } else {
    const end = isGood
      ? `Recorded ${commands} commands from ${version} into ${file}.`
      : `The handler ended with status ${status ?? 'unknown'}; nothing was written.`;
    print([...errors, end]);
  }
  return isGood ? EXIT.done : EXIT.failed;
}

function variable(word: string): [string, string] {
  const equals = word.indexOf('=');
  if (equals < 1) throw usageError(`--set ${word}: not NAME=VALUE`);
  return [word.slice(0, equals), word.slice(equals + 1)];
}
