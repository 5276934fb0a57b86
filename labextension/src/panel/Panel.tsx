/** The panel in the sidebar. */

import type { IDocumentManager } from '@jupyterlab/docmanager';
import { VDomRenderer } from '@jupyterlab/ui-components';
import * as React from 'react';

import { containerizeIcon } from '../icons';
import { ContainersSection } from '../inventory/ContainersSection';
import { DiskSection } from '../inventory/DiskSection';
import { ImagesSection } from '../inventory/ImagesSection';
import type { PanelModel } from '../model/panel';
import type { ChooseFolder } from '../plan/folder';
import { folderChooser } from '../plan/folder';
import { PlanSection } from '../plan/PlanSection';
import { EngineLine } from './EngineLine';
import { JobsSection } from './JobsSection';
import { NotebookSection } from './NotebookSection';

export const PANEL_ID = 'jupyter-containerize-panel';

export class Panel extends VDomRenderer<PanelModel> {
  constructor(model: PanelModel, documents: IDocumentManager) {
    super(model);
    this.id = PANEL_ID;
    this.addClass('jp-Containerize-panel');
    this.title.icon = containerizeIcon;
    this.title.caption = model.trans.__('Containers');
    this.chooseFolder = folderChooser(documents, model.rendering.translator);
  }

  protected override render(): React.ReactElement {
    const { model, chooseFolder } = this;
    return (
      <>
        <EngineLine model={model} />
        <NotebookSection model={model} />
        {model.path !== null && <PlanSection model={model} chooseFolder={chooseFolder} />}
        <JobsSection model={model} />
        <ImagesSection model={model} />
        <ContainersSection model={model} />
        <DiskSection model={model} />
      </>
    );
  }

  private readonly chooseFolder: ChooseFolder;
}
