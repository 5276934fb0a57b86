import * as React from 'react';

import { runDoctor } from '../api/jobs';
import { describe } from '../api/request';
import type { ICheck } from '../api/types';
import { Notice } from '../controls/Notice';
import type { PanelModel } from '../model/panel';

type Level = 'ok' | 'wait' | 'problem';

/** Whether containers can be made, in one line, and what to do where they can't. */
export function EngineLine({ model }: { model: PanelModel }): React.ReactElement {
  const { trans, engine } = model;
  const [level, text] = summary(model);
  const [areChecksShown, showChecks] = React.useState(false);
  return (
    <div className="jp-Containerize-engine">
      <div className="jp-Containerize-engineLine">
        <span className="jp-Containerize-dot" data-level={level} aria-hidden="true" />
        <span className="jp-Containerize-engineName" role="status" title={text}>
          {text}
        </span>
        {model.isConnected && (
          <button
            type="button"
            className="jp-Containerize-link"
            aria-expanded={areChecksShown}
            onClick={() => {
              showChecks(!areChecksShown);
            }}
          >
            {areChecksShown ? trans.__('Hide checks') : trans.__('Check')}
          </button>
        )}
      </div>
      {model.isConnected && engine && !engine.available && (
        <Notice level="error" message={engine.message} hint={engine.hint} />
      )}
      {model.server.connection === 'missing' && (
        <Notice
          level="error"
          message={trans.__('The Jupyter server does not know this extension.')}
          hint={trans.__(
            'Run “jupyter server extension enable jupyter_docker” where the server runs, and start it again.'
          )}
        />
      )}
      {areChecksShown && model.isConnected && <Checks model={model} />}
    </div>
  );
}

function summary({ trans, engine, server }: PanelModel): [Level, string] {
  if (server.connection === 'lost') {
    return ['problem', trans.__('The server can’t be reached. Trying again…')];
  }
  if (server.connection === 'missing') {
    return ['problem', trans.__('The server extension is missing')];
  }
  if (!engine) {
    return ['wait', trans.__('Looking for a container engine…')];
  }
  return engine.available ? ['ok', engine.name] : ['problem', trans.__('No container engine')];
}

type Result = readonly ICheck[] | { message: string; hint: string } | null;

/** What the doctor finds; asked again whenever the engine comes or goes. */
function Checks({ model }: { model: PanelModel }): React.ReactElement {
  const { trans, engine, settings } = model;
  const [result, setResult] = React.useState<Result>(null);
  React.useEffect(() => {
    let isCurrent = true;
    void runDoctor(settings.engine || undefined)
      .catch(describe)
      .then(answer => {
        if (isCurrent) {
          setResult(answer);
        }
      });
    return () => {
      isCurrent = false;
    };
  }, [engine, settings.engine]);
  if (result === null) {
    return <p className="jp-Containerize-empty">{trans.__('Checking…')}</p>;
  }
  if ('message' in result) {
    return <Notice level="error" message={result.message} hint={result.hint} />;
  }
  return (
    <ul className="jp-Containerize-checks" aria-label={trans.__('Checks')}>
      {result.map(check => (
        <Check key={check.name} check={check} model={model} />
      ))}
    </ul>
  );
}

function Check({ check, model }: { check: ICheck; model: PanelModel }): React.ReactElement {
  const { trans } = model;
  const words = { ok: trans.__('fine'), advice: trans.__('advice'), problem: trans.__('problem') };
  const glyph = { ok: '✓', advice: 'i', problem: '✕' }[check.level];
  return (
    <li>
      <span className="jp-Containerize-check" data-level={check.level} role="img" aria-label={words[check.level]}>
        {glyph}
      </span>
      <span>
        <strong>{check.name}</strong> {check.detail}
        {check.remedy && <span className="jp-Containerize-dim"> {check.remedy}</span>}
      </span>
    </li>
  );
}
