import path from 'node:path';
import { readAnswers, type Answers } from '../effects/evidence/answers-shape.ts';
import { wishesOf, type Questions } from '../effects/evidence/questions.ts';
import { packageRoot } from '../support/paths.ts';
import { quote } from '../support/quote.ts';
import { readText } from '../support/read-file.ts';
import type { Target } from './target.ts';

/** Starts the program that will ask the services on a target, which has time for it while they restart. */
export function expectQuestions(target: Target): void {
  if (target.root !== '' || expected.has(target)) return;
  expected.add(target);
  // a target that is lost here is missed by the next request
  void target.run(`wdev_ask asker ${quote(program())}`).catch(() => undefined);
}

const expected = new WeakSet<Target>();

/**
 * Asks the services on a target, all at once, by one program there, which stays where there is a helper for it. An
 * embedded stack has no services, and a target without Python 3 none that could be asked: then there are no answers.
 */
export async function askServices(target: Target, questions: Questions): Promise<Answers> {
  if (questions.size === 0 || target.root !== '') return {};
  // on standard input: neither a list of processes nor a log shows a token
  const token = await target.token?.();
  const importer = sourceOf('import-late.py');
  const wishes = { units: wishesOf(questions), importer, token, isOurs: target.isOurs };
  const input = Buffer.from(JSON.stringify(wishes));
  expectQuestions(target);
  const kept = await target.run('wdev_ask asked', { input });
  if (kept.status === 0) return readAnswers(kept.stdout.toString('utf8'));
  expected.delete(target);
  const { stdout, status } = await target.run(`python3 -c ${quote(program())}`, { input });
  return status === 0 ? readAnswers(stdout.toString('utf8')) : {};
}

function program(): string {
  return sourceOf('ask-services.py');
}

function sourceOf(name: string): string {
  return readText(path.join(packageRoot(), 'src/effects', name));
}
