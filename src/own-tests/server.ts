/** The server that integration tests ask: what they are told of it, by variables of their environment. */

import path from 'node:path';
import { connect } from 'node:tls';
import { findReal } from '../stacks/real.ts';
import { apiAccess } from '../stacks/wazo/access.ts';
import { packageRoot } from '../support/paths.ts';
import { quote } from '../support/quote.ts';
import { readText } from '../support/read-file.ts';
import { isEither, isNothing, isRecord, isText, parsedJson, type Shape } from '../support/shape.ts';
import { parseAddress, type TargetAddress } from '../targets/address.ts';
import { openTarget, sshHost } from '../targets/open.ts';
import type { Target } from '../targets/target.ts';
import { renewedToken } from '../targets/token.ts';

export interface TestServer {
  readonly target: Target;
  /** Its address, and the certificate that it has there; undefined where tests cannot reach its HTTP API. */
  readonly api: { readonly url: string; readonly certificate: string } | undefined;
  /** A token that is good now; undefined where there is none. */
  readonly token: () => Promise<string | undefined>;
  /** Sentences about what tests cannot have of it. */
  readonly lacks: readonly string[];
  close(): Promise<void>;
}

/** The answer of api_access.py. */
interface Access {
  readonly certificate: string;
  readonly token: string | null;
}

const isAccess = isRecord({
  certificate: isText,
  token: isEither(isText, isNothing),
}) as unknown as Shape<Access>;

/**
 * Opens the server behind a target. Its HTTP API counts as reached when what answers at its address has the
 * certificate that it has by its own account, over the shell: so a token goes to nobody else.
 * @param address of the target
 * @throws UserError as openTarget, `no-stack`, and `usage` when the command gives no token
 */
export async function openTestServer(
  address: string,
  options: { readonly folder?: string; readonly tokenCommand?: string | undefined } = {},
): Promise<TestServer> {
  const { folder, tokenCommand } = options;
  const target = await openTarget(address, { asItIs: true, ...(folder === undefined ? {} : { folder }) });
  try {
    const given = tokenCommand === undefined ? undefined : await renewedToken(tokenCommand);
    const access = await accessOf(target);
    const url = process.env['WAZO_URL'] ?? (await urlOf(parseAddress(address)));
    const reached = await reach(url, access);
    const own = access?.token ?? undefined;
    const isTold = given === undefined && own === undefined;
    return {
      target,
      api: 'why' in reached ? undefined : reached,
      token: async () => (given === undefined ? own : await given()),
      lacks: [
        ...('why' in reached ? [`no HTTP API for the tests: ${reached.why}`] : []),
        ...(isTold && !('why' in reached)
          ? ['no token for the tests: add one with wdev targets add NAME ADDRESS --token-command COMMAND']
          : []),
      ],
      close: async () => await target.close(),
    };
  } catch (error) {
    await target.close();
    throw error;
  }
}

/** The ways to reach the APIs of a server, as it says itself; undefined where no nginx answers there, or no Python runs. */
async function accessOf(target: Target): Promise<Access | undefined> {
  if (target.root !== '') return undefined;
  const program = readText(path.join(packageRoot(), 'src/own-tests/python/api_access.py'));
  const mine = target.isOurs === true ? 'ours' : '';
  const { status, stdout } = await target.run(`python3 -c ${quote(program)} ${mine}`);
  const said = status === 0 ? parsedJson(stdout.toString('utf8')) : undefined;
  return isAccess(said) ? said : undefined;
}

async function urlOf(address: TargetAddress): Promise<string | undefined> {
  if (address.kind === 'local') return 'https://127.0.0.1';
  if (address.kind === 'ssh') return `https://${await sshHost(address)}`;
  if (address.kind !== 'stack') return undefined;
  const stack = await findReal(address.name);
  return stack === undefined ? undefined : apiAccess(stack)?.url;
}

type Reached = { readonly url: string; readonly certificate: string } | { readonly why: string };

async function reach(url: string | undefined, access: Access | undefined): Promise<Reached> {
  if (access === undefined) return { why: 'nothing answers at https://127.0.0.1 on the server' };
  if (url === undefined) return { why: 'set WAZO_URL to its address' };
  const shown = await certificateAt(url);
  if (shown === undefined)
    return { why: `${url} does not answer from here; set WAZO_URL to another address` };
  const own = Buffer.from(access.certificate.replaceAll(/-----.*-----|\s/g, ''), 'base64');
  if (own.equals(shown)) return { url, certificate: access.certificate };
  return {
    why: `${url} shows another certificate than the server itself; set WAZO_URL to another address`,
  };
}

/** Milliseconds until an address must answer. */
const PATIENCE = 10_000;

/** In DER. */
async function certificateAt(url: string): Promise<Buffer | undefined> {
  const { hostname, port } = new URL(url);
  return await new Promise((resolve) => {
    const host = hostname.replaceAll(/[[\]]/g, '');
    const socket = connect({ host, port: Number(port) || 443, rejectUnauthorized: false, timeout: PATIENCE });
    const end = (found: Buffer | undefined): void => {
      resolve(found);
      socket.destroy();
    };
    socket.on('secureConnect', () => end(socket.getPeerCertificate().raw));
    socket.on('timeout', () => end(undefined));
    socket.on('error', () => end(undefined));
  });
}
