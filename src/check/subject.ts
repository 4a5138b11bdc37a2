import type { GitHead } from '../git/head.ts';
import { kindOf, type Plugin } from '../kinds/plugin.ts';
import { packageMap, type PackageMap } from './package-map.ts';
import type { PythonFacts } from '../readers/python/facts.ts';
import { readRules, type RulesScript } from '../readers/shell/rules-script.ts';
import { readMadeRules, type MadeRules } from '../readers/shell/make-answer.ts';
import type { ShellAnswer } from '../readers/shell/shellcheck.ts';
import type { SourceText } from '../readers/source-text.ts';
import type { OwnProblem } from '../readers/yaml/own.ts';
import type { YamlDocument } from '../readers/yaml/node.ts';
import { LENGTH, readYaml } from '../readers/yaml/read.ts';

/** The settings of a run. */
interface CheckSettings {
  /** Wazo version that the plugin shall run on, `26.05`. */
  readonly engine?: string | undefined;
  /** Debian release of the server: the one asked for, or that of present servers. */
  readonly debian: number;
  /** The Debian release that somebody asked for. */
  readonly askedDebian?: number | undefined;
  /** Contexts that the server is known to have beside the plugin's. */
  readonly contexts?: ReadonlySet<string> | undefined;
}

/** A plugin as the rules see it: its files as text, and what parsers make of them (read when first asked). */
export interface Subject extends CheckSettings {
  readonly plugin: Plugin;
  readonly files: ReadonlyMap<string, SourceText>;
  readonly manifest: YamlFile | undefined;
  readonly rules: RulesScript | undefined;
  /** Undefined when the machine has no Python 3, or nobody asked. */
  readonly python: PythonFacts | undefined;
  /** Python was asked for, and the machine has none. */
  readonly pythonMissing: boolean;
  /** The content of the package, as far as it is known without building. */
  readonly package: PackageMap;
  readonly git: GitHead | undefined;
  /** The answer of shellcheck about scripts for sh; undefined where it was not asked. */
  readonly shellcheck: ShellAnswer | undefined;
  /** The answer of make about `wazo/rules`, when that is a Makefile. */
  readonly made: MadeRules | undefined;
  /** The faults of wdev.yml. */
  readonly settings: readonly OwnProblem[];
  yaml(path: string): YamlFile | undefined;
}

export interface YamlFile {
  readonly file: SourceText;
  readonly document: YamlDocument;
}

export interface SubjectParts extends CheckSettings {
  readonly plugin: Plugin;
  readonly files: ReadonlyMap<string, SourceText>;
  readonly python?: PythonFacts | undefined;
  readonly pythonMissing?: boolean;
  readonly git?: GitHead | undefined;
  readonly shellcheck?: ShellAnswer | undefined;
  readonly made?: MadeRules | undefined;
  readonly settings?: readonly OwnProblem[] | undefined;
}

const MANIFEST = 'wazo/plugin.yml';
const RULES = 'wazo/rules';

const TOO_MUCH = { message: `the YAML files of the plugin have more than ${LENGTH} characters`, offset: 0 };

export function readSubject(parts: SubjectParts): Subject {
  const { plugin, files, made } = parts;
  const documents = new Map<string, YamlFile | undefined>();
  /** Characters of YAML that are still read: what one file may have, all may have. */
  let left = LENGTH;
  let rules: RulesScript | undefined;
  let installed: PackageMap | undefined;
  return {
    ...parts,
    python: parts.python,
    pythonMissing: parts.pythonMissing ?? false,
    git: parts.git,
    shellcheck: parts.shellcheck,
    made,
    settings: parts.settings ?? [],
    get manifest() {
      return this.yaml(MANIFEST);
    },
    get rules() {
      const file = files.get(RULES);
      if (!kindOf(plugin).can.build || file === undefined) return undefined;
      rules ??= made?.answers === undefined ? readRules(file) : readMadeRules(file, files, made);
      return rules;
    },
    get package() {
      installed ??= packageMap(this);
      return installed;
    },
    yaml(path) {
      if (!documents.has(path)) {
        const file = files.get(path);
        documents.set(path, readYamlFile(file, left));
        left -= Math.min(left, file?.text.length ?? 0);
      }
      return documents.get(path);
    },
  };
}

function readYamlFile(file: SourceText | undefined, most: number): YamlFile | undefined {
  if (file === undefined || file.link !== undefined) return undefined;
  if (file.flaw !== undefined)
    return { file, document: { problem: { ...file.flaw, pyyaml: { said: file.flaw.message } } } };
  if (file.text.length > most && file.text.length <= LENGTH) return { file, document: { problem: TOO_MUCH } };
  return { file, document: readYaml(file.text, { tags: ['!exec'] }) };
}
