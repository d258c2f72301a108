import type { Auth, PathAuth, Service } from '../../shared/model/service.ts'
import { placesOf } from '../policy/auth-places.ts'
import { UsageError } from './usage-error.ts'

/** What the owner typed about a service that no preset describes. */
export interface ServiceOptions {
  baseUrl?: string[]
  local?: boolean
  address?: string
  allowHeader?: string[]
  exposeHeader?: string[]
  placeholder?: string
}

/** The service the options describe: nothing is assumed that was not said. @throws UsageError. */
export function serviceByHand(id: string, auth: PathAuth[], options: ServiceOptions): Service {
  const baseUrls = baseUrlsOf(options)
  if (baseUrls.length === 0) throw new UsageError('a service without a preset needs `--base-url`')
  const places = auth.map((each) => placesOf(each.auth))
  const headers = places.flatMap((each) => [...each.headers, ...each.furtherHeaders])
  const formFields = [...new Set(places.flatMap((each) => each.formFields))]
  return {
    id,
    label: id,
    preset: null,
    baseUrls,
    local: localOf(options) ?? null,
    ca: null,
    auth,
    strip: {
      headers: [...new Set(headers)],
      query: [...new Set(places.flatMap(({ query }) => query))],
      jsonFields: [...new Set(places.flatMap(({ jsonFields }) => jsonFields))],
      ...(formFields.length === 0 ? {} : { formFields }),
    },
    requiredHeaders: {},
    allowHeaders: (options.allowHeader ?? []).map((name) => name.toLowerCase()),
    ...(options.exposeHeader === undefined
      ? {}
      : { exposeHeaders: options.exposeHeader.map((name) => name.toLowerCase()) }),
    denyAlways: [],
    credentialMinting: auth.flatMap((each) => mintingPaths(each.auth, baseUrls)),
    placeholder: options.placeholder ?? `valetkey-placeholder-for-${id}-not-a-key`,
  }
}

/** Base URLs as services keep them: without the final slash people copy. */
export function baseUrlsOf(options: ServiceOptions): string[] {
  return (options.baseUrl ?? []).map((url) => url.replace(/\/+$/, ''))
}

/** What `--local` and `--address` say; undefined where neither was given. @throws UsageError. */
export function localOf(options: ServiceOptions): Service['local'] | undefined {
  if (options.address !== undefined && !options.local) throw new UsageError('`--address` goes with `--local`')
  return options.local ? { address: options.address ?? null } : undefined
}

/** Where the service itself gives tokens: no page asks there by a rule that does not name it. */
function mintingPaths(auth: Auth, baseUrls: readonly string[]): string[] {
  if (auth.kind === 'github-app') return ['POST /**/app/installations/*/access_tokens']
  const url = 'tokenUrl' in auth ? URL.parse(auth.tokenUrl) : null
  const isOwn = baseUrls.some((base) => URL.parse(base)?.origin === url?.origin)
  return url === null || !isOwn || /[*?]/.test(url.pathname) ? [] : [`* ${url.pathname}`]
}
