import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { KtapeError, reasonOf } from '../../src/errors.js';
import { isJsonObject, type JsonObject, textAt } from '../../src/kubernetes/json.js';

const MAX_BODY_BYTES = 256 << 20;
const ANSWER_WITHIN_MS = 30_000;
/** Characters that are kept of what the server says of an error: they go to the terminal and to `losses`. */
const MAX_WORDS = 500;

/** The API server answered with an error, sent nonsense, or could not be reached (then without `status`). */
export class ApiError extends KtapeError {
  override readonly name = 'ApiError';
  constructor(
    message: string,
    /** HTTP status, also that of an ERROR event in a watch. */
    readonly status?: number,
    /** Whether the watch cannot go on from where it was: what it missed is lost. A kind can go (404) while watched. */
    readonly needsList = status === 410 || status === 404,
    /** How long the server asks to be left alone. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }

  /** Asking again soon is no use: the role may not, or the server does not serve the kind. */
  get isRefusal(): boolean {
    return this.status === 403 || this.status === 404;
  }
}

/**
 * The API server of a kubeconfig. The client library brings the credentials; the requests are ours because its
 * watch passes over lines that it cannot parse, and its typed lists cut times to milliseconds.
 */
export class ApiServer {
  /** @param reload reads the credentials anew, for when the server does not take those that there are any more */
  constructor(
    private config: KubeConfig,
    private readonly reload: () => Promise<KubeConfig>,
  ) {}

  get url(): string {
    return this.config.getCurrentCluster()?.server ?? '';
  }

  /** Gets a JSON object. Throws ApiError. */
  async get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<JsonObject> {
    const response = await this.open(path, query, AbortSignal.any([signal, AbortSignal.timeout(120_000)]));
    return parseObject(await this.readAll(response, MAX_BODY_BYTES), path);
  }

  /** Starts a request and gives its answer as a stream once the status is 200. Throws ApiError otherwise. */
  async open(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const url = new URL(`${this.url}${path}?${new URLSearchParams(query)}`);
    const options: RequestOptions = { signal };
    try {
      await this.config.applyToHTTPSOptions(options);
      const response = await send(url, {
        ...options,
        headers: { ...options.headers, accept: 'application/json' },
      });
      if (response.statusCode === 200) return response;
      const refusal = await this.refusal(response);
      if (refusal.status === 401) this.config = await this.reload();
      throw refusal;
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError(`cannot reach the API server ${this.url}: ${connectReason(error)}`);
    }
  }

  /** The error of an answer other than 200, with the server's own words if it has any. */
  private async refusal(response: IncomingMessage): Promise<ApiError> {
    const { statusCode, statusMessage, headers } = response;
    const body = await this.readAll(response, 1 << 20).catch(() => '');
    const words = body.startsWith('{') ? wordsOf(parseObject(body, '')) : undefined;
    return new ApiError(
      `the API server answered ${statusCode} ${words ?? statusMessage ?? ''}`.trimEnd(),
      statusCode,
      undefined,
      secondsAsMs(headers['retry-after']),
    );
  }

  private async readAll(response: IncomingMessage, limit: number): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > limit) throw new ApiError(`the API server sent more than ${limit} bytes at once`);
        chunks.push(chunk);
      }
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError(`the API server broke off: ${reasonOf(error)}`);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

function send(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const start = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = start(url, options, resolve);
    request.setTimeout(ANSWER_WITHIN_MS, () => request.destroy(new Error('no answer within 30 s')));
    request.on('response', () => request.setTimeout(0));
    request.on('error', reject);
    request.end();
  });
}

/** The API server gives `Retry-After` in seconds; 0 where it gives none. */
function secondsAsMs(retryAfter: string | undefined): number {
  return /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : 0;
}

/** A name with several addresses fails with an error for each and no words of its own. */
function connectReason(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(reasonOf).join(', ') : reasonOf(error);
}

/** What a Status of the server says, its beginning. */
export function wordsOf(status: JsonObject): string | undefined {
  return textAt(status, 'message')?.slice(0, MAX_WORDS);
}

/** Parses an object that the server sent; `from` says which, for the error. */
export function parseObject(text: string, from: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ApiError(`the API server sent no JSON for ${from}: ${reasonOf(error)}`, undefined, true);
  }
  if (!isJsonObject(value)) throw new ApiError(`the API server sent no object for ${from}`, undefined, true);
  return value;
}
