import type { Finding } from '../findings/finding.ts';
import { hasSecret } from '../support/secrets.ts';
import type { InstallBody } from './server.ts';

/** Findings about the address that a server clones from, which stands in its log. */
export function addressFindings({ options: { url } }: InstallBody): readonly Finding[] {
  if (url === undefined || !hasSecret(url)) return [];
  return [
    {
      code: 'deploy-address-logged',
      level: 'warning',
      message:
        'The repository URL contains credentials, and wazo-plugind writes it to /var/log/wazo-plugind.log',
      help: 'Revoke these credentials once the server has them. Pass a URL without credentials (--url), or a token that may only read this repository.',
      source: 'wazo-plugind, log of an installation',
    },
  ];
}
