import { UserError, messageOf } from '../support/errors.ts';
import { openTarget } from '../targets/open.ts';
import { openSession, type Session } from '../targets/session.ts';
import { renewedToken } from '../targets/token.ts';

/** Waits between attempts to reach a target again, in milliseconds; the last one repeats. */
const BACK_OFF = [200, 500, 1000, 2000, 4000];

export interface ConnectOptions {
  readonly target: string;
  /** Project folder that holds the embedded stack; the current folder by default. */
  readonly folder?: string;
  /** A command of the person that prints a token for its services. */
  readonly tokenCommand?: string;
  /** Told what a person should know while it takes a moment. */
  readonly say: (sentence: string) => void;
}

/** Opens a target and its session; a batch that had been cut off there is rolled back first. */
export async function connect({ target, tokenCommand, ...options }: ConnectOptions): Promise<Session> {
  const { say } = options;
  const token = tokenCommand === undefined ? undefined : await renewedToken(tokenCommand);
  const found = await openTarget(target, options);
  const opened = token === undefined ? found : { ...found, token };
  try {
    const session = await openSession(opened);
    if (session.recovered) say('an interrupted batch was rolled back on the target');
    return session;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Tries to reach a lost target again and again; answers nothing when `pause` says that it is over. */
export async function reconnect(
  options: ConnectOptions,
  pause: (ms: number) => Promise<void>,
  over: () => boolean,
): Promise<Session | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    await pause(BACK_OFF[Math.min(attempt, BACK_OFF.length - 1)] ?? 1000);
    if (over()) return undefined;
    try {
      return await connect(options);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      options.say(messageOf(error));
    }
  }
}
