const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const BYTES = {
  B: 1,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
};

/** Reads a duration such as `30s`, `15m` or `24h` as milliseconds; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  return amountOf(text, MILLISECONDS);
}

/** Reads a size such as `500MiB`, or `500Mi` as Kubernetes writes it, as bytes; undefined where it is none. */
export function parseBytes(text: string): number | undefined {
  const bytes = amountOf(text.replace(/(?<=[KMGT]i)B$/, ''), BYTES);
  return bytes === undefined ? undefined : Math.round(bytes);
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes for people: `2 GiB`, `1.5 MiB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${SIZES[power]}`;
}

/** A number above zero and its unit. */
function amountOf(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]+)$/.exec(text) ?? [];
  const amount = Number(number) * (Object.hasOwn(units, unit) ? (units[unit] ?? 0) : 0);
  return amount > 0 && Number.isSafeInteger(Math.round(amount)) ? amount : undefined;
}
