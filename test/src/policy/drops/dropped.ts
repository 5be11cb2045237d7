import type { KubernetesObjectRow } from '../../../../src/kubernetes/observation.js';
import type { WatchGap } from '../../../../src/kubernetes/watch_gap.js';
import { DropJudge } from '../../../../src/policy/drops/drop_judge.js';
import type { DroppedPacket } from '../../../../src/policy/drops/dropped_packet.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { marks, rowsOf, SHOP } from '../cluster.js';

export const SECOND = 1_000_000_000n;
export const ALLOW_WEB =
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]';
export const ALLOW_API =
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]';

/** What happens at which second, on top of the shop, which is listed at second 1. */
export type Story = Record<number, [observed: KubernetesObjectRow['observed'], yaml: string]>;

export function judgeOf(story: Story, gaps: readonly WatchGap[] = []): DropJudge {
  const rows = Object.entries(story).flatMap(([second, [observed, yaml]]) =>
    rowsOf(yaml, BigInt(second) * SECOND, observed),
  );
  const listed = rows.filter(({ time }) => time <= SECOND);
  const later = rows.filter(({ time }) => time > SECOND);
  return new DropJudge(
    new ClusterTimeline([...rowsOf(SHOP, SECOND), ...listed, ...marks(SECOND), ...later], gaps),
  );
}

/** A SYN from web to db:5432, dropped by netfilter at that second. */
export function synAt(second: number, other: Partial<DroppedPacket> = {}): DroppedPacket {
  return {
    seenBy: 'kernel',
    isReply: null,
    deniedBy: { egress: [], ingress: [] },
    toldSource: null,
    toldDestination: null,
    time: BigInt(second) * SECOND,
    reason: 'NETFILTER_DROP',
    sourceAddress: '10.0.0.1',
    sourcePort: 40000,
    destinationAddress: '10.0.0.2',
    destinationPort: 5432,
    protocol: 'TCP',
    tcpFlags: 'SYN',
    ...other,
  };
}
