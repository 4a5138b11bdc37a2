import { met, row } from './row.ts';

const ROUTES = 'flask-restful; xivo.rest_api_helpers';

/** Faults that the answers of a target's services show. */
export const SERVICE_ANSWERS = met({
  'route-missing': row(
    'error',
    'A service lacks a route of the plugin',
    'What the plugin serves there answers 404. A warning where the code or the settings may leave the route out.',
    'Check load() and add_resource(); another plugin may use the endpoint name. See the log: wdev logs SERVICE',
    ROUTES,
    'a route behind an endpoint name that another plugin has\n$ wdev watch',
  ),
  'route-open': row(
    'error',
    'A route answers without a token',
    'Everybody who reaches the service may ask it. A warning where the class behind it was not found in the plugin.',
    'Derive the resource from AuthResource, and add @required_acl. If it is public on purpose, add @no_auth.',
    ROUTES,
    'a class whose decorators of the service are taken away\n$ wdev watch',
  ),
  'route-raised': row(
    'error',
    'A route answers with a server error',
    'A handler raised. A warning where a server behind it did not answer, or the service says that it cannot answer now.',
    'Fix the exception. Show the traceback: wdev logs SERVICE',
    ROUTES,
    'a handler that raises\n$ wdev watch',
  ),
  'api-not-merged': row(
    'error',
    "A service's API description lacks a path of the plugin",
    'Clients and documentation do not see the route. A warning where the service serves no description at all.',
    'Ship api.yml beside the module of the entry point (package_data in setup.py).',
    ROUTES,
    'an api.yml that the service does not find\n$ wdev watch',
  ),
  'lookup-failed': row(
    'error',
    'A lookup in wazo-dird raises an exception in the plugin',
    'wazo-dird makes a backend at its first lookup, and answers without its results when it raises. A warning where the source was made for this lookup alone, without settings, or a server behind it did not answer.',
    'Fix the exception; wdev logs wazo-dird shows all of it.',
    'wazo-dird, sources; stevedore',
    'a backend whose load() raises\n$ wdev watch --target stack:wazo',
  ),
  'agi-handler-raised': row(
    'warning',
    'A handler of wazo-agid raises an exception in a test call',
    'Then the call continues in the context agi_fail. It is called so on a disposable stack alone, by a call that has no variables: a real one may have what it misses.',
    'Fix the exception; a call may lack values that the handler reads.',
    'wazo-agid, agid.py',
    'a handler that raises\n$ wdev watch --target stack:wazo',
  ),
  'backend-missing': row(
    'error',
    'wazo-auth did not load a backend of the plugin',
    'It started without it, so no provider of logins can hand a token by it.',
    'Check that no other file in /etc/wazo-auth/conf.d disables it (the first by name wins); see wdev logs wazo-auth.',
    'wazo-auth, GET /backends',
    'enabled_backend_plugins: {acme: false} in an earlier file of conf.d\n$ wdev watch',
  ),
  'login-let-in': row(
    'error',
    'wazo-auth accepts a login that does not exist',
    'Anyone can log in: a login provider accepts what it should refuse.',
    'Raise InvalidUsernamePassword in verify_auth, and return False in can_authenticate for logins that your backend does not know.',
    'wazo-auth, IdP plugins',
    'a provider of logins that checks no password\n$ wdev watch',
  ),
});
