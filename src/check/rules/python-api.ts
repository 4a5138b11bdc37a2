import { entryPointsOf } from '../entry-points.ts';
import type { PythonClass } from '../../readers/python/facts.ts';
import { AUTHENTICATED, INHERITED, OPEN, VERBS, isDeclared, last } from '../../readers/python/resources.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import { groupOf, type PluginGroup } from '../../wazo/groups.ts';
import { SERVICES } from '../../wazo/services.ts';
import { stockEndpoints } from '../../wazo/endpoints.ts';
import type { Subject } from '../subject.ts';
import { describeNode, syntaxText, valueOf } from '../../readers/yaml/node.ts';
import { calldPlugin } from './python-code.ts';

export const PYTHON_API_CHECKS = {
  'api-acl-missing': {
    area: 'python',
    needsPython: true,
    bad: resource('AuthResource', ''),
    good: resource('AuthResource', "    @required_acl('calld.acme.hello.read')\n"),
    check: (subject) =>
      resources(subject).flatMap(({ file, found }) => {
        const base = found.bases.map(last).find((name) => AUTHENTICATED.test(name));
        if (base === undefined) return [];
        const own = found.methods.filter(({ name }) => VERBS.has(name));
        const bare = own
          .filter(
            ({ decorators }) =>
              !decorators.some((name) => /^(?:required_acl|no_auth|required_tenant_acl)$/.test(last(name))),
          )
          .map(({ name, line, column }): Hit => {
            return {
              file,
              line,
              column,
              message: `${found.name}.${name} has no ACL, so any valid token passes`,
            };
          });
        const inherited = (INHERITED[base] ?? []).filter((verb) => own.every(({ name }) => name !== verb));
        const attribute = found.attributes.some((name) => name === 'methods');
        if (inherited.length === 0 || attribute) return bare;
        const message = `${found.name} inherits ${inherited.join(', ')} of ${base}, which have no ACL, so any valid token passes`;
        return [...bare, { file, line: found.line, column: found.column, message }];
      }),
  },
  'api-acl-placeholder': {
    area: 'python',
    needsPython: true,
    bad: placeholder('hello_id'),
    good: placeholder('hello_uuid'),
    check: (subject) =>
      rights(subject).flatMap(({ file, found, method, right }) => {
        if (method.takes_any) return [];
        const named = [...right.text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
        return named
          .filter((name) => !method.parameters.includes(name))
          .map((name) => ({
            file,
            line: right.line,
            column: right.column,
            message: `The ACL uses {${name}}, but ${found.name}.${method.name} has no such argument`,
          }));
      }),
  },
  'api-acl-service': {
    area: 'python',
    needsPython: true,
    bad: right('confd.acme.hello.read'),
    good: right('calld.acme.hello.read'),
    check: (subject) => {
      const own = new Set(httpGroups(subject).map(({ service }) => rightsOf(service)));
      if (own.size === 0) return [];
      return rights(subject).flatMap(({ file, right }) => {
        const [first = ''] = right.text.split('.');
        if (own.has(first) || !SERVICES.some(({ unit }) => rightsOf(unit) === first)) return [];
        const message = `The ACL starts with "${first}", but ${[...own].map((name) => `wazo-${name}`).join(', ')} serves this route`;
        const help = `Write ${[...own].map((name) => right.text.replace(first, name)).join(' or ')}.`;
        return [{ file, line: right.line, column: right.column, message, help }];
      });
    },
  },
  'api-no-authentication': {
    area: 'python',
    needsPython: true,
    bad: resource('Resource', '', 'from flask_restful import Resource\n'),
    good: resource('AuthResource', "    @required_acl('calld.acme.hello.read')\n"),
    check: (subject) =>
      resources(subject)
        .filter(({ found }) => found.bases.map(last).some((name) => OPEN.test(name)))
        .filter(({ found }) =>
          found.methods.some((method) => VERBS.has(method.name) && !isDeclared(found, method)),
        )
        .map(({ file, found }) => ({
          file,
          line: found.line,
          column: found.column,
          // a program with an HTTP server of its own has its own ways
          level: httpGroups(subject).length === 0 ? ('warning' as const) : undefined,
          message: `${found.name} requires no token`,
        })),
  },
  'api-endpoint-collides': {
    area: 'python',
    needsPython: true,
    bad: endpoint(''),
    good: endpoint(", endpoint='acme_status'"),
    check: (subject) => {
      const groups = new Set(
        entryPointsOf(subject)
          .map(({ group }) => group)
          .filter((group) => groupOf(group)?.http === true),
      );
      const taken = new Set([...groups].flatMap((group) => [...stockEndpoints(group)]));
      return Object.entries(subject.python?.files ?? {}).flatMap(([file, { calls }]) =>
        calls.flatMap(({ name, args, keywords, line, column }): readonly Hit[] => {
          const [resource] = args;
          if (last(name) !== 'add_resource' || resource?.is !== 'name' || keywords['endpoint'] !== undefined)
            return [];
          const className = last(resource.value);
          if (!taken.has(className.toLowerCase())) return [];
          return [
            {
              file,
              line,
              column,
              message: `Endpoint "${className.toLowerCase()}" is taken by a plugin of Wazo's own, which then fails to load`,
            },
          ];
        }),
      );
    },
  },
  'api-spec-broken': {
    area: 'python',
    bad: calldPlugin({ 'acme_hello/api.yml': '' }, '# acme_hello/api.yml is empty'),
    good: calldPlugin({ 'acme_hello/api.yml': 'paths: {}\n' }),
    check: (subject) =>
      specs(subject).flatMap((path): readonly Hit[] => {
        const yaml = subject.yaml(path);
        if (yaml === undefined) return [];
        const { problem, root } = yaml.document;
        if (problem !== undefined)
          return [{ ...yaml.file.at(problem.offset), message: syntaxText('api.yml', problem) }];
        if (root?.kind === 'map') return [];
        const is = root === undefined ? 'empty' : `${describeNode(root)}, not a mapping`;
        return [{ file: path, line: 1, message: `api.yml is ${is}` }];
      }),
  },
  'api-spec-masks-stock': {
    area: 'python',
    bad: calldPlugin({ 'acme_hello/api.yml': "swagger: '2.0'\npaths: {}\n" }),
    good: calldPlugin({ 'acme_hello/api.yml': 'paths: {}\n' }),
    check: (subject) =>
      specs(subject).flatMap((path) =>
        ['swagger', 'openapi', 'info', 'basePath', 'host', 'schemes', 'consumes', 'produces'].flatMap(
          (key) => {
            const yaml = subject.yaml(path);
            const value = valueOf(yaml?.document.root, key);
            return yaml === undefined || value === undefined
              ? []
              : [
                  {
                    ...yaml.file.at(value.start),
                    message: `"${key}" overrides the key that the service has itself`,
                  },
                ];
          },
        ),
      ),
  },
} satisfies RuleChecks;

/** The groups of services with routes that the plugin has entry points in. */
function httpGroups(subject: Subject): readonly PluginGroup[] {
  return entryPointsOf(subject).flatMap(({ group }) => {
    const row = groupOf(group);
    return row?.http === true ? [row] : [];
  });
}

/** The first word of the rights of a service: `calld` of `wazo-calld`. */
function rightsOf(unit: string): string {
  return unit.replace(/^wazo-/, '');
}

interface RightOfMethod {
  readonly file: string;
  readonly found: PythonClass;
  readonly method: PythonClass['methods'][number];
  readonly right: PythonClass['methods'][number]['rights'][number];
}

function rights(subject: Subject): readonly RightOfMethod[] {
  return resources(subject).flatMap(({ file, found }) =>
    found.methods.flatMap((method) => method.rights.map((one) => ({ file, found, method, right: one }))),
  );
}

/** Classes of installed modules that have HTTP verbs or a base that has. */
function resources(subject: Subject): readonly { file: string; found: PythonClass }[] {
  return Object.entries(subject.python?.files ?? {})
    .filter(([file]) => !/(?:^|\/)tests?\/|(?:^|\/)test_/.test(file))
    .flatMap(([file, { classes }]) => classes.map((found) => ({ file, found })));
}

/** api.yml files that lie in a package. */
function specs(subject: Subject): readonly string[] {
  return [...subject.files.keys()].filter((path) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    return path.endsWith('/api.yml') && subject.files.has(`${folder}/__init__.py`);
  });
}

function resource(base: string, decorator: string, head = ''): Example {
  const first =
    head === ''
      ? 'from wazo_calld.auth import required_acl\nfrom wazo_calld.http import AuthResource\n'
      : head;
  const text = `${first}\n\nclass AcmeHello(${base}):\n${decorator}    def get(self):\n        return {'hello': 'you'}\n`;
  return calldPlugin(
    { 'acme_hello/http.py': text },
    `class AcmeHello(${base}):\n${decorator}    def get(self):`,
  );
}

function placeholder(name: string): Example {
  const acl = "    @required_acl('calld.acme.{hello_uuid}.read')\n";
  const text = `from wazo_calld.auth import required_acl\nfrom wazo_calld.http import AuthResource\n\n\nclass AcmeHello(AuthResource):\n${acl}    def get(self, ${name}):\n        return {}\n`;
  return calldPlugin({ 'acme_hello/http.py': text }, `${acl}    def get(self, ${name}):`);
}

function right(acl: string): Example {
  return resource('AuthResource', `    @required_acl('${acl}')\n`);
}

function endpoint(more: string): Example {
  const text = `from .http import StatusResource\n\n\nclass Plugin:\n    def load(self, dependencies):\n        dependencies['api'].add_resource(StatusResource, '/acme/status'${more})\n`;
  const http = `from wazo_calld.auth import required_acl\nfrom wazo_calld.http import AuthResource\n\n\nclass StatusResource(AuthResource):\n    @required_acl('calld.acme.status.read')\n    def get(self):\n        return {}\n`;
  return calldPlugin(
    { 'acme_hello/plugin.py': text, 'acme_hello/http.py': http },
    `api.add_resource(StatusResource, '/acme/status'${more})`,
  );
}
