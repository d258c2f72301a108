import fc from 'fast-check'
import type { BodyRule, Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { rarely } from './rarely.ts'

/** A service with a capability for it: what an ask is decided by. */
export interface World {
  readonly service: Service
  readonly capability: Capability
}

/** Placeholders as services have them: a long one that is looked for anywhere, a short one that must stand alone. */
export const PLACEHOLDERS = ['sk-placeholder-000000', 'none'] as const

/** Base paths, beside no path at all. */
const BASES = ['', '', '/v1', '/v1', '/api/v1', '/v1/a'] as const

const methods = fc.constantFrom('GET', 'POST', 'GET,HEAD', 'POST,PUT,PATCH', '*', 'DELETE')
const segment = fc.constantFrom(
  'v1',
  'a',
  'b',
  'A',
  'models',
  'graphql',
  'api',
  '*',
  'a*',
  '*b',
  '**',
  'x%3Ay',
  'x%3ay',
)
const names = fc.constantFrom('', '', '', '?', '?q', '?q&limit', '?Q')
const path = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('/**', '/v1/**', '/v1/*', '/v1/a', '/v1/graphql', '/api/**', '/v1/a/**'),
  },
  fc
    .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([segments, slash]) => `/${segments.join('/')}${slash ? '/' : ''}`),
)
const pattern = fc.tuple(methods, path, names).map(([method, where, part]) => `${method} ${where}${part}`)
const effect = fc.oneof(
  { weight: 5, arbitrary: fc.constant('allow') },
  { weight: 2, arbitrary: fc.constant('ask') },
  { weight: 1, arbitrary: fc.constant('deny') },
)
const rule = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(effect, pattern).map((parts) => parts.join(' ')) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('allow * /**', 'allow GET,POST /v1/**', 'allow POST /**', 'ask POST /v1/**'),
  },
)

const pointer = fc.constantFrom('/model', '/n', '/a', '/a/b', '/key', '/max_tokens', '/query')
const scalar = fc.constantFrom('m', 'x', '1', 1, 2.5, true, 0)
const name = fc.constantFrom(
  'model',
  'n',
  'a',
  'key',
  'max_tokens',
  'query',
  'variables',
  'operationName',
  'file',
)
const root = fc.constantFrom('viewer', 'repository', 'createIssue', '__schema')
const bodyRule: fc.Arbitrary<BodyRule> = fc.oneof(
  fc.record({ op: fc.constant('in' as const), pointer, values: fc.array(scalar, { maxLength: 4 }) }),
  fc.record({ op: fc.constant('<=' as const), pointer, limit: fc.constantFrom(0, 2, 100, 2.5) }),
  fc.record({
    op: fc.constant('<=' as const),
    pointer,
    limit: fc.constantFrom(2, 100),
    orAbsent: fc.constant(true as const),
  }),
  fc.record({ op: fc.constant('absent' as const), pointer }),
  fc.record({ op: fc.constant('present' as const), pointer }),
  fc.record({ op: fc.constant('fields' as const), only: fc.uniqueArray(name, { maxLength: 7 }) }),
  fc.record({
    op: fc.constant('graphql' as const),
    kind: fc.constantFrom('query', 'query', 'mutation', 'subscription'),
    fields: fc.option(fc.uniqueArray(root, { maxLength: 3 })),
    names: rarely(fc.uniqueArray(fc.constantFrom('A', 'B'), { maxLength: 2 }), 3),
  }),
)
/** Conditions on GraphQL that let much through. */
const wideGraphql: fc.Arbitrary<BodyRule> = fc.record({
  op: fc.constant('graphql' as const),
  kind: fc.constantFrom('query', 'query', 'mutation'),
  fields: fc.constantFrom<(string[] | null)[]>(null, ['viewer', 'repository', 'createIssue'], ['viewer']),
  names: fc.constantFrom<(string[] | null)[]>(null, null, ['A']),
})
const conditions = fc.oneof(
  { weight: 1, arbitrary: fc.constant<BodyRule[]>([]) },
  { weight: 1, arbitrary: fc.array(bodyRule, { minLength: 1, maxLength: 2 }) },
)

const auth: fc.Arbitrary<Service['auth'][number]['auth']> = fc.constantFrom(
  { kind: 'bearer', secret: 'token' },
  { kind: 'header', headers: [{ name: 'x-api-key', format: 'Token {}', secret: 'token' }] },
  { kind: 'header', headers: [{ name: 'x-title', format: '{}', secret: 'token' }] },
  { kind: 'query', param: 'key', secret: 'token' },
  { kind: 'none' },
)
const schemes = fc
  .tuple(auth, auth, fc.constantFrom<string[]>(['/**'], ['/**'], ['/v1/**'], ['POST /v1/**', 'GET /api/**']))
  .map(([first, second, paths]) => [
    { paths, auth: first },
    ...(paths.length === 2 ? [{ paths: ['/v1/**'], auth: second }] : []),
  ])

const sometimes = <T>(value: T, otherwise: T) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary: fc.constant(value) })

/**
 * Services and capabilities of every kind.
 *
 * @param origin where the service lives. @param local as `Service.local`.
 */
export function worlds(origin: string, local: Service['local']): fc.Arbitrary<World> {
  const service = fc
    .record({
      bases: fc.uniqueArray(fc.constantFrom(...BASES), { minLength: 1, maxLength: 2 }),
      auth: schemes,
      stripHeaders: sometimes(['prefer', 'x-app-key'], []),
      stripQuery: sometimes(['token', 'apiKey'], []),
      jsonFields: sometimes(['/key', '/a/key'], []),
      requiredHeaders: sometimes<Record<string, string>>({ 'x-version': '1', accept: 'text/x' }, {}),
      allowHeaders: sometimes(['x-app-*', 'x-title', 'cookie', 'host'], ['x-title']),
      denyAlways: sometimes(['/v1/models/**', 'DELETE /**'], []),
      credentialMinting: sometimes(['POST /v1/a'], []),
      placeholder: fc.constantFrom(...PLACEHOLDERS),
    })
    .map(({ bases, stripHeaders, stripQuery, jsonFields, ...members }) =>
      exampleService({
        ...members,
        baseUrls: bases.map((base) => origin + base),
        local,
        strip: { headers: stripHeaders, query: stripQuery, jsonFields },
      }),
    )
  const capability = fc
    .tuple(
      fc.array(rule, { minLength: 1, maxLength: 5 }),
      conditions,
      rarely(fc.uniqueArray(fc.constantFrom('m', 'x'), { maxLength: 2 }), 8),
    )
    .map(([rules, body, models]) =>
      exampleCapability(rules, { body, models: models === null ? null : models }),
    )
  // Where little is in the way but one condition, so that bodies of every kind are let through often.
  const open = fc
    .tuple(
      fc.constantFrom('', '/v1'),
      fc.oneof({ weight: 2, arbitrary: bodyRule }, { weight: 1, arbitrary: wideGraphql }),
      rarely(fc.constantFrom('m', 'x'), 6),
    )
    .map(([base, condition, model]) => {
      const members = { baseUrls: [origin + base], local }
      const body = { body: [condition], models: model === null ? null : [model] }
      return { service: exampleService(members), capability: exampleCapability(['allow POST /v1/**'], body) }
    })
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ service, capability }) },
    { weight: 2, arbitrary: open },
  )
}
