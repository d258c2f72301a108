import type { SiteRefusal } from '../../shared/protocol/session-commands.ts'
import { Button } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { momentText } from '../ui/moment-text.ts'
import { Notice } from '../ui/notice.tsx'
import { OriginText } from '../ui/origin-text.tsx'
import { reasonText } from '../ui/reason-text.ts'
import { asSentence } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { useNow } from '../ui/use-now.ts'
import type { PopupModel } from './model.ts'
import { mendPlace, refusalMend } from './refusal-mend.ts'

/** The last call of the site in front was refused: which, why, and the one change that would let it pass. */
export function RefusedCall(props: { refusal: SiteRefusal; site: string; model: PopupModel }) {
  const { refusal, model } = props
  const now = useNow()
  const { text, go } = refusalMend(refusal.reason)
  return (
    <Notice tone="warn">
      <p>
        <strong>{t('refusedTitle')}</strong>{' '}
        <code dir="ltr">
          {refusal.method} <ForeignText text={refusal.path} />
        </code>{' '}
        <span class="small soft whole">{momentText(refusal.at, now)}</span>
      </p>
      {refusal.origin === props.site ? null : (
        <p class="small soft">
          <OriginText origin={refusal.origin} />
        </p>
      )}
      <p>
        {asSentence(reasonText(refusal.reason))}
        {refusal.rule === null ? null : (
          <>
            {' '}
            <code dir="ltr">
              <ForeignText text={refusal.rule} />
            </code>
          </>
        )}
      </p>
      <p class="small">{t(text)}</p>
      {go === null ? null : (
        <div class="row">
          <Button small onPress={() => model.openControlRoom(mendPlace(go.room, refusal.capability))}>
            {t(go.text)}
          </Button>
        </div>
      )}
    </Notice>
  )
}
