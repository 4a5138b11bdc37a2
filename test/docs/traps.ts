import { isCode, isMet, type FindingCode, type RuleCode } from '../../src/findings/catalogue.ts';

/** Traps that public plugins fell into, and what of this tool sees each. Source: a survey of July 2026. */
export interface Trap {
  readonly trap: string;
  /** Rules of wdev check that find it; each has a fixture, its bad example. */
  readonly rules: readonly RuleCode[];
  /** Findings of wdev build or wdev rehearse that show it happen. */
  readonly seenBy?: readonly FindingCode[];
  /** Why no rule can see it. */
  readonly unseen?: string;
}

/** `rules` and `seenBy` are codes with a space between them; one that there is not ends the page. */
function trap(text: string, rules: string, seenBy = ''): Trap {
  const codes = (list: string): readonly FindingCode[] =>
    list
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => {
        if (!isCode(word)) throw new Error(`no finding has the code ${word}`);
        return word;
      });
  const own = codes(rules).filter((code): code is RuleCode => !isMet(code));
  return { trap: text, rules: own, ...(seenBy === '' ? {} : { seenBy: codes(seenBy) }) };
}

function unseen(text: string, why: string): Trap {
  return { trap: text, rules: [], unseen: why };
}

export const TRAPS: readonly Trap[] = [
  trap(
    'An error in the middle of a step goes unnoticed',
    'rules-no-set-e',
    'package-command-failed package-hollow package-no-python',
  ),
  trap(
    'One restart at the end decides about the installation',
    'rules-last-command-decides',
    'rehearse-script-failed',
  ),
  trap("Asterisk's answer is not read", 'rules-asterisk-answer-unread'),
  trap(
    'A restart in uninstall finds the configuration still there',
    'rules-uninstall-restarts-early',
    'rehearse-reload-before-removal rehearse-still-in-use',
  ),
  trap(
    'A dialplan reload in uninstall finds the file still there',
    'rules-uninstall-reloads-early',
    'rehearse-reload-before-removal rehearse-still-in-use',
  ),
  trap('A postrm that nothing calls', 'rules-postrm-dead'),
  trap('A postrm that is called and not there', 'rules-postrm-missing', 'rehearse-script-failed'),
  trap('yaml.load without a loader', 'python-yaml-load', 'stage-build-failed'),
  trap('An archive name that newer setuptools do not make', 'rules-archive-pattern'),
  trap(
    'An archive name that no setuptools makes of this project',
    'rules-archive-mismatch',
    'package-no-python',
  ),
  trap('python for Python 2', 'rules-python2'),
  trap('rules without the exec bit', 'rules-not-executable'),
  trap('A command that wazo-plugind calls is missing', 'rules-command-missing'),
  trap('bash under sh', 'rules-bashism'),
  trap('A step that needs the network', 'rules-network'),
  trap('build or package writes elsewhere', 'rules-writes-outside'),
  trap('pkgdir used outside package', 'rules-pkgdir-outside-package'),
  trap('A path of the sources used on the server', 'rules-relative-path', 'rehearse-script-failed'),
  trap('An install that cannot run twice', 'rules-not-repeatable', 'rehearse-install-not-repeatable'),
  trap('A restart of Asterisk', 'rules-restarts-asterisk'),
  trap('A core reload where less would do', 'rules-core-reload'),
  trap('A service that is gone', 'rules-gone-service entry-point-group-dropped'),
  trap('Python that Python 3 cannot parse', 'python-syntax python2-shebang'),
  trap('An entry point that nothing enables', 'entry-point-not-enabled'),
  trap(
    'An import that nothing brings',
    'python-import-undeclared python2-import python-implicit-relative-import',
  ),
  trap('Requirements that nothing reads', 'setup-install-requires'),
  trap('Two versions in one plugin', 'setup-version-mismatch'),
  trap('A version that is read as a number', 'manifest-version-number'),
  trap(
    'A version that loses its last zero',
    'manifest-version-digits-lost manifest-max-refuses-itself',
    'manifest-engine-refused',
  ),
  trap(
    'uninstall removes a file that was never shipped, or misspells it',
    'rules-uninstall-removes-unshipped',
  ),
  trap(
    'A service that is configured and not restarted',
    'rules-service-not-restarted',
    'rehearse-service-stale',
  ),
  trap('A service that is restarted for nothing', 'rules-service-untouched'),
  trap('depends with packages of Debian', 'manifest-depends-debian'),
  trap('A Python package called tests, also by find_packages()', 'setup-generic-package'),
  trap('A folder at the root of the file system', 'rules-root-folder'),
  trap('A file that a package of Wazo owns', 'file-owned-by-wazo'),
  trap('A unit without daemon-reload', 'rules-no-daemon-reload'),
  trap('chown with a dot', 'rules-chown-dot'),
  trap('Byte-code in the package', 'packaging-bytecode'),
  trap('A key that nothing reads', 'manifest-unknown-key'),
  trap('Leftovers of editors and tools', 'file-leftover'),
  trap('A default branch that is not master', 'git-branch-not-master'),
  trap('A postrm that calls what the package shipped', 'rules-postrm-uses-package'),
  trap(
    'An upgrade that patches or appends once more',
    'rules-not-repeatable',
    'rehearse-install-not-repeatable',
  ),
  unseen(
    'An upgrade overwrites what an administrator changed in /etc',
    'It is so for every file of every plugin, since wazo-plugind declares no conffiles, and the sources do not tell which files somebody will edit.',
  ),
  trap(
    'A module without __init__.py, or a sibling imported as if it were at the top',
    'entry-point-module-missing python-implicit-relative-import',
  ),
  trap('Two plugins with one path, or names that invite it', 'plugins-same-path file-generic-name'),
  trap('Random text in a sed expression', 'rules-random-in-sed'),
  trap('A file in a folder that nothing reads', 'file-wrong-folder'),
  trap('distutils', 'setup-distutils'),
  trap('A build that only root can do', 'rules-needs-root'),
  unseen(
    'A restart that succeeds, and a plugin that did not load',
    'Only the running service knows: wdev install and wdev watch read its log and its port after each restart.',
  ),
];
