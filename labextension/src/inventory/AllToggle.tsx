import * as React from 'react';

import type { EngineModel } from './model';

/** Whether what was not made here is listed too. */
export function AllToggle({ model }: { model: EngineModel<unknown> }): React.ReactElement {
  return (
    <label className="jp-Containerize-checkbox">
      <input
        type="checkbox"
        checked={model.all}
        onChange={event => {
          model.all = event.target.checked;
        }}
      />
      {model.panel.trans.__('Show those made elsewhere too')}
    </label>
  );
}
