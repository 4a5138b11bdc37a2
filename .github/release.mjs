/**
 * Holds a release against package.json before npm does: `node release.mjs TAG OWNER/NAME`. npm refuses provenance
 * of a package that does not name the repository it was built in, with a message that tells nobody what to do.
 */
import { readFileSync } from 'node:fs';

const [tag = '', built = ''] = process.argv.slice(2);
const { version, repository } = JSON.parse(readFileSync('package.json', 'utf8'));
const named = typeof repository === 'string' ? repository : (repository?.url ?? '');

function problem() {
  if (tag !== `v${version}`) return `The tag is ${tag}, but package.json has version ${version}.`;
  if (named === '') {
    return (
      'package.json has no "repository": npm publishes with provenance only from the repository that it names.\n' +
      `Add it, commit, and tag again:\n  npm pkg set repository=github:${built}`
    );
  }
  const name = named.replace(/^git\+|\.git$/g, '').replace(/^(github:|.*github\.com[:/])/, '');
  if (name !== built) return `package.json names the repository ${name}, but this job builds ${built}.`;
  return undefined;
}

const found = problem();
if (found !== undefined) process.stderr.write(`${found}\n`);
process.exitCode = found === undefined ? 0 : 1;
