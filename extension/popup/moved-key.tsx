import { Button } from '../ui/button.tsx'
import { useCatalogue } from '../ui/catalogue.ts'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'
import type { PopupModel } from './model.ts'
import { movedKeyWords } from './moved-key-words.ts'
import type { PopupState } from './popup-state.ts'

/** What became of a key that was taken out of the page, and what is still to be done about it. */
export function MovedKeyNotice(props: { state: PopupState; model: PopupModel }) {
  const { movedKey: moved } = props.state
  const presets = useCatalogue()
  if (moved === null) return null
  const preset = presets?.find(({ id }) => id === moved.service.preset)
  const { tone, texts } = movedKeyWords(moved)
  return (
    <Notice tone={tone}>
      <p>
        <strong>
          {t(moved.way === 'drop' ? 'pageKeyDropped' : 'pageKeyMoved', labelText(moved.service.label))}
        </strong>
      </p>
      {texts.map((text) => (
        <p key={text} class="small">
          {text}
        </p>
      ))}
      <NewKeyAdvice createKeyUrl={preset?.createKeyUrl ?? null} />
      <p class="small">{t('pageKeyReload')}</p>
      <div class="row">
        <Button small onPress={() => void props.model.reload()}>
          {t('noticeCapturedDo')}
        </Button>
      </div>
    </Notice>
  )
}

/** A key that was in a page may be known to others, wherever it is now. */
export function NewKeyAdvice(props: { createKeyUrl: string | null }) {
  const { createKeyUrl } = props
  return (
    <p class="small">
      {t('pageKeyKnown')}{' '}
      {createKeyUrl === null ? null : (
        <a href={createKeyUrl} target="_blank" rel="noreferrer">
          {t('makeKey', new URL(createKeyUrl).host)}
        </a>
      )}
    </p>
  )
}
