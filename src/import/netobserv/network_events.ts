import type { Fields } from '../flows/fields.js';
import type { FlowRow } from '../flows/flow_row.js';

type NamedPolicies = Pick<
  FlowRow,
  'ingress_allowed_by' | 'ingress_denied_by' | 'egress_allowed_by' | 'egress_denied_by'
>;

/** Actions of OVN's access control lists, of which versions differ in case. */
const ALLOWS = new Set(['allow', 'allow-related', 'allow-stateless']);
const DENIES = new Set(['drop', 'reject']);
/** Leaves it to the next tier and decides nothing. */
const PASSES = 'pass';

/** The policies that OVN named for the flow: its network events of the feature `acl`. */
export function namedPolicies(flow: Fields): NamedPolicies {
  const events = flow
    .messages('NetworkEvents')
    .filter((event) => event.text('Feature') === 'acl')
    .map((event) => ({
      action: actionOf(event),
      direction: directionOf(event),
      policy: policyText(event),
    }));
  const of = (direction: string, actions: ReadonlySet<string>) => [
    ...new Set(
      events
        .filter((event) => event.direction === direction && actions.has(event.action))
        .map(({ policy }) => policy),
    ),
  ];
  return {
    ingress_allowed_by: of('ingress', ALLOWS),
    ingress_denied_by: of('ingress', DENIES),
    egress_allowed_by: of('egress', ALLOWS),
    egress_denied_by: of('egress', DENIES),
  };
}

function actionOf(event: Fields): string {
  const given = event.text('Action') ?? '';
  const action = given.toLowerCase();
  if (action === PASSES || ALLOWS.has(action) || DENIES.has(action)) return action;
  return event.refuse('Action', given, [...ALLOWS, ...DENIES, PASSES].join(', '));
}

function directionOf(event: Fields): 'ingress' | 'egress' {
  // OVN gives an egress firewall no direction of its own.
  const direction = event.text('Direction') ?? (event.text('Type') === 'EgressFirewall' ? 'Egress' : '');
  switch (direction.toLowerCase()) {
    case 'ingress':
      return 'ingress';
    case 'egress':
      return 'egress';
    default:
      return event.refuse('Direction', direction, 'Ingress or Egress');
  }
}

/** `Kind namespace/name`; of what OVN knows by its namespace alone, such as `EgressFirewall`, `Kind namespace/*`. */
function policyText(event: Fields): string {
  const namespace = event.text('Namespace');
  const name = event.text('Name') ?? (namespace === null ? null : '*');
  const object = namespace === null ? name : `${namespace}/${name}`;
  return [event.text('Type') ?? 'unknown', object].filter((part) => part !== null).join(' ');
}
