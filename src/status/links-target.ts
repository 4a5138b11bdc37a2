import path from 'node:path';
import type { Plugin } from '../kinds/plugin.ts';
import { serviceOf } from '../wazo/services.ts';
import { PYTHON_PATH } from '../wazo/needs.ts';
import { isError } from '../findings/finding.ts';
import { readServiceLog } from '../effects/evidence/service-log.ts';
import { sourcePlace } from '../effects/evidence/source-place.ts';
import { judgeEffects } from '../effects/evidence/verify.ts';
import { judgeEnabled } from './link-enabled.ts';
import { judgeEntryPoints } from './link-entry-points.ts';
import { editHelp, placeOn } from '../targets/foreign.ts';
import { amount, broken, none, ok, several, type Judgement, type Link } from './link.ts';
import { isOlder } from './service-state.ts';
import { quote } from '../support/quote.ts';
import type { TargetFactsForWhy } from './why-target.ts';
import { generatedName } from '../wazo/entry-point.ts';

/** The links that hold on the target. */
export const TARGET_LINKS: readonly Link<TargetFactsForWhy>[] = [
  { name: 'files', title: 'files on target', judge: judgeFiles },
  { name: 'entry-point', title: 'entry point', judge: judgeEntryPoints },
  { name: 'enabled', title: 'enabled', judge: judgeEnabled },
  { name: 'process', title: 'process', judge: judgeProcess },
  { name: 'loaded', title: 'loaded', judge: judgeLoaded },
];

function installOf(plugin: Plugin): string {
  return ['Install it: wdev install', path.relative('', plugin.dir)].join(' ').trim();
}

function judgeFiles(facts: TargetFactsForWhy): Judgement {
  const { plugin, tree, paths, files, installed, packages } = facts;
  const named = packages.map(({ name, version, replaced }) => `${name} ${version} (${replaced} replaced)`);
  const below = named.length === 0 ? '' : `, over Debian package ${named.join(', ')}`;
  const missing = paths.filter((path) => !files.has(path));
  if (missing.length === paths.length && installed === undefined)
    return broken('it is not installed', installOf(plugin));
  const [lost] = missing;
  if (lost !== undefined) {
    return installed?.files.has(lost) === true
      ? broken(`missing on the target: ${several(missing)}`, installOf(plugin), { file: lost })
      : broken(`${several(missing)} did not get there yet`, installOf(plugin), { file: lost });
  }
  const other = paths.filter((path) => files.get(path)?.hash !== tree.get(path)?.hash);
  const edited = other.filter((path) => installed?.files.get(path)?.hash !== files.get(path)?.hash);
  const [foreign] = installed === undefined ? [] : edited;
  if (foreign !== undefined) {
    const source = tree.get(foreign)?.source;
    const help = editHelp(facts, foreign, source && path.relative('', path.join(plugin.dir, source)));
    return broken(
      `${several(edited.map((name) => placeOn(facts, name)))} ${edited.length === 1 ? 'was' : 'were'} edited on the target`,
      `${help}\n${installOf(plugin).replace(/^Install it/, 'Then')}`,
      { file: foreign },
    );
  }
  const [stale] = other;
  if (stale !== undefined)
    return broken(`an older version on the target: ${several(other)}${below}`, installOf(plugin), {
      file: stale,
    });
  const closed = paths.find(
    (path) => ((tree.get(path)?.mode ?? 0) & ~(files.get(path)?.mode ?? 0) & 0o005) !== 0,
  );
  if (closed !== undefined) {
    const mode = (tree.get(closed)?.mode ?? 0o644).toString(8);
    return broken(`services may not read ${closed}`, `On the target: chmod ${mode} ${closed}`, {
      file: closed,
    });
  }
  return ok(`${amount(paths.length, 'file')}, as staged${below}`);
}

function judgeProcess(facts: TargetFactsForWhy): Judgement {
  const { needs, services, files, asteriskAnswers, recordOnly } = facts;
  if (needs.asterisk && !asteriskAnswers) {
    return broken('Asterisk does not answer', 'On the target: systemctl status asterisk');
  }
  for (const [unit, read] of needs.units) {
    const service = services.get(unit);
    if (service === undefined || service.state === 'absent') {
      return broken(`there is no ${unit} on the target`, 'Choose a target that has it with --target.');
    }
    if (service.state !== 'active') {
      return broken(`${unit} is ${service.state}`, `See why: ${logsOf(unit, facts)}`);
    }
    const age = (path: string): boolean | 'unknown' => isOlder(service, files.get(path)?.changed ?? 0);
    const newer = read.filter((path) => age(path) === true);
    const [first] = newer;
    if (first !== undefined) {
      return broken(
        `${unit} began before ${several(newer)} came, so it runs what was there before`,
        `On the target: systemctl restart ${unit}`,
        { file: first },
      );
    }
    if (read.some((path) => age(path) === 'unknown')) {
      return broken(
        `the clock of the target was set since ${unit} began, so whether it has its files cannot be told`,
        `On the target: systemctl restart ${unit}`,
      );
    }
  }
  const units = [...needs.units.keys()];
  const running = [
    ...(needs.asterisk ? [`${facts.isEmbedded ? 'the stand-in for Asterisk' : 'Asterisk'} answers`] : []),
    ...units.filter((unit) => !recordOnly.has(unit)).map((unit) => `${unit} is newer than the files`),
  ];
  const absent = units.filter((unit) => recordOnly.has(unit));
  if (absent.length > 0) {
    const which = `${absent.join(', ')}: not in the embedded stack (try wdev stack up --kind wazo)`;
    return none([...running, which].join('; '));
  }
  return running.length === 0 ? none('no process keeps these files') : ok(running.join(', '));
}

function judgeLoaded(facts: TargetFactsForWhy): Judgement {
  const bad = brokenContext(facts) ?? brokenOutcome(facts) ?? brokenLog(facts) ?? brokenRoute(facts);
  if (bad !== undefined) return bad;
  const { contexts, outcomes, routes } = facts;
  const shown = [
    ...contexts.map(({ name }) => name),
    ...outcomes.map(({ effect }) =>
      effect.do === 'generate' ? generatedName(effect) : 'imported by the call logger',
    ),
    ...routes.filter(({ status }) => status > 0).map(({ url }) => url),
  ];
  if (shown.length > 0) return ok(several(shown));
  const silent = [...facts.needs.units.keys()].filter(
    (unit) => facts.entryPoints.length > 0 && serviceOf(unit) !== undefined && !facts.recordOnly.has(unit),
  );
  return silent.length > 0
    ? ok(`no load error of ${silent.join(', ')}`)
    : none('nothing that could be asked for');
}

function brokenContext(facts: TargetFactsForWhy): Judgement | undefined {
  const { contexts, tree } = facts;
  const lost = contexts.find(({ loaded }) => !loaded);
  if (lost === undefined) return undefined;
  const [first] = lost.missing;
  if (first === undefined) {
    return broken(`Asterisk has no context ${lost.name}`, "On the target: asterisk -rx 'dialplan reload'");
  }
  const place = sourcePlace(tree, first.file, first.line) ?? { file: first.file, line: first.line };
  return broken(
    `Asterisk has no ${first.what} in context ${lost.name}`,
    `On the target: asterisk -rx 'dialplan reload'; then here: ${logsOf('asterisk', facts)}`,
    place,
  );
}

/** Judges what was generated or imported just now, as after an install. */
function brokenOutcome({ plugin, tree, outcomes }: TargetFactsForWhy): Judgement | undefined {
  const finding = judgeEffects({ plugin, tree }, outcomes).findings.find(isError);
  return finding === undefined
    ? undefined
    : broken(finding.message, finding.help ?? 'See wdev logs.', placeOf(finding));
}

function placeOf({ file, line }: { file?: string; line?: number }): { file?: string; line?: number } {
  return { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
}

/** The command that shows what a service of the target logged. */
function logsOf(unit: string, { target }: TargetFactsForWhy): string {
  return `wdev logs ${unit} --target ${quote(target)}`;
}

/** Load errors that name the plugin's entry points or files. */
function brokenLog(facts: TargetFactsForWhy): Judgement | undefined {
  const { logs, tree, entryPoints } = facts;
  const names = entryPoints.map(({ name }) => name);
  for (const [unit, log] of logs) {
    for (const finding of readServiceLog(log, tree)) {
      const own = finding.file !== undefined || names.some((name) => finding.message.includes(name));
      if (own)
        return broken(
          `${unit}: ${finding.message}`,
          `See all of it: ${logsOf(unit, facts)}`,
          placeOf(finding),
        );
    }
  }
  return undefined;
}

function brokenRoute(facts: TargetFactsForWhy): Judgement | undefined {
  const { routes, tree } = facts;
  const lost = routes.find(({ status }) => status === 404);
  if (lost === undefined) return undefined;
  const place = sourcePlace(tree, lost.file) ?? { file: lost.file };
  return broken(
    `${lost.unit} has no route ${lost.url}`,
    `See whether load() adds it to the API as ${PYTHON_PATH.exec(lost.file)?.[1] ?? 'api.yml'} says: ${logsOf(lost.unit, facts)}`,
    place,
  );
}
