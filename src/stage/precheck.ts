import { kindOf, type Plugin, type PluginKind } from '../kinds/plugin.ts';
import type { Finding } from '../findings/finding.ts';
import type { SourceListing } from '../git/sources.ts';
import { flawOf, SourceText } from '../readers/source-text.ts';
import { nearName, renameHelp } from '../wazo/near-names.ts';

type Check = (sources: SourceListing) => Finding | undefined;

const CHECKS: Readonly<Record<PluginKind, Check>> = {
  stack: checkRules,
  confgend: () => undefined,
  'call-logger': () => undefined,
  legacy: () => undefined,
};

/** Reports what keeps a plugin from being staged or built at all. */
export function precheck(plugin: Plugin, sources: SourceListing): Finding | undefined {
  return kindOf(plugin).refused ?? CHECKS[plugin.kind](sources);
}

const MANIFEST = 'wazo/plugin.yml';
const RULES = 'wazo/rules';

/** The finding where a manifest stands under a name that wazo-plugind does not ask for. */
export function nearManifest(sources: SourceListing): Finding | undefined {
  const near = sources.has(MANIFEST) ? undefined : nearName(MANIFEST, sources.keys());
  if (near === undefined) return undefined;
  return {
    code: 'manifest-missing',
    level: 'error',
    message: `wazo/plugin.yml is missing from git; did you mean ${near}?`,
    file: near,
    line: 1,
    help: renameHelp(MANIFEST, near),
    source: 'wazo-plugind, extracting step',
  };
}

/** The finding about a manifest that wazo-plugind cannot decode. */
function oddManifest(sources: SourceListing): Finding | undefined {
  const file = sources.get(MANIFEST);
  const flaw = file === undefined || file.large !== undefined ? undefined : flawOf(file.bytes);
  if (file === undefined || flaw === undefined) return undefined;
  return {
    code: 'manifest-syntax',
    level: 'error',
    message: `YAML syntax error: ${flaw.message}`,
    ...new SourceText(MANIFEST, file.bytes.toString('utf8')).at(flaw.offset),
    help: 'Save it as UTF-8.',
    source: 'wazo-plugind, extracting step',
  };
}

/** wazo-plugind runs it as a program. */
function checkRules(sources: SourceListing): Finding | undefined {
  const manifest = nearManifest(sources) ?? oddManifest(sources);
  if (manifest !== undefined) return manifest;
  const rules = sources.get(RULES);
  if (rules === undefined) {
    const near = nearName(RULES, sources.keys());
    return {
      code: 'rules-missing',
      level: 'error',
      message: `wazo/rules is missing from git${near === undefined ? '' : `; did you mean ${near}?`}`,
      file: near ?? RULES,
      help:
        near === undefined
          ? 'Create it, or run git add wazo/rules (check .gitignore).'
          : renameHelp(RULES, near),
      source: 'wazo-plugind, building step',
    };
  }
  if (rules.link === undefined && (rules.mode & 0o111) === 0) {
    return {
      code: 'rules-not-executable',
      level: 'error',
      message: 'wazo/rules is not executable, so wazo-plugind cannot run it',
      file: 'wazo/rules',
      line: 1,
      help: 'Run chmod +x wazo/rules, and commit the mode: git update-index --chmod=+x wazo/rules',
      fixable: true,
      source: 'wazo-plugind, building step',
    };
  }
  // our own way to start it would go on with a shell
  if (rules.link === undefined && !isProgram(rules.bytes)) {
    return {
      code: 'rules-no-shebang',
      level: 'error',
      message: 'Missing #! line, so the kernel cannot run wazo/rules',
      file: 'wazo/rules',
      line: 1,
      help: 'Begin the file with #!/bin/sh.',
      source: 'wazo-plugind, building step',
    };
  }
  return undefined;
}

/** Matches a file that Linux runs by itself: one that names its interpreter, or ELF. */
function isProgram(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 4);
  return start.startsWith('#!') || start === '\x7fELF';
}
