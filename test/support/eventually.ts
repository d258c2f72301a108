/**
 * How long one look may take, ms. A look may be an act, as opening a popup, which a machine with other work takes seconds for: who
 * gives it up too soon begins the next one beside it.
 */
const PATIENCE_MS = 15_000

/**
 * Wait until something holds.
 *
 * @param what for the error's message.
 * @param read gives the value; errors, and no answer for {@link PATIENCE_MS}, count as "not yet".
 * @throws Error after `within` milliseconds, with the last value.
 */
export async function eventually<T>(
  what: string,
  read: () => Promise<T> | T,
  holds: (value: T) => boolean,
  within = 30_000,
): Promise<T> {
  const end = Date.now() + within
  let last: unknown
  do {
    try {
      const value = await withPatience(read())
      if (holds(value)) return value
      last = value
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  } while (Date.now() < end)
  const seen = last instanceof Error ? last.message : (JSON.stringify(last)?.slice(0, 500) ?? 'nothing')
  throw new Error(`waited in vain until ${what}; last seen: ${seen}`)
}

/** A question to a page that is just being left may never be answered. */
function withPatience<T>(answer: Promise<T> | T): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer')), PATIENCE_MS)
  return Promise.race([Promise.resolve(answer), promise]).finally(() => clearTimeout(timer))
}
