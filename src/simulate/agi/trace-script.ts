import path from 'node:path';
import type { AgiRequest } from '../../dialplan/trace/agi.ts';
import { AgiSession, agiEnvironment } from '../../dialplan/trace/agi.ts';
import type { Effect } from '../../dialplan/trace/call-applications.ts';
import type { Call } from '../../dialplan/trace/call.ts';
import { timeLimit } from '../../sandbox/policy.ts';
import { startPlugin } from '../../sandbox/run.ts';
import { programOf } from '../../sandbox/way.ts';
import { UserError } from '../../support/errors.ts';
import { showHandler } from '../sources.ts';

/**
 * Lets a program answer an AGI request of a traced call, as Asterisk does: its variables on the standard input, then
 * a command a line on the standard output and an answer a line.
 * @throws UserError `helper-ended` when the program cannot be started
 */
export async function askScript(program: string, call: Call, request: AgiRequest): Promise<Effect> {
  const file = program.includes('/') ? path.resolve(program) : programOf(program);
  if (file === undefined) throw new UserError('helper-ended', `${program} is not a program on PATH`);
  const seen = await showHandler(file);
  const script = await startPlugin({
    command: [file, ...request.args],
    cwd: path.dirname(file),
    writable: [],
    readable: seen.readable,
    network: true,
  });
  const session = new AgiSession(call);
  const limit = timeLimit() * 1000;
  try {
    let line = await script.ask(agiEnvironment(call, request).join('\n'), limit);
    for (;;) line = await script.ask(session.answer(line), limit);
  } catch (error) {
    if (!(error instanceof UserError) || script.status === undefined) throw error;
    if (script.status !== 0) call.notes.push(`AGI ${request.request}: ${error.message}`);
    return session.end(script.status === 0);
  } finally {
    script.close();
    await script.over();
    seen.remove();
  }
}
