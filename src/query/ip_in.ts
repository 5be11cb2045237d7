import { BOOLEAN, type DuckDBConnection, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import { type Cidr, cidrContains, parseCidr, parseIp } from '../policy/ip.js';

/** Blocks that one query uses are few; more than these are parsed anew. */
const REMEMBERED = 1000;

/**
 * Adds `ip_in(ip, cidr)` to SQL: whether an address lies in a block such as `10.0.0.0/8`. NULL where
 * either is NULL or is not one; an IPv4 address is in no IPv6 block.
 */
export function registerIpIn(connection: DuckDBConnection): void {
  const blocks = new Map<string, Cidr | undefined>();
  const blockOf = (text: string): Cidr | undefined => {
    if (blocks.has(text)) return blocks.get(text);
    const block = parseCidr(text);
    if (blocks.size < REMEMBERED) blocks.set(text, block);
    return block;
  };
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: 'ip_in',
      parameterTypes: [VARCHAR, VARCHAR],
      returnType: BOOLEAN,
      mainFunction: (_info, input, output) => {
        const [ips, cidrs] = [input.getColumnVector(0), input.getColumnVector(1)];
        for (let row = 0; row < input.rowCount; row++) {
          const [ip, cidr] = [ips.getItem(row), cidrs.getItem(row)];
          const address = typeof ip === 'string' ? parseIp(ip) : undefined;
          const block = typeof cidr === 'string' ? blockOf(cidr) : undefined;
          output.setItem(row, address && block ? cidrContains(block, address) : null);
        }
        output.flush();
      },
    }),
  );
}
