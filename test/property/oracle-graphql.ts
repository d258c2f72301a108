/** A second opinion on GraphQL documents, written apart from the product and from any library: tokens, then brackets. */

/** One operation. */
export interface OracleOperation {
  kind: string
  name: string | null
  /** Real names of root fields, fragments resolved, and any introspection of the document. */
  fields: string[]
}

interface Block {
  kind: string
  name: string | null
  selections: Selection[]
}
type Selection = { field: string; below: Selection[] } | { spread: string } | { inline: Selection[] }

const TOKEN =
  /"""(?:\\"""|[\s\S])*?"""|"(?:[^"\\\n]|\\.)*"|\.\.\.|[!$&()[\]:=@{|}]|[_A-Za-z][_0-9A-Za-z]*|-?[0-9]+|[^\s,]/g

/** Every operation of a document; null for a document that no server must run. */
export function oracleOperations(text: string): OracleOperation[] | null {
  if (/\r(?!\n)|[\u2028\u2029\ufeff]|[^\t\n\r\x20-\x7e\u00a0-\uffff]/.test(text)) return null
  try {
    return resolved(blocksOf(new Tokens(withoutComments(text))))
  } catch {
    return null
  }
}

/** Comments end with their line; a `#` within a string begins none. */
function withoutComments(text: string): string {
  return text.replace(/"""(?:\\"""|[\s\S])*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*/g, (found) =>
    found.startsWith('#') ? ' ' : found,
  )
}

class Tokens {
  readonly #tokens: string[]
  constructor(text: string) {
    this.#tokens = (text.match(TOKEN) ?? []).reverse()
  }
  get next(): string {
    return this.#tokens.at(-1) ?? ''
  }
  take(wanted?: RegExp): string {
    const token = this.#tokens.pop() ?? ''
    if (token === '' || (wanted !== undefined && !wanted.test(token))) throw new Error('syntax')
    return token
  }
  /** A bracket with all that is in it. */
  skipGroup(open: string, close: string): void {
    if (this.next !== open) return
    let depth = 0
    let inside = 0
    do {
      const token = this.take()
      if (token === open) depth++
      if (token === close) depth--
      inside++
    } while (depth > 0)
    if (inside === 2) throw new Error('empty')
  }
  directives(): void {
    while (this.next === '@') {
      this.take()
      this.take(NAME)
      this.skipGroup('(', ')')
    }
  }
}

const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/

function blocksOf(tokens: Tokens): Block[] {
  const blocks: Block[] = []
  while (tokens.next !== '') {
    if (tokens.next === '{') {
      blocks.push({ kind: 'query', name: null, selections: selectionsOf(tokens) })
      continue
    }
    const kind = tokens.take(/^(?:query|mutation|subscription|fragment)$/)
    let name: string | null = null
    if (kind === 'fragment') {
      name = tokens.take(NAME)
      if (name === 'on') throw new Error('syntax')
      tokens.take(/^on$/)
      tokens.take(NAME)
    } else {
      if (NAME.test(tokens.next)) name = tokens.take()
      tokens.skipGroup('(', ')')
    }
    tokens.directives()
    blocks.push({ kind, name, selections: selectionsOf(tokens) })
  }
  return blocks
}

function selectionsOf(tokens: Tokens): Selection[] {
  const selections: Selection[] = []
  tokens.take(/^\{$/)
  while (tokens.next !== '}') {
    if (tokens.next === '...') {
      tokens.take()
      selections.push(spreadOf(tokens))
      continue
    }
    let field = tokens.take(NAME)
    if (tokens.next === ':') {
      tokens.take()
      field = tokens.take(NAME)
    }
    tokens.skipGroup('(', ')')
    tokens.directives()
    selections.push({ field, below: tokens.next === '{' ? selectionsOf(tokens) : [] })
  }
  tokens.take()
  if (selections.length === 0) throw new Error('empty')
  return selections
}

function spreadOf(tokens: Tokens): Selection {
  if (NAME.test(tokens.next) && tokens.next !== 'on') {
    const spread = tokens.take()
    tokens.directives()
    return { spread }
  }
  if (tokens.next === 'on') {
    tokens.take()
    tokens.take(NAME)
  }
  tokens.directives()
  return { inline: selectionsOf(tokens) }
}

function resolved(blocks: readonly Block[]): OracleOperation[] | null {
  const fragments = blocks.filter(({ kind }) => kind === 'fragment')
  const operations = blocks.filter(({ kind }) => kind !== 'fragment')
  const names = operations.map(({ name }) => name)
  if (operations.length === 0 || new Set(names).size < names.length) return null
  if (new Set(fragments.map(({ name }) => name)).size < fragments.length) return null
  if (names.includes(null) && names.length > 1) return null
  const shown = blocks
    .flatMap(({ selections }) => everyField(selections))
    .filter((field) => /^__(?:schema|type)$/.test(field))
  return operations.map(({ kind, name, selections }) => {
    return { kind, name, fields: [...rootsOf(selections, fragments, []), ...shown] }
  })
}

function rootsOf(
  selections: readonly Selection[],
  fragments: readonly Block[],
  within: readonly string[],
): string[] {
  return selections.flatMap((selection) => {
    if ('field' in selection) return [selection.field]
    if ('inline' in selection) return rootsOf(selection.inline, fragments, within)
    const fragment = fragments.find(({ name }) => name === selection.spread)
    if (fragment === undefined) throw new Error('missing')
    if (within.includes(selection.spread)) return []
    return rootsOf(fragment.selections, fragments, [...within, selection.spread])
  })
}

function everyField(selections: readonly Selection[]): string[] {
  return selections.flatMap((selection) => {
    if ('field' in selection) return [selection.field, ...everyField(selection.below)]
    return 'inline' in selection ? everyField(selection.inline) : []
  })
}
