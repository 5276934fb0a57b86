/** The logs that are open in the main area; they are there again after a reload. */

import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { Widget } from '@lumino/widgets';

import { containerizeIcon } from './icons';

export interface ILogPagesOptions<T extends Widget, A extends Record<keyof A, string>> {
  app: JupyterFrontEnd;
  /** What is logged: "id", "container". */
  subject: string;
  /** The command that opens a page; it takes the page's arguments. */
  command: string;
  /** Where they go: Notebook 7 has one notebook in its main area, and room below. */
  area: 'main' | 'down';
  create: (args: A) => T;
  titleOf: (args: A) => string;
}

/** `A` is what tells the logs apart. */
export class LogPages<T extends Widget, A extends Record<keyof A, string>> {
  constructor(private readonly options: ILogPagesOptions<T, A>) {
    this.namespace = `jupyter-containerize-log-${options.subject}`;
    this.tracker = new WidgetTracker({ namespace: this.namespace });
  }

  /** Show the log of what `args` name. */
  open(args: A): void {
    const { app, area } = this.options;
    const id = [this.namespace, ...Object.values(args)].join('-');
    if (!this.tracker.find(page => page.id === id)) {
      const page = this.create(args);
      page.id = id;
      this.args.set(page, args);
      app.shell.add(page, area, { mode: 'split-bottom' });
      void this.tracker.add(page);
    }
    app.shell.activateById(id);
  }

  restore(restorer: ILayoutRestorer): void {
    const { command } = this.options;
    void restorer.restore(this.tracker, { command, args: page => ({ ...this.args.get(page) }), name: page => page.id });
  }

  private create(args: A): MainAreaWidget<T> {
    const page = new MainAreaWidget({ content: this.options.create(args) });
    page.toolbar.hide();
    page.title.label = this.options.titleOf(args);
    page.title.icon = containerizeIcon;
    page.title.closable = true;
    return page;
  }

  private readonly args = new WeakMap<Widget, A>();
  private readonly namespace: string;
  private readonly tracker: WidgetTracker<MainAreaWidget<T>>;
}
