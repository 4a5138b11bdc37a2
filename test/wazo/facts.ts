/**
 * How Wazo's daemons behave when something in them is broken, as rows that are tried on a stack with Wazo's services:
 * the stand-ins in CI, the real ones by hand. Each script ends with status 0 when the daemons behave so. The facts:
 * wazo-2026, 7, and wazo-contracts, 1.
 */

/** The real daemons that were asked, by hand: their commits, and the day. What else ran there: README.md. */
export const REAL = {
  day: '2026-11-30',
  commits: {
    'wazo-agid': '1860679',
    'wazo-auth': 'f1c4e527',
    'wazo-calld': '07b6704d',
    'wazo-confd': '4086b2e45',
    'wazo-dird': '9c7df085',
    'wazo-provd': '5dde984',
    'xivo-lib-python': 'b773b7b',
  },
} as const;

type Unit = Exclude<keyof typeof REAL.commits, 'xivo-lib-python'>;

export interface Fact {
  readonly unit: Unit;
  readonly fact: string;
  /** Shell text, run as root in the stack. */
  readonly script: string;
  /** Whether the real daemon behaved so when it was asked; else why it was not asked. */
  readonly seen: true | string;
}

/** The real daemon behind a row, and the day, for a person. */
export function seenWith({ unit, seen }: Fact): string {
  return seen === true ? `seen with ${unit} ${REAL.commits[unit]}, ${REAL.day}` : `not seen: ${seen}`;
}

/** Waits up to ten minutes until a command succeeds; a row that ends, however it does, leaves nothing of its own. */
const HELPERS = String.raw`PYTHON=/usr/lib/python3/dist-packages
until_ok() { n=0; until eval "$1"; do n=$((n + 1)); [ $n -lt 3000 ] || { echo "never: $1"; exit 1; }; sleep 0.2; done; }
size() { stat -c %s "/var/log/$1.log" 2>/dev/null || echo 0; }
run_of() { systemctl show -P InvocationID "$1"; }
restart() { START=$(date +%s); SIZE=$(size "$1"); RUN=$(run_of "$1"); systemctl reset-failed "$1" 2>/dev/null || :; systemctl restart --no-block "$1"; until_ok "[ \"\$(run_of $1)\" != '$RUN' ]"; }
journal() { journalctl --no-pager -q -o cat -u "$1" --since "@$START"; }
logged() { tail -c "+$((SIZE + 1))" "/var/log/$1.log"; }
line() { logged "$1" | grep -Eq "^[0-9-]{10} [0-9:]{8},[0-9]{3} [^ ]+ \[pid [0-9]+\] \[tid [0-9]+\] \($2\) \($3\): $4"; }
ends() { # UNIT STATUS
  until_ok "[ \"\$(systemctl show -P SubState $1)\" = auto-restart ] || { [ \"\$(systemctl show -P SubState $1)\" = start-post ] && [ \"\$(systemctl show -P MainPID $1)\" = 0 ]; }"
  # what waits for its port does so for a minute
  if [ "$(systemctl show -P SubState "$1")" = start-post ]; then systemctl kill --kill-who=control "$1"; fi
  until_ok "[ \"\$(systemctl show -P SubState $1)\" = auto-restart ]"
  [ "$(systemctl show -P ActiveState "$1")" = activating ]
  case $(systemctl show -P ExecMainStatus "$1") in $2) ;; *) return 1 ;; esac
}
ask() { curl -s -o /tmp/facts-answer -w '%{http_code}' "$@"; }
said() { python3 -c 'import json, sys; told = json.load(open("/tmp/facts-answer")); sys.exit(not eval(sys.argv[1]))' "$1" || { cat /tmp/facts-answer; exit 1; }; }
word() { sed -n "s/.*$1: //p" /root/.config/wazo-auth-cli/050-credentials.yml; }
token() { curl -s -u "$1" -H 'Content-Type: application/json' -d '{"expiration": 60}' http://127.0.0.1:9497/0.1/token | python3 -c 'import json, sys; print(json.load(sys.stdin)["data"]["token"])'; }
plugin() { # NAME GROUP TEXT
  mkdir -p "$PYTHON/facts_$1" "$PYTHON/facts_$1-1.dist-info"
  : >"$PYTHON/facts_$1/__init__.py"
  printf '%s\n' "$3" >"$PYTHON/facts_$1/plugin.py"
  printf '[%s]\nfacts_%s = facts_%s.plugin:Plugin\n' "$2" "$1" "$1" >"$PYTHON/facts_$1-1.dist-info/entry_points.txt"
  printf 'Metadata-Version: 2.1\nName: facts_%s\nVersion: 1\n' "$1" >"$PYTHON/facts_$1-1.dist-info/METADATA"
}
clean() { rm -rf $PYTHON/facts_* $PYTHON/wazo_agid/modules/facts_* /etc/wazo-*/conf.d/50-facts.yml /var/lib/wazo-provd/plugins/facts /tmp/facts-answer /root/.cache/python-entrypoints /var/www/.cache/python-entrypoints; }
trap clean EXIT
clean
set -e
`;

interface Daemon {
  readonly unit: Unit;
  /** Port and version of its API. */
  readonly at: string;
  readonly group: string;
  /** The settings that enable what the group has. */
  readonly keys: readonly string[];
  /** The class of its resources that ask for a token. */
  readonly resource: string;
  /** The name of what logs that one of its resources raised. */
  readonly app: string;
  /** Whether its errors are lists of texts: of xivo_dao, not of xivo-lib-python. */
  readonly listed?: true;
}

const DAEMONS: readonly Daemon[] = [
  {
    unit: 'wazo-calld',
    at: '9500/1.0',
    group: 'wazo_calld.plugins',
    keys: ['enabled_plugins'],
    resource: 'wazo_calld.http import AuthResource',
    app: 'wazo_calld',
  },
  {
    unit: 'wazo-confd',
    at: '9486/1.1',
    group: 'wazo_confd.plugins',
    keys: ['enabled_plugins'],
    resource: 'wazo_confd.helpers.restful import ConfdResource as AuthResource',
    app: 'wazo_confd',
    listed: true,
  },
  {
    unit: 'wazo-dird',
    at: '9489/0.1',
    group: 'wazo_dird.views',
    keys: ['enabled_plugins', 'views'],
    resource: 'wazo_dird.http import AuthResource',
    app: 'wazo-dird',
  },
  {
    unit: 'wazo-auth',
    at: '9497/0.1',
    group: 'wazo_auth.http',
    keys: ['enabled_http_plugins'],
    resource: 'wazo_auth.http import AuthResource',
    app: 'wazo-auth',
  },
];

function good({ unit, resource }: Daemon): string {
  return `from flask_restful import Resource
from ${resource}
from xivo.auth_verifier import required_acl

class Facts(AuthResource):
    @required_acl('${unit.replace('wazo-', '')}.facts.read')
    def get(self):
        return {}

class FactsOpen(Resource):
    def get(self):
        return {}

class FactsRaising(Resource):
    def get(self):
        raise ValueError('not today')

class Plugin:
    def load(self, dependencies):
        print('a printed line')
        dependencies['api'].add_resource(Facts, '/facts')
        dependencies['api'].add_resource(FactsOpen, '/facts/open')
        dependencies['api'].add_resource(FactsRaising, '/facts/raising')`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The start of a script: a setting of what the group of a daemon has, in one of its files. */
function settings({ unit, keys }: Pick<Daemon, 'unit' | 'keys'>, value: string): string {
  const open = keys.map((key) => `${key}: `).join('{');
  const text = `${open}${value}${'}'.repeat(keys.length - 1)}`;
  return `CONF=/etc/${unit}/conf.d/50-facts.yml; printf '%s\n' ${quoted(text)} >$CONF`;
}

/** The answer to somebody without a token, and the line of the log about it. */
const UNAUTHORIZED = String.raw`said 'told["message"] == "Unauthorized" and told["error_id"] == "unauthorized" and told["timestamp"] > 0'
said 'told["details"]["reason"] == "not_found_or_expired" and told["details"]["required_access"].endswith(".facts.read")'
line $UNIT ERROR xivo.rest_api_helpers "Unauthorized: \{'invalid_token': '', "`;
const LISTED = String.raw`said 'told == ["(\u0027\u0027, \u0027confd.facts.read\u0027)"]'`;

function rowsOf(daemon: Daemon): readonly Fact[] {
  const { unit, at, group, app, listed } = daemon;
  const address = `http://127.0.0.1:${at}`;
  const serves = `until_ok '[ "$(ask ${address}/facts)" = 401 ]'`;
  const row = (fact: string, script: string): Fact => ({ unit, fact, script, seen: true });
  return [
    row(
      'a route answers 401 without a token, one without authentication 200, one that raises 500, another 404',
      String.raw`UNIT=${unit}; plugin good ${group} ${quoted(good(daemon))}
${settings(daemon, '{facts_good: true}')}
restart ${unit}; ${serves}
${listed === true ? LISTED : UNAUTHORIZED}
line ${unit} INFO STDOUT 'a printed line$'
[ $(ask ${address}/facts/open) = 200 ]
[ $(ask ${address}/facts/raising) = 500 ]
said 'told == {"message": "Internal Server Error"}'
line ${unit} ERROR ${app} 'Exception on /.*/facts/raising \[GET\]$'
logged ${unit} | grep -q '^ValueError: not today'
[ $(ask ${address}/facts/nothing) = 404 ]
grep -q '<title>404 Not Found</title>' /tmp/facts-answer
[ $(ask -X OPTIONS -D /tmp/facts-answer ${address}/facts) = 200 ]
curl -s -o /dev/null -D - -X OPTIONS ${address}/facts | grep -qi '^allow: .*GET'
[ $(ask -X OPTIONS ${address}/facts/nothing) = 404 ]`,
    ),
    row(
      'what cannot be imported, what load() raises and what has no entry point is named; the daemon goes on with the rest',
      String.raw`plugin good ${group} ${quoted(good(daemon))}
plugin import ${group} 'import no_such_module'
plugin load ${group} 'class Plugin:
    def load(self, dependencies):
        raise ValueError("not today")'
${settings(daemon, '{facts_good: true, facts_import: true, facts_load: true, facts_none: true}')}
restart ${unit}; ${serves}
until_ok 'systemctl is-active -q ${unit}'
line ${unit} ERROR xivo.plugin_helpers "Error in plugin namespace \"${group}\" when loading module: \"EntryPoint\(name='facts_import', value='facts_import.plugin:Plugin', group='${group}'\)\"$"
logged ${unit} | grep -q "^ModuleNotFoundError: No module named 'no_such_module'"
for name in facts_import facts_none; do line ${unit} ERROR xivo.plugin_helpers "Error in plugin namespace \"${group}\": the entrypoint is missing for plugins: \{.*'$name'.*\}$"; done
line ${unit} ERROR stevedore.extension "error calling 'facts_load': not today$"
line ${unit} ERROR stevedore.extension 'not today$'
logged ${unit} | grep -q '^ValueError: not today'`,
    ),
    row(
      'load() that exits ends the daemon with that status, and no traceback',
      String.raw`plugin exit ${group} 'class Plugin:
    def load(self, dependencies):
        raise SystemExit(3)'
${settings(daemon, '{facts_exit: true}')}
restart ${unit}; ends ${unit} 3
! logged ${unit} | grep -q SystemExit
rm $CONF; restart ${unit}; until_ok 'systemctl is-active -q ${unit}'`,
    ),
    row(
      'a conf.d file that is no YAML is left out as a whole; the journal tells it, the log file does not',
      String.raw`${settings(daemon, '{facts_good: true')}
restart ${unit}; until_ok 'systemctl is-active -q ${unit} && [ "$(ask ${address}/api/api.yml)" = 200 ]'
journal ${unit} | grep -q '^Could not read config file 50-facts.yml: while parsing a flow mapping$'
journal ${unit} | grep -q "in \"$CONF\", line [12], column"
! logged ${unit} | grep -q 50-facts.yml`,
    ),
    row(
      'a list at the top of a conf.d file ends the daemon, before it has a log; systemd starts it again and again',
      String.raw`CONF=/etc/${unit}/conf.d/50-facts.yml; printf -- '- one\n' >$CONF
restart ${unit}; ends ${unit} '*'
journal ${unit} | grep -q "^AttributeError: 'list' object has no attribute 'items'"
! logged ${unit} | grep -q AttributeError
rm $CONF; restart ${unit}; until_ok 'systemctl is-active -q ${unit}'`,
    ),
    row(
      'its plugins without a value in a conf.d file end the daemon; the traceback stands in the log, too',
      String.raw`${settings(daemon, '')}
restart ${unit}; ends ${unit} 1
line ${unit} CRITICAL root "'NoneType' object has no attribute 'items'$"
logged ${unit} | grep -q '^Traceback (most recent call last):'
rm $CONF; restart ${unit}; until_ok 'systemctl is-active -q ${unit}'`,
    ),
  ];
}

const CALLD = DAEMONS[0] as Daemon;
const OTHERS_OFF = `python3 -c 'import importlib.metadata; print("".join(f"  {one.name}: false\\n" for one in importlib.metadata.entry_points(group="wazo_calld.plugins") if one.name != "facts_import"), end="")'`;

/** A call to a handler of wazo-agid, whose commands it prints. */
const AGI = String.raw`agi() { python3 -c '
import socket, sys
with socket.create_connection(("127.0.0.1", 4573), 15) as call:
    call.sendall(f"agi_network_script: {sys.argv[1]}\nagi_arg_1: one\n\n".encode())
    for line in call.makefile("rb"):
        print(line.decode().strip())
        call.sendall(b"200 result=1 (0)\n")
' "$1" >/tmp/facts-answer; }`;

const HANDLERS = `from wazo_agid import agid

def facts_well(agi, cursor, args):
    agi.set_variable('FACTS', agi.get_variable('CALLERID(num)') + args[0])

def facts_raises(agi, cursor, args):
    raise ValueError('not today')

def facts_breaks(agi, cursor, args):
    agi.dp_break('not this call')

for handler in (facts_well, facts_raises, facts_breaks):
    agid.register(handler)`;

const VIEW = `from wazo_dird.helpers import BaseBackendView, SourceItem, SourceList
from wazo_dird.schemas import BaseSourceSchema
from xivo.mallow_helpers import ListSchema as BaseListSchema

class ListSchema(BaseListSchema):
    sort_columns = ['name']
    default_sort_column = 'name'

class FactsSources(SourceList):
    list_schema = ListSchema()
    source_schema = BaseSourceSchema()
    source_list_schema = BaseSourceSchema(many=True)

class FactsSource(SourceItem):
    source_schema = BaseSourceSchema()

class Plugin(BaseBackendView):
    backend = 'facts_late'
    list_resource = FactsSources
    item_resource = FactsSource`;

/** A lookup through a source that is made for it, and removed again; a profile is made where there are any. */
const LOOKUP = `lookup() { TOKEN=$(token "$(word username):$(word password)") python3 -c '
import json, os, urllib.error, urllib.request

def ask(method, path, body=None):
    headers = {"X-Auth-Token": os.environ["TOKEN"], "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    try:
        wanted = urllib.request.Request(f"http://127.0.0.1:9489/0.1/{path}", data, headers, method=method)
        return json.loads(urllib.request.urlopen(wanted).read() or b"{}")
    except urllib.error.HTTPError as error:
        return {"status": error.code}

made = []

def make(path, body):
    uuid = ask("POST", path, body)["uuid"]
    made.append(f"{path}/{uuid}")
    return {"uuid": uuid}

source = make("backends/facts_late/sources", {"name": "facts"})
profile = "default"
if "items" in ask("GET", "profiles"):
    profile = "facts"
    display = make("displays", {"name": "facts", "columns": [{"field": "name", "title": "Name"}]})
    make("profiles", {"name": "facts", "display": display, "services": {"lookup": {"sources": [source]}}})
print(json.dumps(ask("GET", f"directories/lookup/{profile}?term=x")))
for path in reversed(made):
    ask("DELETE", path)
' >/tmp/facts-answer; }
late() { # TEXT
  plugin view wazo_dird.views ${quoted(VIEW)}
  plugin late wazo_dird.backends "$1"
  ${settings({ unit: 'wazo-dird', keys: ['enabled_plugins', 'views'] }, '{facts_view: true}')}
  restart wazo-dird; until_ok '[ "$(ask http://127.0.0.1:9489/0.1/status)" = 401 ]'
}`;

const MORE: readonly Fact[] = [
  {
    unit: 'wazo-dird',
    fact: 'a backend is imported at the first lookup: until then nothing tells that it is broken',
    script: String.raw`${LOOKUP}
late 'def broken(:'
! logged wazo-dird | grep -q SyntaxError
lookup; said 'told["results"] == []'
line wazo-dird ERROR xivo.plugin_helpers 'Error in plugin namespace "wazo_dird.backends" when loading module: .*facts_late'
logged wazo-dird | grep -q '^SyntaxError: invalid syntax'`,
    seen: true,
  },
  {
    unit: 'wazo-dird',
    fact: 'a source whose load() raises is named in the log at its first lookup, whose results are none',
    script: String.raw`${LOOKUP}
late 'class Plugin:
    def load(self, dependencies):
        raise ValueError("not today")

    def search(self, term, args=None):
        return []'
lookup; said 'told["results"] == []'
line wazo-dird ERROR wazo_dird.source_manager 'Failed to load back-end .facts_late. with config .facts.$'
logged wazo-dird | grep -q '^ValueError: not today'`,
    seen: true,
  },
  {
    unit: 'wazo-calld',
    fact: 'the only plugin that is enabled cannot be imported: the daemon does not start',
    script: String.raw`plugin import wazo_calld.plugins 'import no_such_module'
CONF=/etc/wazo-calld/conf.d/50-facts.yml; { echo enabled_plugins:; ${OTHERS_OFF}; echo '  facts_import: true'; } >$CONF
restart wazo-calld; ends wazo-calld 1
line wazo-calld ERROR xivo.plugin_helpers 'Error in plugin namespace "wazo_calld.plugins" when loading module: .*facts_import'
logged wazo-calld | grep -q '^stevedore.exception.NoMatches: No wazo_calld.plugins extensions found'
rm $CONF; restart wazo-calld; until_ok 'systemctl is-active -q wazo-calld'`,
    seen: true,
  },
  {
    unit: 'wazo-calld',
    fact: 'config.yml that is no YAML ends the daemon, unlike a file of conf.d',
    script: String.raw`FILE=/etc/wazo-calld/config.yml; cp -p $FILE $FILE.facts; printf 'debug: {\n' >>$FILE
restart wazo-calld
(ends wazo-calld 1) && status=0 || status=1
mv $FILE.facts $FILE
[ $status = 0 ]
journal wazo-calld | grep -q '^yaml.parser.ParserError: while parsing a flow'
restart wazo-calld; until_ok 'systemctl is-active -q wazo-calld'`,
    seen: true,
  },
  {
    unit: 'wazo-calld',
    fact: 'while wazo-auth is away a route answers 503, to somebody without a token, too',
    script: String.raw`until_ok '[ "$(ask http://127.0.0.1:9500/1.0/status)" = 401 ]'
systemctl stop wazo-auth
code=$(ask http://127.0.0.1:9500/1.0/status); systemctl start wazo-auth
[ $code = 503 ]
said 'told["error_id"] == "authentication-server-unreachable" and told["details"]["auth_server_port"] == 9497'`,
    seen: true,
  },
  {
    unit: 'wazo-calld',
    fact: 'api.yml of an entry point is merged, enabled or not, at each request; one that is no YAML fails all of it',
    script: String.raw`plugin good wazo_calld.plugins ${quoted(good(CALLD))}
restart wazo-calld; until_ok '[ "$(ask http://127.0.0.1:9500/1.0/api/api.yml)" = 200 ]'
printf 'paths:\n  /facts: {}\n' >$PYTHON/facts_good/api.yml
curl -s http://127.0.0.1:9500/1.0/api/api.yml | grep -q /facts
printf 'paths: {\n' >$PYTHON/facts_good/api.yml
[ $(ask http://127.0.0.1:9500/1.0/api/api.yml) = 500 ]`,
    seen: true,
  },
  {
    unit: 'wazo-calld',
    fact: 'a token is asked of wazo-auth with a right; one that does not cover it is refused with 401',
    script: String.raw`plugin good wazo_calld.plugins ${quoted(good(CALLD))}
${settings(CALLD, '{facts_good: true}')}
restart wazo-calld; until_ok '[ "$(ask http://127.0.0.1:9500/1.0/facts)" = 401 ]'
printf 'facts: {system_user: root, acl: [calld.other.read]}\n' >/etc/wazo-auth-keys/conf.d/facts.yml
wazo-auth-keys service update
rm /etc/wazo-auth-keys/conf.d/facts.yml
TOKEN=$(token "facts:$(sed -n 's/service_key: //p' /var/lib/wazo-auth-keys/facts-key.yml)")
[ $(ask -H "X-Auth-Token: $TOKEN" http://127.0.0.1:9500/1.0/facts) = 401 ]
said 'told["details"]["reason"] == "missing_permission_or_invalid_tenant"'
[ $(ask -H "X-Auth-Token: $(token "$(word username):$(word password)")" http://127.0.0.1:9500/1.0/facts) = 200 ]`,
    seen: true,
  },
  {
    unit: 'wazo-auth',
    fact: 'a login that nobody has is refused with 401; whether it is well, it tells everybody',
    script: String.raw`[ $(ask -u nobody:nothing -H 'Content-Type: application/json' -d '{"expiration": 1}' http://127.0.0.1:9497/0.1/token) = 401 ]
said 'told["reason"] == ["Authentication Failed"] and told["status_code"] == 401'
[ $(curl -s -I -o /dev/null -w '%{http_code}' http://127.0.0.1:9497/0.1/status) = 200 ]`,
    seen: true,
  },
  {
    unit: 'wazo-provd',
    fact: 'a folder among its plugins without plugin-info ends the daemon at its start',
    script: String.raw`mkdir -p /var/lib/wazo-provd/plugins/facts
restart wazo-provd; until_ok '[ "$(systemctl show -P Result wazo-provd)" = exit-code ]'
until_ok 'logged wazo-provd | grep -q "^FileNotFoundError: .*/plugins/facts/plugin-info"'
line wazo-provd CRITICAL root '.*/plugins/facts/plugin-info'
clean; restart wazo-provd; until_ok 'systemctl is-active -q wazo-provd'`,
    seen: true,
  },
  {
    unit: 'wazo-agid',
    fact: 'a module that cannot be imported ends the daemon; the traceback stands in the journal alone',
    script: String.raw`printf 'def broken(:\n' >$PYTHON/wazo_agid/modules/facts_broken.py
restart wazo-agid; ends wazo-agid 1
journal wazo-agid | grep -q '^SyntaxError: invalid syntax'
! logged wazo-agid | grep -q SyntaxError
clean; restart wazo-agid; until_ok 'systemctl is-active -q wazo-agid'`,
    seen: true,
  },
  {
    unit: 'wazo-agid',
    fact: 'a handler that went well says so last; one that raises, or breaks off, sends the call to agi_fail',
    script: String.raw`${AGI}
printf '%s\n' ${quoted(HANDLERS)} >$PYTHON/wazo_agid/modules/facts_handlers.py
restart wazo-agid; until_ok 'agi facts_well 2>/dev/null'
printf '%s\n' 'GET VARIABLE "CALLERID(num)"' 'SET VARIABLE "FACTS" "0one"' "VERBOSE \"AGI handler 'facts_well' successfully executed\" 1" | cmp - /tmp/facts-answer
agi facts_raises
grep -q '^VERBOSE "ValueError: not today" 4$' /tmp/facts-answer || grep -q 'not today' /tmp/facts-answer
tail -n 2 /tmp/facts-answer | head -n 1 | grep -qx 'EXEC Goto "agi_fail,s,1"'
tail -n 1 /tmp/facts-answer | grep -qx 'failure to have pure code'
line wazo-agid ERROR wazo_agid.agid 'unexpected exception$'
logged wazo-agid | grep -q '^ValueError: not today'
agi facts_breaks
printf '%s\n' 'VERBOSE "not this call" 1' 'EXEC Goto "agi_fail,s,1"' 'failure to have pure code' | cmp - /tmp/facts-answer
line wazo-agid INFO wazo_agid.agid 'invalid request, dial plan broken$'
agi facts_nobody
line wazo-agid ERROR wazo_agid.agid 'unexpected exception$'
logged wazo-agid | grep -q "^KeyError: 'facts_nobody'"`,
    seen: true,
  },
];

export const FACTS: readonly Fact[] = [...DAEMONS.flatMap(rowsOf), ...MORE];

/** The whole of a row, for `sh -c`. */
export function factScript({ script }: Fact): string {
  return `${HELPERS}${script}`;
}
