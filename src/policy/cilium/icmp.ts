import type { Connection } from '../cluster/endpoint.js';
import { type Clause, noPorts } from '../rules/clause.js';
import { choiceOf, isIntegerIn, listOf, objectOf, said } from '../rules/fields.js';
import { NO_BLOCKS } from '../rules/likeness.js';
import { type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { InvalidPolicy } from '../rules/problem.js';

const PROTOCOLS = { IPv4: 'ICMP', IPv6: 'IPv6-ICMP' } as const;

interface IcmpField {
  readonly protocol: string;
  /** Number or name. */
  readonly type: string;
}

/** Asks for one of some types of ICMP messages. Connections tell the protocol, not the type. */
class IcmpClause implements Clause {
  readonly likeness = NO_BLOCKS;
  readonly ports = noPorts;
  readonly preposition = 'on';

  constructor(private readonly fields: readonly IcmpField[]) {}

  /** `ICMP type 8 or IPv6-ICMP type EchoRequest`. */
  get text(): string {
    return this.fields.map(({ protocol, type }) => `${protocol} type ${type}`).join(' or ');
  }

  holds({ protocol }: Connection): Match {
    const isAsked = this.fields.some((field) => field.protocol === protocol);
    return isAsked ? unknown('the type of the ICMP message is not known') : false;
  }

  miss({ protocol }: Connection): Miss {
    return { distance: 0.5, asks: this.text, actual: `the connection is ${protocol}` };
  }
}

/** Compiles icmps; undefined when no type is named, which nothing can match. Source: cilium/pkg/policy/api/icmp.go. */
export function icmpClauseOf(icmps: readonly unknown[], where: string): Clause | undefined {
  const fields = icmps.flatMap((rule, i) => {
    const place = `${where}[${i}].fields`;
    const list = listOf(objectOf(rule, `${where}[${i}]`, ['fields']).fields, place) ?? [];
    return list.map((field, n) => icmpFieldOf(field, `${place}[${n}]`));
  });
  return fields.length > 0 ? new IcmpClause(fields) : undefined;
}

function icmpFieldOf(raw: unknown, where: string): IcmpField {
  const { family, type } = objectOf(raw, where, ['family', 'type']);
  const protocol = PROTOCOLS[choiceOf(family ?? 'IPv4', ['IPv4', 'IPv6'], `${where}.family`)];
  const isName = typeof type === 'string' && /^(\d{1,3}|[A-Za-z]+)$/.test(type);
  if (!isName && !isIntegerIn(type, 0, 255)) {
    throw new InvalidPolicy(`${where}.type`, `is ${said(type)}, not 0 to 255 or the name of a type`);
  }
  return { protocol, type: String(type) };
}
