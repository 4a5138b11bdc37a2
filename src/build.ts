/** The last step of `npm run build`: writes down what the command reads at each start. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildProgram } from './cli/program.ts';
import { COMMANDS } from './commands/registry.ts';
import { SHELLS, completionScript } from './manual/completion-scripts.ts';
import { packageVersion } from './support/paths.ts';
import { builtInsOfFolders, compile } from './templates/compile.ts';
import { COMPILED_FILE } from './templates/compiled.ts';

/** The texts that bin.ts prints for a whole command line. */
async function startTexts(): Promise<Readonly<Record<string, string>>> {
  const program = await buildProgram(COMMANDS, undefined);
  let text = '';
  program.configureOutput({ writeOut: (more) => void (text += more) });
  program.outputHelp();
  return {
    ...Object.fromEntries(['-h', '--help', 'help'].map((words) => [words, text])),
    '--version': `${packageVersion()}\n`,
    ...Object.fromEntries(SHELLS.map((shell) => [`completion ${shell}`, completionScript(shell)])),
  };
}

writeFileSync(COMPILED_FILE, JSON.stringify(compile(builtInsOfFolders())));
writeFileSync(path.join(import.meta.dirname, 'start-texts.json'), JSON.stringify(await startTexts()));
