/** An object as people name it: `NetworkPolicy shop/web`, `Node n1` for one of the cluster. */
export function nameWithKind(
  kind: string,
  { namespace, name }: { readonly namespace: string | null; readonly name: string | null },
): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
}
