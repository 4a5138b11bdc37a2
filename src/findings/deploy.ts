import { met, row } from './row.ts';

const STEPS = 'wazo-plugind, steps of an installation';

/** Faults that show when a version is brought to a server through wazo-plugind. */
export const DEPLOY = met({
  'deploy-step-failed': row(
    'error',
    'wazo-plugind failed on the server',
    'The installation ended there; the version that was installed before stays, unless dpkg had begun.',
    'See /var/log/wazo-plugind.log on the server. For more detail, write debug: true to /etc/wazo-plugind/conf.d/01-debug.yml, restart wazo-plugind, and deploy again.',
    STEPS,
    'a step that fails on the server only\n$ wdev deploy',
  ),
  'deploy-clone-failed': row(
    'error',
    'The server cannot clone the repository',
    'wazo-plugind clones as its own user, who has no key and no credentials of yours.',
    'Check the address; the server must be able to read it without a login (--url).',
    'wazo-plugind, downloading step',
    'a remote by ssh, and a server without a key\n$ wdev deploy',
  ),
  'deploy-refused-manifest': row(
    'error',
    'wazo-plugind refuses a field of plugin.yml',
    'wazo-plugind installs only what it finds valid.',
    'Change the value as wazo-plugind says, in wazo/plugin.yml.',
    'wazo-plugind, validating step',
    'wazo/plugin.yml: max_wazo_version below the version of the server\n$ wdev deploy',
  ),
  'deploy-dependency-missing': row(
    'error',
    'A dependency of the plugin cannot be installed',
    'gdebi refuses a package when something in its Depends cannot be installed; wazo-plugind does not say which.',
    'Publish it in the market or in an apt source of the server, or correct depends or debian_depends.',
    'wazo-plugind, installing dependencies and installing steps',
    'wazo/plugin.yml: debian_depends: [no-such-package]\n$ wdev deploy',
  ),
  'deploy-apt-failed': row(
    'error',
    'apt-get update fails on the server',
    'wazo-plugind updates before it installs what debian_depends names, and ends when that fails.',
    'Fix or remove the apt source on the server.',
    'wazo-plugind, updating step',
    'a malformed file in /etc/apt/sources.list.d of the server\n$ wdev deploy',
  ),
  'deploy-script-failed': row(
    'error',
    'wazo/rules install failed on the server',
    'dpkg leaves the package half-configured, and the next apt run of the server tries it again.',
    'Fix wazo/rules, raise the version, and deploy again.',
    'wazo-plugind, installing step; Debian policy, chapter 6',
    'wazo/rules: install) false ;;\n$ wdev deploy',
  ),
  'deploy-not-in-use': row(
    'error',
    'Installed, but not in use',
    'wazo-plugind does not ask the services: its status completed only means that dpkg succeeded.',
    'See wdev why --target TARGET, and wdev logs.',
    'wdev, evidence on a target',
    'a plugin of wazo-calld that raises in load()\n$ wdev deploy',
  ),
  'deploy-not-seen': row(
    'error',
    'The version was not installed in time',
    'Without a shell on the server, the reason stays unknown.',
    'Follow the steps on the server: --target ssh://HOST.',
    STEPS,
    'a build that fails\n$ wdev deploy --server https://pbx',
  ),
  'deploy-address-logged': row(
    'warning',
    'The repository URL contains credentials, and wazo-plugind logs it',
    'Anyone who may read /var/log/wazo-plugind.log on the server can use them.',
    'Use a read-only token, or pass a URL without credentials: --url.',
    'wazo-plugind, log of an installation',
    'a remote https://token@host/plugin.git\n$ wdev deploy',
  ),
});
