/** Judges a plugin by the answers of its services. */

import path from 'node:path';
import { rowOf } from '../../findings/catalogue.ts';
import type { Finding } from '../../findings/finding.ts';
import { dictEntries, valueOf } from '../../readers/yaml/node.ts';
import { readYaml } from '../../readers/yaml/read.ts';
import { SourceText } from '../../readers/source-text.ts';
import type { StagedFile, StagedTree } from '../../stage/tree.ts';
import type { EntryPoint } from '../../wazo/entry-point.ts';
import { isLoadedLate, serviceOfGroup } from '../../wazo/groups.ts';
import { PYTHON_PATH } from '../../wazo/needs.ts';
import type { Evidence } from '../module.ts';
import type { Answers, HandlerAnswer, OwnLogin, RouteAnswer, UnitAnswer } from './answers-shape.ts';
import { lastLine } from './program.ts';
import { unitOf, valueOfEntry, type Description, type Questions } from './questions.ts';
import type { Route } from './routes.ts';
import { tracebackPlace, withReason } from './service-log.ts';
import { sourcePlace } from './source-place.ts';

/** Evidence of answers, with the installed paths that they prove by themselves. */
export interface AskedEvidence extends Evidence {
  readonly proven: ReadonlySet<string>;
}

/** Judges the answers, plugin by plugin. */
export function judgeAnswers(questions: Questions, answers: Answers): ReadonlyMap<string, AskedEvidence> {
  const taken = new Map<string, number>();
  const turn = (what: string): number => {
    const index = taken.get(what) ?? 0;
    taken.set(what, index + 1);
    return index;
  };
  const next = (unit: string): RouteAnswer | undefined => {
    return answers[unit]?.routes[turn(unit)];
  };
  return new Map(
    [...questions].map(([plugin, asked]): [string, AskedEvidence] => {
      const { tree, routes, imports, login, backends, descriptions, lookups, handlers } = asked;
      const [auth, dird, agid] = [answers['wazo-auth'], answers['wazo-dird'], answers['wazo-agid']];
      const looked = lookups.map((entry) =>
        judgeLookup(entry, dird?.lookups?.[turn('lookup')], dird?.log ?? '', tree),
      );
      const isLooked = looked.some(({ loaded }) => loaded.length > 0);
      const parts = [
        ...looked,
        ...[...handlers].map(([name, file]) =>
          judgeHandler(name, file, agid?.handlers?.[turn('handler')], agid?.log ?? '', tree),
        ),
        ...routes.map((route) =>
          judgeRoute(route, next(route.service.unit), answers[route.service.unit], tree),
        ),
        ...imports
          .filter((entry) => !(isLooked && lookups.includes(entry)))
          .map((entry) => judgeImport(entry, answers[unitOf(entry)]?.imports ?? '', tree)),
        ...(login === undefined ? [] : [judgeLogin(login, auth, auth?.own?.[turn('login')], tree)]),
        ...backends.map((entry) => judgeBackend(entry, auth, tree)),
        ...descriptions.map((one) => judgeDescription(one, answers[one.service.unit], tree)),
      ];
      return [
        plugin,
        {
          findings: parts.flatMap(({ findings }) => findings),
          loaded: parts.flatMap(({ loaded }) => loaded),
          proven: new Set(parts.flatMap(({ proven }) => proven ?? [])),
        },
      ];
    }),
  );
}

interface Part extends Evidence {
  readonly proven?: readonly string[];
}

const NOTHING: Part = { findings: [], loaded: [] };

function told(text: string, proven: readonly string[] = []): Part {
  return { findings: [], loaded: [text], proven };
}

function wrong(finding: Finding): Part {
  return { findings: [finding], loaded: [] };
}

/** 401 proves a route, 404 disproves it, and an answer to somebody without a token says that it is open. */
function judgeRoute(
  route: Route,
  answer: RouteAnswer | undefined,
  unit: UnitAnswer | undefined,
  tree: StagedTree,
): Part {
  const { written, isOpen, isCertain, service } = route;
  const { bare = 0, options, token, allow = '' } = answer ?? {};
  const place = sourcePlace(tree, route.file, route.line) ?? {};
  const isThere = options !== undefined && options !== 404 && options !== 0;
  if (options === 404)
    return wrong({
      code: 'route-missing',
      level: isCertain ? 'error' : 'warning',
      message: `${service.unit} does not have the route ${written} (404)`,
      help: rowOf('route-missing').fix.replace('SERVICE', service.unit),
      ...place,
    });
  if (bare === 0) return isThere ? told(`${service.unit} has ${written} (${allow || 'no GET'})`) : NOTHING;
  if (bare >= 500 && !isBusy(answer)) return raised(route, bare, 'without a token', unit, tree);
  if (bare === 401 || bare === 403) {
    const row = `GET ${written}: ${bare} without a token`;
    if (token === undefined || token === 0) return told(row);
    if (token >= 500) return raised(route, token, 'with a token', unit, tree);
    if (token === 401 || token === 403)
      return told(`${row}; the token that was given has not the right ${route.right ?? 'that it asks for'}`);
    return told(`${row}, ${token} with one`);
  }
  if (bare === 405 || bare >= 500) return told(`GET ${written}: ${bare} without a token`);
  if (isOpen === true) return told(`GET ${written}: ${bare} to everybody, as the code says`);
  return wrong({
    code: 'route-open',
    level: isOpen === undefined ? 'warning' : 'error',
    message: `GET ${written} answers ${bare} without a token: anyone who reaches ${service.unit} can call it`,
    ...place,
  });
}

/** Whether the service could not ask wazo-auth. Source: xivo.http_exceptions, AuthServerUnreachable. */
function isBusy({ bare, text = '' }: RouteAnswer = {}): boolean {
  return bare === 503 && /auth/i.test(text);
}

/** Faults of what lies behind the plugin, which a save has not made. */
const BEHIND =
  /^(?:\w+\.)*(?:Connection|Connect|Timeout|MaxRetry|ReadTimeout|Operational)\w*(?:Error|Exception|Timeout)?\b/m;

/** Whether the last traceback ends in the check of a token, before the plugin's code. Source: xivo-lib-python, auth_verifier. */
function endsInTokenCheck(log: string): boolean {
  const frames = log.split('\n').filter((line) => line.startsWith('  File "'));
  return frames.at(-1)?.includes('/xivo/auth_verifier.py"') === true;
}

function raised(
  route: Route,
  status: number,
  how: string,
  unit: UnitAnswer | undefined,
  tree: StagedTree,
): Part {
  const { written, service } = route;
  const log = unit?.log ?? '';
  const place = tracebackPlace(log, tree);
  return wrong({
    code: 'route-raised',
    level: status !== 500 || BEHIND.test(log) || endsInTokenCheck(log) ? 'warning' : 'error',
    message: withReason(`GET ${written} answers ${status} ${how}`, log),
    ...('file' in place ? place : sourcePlace(tree, route.file, route.line)),
    help: `Fix the exception. Show the traceback: wdev logs ${service.unit}`,
  });
}

function judgeImport(entry: EntryPoint, said: string, tree: StagedTree): Part {
  const value = valueOfEntry(entry);
  const unit = serviceOfGroup(entry.group)?.unit;
  const part = said
    .split(/^(?=(?:imported|refused) \S+$)/m)
    .find((text) => text.startsWith(`imported ${value}\n`) || text.startsWith(`refused ${value}\n`));
  if (part === undefined) return NOTHING;
  if (part.startsWith('imported')) return told(`${value}: can be imported${laterText(entry, unit)}`);
  const who = unit ?? 'the Python of the server';
  const when = unit === undefined ? '' : ', which it does on first use';
  return wrong({
    code: 'service-import-failed',
    level: 'error',
    message: `${who} cannot import ${value}${when}${lastLine(part)}`,
    ...tracebackPlace(part, tree),
  });
}

function laterText(entry: EntryPoint, unit: string | undefined): string {
  if (unit === undefined) return '';
  return isLoadedLate(entry)
    ? `; ${unit} makes it at its first use, which is not tried`
    : `; the plugin's settings do not enable ${entry.name}`;
}

/** The log alone shows what a backend makes of a lookup: a source that raises gives no results. */
function judgeLookup(
  { name }: EntryPoint,
  answer: NonNullable<UnitAnswer['lookups']>[number] | undefined,
  log: string,
  tree: StagedTree,
): Part {
  const { status, results = 0, made = false } = answer ?? {};
  if (status === undefined) return NOTHING;
  const place = tracebackPlace(log, tree);
  if ('file' in place)
    return wrong({
      code: 'lookup-failed',
      level: made || BEHIND.test(log) ? 'warning' : 'error',
      message: withReason(`A lookup in a wazo-dird source of backend ${name} failed`, log),
      ...place,
      help: 'Fix the exception. Show the traceback: wdev logs wazo-dird',
    });
  if (status >= 500)
    return wrong({
      code: 'lookup-failed',
      level: made ? 'warning' : 'error',
      message: withReason(`A lookup in a wazo-dird source of backend ${name} answers ${status}`, log),
      help: 'Fix the exception. Show the traceback: wdev logs wazo-dird',
    });
  if (status !== 200) return NOTHING;
  const count = `${results} result${results === 1 ? '' : 's'}`;
  return told(`${name}: a lookup through a source of it gave ${count}, and no complaint`);
}

function judgeHandler(
  name: string,
  file: string,
  answer: HandlerAnswer | undefined,
  log: string,
  tree: StagedTree,
): Part {
  if (answer === undefined)
    return told(`agi://…/${name}: not called here, wdev calls handlers on disposable stacks alone`);
  const { commands, isCall, isWhole = true } = answer;
  const whose = isCall ? ' in a call' : '';
  // what it raises then, is that nobody answers any more
  if (!isWhole)
    return told(`agi://…/${name}: ${commands.length} commands${whose}, and more that were not waited for`, [
      file,
    ]);
  const place = tracebackPlace(log, tree);
  if ('file' in place)
    return wrong({
      code: 'agi-handler-raised',
      level: 'warning',
      message: withReason(`Handler ${name} of wazo-agid raised an exception in a test call`, log),
      ...place,
      help: 'Fix the exception. Show the traceback: wdev logs wazo-agid',
    });
  // what wazo-agid itself says last is no command of the handler's: it went well, or it left the call
  const own = commands.filter((command) => !WENT_WELL.test(command));
  if (own.length === commands.length && commands.includes(LEFT))
    return told(
      `agi://…/${name}: it left a call of wdev${isCall ? '' : ', which is none'}, so little is known of it`,
    );
  if (commands.length === 0) return told(`agi://…/${name}: it said nothing${whose}, and was not waited for`);
  const count = `${own.length} command${own.length === 1 ? '' : 's'}${whose}`;
  const last = own.at(-1);
  return told(`agi://…/${name}: ${count}${last === undefined ? '' : `, the last ${last}`}`, [file]);
}

/** The last word of wazo-agid about a handler. Source: wazo_agid.agid, FastAGIRequestHandler. */
const WENT_WELL = /^VERBOSE "AGI handler '.*' successfully executed" \d+$/;
const LEFT = 'EXEC Goto "agi_fail,s,1"';

/**
 * A provider is the only one that wazo-auth asks about a login that it takes for its own: so the refusal is its own too.
 * Source: wazo-auth, services/authentication.py.
 */
function judgeLogin(
  entry: EntryPoint,
  unit: UnitAnswer | undefined,
  own: OwnLogin | undefined,
  tree: StagedTree,
): Part {
  const statuses = [unit?.login ?? 0, own?.status ?? 0];
  const log = unit?.log ?? '';
  const place = tracebackPlace(log, tree);
  if (statuses.some((status) => status >= 200 && status < 300))
    return wrong({
      code: 'login-let-in',
      level: 'error',
      message: `wazo-auth accepts a login that does not exist, now that backend ${entry.name} is installed`,
      ...verifierPlace(entry, tree),
    });
  const raisedBy = statuses.find((status) => status >= 500);
  if (raisedBy !== undefined && 'file' in place)
    return wrong({
      code: 'route-raised',
      level: BEHIND.test(log) ? 'warning' : 'error',
      message: withReason(`A login at wazo-auth answers ${raisedBy}`, log),
      ...place,
      help: 'Fix the exception; all of it: wdev logs wazo-auth',
    });
  if (unit?.login !== 401) return NOTHING;
  if (own?.login !== undefined && own.status === 401)
    return told(`${entry.name}: asked by wazo-auth for a token of ${own.login}, it refused (401)`);
  const still = `${entry.name}: wazo-auth still refuses a login that does not exist`;
  return told(own === undefined ? still : `${still}, which is none of this provider's`);
}

/** The method of a provider that lets logins in. */
function verifierPlace({ value }: EntryPoint, tree: StagedTree): Partial<Finding> {
  const module = (value.split(':')[0] ?? '').trim().replaceAll('.', '/');
  const names = [`${module}.py`, `${module}/__init__.py`];
  const file = [...tree.values()].find(({ path: name }) => names.includes(PYTHON_PATH.exec(name)?.[1] ?? ''));
  if (file === undefined || file.link !== undefined) return {};
  const at = file.bytes
    .toString('utf8')
    .split('\n')
    .findIndex((line) => /^\s*(?:async\s+)?def\s+verify_auth\b/.test(line));
  return sourcePlace(tree, file.path, at < 0 ? undefined : at + 1) ?? {};
}

/** Whether a token comes by it, only a user of it could find out: that is not asked. */
function judgeBackend({ name }: EntryPoint, unit: UnitAnswer | undefined, tree: StagedTree): Part {
  const listed = unit?.backends;
  if (listed === undefined) return NOTHING;
  if (listed.includes(name))
    return told(`${name}: wazo-auth has the backend; a token by it takes a user of it`);
  return wrong({
    code: 'backend-missing',
    level: 'error',
    message: `wazo-auth did not load backend ${name}, which the plugin enables (loaded: ${listed.join(', ')})`,
    ...tracebackPlace(unit?.log ?? '', tree),
  });
}

function judgeDescription(
  { file, paths, service }: Description,
  unit: UnitAnswer | undefined,
  tree: StagedTree,
): Part {
  const { status = 0, missing = [] } = unit?.description ?? {};
  // wazo-phoned shows it to the networks of phones alone
  if ([0, 401, 403].includes(status)) return NOTHING;
  const own = missing.filter((name) => paths.includes(name));
  const address = `/${service.api ?? ''}/api/api.yml`;
  if (status === 200 && own.length === 0) {
    const count = `${paths.length} path${paths.length === 1 ? '' : 's'}`;
    return told(`${address}: ${count} of ${path.posix.basename(path.posix.dirname(file.path))}/api.yml`, [
      file.path,
    ]);
  }
  const why = status === 200 ? `has no ${own.join(', ')}` : `answers ${status}`;
  return wrong({
    code: 'api-not-merged',
    level: status === 200 ? 'error' : 'warning',
    message: `The API description of ${service.unit} (${address}) ${why}`,
    ...sourcePlace(tree, file.path, status === 200 ? lineOf(file, own[0] ?? '') : undefined),
  });
}

function lineOf({ bytes }: StagedFile, key: string): number | undefined {
  const text = bytes.toString('utf8');
  const paths = valueOf(readYaml(text).root, 'paths');
  const entry = paths?.kind === 'map' ? dictEntries(paths).find((one) => one.key.text === key) : undefined;
  return entry === undefined ? undefined : new SourceText('', text).at(entry.key.start).line;
}
