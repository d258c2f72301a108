import type { Tokens } from '../../shared/model/audit-record.ts'
import { MOST_TOKENS } from '../budgets/amounts.ts'

/**
 * The members of a usage object that count tokens. Sources: OpenAI API reference, chat completions `usage` and Responses `usage`;
 * Anthropic Messages API, "the total input is the sum of `input_tokens`, `cache_creation_input_tokens` and
 * `cache_read_input_tokens`"; Gemini API, `UsageMetadata` (`cachedContentTokenCount` is part of `promptTokenCount`).
 */
const NAMES = [
  ...['prompt_tokens', 'completion_tokens', 'total_tokens', 'input_tokens', 'output_tokens'],
  ...['cache_creation_input_tokens', 'cache_read_input_tokens'],
  ...['promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount'],
  ...['toolUsePromptTokenCount', 'totalTokenCount'],
] as const
/** One of the counters. */
export type CounterName = (typeof NAMES)[number]
/** What one answer said: counters by name. */
export type Counters = ReadonlyMap<CounterName, number>

const known: ReadonlySet<string> = new Set(NAMES)

/** True for a member that counts tokens. */
export function isCounter(name: string): name is CounterName {
  return known.has(name)
}

/** A counter's number from the text of a JSON number; null for what no honest service sends: signs, fractions, more than a billion. */
export function counterOf(text: string): number | null {
  if (!/^(?:0|[1-9][0-9]{0,9})$/.test(text)) return null
  const value = Number(text)
  return value <= MOST_TOKENS ? value : null
}

/**
 * Tokens in and out, whichever family the counters are of; where an answer speaks for two, the larger. Null where a side
 * is missing. What a total has beyond its parts (thoughts that some services leave out) counts as output.
 */
export function tokensOf(counters: Counters): Tokens | null {
  const families = [openAi(counters), messages(counters), gemini(counters)].filter((each) => each !== null)
  if (families.length === 0) return null
  return {
    input: Math.max(...families.map(({ input }) => input)),
    output: Math.max(...families.map(({ output }) => output)),
  }
}

function openAi(counters: Counters): Tokens | null {
  const total = counters.get('total_tokens')
  return sides(counters.get('prompt_tokens'), counters.get('completion_tokens'), total)
}

/** OpenAI's Responses and Anthropic's Messages. */
function messages(counters: Counters): Tokens | null {
  const cached =
    (counters.get('cache_creation_input_tokens') ?? 0) + (counters.get('cache_read_input_tokens') ?? 0)
  const input = counters.get('input_tokens')
  const whole = input === undefined ? undefined : input + cached
  const total = counters.get('total_tokens')
  return sides(whole, counters.get('output_tokens'), counters.has('input_tokens') ? total : undefined)
}

function gemini(counters: Counters): Tokens | null {
  const prompt = counters.get('promptTokenCount')
  const input = prompt === undefined ? undefined : prompt + (counters.get('toolUsePromptTokenCount') ?? 0)
  const candidates = counters.get('candidatesTokenCount')
  const thoughts = counters.get('thoughtsTokenCount')
  const output =
    candidates === undefined && thoughts === undefined ? undefined : (candidates ?? 0) + (thoughts ?? 0)
  return sides(input, output, counters.get('totalTokenCount'))
}

function sides(input?: number, output?: number, total?: number): Tokens | null {
  if (input === undefined || (output === undefined && total === undefined)) return null
  return { input, output: Math.max(output ?? 0, (total ?? 0) - input) }
}
