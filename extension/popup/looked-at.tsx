import { useCatalogue } from '../ui/catalogue.ts'
import { t, textLanguage } from '../ui/strings.ts'
import { calledServices } from './called-services.ts'
import type { PopupState } from './popup-state.ts'
import type { Shows } from './told-of-page.ts'

/** What a look for keys saw and what not, and the services that the page calls where nobody can see what it sends. */
export function LookedAt(props: { state: PopupState; shows: Shows }) {
  const { pageKeys } = props.state
  const presets = useCatalogue() ?? []
  if (pageKeys === null) return null
  const services = calledServices(presets, pageKeys.called, presetsHere(props.state))
  return (
    <>
      {services.length === 0 || !props.shows('called') ? null : (
        <p class="page-key-called small">
          {t('pageKeyCalled', new Intl.ListFormat(textLanguage()).format(services))}
        </p>
      )}
      {props.shows('looked at') ? (
        <details class="page-key-looked small soft">
          <summary>{t('pageKeyLooked')}</summary>
          <p>{t('pageKeyLookedAt')}</p>
          <p>{t('pageKeyNotLookedAt')}</p>
        </details>
      ) : null}
    </>
  )
}

/** The services of the catalogue that the site in front has a session for. */
function presetsHere({ owner, site }: PopupState): Set<string> {
  const sessions = (owner.sessions ?? []).filter((one) => site?.kind === 'site' && one.origin === site.origin)
  const services = (owner.services ?? []).filter(({ id }) => sessions.some(({ service }) => service === id))
  return new Set(services.flatMap(({ preset }) => preset ?? []))
}
