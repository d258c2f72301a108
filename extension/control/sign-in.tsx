import { useState } from 'preact/hooks'
import browser from 'webextension-polyfill'
import type { ServiceSummary } from '../../shared/protocol/commands.ts'
import { Button } from '../ui/button.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'

/** Signs in to a service: opens its address in a tab and waits until the host has the token, or why it has not. */
export function SignIn(props: {
  service: Pick<ServiceSummary, 'id' | 'label'>
  owner: Pick<Owner, 'send'>
  onBegin: () => void
  /** Null: signed in. Else why not. */
  onEnd: (trouble: string | null) => void
}) {
  const { service, owner } = props
  const [busy, setBusy] = useState(false)
  const signIn = async () => {
    setBusy(true)
    props.onBegin()
    try {
      const { url } = await owner.send({ name: 'service-authorize', id: service.id })
      await browser.tabs.create({ url })
      await owner.send({ name: 'service-authorized', id: service.id })
      props.onEnd(null)
    } catch (refusal) {
      props.onEnd(refusalText(refusal))
    }
    setBusy(false)
  }
  return (
    <Button small busy={busy} label={t('signInTo', service.label)} onPress={signIn}>
      {t(busy ? 'signingIn' : 'signIn')}
    </Button>
  )
}
