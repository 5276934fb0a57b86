/** Requests to the server extension: JSON in, JSON out, and its errors as `RequestError`. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { IError } from './types';

const ROOT = 'containerize';

export type Query = Record<string, string | number | boolean | undefined>;

/** The server's answer where it is not the value: what failed, and in `hint` what to do. */
export class RequestError extends Error {
  constructor(
    readonly details: IError,
    readonly status: number
  ) {
    super(details.message);
    this.name = 'RequestError';
  }

  get hint(): string {
    return this.details.hint;
  }
}

/** Ask `path`, such as "jobs"; throws RequestError, or NetworkError where no server answers. */
export async function request<T>(
  path: string,
  init: { method?: string; body?: unknown; query?: Query } = {},
  settings = ServerConnection.makeSettings()
): Promise<T> {
  const response = await ServerConnection.makeRequest(
    address(path, init.query, settings.baseUrl),
    {
      method: init.method ?? 'GET',
      body: init.body === undefined ? undefined : JSON.stringify(init.body)
    },
    settings
  );
  const text = await response.text();
  if (!response.ok) {
    throw new RequestError(errorOf(text, response), response.status);
  }
  return (isJson(response) ? JSON.parse(text) : text) as T;
}

/** Open the websocket at `path`. */
export function socket(path: string, query: Query = {}, settings = ServerConnection.makeSettings()): WebSocket {
  const token = settings.appendToken && settings.token ? settings.token : undefined;
  return new settings.WebSocket(address(path, { ...query, token }, settings.wsUrl));
}

/** Whether the server, not a proxy before it, says that it has no such thing. */
export function isGone(error: unknown): boolean {
  return error instanceof RequestError && error.status === 404 && error.details.error !== '';
}

/** What went wrong, in the words that the user sees. */
export function describe(error: unknown): { message: string; hint: string } {
  if (error instanceof RequestError) {
    return { message: error.message, hint: error.hint };
  }
  return { message: error instanceof Error ? error.message : String(error), hint: '' };
}

/** The URL of `path`, to ask or to link to. */
export function address(path: string, query: Query = {}, base = ServerConnection.makeSettings().baseUrl): string {
  return withQuery(URLExt.join(base, ROOT, path), query);
}

/** The path, which may have a query already, with what is known of this one. */
export function withQuery(path: string, query: Query): string {
  const known = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(known.map(([name, value]) => [name, String(value)]));
  return path + (known.length ? `${path.includes('?') ? '&' : '?'}${search}` : '');
}

function isJson(response: Response): boolean {
  return (response.headers.get('Content-Type') ?? '').includes('json');
}

/** The schema `Error`; what is not ours (a proxy, a missing extension) has no hint. */
function errorOf(text: string, response: Response): IError {
  const fallback = { hint: '', fixes: [], error: '', cell: null, line: null };
  try {
    return { message: response.statusText, ...fallback, ...(JSON.parse(text) as Partial<IError>) };
  } catch {
    return { message: `${response.status} ${response.statusText}`, ...fallback };
  }
}
