import * as React from 'react';

import { checkParameter } from '../api/jobs';
import { describe } from '../api/request';
import type { IJob, IParameter } from '../api/types';
import { TextField } from '../controls/TextField';
import type { PlanModel } from './model';
import { PlanFold } from './PlanFold';

/** Values for the next runs: the image is the same with all of them. No part where the notebook has no parameters. */
export function Parameters({ model }: { model: PlanModel }): React.ReactElement | null {
  const { panel, plan } = model;
  const parameters = plan?.parameters ?? [];
  const old = [...panel.parameters.keys()].filter(name => !parameters.some(each => each.name === name));
  const shown = [...parameters, ...old.map(name => ({ name, default: '', type: '', help: '' }))];
  if (!plan || shown.length === 0) {
    return null;
  }
  const note = panel.parameters.size > 0 ? panel.trans.__('%1 changed', panel.parameters.size) : String(shown.length);
  return (
    <PlanFold model={model} title={panel.trans.__('Parameters')} note={note}>
      <p className="jp-Containerize-help">{panel.trans.__('Values for the next run; none needs another image.')}</p>
      {shown.map(each => (
        <Value key={each.name} model={model} notebook={plan.notebook} parameter={each} />
      ))}
    </PlanFold>
  );
}

interface IValueProps {
  model: PlanModel;
  notebook: string;
  parameter: IParameter;
}

/** The field of one parameter; what a run would refuse is said in it, and not taken. */
function Value({ model: { panel }, notebook, parameter }: IValueProps): React.ReactElement {
  const { trans } = panel;
  const { name } = parameter;
  const [refused, setRefused] = React.useState<{ text: string; problem: string } | null>(null);
  const take = async (text: string): Promise<void> => {
    try {
      await (text !== '' && checkParameter(notebook, name, text));
    } catch (error) {
      const { message, hint } = describe(error);
      setRefused({ text, problem: `${message} ${hint}`.trim() });
      return;
    }
    setRefused(null);
    panel.setParameter(name, text);
  };
  const last = lastUsed(panel.jobs, notebook, name);
  const value = refused?.text ?? panel.parameters.get(name) ?? '';
  return (
    <div className="jp-Containerize-parameter">
      <TextField
        label={parameter.type ? `${name} (${parameter.type})` : name}
        value={value}
        placeholder={parameter.default}
        help={parameter.help}
        problem={refused?.problem ?? ''}
        onChange={text => void take(text)}
      />
      {last !== null && last !== value && (
        <button
          type="button"
          className="jp-Containerize-link"
          aria-label={trans.__('Use %1 for %2 again', last, name)}
          onClick={() => void take(last)}
        >
          {trans.__('last used: %1', last)}
        </button>
      )}
    </div>
  );
}

/** The value of the newest run of the notebook that was given one. */
export function lastUsed(jobs: readonly IJob[], notebook: string, name: string): string | null {
  const words = jobs.filter(job => job.notebook === notebook).flatMap(job => job.options.parameters ?? []);
  const word = words.find(each => each.startsWith(`${name}=`));
  return word?.slice(name.length + 1) ?? null;
}
