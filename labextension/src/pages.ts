/** The logs that are open in the main area; they are there again after a reload. */

import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { Widget } from '@lumino/widgets';

import { containerizeIcon } from './icons';

export interface ILogPagesOptions<T extends Widget> {
  app: JupyterFrontEnd;
  /** What is logged, as the command's argument is called: "id", "container". */
  argument: string;
  /** The command that opens a page. */
  command: string;
  /** Where they go: Notebook 7 has one notebook in its main area, and room below. */
  area: 'main' | 'down';
  create: (name: string) => T;
  titleOf: (name: string) => string;
}

export class LogPages<T extends Widget> {
  constructor(private readonly options: ILogPagesOptions<T>) {
    this.tracker = new WidgetTracker({ namespace: `jupyter-containerize-log-${options.argument}` });
  }

  /** Show the log of `name`. */
  open(name: string): void {
    const { app, argument, area } = this.options;
    const id = `jupyter-containerize-log-${argument}-${name}`;
    if (!this.tracker.find(page => page.id === id)) {
      const page = this.create(name);
      page.id = id;
      this.names.set(page, name);
      app.shell.add(page, area, { mode: 'split-bottom' });
      void this.tracker.add(page);
    }
    app.shell.activateById(id);
  }

  restore(restorer: ILayoutRestorer): void {
    const { argument, command } = this.options;
    const nameOf = (page: MainAreaWidget<T>): string => this.names.get(page) ?? '';
    void restorer.restore(this.tracker, { command, args: page => ({ [argument]: nameOf(page) }), name: nameOf });
  }

  private create(name: string): MainAreaWidget<T> {
    const page = new MainAreaWidget({ content: this.options.create(name) });
    page.toolbar.hide();
    page.title.label = this.options.titleOf(name);
    page.title.icon = containerizeIcon;
    page.title.closable = true;
    return page;
  }

  private readonly names = new WeakMap<Widget, string>();
  private readonly tracker: WidgetTracker<MainAreaWidget<T>>;
}
