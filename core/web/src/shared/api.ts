// The server, typed by schemas/openapi.json. A refusal or a broken network arrives as a Problem, whose words can be
// shown as they are.
import createClient from 'openapi-fetch';
import type { components, paths } from '../generated/openapi.d.ts';
import { heard } from './clock.ts';
import { t, tag } from './language.ts';
import { api } from './place.ts';

export type Schemas = components['schemas'];
export type Fault = Schemas['Fault'];

const patience = 30000;

export class Problem extends Error {
  constructor(
    readonly status: number, // 0: no answer came
    readonly code: string,
    detail: string,
    readonly errors: Fault[] = [],
    readonly params: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

/** What an answer that is no success says; it may come from something on the way that knows nothing of us. */
export function problemOf(status: number, body: unknown): Problem {
  const problem = typeof body === 'object' && body !== null ? (body as Partial<Schemas['Problem']>) : {};
  return new Problem(status, problem.code ?? 'http', problem.detail ?? t('problem.server', { status }),
    problem.errors, problem.params as Record<string, unknown>);
}

export const noAnswer = () => new Problem(0, 'network', t('problem.network'));

/** With its body, of which each piece may take as long as the answer itself: a network that breaks in the middle is no answer. */
async function fetchPatiently(request: Request): Promise<Response> {
  const abort = new AbortController();
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => abort.abort(), patience);
  };
  try {
    wait();
    const answer = await fetch(new Request(request, { signal: abort.signal }));
    heard(answer.headers.get('date'));
    if (!answer.body) return answer;
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const reader = answer.body.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value);
      wait();
    }
    return new Response(pieces.length > 0 ? new Blob(pieces) : null, answer); // 204 may have none
  } catch {
    throw noAnswer();
  } finally {
    clearTimeout(timer);
  }
}

export const server = createClient<paths>({ baseUrl: api, fetch: fetchPatiently });
server.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', tag());
    return request;
  },
});

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

/** Asked when a session has ended: true once somebody has signed in again. Each entry sets its own. */
let signInAgain: () => Promise<boolean> = async () => false;
export const onSessionEnd = (ask: typeof signInAgain) => { signInAgain = ask; };
export const sessionRenewed = () => signInAgain();

/** The data of an answer, or a Problem is thrown. After a sign-in in between it is asked once more, so that what was
 * typed goes where it was meant to. */
export async function ask<Data>(call: () => Promise<Answer<Data>>): Promise<Data> {
  let answer = await call();
  if (answer.response.status === 401 && (await signInAgain())) answer = await call();
  if (answer.response.ok) return answer.data as Data;
  throw problemOf(answer.response.status, answer.error);
}

/** The same, for what anybody may do: 401 is an answer there (a wrong password). */
export async function askOnce<Data>(call: () => Promise<Answer<Data>>): Promise<Data> {
  const answer = await call();
  if (answer.response.ok) return answer.data as Data;
  throw problemOf(answer.response.status, answer.error);
}

/** For the header If-Match of what two people may edit. */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` });

/** An Idempotency-Key. */
export function onceKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
