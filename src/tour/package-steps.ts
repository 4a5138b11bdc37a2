import { readdirSync } from 'node:fs';
import { lacking, type Ability } from '../stacks/requirements.ts';
import { serves } from './loop-steps.ts';
import { extensionOf } from './plugin-steps.ts';
import type { TourStep } from './step.ts';
import { PLUGIN, type Workbench } from './workbench.ts';

const REPORT = 'rehearsal.ndjson';

export const BUILD: TourStep = {
  id: 'build',
  title: 'Build the package',
  text:
    'This is the Debian package that wazo-plugind would build on a server; the same files give the same bytes. ' +
    'Use it to inspect or to rehearse: a server builds its own from your git repository.',
  task: 'In another terminal:',
  command: () => `wdev build ${PLUGIN}`,
  surroundings: 'stack',
  notHere: async () => await lackText('build'),
  play: async (bench) => void (await bench.wdev(`build ${PLUGIN}`)),
  sights: [
    {
      what: 'the package is there',
      see: async (bench) => {
        const deb = packageOf(bench);
        return deb !== undefined && `the package is there: ${deb}`;
      },
    },
  ],
  hints: [
    'The package is written to .wdev/build in the folder where you run the command: run it in the folder of the tour.',
  ],
};

export const REHEARSE: TourStep = {
  id: 'rehearse',
  title: 'Rehearse install, upgrade and removal',
  text:
    'Installs, reinstalls, upgrades, removes and purges the package on a throw-away Debian machine with Asterisk 22. ' +
    'So you find what a removal leaves behind, or a second installation breaks, before your users do. The first ' +
    'machine takes half a minute, later ones a few seconds.',
  task: 'In another terminal (the tour reads the report):',
  command: () => `wdev rehearse ${PLUGIN} --json > ${REPORT}`,
  surroundings: 'stack',
  notHere: async (bench) => await noRehearsal(bench),
  play: async (bench) => await bench.wdevInto(`rehearse ${PLUGIN} --json`, REPORT),
  sights: [
    {
      what: 'every step of the rehearsal passed',
      see: async (bench) => {
        const last = bench.read(REPORT).trimEnd().split('\n').at(-1) ?? '';
        const phases = /"event":"verified".*"loaded":\["([^\]]*)"\]/.exec(last)?.[1];
        return phases !== undefined && `passed: ${phases.replaceAll('","', ', ')}`;
      },
    },
  ],
  hints: [
    `Write the report to ${REPORT} in the folder of the tour. Without --json the report is text for people.`,
  ],
};

export const TAKE_OFF: TourStep = {
  id: 'take-off',
  title: 'Remove it all',
  text:
    'wdev records each change on a target before it makes it. So it can restore the target, even after a crash or a ' +
    'lost connection. To try code that runs inside a service of Wazo, make a machine with the services that your ' +
    'plugins touch: wdev stack up --kind wazo',
  task: 'In another terminal:',
  command: (bench) => `wdev restore${bench.target}`,
  surroundings: 'stack',
  play: async (bench) => void (await bench.wdev(`restore${bench.target}`)),
  sights: [
    {
      what: 'Asterisk no longer serves the extension',
      see: async (bench) => (await serves(bench, extensionOf(bench))) === false,
    },
    {
      what: 'every file below /etc/asterisk is as it was before',
      see: async (bench) => {
        const before = bench.progress.note('before');
        return before !== '' && before === (await bench.hashes());
      },
    },
  ],
  hints: ['Run it in the folder of the tour: that folder has its own stack.'],
};

function packageOf(bench: Workbench): string | undefined {
  for (const folder of ['.wdev/build', `${PLUGIN}/.wdev/build`]) {
    if (!bench.has(folder)) continue;
    const deb = readdirSync(bench.path(folder)).find((name) => name.endsWith('.deb'));
    if (deb !== undefined) return `${folder}/${deb}`;
  }
  return undefined;
}

async function noRehearsal(bench: Workbench): Promise<string | undefined> {
  if (bench.auto && bench.kind === 'embedded') return 'it needs a real stack (wdev tour --stack real)';
  return await lackText('real');
}

async function lackText(ability: Ability): Promise<string | undefined> {
  const lacks = await lacking(ability);
  if (lacks.length === 0) return undefined;
  return `this machine has no ${lacks.map(({ what }) => what).join(', no ')}; wdev doctor says how to install it`;
}
