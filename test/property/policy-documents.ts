import fc from 'fast-check'
import { rarely } from './rarely.ts'

const pick = <T>(...values: T[]) => fc.constantFrom(...values)

/** Root selections and what hides in them. */
const selection = pick(
  'viewer{login}',
  'viewer{login}',
  'repository(id:"{x}"){name}',
  'createIssue{id}',
  'x:viewer',
  'viewer:secrets',
  'secrets',
  '__typename',
  '__schema{types{name}}',
  'viewer{a{__type(name:"x"){y}}}',
  '...F',
  '...on Query{viewer}',
  '...@include(if:true){secrets}',
  '# secrets\nviewer',
  '"""x"""',
  ',',
  'viewer#}\n',
  'repository(a:"""}\\"""{""")',
  'viewer(a:[1,{b:$c}])@skip(if:true)',
)
const head = pick(
  '',
  '',
  'query',
  'query A',
  'query B',
  'mutation',
  'mutation A',
  'subscription',
  'query A($a:Int=1,$c:[String!]!)',
  'query A @live',
  'fragment F on Query',
  'fragment F on Query',
  'fragment on on X',
  'type F',
  'Query',
)
const tame = fc.array(
  pick('viewer{login}', 'viewer', 'repository(id:1){name}', 'createIssue{id}', 'x:viewer'),
  { minLength: 1, maxLength: 2 },
)
const operation = fc
  .tuple(
    head,
    fc.oneof({ weight: 2, arbitrary: tame }, { weight: 1, arbitrary: fc.array(selection, { maxLength: 3 }) }),
  )
  .map(([start, selections]) => `${start}{${selections.join(' ')}}`)
const document = fc
  .tuple(
    fc.array(operation, { maxLength: 3 }),
    pick(' ', '\n', ',', '', '', '#x\n', '\r\n', '\u2028', '}', '"'),
  )
  .map(([operations, between]) => operations.join(between))

const odd: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof({ weight: 2, arbitrary: operation }, { weight: 2, arbitrary: document }),
    rarely(pick<unknown>('A', 'A', 'A', 'B', '', null, 1), 2),
    pick<object>(
      {},
      {},
      {},
      {},
      { variables: {} },
      { variables: null },
      { variables: [] },
      { extensions: {} },
      { extensions: { persistedQuery: {} } },
      { extensions: { clientLibrary: 1 } },
      { id: 'x' },
      { documentId: 'x' },
    ),
    pick('one', 'one', 'one', 'one', 'one', 'one', 'batch', 'stored', 'twice'),
  )
  .map(([query, name, more, form]) => {
    const body = {
      ...(form === 'stored' ? {} : { query }),
      ...(name === null ? {} : { operationName: name }),
      ...more,
    }
    const text = JSON.stringify(body)
    if (form === 'batch') return `[${text}]`
    return form === 'twice' ? text.replace('{', '{"query":"{viewer}",') : text
  })

/** JSON texts of GraphQL requests, batches and stored ones among them, and of requests with nothing odd. */
export const queries: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: odd },
  {
    weight: 1,
    arbitrary: fc
      .tuple(pick('', 'query', 'query A', 'mutation A', 'mutation'), tame)
      .map(([start, selections]) => JSON.stringify({ query: `${start}{${selections.join(' ')}}` })),
  },
)
