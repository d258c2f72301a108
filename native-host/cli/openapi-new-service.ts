import type { PathAuth } from '../../shared/model/service.ts'
import type { mintingRules } from '../import/import-openapi.ts'
import type { ImportedService } from '../import/import-plan.ts'
import type { ApiDescription } from '../import/openapi-document.ts'
import type { authOf } from '../import/openapi-service.ts'
import { gatherSecrets } from './gather-secrets.ts'
import type { OpenApiOptions } from './openapi-options.ts'
import { pathSchemes } from './path-schemes.ts'
import { serviceByHand } from './service-by-hand.ts'
import { UsageError } from './usage-error.ts'

/** The service a document is for, and where its rules are placed. */
export interface DescribedPlace {
  id: string
  isThere: boolean
  baseUrl: string | null
  /** Path of the base URL, without a last slash. */
  base: string
}

/** The readers it needs: they are large, so whoever has a document has loaded them. */
export interface ServiceReaders {
  authOf: typeof authOf
  mintingRules: typeof mintingRules
}

/**
 * The service that a document describes, with the key its owner gives.
 *
 * @throws UsageError where it does not say what is needed and its owner does not either.
 */
export async function newService(
  { id, baseUrl, base }: DescribedPlace,
  api: ApiDescription,
  options: OpenApiOptions,
  read: ServiceReaders,
): Promise<ImportedService> {
  if (baseUrl === null) throw new UsageError('the document does not say where the API lives: `--base-url`')
  const auth =
    options.auth === undefined
      ? describedAuth(api, options, read)
      : pathSchemes(options.auth, options.set ?? [])
  const service = serviceByHand(id, auth, { ...options, baseUrl: [baseUrl] })
  const given = options.dryRun ? new Map() : await gatherSecrets(auth, options, false)
  const secrets = new Map(
    [...given].filter((entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array),
  )
  return {
    service: { ...service, label: api.title.slice(0, 200), credentialMinting: read.mintingRules(api, base) },
    secrets,
  }
}

function describedAuth(api: ApiDescription, { set }: OpenApiOptions, read: ServiceReaders): PathAuth[] {
  if (set !== undefined) throw new UsageError('`--set` goes with `--auth`')
  const auth = read.authOf(api)
  if (auth === null)
    throw new UsageError(
      'the document does not say how the API takes its key, or in a way that needs more: `--auth KIND`',
    )
  return [{ paths: ['* /**'], auth }]
}
