import { DecodeError } from '../../errors.js';
import type { Fields } from '../flows/fields.js';
import type { FlowEvent, ToldLoss } from '../flows/import_flows.js';
import { flowRow } from './flow.js';

const LOST_EVENT_SOURCES = new Map([
  [0, 'UNKNOWN_LOST_EVENT_SOURCE'],
  [1, 'PERF_EVENT_RING_BUFFER'],
  [2, 'OBSERVER_EVENTS_QUEUE'],
  [3, 'HUBBLE_RING_BUFFER'],
]);

const NODE_STATES = new Map([
  [0, 'UNKNOWN_NODE_STATE'],
  [1, 'NODE_CONNECTED'],
  [2, 'NODE_UNAVAILABLE'],
  [3, 'NODE_GONE'],
  [4, 'NODE_ERROR'],
]);

/** From nodes in these states no flows come. */
const SILENT = new Set(['NODE_UNAVAILABLE', 'NODE_GONE', 'NODE_ERROR']);

/** Events that are no flows. */
const OTHERS = ['agent_event', 'debug_event'];

/** Fields that tell a flow without anything around it, as older versions of `hubble observe -o json` write it. */
const OF_A_FLOW = ['verdict', 'IP', 'l4', 'event_type'];

/** What a line of Hubble's exporter (`ExportEvent`) or of `hubble observe -o json` (`GetFlowsResponse`) says. */
export function hubbleEvent(event: Fields): FlowEvent {
  if (event.has('flow')) return { flow: flowRow(event.message('flow'), event) };
  if (event.has('lost_events')) return { loss: lostEvents(event.message('lost_events'), event) };
  if (event.has('node_status')) return nodeStatus(event.message('node_status'), event);
  const other = OTHERS.find((name) => event.has(name));
  if (other !== undefined) return { other };
  if (OF_A_FLOW.some((name) => event.has(name))) return { flow: flowRow(event, event) };
  throw new DecodeError(
    `expected an event of Hubble with flow or lost_events; found ${event.names.slice(0, 5).join(', ') || '{}'}`,
  );
}

/** `flow.LostEvent`; newer versions of Cilium tell the times of the first and last event lost. */
function lostEvents(lost: Fields, event: Fields): ToldLoss {
  const since = lost.time('first');
  const until = lost.time('last') ?? event.time('time');
  return {
    ...stretch(since, until),
    reason: lost.enumeration('source', LOST_EVENT_SOURCES) ?? 'UNKNOWN_LOST_EVENT_SOURCE',
    ...onNode(event.text('node_name')),
    count: lost.count('num_events_lost') ?? 0n,
  };
}

function nodeStatus(status: Fields, event: Fields): FlowEvent {
  const reason = status.enumeration('state_change', NODE_STATES) ?? 'UNKNOWN_NODE_STATE';
  if (!SILENT.has(reason)) return { other: 'node_status' };
  const time = event.time('time');
  const message = status.text('message');
  return {
    loss: {
      ...stretch(time, null),
      reason,
      ...onNode(status.texts('node_names').join(', ') || event.text('node_name')),
      ...(message === null ? {} : { detail: message }),
    },
  };
}

function stretch(since: bigint | null, until: bigint | null): Pick<ToldLoss, 'since' | 'until'> {
  return { ...(since === null ? {} : { since }), ...(until === null ? {} : { until }) };
}

function onNode(name: string | null): Pick<ToldLoss, 'subject'> {
  return name === null ? {} : { subject: name };
}
