/**
 * Whether a document between this one and the tab's own is neither of this one's origin nor of the tab's. background/ is
 * told by the browser of this document and of the tab's, and of none in between: a site that shows a granted site within
 * the granted site would pass for it.
 *
 * Chromium lists the origins of all ancestors (HTML standard, `location.ancestorOrigins`). Firefox 153 does not: there an
 * ancestor that this one may not look into is a stranger, also one of the tab's own origin. Runs in the isolated world, whose
 * view of `location` and of other windows no page can change.
 */
export function isAmongStrangers(): boolean {
  const { ancestorOrigins } = location as { ancestorOrigins?: DOMStringList }
  return ancestorOrigins === undefined ? isParentStrange(window) : hasStranger([...ancestorOrigins])
}

/** From the parent up to the tab's own document. `null`: opaque, or kept from us by a referrer policy. */
function hasStranger(ancestors: string[]): boolean {
  const top = ancestors.pop()
  return ancestors.some((each) => each === 'null' || (each !== origin && each !== top))
}

function isParentStrange({ parent }: Window): boolean {
  if (parent === top) return false
  return !isOwn(parent) || isParentStrange(parent)
}

/** Whether a window shows a document of this one's origin, and lets this one look into it. */
export function isOwn(other: Window): boolean {
  try {
    return (other as Window & typeof globalThis).origin === origin
  } catch {
    return false
  }
}
