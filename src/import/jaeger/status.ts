import { type Tags, takeText, textOf } from './tags.js';

/** Kinds of spans as OTLP numbers them. */
export const KINDS: Readonly<Record<string, number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};

const [OK, ERROR] = [1, 2];

/**
 * The status of a span, which Jaeger has in tags; those that say nothing else are taken out. A tag `error` that is true
 * counts first, then `otel.status_code`, then the status of HTTP.
 */
export function statusOf(tags: Tags, kind: number): { readonly code?: number; readonly message?: string } {
  const isError = tags.get('error')?.boolValue === true;
  const told = takeText(tags, 'otel.status_code')?.toUpperCase();
  if (isError) {
    tags.delete('error');
    return {
      code: ERROR,
      ...messageOf(takeText(tags, 'otel.status_description') ?? textOf(tags, HTTP_MESSAGE)),
    };
  }
  if (told !== undefined) {
    const code = told === 'ERROR' ? ERROR : told === 'OK' ? OK : 0;
    return { code, ...messageOf(takeText(tags, 'otel.status_description')) };
  }
  return isHttpError(tags, kind) ? { code: ERROR, ...messageOf(textOf(tags, HTTP_MESSAGE)) } : {};
}

const HTTP_MESSAGE = 'http.status_message';

/** By OpenTelemetry's conventions a server has not failed that answers 4xx. */
function isHttpError(tags: Tags, kind: number): boolean {
  const { intValue, stringValue } = tags.get('http.status_code') ?? {};
  const status = Number(intValue ?? stringValue ?? 'none');
  if (!Number.isInteger(status)) return false;
  if (status >= 400 && status < 500) return kind !== KINDS.server;
  return status < 100 || status >= 500;
}

function messageOf(message: string | undefined): { readonly message?: string } {
  return message === undefined ? {} : { message };
}
