import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'

/** A file a vault can be filled from, beside its own backups. */
export type ImportFormat = 'env' | 'janee' | 'openapi'

/** A service as a file describes it, with its secrets by the names of its schemes. */
export interface ImportedService {
  readonly service: Service
  readonly secrets: ReadonlyMap<string, Uint8Array>
}

/** A sentence about something in the file. Never holds a value of it that may be a secret. */
export interface Remark {
  /** Name of what it is about, as the file has it. */
  readonly about: string
  readonly text: string
}

/** What a file would bring into a vault, before anything is written. */
export interface ImportPlan {
  readonly format: ImportFormat
  readonly services: readonly ImportedService[]
  readonly capabilities: readonly Capability[]
  /** What is not taken, each with why. */
  readonly leftOut: readonly Remark[]
  /** What is taken and differs from what the file said. */
  readonly remarks: readonly Remark[]
}
