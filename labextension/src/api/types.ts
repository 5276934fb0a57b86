/** The schemas of the server's openapi.yaml, field by field. */

export type Verb = 'run' | 'build' | 'export' | 'push';

export type JobState = 'queued' | 'running' | 'stopping' | 'succeeded' | 'failed' | 'cancelled' | 'lost';

/** A choice that mends a failure: an option of the command, its value, and the text of a button. */
export interface IFix {
  option: '--with' | '--apt' | '-v';
  value: string;
  label: string;
}

export interface IWarning {
  message: string;
  hint: string;
  fixes: IFix[];
}

/** What a request can end with instead of its value. */
export interface IError {
  message: string;
  hint: string;
  fixes?: IFix[];
  error: string;
  cell: number | null;
  line: number | null;
}

/** What the notebook's metadata `containerize` can have, and what a job can ask for beside it. */
export interface IChoices {
  base?: string;
  apt?: string[];
  no_apt?: string[];
  requirements?: string[];
  mounts?: string[];
  data?: 'auto' | 'none';
  env?: string[];
  ports?: string[];
  memory?: string;
  cpus?: number;
  gpus?: string;
  network?: string;
  platform?: string;
  kernel?: string;
  engine?: string;
  parameters?: string[];
  mode?: 'script' | 'notebook';
  detach?: boolean;
  tag?: string;
  no_cache?: boolean;
  allow_build?: string[];
  allow_mismatch?: string[];
  verify?: boolean;
  folder?: string;
}

export interface IJobRequest {
  verb: Verb;
  notebook?: string;
  image?: string;
  options?: IChoices;
  secrets?: Record<string, string>;
  kernel_id?: string;
}

export interface IJob {
  id: string;
  verb: Verb;
  notebook: string;
  image: string;
  options: IChoices;
  state: JobState;
  created: string;
  started: string;
  finished: string;
  seq: number;
  step: string;
  title: string;
  summary: string;
  hint: string;
  fixes: IFix[];
  error: string;
  exit_code: number | null;
  cell: number | null;
  line: number | null;
  facts: Record<string, string>;
  container: string;
  secret_names: string[];
  outputs: string[];
}

export interface IPlanRequest {
  notebook: string;
  options?: IChoices;
  kernel_id?: string;
}

export interface IPackage {
  name: string;
  version: string;
  why: string[];
  cells: number[];
  direct: boolean;
}

export interface IMount {
  source: string;
  target: string;
  read_only: boolean;
  kind: string;
}

export interface IDataFile {
  path: string;
  access: 'read' | 'write';
  why: string;
  exists: boolean;
}

export type WishKind =
  | 'base'
  | 'apt'
  | 'no_apt'
  | 'requirements'
  | 'mounts'
  | 'env'
  | 'variable'
  | 'ports'
  | 'memory'
  | 'cpus'
  | 'gpus'
  | 'network';

/** A value of the notebook's metadata; "variable" is one of the person's own, by name. */
export interface IWish {
  kind: WishKind;
  value: string;
}

/** What the notebook asks for and nobody has allowed. */
export interface IUnmet extends IWish {
  /** What is refused only a person's own words allow. */
  verdict: 'consent' | 'refused';
  message: string;
  /** The options of the command that allow it. */
  words: string;
}

export interface IPlan {
  notebook: string;
  python: string;
  base: string;
  dockerfile: string;
  /** The notebook's folder in the image. */
  workdir: string;
  script: { name: string; text: string };
  lock: string;
  packages: IPackage[];
  system: { name: string; why: string }[];
  local: { path: string; target: string; why: string }[];
  data: IDataFile[];
  mounts: IMount[];
  env: { name: string; is_set: boolean }[];
  ports: string[];
  unresolved: { name: string; where: string }[];
  candidates: { name: string; version: string }[];
  unmet: IUnmet[];
  warnings: IWarning[];
  live: boolean;
}

export interface IEngine {
  available: boolean;
  name: string;
  message: string;
  hint: string;
}

export interface ICheck {
  name: string;
  level: 'ok' | 'advice' | 'problem';
  detail: string;
  remedy: string;
  /** What the command `doctor --fix` does about it. */
  repair: '' | 'pull' | 'free';
}

export interface IImage {
  id: string;
  reference: string;
  size: number;
  created: string;
  platform: string;
  notebook: string;
  ours: boolean;
  used_by: string[];
}

export interface IContainer {
  id: string;
  name: string;
  image: string;
  state: string;
  status: string;
  created: string;
  ports: string[];
  notebook: string;
  ours: boolean;
  own: boolean;
  owner: string;
  shell: string;
}

export interface IPrunePlan {
  items: { id: string; name: string; kind: 'container' | 'image' | 'cache'; size: number }[];
  size: number;
  bound: 'at least' | 'up to';
  summary: string;
}

export interface IPruned {
  removed: string[];
  warnings: string[];
}
