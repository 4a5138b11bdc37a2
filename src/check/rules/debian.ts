import type { PythonFile } from '../../readers/python/facts.ts';
import type { ShellCommand } from '../../readers/shell/command.ts';
import { commandsOf } from '../../readers/shell/service-calls.ts';
import { pythonOf } from '../../wazo/debian.ts';
import { goneSince, nameGoneSince } from '../../wazo/gone-python-modules.ts';
import { rules, withFiles } from '../examples.ts';
import { codeLines, isProse } from '../prose.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { calldPlugin } from './python-code.ts';

const DEBIAN = 13;

function onDebian(example: Example): Example {
  return { ...example, debian: DEBIAN };
}

function importing(module: string): Example {
  const text = `import ${module}\n\n\nclass Plugin:\n    def load(self, dependencies):\n        self.module = ${module}\n`;
  return calldPlugin({ 'acme_hello/plugin.py': text }, `import ${module}`);
}

function program(python: string): Example {
  const path = 'usr/bin/acme-hello';
  const { files } = withFiles({ [path]: `#!/usr/bin/${python}\nprint("hello")\n` });
  return {
    files: { ...files, ...rules({ package: 'cp -R etc usr "$pkgdir/"' }).files },
    modes: { [path]: 0o755 },
    shown: `# ${path}\n#!/usr/bin/${python}`,
  };
}

export const DEBIAN_CHECKS = {
  'debian-externally-managed': {
    area: 'rules',
    compat: 'debian',
    bad: onDebian(rules({ install: 'pip3 install acme || true' })),
    good: onDebian(rules({ install: 'pip3 list >/dev/null || true' })),
    check: ({ rules: script, askedDebian }) =>
      askedDebian === undefined
        ? []
        : commandsOf(script)
            .filter(({ command }) => isRefusedPip(command))
            .flatMap(({ command }): readonly Hit[] =>
              script === undefined
                ? []
                : [
                    {
                      ...script.file.at(command.start),
                      message: "pip refuses to install into Debian's Python (externally managed)",
                    },
                  ],
            ),
  },
  'debian-python-path': {
    area: 'files',
    compat: 'debian',
    bad: onDebian(program('python3.9')),
    good: onDebian(program('python3')),
    check: (subject) => {
      const python = subject.askedDebian === undefined ? undefined : pythonOf(subject.askedDebian);
      return python === undefined ? [] : [...otherPrograms(subject, python), ...otherPaths(subject, python)];
    },
  },
  'debian-gone-module': {
    area: 'python',
    compat: 'debian',
    needsPython: true,
    bad: onDebian(importing('cgi')),
    good: onDebian(importing('html')),
    check: (subject) => {
      const python = pythonOf(subject.debian);
      const files = subject.python?.files ?? {};
      return python === undefined ? [] : [...goneModules(files, python), ...goneMembers(files, python)];
    },
  },
} satisfies RuleChecks;

/** Source: pip, install command: what goes into another folder is not refused. */
function isRefusedPip({ name, words }: ShellCommand): boolean {
  const args = words.map(({ value, text }) => value ?? text);
  const isPip = /^pip3?(?:\.\d+)?$/.test(name);
  const isModule = /^python3?(?:\.\d+)?$/.test(name) && args[0] === '-m' && args[1] === 'pip';
  const rest = isPip ? args : isModule ? args.slice(2) : [];
  return (
    rest.includes('install') &&
    !rest.some((arg) => /^(?:--(?:root|prefix|target|break-system-packages|dry-run)\b|-t)/.test(arg))
  );
}

/** Commands of rules that call another Python. */
function otherPrograms({ rules: script, askedDebian }: Subject, python: string): readonly Hit[] {
  return commandsOf(script).flatMap(({ command }): readonly Hit[] => {
    const version = /^python(3\.\d+)$/.exec(command.name)?.[1];
    if (script === undefined || version === undefined || version === python) return [];
    const message = `Debian ${askedDebian} has Python ${python}, not python${version}`;
    return [{ ...script.file.at(command.start), message, help: 'Call python3.' }];
  });
}

/** Folders and programs of another Python, in any file. */
function otherPaths(subject: Subject, python: string): readonly Hit[] {
  return [...codeLines(subject)].flatMap(({ file, line, text }): readonly Hit[] => {
    const [, folder, program] = /python(3\.\d+)\/|\/bin\/(?:env )?python(3\.\d+)\b/.exec(text) ?? [];
    const named = folder ?? program;
    if (named === undefined || named === python) return [];
    const [what, help] =
      folder === undefined
        ? [`python${named} does not exist there`, 'Call python3.']
        : [
            `it does not read folders of python${named}`,
            'Install into /usr/lib/python3/dist-packages, which every Python 3 of Debian reads.',
          ];
    return [{ file, line, message: `Debian ${subject.askedDebian} has Python ${python}: ${what}`, help }];
  });
}

function removedIn(version: string): string {
  return `See what replaces it: https://docs.python.org/3/whatsnew/${version}.html`;
}

/** Members that modules of Python lost, read by the module's name. */
function goneMembers(files: Readonly<Record<string, PythonFile>>, python: string): readonly Hit[] {
  return Object.entries(files).flatMap(([file, { reads = [] }]) =>
    isProse(file)
      ? []
      : reads.flatMap(({ module, name, line, column, optional }): readonly Hit[] => {
          const since = nameGoneSince(module, name, python);
          if (since === undefined) return [];
          const level = optional ? 'warning' : 'error';
          return [
            {
              file,
              line,
              column,
              level,
              message: `${module}.${name} was removed in Python ${since}`,
              help: removedIn(since),
            },
          ];
        }),
  );
}

/** Imports of modules of Python itself that its releases dropped. */
function goneModules(files: Readonly<Record<string, PythonFile>>, python: string): readonly Hit[] {
  const isOwn = (name: string): boolean => `${name}.py` in files || `${name}/__init__.py` in files;
  return Object.entries(files).flatMap(([file, { imports }]) =>
    isProse(file)
      ? []
      : imports.flatMap(({ module, names, level, line, column, optional }): readonly Hit[] => {
          const name = module.split('.')[0] ?? '';
          if (level > 0 || isOwn(name)) return [];
          const at = { file, line, column, level: optional ? ('warning' as const) : ('error' as const) };
          const since = goneSince(name, python);
          if (since !== undefined)
            return [
              { ...at, message: `Module "${name}" was removed in Python ${since}`, help: removedIn(since) },
            ];
          return names.flatMap((member) => {
            const gone = nameGoneSince(module, member, python);
            return gone === undefined
              ? []
              : [
                  {
                    ...at,
                    message: `${module}.${member} was removed in Python ${gone}`,
                    help: removedIn(gone),
                  },
                ];
          });
        }),
  );
}
