/**
 * How Wazo's daemons behave when something in them is broken, as rows that are tried on a stack with Wazo's services:
 * the stand-ins in CI, the real packages by hand (README.md has the dates). Each script ends with status 0 when the
 * daemons behave so. The facts: wazo-2026, 7, and wazo-contracts, 1.
 */

export interface Fact {
  readonly fact: string;
  /** Shell text, run as root in the stack. */
  readonly script: string;
}

/** Waits up to half a minute until a command succeeds. */
const HELPERS = `until_ok() { n=0; until eval "$1"; do n=$((n + 1)); [ $n -lt 150 ] || { echo "never: $1"; exit 1; }; sleep 0.2; done; }
since() { journalctl --no-pager -q -o cat -u "$1" --since "@$START"; }
restart() { START=$(date +%s); systemctl reset-failed "$1" 2>/dev/null; systemctl restart "$1"; }
answers() { curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1"; }
plugin() { # FOLDER GROUP ENTRY TEXT
  mkdir -p "/opt/facts/$1/$1" "/opt/facts/$1/$1-1.dist-info"
  : >"/opt/facts/$1/$1/__init__.py"
  printf '%s\\n' "$4" >"/opt/facts/$1/$1/plugin.py"
  printf '[%s]\\n%s = %s.plugin:Plugin\\n' "$2" "$3" "$1" >"/opt/facts/$1/$1-1.dist-info/entry_points.txt"
  printf 'Metadata-Version: 2.1\\nName: %s\\nVersion: 1\\n' "$1" >"/opt/facts/$1/$1-1.dist-info/METADATA"
  cp -r "/opt/facts/$1/." /usr/lib/python3/dist-packages/
  rm -rf /root/.cache/python-entrypoints
}
unplug() { rm -rf "/usr/lib/python3/dist-packages/$1" "/usr/lib/python3/dist-packages/$1-1.dist-info" /root/.cache/python-entrypoints; }
enable() { printf 'enabled_plugins: {%s: true}\\n' "$1" >/etc/wazo-calld/conf.d/50-facts.yml; }
CONF=/etc/wazo-calld/conf.d/50-facts.yml
set -e
`;

const GOOD = `from flask_restful import Resource
from wazo_calld.auth import required_acl
from wazo_calld.http import AuthResource

class Facts(AuthResource):
    @required_acl('calld.facts.read')
    def get(self):
        return {}

class Open(Resource):
    def get(self):
        return {}

class Plugin:
    def load(self, dependencies):
        dependencies['api'].add_resource(Facts, '/facts')
        dependencies['api'].add_resource(Open, '/open')`;

export const FACTS: readonly Fact[] = [
  {
    fact: 'a conf.d file that is no YAML is left out as a whole; the journal tells it, the log file does not',
    script: `printf 'enabled_plugins: {facts: true\\n' >$CONF
restart wazo-calld; until_ok 'systemctl is-active -q wazo-calld && [ $(answers 9500/1.0/status) = 401 ]'
since wazo-calld | grep -q "$CONF"
! grep -q "$CONF" /var/log/wazo-calld.log
rm $CONF; restart wazo-calld`,
  },
  {
    fact: 'a list at the top of a conf.d file ends the daemon; systemd starts it again and again, not failed at once',
    script: `printf -- '- one\\n' >$CONF
restart wazo-calld; until_ok '[ "$(systemctl show -P SubState wazo-calld)" = auto-restart ]'
[ "$(systemctl show -P ActiveState wazo-calld)" = activating ]
since wazo-calld | grep -q AttributeError
rm $CONF; restart wazo-calld; until_ok 'systemctl is-active -q wazo-calld'`,
  },
  {
    fact: '`enabled_plugins:` without a value ends the daemon',
    script: `printf 'enabled_plugins:\\n' >$CONF
restart wazo-calld; until_ok '[ "$(systemctl show -P SubState wazo-calld)" = auto-restart ]'
rm $CONF; restart wazo-calld; until_ok 'systemctl is-active -q wazo-calld'`,
  },
  {
    fact: 'a route answers 401 without a token, one without authentication 200, another 404',
    script: `plugin facts wazo_calld.plugins facts "$GOOD"
enable facts
restart wazo-calld; until_ok '[ $(answers 9500/1.0/facts) = 401 ]'
[ $(answers 9500/1.0/open) = 200 ]
[ $(answers 9500/1.0/nothing) = 404 ]
unplug facts; rm $CONF; restart wazo-calld`,
  },
  {
    fact: 'the only plugin that is enabled cannot be imported: the daemon does not start, its entry point is named',
    script: `plugin facts wazo_calld.plugins facts 'import no_such_module'
enable facts
restart wazo-calld; until_ok '[ "$(systemctl show -P SubState wazo-calld)" = auto-restart ]'
since wazo-calld | grep -q 'Error in plugin namespace "wazo_calld.plugins" when loading module.*facts'
since wazo-calld | grep -q no_such_module
unplug facts; rm $CONF; restart wazo-calld; until_ok 'systemctl is-active -q wazo-calld'`,
  },
  {
    fact: 'one of two cannot be imported: the daemon goes on with the other, and names the one twice',
    script: `plugin facts wazo_calld.plugins facts "$GOOD"
plugin other wazo_calld.plugins other 'import no_such_module'
printf 'enabled_plugins: {facts: true, other: true}\\n' >$CONF
restart wazo-calld; until_ok '[ $(answers 9500/1.0/facts) = 401 ]'
since wazo-calld | grep -q 'Error in plugin namespace.*other'
since wazo-calld | grep -q "the entrypoint is missing for plugins: {'other'}"
unplug facts; unplug other; rm $CONF; restart wazo-calld`,
  },
  {
    fact: 'load() that raises is logged by stevedore, and the daemon goes on',
    script: `plugin facts wazo_calld.plugins facts 'class Plugin:
    def load(self, dependencies):
        raise ValueError("not today")'
enable facts
restart wazo-calld; until_ok 'systemctl is-active -q wazo-calld && [ $(answers 9500/1.0/status) = 401 ]'
since wazo-calld | grep -q "error calling 'facts': not today"
unplug facts; rm $CONF; restart wazo-calld`,
  },
  {
    fact: 'api.yml of an entry point is merged, enabled or not, at each request',
    script: `plugin facts wazo_calld.plugins facts "$GOOD"
restart wazo-calld; until_ok '[ $(answers 9500/1.0/api/api.yml) = 200 ]'
printf 'paths:\\n  /facts: {}\\n' >/usr/lib/python3/dist-packages/facts/api.yml
curl -s http://127.0.0.1:9500/1.0/api/api.yml | grep -q /facts
unplug facts`,
  },
  {
    fact: 'a backend of wazo-dird is imported at the first lookup: until then nothing tells that it is broken',
    script: `plugin facts wazo_dird.backends facts 'def broken(:'
printf '{"one": {"uuid": "one", "name": "one", "backend": "facts"}}' >/var/lib/wazo-dird/sources.json
restart wazo-dird; until_ok '[ $(answers 9489/0.1/status) = 401 ]'
! since wazo-dird | grep -q SyntaxError
TOKEN=$(curl -s -u "$(sed -n 's/.*username: //p' /root/.config/wazo-auth-cli/050-credentials.yml):$(sed -n 's/.*password: //p' /root/.config/wazo-auth-cli/050-credentials.yml)" -H 'Content-Type: application/json' -d '{"expiration": 60}' http://127.0.0.1:9497/0.1/token | python3 -c 'import json, sys; print(json.load(sys.stdin)["data"]["token"])')
curl -s -H "X-Auth-Token: $TOKEN" 'http://127.0.0.1:9489/0.1/directories/lookup/default?term=x' | grep -q '"results": \\[\\]'
grep -q SyntaxError /var/log/wazo-dird.log
rm /var/lib/wazo-dird/sources.json; unplug facts; restart wazo-dird`,
  },
  {
    fact: 'a module of wazo-agid that cannot be imported ends the daemon; the traceback stands in the journal alone',
    script: `printf 'def broken(:\\n' >/usr/lib/python3/dist-packages/wazo_agid/modules/facts.py
restart wazo-agid; until_ok '[ "$(systemctl show -P SubState wazo-agid)" = auto-restart ]'
since wazo-agid | grep -q SyntaxError
! grep -q SyntaxError /var/log/wazo-agid.log
rm /usr/lib/python3/dist-packages/wazo_agid/modules/facts.py; restart wazo-agid; until_ok 'systemctl is-active -q wazo-agid'`,
  },
  {
    fact: 'a token is asked of wazo-auth with a right; one that does not cover it is refused with 401',
    script: `plugin facts wazo_calld.plugins facts "$GOOD"
enable facts
restart wazo-calld; until_ok '[ $(answers 9500/1.0/facts) = 401 ]'
printf 'facts: {system_user: root, acl: [calld.other.read]}\\n' >/etc/wazo-auth-keys/conf.d/facts.yml
wazo-auth-keys service update
KEY=$(sed -n 's/service_key: //p' /var/lib/wazo-auth-keys/facts-key.yml)
TOKEN=$(curl -s -u "facts:$KEY" -H 'Content-Type: application/json' -d '{}' http://127.0.0.1:9497/0.1/token | python3 -c 'import json, sys; print(json.load(sys.stdin)["data"]["token"])')
[ $(curl -s -o /dev/null -w '%{http_code}' -H "X-Auth-Token: $TOKEN" http://127.0.0.1:9500/1.0/facts) = 401 ]
unplug facts; rm $CONF /etc/wazo-auth-keys/conf.d/facts.yml; restart wazo-calld`,
  },
];

/** The whole of a row, for `sh -c`. */
export function factScript({ script }: Fact): string {
  return `${HELPERS}GOOD='${GOOD.replaceAll("'", String.raw`'\''`)}'\n${script}`;
}
