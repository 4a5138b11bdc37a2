import { met, row } from './row.ts';

const ROUTES = 'flask-restful; xivo.rest_api_helpers';

/** Faults that the answers of a target's services show. */
export const SERVICE_ANSWERS = met({
  'route-missing': row(
    'error',
    'A service has no route that the plugin gives it',
    'What the plugin serves there answers 404. A warning where the code or the settings may leave the route out.',
    'See the log of the service: another plugin may have the endpoint name (endpoint=…), or load() did not come to the line.',
    ROUTES,
    'a route behind an endpoint name that another plugin has\n$ wdev watch',
  ),
  'route-open': row(
    'error',
    'A route answers without a token',
    'Everybody who reaches the service may ask it. A warning where the class behind it was not found in the plugin.',
    "Inherit from the service's AuthResource, with @required_acl; @no_auth says that it is public on purpose.",
    ROUTES,
    'a class whose decorators of the service are taken away\n$ wdev watch',
  ),
  'route-raised': row(
    'error',
    'A route answers with an error of the server',
    'A handler raised. A warning where a server behind it did not answer, or the service says that it cannot answer now.',
    'Correct the line that the finding names.',
    ROUTES,
    'a handler that raises\n$ wdev watch',
  ),
  'api-not-merged': row(
    'error',
    'The description of an API that a service serves lacks a path of the plugin',
    'Clients and documentation do not see the route. A warning where the service serves no description at all.',
    'Put api.yml into the package of the entry point, beside its module, and let setup.py install it (package_data).',
    ROUTES,
    'an api.yml that the service does not find\n$ wdev watch',
  ),
  'lookup-failed': row(
    'error',
    'A lookup through a source of the plugin raises in wazo-dird',
    'wazo-dird makes a backend at its first lookup, and answers without its results when it raises. A warning where the source was made for this lookup alone, without settings, or a server behind it did not answer.',
    'Correct the line that the finding names.',
    'wazo-dird, sources; stevedore',
    'a backend whose load() raises\n$ wdev watch --target stack:wazo',
  ),
  'agi-handler-raised': row(
    'warning',
    'A handler of wazo-agid raises when it is called',
    'Then the call continues in the context agi_fail. It is called so on a disposable stack alone, by a call that has no variables: a real one may have what it misses.',
    'Correct the line that the finding names, and take values that a call may not have.',
    'wazo-agid, agid.py',
    'a handler that raises\n$ wdev watch --target stack:wazo',
  ),
  'backend-missing': row(
    'error',
    'wazo-auth does not list a backend of the plugin',
    'It started without it, so no provider of logins can hand a token by it.',
    'Another file of /etc/wazo-auth/conf.d may switch it off (the first by name wins); else see the log of wazo-auth.',
    'wazo-auth, GET /backends',
    'enabled_backend_plugins: {acme: false} in an earlier file of conf.d\n$ wdev watch',
  ),
  'login-let-in': row(
    'error',
    'wazo-auth gives a token for a login that does not exist',
    'Anyone can log in: a login provider accepts what it should refuse.',
    'Raise InvalidUsernamePassword in verify_auth, and answer False in can_authenticate for logins of others.',
    'wazo-auth, IdP plugins',
    'a provider of logins that checks no password\n$ wdev watch',
  ),
});
