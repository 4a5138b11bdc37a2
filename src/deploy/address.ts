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
        'The address holds credentials; wazo-plugind writes it into /var/log/wazo-plugind.log of the server.',
      help: 'Use one that may only read this repository, or --url with an address without.',
      source: 'wazo-plugind, log of an installation',
    },
  ];
}
