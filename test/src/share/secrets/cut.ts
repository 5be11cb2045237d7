import { findSecrets } from '../../../../src/share/secrets/find_secrets.js';

/** The text with each secret's kind in its place. */
export function cut(text: string): string {
  let at = 0;
  const kept = findSecrets(text).map(({ start, end, kind }) => {
    const before = text.slice(at, start);
    at = end;
    return `${before}[${kind}]`;
  });
  return kept.join('') + text.slice(at);
}
