import { useEffect, useMemo, useState } from 'preact/hooks'
import type { GrantUse } from '../../../shared/protocol/grant-commands.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Field } from '../../ui/field.tsx'
import type { Owner } from '../../ui/owner.ts'
import { counted, t } from '../../ui/strings.ts'
import { WindowedList } from '../../ui/windowed-list.tsx'
import type { ControlModel, ControlState } from '../model.ts'
import { GrantRow } from './grant-row.tsx'
import { isUnused, SEARCH_ABOVE, searched, type UsedGrant, usedGrants } from './site-use.ts'

/** What a row takes in a window of usual width, in pixels. */
const ROW_HEIGHT = 130

/** What was given to which site and when it was used; what nobody uses is offered to be forgotten. */
export function SitesRoom(props: { state: ControlState; model: ControlModel; owner: Pick<Owner, 'send'> }) {
  const { grants, sessions } = props.state.owner
  const use = useGrantUse(props.owner, grants?.length ?? 0)
  const [text, setText] = useState('')
  const all = useMemo(() => usedGrants(grants ?? [], sessions ?? [], use), [grants, sessions, use])
  const now = useMemo(() => Date.now(), [all])
  const unused = useMemo(() => all.filter((used) => isUnused(used, now)), [all, now])
  const found = useMemo(() => searched(all, text), [all, text])
  const row = (suggested: boolean) => (used: UsedGrant) => {
    const capability = props.state.owner.capabilities?.find(({ id }) => id === used.grant.capability)
    const service = props.state.owner.services?.find(({ id }) => id === capability?.service)
    const parts = { used, capability, service, model: props.model, now, suggested }
    return <GrantRow key={used.grant.id} {...parts} />
  }
  return (
    <>
      <div class="stack-tight">
        <h1>{t('roomSites')}</h1>
        <p class="soft">{t('sitesText')}</p>
      </div>
      {all.length === 0 ? <EmptyState title={t('noSitesTitle')} text={t('noSitesText')} /> : null}
      {unused.length === 0 ? null : (
        <section class="stack" aria-label={t('unusedTitle')}>
          <h2>{t('unusedTitle')}</h2>
          <p class="soft">{t('unusedText')}</p>
          <WindowedList items={unused} label={t('unusedTitle')} height={ROW_HEIGHT} row={row(true)} />
        </section>
      )}
      {all.length === 0 ? null : (
        <section class="stack" aria-label={t('allSites')}>
          <h2>{t('allSites')}</h2>
          {all.length > SEARCH_ABOVE ? (
            <Field
              label={t('findSite')}
              value={text}
              hint={counted('sitesFound', found.length)}
              onInput={setText}
            />
          ) : null}
          {found.length === 0 ? (
            <p class="soft">{t('noSiteFound')}</p>
          ) : (
            <WindowedList
              key={text}
              items={found}
              label={t('allSites')}
              height={ROW_HEIGHT}
              row={row(false)}
            />
          )}
        </section>
      )}
    </>
  )
}

/** What the log says of their use; null until it was answered. Asked again when there are more grants or fewer. */
function useGrantUse(owner: Pick<Owner, 'send'>, count: number): GrantUse | null {
  const [use, setUse] = useState<GrantUse | null>(null)
  useEffect(() => {
    let wanted = true
    owner
      .send({ name: 'grant-use' })
      .then((answer) => {
        if (wanted) setUse(answer)
      })
      // Then nothing is known, and nothing is suggested.
      .catch(() => {})
    return () => {
      wanted = false
    }
  }, [owner, count])
  return use
}
