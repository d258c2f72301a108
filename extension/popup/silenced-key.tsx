import { Button } from '../ui/button.tsx'
import { useCatalogue } from '../ui/catalogue.ts'
import { t } from '../ui/strings.ts'
import type { PopupModel } from './model.ts'

/** A service whose key the page holds and the owner does not want to be told of here, and the way back. */
export function SilencedKey(props: { preset: string; model: PopupModel }) {
  const { preset, model } = props
  const label = useCatalogue()?.find(({ id }) => id === preset)?.label ?? preset
  return (
    <div class="page-key-silenced small soft">
      <p class="grow">{t('pageKeyQuiet', label)}</p>
      <Button
        kind="quiet"
        small
        label={`${t('pageKeyTellAgain')}: ${label}`}
        onPress={() => void model.pageKeys.setQuiet(preset, false)}
      >
        {t('pageKeyTellAgain')}
      </Button>
    </div>
  )
}
