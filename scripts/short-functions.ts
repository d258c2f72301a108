import type { Plugin } from 'vite'

/** What is read of a node of the syntax tree (ESTree). */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string'

/** Nodes below one, itself included, that have its `this` and its `arguments`. */
function* within(node: Node): Generator<Node> {
  yield node
  for (const child of Object.values(node).flat()) {
    if (isNode(child) && !/^(Function|Class)/.test(child.type)) yield* within(child)
  }
}

const hasOwnThis = (body: Node): boolean =>
  [...within(body)].some(({ type, name }) => type === 'ThisExpression' || name === 'arguments')

/** A declared function as an arrow: the same, in fewer letters once it is minified. `var`, as the bundler writes what is around it. */
function asArrow(code: string, declared: Node): string {
  const {
    id,
    params,
    body,
    async: isAsync,
  } = declared as unknown as Record<'id' | 'body', Node> & {
    params: Node[]
    async: boolean
  }
  const given = params.map(({ start, end }) => code.slice(start, end)).join(', ')
  const name = code.slice(id.start, id.end)
  return `var ${name} = ${isAsync ? 'async ' : ''}(${given}) => ${code.slice(body.start, body.end)};`
}

/**
 * Writes the functions that a script declares as arrows, which the minifier makes shorter than any declaration: every document
 * of a granted site reads them. A declaration may be called above its line and an arrow may not, so what runs while
 * the script is read has to come after what it calls, as a room's files have it.
 */
export function shortFunctions(): Plugin {
  return {
    name: 'short-functions',
    renderChunk(code) {
      const [outer] = this.parse(code).body as unknown as Node[]
      const call = outer?.expression as { callee?: { body?: { body?: Node[] } } } | undefined
      let short = code
      for (const each of [...(call?.callee?.body?.body ?? [])].reverse()) {
        if (each.type !== 'FunctionDeclaration' || each.generator || hasOwnThis(each.body as Node)) continue
        short = short.slice(0, each.start) + asArrow(code, each) + short.slice(each.end)
      }
      return short
    },
  }
}
