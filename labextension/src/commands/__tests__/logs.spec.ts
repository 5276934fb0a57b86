import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import type { IRestorer } from '@jupyterlab/statedb';
import { act, screen, waitFor } from '@testing-library/react';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';

import { Harness } from '../../panel/__tests__/harness';
import { addLogCommands } from '../logs';

describe('the log of a container', () => {
  const pages: Widget[] = [];
  let commands: CommandRegistry;
  let harness: Harness;
  let restored: IRestorer.IOptions<Widget>;

  beforeEach(() => {
    harness = new Harness();
    commands = new CommandRegistry();
    const shell = {
      add: (page: Widget) => {
        pages.push(page);
        Widget.attach(page, document.body);
      },
      activateById: () => undefined
    };
    const restorer = {
      restore: (_: unknown, options: IRestorer.IOptions<Widget>) => {
        restored = options;
        return Promise.resolve();
      }
    };
    addLogCommands({
      app: { commands, shell } as unknown as JupyterFrontEnd,
      model: harness.model,
      logArea: 'main',
      restorer: restorer as unknown as ILayoutRestorer
    });
  });

  afterEach(() => {
    act(() => {
      for (const page of pages.splice(0)) {
        page.dispose();
      }
    });
  });

  const open = (args: { container: string; engine?: string }): Promise<void> =>
    act(() => commands.execute('containerize:open-container-log', args) as Promise<void>);

  it('comes from the engine that has it, each engine in a page of its own', async () => {
    await open({ container: 'penguins-1', engine: 'tcp://far:1' });
    await open({ container: 'penguins-1', engine: 'tcp://far:1' });
    await open({ container: 'penguins-1' });
    expect(pages).toHaveLength(2);
    await waitFor(() => {
      const own = 'containers/penguins-1/logs';
      expect([...harness.streams.keys()]).toEqual([`${own}?engine=tcp%3A%2F%2Ffar%3A1`, own]);
    });
  });

  it('says that the container is gone, and that a connection is sought', async () => {
    await open({ container: 'penguins-1' });
    const status = await screen.findByRole('status');
    const stream = harness.streams.get('containers/penguins-1/logs');
    act(() => stream?.onConnected?.(false));
    expect(status.textContent).toBe('The connection was lost. Trying again…');
    act(() => stream?.onGone?.());
    expect(status.textContent).toBe('The container is not there any more.');
  });

  it('is of the same engine again after a reload', async () => {
    await open({ container: 'penguins-1', engine: 'desktop-linux' });
    const [page] = pages;
    expect(page && restored.args?.(page)).toEqual({ container: 'penguins-1', engine: 'desktop-linux' });
  });
});
