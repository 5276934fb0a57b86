/** The requests about images, containers and what can be freed. */

import type { Query } from '../api/request';
import { request } from '../api/request';
import type { IContainer, IImage, IPrunePlan, IPruned } from '../api/types';

export function readImages(query: Query): Promise<IImage[]> {
  return request('images', { query });
}

/** Remove the image's name, and the image itself where it has no other. */
export function removeImage(image: IImage, query: Query): Promise<void> {
  return request(`images/${encodeURIComponent(image.reference || image.id)}`, { method: 'DELETE', query });
}

export function readContainers(query: Query): Promise<IContainer[]> {
  return request('containers', { query });
}

/** Stop it, within the grace period that the server gives it. */
export function stopContainer(container: IContainer, query: Query): Promise<void> {
  return request(`${pathOf(container)}/stop`, { method: 'POST', query });
}

/** Remove it, though it runs. */
export function removeContainer(container: IContainer, query: Query): Promise<void> {
  return request(pathOf(container), { method: 'DELETE', query });
}

export function readPrunePlan(query: Query): Promise<IPrunePlan> {
  return request('prune', { query });
}

/** Free these of a plan's items, as far as they can still be freed. */
export function prune(items: IPrunePlan['items'], query: Query): Promise<IPruned> {
  return request('prune', { method: 'POST', body: { items }, query });
}

function pathOf(container: IContainer): string {
  return `containers/${encodeURIComponent(container.id)}`;
}
