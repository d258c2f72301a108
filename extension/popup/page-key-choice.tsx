import { useEffect, useRef, useState } from 'preact/hooks'
import type { PageKey, PageKeyMove } from '../../shared/protocol/page-keys.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { Button } from '../ui/button.tsx'
import { type MessageName, t } from '../ui/strings.ts'
import type { PopupModel } from './model.ts'
import { NewKeyAdvice } from './moved-key.tsx'
import type { PopupState } from './popup-state.ts'

type Way = PageKeyMove['into']['way']

/** The button of each way, and what it says it does. */
const WORDS: Record<Way, { button: MessageName; does: MessageName }> = {
  new: { button: 'pageKeyMove', does: 'pageKeyDoesNew' },
  replace: { button: 'pageKeyReplace', does: 'pageKeyDoesReplace' },
  drop: { button: 'pageKeyDrop', does: 'pageKeyDoesDrop' },
}

/** What its owner may do with a key that a page holds. The first press says what would happen, the second does it. */
export function PageKeyChoice(props: {
  held: PageKey
  label: string
  createKeyUrl: string | null
  state: PopupState
  model: PopupModel
}) {
  const { held, label, state, model } = props
  const [way, setWay] = useState<Way | null>(null)
  const service = serviceOf(held, state)
  const ways = waysOf(held, service)
  const order = (chosen: Way) => {
    const into = chosen === 'new' ? { way: chosen } : { way: chosen, service: service?.id ?? '' }
    setWay(null)
    void model.pageKeys.move(held, into)
  }
  if (way !== null && ways.includes(way))
    return <Step {...props} way={way} onDo={() => order(way)} onCancel={() => setWay(null)} />
  return (
    <div class="page-key-buttons">
      {ways.map((one) => (
        <Button
          key={one}
          small
          busy={state.movingKey}
          label={`${t(WORDS[one].button)}: ${label}`}
          onPress={() => setWay(one)}
        >
          {t(WORDS[one].button)}
        </Button>
      ))}
      <Button
        kind="quiet"
        small
        busy={state.movingKey}
        label={`${t('pageKeyNotThis')}: ${label}`}
        onPress={() => void model.pageKeys.setQuiet(held.preset, true)}
      >
        {t('pageKeyNotThis')}
      </Button>
    </div>
  )
}

function Step(props: {
  way: Way
  held: PageKey
  label: string
  createKeyUrl: string | null
  onDo: () => void
  onCancel: () => void
}) {
  const { way, held, label } = props
  const group = useRef<HTMLFieldSetElement>(null)
  // Not on the button: a key that is held down would press it.
  useEffect(() => group.current?.focus(), [])
  return (
    <fieldset
      ref={group}
      class="page-key-ask stack-tight"
      tabIndex={-1}
      aria-label={`${t(WORDS[way].button)}: ${label}`}
    >
      <ul class="page-key-step small">
        <li>{t(WORDS[way].does, label)}</li>
        {way === 'drop' ? null : <li>{t('pageKeyYours')}</li>}
        <li>{t(isStored(held) ? 'pageKeySwap' : 'pageKeyElsewhere')}</li>
      </ul>
      <NewKeyAdvice createKeyUrl={props.createKeyUrl} />
      <div class="page-key-buttons">
        <Button kind={way === 'new' ? 'primary' : 'danger'} small onPress={props.onDo}>
          {t(WORDS[way].button)}
        </Button>
        <Button small onPress={props.onCancel}>
          {t('cancel')}
        </Button>
      </div>
    </fieldset>
  )
}

/** The service of the owner's that has a key of that kind: the one the page uses, else the first. */
function serviceOf({ preset }: PageKey, { owner, site }: PopupState): ServiceSummary | undefined {
  const services = (owner.services ?? []).filter((each) => each.preset === preset)
  const here = (owner.sessions ?? []).filter((one) => site?.kind === 'site' && one.origin === site.origin)
  return services.find(({ id }) => here.some(({ service }) => service === id)) ?? services[0]
}

function waysOf(held: PageKey, service: ServiceSummary | undefined): Way[] {
  if (service === undefined) return ['new']
  const ways: Way[] = isStored(held) ? ['drop'] : []
  // What lives elsewhere is changed there.
  return service.references === undefined ? [...ways, 'replace'] : ways
}

function isStored({ places }: PageKey): boolean {
  return places.some(({ kind }) => kind === 'local' || kind === 'session' || kind === 'indexed')
}
