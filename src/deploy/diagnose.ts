/** Why a step failed: from our own run of the same commit, or from what the server knows. */

import { rowOf } from '../findings/catalogue.ts';
import { isError, type Finding, type FindingCode } from '../findings/finding.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { buildPackage } from '../package/build.ts';
import { readMetadata } from '../kinds/plugin-metadata.ts';
import { branchLine } from '../readers/shell/rules-text.ts';
import { SourceText } from '../readers/source-text.ts';
import { isScalar, valueOf } from '../readers/yaml/node.ts';
import { readYaml } from '../readers/yaml/read.ts';
import { gitReason } from '../git/reason.ts';
import { masked } from '../support/secrets.ts';
import { listSources, rulesOf, type SourceListing } from '../git/sources.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { removeFolder } from '../support/remove-folder.ts';
import type { FailedDependency, PlugindError } from './progress.ts';
import type { Diagnosis, DiagnosisWish, PluginName, PlugindServer } from './server.ts';

const PLUGIN_YML = 'wazo/plugin.yml';

export interface Failure {
  readonly step: string;
  readonly error: PlugindError;
  readonly dependencies: readonly FailedDependency[];
  /** The plugin in a folder with the commit that went. */
  readonly plugin: Plugin;
  readonly name: PluginName;
  /** The address and the ref that the server cloned. */
  readonly clone: readonly [url: string, ref: string] | undefined;
}

/** Steps that are run again here, by the same code as `wdev build`. */
const OURS = new Set(['extracting', 'validating', 'building', 'packaging', 'cleaning']);

/** Explains a failed step; at least one finding, and the true output where anybody has it. */
export async function diagnose(failure: Failure, server: PlugindServer): Promise<readonly Finding[]> {
  const { step, plugin } = failure;
  const sources = await listSources(plugin.dir);
  const own = OURS.has(step) ? await runHere(plugin) : [];
  const refused = step === 'validating' ? refusedFields(failure, sources) : [];
  if (own.length > 0 || refused.length > 0) return [...own, ...refused];
  const told = await server.diagnose?.(failure.name, wishOf(failure, sources));
  return told === undefined
    ? [plain(failure, ['The reason is in a log of the server: use --target ssh://HOST to see it.'])]
    : read(failure, told, sources);
}

async function runHere(plugin: Plugin): Promise<readonly Finding[]> {
  const out = temporaryFolder('deploy');
  try {
    const { findings } = await buildPackage(plugin, out);
    return findings.filter(isError);
  } finally {
    removeFolder(out);
  }
}

function wishOf({ step, clone }: Failure, sources: SourceListing): DiagnosisWish {
  if (step === 'downloading') return clone === undefined ? {} : { clone };
  if (step === 'updating') return { update: true };
  if (step !== 'installing') return {};
  return { configure: true, depends: [...dependLines(sources).keys()] };
}

const NONE: ReadonlyMap<string, number> = new Map();

/** Depends of the package → the line of plugin.yml that asks for it. */
function dependLines(sources: SourceListing): ReadonlyMap<string, number> {
  const text = sources.get(PLUGIN_YML)?.bytes.toString('utf8') ?? '';
  const source = new SourceText(PLUGIN_YML, text);
  const { root } = readYaml(text);
  const found = new Map<string, number>();
  const debian = valueOf(root, 'debian_depends');
  for (const item of debian?.kind === 'list' ? debian.items : [])
    if (isScalar(item)) found.set(item.python, source.at(item.start).line);
  const depends = valueOf(root, 'depends');
  for (const item of depends?.kind === 'list' ? depends.items : []) {
    const [namespace, name] = [valueOf(item, 'namespace'), valueOf(item, 'name')];
    if (namespace?.kind === 'string' && name?.kind === 'string')
      found.set(`wazo-plugind-${name.text}-${namespace.text}`, source.at(item.start).line);
  }
  return found;
}

/** Each field that the validation names, at its line. */
function refusedFields({ error }: Failure, sources: SourceListing): readonly Finding[] {
  const text = sources.get(PLUGIN_YML)?.bytes.toString('utf8') ?? '';
  const manifest = readMetadata(text);
  const lines = manifest.ok ? manifest.metadata.lines : new Map<string, number>();
  return Object.entries(error.details ?? {})
    .filter(([field]) => field !== 'install_options')
    .map(([field, why]) => ({
      code: 'deploy-refused-manifest' as const,
      level: 'error' as const,
      message: `wazo-plugind refuses ${field}: ${reasonOf(why)}`,
      file: PLUGIN_YML,
      line: lines.get(field) ?? 1,
      source: 'wazo-plugind, validating step',
    }));
}

function reasonOf(why: unknown): string {
  if (typeof why === 'string') return why;
  if (Array.isArray(why)) return why.map(reasonOf).join(' ');
  const { message } = (why ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : JSON.stringify(why);
}

/** The server's own words as findings. Pure. */
export function read(failure: Failure, told: Diagnosis, sources: SourceListing): readonly Finding[] {
  if (told.clone !== undefined && told.clone[0] !== 0) {
    const [status, output] = told.clone;
    // 2 is that of git ls-remote --exit-code for a ref that is not there
    const why = status === 2 ? `it has no branch or tag ${failure.clone?.[1] ?? ''}` : gitReason(output);
    const address = masked(failure.clone?.[0] ?? 'the repository');
    return [serverFinding('deploy-clone-failed', `The server cannot clone ${address}: ${why}`, output)];
  }
  if (told.update !== undefined && told.update[0] !== 0)
    return [
      serverFinding(
        'deploy-apt-failed',
        `apt-get update fails on the server: ${errorLine(told.update[1])}`,
        told.update[1],
      ),
    ];
  const missing = (told.depends ?? []).filter(([, state]) => state !== 'installed');
  const lost = missing.filter(([name, state]) => state === 'unknown' || name.startsWith('wazo-plugind-'));
  const lines = lost.length > 0 ? dependLines(sources) : NONE;
  if (lost.length > 0) return lost.map(([name]) => missingDependency(name, failure, lines.get(name)));
  const script = scriptOutput(told);
  if (script !== undefined) return [scriptFinding(script, told, sources)];
  return [
    plain(
      failure,
      [told.term ?? '', told.dpkg ?? '', told.journal ?? ''].filter((text) => text !== ''),
    ),
  ];
}

function missingDependency(name: string, failure: Failure, line: number | undefined): Finding {
  const of = /^wazo-plugind-(.+)-([a-z0-9]+)$/.exec(name);
  const plugin = of === null ? undefined : `${of[2]}/${of[1]}`;
  const why = failure.dependencies.find((one) => one.name === plugin) ?? failure.dependencies[0];
  const reason =
    plugin === undefined
      ? `No apt source of the server has ${name}`
      : why === undefined
        ? `Dependency ${plugin} is neither installed on the server nor in its market`
        : `Cannot install dependency ${plugin}: ${why.step} failed${detail(why.error)}`;
  return {
    code: 'deploy-dependency-missing',
    level: 'error',
    message: reason,
    file: PLUGIN_YML,
    ...(line === undefined ? {} : { line }),
    source: 'wazo-plugind, installing step',
  };
}

function detail({ message }: PlugindError): string {
  return message === undefined ? '' : ` (${message})`;
}

/** The output of a maintainer script, if one ended the installation. */
function scriptOutput({ configure, term = '' }: Diagnosis): string | undefined {
  if (configure !== undefined && configure[0] !== 0) return configure[1];
  return term.split('\n').some(tellsOfScript) ? term : undefined;
}

/** The words of dpkg about a script that failed; each looked for once in a line, which may be long. Source: dpkg, src/main/script.c. */
function tellsOfScript(line: string): boolean {
  if (line.includes('error processing package')) return true;
  const at = line.search(/ (?:script|subprocess) returned error exit status/);
  return at >= 0 && /(?:installed|new|old) /.test(line.slice(0, at + 1));
}

function scriptFinding(output: string, { configure }: Diagnosis, sources: SourceListing): Finding {
  const rules = rulesOf(sources);
  const traced = /\/wazo\/rules: (?:line )?(\d+): (.+)/.exec(output);
  const line = traced === null ? branchLine(rules, 'install') : Number(traced[1]);
  const own = output
    .split('\n')
    .filter(
      (row) =>
        !/^(?:dpkg: |Setting up |Errors were encountered|Log (?:started|ended)| wazo-plugind-|\(Reading)/.test(
          row,
        ),
    );
  const reason = traced?.[2] ?? own.findLast((row) => row.trim() !== '')?.trim() ?? 'it wrote nothing';
  const again =
    configure === undefined
      ? ''
      : '\n(This is the output of dpkg --configure, run again. The package stays half configured.)';
  return {
    code: 'deploy-script-failed',
    level: 'error',
    message: `wazo/rules install failed on the server: ${reason}`,
    file: 'wazo/rules',
    ...(line === undefined ? {} : { line }),
    help: withRemedy('deploy-script-failed', `${output.trim()}${again}`),
    source: 'wazo-plugind, installing step',
  };
}

function plain({ step, error }: Failure, texts: readonly string[]): Finding {
  const said = texts.map(tail).join('\n');
  return {
    code: 'deploy-step-failed',
    level: 'error',
    message: `wazo-plugind failed while ${step}${detail(error)}${said === '' ? ', and gave no reason' : ''}`,
    ...(said === '' ? {} : { help: said }),
    source: `wazo-plugind, ${step} step`,
  };
}

function serverFinding(code: FindingCode, message: string, output: string): Finding {
  return {
    code,
    level: 'error',
    message,
    help: withRemedy(code, output),
    source: 'wazo-plugind, steps of an installation',
  };
}

/** The remedy, and below it the words of the server where they are more than the line in the message. */
function withRemedy(code: FindingCode, output: string): string {
  const said = output.trim();
  return said.includes('\n') ? `${rowOf(code).fix}\n${tail(said)}` : rowOf(code).fix;
}

const SHOWN = 12;

function tail(text: string): string {
  return text.trim().split('\n').slice(-SHOWN).join('\n');
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** apt begins what ended it with E: */
function errorLine(text: string): string {
  return /^E: (.+)$/m.exec(text)?.[1] ?? lastLine(text);
}
