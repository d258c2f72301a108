import { render } from 'preact'
import '../ui/tokens.css'
import '../ui/base.css'
import { setDocumentLanguage } from '../ui/document-language.ts'
import { openOwner } from '../ui/owner.ts'
import { loadSnapshot } from '../ui/view-snapshot.ts'
import { PopupModel } from './model.ts'
import { PopupApp } from './popup-app.tsx'
import { POPUP_BROWSER } from './popup-browser.ts'

setDocumentLanguage()
const owner = openOwner()
const model = new PopupModel(owner, POPUP_BROWSER, await loadSnapshot().catch(() => null))
const app = document.getElementById('app')
if (app !== null) render(<PopupApp model={model} owner={owner} />, app)
void model.start()
