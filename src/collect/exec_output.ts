import { type Readable, Transform, Writable } from 'node:stream';
import { Exec, type KubeConfig, type V1Status } from '@kubernetes/client-node';
import { KtapeError } from '../errors.js';

/** How much of the output may wait in memory to be taken. */
const MAX_WAITING_BYTES = 4 << 20;
/** How much of the command's complaints is kept. */
const MAX_COMPLAINT_BYTES = 2_000;
/** A pod that sends nothing for so long is given up. */
const SILENT_MS = 60_000;

/** Where a command is run. */
export interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/**
 * Runs a command in a container, as `kubectl exec` does, and gives its standard output. The stream fails when the
 * command cannot be started, breaks off, or ends with a status that is not among `fine`.
 */
export function execOutput(
  config: KubeConfig,
  { namespace, pod, container }: Place,
  command: readonly string[],
  fine: readonly number[],
): Readable {
  let end: (status: V1Status | undefined) => void = () => undefined;
  const status = new Promise<V1Status | undefined>((resolve) => {
    end = resolve;
  });
  const complaint = new Complaint();
  const output = new Transform({
    highWaterMark: MAX_WAITING_BYTES,
    transform: (chunk, _encoding, done) => done(null, chunk),
    // The output ends before its status comes.
    flush: (done) => void status.then((given) => done(failureOf(given, fine, complaint.text))),
  });
  const silence = setTimeout(
    () => output.destroy(new KtapeError(`nothing came for ${SILENT_MS / 1000} s`)),
    SILENT_MS,
  );
  output.once('close', () => clearTimeout(silence));
  new Exec(config).exec(namespace, pod, container, [...command], output, complaint, null, false, end).then(
    (socket) => {
      // The client library writes without looking whether anybody takes it: the socket has to wait.
      socket.on('message', () => {
        silence.refresh();
        if (output.writableNeedDrain) socket.pause();
      });
      output.on('drain', () => {
        silence.refresh();
        socket.resume();
      });
      socket.once('close', () => {
        end(undefined);
        output.end();
      });
      output.once('close', () => socket.terminate());
      if (output.destroyed) socket.terminate();
    },
    (error) => output.destroy(new KtapeError(refusal(error))),
  );
  return output;
}

/** The beginning of what a command complains of. */
class Complaint extends Writable {
  private bytes = Buffer.alloc(0);

  get text(): string {
    return this.bytes.toString('utf8').trim();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.bytes = Buffer.concat([this.bytes, chunk]).subarray(0, MAX_COMPLAINT_BYTES);
    done();
  }
}

/** Why the output is not all there is; null where it is. */
function failureOf(
  status: V1Status | undefined,
  fine: readonly number[],
  complaint: string,
): KtapeError | null {
  if (status === undefined) return new KtapeError('the connection broke off');
  if (status.status === 'Success') return null;
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (code !== undefined && fine.includes(Number(code))) return null;
  return new KtapeError(complaint || status.message || 'the command failed');
}

/** The library gives an event of the socket, whose message has the HTTP status. */
function refusal(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const status = /Unexpected server response: (\d+)/.exec(message)?.[1];
  if (status === '403') return 'you may not create pods/exec there (403)';
  return status === undefined ? message : `the API server answered ${status} to exec`;
}
