/** The values of the server's API, by the names that the panel has for them; openapi.yaml describes each. */

import type { components } from './generated';

type Schemas = components['schemas'];

export type IFix = Schemas['Fix'];
export type IWarning = Schemas['Warning'];
/** What a request can end with instead of its value. */
export type IError = Schemas['Error'];
export type IChoices = Schemas['Choices'];
export type IJobRequest = Schemas['JobRequest'];
export type IJob = Schemas['Job'];
export type Verb = IJob['verb'];
export type JobState = IJob['state'];
export type IPlanRequest = Schemas['PlanRequest'];
export type IPlan = Schemas['Plan'];
export type IParameter = Schemas['Parameter'];
export type IPackage = IPlan['packages'][number];
export type IMount = IPlan['mounts'][number];
export type IDataFile = IPlan['data'][number];
export type WishKind = Schemas['WishKind'];
/** What the notebook asks for and nobody has allowed. */
export type IUnmet = Schemas['Unmet'];
export type IWish = Pick<IUnmet, 'kind' | 'value'>;
export type IEngine = Schemas['Engine'];
export type ICheck = Schemas['Check'];
export type IImage = Schemas['Image'];
export type IContainer = Schemas['Container'];
export type IPrunePlan = Schemas['PrunePlan'];
export type IPruned = Schemas['Pruned'];
export type WatchMessage = Schemas['WatchMessage'];
/** What a job says as it goes. */
export type Event = Schemas['Event'];
export type IProgress = Schemas['Progress'];
export type ILog = Schemas['Log'];
export type IWarned = Schemas['Warned'];
