/** Values for the parameters of notebooks, as the user typed them: for the next runs from this page. */

export class ParameterValues {
  /** Those of a notebook, by name; a parameter that has none keeps its default. */
  get(path: string): ReadonlyMap<string, string> {
    return this.values.get(path) ?? new Map<string, string>();
  }

  /** Take a value; an empty text is for the default. */
  set(path: string, name: string, text: string): void {
    const values = new Map(this.get(path));
    if (text === '') {
      values.delete(name);
    } else {
      values.set(name, text);
    }
    this.values.set(path, values);
  }

  /** Those of a notebook as a job is asked for them. */
  words(path: string): string[] {
    return [...this.get(path)].map(([name, text]) => `${name}=${text}`);
  }

  private readonly values = new Map<string, ReadonlyMap<string, string>>();
}
