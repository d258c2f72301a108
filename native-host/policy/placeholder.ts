/** Below this many characters a placeholder is an ordinary word (`jan`, `none`) that longer texts may hold by chance. */
const SHORT = 8

/**
 * True when a page put the service's placeholder into `value`, as it is or percent-encoded, alone or with a scheme word
 * before it. A placeholder shorter than eight characters counts only as a whole value or as its last word.
 */
export function holdsPlaceholder(value: string, placeholder: string): boolean {
  return [value, decodeTriplets(value)].some((text) => {
    if (placeholder.length >= SHORT) return text.includes(placeholder)
    return text === placeholder || text.endsWith(` ${placeholder}`)
  })
}

/** Decode what is well encoded and leave the rest. */
function decodeTriplets(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (triplets) => {
    try {
      return decodeURIComponent(triplets)
    } catch {
      return triplets
    }
  })
}
