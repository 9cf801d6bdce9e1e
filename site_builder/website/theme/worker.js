// The service worker. Pages that were seen are kept with what they need; saved lessons play without a connection.
// Names with a hash never change, so a kept page and its files always belong together; nothing here depends on a version.
const SEEN = 'seen'
const SAVED = 'saved'
const PAGES = 60
const FILES = 200
const PATIENCE = 6000
const HASHED = /\.[0-9a-f]{8}\.\w+$/
const HEAVY = /\.(mp4|pdf)$/
const top = registration.scope

const kept = async url => {
  for (const name of [SAVED, SEEN]) {
    const found = await (await caches.open(name)).match(url, { ignoreVary: true, ignoreSearch: !HASHED.test(url) })
    if (found) return found
  }
}

// a film is asked for in pieces, and Safari plays nothing else: a piece of the whole file that is kept
const piece = async (range, whole) => {
  const blob = await whole.blob()
  const [, from, to] = /bytes=(\d*)-(\d*)/.exec(range) ?? []
  const start = from ? +from : Math.max(0, blob.size - to)
  const end = from && to ? Math.min(+to, blob.size - 1) : blob.size - 1
  if (start > end) return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${blob.size}` } })
  return new Response(blob.slice(start, end + 1), {
    status: 206,
    headers: {
      'Content-Type': whole.headers.get('Content-Type'),
      'Content-Length': end - start + 1,
      'Content-Range': `bytes ${start}-${end}/${blob.size}`,
      'Accept-Ranges': 'bytes',
    },
  })
}

const file = async ({ request }) => {
  const found = await kept(request.url)
  if (!found) return fetch(request)
  const range = request.headers.get('Range')
  return range ? piece(range, found) : found
}

const wait = time => new Promise(done => setTimeout(done, time))

// the newest page where there is a connection; after some seconds, or without one, the one that is kept
const page = async ({ request }) => {
  const fresh = fetch(request)
  const found = await kept(request.url)
  try {
    return found ? await Promise.race([fresh, wait(PATIENCE).then(() => found)]) : await fresh
  } catch {
    return found ?? (await lost(request.url))
  }
}

const escaped = text => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt()};`)

// no connection, and this page was never seen: those that were
const lost = async url => {
  const lang = url.slice(top.length).split('/')[0]
  const w = words[lang] ?? words[base]
  const rows = []
  for (const name of [SAVED, SEEN])
    for (const { url } of await (await caches.open(name)).keys())
      if (!HASHED.test(url) && !url.endsWith('/more/'))
        rows.push([url, /<title>(.*?)( – [^–]*)?<\/title>/s.exec(await (await kept(url)).text())?.[1] ?? escaped(url)])
  const list = [...new Map(rows)].map(([url, title]) => `<li><a href="${escaped(url)}">${title}</a></li>`).join('')
  const head = `<!doctype html><html lang="${words[lang] ? lang : base}" dir="auto"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="text-scale" content="scale"><meta name="color-scheme" content="light dark">`
  const style = '<style>body{margin:1rem;overflow-wrap:anywhere;font:106%/1.4 system-ui,sans-serif}ul{padding:0;list-style:none}a{display:block;padding:.75rem 0;color:LinkText}</style>'
  return new Response(`${head}${style}<title>${w.offline}</title><main><h1>${w.offline}</h1><p>${w.offline_lead}</p><ul>${list}</ul></main>`, {
    status: 503,
    headers: { 'Content-Type': 'text/html;charset=utf-8' },
  })
}

// a page is kept after its style and scripts, and only if all of them came: never half of it
const see = async (url, needs) => {
  const seen = await caches.open(SEEN)
  const answer = await fetch(url, { cache: 'force-cache' })
  const text = answer.ok && (await answer.clone().text())
  // also what keeps her answers until there is a connection
  const listen = text && text.match(/data-listen="([^"]+)"/)
  if (listen) needs = [...needs, new URL(listen[1], url).href]
  for (const need of needs) {
    if (HEAVY.test(need) || !HASHED.test(need) || !need.startsWith(top) || (await kept(need))) continue
    const came = await fetch(need, { cache: 'force-cache' })
    if (!came.ok) return
    await seen.put(need, came)
  }
  const asked = text && [...text.matchAll(/(?:href|src)="([^"]+\.(?:css|js))"/g)].map(([, link]) => new URL(link, url).href)
  if (!asked) return
  // kept anew with each page that needs them: they are never the oldest, nor gone with a lesson that is deleted
  for (const need of asked) {
    const found = await kept(need)
    if (!found) return
    await seen.put(need, found)
  }
  await seen.delete(url)
  await seen.put(url, answer)
  const keys = await seen.keys()
  for (const [some, most] of [[keys.filter(({ url }) => !HASHED.test(url)), PAGES], [keys.filter(({ url }) => HASHED.test(url)), FILES]])
    for (const old of some.slice(0, -most)) await seen.delete(old)
}

// what it fetched itself no page can see: it tells one, so that the meter of the day is true
let bytes = 0
new PerformanceObserver(async list => {
  for (const entry of list.getEntries()) bytes += entry.transferSize
  const [one] = await clients.matchAll({ type: 'window' })
  if (!one || !bytes) return
  one.postMessage(bytes)
  bytes = 0
}).observe({ type: 'resource', buffered: true })

addEventListener('install', () => skipWaiting())
addEventListener('activate', event => event.waitUntil(clients.claim()))
addEventListener('message', event => {
  const { seen, pages = [event.source.url.split(/[?#]/)[0]] } = event.data
  event.waitUntil(pages.reduce((before, url) => before.then(() => see(url, seen)), Promise.resolve()).catch(() => {}))
})
addEventListener('fetch', event => {
  const { request } = event
  if (request.method !== 'GET' || !request.url.startsWith(top)) return
  if (request.mode === 'navigate') event.respondWith(page(event))
  else if (HASHED.test(request.url)) event.respondWith(file(event))
})
