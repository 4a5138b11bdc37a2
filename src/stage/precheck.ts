import { kindOf, type Plugin, type PluginKind } from '../kinds/plugin.ts';
import type { Finding } from '../findings/finding.ts';
import type { SourceListing } from '../git/sources.ts';

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

/** wazo-plugind runs it as a program. */
function checkRules(sources: SourceListing): Finding | undefined {
  const rules = sources.get('wazo/rules');
  if (rules === undefined) {
    return {
      code: 'rules-missing',
      level: 'error',
      message: 'There is no wazo/rules that git would hand out.',
      file: 'wazo/rules',
      help: 'Write it, and see that .gitignore does not name it.',
      source: 'wazo-plugind, building step',
    };
  }
  if (rules.link === undefined && (rules.mode & 0o111) === 0) {
    return {
      code: 'rules-not-executable',
      level: 'error',
      message: 'wazo/rules is not executable, so no step of the installation can run it.',
      file: 'wazo/rules',
      line: 1,
      help: 'chmod +x wazo/rules, and commit the mode: git update-index --chmod=+x wazo/rules',
      fixable: true,
      source: 'wazo-plugind, building step',
    };
  }
  return undefined;
}
