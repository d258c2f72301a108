import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { t } from '../../ui/strings.ts'
import type { ControlModel } from '../model.ts'
import './keyboard-card.css'
import { openShortcutPage, useShortcuts } from './shortcuts.ts'

/** The keys that work in every tab, and the way to change them, which is the browser's. */
export function KeyboardCard(props: { model: ControlModel }) {
  const shortcuts = useShortcuts() ?? []
  const change = async () => {
    if (!(await openShortcutPage())) props.model.say(t('keysByHand'))
  }
  return (
    <Card title={t('keysTitle')}>
      <h2>{t('keysTitle')}</h2>
      <dl class="shortcuts">
        {shortcuts.map(({ name, text, keys }) => (
          <div key={name}>
            <dt>{text}</dt>
            <dd>
              {keys === '' ? (
                <span class="soft">{t('keysNone')}</span>
              ) : (
                <kbd dir="ltr">
                  <ForeignText text={keys} />
                </kbd>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p class="small soft">{t('keysText')}</p>
      <div class="row">
        <Button small onPress={() => void change()}>
          {t('keysChange')}
        </Button>
      </div>
    </Card>
  )
}
