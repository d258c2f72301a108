import type { PageKey, PageKeys } from '../../shared/protocol/page-keys.ts'
import { useCatalogue } from '../ui/catalogue.ts'
import { ForeignText } from '../ui/foreign-text.tsx'
import { Notice } from '../ui/notice.tsx'
import { type MessageName, t } from '../ui/strings.ts'
import type { PopupModel } from './model.ts'
import { MovedKeyNotice } from './moved-key.tsx'
import { PageKeyChoice } from './page-key-choice.tsx'
import type { PopupState } from './popup-state.ts'
import { SilencedKey } from './silenced-key.tsx'
import type { Shows } from './told-of-page.ts'
import './page-keys.css'
import { translated } from '../ui/translations.ts'

const PLACES: Record<PageKey['places'][number]['kind'], MessageName> = {
  local: 'pageKeyInLocal',
  session: 'pageKeyInSession',
  indexed: 'pageKeyInIndexed',
  cookie: 'pageKeyInCookie',
  call: 'pageKeyInCall',
  address: 'pageKeyInAddress',
}

const NONE: Pick<PageKeys, 'keys' | 'quiet' | 'whole'> = { keys: [], quiet: [], whole: true }

/** Most characters of a name that are shown: two lines. */
const LONGEST_NAME = 60

/** What became of the owner's last order on a key of the page. */
export function PageKeyOutcome({ state, model }: { state: PopupState; model: PopupModel }) {
  return (
    <>
      <div class="page-key-status" role="status">
        {state.movedKey === null ? null : <MovedKeyNotice state={state} model={model} />}
      </div>
      {state.moveError === null ? null : <Notice tone="danger">{state.moveError}</Notice>}
    </>
  )
}

/** Real keys that the page in front holds itself, and the way of each out of it. */
export function PageKeyNotices(props: { state: PopupState; model: PopupModel; shows: Shows }) {
  const { state, model, shows } = props
  const { keys, quiet, whole } = state.pageKeys ?? NONE
  const told = keys.filter(({ id, preset }) => !quiet.includes(preset) && shows(`key ${id}`))
  const silenced = quiet.filter(
    (preset) => keys.some((key) => key.preset === preset) && shows(`silenced ${preset}`),
  )
  return (
    <>
      {told.map((key) => (
        <PageKeyNotice key={key.id} held={key} state={state} model={model} />
      ))}
      {silenced.map((preset) => (
        <SilencedKey key={preset} preset={preset} model={model} />
      ))}
      {whole || !shows('more keys') ? null : <p class="small soft">{t('pageKeyMore')}</p>}
    </>
  )
}

function PageKeyNotice(props: { held: PageKey; state: PopupState; model: PopupModel }) {
  const { held } = props
  const preset = useCatalogue()?.find(({ id }) => id === held.preset)
  const label = preset?.label ?? held.preset
  // The host says its name in English.
  const name = translated('presets', held.name)
  const advice = preset?.keys?.find((shape) => shape.name === name)?.advice
  return (
    <Notice tone="warn">
      <p>
        <strong>{t('pageKeyTitle', label)}</strong> <span class="small soft">{name}</span>
      </p>
      <ul class="page-key-places small">
        {held.places.map(({ kind, name }) => (
          <li key={`${kind} ${name}`}>
            {t(PLACES[kind])}{' '}
            <code dir="ltr">
              <ForeignText text={shortened(name)} />
            </code>
          </li>
        ))}
      </ul>
      {advice === undefined ? null : <p class="small">{advice}</p>}
      <PageKeyChoice {...props} label={label} createKeyUrl={preset?.createKeyUrl ?? null} />
    </Notice>
  )
}

/** A page's own name of a place may be as long as it likes; its beginning tells it. */
function shortened(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`
}
