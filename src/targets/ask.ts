import path from 'node:path';
import { readAnswers, type Answers } from '../effects/evidence/answers-shape.ts';
import { wishesOf, type Questions } from '../effects/evidence/questions.ts';
import { packageRoot } from '../support/paths.ts';
import { quote } from '../support/quote.ts';
import { readText } from '../support/read-file.ts';
import type { Target } from './target.ts';

/**
 * Asks the services on a target, all at once, by one program there. An embedded stack has no services, and a target
 * without Python 3 none that could be asked: then there are no answers.
 */
export async function askServices(target: Target, questions: Questions): Promise<Answers> {
  if (questions.size === 0 || target.root !== '') return {};
  const sources = path.join(packageRoot(), 'src/effects');
  const program = readText(path.join(sources, 'ask-services.py'));
  const importer = readText(path.join(sources, 'import-late.py'));
  // on standard input: neither a list of processes nor a log shows a token
  const token = await target.token?.();
  const wishes = { units: wishesOf(questions), importer, token, isOurs: target.isOurs };
  const input = Buffer.from(JSON.stringify(wishes));
  const { stdout, status } = await target.run(`python3 -c ${quote(program)}`, { input });
  return status === 0 ? readAnswers(stdout.toString('utf8')) : {};
}
