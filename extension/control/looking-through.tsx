import { Button } from '../ui/button.tsx'
import { t, textLanguage } from '../ui/strings.ts'

/** A search that goes on, how far it got, and a way to leave it there. */
export function LookingThrough(props: { looked: number; of: number; onStop: () => void }) {
  const figures = new Intl.NumberFormat(textLanguage())
  const { looked, of } = props
  return (
    <div class="row">
      <span class="small soft">
        {t('lookingThrough', figures.format(Math.min(looked, of)), figures.format(of))}
      </span>
      <Button kind="quiet" small onPress={props.onStop}>
        {t('stopLooking')}
      </Button>
    </div>
  )
}
