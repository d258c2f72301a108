import { useState } from 'preact/hooks'
import type { Capability } from '../../shared/model/capability.ts'
import { Button } from '../ui/button.tsx'
import { capabilityWords } from '../ui/capability-words.ts'
import { useCatalogue } from '../ui/catalogue.ts'
import { Notice } from '../ui/notice.tsx'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { RiskChips } from '../ui/risk-chips.tsx'
import { t } from '../ui/strings.ts'
import { useSettings } from '../ui/use-settings.ts'
import { useAskWrites } from './ask-writes-choice.ts'
import { AskWritesField } from './ask-writes-field.tsx'
import './connect-form.css'
import { secondsUntil } from './duration-choice.ts'
import { DurationField } from './duration-field.tsx'
import type { PopupModel } from './model.ts'
import type { PopupState } from './popup-state.ts'

/**
 * Choose what the site may do and for how long; one press gives it.
 *
 * @param props.first the capability it begins with; absent or null: what the site had before, else the first there is.
 * @param props.onConnected told once it was given.
 */
export function ConnectForm(props: {
  state: PopupState
  model: PopupModel
  origin: string
  first?: string | null
  onConnected: () => void
}) {
  const { owner, connecting, connectError } = props.state
  const capabilities = owner.capabilities ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const { sessionSeconds, askWrites: setting } = useSettings()
  const [chosenLength, setLength] = useState<number | string | null>(null)
  const length = chosenLength ?? sessionSeconds
  const capability = capabilities.find(
    ({ id }) => id === (chosen ?? props.first ?? firstChoice(owner, props.origin)),
  )
  const place = { origin: props.origin, topOrigin: props.origin }
  const { askWrites, choose } = useAskWrites(capability, place, owner, setting)
  if (capability === undefined) return <p class="soft">{t('noCapabilities')}</p>
  const { ttl } = capability.limits
  const seconds = typeof length === 'string' ? secondsUntil(length, Date.now(), ttl) : Math.min(length, ttl)
  const send = async (event: Event) => {
    event.preventDefault()
    if (seconds === null) return
    await props.model.connect(capability.id, seconds, askWrites)
    if (props.model.state.connectError === null) props.onConnected()
  }
  return (
    <form class="stack" onSubmit={send}>
      <CapabilityChoice owner={owner} chosen={capability} onChoose={setChosen} />
      <DurationField ttl={ttl} length={length} onLength={setLength} />
      {askWrites === undefined ? null : <AskWritesField ticked={askWrites} onTick={choose} />}
      <div class="connect-bar stack-tight">
        {connectError === null ? null : <Notice tone="danger">{connectError}</Notice>}
        <Button submit kind="primary" wide busy={connecting} disabled={seconds === null}>
          {t(connecting ? 'connecting' : 'connect')}
        </Button>
      </div>
    </form>
  )
}

/** What the site had before, else the first there is. */
function firstChoice(owner: OwnerSnapshot, origin: string): string | undefined {
  const earlier = (owner.grants ?? []).findLast(
    (grant) => grant.origin === origin && grant.topOrigin === origin,
  )
  return earlier?.capability ?? owner.capabilities?.[0]?.id
}

/** One of the owner's capabilities, with what it allows in words. */
export function CapabilityChoice(props: {
  owner: Pick<OwnerSnapshot, 'capabilities' | 'services'>
  chosen: Capability
  onChoose: (id: string) => void
}) {
  const presets = useCatalogue()
  const wordsOf = (capability: Capability) =>
    capabilityWords(
      capability,
      props.owner.services?.find(({ id }) => id === capability.service),
      presets,
    )
  const words = wordsOf(props.chosen)
  return (
    <div class="stack-tight">
      <label class="field-label" for="capability">
        {t('chooseCapability')}
      </label>
      <select
        id="capability"
        class="field-input"
        value={props.chosen.id}
        aria-describedby="capability-text"
        onChange={(event) => props.onChoose(event.currentTarget.value)}
      >
        {(props.owner.capabilities ?? []).map((capability) => (
          <option key={capability.id} value={capability.id}>
            {wordsOf(capability).title}
          </option>
        ))}
      </select>
      <p id="capability-text" class="small soft connect-text">
        {words.text}
      </p>
      <RiskChips risks={words.risks} />
      {words.hazards.length === 0 ? null : (
        <Notice tone="warn">
          <ul class="stack-tight small">
            {words.hazards.map((hazard) => (
              <li key={hazard}>{hazard}</li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  )
}
