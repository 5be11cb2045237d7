import type { AddressInfo, Server } from 'node:net';
import { KtapeError, reasonOf } from '../../src/errors.js';
import type { Intake } from './accept.js';
import { OverloadError } from './refusals.js';

/** Where a server is to listen, and the option that says so. */
export interface Endpoint {
  readonly option: string;
  /** HOST:PORT, with the host of IPv6 in brackets. */
  readonly address: string;
}

/** Lets a server listen; resolves to the address with the port it got. Throws a KtapeError that names the option. */
export function listen(server: Server, { option, address }: Endpoint): Promise<string> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const failed = (error: Error) =>
      reject(new KtapeError(`${option} ${address}: cannot listen there: ${reasonOf(error)}`));
    server.once('error', failed);
    server.listen({ host, port: Number(address.slice(colon + 1)) }, () => {
      server.off('error', failed);
      const { port } = server.address() as AddressInfo;
      resolve(`${address.slice(0, colon)}:${port}`);
    });
  });
}

/** Closes connections beyond `most` as soon as they come, and takes note of it. */
export function limitConnections(server: Server, most: number, intake: Intake): void {
  server.maxConnections = most;
  server.on('drop', () => intake.refused(undefined, new OverloadError(`more than ${most} connections`)));
}
