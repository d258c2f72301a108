import htmx from 'htmx.org'
import { job } from './job.js'

// As its documentation asks of pages whose server is another origin.
htmx.config.mode = 'cors'

job(async ({ base, key }) => {
  document.body.innerHTML = `
    <form hx-post="${base}/html/notes" hx-target="#list" hx-swap="beforeend"
      hx-headers='{"Authorization":"Bearer ${key}"}'>
      <input name="title" value="from htmx"><button>Add</button>
    </form><ul id="list"></ul>`
  htmx.process(document.body)
  const changed = new Promise((resolve) => {
    new MutationObserver(resolve).observe(document.querySelector('#list'), { childList: true })
  })
  document.querySelector('button').click()
  await changed
  return { list: document.querySelector('#list').innerHTML.trim() }
})
