/** The questions before a template is known, and after it is. */

import type { Ask, SettleOptions } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { usageError } from '../support/errors.ts';
import { didYouMean } from '../support/nearest.ts';
import { KINDS, builtInNames, builtInTemplate } from '../templates/built-in.ts';
import type { AskTrust } from '../templates/trust.ts';

type Open = SettleOptions['open'];

/**
 * The name of a template of this package: the given one, or the one that the person chooses.
 * @throws UserError `usage` for one that there is not, or when there is no terminal to ask on
 */
export async function chooseTemplate(given: string | undefined, open: Open): Promise<string> {
  const names = builtInNames();
  if (given !== undefined) {
    if (names.includes(given)) return given;
    const all = `The kinds are ${KINDS.join(', ')}; wdev templates lists all that can be made.`;
    const isPart = builtInTemplate('stack').parts.some(({ name }) => name === given);
    const help = isPart
      ? `${given} is a part of a stack plugin: wdev new stack hello --part ${given}`
      : didYouMean(given, names, all);
    throw usageError(`unknown kind ${given}`, help);
  }
  if (typeof open !== 'function')
    throw usageError('missing argument: KIND', `The kinds are ${KINDS.join(', ')}.`);
  const question: Question = {
    name: 'kind',
    type: 'list',
    message: 'What do you want to make?',
    choices: names.map((name) => ({
      value: name,
      name: `${titleOf(name)}: ${builtInTemplate(name).summary}`,
    })),
    flag: 'kind',
    ask: true,
  };
  return String(await open(question, 'stack', () => undefined));
}

/** Kinds come first, then examples of them. */
function titleOf(name: string): string {
  return KINDS.some((kind) => kind === name) ? name : `${name} (example)`;
}

/** Who says whether a template's programs may run: they are shown either way. */
export function trustOf(
  open: Open,
  isTrusted: boolean,
  show: (lines: readonly string[]) => void,
): 'no' | AskTrust {
  const ask = isTrusted ? undefined : open;
  if (ask === 'defaults' || ask === 'refuse') return 'no';
  return async (template, commands) => {
    const lines = commands.map((line) => `  ${line}`);
    show([`The template ${template.name} runs in the new folder:`, ...lines]);
    return ask === undefined || (await askTrust(ask));
  };
}

async function askTrust(ask: Ask): Promise<boolean> {
  const question: Question = {
    name: 'trust',
    type: 'confirm',
    message: 'Let it run? This is remembered for this version of the template',
    flag: 'trust',
    ask: true,
  };
  return (await ask(question, false, () => undefined)) === true;
}
