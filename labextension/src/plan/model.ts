/** The plan of the panel's notebook, while somebody looks at it, and what the user chooses in it. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { allowWish, readPlan } from '../api/jobs';
import type { IPlan, IPlanRequest, IWish } from '../api/types';
import type { IPanelModel } from '../model/interfaces';
import { Attention } from './attention';
import type { Choices } from './choices';
import { keepChoices, METADATA_KEY, readChoices } from './choices';
import { keepConsents, newWishes } from './consents';
import type { IFault } from './fault';
import { faultOf } from './fault';
import { Inquiry } from './inquiry';
import { withMount } from './mounts';

type State = Pick<PlanModel, 'plan' | 'fault' | 'isLoading' | 'isStale'>;

export class PlanModel {
  /** `pause` is how many milliseconds it waits for more choices and edits before it does something about them. */
  constructor(
    readonly panel: IPanelModel,
    ask: (body: IPlanRequest) => Promise<IPlan> = readPlan,
    pause = 400,
    private readonly consent: (notebook: string, wish: IWish) => Promise<void> = allowWish
  ) {
    this.inquiry = new Inquiry(panel, ask);
    this.attention = new Attention(panel, this.onChanged, this.onSaved, pause);
    this.afterChoices = new Debouncer((notebook: NotebookPanel | null) => this.refreshFor(notebook), pause);
  }

  /** The plan as it was last told; null before, and where there is no notebook. */
  plan: IPlan | null = null;
  fault: IFault | null = null;
  isLoading = false;
  /** Whether the notebook may be another than it was made of. */
  isStale = true;

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Whether the notebook can keep what is chosen. */
  get isEditable(): boolean {
    return this.panel.notebook?.context.contentsModel?.writable !== false;
  }

  get choices(): Choices {
    return readChoices(this.panel.notebook?.model?.getMetadata(METADATA_KEY));
  }

  /** Follow the panel's notebook, and ask for its plan where it is not known. */
  open(): void {
    this.panel.notebookChanged.connect(this.follow);
    this.follow();
  }

  /** Stop following; the plan stays, to be seen at once when it is opened again. */
  close(): void {
    this.panel.notebookChanged.disconnect(this.follow);
    this.attention.follow(null);
    this.isStale = true;
  }

  /** Keep these choices in the notebook, and ask what they make of the plan. */
  choose(change: Partial<Choices>): void {
    const wishes = newWishes(this.choices, change);
    keepChoices(this.panel.notebook?.model?.sharedModel, change);
    this.show({ isLoading: true });
    this.consented = keepConsents(this.panel, wishes, this.consent);
    void this.afterChoices.invoke(this.panel.notebook);
  }

  /** Allow the notebook what it asks for, and ask for its plan again; what goes wrong shows as the plan's fault. */
  async allow(wish: IWish): Promise<void> {
    const { notebook } = this.panel;
    try {
      await this.consentTo(wish);
    } catch (error) {
      this.show({ fault: faultOf(error) });
      return;
    }
    if (notebook === this.panel.notebook) {
      await this.answer(false);
    }
  }

  /** Put the mount `after` in the place of `before`, in the notebook where it may have it; null for none. */
  async mount(before: string | null, after: string | null): Promise<void> {
    const { mounts } = this.choices;
    const { inside, outside } = withMount({ inside: mounts, outside: this.panel.outsideMounts }, before, after);
    // Before anything is awaited, after which the panel may show another notebook.
    this.choose({ mounts: inside });
    await this.panel.setOutsideMounts(outside);
  }

  /** Save the notebook and ask for its plan. */
  refresh(): Promise<void> {
    return this.answer(true);
  }

  /** Refresh the plan unless it has become another notebook's. */
  private async refreshFor(notebook: NotebookPanel | null): Promise<void> {
    await this.consented;
    if (notebook && notebook === this.attention.notebook) {
      await this.refresh();
    }
  }

  private async consentTo(wish: IWish): Promise<void> {
    const request = await this.panel.planRequest();
    await (request && this.consent(request.notebook, wish));
  }

  /** Ask for the plan of the notebook's file as it is: looking at a notebook does not save it. */
  private look(): void {
    void this.answer(false);
  }

  private async answer(isToSave: boolean): Promise<void> {
    this.show({ isLoading: true });
    const answer = await this.inquiry.answer(isToSave, () => {
      this.isStale = this.attention.notebook?.context.model.dirty ?? false;
      this.attention.mark();
    });
    if (answer) {
      this.show({ ...answer, isLoading: false });
    }
  }

  private show(state: Partial<State>): void {
    Object.assign(this, state);
    this.changedSignal.emit();
  }

  private readonly follow = (): void => {
    const { notebook } = this.panel;
    if (notebook === this.attention.notebook) {
      this.attention.lookSoon();
      return;
    }
    this.attention.follow(notebook);
    if (notebook !== this.planned) {
      this.planned = notebook;
      this.inquiry.drop();
      this.show({ plan: null, fault: null, isLoading: false, isStale: true });
    }
    if (notebook && this.isStale) {
      this.look();
    }
  };

  private readonly onChanged = (): void => {
    if (!this.isStale) {
      this.show({ isStale: true });
    }
  };

  private readonly onSaved = (): void => {
    if (this.isStale && !this.inquiry.isSaving) {
      this.look();
    }
  };

  private readonly attention: Attention;
  private readonly inquiry: Inquiry;
  private readonly afterChoices: Debouncer;
  private readonly changedSignal = new Signal<this, void>(this);
  private planned: NotebookPanel | null = null;
  private consented = Promise.resolve();
}
