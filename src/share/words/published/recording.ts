import { DROP_REASONS } from '../../../import/hubble/drop_reason.js';
import { WATCHED_KINDS } from '../../../kubernetes/kinds.js';
import { tables } from '../../../schema/tables/index.js';

/**
 * What a recording says in its own words: names of tables and columns, enumerated values, and the words of the
 * reasons in `losses`. Units are UCUM's, as OpenTelemetry asks for them.
 */
const OWN = `
hubble netobserv ktape recorder watch probe clock cgroups l7 l3_l4 policy-verdict sock agent debug capture lost
FORWARDED DROPPED AUDIT REDIRECTED TRACED TRANSLATED VERDICT_UNKNOWN inner INGRESS EGRESS
listed relisted added modified deleted vanished imported
last_applied_configuration configmap_data arguments command env_values header_values secrets
DELTA CUMULATIVE UNSPECIFIED UNSET INTERNAL SERVER CLIENT PRODUCER CONSUMER gauge sum histogram summary
ECE CWR SYN_ACK FIN_ACK RST_ACK HOPOPT IGMP DCCP GRE ESP AH PIM VRRP L2TP IPIP IPv6-ICMP IPv6-Frag UDPLite
HUBBLE_RING_BUFFER PERF_EVENT_RING_BUFFER OBSERVER_EVENTS_QUEUE UNKNOWN_LOST_EVENT_SOURCE
attached import share opaque addresses on otlp OTLP ring buffer full not started yet had ended unreadable document record without times undecodable invalid replaced
jump loader gap followed journal cut short was abruptly memory left by window missing exactly once
By KiBy MiBy GiBy kBy MBy GBy bit kbit Cel Hz kHz MHz GHz J W V A s ms us ns min h d m kg g cm mm km pct ratio
`;

/** The words of recordings, with the tables, kinds and drop reasons that are declared elsewhere. */
export const RECORDING: readonly string[] = [
  ...OWN.split(/\s+/).filter((word) => word !== ''),
  ...tables.flatMap(({ name, columns }) => [name, ...Object.keys(columns)]),
  ...WATCHED_KINDS.flatMap(({ kind, apiVersion, plural }) => [kind, `${kind}List`, apiVersion, plural]),
  ...DROP_REASONS.values(),
];
