import $ from 'jquery'
import { job } from './job.js'

job(async ({ base, key }) => {
  const events = []
  $(document).on('ajaxSend ajaxSuccess ajaxError ajaxComplete', ({ type }) => events.push(type))
  const headers = { Authorization: `Bearer ${key}` }
  const json = { contentType: 'application/json', dataType: 'json', headers }
  const made = await $.ajax({
    ...json,
    method: 'POST',
    url: `${base}/notes`,
    data: JSON.stringify({ title: 'from jQuery' }),
  })
  const form = await $.ajax({
    url: `${base}/form`,
    method: 'POST',
    headers,
    data: { a: 1, b: 'zwei & drei' },
  })
  const missing = await $.ajax({ ...json, url: `${base}/notes/missing` }).then(
    () => null,
    (xhr, text) => [xhr.status, text, xhr.responseJSON.message],
  )
  return { made, form, missing, events }
})
