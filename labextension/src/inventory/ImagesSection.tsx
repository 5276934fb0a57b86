import * as React from 'react';

import type { IImage } from '../api/types';
import { Capped } from '../controls/Capped';
import type { ISectionProps } from '../model/interfaces';
import { AllToggle } from './AllToggle';
import { EngineSection } from './EngineSection';
import { ImageRow } from './ImageRow';
import type { EngineModel } from './model';
import { readImages } from './requests';

/** The images made here. */
export function ImagesSection({ model: panel }: ISectionProps): React.ReactElement {
  return (
    <EngineSection panel={panel} title={panel.trans.__('Images')} read={readImages}>
      {(model, images) => <Images model={model} images={images} />}
    </EngineSection>
  );
}

function Images({ model, images }: { model: EngineModel<IImage[]>; images: readonly IImage[] }): React.ReactElement {
  const { trans } = model.panel;
  return (
    <>
      {images.length === 0 && (
        <p className="jp-Containerize-empty">{trans.__('No images yet: build a notebook, and its image is here.')}</p>
      )}
      <Capped trans={trans} items={images} most={15}>
        {shown => (
          <ul className="jp-Containerize-cards" aria-label={trans.__('Images')}>
            {shown.map(image => (
              <ImageRow key={`${image.id} ${image.reference}`} model={model} image={image} />
            ))}
          </ul>
        )}
      </Capped>
      <AllToggle model={model} />
    </>
  );
}
