import * as z from 'zod/mini'

/** Longest line, characters: a reference with its helper secret, or a fetched secret, in base64. */
export const MAX_LINE = 1024 * 1024

const Id = z.int().check(z.gte(1))
const Base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/))

/** What the host asks of the attendant, one JSON value a line: fetch this packed reference, or give an earlier one up. */
export const AskSchema = z.union([
  z.strictObject({ id: Id, packed: Base64, input: z.nullable(Base64) }),
  z.strictObject({ cancel: Id }),
])
export type Ask = z.infer<typeof AskSchema>

/** What the attendant answers: the secret, or the reason from `fault.ts` why there is none. */
export const AnswerSchema = z.union([
  z.strictObject({ id: Id, secret: Base64 }),
  z.strictObject({ id: Id, fault: z.string() }),
])
export type Answer = z.infer<typeof AnswerSchema>

/** Cuts what comes over a pipe into lines. */
export class Lines {
  #held = ''

  /** The whole lines so far. @throws RangeError for a line that is too long: the other end is not ours. */
  push(text: string): string[] {
    const lines = (this.#held + text).split('\n')
    this.#held = lines.pop() ?? ''
    if (this.#held.length > MAX_LINE) throw new RangeError('a line is too long')
    return lines
  }
}

/** One line's value; undefined for what fits no schema. */
export function readLine<T>(schema: z.ZodMiniType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
