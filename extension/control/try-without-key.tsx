import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import type { PlaygroundHandle } from './use-playground.ts'

/** A way past the first key: the playground comes with a service and a key of its own. */
export function TryWithoutKey(props: { playground: PlaygroundHandle; onOpened: () => void }) {
  const { stage, trouble, open } = props.playground
  const go = async () => {
    if (await open()) props.onOpened()
  }
  return (
    <div class="stack-tight">
      <div class="row">
        <span class="soft">{t('noKeyAtHand')}</span>
        <Button small busy={stage === 'opening'} onPress={() => void go()}>
          {t('tryWithoutKey')}
        </Button>
      </div>
      {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
    </div>
  )
}
