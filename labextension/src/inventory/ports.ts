/** What a published port is reached by. */

const PUBLISHED = /^(?:\[?([^\]]*)\]?):(\d+)->\d+\/tcp$/;

/** The address of "127.0.0.1:8080->80/tcp" for a browser; null for a port that is not published, or not over TCP. */
export function addressOf(port: string): string | null {
  const [, host = '', number] = PUBLISHED.exec(port) ?? [];
  if (!number) {
    return null;
  }
  const isEverywhere = host === '' || host === '0.0.0.0' || host === '::';
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${number}/`;
}
