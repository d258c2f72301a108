/**
 * Wait until something holds.
 *
 * @param what for the error's message.
 * @param read gives the value; errors count as "not yet".
 * @throws Error after `within` milliseconds, with the last value.
 */
export async function eventually<T>(
  what: string,
  read: () => Promise<T> | T,
  holds: (value: T) => boolean,
  within = 15_000,
): Promise<T> {
  const end = Date.now() + within
  let last: unknown
  do {
    try {
      const value = await read()
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
