/** `npm run guide`: the guide and the man page, from the data of the tool and from real runs of it. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CATALOGUE } from '../check/catalogue.ts';
import { EVERYWHERE, buildProgram } from '../cli/program.ts';
import { COMMANDS } from '../commands/registry.ts';
import { commandData } from '../manual/command-data.ts';
import { manPage } from '../manual/man-page.ts';
import { RELOAD_TABLE } from '../wazo/needs.ts';
import { KINDS, loadTemplate } from '../templates/load.ts';
import { settingsSchema } from '../settings/settings.ts';
import { packageRoot, packageVersion } from '../support/paths.ts';
import { ansiToHtml } from './ansi.ts';
import { commandSection, everywhereSection } from './command-section.ts';
import { block, escapeHtml, type Section } from './html.ts';
import { markdownToHtml } from './markdown.ts';
import { guidePage } from './page.ts';
import { record, sessionText, type Recording } from './recordings.ts';
import { recipeSection } from './recipes.ts';
import { eventSection, reloadSection, requirementSection, settingSection } from './reference-sections.ts';
import { ruleSection } from './rule-section.ts';
import { templateSection } from './template-section.ts';
import { readText } from '../support/read-file.ts';
import { makeFolders } from '../support/make-folders.ts';

function startSection(): Section {
  const readme = readText(path.join(packageRoot(), 'README.md'));
  const body = readme.slice(readme.indexOf('\n') + 1, readme.indexOf('\n## More'));
  // of two drawings the style shows the one that fits
  const loops = ['loop', 'loop-narrow'].map((name) =>
    readText(path.join(packageRoot(), `src/guide/assets/${name}.svg`)),
  );
  return { id: 'start', title: 'Start', html: `${loops.join('')}\n${markdownToHtml(body)}` };
}

function recordingSection(recordings: readonly Recording[]): Section {
  const figures = recordings
    .filter(({ id }) => id !== 'events')
    .map(({ id, title, text }) => {
      const html = block(ansiToHtml(text), `terminal: ${title}`, 'terminal');
      return `<figure id="run-${id}" data-search><figcaption>${escapeHtml(title)}</figcaption>${html}</figure>`;
    });
  return {
    id: 'runs',
    title: 'Seen in a terminal',
    html: `<p>Real runs, recorded when this guide was made.</p>${figures.join('\n')}`,
  };
}

async function build(folder: string): Promise<void> {
  const recordings = await record([process.execPath, path.join(packageRoot(), 'dist/src/bin.cjs')]);
  const program = await buildProgram(COMMANDS, 'all');
  const commands = commandData(program);
  const version = packageVersion();
  const sections = [
    startSection(),
    recipeSection(),
    recordingSection(recordings),
    commandSection(commands),
    everywhereSection(EVERYWHERE),
    templateSection(KINDS.map((kind) => loadTemplate(kind))),
    ruleSection(CATALOGUE),
    reloadSection(RELOAD_TABLE),
    eventSection(recordings.find(({ id }) => id === 'events')),
    settingSection(settingsSchema()),
    requirementSection(),
  ];
  const write = (name: string, text: string): void => {
    const file = path.join(folder, name);
    makeFolders(path.dirname(file));
    writeFileSync(file, text);
  };
  write('guide/index.html', guidePage({ title: 'wdev', version, sections }));
  write('guide/session.txt', sessionText(recordings));
  write('man/wdev.1', manPage({ version, summary: program.description(), commands, everywhere: EVERYWHERE }));
}

await build(process.argv[2] ?? path.join(packageRoot(), 'dist'));
