/** Who has something to post when the work that runs is done; null: no such work runs. */
let waiting: Set<() => void> | null = null

/** Run `work`; what it {@link postTogether | gives to be posted} is posted when it is done, once for each who gives any. @returns what it returns. */
export function together<T>(work: () => T): T {
  if (waiting !== null) return work()
  const posts = new Set<() => void>()
  waiting = posts
  try {
    return work()
  } finally {
    waiting = null
    for (const post of posts) post()
  }
}

/** Call `post` when the work that runs {@link together} is done; now where there is none. */
export function postTogether(post: () => void): void {
  if (waiting === null) post()
  else waiting.add(post)
}
