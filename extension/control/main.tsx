import { render } from 'preact'
import '../ui/tokens.css'
import '../ui/base.css'
import { setDocumentLanguage } from '../ui/document-language.ts'
import { openOwner } from '../ui/owner.ts'
import { loadSnapshot } from '../ui/view-snapshot.ts'
import { ControlApp } from './control-app.tsx'
import { ControlModel } from './model.ts'

setDocumentLanguage()
const owner = openOwner()
const model = new ControlModel(owner, await loadSnapshot().catch(() => null))
const app = document.getElementById('app')
if (app !== null) render(<ControlApp model={model} owner={owner} />, app)
