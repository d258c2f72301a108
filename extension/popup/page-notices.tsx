import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import type { PopupModel } from './model.ts'
import type { PopupState } from './popup-state.ts'
import type { Shows } from './told-of-page.ts'

/** What of the page in front works without Valet Key although the site is connected, and what mends it. */
export function PageNotices(props: { state: PopupState; model: PopupModel; shows: Shows }) {
  const notices = props.state.notices.filter((notice) => props.shows(`notice ${notice}`))
  return (
    <>
      {notices.includes('captured') ? (
        <Notice tone="warn">
          <p>{t('noticeCaptured')}</p>
          <div class="row">
            <Button small onPress={() => props.model.reload()}>
              {t('noticeCapturedDo')}
            </Button>
          </div>
        </Notice>
      ) : null}
      {notices.includes('worker') ? (
        <Notice tone="warn">
          <p>{t('noticeWorker')}</p>
        </Notice>
      ) : null}
      {notices.includes('socket') ? (
        <Notice tone="warn">
          <p>{t('noticeSocket')}</p>
        </Notice>
      ) : null}
    </>
  )
}
