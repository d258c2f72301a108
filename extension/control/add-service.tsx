import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Preset } from '../../shared/model/preset.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { useCatalogue } from '../ui/catalogue.ts'
import type { Owner } from '../ui/owner.ts'
import { PresetChoice } from './preset-choice.tsx'
import { ServiceForm } from './service-form.tsx'
import type { EnteredService } from './service-order.ts'
import { ServiceTest } from './service-test.tsx'
import { SignInFirst } from './sign-in-first.tsx'

/**
 * Pick a preset, paste the key, sign in where the service wants that, test it.
 *
 * @param props.first what stands above the catalogue, and goes when something is chosen. @param props.taken ids of the services there are. @param props.onChanged a service was added or taken back.
 */
export function AddService(props: {
  owner: Pick<Owner, 'send'>
  first?: ComponentChildren
  taken: readonly string[]
  onDone: () => void
  onChanged: () => void
}) {
  const presets = useCatalogue()
  const [preset, setPreset] = useState<Preset | null>(null)
  const [service, setService] = useState<ServiceSummary | null>(null)
  const [signedIn, setSignedIn] = useState(false)
  // SECURITY: a pasted key goes from field to field through here; the form takes it and leaves nothing.
  const pasted = useRef('')
  const entered = useRef<EnteredService | null>(null)
  const choose = (chosen: Preset, key = '') => {
    pasted.current = key
    setPreset(chosen)
  }
  if (presets === null) return null
  if (preset === null) {
    return (
      <>
        {props.first}
        <PresetChoice presets={presets} focus={props.first === undefined} onChoose={choose} />
      </>
    )
  }
  if (service === null) {
    return (
      <ServiceForm
        key={preset.id}
        preset={preset}
        presets={presets}
        pasted={pasted}
        entered={entered}
        owner={props.owner}
        taken={props.taken}
        onBack={() => setPreset(null)}
        onSwitch={choose}
        onAdded={setService}
      />
    )
  }
  const takeBack = async () => {
    await props.owner.send({ name: 'service-remove', id: service.id }).catch(() => null)
    setService(null)
    setSignedIn(false)
    props.onChanged()
  }
  if (service.signIn && !signedIn) {
    return (
      <SignInFirst
        owner={props.owner}
        service={service}
        onSignedIn={() => setSignedIn(true)}
        onLater={props.onDone}
        onTakeBack={takeBack}
      />
    )
  }
  return <ServiceTest owner={props.owner} service={service} onDone={props.onDone} onTakeBack={takeBack} />
}
