import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyText } from '../ui/copy-text.tsx'
import { t } from '../ui/strings.ts'
import './connect-how-to.css'
import { labelText } from '../ui/translations.ts'

/** The end of the first run: how a site is connected, and the placeholders to paste there. */
export function ConnectHowTo(props: { services: readonly ServiceSummary[]; onMore: () => void }) {
  return (
    <Card title={t('howToTitle')}>
      <h2>{t('howToTitle')}</h2>
      <ol class="how-to">
        <li>{t('howToOpen')}</li>
        <li>
          {t('howToPress')} <span class="soft">{t('howToPuzzle')}</span>
        </li>
        <li>
          {t('howToPaste')}
          <div class="stack">
            {props.services.map((service) => (
              <div key={service.id} class="stack-tight">
                <span class="small soft">{labelText(service.label)}</span>
                <CopyText text={service.placeholder} of={t('thePlaceholder', labelText(service.label))} />
              </div>
            ))}
          </div>
        </li>
      </ol>
      <p class="soft">{t('howToEnd')}</p>
      <div class="row">
        <Button onPress={props.onMore}>{t('addAnother')}</Button>
        <a class="button button-quiet" href="#services">
          {t('toControlRoom')}
        </a>
      </div>
    </Card>
  )
}
