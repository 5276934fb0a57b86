import * as React from 'react';

import { Rows } from '../controls/Row';
import { DataRow, FixedRow, MountRow } from './MountRow';
import type { ChooseFolder } from './folder';
import type { PlanModel } from './model';
import { MountForm } from './MountForm';
import type { IMountChoice } from './mounts';
import { proposedTarget, untold } from './mounts';
import { PlanFold } from './PlanFold';
import { countOf } from './words';

export interface IMountsProps {
  model: PlanModel;
  chooseFolder: ChooseFolder;
}

/** What the form is about: `text` is the mount that it changes, null for a new one. */
interface IEdited {
  text: string | null;
  mount: IMountChoice;
}

/** The folders and files of this computer that the container sees: chosen ones, then those that the code names. */
export function Mounts({ model, chooseFolder }: IMountsProps): React.ReactElement {
  const { trans } = model.panel;
  const { plan } = model;
  const chosen = [...model.choices.mounts, ...model.panel.outsideMounts];
  const fixed = plan ? untold(plan, chosen) : [];
  const data = plan?.data ?? [];
  const count = countOf(model, chosen.length + data.length + fixed.length);
  return (
    <PlanFold model={model} title={trans.__('Data and mounts')} note={count}>
      <MountEditor model={model} chooseFolder={chooseFolder} chosen={chosen}>
        {data.map(each => (
          <DataRow key={each.path} trans={trans} item={each} />
        ))}
        {fixed.map(each => (
          <FixedRow key={each.target} trans={trans} mount={each} />
        ))}
      </MountEditor>
    </PlanFold>
  );
}

interface IMountEditorProps extends IMountsProps {
  chosen: readonly string[];
  /** Rows that can't be changed. */
  children: React.ReactNode;
}

function MountEditor({ model, chooseFolder, chosen, children }: IMountEditorProps): React.ReactElement {
  const { trans } = model.panel;
  const [edited, setEdited] = React.useState<IEdited | null>(null);
  const [wasEdited, setWasEdited] = React.useState(false);
  const isOutside = (text: string): boolean => model.panel.outsideMounts.includes(text);
  const browse = (): Promise<string | null> => chooseFolder(model.panel.notebook?.context.path ?? '');
  const end = (text: string | null): void => {
    setEdited(null);
    setWasEdited(true);
    if (edited && text !== null) {
      void model.mount(edited.text, text);
    }
  };
  const workdir = model.plan?.workdir;
  const form = edited && <MountForm trans={trans} mount={edited.mount} workdir={workdir} browse={browse} onEnd={end} />;
  return (
    <>
      <Rows label={trans.__('What the container sees of this computer')}>
        {chosen.map(text =>
          edited?.text === text ? (
            <li key={text}>{form}</li>
          ) : (
            <MountRow key={text} model={model} text={text} isOutside={isOutside(text)} onEdit={setEdited} />
          )
        )}
        {children}
      </Rows>
      {edited?.text === null && form}
      {!edited && model.isEditable && (
        <NewMount model={model} hasFocus={wasEdited} browse={browse} onBegin={setEdited} />
      )}
    </>
  );
}

interface INewMountProps {
  model: PlanModel;
  /** Whether the focus comes back here, from a form that was closed. */
  hasFocus: boolean;
  browse: () => Promise<string | null>;
  onBegin: (edited: IEdited) => void;
}

/** Two ways to begin a mount: by choosing its folder, or by writing its path. */
function NewMount({ model, hasFocus, browse, onBegin }: INewMountProps): React.ReactElement {
  const { trans } = model.panel;
  const begin = (source: string): void => {
    const target = proposedTarget(source, model.plan?.workdir);
    onBegin({ text: null, mount: { source, target, readOnly: true, others: [] } });
  };
  const choose = async (): Promise<void> => {
    const source = await browse();
    if (source !== null) {
      begin(source);
    }
  };
  return (
    <div className="jp-Containerize-links">
      <button type="button" className="jp-Containerize-link" autoFocus={hasFocus} onClick={() => void choose()}>
        {trans.__('Mount a folder…')}
      </button>
      <button
        type="button"
        className="jp-Containerize-link"
        onClick={() => {
          begin('');
        }}
      >
        {trans.__('Write a path…')}
      </button>
    </div>
  );
}
