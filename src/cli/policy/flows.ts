import { DecodeError, KtapeError, reasonOf } from '../../errors.js';
import { inertJson } from '../../inert.js';
import { isJsonObject, type JsonObject } from '../../kubernetes/json.js';
import { type Answer, type DirectionAnswer, SharedAnswer } from '../../policy/questions/explain/answer.js';
import { type AskedConnection, portOf, protocolOf } from '../../policy/questions/explain/asked_connection.js';
import { Inquiry } from '../../policy/questions/explain/inquiry.js';
import type { Output } from '../../report/output.js';
import { lineBatches } from './lines.js';
import { instantOf, type Source } from './source.js';

const FIELDS = ['from', 'to', 'port', 'protocol', 'at'];
const EXAMPLE = '{"from":"shop/web","to":"shop/db","port":5432,"protocol":"TCP"}';

/** Instants whose names are kept at once. */
const KEPT_INSTANTS = 16;

/** Lines kept with their answers. */
const KEPT_ANSWERS = 4_096;

/**
 * Answers each line of JSON, which asks about a connection, with a line of JSON, in order; one that is something else,
 * or cannot be answered, gives `{"error"}` in its place.
 * @param at the time of lines that say none, as the user wrote it.
 */
export async function answerFlows(
  source: Source,
  at: string | undefined,
  input: AsyncIterable<Uint8Array>,
  output: Output,
): Promise<void> {
  const flows = new Flows(source, at);
  for await (const lines of lineBatches(input)) {
    let text = '';
    for (const line of lines) text += flows.answerTo(line);
    await output.write(inertJson(text));
  }
}

class Flows {
  /** By the number of the stretch of time in which nothing changes. */
  private readonly inquiries = new Map<number, Inquiry>();
  private readonly answers = new Map<string, string>();
  /** Times as they were written. */
  private readonly instants = new Map<string | undefined, bigint>();

  constructor(
    private readonly source: Source,
    private readonly at: string | undefined,
  ) {}

  /** The line of JSON for a line. Connections come again and again. */
  answerTo(line: string | Error): string {
    const known = typeof line === 'string' ? this.answers.get(line) : undefined;
    if (known !== undefined) return known;
    const answer = `${this.answer(line)}\n`;
    if (this.answers.size >= KEPT_ANSWERS) this.answers.clear();
    if (typeof line === 'string') this.answers.set(line, answer);
    return answer;
  }

  private answer(line: string | Error): string {
    try {
      if (line instanceof Error) throw line;
      const { asked, at } = flowOf(line);
      const inquiry = this.inquiryAt(at ?? this.at);
      return answerJson(inquiry.answer(inquiry.pairs(asked)));
    } catch (error) {
      if (error instanceof KtapeError) return JSON.stringify({ error: error.message });
      throw error;
    }
  }

  private inquiryAt(at: string | undefined): Inquiry {
    const time = this.instants.get(at) ?? instantOf(this.source, at, 'at');
    if (this.instants.size >= 10_000) this.instants.clear();
    this.instants.set(at, time);
    const epoch = this.source.timeline.epochOf(time);
    const known = this.inquiries.get(epoch);
    if (known !== undefined) return known;
    if (this.inquiries.size >= KEPT_INSTANTS) this.inquiries.clear();
    const inquiry = new Inquiry(this.source.timeline, time);
    this.inquiries.set(epoch, inquiry);
    return inquiry;
  }
}

/** Most directions are answered by the same object again and again, whose text is there already. */
function answerJson({ verdict, egress, ingress }: Answer): string {
  return `{"verdict":"${verdict}","egress":${directionJson(egress)},"ingress":${directionJson(ingress)}}`;
}

function directionJson(answer: DirectionAnswer): string {
  return answer instanceof SharedAnswer ? answer.json : JSON.stringify(answer);
}

function flowOf(line: string): { asked: AskedConnection; at: string | undefined } {
  const flow = parsed(line);
  for (const key in flow) {
    if (!FIELDS.includes(key))
      throw new DecodeError(`unknown field ${JSON.stringify(key)}; expected ${FIELDS.join(', ')}`);
  }
  const { port } = flow;
  if (port !== undefined && port !== null && typeof port !== 'number' && typeof port !== 'string') {
    throw new DecodeError(`port is ${JSON.stringify(port)}; expected a number or the name of a port`);
  }
  const protocol = protocolOf(textOf(flow, 'protocol') ?? 'TCP');
  return {
    asked: {
      from: required(flow, 'from'),
      to: required(flow, 'to'),
      protocol,
      port: portOf(port ?? undefined, protocol),
    },
    at: textOf(flow, 'at'),
  };
}

function parsed(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new DecodeError(`not JSON (${reasonOf(error)}); expected ${EXAMPLE}`);
  }
  if (isJsonObject(value)) return value;
  throw new DecodeError(`not an object; expected ${EXAMPLE}`);
}

function required(flow: JsonObject, key: string): string {
  const value = textOf(flow, key);
  if (value === undefined) throw new DecodeError(`${key} is missing; expected ${EXAMPLE}`);
  return value;
}

function textOf(flow: JsonObject, key: string): string | undefined {
  const value = flow[key] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new DecodeError(`${key} is ${JSON.stringify(value)}; expected text`);
}
