import type { IImage } from '../api/types';

/** What it is called: by the start of its ID where it has no tag. */
export function nameOf(image: IImage): string {
  return image.reference || image.id.replace(/^sha256:/, '').slice(0, 12);
}
