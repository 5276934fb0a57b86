/** A variable as `-e` takes it: NAME=VALUE, or NAME alone for one whose value is not kept. */

export interface IVariable {
  name: string;
  /** null where only the name is kept. */
  value: string | null;
}

export function parseVariable(text: string): IVariable {
  const place = text.indexOf('=');
  return place < 0 ? { name: text, value: null } : { name: text.slice(0, place), value: text.slice(place + 1) };
}

export function formatVariable(name: string, value: string | null): string {
  return value === null ? name : `${name}=${value}`;
}

/** The list with this variable, in the place of one of the same name. */
export function withVariable(list: readonly string[], text: string): string[] {
  const { name } = parseVariable(text);
  const isKnown = list.some(each => parseVariable(each).name === name);
  return isKnown ? list.map(each => (parseVariable(each).name === name ? text : each)) : [...list, text];
}
