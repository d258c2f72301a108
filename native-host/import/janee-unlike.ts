import type { JaneeAuth } from './janee-file.ts'

/** Where Janee asked for the tokens of GitHub Apps, whatever the service's address was. */
const GITHUB = 'https://api.github.com'

/** Why tokens of a service would be asked for where there are none; null: they are not, as far as is known. */
export function misplacedTokens(auth: JaneeAuth, base: URL): string | null {
  if (auth.type !== 'github-app' || base.origin !== GITHUB || base.pathname === '/') return null
  return `its base URL has a path, below which no tokens are given: make it \`${GITHUB}\``
}

/** How what a service sends now differs from what Janee sent for it; null: it does not. */
export function unlikeJanee(auth: JaneeAuth, base: URL): string | null {
  if (auth.type !== 'github-app' || base.origin === GITHUB) return null
  const own = base.href.replace(/\/+$/, '')
  return `Janee asked \`${GITHUB}\` for its tokens, which knows no app of another server: here \`${own}\` is asked`
}
