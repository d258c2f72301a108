/** What a worker that starts with this script is told, in the text it is made of. */
export interface WorkerSetting {
  /** What the worker takes for its own address. */
  readonly url: string
  /** What to load by `importScripts`; null for a module, whose script is its next import. */
  readonly script: string | null
  /** What is caught; null where that is not known yet. */
  readonly bases: readonly string[] | null
}

// The build names the one function that this bundle is, and its argument: see scripts/own-source.ts.
declare const valetKeySource: () => void
declare const valetKeySetting: WorkerSetting | undefined

/** Set where this script runs in a worker, before the worker's own. */
export const setting = valetKeySetting

const textOf = Function.prototype.call.bind(Function.prototype.toString)

/** The text of this script: a function of a {@link WorkerSetting}. */
export const ownSource = (): string => textOf(valetKeySource) as string
