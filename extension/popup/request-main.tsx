import { render } from 'preact'
import '../ui/tokens.css'
import '../ui/base.css'
import { loadCatalogue } from '../ui/catalogue.ts'
import { setDocumentLanguage } from '../ui/document-language.ts'
import { keepFocusInSight } from '../ui/focus-in-sight.ts'
import { keepFocus } from '../ui/kept-focus.ts'
import { openOwner } from '../ui/owner.ts'
import { followTheme } from '../ui/theme.ts'
import { Arming } from './arming.ts'
import { POPUP_BROWSER } from './popup-browser.ts'
import { RequestApp } from './request-app.tsx'
import { RequestModel } from './request-model.ts'
import { watchWindow } from './watch-window.ts'

setDocumentLanguage()
followTheme()
keepFocus(document)
keepFocusInSight(document)
// What can be given is said in its words from the first picture on: raw rules that turn into words move what is about to be pressed.
// SECURITY: before anything is asked for, so that the time in which an Allow is inert begins with the picture and not with the wait.
await loadCatalogue().catch(() => {})
const owner = openOwner()
const arming = new Arming(() => performance.now())
const model = new RequestModel(owner, arming, {
  openControlRoom: POPUP_BROWSER.openControlRoom,
  // The window goes with its request; one that lost it, because our background was stopped, goes by itself.
  leave: () => close(),
})
watchWindow(window, arming, () => model.showArming())
const app = document.getElementById('app')
if (app !== null) render(<RequestApp model={model} owner={owner} />, app)
