import { useState } from 'preact/hooks'
import type { Preset } from '../../../shared/model/preset.ts'
import type { PresetOffers } from '../../../shared/model/preset-change.ts'
import type { ServiceSummary } from '../../../shared/protocol/service-commands.ts'
import { Button } from '../../ui/button.tsx'
import { t } from '../../ui/strings.ts'
import { labelText } from '../../ui/translations.ts'
import { CapabilityTick } from '../capability-picker.tsx'
import { ConfirmButton } from '../confirm-button.tsx'
import type { ControlModel } from '../model.ts'
import { ModelsField } from '../models-field.tsx'
import { asksModels } from '../service-order.ts'
import { ValueFields } from '../value-fields.tsx'
import { addOrder, dismissOrder, type OfferFaults, offerFaults, valuesAsked } from './offers-order.ts'

interface Props {
  service: ServiceSummary
  offers: PresetOffers
  preset: Preset
  model: ControlModel
  onDecided: () => void
}

/** The new capabilities of a preset, none of them ticked, and what those that are ticked ask for. */
export function OffersForm(props: Props) {
  const { service, offers, preset } = props
  const { ticked, setTicked, models, setModels, values, setValues, faults, busy, send, dismiss } =
    useOffers(props)
  const rest = offers.capabilities.filter((id) => !ticked.includes(id))
  return (
    <form class="stack" onSubmit={send} noValidate>
      <fieldset class="capabilities">
        <legend>{t('offersTitle')}</legend>
        <p class="small soft">{t('offersText')}</p>
        {preset.capabilities
          .filter(({ id }) => offers.capabilities.includes(id))
          .map((capability) => (
            <CapabilityTick
              key={capability.id}
              capability={capability}
              ticked={ticked.includes(capability.id)}
              isLocal={service.local}
              isFaulty={false}
              onTick={(on) => {
                const others = ticked.filter((id) => id !== capability.id)
                setTicked(on ? [...others, capability.id] : others)
              }}
            />
          ))}
      </fieldset>
      {asksModels(preset, ticked) ? (
        <ModelsField value={models} error={faults.models ?? null} onInput={setModels} />
      ) : null}
      <ValueFields
        needed={valuesAsked(preset, offers, ticked)}
        given={values}
        errors={faults.values ?? {}}
        onInput={(id, text) => setValues({ ...values, [id]: text })}
      />
      <div class="row">
        {ticked.length === 0 ? null : (
          <Button submit small busy={busy}>
            {t('offersAdd')}
          </Button>
        )}
        {rest.length === 0 ? null : (
          <ConfirmButton
            text={t(ticked.length === 0 ? 'offersDismiss' : 'offersDismissRest')}
            question={t('offersDismissAsk')}
            onConfirm={() => dismiss(rest)}
          />
        )}
      </div>
    </form>
  )
}

function useOffers({ service, offers, preset, model, onDecided }: Props) {
  const [ticked, setTicked] = useState<readonly string[]>([])
  const [models, setModels] = useState('')
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [faults, setFaults] = useState<OfferFaults>({})
  const [busy, setBusy] = useState(false)
  const chosen = { ticked, models, values }
  const order = async (command: Parameters<ControlModel['order']>[0], done: string) => {
    setBusy(true)
    const isDone = await model.order(command, done)
    setBusy(false)
    if (isDone) onDecided()
  }
  const send = (event: Event) => {
    event.preventDefault()
    const found = offerFaults(preset, offers, chosen)
    setFaults(found)
    if (Object.keys(found).length > 0) return
    void order(addOrder(service.id, preset, offers, chosen), t('offersAdded', labelText(service.label)))
  }
  const dismiss = (rest: string[]) =>
    void order(dismissOrder(service.id, rest), t('offersDismissed', labelText(service.label)))
  return { ticked, setTicked, models, setModels, values, setValues, faults, busy, send, dismiss }
}
