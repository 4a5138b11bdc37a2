import { userInfo } from 'node:os';
import { run } from '../support/run.ts';
import type { Facts } from './answers.ts';

/** What the machine tells for defaults: the year, git's user, the login name. Empty texts where unknown. */
export async function readFacts(): Promise<Facts> {
  const [gitName, gitEmail] = await Promise.all([gitSetting('user.name'), gitSetting('user.email')]);
  return { year: String(new Date().getFullYear()), gitName, gitEmail, user: loginName() };
}

async function gitSetting(key: string): Promise<string> {
  const { status, stdout } = await run(['git', 'config', '--get', key]);
  return status === 0 ? stdout.trim() : '';
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return ''; // a user id without an entry in passwd, as in containers
  }
}
