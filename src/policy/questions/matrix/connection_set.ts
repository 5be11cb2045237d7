import type { PolicyProtocol } from '../../cluster/endpoint.js';

export const PROTOCOLS: readonly PolicyProtocol[] = ['TCP', 'UDP', 'SCTP'];

/** The number of the last port. */
export const LAST_PORT = 65_535;

/** Ports of one protocol, both ends included. */
export interface PortSpan {
  readonly protocol: PolicyProtocol;
  readonly from: number;
  readonly to: number;
}

/** A set of protocols and destination ports, 1 to 65535 of TCP, UDP and SCTP. */
export class ConnectionSet {
  static readonly NONE = new ConnectionSet([]);
  static readonly ALL = new ConnectionSet(
    PROTOCOLS.map((protocol) => ({ protocol, from: 1, to: LAST_PORT })),
  );

  private constructor(
    /** By protocol, in order, none touching the next. */
    readonly spans: readonly PortSpan[],
  ) {}

  /** Of spans in any order, which may overlap. */
  static of(spans: readonly PortSpan[]): ConnectionSet {
    return new ConnectionSet(PROTOCOLS.flatMap((protocol) => joinedSpans(protocol, spans)));
  }

  get isEmpty(): boolean {
    return this.spans.length === 0;
  }

  get isAll(): boolean {
    return this.count === PROTOCOLS.length * LAST_PORT;
  }

  /** How many pairs of protocol and port there are in it. */
  get count(): number {
    return this.spans.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  }

  plus(other: ConnectionSet): ConnectionSet {
    return ConnectionSet.of([...this.spans, ...other.spans]);
  }

  minus(other: ConnectionSet): ConnectionSet {
    return ConnectionSet.of(
      this.spans.flatMap((span) =>
        other.spans
          .filter(({ protocol }) => protocol === span.protocol)
          .reduce((left, cut) => left.flatMap((one) => without(one, cut)), [span]),
      ),
    );
  }

  /** `all`, `none`, or `TCP 80, 443, 8000-8080, UDP 53, every SCTP port`. */
  get text(): string {
    if (this.isEmpty) return 'none';
    if (this.isAll) return 'all';
    const said = PROTOCOLS.flatMap((protocol) => {
      const spans = this.spans.filter((span) => span.protocol === protocol);
      if (spans.length === 0) return [];
      const isEvery = spans[0]?.from === 1 && spans[0].to === LAST_PORT;
      return isEvery ? `every ${protocol} port` : `${protocol} ${spans.map(spanText).join(', ')}`;
    });
    return said.join(', ');
  }
}

function joinedSpans(protocol: PolicyProtocol, spans: readonly PortSpan[]): PortSpan[] {
  const ordered = spans.filter((span) => span.protocol === protocol).sort((a, b) => a.from - b.from);
  const result: PortSpan[] = [];
  for (const span of ordered) {
    const before = result.at(-1);
    if (before === undefined || before.to + 1 < span.from) result.push(span);
    else if (span.to > before.to) result[result.length - 1] = { ...before, to: span.to };
  }
  return result;
}

function without(span: PortSpan, cut: PortSpan): PortSpan[] {
  if (cut.to < span.from || cut.from > span.to) return [span];
  const left = { ...span, to: cut.from - 1 };
  const right = { ...span, from: cut.to + 1 };
  return [left, right].filter(({ from, to }) => from <= to);
}

function spanText({ from, to }: PortSpan): string {
  return from === to ? `${from}` : `${from}-${to}`;
}
