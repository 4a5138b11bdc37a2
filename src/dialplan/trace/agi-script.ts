import { UserError } from '../../support/errors.ts';
import { LineProcess } from '../../support/line-process.ts';
import { type AgiRequest, AgiSession, agiEnvironment } from './agi.ts';
import type { Effect } from './call-applications.ts';
import type { Call } from './call.ts';

/**
 * Lets a program answer an AGI request of a traced call, as Asterisk does: its variables on the standard input, then
 * a command a line on the standard output and an answer a line.
 * @throws UserError `helper-ended` when the program cannot be started
 */
export async function askScript(program: string, call: Call, request: AgiRequest): Promise<Effect> {
  const script = new LineProcess([program, ...request.args]);
  const session = new AgiSession(call);
  try {
    let line = await script.ask(agiEnvironment(call, request).join('\n'));
    for (;;) line = await script.ask(session.answer(line));
  } catch (error) {
    if (!(error instanceof UserError) || script.status === undefined) throw error;
    if (script.status !== 0) call.notes.push(`AGI ${request.request}: ${error.message}`);
    return session.end(script.status === 0);
  } finally {
    script.close();
  }
}
