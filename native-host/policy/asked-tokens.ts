import { childOf, pointerGet, readJson } from './json.ts'
import type { JsonNode } from './json-node.ts'
import { MalformedJson } from './malformed-json.ts'
import type { CanonicalRequest } from './request.ts'

/** Most tokens a request may name, see `MOST_TOKENS` in `budgets/amounts.ts`: more is taken for no bound at all. */
const MOST_NAMED = 1_000_000_000

/** What a request may come to in tokens. Null: nothing in it bounds that side. */
export interface AskedTokens {
  readonly input: number | null
  readonly output: number | null
  /** False for a request that cannot spend any: its method only reads, or it only counts tokens. */
  readonly spends: boolean
}

const NOTHING: AskedTokens = { input: 0, output: 0, spends: false }
const UNBOUNDED: AskedTokens = { input: null, output: null, spends: true }

/**
 * Where each kind of endpoint takes its maximum, by the end of the path, and what multiplies it. A member that another
 * kind of endpoint takes bounds nothing here: a server may pass over what it does not know.
 *
 * Sources: OpenAI API reference (chat `max_completion_tokens`, `max_tokens`, `n`; completions `max_tokens`, `n`, `best_of`, one
 * answer for each `prompt`; responses `max_output_tokens`); Anthropic Messages API (`max_tokens`); Gemini API, GenerationConfig
 * (`maxOutputTokens`, `candidateCount`).
 */
const KINDS: readonly { path: RegExp; most: readonly string[]; times: readonly string[] }[] = [
  { path: /\/chat\/completions$/, most: ['/max_completion_tokens', '/max_tokens'], times: ['/n'] },
  { path: /\/completions$/, most: ['/max_tokens'], times: ['/n', '/best_of'] },
  { path: /\/responses$/, most: ['/max_output_tokens'], times: [] },
  { path: /\/messages$/, most: ['/max_tokens'], times: [] },
  {
    path: /:(?:streamG|g)enerateContent$/,
    most: ['/generationConfig/maxOutputTokens', '/generation_config/max_output_tokens'],
    times: ['/generationConfig/candidateCount', '/generation_config/candidate_count'],
  },
]

/** Endpoints that count tokens and spend none (Anthropic and Gemini API references). */
const COUNTS_ONLY = /(?:\/messages\/count_tokens|:countTokens)$/
/** Endpoints that put nothing out: vectors and verdicts. */
const NO_OUTPUT = /(?:\/embeddings|\/moderations|:embedContent|:batchEmbedContents)$/

/**
 * Members that stand for more input than their bytes: images, files, earlier answers, stored prompts, and tools that the
 * service runs and feeds back.
 */
const REFERS = new Set([
  ...['image_url', 'input_image', 'image', 'file', 'file_id', 'file_url', 'input_audio', 'source'],
  ...['fileData', 'file_data', 'inlineData', 'inline_data', 'cachedContent', 'cached_content'],
  ...['previous_response_id', 'conversation', 'container', 'mcp_servers', 'web_search_options'],
])
/** `type` of tools that the page itself runs: their text is all there is. Without a `type` it is Anthropic's custom tool. */
const OWN_TOOLS = new Set(['function', 'custom'])

/**
 * The most tokens a request asks for: output as it names it, times the answers it asks for; input by its bytes, since a
 * token of text is at least one byte.
 *
 * @param body held whole; null: there is none, or it was not read.
 */
export function askedTokens(
  request: Pick<CanonicalRequest, 'method' | 'path'>,
  body: Uint8Array | null,
): AskedTokens {
  if (!['POST', 'PUT', 'PATCH'].includes(request.method) && body === null) return NOTHING
  if (COUNTS_ONLY.test(request.path)) return NOTHING
  const node = body === null ? null : jsonOf(body)
  if (node?.kind !== 'object' || body === null) return UNBOUNDED
  const input = refers(node) ? null : body.length
  if (NO_OUTPUT.test(request.path)) return { input, output: 0, spends: true }
  return { input, output: outputOf(request.path, node), spends: true }
}

function jsonOf(body: Uint8Array): JsonNode | null {
  try {
    return readJson(body)
  } catch (error) {
    if (error instanceof MalformedJson) return null
    throw error
  }
}

function outputOf(path: string, node: JsonNode): number | null {
  const kind = KINDS.find((each) => each.path.test(path))
  if (kind === undefined) return null
  const most = largest(kind.most.map((pointer) => countAt(node, pointer)))
  const times = largest(kind.times.map((pointer) => countAt(node, pointer))) ?? 1
  if (most === null) return null
  // SECURITY: NaN, where one of them could not be read, is not at most anything: no bound.
  const product = most * times * answers(path, node)
  return product <= MOST_NAMED ? product : null
}

/** The largest of those that are there; null for none, NaN where one cannot be read. */
function largest(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null)
  return there.length === 0 ? null : Math.max(...there)
}

/** A whole number from 1; null where there is none, NaN for anything else: some servers take 0 or -1 for no limit. */
function countAt(node: JsonNode, pointer: string): number | null {
  const found = pointerGet(node, pointer)
  if (found === null || found.kind === 'null') return null
  if (found.kind !== 'number' || !/^[1-9][0-9]{0,9}$/.test(found.text)) return Number.NaN
  return found.value
}

/** Completions answer each prompt of a list; a list of numbers is one prompt, already in tokens. */
function answers(path: string, node: JsonNode): number {
  const prompt = /\/chat\/completions$/.test(path) ? null : childOf(node, 'prompt')
  if (prompt?.kind !== 'array' || prompt.items.every(({ kind }) => kind === 'number')) return 1
  return Math.max(1, prompt.items.length)
}

function refers(node: JsonNode): boolean {
  if (node.kind === 'array') return node.items.some(refers)
  if (node.kind !== 'object') return false
  return node.members.some(({ key, valueNode }) => {
    if (valueNode.kind === 'null') return false
    if (REFERS.has(key)) return true
    if (key === 'tools') return !areOwnTools(valueNode)
    // A stored prompt is an object; the text of one is a string or a list.
    return (key === 'prompt' && valueNode.kind === 'object') || refers(valueNode)
  })
}

function areOwnTools(tools: JsonNode): boolean {
  return tools.kind === 'array' && tools.items.every(isOwnTool)
}

function isOwnTool(tool: JsonNode): boolean {
  const type = childOf(tool, 'type')
  if (type?.kind === 'string') return OWN_TOOLS.has(type.value)
  // Gemini: each tool is an object of one member; only declared functions are the page's own.
  const declared = childOf(tool, 'functionDeclarations') ?? childOf(tool, 'function_declarations')
  if (tool.kind !== 'object') return false
  return declared !== null ? tool.members.length === 1 : childOf(tool, 'name') !== null
}
