import { DIALPLAN, extensionOf } from './plugin-steps.ts';
import type { Sight, TourStep } from './step.ts';
import { PLUGIN, type Workbench } from './workbench.ts';

const SHOW = 'dialplan show xivo-extrafeatures';
const WHOLE = 'same = n,Hangup()';
const BROKEN = 'same n,Hangup()';

export const WATCH: TourStep = {
  id: 'watch',
  title: 'Start a stack, and watch the plugin',
  text:
    'wdev watch builds the plugin with its wazo/rules, installs it on a stack, and asks Asterisk what it loaded. In ' +
    'the tour it runs here; for your own plugin, run it in a terminal beside your editor.',
  task: 'Nothing to do: the tour runs this for you.',
  command: (bench) => `wdev watch ${PLUGIN}${bench.target}`,
  surroundings: 'watching',
  play: async () => undefined,
  sights: [
    verified('wdev watch read it back: verified'),
    {
      what: 'Asterisk serves the extension',
      see: async (bench) => await serves(bench, extensionOf(bench)),
    },
  ],
  hints: ['If wdev watch says failed, fix the line that it names and save: it tries again at once.'],
};

export const SAVE: TourStep = {
  id: 'save',
  title: 'Save a change',
  text: 'Edit the file and save: wdev watch installs it, reloads the dialplan and reads it back, well within a second.',
  task: 'Open the dialplan file, change the extension that phones dial to another number, and save.',
  file: DIALPLAN,
  surroundings: 'watching',
  note: (bench) => bench.progress.setNote('extension', extensionOf(bench)),
  play: async (bench) =>
    bench.edit(
      DIALPLAN,
      (line) => line.includes(`${extensionOf(bench)},1,`),
      (line) => line.replace(extensionOf(bench), '***43'),
    ),
  sights: [
    {
      what: 'the file has another extension',
      see: async (bench) => {
        const now = extensionOf(bench);
        return now !== '' && now !== bench.progress.note('extension') && `the file now has ${now}`;
      },
    },
    { what: 'Asterisk serves it', see: async (bench) => await serves(bench, extensionOf(bench)) },
    {
      what: 'Asterisk does not serve the old one',
      see: async (bench) => {
        const old = bench.progress.note('extension');
        return (await serves(bench, old)) === false && `Asterisk no longer serves ${old}`;
      },
    },
  ],
  hints: ['In the line "exten = ***42,1,Gosub(demo-hello,s,1)" turn ***42 into ***43, for example.'],
};

export const BREAK: TourStep = {
  id: 'break',
  title: 'Break a line',
  text:
    'Without its "=", Asterisk skips a line and still says "Dialplan reloaded.", with exit status 0. So a save is ' +
    'checked before it is installed, and read back after that. The last good version keeps running.',
  task: `Remove the "=" from the line "${WHOLE}", and save.`,
  file: DIALPLAN,
  surroundings: 'watching',
  prepare: async (bench) => bench.progress.setNote('good', await bench.console(SHOW)),
  play: async (bench) =>
    bench.edit(
      DIALPLAN,
      (line) => line === WHOLE,
      () => BROKEN,
    ),
  sights: [
    { what: 'a finding names the line that you typed', see: async (bench) => namedLine(bench) },
    { what: 'Asterisk serves the last good version', see: async (bench) => await servesGood(bench) },
  ],
  hints: [
    'Look at the line of wdev watch: with ✓, Asterisk still accepts the file; without a new line, it is not saved yet.',
    `Any line that Asterisk refuses will do: "${BROKEN}", for example.`,
  ],
};

export const FIX: TourStep = {
  id: 'fix',
  title: 'Fix it',
  text: 'Save the corrected file; you need not restart anything.',
  task: 'Put the "=" back, and save.',
  file: DIALPLAN,
  surroundings: 'watching',
  play: async (bench) =>
    bench.edit(
      DIALPLAN,
      (line) => line === BROKEN,
      () => WHOLE,
    ),
  sights: [
    verified('the save was verified'),
    {
      what: 'Asterisk serves the extension',
      see: async (bench) => await serves(bench, extensionOf(bench)),
    },
  ],
  hints: ['The message of wdev watch above names the line.'],
};

function verified(what: string): Sight {
  return { what, see: async (bench) => bench.lastWord?.event === 'verified' };
}

/** Whether Asterisk has an extension where phones dial. */
export async function serves(bench: Workbench, extension: string): Promise<false | string> {
  const answer = await bench.console(SHOW);
  return extension !== '' && answer.includes(`'${extension}' =>`) && `Asterisk serves ${extension}`;
}

async function servesGood(bench: Workbench): Promise<boolean> {
  return (await bench.console(SHOW)) === bench.progress.note('good');
}

/** The place that the dev loop's last word names, if that is a failure. */
function namedLine({ lastWord }: Workbench): false | string {
  if (lastWord?.event !== 'failed') return false;
  const named = lastWord.findings.find(({ file, line }) => file !== undefined && line !== undefined);
  return (
    named !== undefined && `the finding names your line: ${named.file?.split('/').at(-1)}, line ${named.line}`
  );
}
