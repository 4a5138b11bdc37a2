import path from 'node:path';
import { quote } from '../../support/quote.ts';
import { readText } from '../../support/read-file.ts';
import { isScalar, valueOf } from '../../readers/yaml/node.ts';
import { readYaml } from '../../readers/yaml/read.ts';
import { serviceOf } from '../../wazo/services.ts';
import type { RealStack } from '../real/run-folder.ts';

/** How the REST APIs of a stack are reached, by somebody who may do everything. */
export interface ApiAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** Made by wazo-auth at its installation, for its own command line (wazo-auth, bootstrap). */
const CREDENTIALS = 'root/.config/wazo-auth-cli/050-credentials.yml';

/** Undefined when the stack has none, or it cannot be read. Needs root. */
export function apiAccess(stack: RealStack): ApiAccess | undefined {
  if (stack.apiPort === undefined) return undefined;
  let text: string;
  try {
    text = readText(path.join(stack.rootfs, CREDENTIALS));
  } catch {
    return undefined;
  }
  const auth = valueOf(readYaml(text).root, 'auth');
  const word = (key: string): string => {
    const value = valueOf(auth, key);
    return value !== undefined && isScalar(value) ? value.text : '';
  };
  const access = {
    url: `https://127.0.0.1:${stack.apiPort}`,
    user: word('username'),
    password: word('password'),
  };
  return access.user === '' ? undefined : access;
}

/**
 * Shell lines that take a token and ask a service whether it is well. They are short, with the breaks that a shell
 * reads over, since a terminal's own breaks would be copied with them.
 */
export function apiExample({ url, user, password }: ApiAccess, unit: string | undefined): readonly string[] {
  const service = unit === undefined ? undefined : serviceOf(unit);
  const ask =
    service?.api === undefined
      ? []
      : [
          'curl -sk -H "X-Auth-Token: $TOKEN" \\',
          `${url}/api/${service.unit.replace('wazo-', '')}/${service.api}/status`,
        ];
  return [
    `TOKEN=$(curl -sk -u ${quote(`${user}:${password}`)} \\`,
    `-H 'Content-Type: application/json' -d '{"expiration": 3600}' \\`,
    `${url}/api/auth/0.1/token |`,
    `python3 -c "import json; print(json.load(open(0))['data']['token'])")`,
    ...ask,
  ];
}
