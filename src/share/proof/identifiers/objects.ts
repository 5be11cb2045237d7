/** What a string of a Kubernetes object is. */
type ObjectText = 'name' | 'value' | 'other';

/** Told of every string of an object, and what it is. */
export type SeeText = (text: string, what: ObjectText) => void;

/** Fields that hold the name of an object wherever they stand in metadata, references and bindings. */
const NAMES = new Set(['name', 'namespace', 'nodeName', 'serviceAccountName', 'hostname', 'generateName']);
/** Where a name is that of an object, not of a part such as a volume or a port. */
const OF_OBJECTS = new Set([
  'metadata',
  'ownerReferences',
  'involvedObject',
  'targetRef',
  'spec',
  'endpoints',
]);
/** Maps that people fill: their keys are no fields. */
const LABELS = new Set(['labels', 'matchLabels', 'selector', 'nodeSelector', 'podSelector', 'annotations']);
/** Further fields whose values are somebody's own. */
const VALUES = /(?:[nN]ame|[nN]amespace|UID|uid|[iI]mage|host|domain|providerID|clusterIP|[aA]ddress|IP)$/;

/** Fields whose values are words of the API. */
const ENUMERATED =
  /^(?:type|types|reason|phase|status|action|protocol|operator|effect|kind|mode|\w*[pP]olic(?:y|ies)|policyTypes|qosClass)$/;

/**
 * Visits the strings of an object, plainly: by the names of the fields above them. What belongs to the API, names of
 * fields and the values of those that take a few words only, is added to `structure`.
 */
export function walkObject(json: string, see: SeeText, structure?: Set<string>): void {
  let object: unknown;
  try {
    object = JSON.parse(json);
  } catch {
    return;
  }
  walk(object, '', '', see, structure);
}

function walk(value: unknown, field: string, parent: string, see: SeeText, structure?: Set<string>): void {
  if (typeof value === 'string') {
    if (ENUMERATED.test(field) && !LABELS.has(parent)) structure?.add(value.toLowerCase());
    see(value, whatIs(value, field, parent));
  }
  if (Array.isArray(value)) for (const item of value) walk(item, field, parent, see, structure);
  else if (typeof value === 'object' && value !== null) {
    const isMap = LABELS.has(field) && Object.values(value).every((one) => typeof one === 'string');
    for (const [key, inner] of Object.entries(value)) {
      if (!isMap) structure?.add(key.toLowerCase());
      walk(inner, key, field, see, structure);
    }
  }
}

function whatIs(text: string, field: string, parent: string): ObjectText {
  // A sentence, such as an annotation may be; the names in it are looked for as in any text.
  if (/\s/.test(text)) return 'other';
  if (parent === 'labels' || parent === 'matchLabels') return 'name';
  if (NAMES.has(field) && OF_OBJECTS.has(parent)) return 'name';
  return LABELS.has(parent) || VALUES.test(field) ? 'value' : 'other';
}
