import { useRef, useState } from 'preact/hooks'
import browser from 'webextension-polyfill'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { Button } from '../ui/button.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'

/**
 * Signs in to a service: opens its address in a tab and waits until the host has the token, or why it has not. Whoever closed
 * the tab meanwhile can open it again.
 */
export function SignIn(props: {
  service: Pick<ServiceSummary, 'id' | 'label'>
  owner: Pick<Owner, 'send'>
  onBegin: () => void
  /** Null: signed in. Else why not. */
  onEnd: (trouble: string | null) => void
}) {
  const { service, owner } = props
  const [stage, setStage] = useState<'none' | 'opening' | 'waiting'>('none')
  const newest = useRef(0)
  const signIn = async () => {
    newest.current += 1
    const turn = newest.current
    // One that was begun anew ends for the host; what it says of the one before is nobody's concern.
    const isNewest = () => newest.current === turn
    const end = (trouble: string | null) => {
      if (!isNewest()) return
      setStage('none')
      props.onEnd(trouble)
    }
    setStage('opening')
    props.onBegin()
    try {
      const { url } = await owner.send({ name: 'service-authorize', id: service.id })
      await browser.tabs.create({ url })
      setStage('waiting')
      await owner.send({ name: 'service-authorized', id: service.id })
      end(null)
    } catch (refusal) {
      end(refusalText(refusal))
    }
  }
  const isWaiting = stage === 'waiting'
  return (
    <>
      <Button
        small
        busy={stage === 'opening'}
        label={t(isWaiting ? 'signInAgainTo' : 'signInTo', labelText(service.label))}
        onPress={signIn}
      >
        {t(isWaiting ? 'signInAgain' : 'signIn')}
      </Button>
      {isWaiting ? (
        <span class="small soft" role="status">
          {t('signingIn')}
        </span>
      ) : null}
    </>
  )
}
