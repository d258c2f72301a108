import { useState } from 'preact/hooks'
import browser from 'webextension-polyfill'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'

/** The host's playground, as far as this page knows. */
export interface PlaygroundHandle {
  readonly stage: 'closed' | 'opening' | 'open'
  /** Why it could not be opened or closed; null: nothing went wrong. */
  readonly trouble: string | null
  /** Open it, and a tab with it. @returns whether that went well. */
  open(): Promise<boolean>
  /** Close it, and take back what its page was given. */
  close(): Promise<void>
}

/** Opens and closes the page that the host serves for a first try. */
export function usePlayground(owner: Pick<Owner, 'send'>): PlaygroundHandle {
  const [stage, setStage] = useState<PlaygroundHandle['stage']>('closed')
  const [trouble, setTrouble] = useState<string | null>(null)
  const open = async () => {
    setStage('opening')
    setTrouble(null)
    try {
      const { url } = await owner.send({ name: 'playground-open' })
      await browser.tabs.create({ url })
      setStage('open')
      return true
    } catch (refusal) {
      setStage('closed')
      setTrouble(refusalText(refusal))
      return false
    }
  }
  const close = async () => {
    setTrouble(null)
    try {
      await owner.send({ name: 'playground-close' })
      setStage('closed')
    } catch (refusal) {
      setTrouble(refusalText(refusal))
    }
  }
  return { stage, trouble, open, close }
}
