import { render } from 'preact'
import '../ui/tokens.css'
import '../ui/base.css'
import { loadCatalogue } from '../ui/catalogue.ts'
import { setDocumentLanguage } from '../ui/document-language.ts'
import { openOwner } from '../ui/owner.ts'
import { loadSnapshot } from '../ui/view-snapshot.ts'
import { PopupModel } from './model.ts'
import { PopupApp } from './popup-app.tsx'
import { POPUP_BROWSER } from './popup-browser.ts'

/** How long the first picture waits for the site in front and for the words of the catalogue, in milliseconds: it takes a few. */
const FIRST_MS = 50

setDocumentLanguage()
const owner = openOwner()
const model = new PopupModel(owner, POPUP_BROWSER, await loadSnapshot().catch(() => null))
const looked = model.lookAtSite()
const words = loadCatalogue()
// The first picture is whole: a site card that came later would push down what the owner is about to press.
const seen = looked.then(() => model.pageKeys.looked)
await Promise.race([Promise.all([seen, words]), new Promise((resolve) => setTimeout(resolve, FIRST_MS))])
const app = document.getElementById('app')
if (app !== null) render(<PopupApp model={model} owner={owner} />, app)
void looked.then(() => model.start())
