/**
 * What a secret can be, most telling first: of two that overlap, the first of this list gives its kind. The
 * kinds are coarse on purpose: `[api-key]` says to a stranger that there was one, and not whose customer one is.
 */
export const SECRET_KINDS = [
  'private-key',
  'api-key',
  'jwt',
  'authorization',
  'cookie',
  'credentials',
  'password',
  'email',
  'card',
  'iban',
  'encoded',
  'high-entropy',
] as const;

export type SecretKind = (typeof SECRET_KINDS)[number];

/** A stretch of a text that must not leave: `text.slice(start, end)`, in UTF-16 units. */
export interface Secret {
  readonly start: number;
  readonly end: number;
  readonly kind: SecretKind;
}
