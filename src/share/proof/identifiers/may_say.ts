/** Whether a text may stand in a shared tape: published words, numbers, and what has no letter or digit. */
export function maySay(text: string, published: (text: string) => boolean): boolean {
  if (!/[\p{L}\p{N}]/u.test(text) || /^[-+]?\d+(?:\.\d+)?$/.test(text) || published(text)) return true;
  const parts = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.every((part) => /^\d{1,3}$/.test(part) || published(part));
}
