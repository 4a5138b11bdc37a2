import { kindOf } from '../kinds/plugin.ts';
import { amount, broken, ok, several, type Judgement, type Link } from './link.ts';
import { isPackaged, stageProblem, type LocalFacts } from './why-local.ts';

/** The links that hold on the author's machine. */
export const LOCAL_LINKS: readonly Link<LocalFacts>[] = [
  { name: 'source', title: 'source', judge: judgeSource },
  { name: 'git', title: 'git', judge: judgeGit },
  { name: 'stage', title: 'stage', judge: judgeStage },
  { name: 'package', title: 'package', judge: judgePackage },
];

function judgeSource(facts: LocalFacts): Judgement {
  const { plugin, manifest, file } = facts;
  const refused = plugin && kindOf(plugin).refused;
  if (refused !== undefined) return broken(refused.message, refused.help ?? '', { file: refused.file });
  if (plugin === undefined || !facts.fileExists) {
    return broken(`there is no file ${file ?? ''}`, 'Check the path, or restore the file.');
  }
  if (!kindOf(plugin).can.build) return ok(`${plugin.kind} plugin ${plugin.id}`);
  return (
    judgeManifest(facts, manifest) ?? judgeRulesThere(facts) ?? ok(`plugin ${plugin.id} ${plugin.version}`)
  );
}

function judgeManifest(_facts: LocalFacts, manifest: LocalFacts['manifest']): Judgement | undefined {
  const file = 'wazo/plugin.yml';
  if (manifest === undefined) {
    return broken('there is no wazo/plugin.yml', 'Write it: name, namespace and version.', { file });
  }
  const { error, fields } = manifest;
  if (error !== undefined) {
    const { message, line } = error;
    return broken(`wazo/plugin.yml is not YAML: ${message}`, 'Correct that line.', { file, line });
  }
  const lacking = ['name', 'namespace', 'version'].filter((field) => !fields.has(field));
  if (lacking.length === 0) return undefined;
  return broken(`wazo/plugin.yml has no ${lacking.join(', no ')}`, 'wazo-plugind needs all three.', { file });
}

function judgeRulesThere({ onDisk }: LocalFacts): Judgement | undefined {
  if (onDisk.includes('wazo/rules')) return undefined;
  return broken('wazo/rules is missing', 'Create it; wdev new stack makes an example.', {
    file: 'wazo/rules',
  });
}

/** Where a file is there that git would not hand out, a clone lacks it. */
function judgeGit({ file, onDisk, handedOut }: LocalFacts): Judgement {
  const asked = file === undefined ? onDisk : [file];
  const ignored = asked.filter((name) => !handedOut.has(name));
  const [first] = ignored;
  if (first !== undefined) {
    return broken(
      `git ignores ${several(ignored)}, so no clone has ${ignored.length === 1 ? 'it' : 'them'}`,
      `See which line does it: git check-ignore -v ${first}`,
      { file: first },
    );
  }
  return ok(file === undefined ? `${amount(handedOut.size, 'file')} in git` : `a clone has ${file}`);
}

function judgeStage(facts: LocalFacts): Judgement {
  const problem = stageProblem(facts);
  if (problem === undefined) return ok('its files are collected');
  const place = {
    ...(problem.file === undefined ? {} : { file: problem.file }),
    ...(problem.line === undefined ? {} : { line: problem.line }),
  };
  return broken(problem.message, problem.help ?? 'Run the step by hand in a clone.', place);
}

/** Sources that are meant for the target must be in the package. */
function judgePackage({ file, handedOut, stage }: LocalFacts): Judgement {
  if (stage?.ok !== true) return broken('there is no package', 'See the link before.');
  const { tree } = stage.stage;
  const staged = [...tree.values()];
  const own = staged.filter(({ path }) => !path.startsWith('/usr/lib/wazo-plugind/'));
  if (own.length === 0 && (file === undefined || !file.startsWith('wazo/'))) {
    return broken(
      'the package is empty, though every command went well',
      'See what the package branch of wazo/rules copies, and whether its patterns match.',
      { file: kindOf(stage.stage.plugin).madeBy },
    );
  }
  const copied = (name: string): boolean =>
    tree.has(`/${name}`) ||
    staged.some((one) => one.source === name || one.hash === handedOut.get(name)?.hash);
  const asked = file === undefined ? [...handedOut.keys()].filter(isShipped) : [file];
  const missing = asked.filter((name) => !copied(name));
  const [first] = missing;
  if (first === undefined) {
    return ok(file === undefined ? `${amount(staged.length, 'file')} in it` : `${file} is in it`);
  }
  return broken(
    `${several(missing)} ${missing.length === 1 ? 'is' : 'are'} not in the package`,
    file === undefined || isPackaged(file)
      ? 'See what the package branch of wazo/rules copies.'
      : `Only what wazo/rules package copies reaches a target; ${first} may not be meant to.`,
    { file: first },
  );
}

/** Templates and samples give a file of another name, or none. */
function isShipped(name: string): boolean {
  return isPackaged(name) && !/\.(?:in|tmpl|template|example|sample|dist|md)$|(?:^|\/)\.[^/]+$/.test(name);
}
