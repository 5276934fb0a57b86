/** Asking the server for the plan of the panel's notebook: of several questions only the last is answered. */

import type { IPlan, IPlanRequest } from '../api/types';
import type { IPanelModel } from '../model/interfaces';
import type { IFault } from './fault';
import { faultOf } from './fault';

export type Answer = { plan: IPlan | null; fault: null } | { fault: IFault };

export class Inquiry {
  constructor(
    private readonly panel: IPanelModel,
    private readonly ask: (body: IPlanRequest) => Promise<IPlan>
  ) {}

  /** Whether it saves the notebook at this moment. */
  isSaving = false;

  /**
   * The plan of the notebook's file, saved first where `isToSave`; null where another question has come since.
   *
   * `onAsk` is called when what the plan will be made of is settled.
   */
  async answer(isToSave: boolean, onAsk: () => void): Promise<Answer | null> {
    const turn = ++this.turn;
    const isLast = (): boolean => turn === this.turn;
    const answer = await this.find(isToSave, isLast, onAsk).catch((error: unknown) => ({ fault: faultOf(error) }));
    return isLast() ? answer : null;
  }

  /** Take no notice of an answer that is still to come. */
  drop(): void {
    this.turn++;
  }

  private async find(isToSave: boolean, isLast: () => boolean, onAsk: () => void): Promise<Answer | null> {
    await (isToSave ? this.save() : this.panel.notebook?.context.ready);
    const body = await this.panel.planRequest();
    if (!isLast()) {
      return null;
    }
    onAsk();
    return { plan: body && (await this.ask(body)), fault: null };
  }

  private async save(): Promise<void> {
    this.isSaving = true;
    try {
      await this.panel.save();
    } finally {
      this.isSaving = false;
    }
  }

  private turn = 0;
}
