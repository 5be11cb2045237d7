import fc from 'fast-check';
import type { LabelSelector, Labels } from '../metadata.js';

/** Few words, so that what the policies say and what the cluster has meet and miss about as often. */
export const NAMESPACES = ['a', 'b', 'c'];
export const NODES = ['n1', 'n2'];
export const SERVICE_ACCOUNTS = ['default', 'robot'];
export const PORTS = [53, 80, 443, 8080];
const PORT_NAMES = ['dns', 'http'];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

export const POD_LABELS = { app: ['web', 'db'], role: ['x', 'y'] };
export const NAMESPACE_LABELS = { team: ['red', 'blue'] };
export const NODE_LABELS = { zone: ['east', 'west'] };
export const ACCOUNT_LABELS = { trust: ['low', 'high'] };
export const SET_LABELS = { app: ['web', 'db'] };

export const NODE_ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  n1: ['192.168.0.1', 'fd01::1'],
  n2: ['192.168.0.2', 'fd01::2'],
};
export const EXTERNAL_ADDRESSES = [
  '203.0.113.5',
  '203.0.113.200',
  '198.51.100.7',
  '2001:db8::5',
  '2001:db9::1',
];

/** Blocks around pods, nodes and what is outside, each with some of what lies in it. */
const BLOCKS: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['10.0.0.0/8', '203.0.113.0/24', '192.168.0.1/32'],
  '10.0.0.0/8': ['10.0.0.0/30', '10.0.0.4/30'],
  '10.0.0.0/30': ['10.0.0.1/32'],
  '192.168.0.0/24': ['192.168.0.2/32'],
  '203.0.113.0/24': ['203.0.113.128/25'],
  '203.0.113.128/25': ['203.0.113.200/32'],
  '198.51.100.7/32': [],
  '::/0': ['fd00::/16', '2001:db8::/32'],
  'fd00::/16': ['fd00::/126'],
  'fd01::/64': ['fd01::1/128'],
  '2001:db8::/32': ['2001:db8::5/128'],
};

export const cidr = fc.constantFrom(...Object.keys(BLOCKS));
export const cidrs = fc.uniqueArray(cidr, { minLength: 1, maxLength: 3 });

export const blockWithExcept = fc
  .record({ cidr, wantsExcept: fc.constantFrom(false, true, true), which: fc.nat() })
  .map((one) => {
    const inside = BLOCKS[one.cidr] ?? [];
    const except = inside[one.which % (inside.length || 1)];
    return one.wantsExcept && except !== undefined
      ? { cidr: one.cidr, except: [except] }
      : { cidr: one.cidr };
  });

export type Vocabulary = Readonly<Record<string, readonly string[]>>;

/** Some of the labels, each with one of its values. */
export function labels(vocabulary: Vocabulary): fc.Arbitrary<Labels> {
  const entries = Object.entries(vocabulary).map(([key, values]) =>
    fc
      .constantFrom(undefined, ...values)
      .map((value) => (value === undefined ? [] : [[key, value] as const])),
  );
  return fc.tuple(...entries).map((some) => Object.fromEntries(some.flat()));
}

export function labelSelector(vocabulary: Vocabulary): fc.Arbitrary<LabelSelector> {
  const key = fc.constantFrom(...Object.keys(vocabulary));
  const values = key.chain((name) =>
    fc
      .uniqueArray(fc.constantFrom(...(vocabulary[name] ?? [])), { minLength: 1 })
      .map((list) => ({ key: name, values: list })),
  );
  const expression = fc.oneof(
    fc.record({ at: values, operator: fc.constantFrom('In', 'NotIn') }).map(({ at, operator }) => ({
      operator: operator === 'In' ? ('In' as const) : ('NotIn' as const),
      ...at,
    })),
    key.map((name) => ({ key: name, operator: 'Exists' as const })),
    key.map((name) => ({ key: name, operator: 'DoesNotExist' as const })),
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 3, arbitrary: fc.record({ matchLabels: labels(vocabulary) }) },
    {
      weight: 2,
      arbitrary: fc.record({ matchExpressions: fc.array(expression, { minLength: 1, maxLength: 2 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        matchLabels: labels(vocabulary),
        matchExpressions: fc.array(expression, { minLength: 1, maxLength: 1 }),
      }),
    },
  );
}

/** For what a policy is about: as often as not everything. */
export function wideSelector(vocabulary: Vocabulary): fc.Arbitrary<LabelSelector> {
  return fc.oneof(fc.constant({}), labelSelector(vocabulary));
}

/** Pods and policies crowd in the first, so that they meet. */
export const namespace = fc.constantFrom('a', 'a', 'a', ...NAMESPACES);
export const protocol = fc.constantFrom(...PROTOCOLS);
export const port = fc.constantFrom(...PORTS);
export const portName = fc.constantFrom(...PORT_NAMES);

/** A range whose ends are among the ports or next to one. */
export const range = fc
  .tuple(port, fc.constantFrom(1, 27, 363, 8000))
  .map(([start, width]) => ({ start, end: start + width }));
