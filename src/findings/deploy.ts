import { met, row } from './row.ts';

const STEPS = 'wazo-plugind, steps of an installation';

/** Faults that show when a version is brought to a server through wazo-plugind. */
export const DEPLOY = met({
  'deploy-step-failed': row(
    'error',
    'A step of wazo-plugind failed on the server',
    'The installation ended there; the version that was installed before stays, unless dpkg had begun.',
    'Read what the server said; wazo-plugind tells more in its log with debug: true.',
    STEPS,
    'a step that fails on the server only\n$ wdev deploy',
  ),
  'deploy-clone-failed': row(
    'error',
    'The server cannot clone the repository',
    'wazo-plugind clones as its own user, who has no key and no credentials of yours.',
    'Give the server an address that it can read without a login: --url https://…',
    'wazo-plugind, downloading step',
    'a remote by ssh, and a server without a key\n$ wdev deploy',
  ),
  'deploy-refused-manifest': row(
    'error',
    'wazo-plugind refuses a field of wazo/plugin.yml',
    'It installs nothing that it does not take for valid.',
    'Correct the line.',
    'wazo-plugind, validating step',
    'wazo/plugin.yml: max_wazo_version below the version of the server\n$ wdev deploy',
  ),
  'deploy-dependency-missing': row(
    'error',
    'A plugin or a package that this one needs is not there',
    'gdebi installs no package whose Depends it cannot have; a dependency that fails is not told by wazo-plugind.',
    'Publish it in the market or in an apt source of the server, or fix depends or debian_depends.',
    'wazo-plugind, installing dependencies and installing steps',
    'wazo/plugin.yml: debian_depends: [no-such-package]\n$ wdev deploy',
  ),
  'deploy-apt-failed': row(
    'error',
    'apt-get update fails on the server',
    'wazo-plugind updates before it installs what debian_depends names, and ends when that fails.',
    'Correct the apt source that apt names.',
    'wazo-plugind, updating step',
    'a malformed file in /etc/apt/sources.list.d of the server\n$ wdev deploy',
  ),
  'deploy-script-failed': row(
    'error',
    'wazo/rules ended with an error on the server, in a maintainer script',
    'dpkg leaves the package half-configured, and the next apt run of the server tries it again.',
    'Correct the line of wazo/rules, raise the version, and deploy that.',
    'wazo-plugind, installing step; Debian policy, chapter 6',
    'wazo/rules: install) false ;;\n$ wdev deploy',
  ),
  'deploy-not-in-use': row(
    'error',
    'The package is installed, but the server does not use it',
    'wazo-plugind asks no service: completed says that dpkg was content.',
    'wdev why --target says which link is broken; wdev logs shows what the service said.',
    'wdev, evidence on a target',
    'a plugin of wazo-calld that raises in load()\n$ wdev deploy',
  ),
  'deploy-not-seen': row(
    'error',
    'The version did not come within the time',
    'Without a shell on the server, the reason stays unknown.',
    '--target ssh://HOST follows the steps and reads the reason.',
    STEPS,
    'a build that fails\n$ wdev deploy --server https://pbx',
  ),
  'deploy-address-logged': row(
    'warning',
    'The address holds credentials, and wazo-plugind writes it into its log',
    'Who reads /var/log/wazo-plugind.log on the server has them.',
    'Use a token that may only read this repository, or an address without one: --url.',
    'wazo-plugind, log of an installation',
    'a remote https://token@host/plugin.git\n$ wdev deploy',
  ),
});
