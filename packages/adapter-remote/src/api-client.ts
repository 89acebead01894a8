import {
  messagesOf,
  refusal,
  unanswered,
  type ApiFailure,
  type ApiMessage,
} from './api-failure.js';

export interface ApiRequest {
  /** For errors: what was asked, as a verb. */
  readonly operation: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below the namespace, percent-encoded: `bulk/get`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
  readonly contentType?: string;
}

/** Cloudflare's envelope of a result. */
export interface ApiAnswer {
  readonly isSuccess: boolean;
  readonly result: unknown;
  readonly resultInfo: unknown;
  readonly messages: readonly ApiMessage[];
  /** What to throw where `isSuccess` is false and the result does not say more. */
  readonly failure: ApiFailure | undefined;
}

/** Requests to the API of one KV namespace. Each is one attempt; what fails is an `ApiFailure`. */
export class ApiClient {
  readonly #namespaceUrl: string;
  readonly #token: string;

  constructor(accountUrl: string, namespaceId: string, token: string) {
    this.#namespaceUrl = `${accountUrl}/storage/kv/namespaces/${encodeURIComponent(namespaceId)}`;
    this.#token = token;
  }

  /** The envelope of an answer, whatever its status. */
  async send(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    const response = await this.#fetch(request, signal);
    const text = await this.#body(request, signal, () => response.text());
    const envelope = parseEnvelope(text);
    const messages = messagesOf(envelope?.errors, (message) => this.#redact(message));
    const isSuccess = response.ok && envelope?.success === true;
    if (response.ok && envelope === undefined) {
      throw unanswered(request.operation, 'its answer is not the JSON that it documents');
    }
    return {
      isSuccess,
      result: envelope?.result,
      resultInfo: envelope?.result_info,
      messages,
      failure: isSuccess ? undefined : refusal(request.operation, response, messages, Date.now()),
    };
  }

  /** The bytes of a value; null when there is none. */
  async download(request: ApiRequest, signal: AbortSignal): Promise<ArrayBuffer | null> {
    const response = await this.#fetch(request, signal);
    if (response.ok) return this.#body(request, signal, () => response.arrayBuffer());
    const envelope = parseEnvelope(await this.#body(request, signal, () => response.text()));
    const messages = messagesOf(envelope?.errors, (message) => this.#redact(message));
    if (isKeyNotFound(response.status, messages)) return null;
    throw refusal(request.operation, response, messages, Date.now());
  }

  async #fetch(request: ApiRequest, signal: AbortSignal): Promise<Response> {
    const { method, path, query = {}, body, contentType } = request;
    const search = new URLSearchParams(query).toString();
    const url = `${this.#namespaceUrl}/${path}${search === '' ? '' : `?${search}`}`;
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    };
    return this.#body(request, signal, () =>
      // A redirect could lead the token elsewhere.
      fetch(url, {
        method,
        headers,
        signal,
        redirect: 'error',
        ...(body === undefined ? {} : { body }),
      }),
    );
  }

  async #body<Result>(
    { operation }: ApiRequest,
    signal: AbortSignal,
    read: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      if (signal.aborted) throw unanswered(operation, 'it was given up');
      throw unanswered(operation, 'the connection failed; see the cause', this.#safe(error));
    }
  }

  /** What the network said, as a new error: the original may hold the request. */
  #safe(error: unknown): Error {
    const texts: string[] = [];
    let current = error;
    for (let depth = 0; depth < 4 && current instanceof Error; depth++) {
      const { code } = current as { code?: unknown };
      texts.push(typeof code === 'string' ? `${current.message} (${code})` : current.message);
      current = current.cause;
    }
    return new Error(this.#redact(texts.join(': ') || 'unknown'));
  }

  #redact(text: string): string {
    return text.replaceAll(this.#token, '<apiToken>');
  }
}

/** Cloudflare's code for a key that is not there, beside status 404. */
const KEY_NOT_FOUND = 10_009;

export function isKeyNotFound(status: unknown, messages: readonly ApiMessage[]): boolean {
  return status === 404 && messages.some(({ code }) => code === KEY_NOT_FOUND);
}

interface Envelope {
  readonly success?: unknown;
  readonly errors?: unknown;
  readonly result?: unknown;
  readonly result_info?: unknown;
}

/** Undefined when the text is none: torn, or the page of a proxy. */
function parseEnvelope(text: string): Envelope | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isEnvelope = typeof parsed === 'object' && parsed !== null && 'success' in parsed;
  return isEnvelope ? (parsed as Envelope) : undefined;
}
