import { withFiles } from '../examples.ts';
import type { Hit, RuleChecks } from '../rule.ts';
import type { Subject } from '../subject.ts';

/** Filters that every git has. Source: gitattributes(5). */
const BUILT_IN = new Set(['ident']);

/** Things that `git clone --depth 1` on a server does not bring. Source: wazo-plugind, downloading step. */
export const CLONE_CHECKS = {
  'git-submodule': {
    area: 'files',
    bad: withFiles({
      '.gitmodules': '[submodule "sounds"]\n\tpath = sounds\n\turl = https://git.example/sounds\n',
    }),
    good: withFiles({ 'sounds/hello.txt': 'copied in\n' }),
    check: ({ files }) =>
      linesOf(files, '.gitmodules').flatMap(({ line, text }): readonly Hit[] => {
        const folder = /^\s*path\s*=\s*(\S.*)$/.exec(text.trimEnd())?.[1];
        if (folder === undefined) return [];
        const message = `wazo-plugind clones without submodules: folder "${folder}" is empty on a server`;
        return [{ file: '.gitmodules', line, message }];
      }),
  },
  'git-filter': {
    area: 'files',
    bad: withFiles({ '.gitattributes': '*.wav filter=lfs diff=lfs merge=lfs -text\n' }),
    good: withFiles({ '.gitattributes': '*.wav binary\n' }),
    check: ({ files }) =>
      [...files.keys()]
        .filter((file) => /(?:^|\/)\.gitattributes$/.test(file))
        .flatMap((file) =>
          linesOf(files, file).flatMap(({ line, text }): readonly Hit[] => {
            const [, pattern = '', filter = ''] = /^\s*(?!#)(\S+)\s(?:.*\s)?filter=(\S+)/.exec(text) ?? [];
            if (filter === '' || BUILT_IN.has(filter)) return [];
            const what = filter === 'lfs' ? 'pointer files' : 'what git stores, not the files';
            const message = `Servers do not have the git filter "${filter}": there ${pattern} would be ${what}`;
            return [{ file, line, message }];
          }),
        ),
  },
} satisfies RuleChecks;

function linesOf(files: Subject['files'], file: string): readonly { line: number; text: string }[] {
  const text = files.get(file)?.text ?? '';
  return text.split('\n').map((one, index) => ({ line: index + 1, text: one }));
}
