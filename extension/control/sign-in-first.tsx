import { useState } from 'preact/hooks'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'
import { SignIn } from './sign-in.tsx'

/**
 * Asks the owner to sign in to a service that was just added: until then it has nothing to test and can make no call.
 *
 * @param props.onSignedIn its token is in the vault. @param props.onLater the service stays, and can be signed in to from its row.
 */
export function SignInFirst(props: {
  owner: Pick<Owner, 'send'>
  service: ServiceSummary
  onSignedIn: () => void
  onLater: () => void
  onTakeBack: () => void
}) {
  const [trouble, setTrouble] = useState<string | null>(null)
  const title = t('signInTo', labelText(props.service.label))
  return (
    <Card title={title}>
      <h2>{title}</h2>
      <p class="soft">{t('signInFirst')}</p>
      <div class="row">
        <SignIn
          service={props.service}
          owner={props.owner}
          onBegin={() => setTrouble(null)}
          onEnd={(ended) => (ended === null ? props.onSignedIn() : setTrouble(ended))}
        />
      </div>
      <div role="status">{trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}</div>
      <div class="row">
        <Button onPress={props.onLater}>{t('signInLater')}</Button>
        <Button kind="quiet" onPress={props.onTakeBack}>
          {t('enterAgain')}
        </Button>
      </div>
    </Card>
  )
}
