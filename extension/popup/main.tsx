import { render } from 'preact'
import '../ui/tokens.css'
import '../ui/base.css'
import { beginWith, loadCatalogue } from '../ui/catalogue.ts'
import { setDocumentLanguage } from '../ui/document-language.ts'
import { keepFocusInSight } from '../ui/focus-in-sight.ts'
import { keepFocus } from '../ui/kept-focus.ts'
import { openOwner } from '../ui/owner.ts'
import { sightOf } from '../ui/page-sight.ts'
import { loadSettings } from '../ui/stored-settings.ts'
import { followTheme } from '../ui/theme.ts'
import { loadTranslations } from '../ui/translations.ts'
import { loadSnapshot } from '../ui/view-snapshot.ts'
import { onlyMeantPresses } from './meant-presses.ts'
import { PopupModel } from './model.ts'
import { PopupApp } from './popup-app.tsx'
import { POPUP_BROWSER } from './popup-browser.ts'

/** How long the first picture waits for the site in front and for the words of the user's language, in milliseconds. */
const SITE_MS = 50
/**
 * By when it is drawn, with the site, whatever else is known by then, in milliseconds since the page began: what the host or
 * the page in front has to be asked for comes after it where they are slow, and before a hand does.
 */
const FIRST_BY_MS = 60

setDocumentLanguage()
followTheme()
keepFocus(document)
keepFocusInSight(document)
const owner = openOwner()
const tab = POPUP_BROWSER.currentSite()
// Few in a language other than English, none in that: the names of what the owner has are among them.
const words = loadTranslations()
// Read while the rest is: the usual time is part of the first picture.
const settings = loadSettings()
const kept = await loadSnapshot().catch(() => null)
beginWith(kept?.presets ?? [])
const model = new PopupModel(owner, POPUP_BROWSER, kept?.snapshot ?? null, sightOf(document))
const looked = model.lookAtSite(tab)
// The first picture is whole: a site card that came later would push down what the owner is about to press.
const seen = looked.then(() => model.pageKeys.looked)
await Promise.race([Promise.allSettled([tab, words, settings]), past(SITE_MS)])
await Promise.race([seen, past(FIRST_BY_MS - performance.now())])
const app = document.getElementById('app')
if (app !== null) {
  render(<PopupApp model={model} owner={owner} />, app)
  // What is not known by now pushes down what is drawn: a hand on its way must not hit what it did not aim at.
  onlyMeantPresses(app, () => model.tellOfStray())
}
// Most of what the popup weighs, and the first picture has the words it needs.
requestAnimationFrame(() => setTimeout(() => void loadCatalogue()))
void looked.then(() => model.start())

function past(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
