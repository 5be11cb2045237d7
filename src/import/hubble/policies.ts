import type { Fields } from '../flows/fields.js';

/** Where Cilium says in a rule's labels what the rule was made of. */
const LABEL = 'k8s:io.cilium.k8s.policy.';

/** The policies under `name` of a flow, as `Kind namespace/name` or `Kind name`. */
export function policies(flow: Fields, name: string): string[] {
  return flow.messages(name).map(policyText);
}

/** Versions without `kind`, and rules that were not correlated, still have it all in their labels. */
function policyText(policy: Fields): string {
  const labels = policy.texts('labels');
  const labelled = (key: string) =>
    labels.find((label) => label.startsWith(`${LABEL}${key}=`))?.slice(LABEL.length + key.length + 1);
  const name = policy.text('name') ?? labelled('name');
  const namespace = policy.text('namespace') ?? labelled('namespace');
  const kind = policy.text('kind') ?? labelled('derived-from');
  // A rule that came by no Kubernetes object has only the labels its author gave it.
  if (name === undefined) return labels.join(' ') || 'a policy without name';
  return [kind, namespace === undefined ? name : `${namespace}/${name}`].filter(Boolean).join(' ');
}
