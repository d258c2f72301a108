import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyText } from '../ui/copy-text.tsx'
import { hostCommand, systemOf } from '../ui/host-command.ts'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import type { PlaygroundHandle } from './use-playground.ts'

/** A page of the owner's own to try the first site on: opened here or from a terminal. */
export function PlaygroundCard(props: { playground: PlaygroundHandle; onClosed: () => void }) {
  const { stage, trouble, open, close } = props.playground
  const end = async () => {
    await close()
    props.onClosed()
  }
  return (
    <Card title={t('playgroundTitle')}>
      <h2>{t('playgroundTitle')}</h2>
      <p class="soft">{t('playgroundText')}</p>
      {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
      {stage === 'open' ? <Notice tone="good">{t('playgroundOpened')}</Notice> : null}
      <span class="aloud" role="status">
        {stage === 'open' ? t('playgroundOpened') : ''}
      </span>
      <div class="row">
        <Button kind="primary" busy={stage === 'opening'} onPress={() => void open()}>
          {t(stage === 'open' ? 'playgroundAgain' : 'playgroundOpen')}
        </Button>
        {stage === 'open' ? (
          <Button kind="quiet" onPress={() => void end()}>
            {t('playgroundClose')}
          </Button>
        ) : null}
      </div>
      <details class="small">
        <summary>{t('playgroundByCommand')}</summary>
        <div class="stack-tight">
          <p class="soft">{t('runInFolder')}</p>
          <CopyText
            text={hostCommand('playground', systemOf(navigator.userAgent), '')}
            of={t('theCommand')}
          />
        </div>
      </details>
    </Card>
  )
}
