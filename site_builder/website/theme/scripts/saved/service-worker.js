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

const digest = async answer =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', await answer.arrayBuffer()))].map(byte => byte.toString(16).padStart(2, 0)).join('')

// is it what came, and, where a name says what is in it, what it says? A worn card gives other bytes back
const sound = async (url, answer) => {
  const sum = answer.headers.get('X-Sum')
  const [, named] = /\/assets\/.*\.(\w{8})\.\w+$/.exec(url) ?? []
  if (!sum && !named) return true
  const is = await digest(answer)
  return is.startsWith(sum ?? '-') || is.startsWith(named ?? '-')
}

// what was harmed goes: it is asked for again
const kept = async url => {
  const how = { ignoreVary: true, ignoreSearch: !HASHED.test(url) }
  for (const name of [SAVED, SEEN]) {
    const cache = await caches.open(name)
    const found = await cache.match(url, how)
    if (found && (await sound(url, found.clone()))) return found
    if (found) await cache.delete(url, how)
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

// a page of ours, as far as a list of pages needs it; a worker has no parser, and knows what these pages look like
const read = (url, text, saved) => {
  const link = (html = '') => [...html.matchAll(/<a href="([^"]*)"[^>]*>(.*?)<\/a>/gs)].map(([, there, title]) => [new URL(there, url).href, bare(title)])
  const part = (from, to) => text.split(from)[1]?.split(to)[0]
  return {
    url,
    text,
    saved,
    howto: text.includes('data-page="'),
    lang: /<html lang="([^"]*)/.exec(text)?.[1],
    title: bare(/<h1[^>]*>(.*?)<\/h1>/s.exec(text)?.[1] ?? escaped(url)),
    subject: link(part('<nav class="crumbs"', '</nav>')).at(-1),
    subjects: link(part('<ul class="tiles">', '</ul>')),
  }
}
const bare = html => (/<strong>(.*?)<\/strong>/s.exec(html)?.[1] ?? html).replace(/<[^>]*>/g, '').trim()

// no connection, and this page was never seen: those that were, in the frame of one of them, where the search works
const lost = async url => {
  const own = url.slice(top.length).split('/')[0]
  const lang = words[own] ? own : base
  const w = words[lang]
  const pages = new Map()
  for (const name of [SAVED, SEEN]) {
    const cache = await caches.open(name)
    for (const { url } of await cache.keys()) {
      if (HASHED.test(url) || url.endsWith('/more/') || pages.has(url)) continue
      const answer = await cache.match(url) // none while a newer one of it is being kept
      if (answer) pages.set(url, read(url, await answer.text(), name === SAVED))
    }
  }
  const all = [...pages.values()].sort((one, other) => other.howto - one.howto)
  const frame = all.find(page => page.lang === lang) ?? all[0]
  const howtos = all.filter(page => page.howto)
  const subject = new Map([...all.flatMap(page => page.subjects), ...howtos.map(page => page.subject)]).get(url)
  const list = (title, pages) => pages.length ? `<h2>${title}</h2><ul class="rows">${pages.map(row).join('')}</ul>` : ''
  const row = page =>
    `<li><a href="${escaped(page.url)}" lang="${page.lang}"><strong>${page.title}</strong>${page.howto ? `<span class="facts"><span>${page.subject[1]}</span></span>` : ''}</a></li>`
  const here = page => page.howto && page.subject[0] === url
  const rest = all.filter(page => !here(page))
  const main = [
    `<h1>${w.offline}</h1>${subject ? '' : `<p>${w.offline_lead}</p>`}<a class="searchbox" data-find href="${top}${lang === base ? '' : `${lang}/`}search/">${w.search}</a>`,
    subject ? list(subject, all.filter(here)) || `<h2>${subject}</h2><p>${w.offline_none}</p>` : '',
    list(w.saved_list, rest.filter(page => page.saved)),
    list(w.offline_seen, rest.filter(page => !page.saved)),
  ]
  const [html, style, script, bar] = [/<html[^>]*>/, /<link rel="stylesheet"[^>]*>/, /<script defer[^>]*><\/script>/, /<header.*?<\/header>/s].map(part =>
    (part.exec(frame?.text)?.[0] ?? '').replace(/(href|src|data-(?:top|later|listen|search))="([^"#][^"]*)"/g, (_, name, link) => `${name}="${new URL(link, frame.url).href}"`),
  )
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="text-scale" content="scale"><title>${w.offline}</title>`
  const begin = frame?.lang === lang ? html : `<html lang="${lang}" dir="auto">`
  return new Response(`<!doctype html>${begin}${head}${style}${script}${bar}<main id="main">${main.join('')}</main>`, {
    status: 503,
    headers: { 'Content-Type': 'text/html;charset=utf-8' },
  })
}

// a page is kept after its style and scripts, and only if all of them came: never half of it
const see = async (url, needs) => {
  const seen = await caches.open(SEEN)
  const answer = await fetch(url, { cache: 'force-cache' })
  const text = answer.ok && (await answer.clone().text())
  // the page of a Wi-Fi that wants her to sign in is none of ours
  if (!text || !text.includes('data-top=')) return
  // also what keeps her answers until there is a connection
  const listen = text.match(/data-listen="([^"]+)"/)
  if (listen) needs = [...needs, new URL(listen[1], url).href]
  // and the search, for who looks at more than one page
  const search = (await seen.keys()).some(one => one.url !== url && !HASHED.test(one.url)) && text.match(/data-search="([^"]+)"/)
  if (search) needs = [...needs, new URL(search[1], url).href]
  for (const need of needs) {
    if (HEAVY.test(need) || !HASHED.test(need) || !need.startsWith(top) || (await kept(need))) continue
    const came = await fetch(need, { cache: 'force-cache' })
    if (!came.ok || /html/.test(came.headers.get('Content-Type'))) return
    const headers = { 'Content-Type': came.headers.get('Content-Type'), 'X-Sum': await digest(came.clone()) }
    await seen.put(need, new Response(await came.blob(), { headers }))
  }
  const asked = [...text.matchAll(/(?:href|src)="([^"]+\.(?:css|js))"/g)].map(([, link]) => new URL(link, url).href)
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
