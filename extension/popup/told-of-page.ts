import { useRef } from 'preact/hooks'
import type { PopupState } from './popup-state.ts'

/** Decides which of what is told of the page in front is shown at a place, by its name. */
export type Shows = (name: string) => boolean

/** Names of everything that is told of the page in front just now, each its own. Which of it is drawn depends on more. */
export function toldOfPage(state: PopupState): string[] {
  const { refusal, notices, pageKeys, reachable } = state
  return [
    ...(reachable === false ? ['reach'] : []),
    ...(refusal === null ? [] : ['refusal']),
    ...notices.map((notice) => `notice ${notice}`),
    ...(pageKeys?.keys ?? []).map(({ id }) => `key ${id}`),
    ...(pageKeys?.quiet ?? []).map((preset) => `silenced ${preset}`),
    ...(pageKeys?.whole === false ? ['more keys'] : []),
    ...(pageKeys === null ? [] : ['looked at']),
    ...(pageKeys === null || pageKeys.called.length === 0 ? [] : ['called']),
  ]
}

/**
 * Where what is told of the page may stand. What the popup begins with stands on the card of the site, before the sessions; what comes
 * later stands after them: nothing that a hand may be about to press moves.
 *
 * @returns whether something stood on the card from the beginning until now.
 */
export function useEarly(state: PopupState): Shows {
  const early = useRef<ReadonlySet<string> | null>(null)
  const told = toldOfPage(state)
  // Before the site is known there is no card.
  if (state.site?.kind === 'site') {
    early.current = new Set(early.current === null ? told : told.filter((name) => early.current?.has(name)))
  }
  const now = early.current
  return (name) => now?.has(name) === true
}
