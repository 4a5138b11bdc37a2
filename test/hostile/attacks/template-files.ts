import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Attack } from '../attack.ts';
import type { Place } from '../place.ts';

const QUESTIONS = `title: Note
summary: a note
kind: stack
questions:
  - {name: name, type: input, message: Name, valid: plugin-name}
  - {name: namespace, type: input, message: Namespace, valid: namespace}
`;

/** Makes a plugin of a template that somebody wrote. */
async function useTemplate(place: Place, files: Readonly<Record<string, string>>, more = ''): Promise<void> {
  const template = path.join(place.folder, 'template');
  mkdirSync(path.join(template, 'files'), { recursive: true });
  writeFileSync(path.join(template, 'template.yml'), QUESTIONS + more);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(template, 'files', name), content);
  }
  await place.wdev(['new', 'hello', '--template', template, '--namespace', 'demo', '--yes']);
}

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'template',
    name: 'a hook of git comes with the files, and the first commit runs it',
    guards: [
      {
        file: 'src/templates/list-files.js',
        from: 'const problem = pathProblem(path);',
        to: 'const problem = undefined;',
      },
    ],
    async run(place) {
      const hook = path.join(place.folder, 'hello/.git/hooks/post-commit');
      await useTemplate(place, { one: 'x' }, 'paths: {one: .git/hooks/post-commit}\n');
      return existsSync(hook) ? 'a hook was written' : undefined;
    },
  },
];
