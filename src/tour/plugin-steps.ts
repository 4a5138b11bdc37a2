import { chmodSync, statSync } from 'node:fs';
import { checkPlugin } from '../check/check.ts';
import { discoverPlugins } from '../kinds/discover.ts';
import { listSources } from '../git/sources.ts';
import { isError } from '../findings/finding.ts';
import type { TourStep } from './step.ts';
import { PLUGIN, type Workbench } from './workbench.ts';

/** The dialplan file of the plugin, in the tour's folder. */
export const DIALPLAN = `${PLUGIN}/etc/asterisk/extensions_extra.d/demo-hello.conf`;
const MANIFEST = `${PLUGIN}/wazo/plugin.yml`;
const RULES = `${PLUGIN}/wazo/rules`;
const NEW = `new stack ${PLUGIN} --namespace demo --part dialplan --yes`;
const ADD = `add subroutine --dir ${PLUGIN}`;
const COMMIT = 'An extension of my own';

export const MAKE: TourStep = {
  id: 'make',
  title: 'Make a plugin',
  text: 'A stack plugin with one part: an extension that phones can dial.',
  task: 'Type this in another terminal, in the folder of the tour:',
  command: () => `wdev ${NEW}`,
  surroundings: 'none',
  play: async (bench) => void (await bench.wdev(NEW)),
  sights: [
    { what: 'wazo/plugin.yml says what the plugin is', see: async (bench) => bench.has(MANIFEST) },
    {
      what: 'wazo/rules builds and installs it, and is executable',
      see: async (bench) => isExecutable(bench),
    },
    {
      what: 'the dialplan file gives phones an extension',
      see: async (bench) => {
        const extension = extensionOf(bench);
        return extension !== '' && `the dialplan file gives phones the extension ${extension}`;
      },
    },
  ],
  hints: [
    `The tour looks for the plugin in ${PLUGIN}/, with namespace demo and the part dialplan.`,
    'In a clone of the project the command is npx wdev.',
  ],
};

const DESCRIPTION = /^description: *(.*)$/m;

export const FILES: TourStep = {
  id: 'files',
  title: 'Get to know its files',
  text:
    'wazo/plugin.yml holds name, version and what the plugin needs. wazo/rules is a shell script that wazo-plugind ' +
    'calls to build, package, install and remove it. Files in etc/ are installed in /etc on the server. The tests in ' +
    'tests/ run without a server. .yo-rc.json keeps your answers, so that parts can be added later.',
  task: 'Open wazo/plugin.yml in your editor, change the description to your own words, and save.',
  file: MANIFEST,
  surroundings: 'none',
  note: (bench) => bench.progress.setNote('description', descriptionOf(bench)),
  play: async (bench) =>
    bench.edit(
      MANIFEST,
      (line) => DESCRIPTION.test(line),
      () => 'description: "Greets whoever dials it"',
    ),
  sights: [
    {
      what: 'plugin.yml has your own description',
      see: async (bench) => {
        const now = descriptionOf(bench);
        return now !== '' && now !== bench.progress.note('description');
      },
    },
    { what: 'wdev check finds nothing wrong with it', see: async (bench) => (await errorsOf(bench)) === 0 },
  ],
  hints: [
    'The line is: description: "The hello plugin". Change the words between the quotes.',
    'wdev check hello, in another terminal, tells whether the file is still well formed.',
  ],
};

export const ADD_PART: TourStep = {
  id: 'add',
  title: 'Add a part',
  text:
    'A plugin can have several parts: a REST route, a driver, sounds. wdev templates lists them. The new files are ' +
    'merged with yours, and wdev watch installs them on the stack like any other save.',
  task: 'Commit your work first, so that git shows what is added; then add a subroutine. In another terminal:',
  command: () => `git -C ${PLUGIN} commit -qam '${COMMIT}' && wdev ${ADD}`,
  surroundings: 'watching',
  play: async (bench) => {
    await bench.commit(COMMIT);
    await bench.wdev(ADD);
  },
  sights: [
    {
      what: 'the plugin has the part subroutine, and your description is kept',
      see: async (bench) =>
        /"subroutine"/.test(bench.read(`${PLUGIN}/.yo-rc.json`)) &&
        descriptionOf(bench) !== bench.progress.note('description'),
    },
    {
      what: 'Asterisk has the context of the subroutine',
      see: async (bench) =>
        (await bench.console('dialplan show demo-hello-subroutine')).includes("'s' =>") &&
        bench.lastWord?.event === 'verified',
    },
  ],
  hints: [`The part is added to the plugin in ${PLUGIN}/: keep --dir ${PLUGIN} in the command.`],
};

export const CHECK: TourStep = {
  id: 'check',
  title: 'Check it',
  text:
    'wdev check knows what wazo-plugind, Asterisk and the services need, and names file, line, reason and fix. ' +
    'The tour has just made a common mistake for you: wazo/rules is no longer executable.',
  task: 'See the finding: wdev check hello. Then fix it:',
  command: () => `wdev check ${PLUGIN} --fix`,
  surroundings: 'stack',
  prepare: async (bench) => chmodSync(bench.path(RULES), 0o644),
  play: async (bench) => void (await bench.wdev(`check ${PLUGIN} --fix`)),
  sights: [
    { what: 'wazo/rules is executable again', see: async (bench) => isExecutable(bench) },
    { what: 'wdev check finds nothing wrong', see: async (bench) => (await errorsOf(bench)) === 0 },
  ],
  hints: ['Each finding has a code. To read more about it: wdev check --explain rules-not-executable'],
};

/** The extension that phones dial, by the dialplan file; empty when it has none. */
export function extensionOf(bench: Workbench): string {
  return /^exten *=>? *([^,\s]+),1,Gosub\(demo-hello/m.exec(bench.read(DIALPLAN))?.[1] ?? '';
}

function descriptionOf(bench: Workbench): string {
  return DESCRIPTION.exec(bench.read(MANIFEST))?.[1] ?? '';
}

function isExecutable(bench: Workbench): boolean {
  return bench.has(RULES) && (statSync(bench.path(RULES)).mode & 0o111) === 0o111;
}

/** How many errors wdev check finds in the plugin. */
async function errorsOf(bench: Workbench): Promise<number> {
  const [plugin] = discoverPlugins([bench.path(PLUGIN)]);
  if (plugin === undefined) return 1;
  return (await checkPlugin(plugin, await listSources(plugin.dir))).filter(isError).length;
}
