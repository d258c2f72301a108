import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Capability } from '../../shared/model/capability.ts'
import type { SiteRequest } from '../../shared/protocol/owner-port.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import { useSettings } from '../ui/use-settings.ts'
import { useAskWrites } from './ask-writes-choice.ts'
import { AskWritesField } from './ask-writes-field.tsx'
import { CapabilityChoice } from './connect-form.tsx'
import { secondsUntil } from './duration-choice.ts'
import { DurationField } from './duration-field.tsx'
import './request-answers.css'
import type { RequestModel, RequestState } from './request-model.ts'

interface Props {
  state: RequestState
  shown: SiteRequest
  model: RequestModel
}

/** What the owner may give, and for how long. Deny has the focus; Allow waits until the request has been in front for a while. */
export function RequestAnswers(props: Props & { capabilities: Capability[] }) {
  const { state, shown, model, capabilities } = props
  const [chosen, setChosen] = useState(shown.capability)
  const { sessionSeconds, askWrites: setting } = useSettings()
  const [chosenLength, setLength] = useState<number | string | null>(null)
  const length = chosenLength ?? sessionSeconds
  const capability = capabilities.find(({ id }) => id === chosen) ?? (capabilities[0] as Capability)
  const { askWrites, choose } = useAskWrites(capability, shown, state.owner, setting)
  const { ttl } = capability.limits
  const seconds = typeof length === 'string' ? secondsUntil(length, Date.now(), ttl) : Math.min(length, ttl)
  const inert = !state.armed || state.answering || seconds === null
  const allow = () => {
    if (seconds !== null) void model.allow(shown, capability.id, seconds, askWrites)
  }
  return (
    <footer class="approve-answers request-answers">
      <CapabilityChoice
        owner={{ capabilities, services: state.owner.services }}
        chosen={capability}
        onChoose={setChosen}
      />
      <DurationField ttl={ttl} length={length} onLength={setLength} />
      {askWrites === undefined ? null : <AskWritesField ticked={askWrites} onTick={choose} />}
      <Trouble state={state} />
      <div class="approve-pair">
        <Deny {...props} />
        <Button kind="primary" inert={inert} onPress={allow}>
          {t('allow')}
        </Button>
      </div>
    </footer>
  )
}

/** Where there is nothing to give (yet). @param props.lacks what the open vault has none of; null: it is not open. */
export function RequestNo(props: Props & { lacks: 'key' | 'capability' | null }) {
  const { lacks, model } = props
  return (
    <footer class="approve-answers">
      {lacks === null ? null : (
        <Notice tone="warn">{t(lacks === 'key' ? 'requestNoKey' : 'requestNoCapability')}</Notice>
      )}
      <Trouble state={props.state} />
      <div class="approve-pair">
        <Deny {...props} />
        {lacks === null ? null : (
          <Button onPress={() => model.openControlRoom(lacks === 'key' ? 'services' : 'capabilities')}>
            {t(lacks === 'key' ? 'requestAddKey' : 'requestAddCapability')}
          </Button>
        )}
      </div>
    </footer>
  )
}

function Trouble(props: { state: RequestState }) {
  return props.state.error === null ? null : <Notice tone="danger">{props.state.error}</Notice>
}

function Deny({ state, shown, model }: Props) {
  const deny = useRef<HTMLButtonElement>(null)
  // Before it is painted: whoever sees the question can already answer it by a key.
  useLayoutEffect(() => {
    // Whoever types a passphrase goes on typing.
    if (!(document.activeElement instanceof HTMLInputElement)) deny.current?.focus({ preventScroll: true })
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && event.isTrusted && !event.repeat) void model.deny(shown)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [shown, model])
  return (
    <Button element={deny} inert={state.answering} onPress={() => void model.deny(shown)}>
      {t('deny')}
    </Button>
  )
}
