import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Command, CommandResults } from '../../shared/protocol/commands.ts'
import type { Owner } from '../ui/owner.ts'
import { sightOf } from '../ui/page-sight.ts'
import { refusalText } from '../ui/refusal-text.ts'

/** What came of a question to the host. */
export interface Answered<T> {
  /** Null until it was answered. What was answered last stays while it is asked again. */
  value: T | null
  /** Why there is no answer; null where there is one, or none yet. */
  refusal: string | null
  /** Ask again. Resolves when that was answered, whatever the answer is. */
  again: () => Promise<void>
}

/**
 * Ask the host something that only one room shows, at once and whenever `fresh` is another one; while nobody sees the page that
 * waits, and is asked once when it is seen again.
 *
 * @param command the same object at every render.
 */
export function useAnswer<C extends Command>(
  owner: Pick<Owner, 'send'>,
  command: C,
  fresh: unknown,
): Answered<CommandResults[C['name']]> {
  const [value, setValue] = useState<CommandResults[C['name']] | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const round = useRef(0)
  const again = useCallback(() => {
    round.current += 1
    const asked = round.current
    // An answer that was overtaken by a later question is an old one.
    const isLatest = () => asked === round.current
    return owner
      .send(command)
      .then((answer) => {
        if (!isLatest()) return
        setValue(answer)
        setRefusal(null)
      })
      .catch((failure) => {
        if (isLatest()) setRefusal(refusalText(failure))
      })
  }, [owner, command])
  useEffect(() => {
    // A room that was only just opened has nothing to show yet.
    const stop = round.current === 0 ? null : onceSeen(again)
    if (stop === null) again()
    return () => {
      stop?.()
      round.current += 1
    }
  }, [again, fresh])
  return { value, refusal, again }
}

/** Does something once the page is seen. @returns stops that; null: the page is seen now, and nothing was done. */
function onceSeen(act: () => void): (() => void) | null {
  const sight = sightOf(document)
  if (sight.isSeen) return null
  const stop = sight.onSeen(() => {
    stop()
    act()
  })
  return stop
}
