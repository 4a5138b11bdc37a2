import { NAME_CHANGES, remedyOf, whatBecame, type NameChange } from '../../wazo/renamed.ts';
import { atLeast } from '../../wazo/versions.ts';
import { dialplanSources } from '../dialplan.ts';
import { withFiles } from '../examples.ts';
import { codeLines, isProse } from '../prose.ts';
import type { Example, Hit, RuleCheck, RuleChecks } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { calldPlugin, PYTHON_CODE_CHECKS } from './python-code.ts';
import { RULES_SERVICE_CHECKS } from './rules-services.ts';

export const ENGINE_CHECKS = {
  'name-renamed': nameCheck(
    'renamed',
    importing('from xivo_confd_client import Client'),
    importing('from wazo_confd_client import Client'),
  ),
  'name-removed': nameCheck('removed', dialling('SIP/alice'), dialling('PJSIP/alice')),
  'name-deprecated': nameCheck('deprecated', queue('${XIVO_CALLORIGIN}'), queue('${WAZO_CALLORIGIN}')),
} satisfies RuleChecks;

function importing(line: string): Example {
  const text = `${line}\n\n\nclass Plugin:\n    def load(self, dependencies):\n        self.client = Client()\n`;
  return calldPlugin({ 'acme_hello/plugin.py': text }, line);
}

function dialling(channel: string): Example {
  const text = `[xivo-extrafeatures]\nexten = ***42,1,Dial(${channel})\nsame = n,Hangup()\n`;
  return withFiles({ 'etc/asterisk/extensions_extra.d/acme-hello.conf': text });
}

function queue(variable: string): Example {
  return withFiles({ 'etc/asterisk/queues.d/acme-hello.conf': `[acme]\nannounce = ${variable}\n` });
}

function nameCheck(kind: NameChange['kind'], bad: Example, good: Example): RuleCheck {
  const engine = '26.07';
  return {
    area: 'files',
    compat: 'engine',
    bad: { ...bad, engine },
    good: { ...good, engine },
    check: (subject) => nameHits(subject, kind),
  };
}

/** Names that an engine has under another name or not at all, where no rule of its own reports them. */
function nameHits(subject: Subject, kind: NameChange['kind']): readonly Hit[] {
  const { engine } = subject;
  if (engine === undefined) return [];
  const changes = NAME_CHANGES.filter((change) => change.kind === kind && atLeast(engine, change.since));
  const others = reportedElsewhere(subject);
  const linted = dialplanSources(subject);
  const own = new Map<string, readonly NameChange[]>();
  const changesOf = (file: string): readonly NameChange[] => {
    const known = own.get(file);
    if (known !== undefined) return known;
    const those = changes.filter((one) => one.files.test(file) && !(one.isLinted && linted.has(file)));
    own.set(file, those);
    return those;
  };
  const inTexts: Hit[] = [];
  for (const { file, line, text } of codeLines(subject)) {
    for (const change of changesOf(file))
      for (const hit of hitsIn(text, change))
        if (!others.has(`${file}:${line}`)) inTexts.push({ ...hit, file, line });
  }
  return [...inTexts, ...inPaths(subject, changes)];
}

/** `etc/xivo-confd/conf.d/x.yml` lies where nothing reads it. */
function inPaths({ files }: Subject, changes: readonly NameChange[]): readonly Hit[] {
  const paths = [...files.keys()].filter((path) => path.startsWith('etc/') && !isProse(path));
  return paths.flatMap((file) =>
    changes.flatMap((change) => hitsIn(file, change).map((hit) => ({ ...hit, file, line: 1, column: 1 }))),
  );
}

function hitsIn(text: string, change: NameChange): readonly Omit<Hit, 'file'>[] {
  // matchAll makes an expression of its own for each line
  if (text.search(change.pattern) < 0) return [];
  const [match] = text.matchAll(change.pattern);
  if (match === undefined) return [];
  // the whole word, where the changed name is the first half of it
  const name = match[0] + (/^\w*/.exec(text.slice(match.index + match[0].length))?.[0] ?? '');
  return [
    {
      column: match.index + 1,
      message: `${shownName(name)} ${whatBecame(change, name)}`,
      help: remedyOf(change, name),
    },
  ];
}

/** The name without what only the search needs: a bracket, or the first half of a call. */
function shownName(name: string): string {
  return name.replace(/^Dial\(/, '').replace(/\($/, '');
}

/** `file:line` of services and entry point groups that rules of their own report. */
function reportedElsewhere(subject: Subject): ReadonlySet<string> {
  const hits = [
    ...RULES_SERVICE_CHECKS['rules-gone-service'].check(subject),
    ...PYTHON_CODE_CHECKS['entry-point-group-dropped'].check(subject),
  ];
  return new Set(hits.map(({ file, line }) => `${file}:${line}`));
}
