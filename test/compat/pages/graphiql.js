import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import 'graphiql/setup-workers/vite'
import style from 'graphiql/style.css?inline'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'

document.head.append(Object.assign(document.createElement('style'), { textContent: style }))
const root = document.body.appendChild(document.createElement('div'))
root.style.height = '100vh'
const url = new URLSearchParams(location.search).get('url')
createRoot(root).render(createElement(GraphiQL, { fetcher: createGraphiQLFetcher({ url }) }))
