/**
 * A second opinion on JSON, written apart from the product: tokens by regular expressions over the decoded text, each
 * token read by the platform. Strict in what DESIGN asks for: UTF-8, no mark, no key twice, no lone surrogate, 64 levels.
 */

/** A value. Of a number the text is kept, because readers differ about it. */
export type OracleJson =
  | { is: 'object'; members: [key: string, value: OracleJson][] }
  | { is: 'array'; items: OracleJson[] }
  | { is: 'number'; text: string }
  | { is: 'scalar'; value: string | boolean | null }

const TOKEN = /[ \t\r\n]*([{}[\]:,]|"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null)/sy

/** The value of a whole text; null where no strict reader takes it. */
export function oracleJson(bytes: Uint8Array): OracleJson | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    JSON.parse(text)
    const tokens = tokensOf(text)
    const value = nextValue(tokens, 0)
    return tokens.length === 0 ? value : null
  } catch {
    return null
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(text)?.[1]
    if (token === undefined) throw new Error('no token')
    tokens.push(token)
  }
  return tokens.reverse()
}

function nextValue(tokens: string[], depth: number): OracleJson {
  const token = tokens.pop() ?? ''
  if (depth > 64) throw new Error('deep')
  if (token === '{') return objectOf(tokens, depth + 1)
  if (token === '[') return arrayOf(tokens, depth + 1)
  if (/^[-0-9]/.test(token)) return { is: 'number', text: token }
  return { is: 'scalar', value: plain(token) }
}

function objectOf(tokens: string[], depth: number): OracleJson {
  const members: [string, OracleJson][] = []
  while (tokens.at(-1) !== '}') {
    if (members.length > 0) tokens.pop()
    const key = String(plain(tokens.pop() ?? ''))
    tokens.pop()
    if (members.some(([other]) => other === key)) throw new Error('twice')
    members.push([key, nextValue(tokens, depth)])
  }
  tokens.pop()
  if (depth > 64) throw new Error('deep')
  return { is: 'object', members }
}

function arrayOf(tokens: string[], depth: number): OracleJson {
  const items: OracleJson[] = []
  while (tokens.at(-1) !== ']') {
    if (items.length > 0) tokens.pop()
    items.push(nextValue(tokens, depth))
  }
  tokens.pop()
  if (depth > 64) throw new Error('deep')
  return { is: 'array', items }
}

function plain(token: string): string | boolean | null {
  const value = JSON.parse(token) as string | boolean | null
  if (
    typeof value === 'string' &&
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)
  )
    throw new Error('lone')
  return value
}

/** The value of a number that every reader comes to, or null: at most 15 digits, or a safe integer; no overflow, no underflow. */
export function oracleNumber(text: string): number | null {
  const value = Number(text)
  if (!Number.isFinite(value)) return null
  const digits = (text.split(/[eE]/)[0] ?? '').replace(/[^0-9]/g, '').replace(/^0*/, '')
  if (value === 0 && digits !== '') return null
  if (digits.length <= 15) return value
  return /^-?[0-9]+$/.test(text) && Math.abs(value) < 2 ** 53 ? value : null
}

/** The object without the members that hold a placeholder or that a service strips, and whether any went. */
export function oracleStripped(
  value: OracleJson,
  holds: (text: string) => boolean,
  strips: readonly string[],
): OracleJson {
  return strip(value, '', holds, strips)
}

function strip(
  value: OracleJson,
  at: string,
  holds: (text: string) => boolean,
  strips: readonly string[],
): OracleJson {
  if (value.is === 'array')
    return {
      is: 'array',
      items: value.items.map((item, index) => strip(item, `${at}/${index}`, holds, strips)),
    }
  if (value.is !== 'object') return value
  const kept = value.members.filter(([key, member]) => {
    const isPlaceholder = member.is === 'scalar' && typeof member.value === 'string' && holds(member.value)
    return !isPlaceholder && !strips.includes(`${at}/${key}`)
  })
  const members = kept.map(([key, member]): [string, OracleJson] => [
    key,
    strip(member, `${at}/${key}`, holds, strips),
  ])
  return { is: 'object', members }
}
