import { useState } from 'preact/hooks'
import type { ServiceSummary } from '../../../shared/protocol/service-commands.ts'
import { Button } from '../../ui/button.tsx'
import { useCatalogue } from '../../ui/catalogue.ts'
import { Notice } from '../../ui/notice.tsx'
import { counted, t } from '../../ui/strings.ts'
import { labelText } from '../../ui/translations.ts'
import { Waiting } from '../../ui/waiting.tsx'
import type { ControlModel } from '../model.ts'
import { OffersForm } from './offers-form.tsx'

/** Says that a service's preset has capabilities that it had not when the service was made, for its owner to add or to dismiss. */
export function PresetOffersNotice(props: {
  service: ServiceSummary
  model: ControlModel
  /** Something was decided: where nothing is left to decide, this is gone, and the focus with it. */
  onDecided: () => void
}) {
  const { service } = props
  const [isOpen, setOpen] = useState(false)
  const { offers } = service
  if (offers === undefined) return null
  return (
    <>
      <Notice>
        <p role="status">{counted('offersNew', offers.capabilities.length)}</p>
        <div class="row">
          <Button
            small
            {...(isOpen ? {} : { label: t('offersLookOf', labelText(service.label)) })}
            onPress={() => setOpen(!isOpen)}
          >
            {t(isOpen ? 'cancel' : 'offersLook')}
          </Button>
        </div>
      </Notice>
      {isOpen ? <Offers {...props} offers={offers} /> : null}
    </>
  )
}

function Offers(props: Parameters<typeof PresetOffersNotice>[0] & { offers: ServiceSummary['offers'] & {} }) {
  const preset = useCatalogue()?.find(({ id }) => id === props.service.preset)
  if (preset === undefined) return <Waiting text={t('presetReading')} />
  // What is left to decide is another form: what was ticked was ticked of what was shown.
  return <OffersForm key={props.offers.capabilities.join(' ')} {...props} preset={preset} />
}
