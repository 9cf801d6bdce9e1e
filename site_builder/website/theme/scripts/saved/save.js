// "Save on this phone": a whole lesson, its size said before. Long files come in parts, so that a cut line costs one part.
const SAVED = 'saved'
const PARTS = 'parts'
const PART = 1 << 17
const HASHED = /\.[0-9a-f]{8}\.\w+$/
const FRAME = 27_000 // page, style and scripts, the search, home and the list of what is saved, at most
const whole = link => new URL(link, location).href
const all = () => stored('saved') ?? {}
const remember = (page, row) => {
  const rows = all()
  if (row) rows[page] = row
  else delete rows[page]
  store('saved', rows)
}

// everything that a how-to's page names, read from the page as it is now on the host
const lesson = async page => {
  const url = whole(site.top + page)
  const html = await (await fetched(url)).text()
  const read = new DOMParser().parseFromString(html, 'text/html')
  if (read.querySelector('main')?.dataset.page !== page) throw wrong(url)
  const link = (element, name) => new URL(element.getAttribute(name), url).href
  const probe = document.createElement('video')
  const main = read.querySelector('main')
  const script = read.querySelector('script[src]')
  const stage = read.querySelector('.stage')
  const films = $$('.choice', read).flatMap(one => {
    const source = JSON.parse(one.dataset.sources).find(([type]) => probe.canPlayType(type))
    if (!source) return []
    return { name: one.querySelector('span').textContent, url: new URL(source[1], url).href, bytes: source[2] }
  })
  // a phone that was shown the small pictures keeps those; an old one the JPEGs
  const old = $$('picture img').some(img => img.currentSrc && img.currentSrc === img.src)
  const pictures = $$('img', main).map(one => {
    const source = old ? null : one.parentNode.querySelector('source')
    return source ? link(source, 'srcset') : link(one, 'src')
  })
  const tracks = stage?.dataset.captions ? JSON.parse(stage.dataset.captions).map(([, , src]) => src) : []
  if (stage?.dataset.chapters) tracks.push(stage.dataset.chapters)
  const scripts = [...$$('[data-script]', read).map(one => one.dataset.script), ...$$('[data-search]', read).map(one => one.dataset.search)]
  // what is told without a connection waits, so what keeps it must be here
  if (script.dataset.listen) scripts.push(script.dataset.listen)
  const more = $$('[data-more]', read).map(one => one.getAttribute('href'))
  const paper = read.querySelector('[data-leaflet]')
  return {
    page,
    url,
    html,
    films,
    paper: paper && { url: link(paper, 'href'), bytes: +paper.querySelector('data').value },
    title: read.querySelector('h1').textContent,
    version: main.dataset.version,
    small: +main.dataset.small + FRAME,
    frame: [...$$('link[rel=stylesheet]', read).map(one => link(one, 'href')), ...$$('script[src]', read).map(one => link(one, 'src'))],
    later: new URL(script.dataset.later, url).href,
    doors: [link(read.querySelector('.home'), 'href'), link(read.querySelector('[data-do=save]'), 'href')],
    rest: [...pictures, ...[...tracks, ...scripts, ...more].map(src => new URL(src, url).href)],
  }
}

const here = async url => caches.match(url, { ignoreVary: true })

const fetched = async (url, more) => {
  const answer = await fetch(url, more)
  if (!answer.ok) throw Object.assign(Error(url), { status: answer.status })
  return answer
}

// a host that answers, with something else: the page of a Wi-Fi that wants her to sign in first
const wrong = url => Object.assign(Error(url), { name: 'Wrong' })
const fits = (url, blob, bytes) => (bytes ? blob.size === bytes : blob.size) && (url.endsWith('/') || !/html/.test(blob.type))

const digest = async blob => {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))
  return [...bytes.slice(0, 8)].map(byte => byte.toString(16).padStart(2, 0)).join('')
}
// the hash of each file as it came, by address
const sums = () => Object.assign({}, ...Object.values(all()).map(row => row.sums))

// what is kept of a file, if it is still what came
const sound = async (url, answer, bytes) => {
  const blob = await answer?.blob()
  const sum = sums()[url]
  if (blob && fits(url, blob, bytes) && (!sum || sum === (await digest(blob)))) return blob
}

// a lesson is whole when each of its files is there as it came; what is not goes
const unharmed = async (page, { files, film, paper }) => {
  const cache = await caches.open(SAVED)
  const sizes = { [film?.[1]]: film?.[2], [paper?.[0]]: paper?.[1] }
  let well = true
  for (const url of [whole(site.top + page), ...files]) {
    if (await sound(url, await cache.match(url, { ignoreVary: true }), sizes[url])) continue
    await cache.delete(url, { ignoreVary: true })
    well = false
  }
  return well
}

// what came wrong once is asked for past what the browser keeps
const atOnce = async (url, bytes) => {
  for (const cache of ['default', 'reload']) {
    const blob = await (await fetched(url, { cache })).blob()
    // a page has no hash in its name and no length told: it must be one of ours
    if (fits(url, blob, bytes) && (HASHED.test(url) || (await blob.text()).includes('data-top='))) return blob
  }
  throw wrong(url)
}

const inParts = async (url, bytes, told) => {
  const parts = await caches.open(PARTS)
  const blobs = []
  const keys = []
  for (let at = 0, end; at < bytes; at = end) {
    // no part is tiny: some hosts give no single byte
    end = bytes - at < 1.5 * PART ? bytes : at + PART
    const key = `${url}?from=${at}`
    const kept = await parts.match(key)
    let blob = await kept?.blob()
    if (blob?.size !== end - at || kept.headers.get('X-Sum') !== (await digest(blob))) {
      const answer = await fetch(url, { headers: { Range: `bytes=${at}-${end - 1}` } })
      // a host without ranges gives all of it at once, or says that it has none
      if (answer.status === 200 || answer.status === 416) {
        blob = answer.ok ? await answer.blob() : await atOnce(url, bytes)
        if (!fits(url, blob, bytes)) throw wrong(url)
        told(bytes - at)
        return blob
      }
      if (answer.status !== 206) throw Object.assign(Error(url), { status: answer.status })
      blob = await answer.blob()
      if (!fits(url, blob, end - at)) throw wrong(url)
      // a 206 cannot be kept: it is written down as a whole answer
      await parts.put(key, new Response(blob, { headers: { 'X-Sum': await digest(blob) } }))
    }
    keys.push(key)
    blobs.push(blob)
    told(blob.size)
  }
  const blob = new Blob(blobs, { type: url.endsWith('.pdf') ? 'application/pdf' : 'video/mp4' })
  await Promise.all(keys.map(key => parts.delete(key)))
  return blob
}

// one file, whole, or what of it is not there yet; gives its hash
const take = async (url, bytes, told) => {
  const cache = await caches.open(SAVED)
  let blob = HASHED.test(url) && (await sound(url, (await cache.match(url, { ignoreVary: true })) ?? (await here(url)), bytes))
  // what is kept and harmed would be given again by the worker
  if (!blob && HASHED.test(url)) for (const name of [SAVED, 'seen']) await (await caches.open(name)).delete(url, { ignoreVary: true })
  if (blob) told(bytes)
  else if (bytes > PART) blob = await inParts(url, bytes, told)
  else {
    blob = await atOnce(url, bytes)
    told(bytes)
  }
  const sum = await digest(blob)
  await cache.put(url, new Response(blob, { headers: { 'Content-Type': blob.type, 'Content-Length': blob.size, 'X-Sum': sum } }))
  return sum
}

const smallFiles = found => [...new Set([...found.frame, found.later, ...found.rest])]

// the page itself comes last: when it is there, all of it is there. What was saved before stays until then
const bring = async (found, film, paper, told) => {
  const heavy = [film, paper].filter(Boolean)
  const light = smallFiles(found)
  const row = {
    title: found.title,
    version: found.version,
    film: film && [film.name, film.url, film.bytes],
    paper: paper && [paper.url, paper.bytes],
    files: [...light, ...heavy.map(one => one.url)],
    bytes: found.small + heavy.reduce((sum, one) => sum + one.bytes, 0),
    sums: {},
  }
  const before = all()[found.page]
  const note = () =>
    remember(found.page, {
      ...(before?.done ? { ...before, coming: row.files } : { ...row, done: false }),
      sums: { ...before?.sums, ...row.sums },
    })
  const get = async (url, bytes, told) => {
    row.sums[url] = await take(url, bytes, told)
    note()
  }
  note()
  // all at once: on a slow line each would wait for an answer before the next is asked for
  await Promise.all(light.map(url => get(url, 0, () => told(found.small / light.length))))
  for (const one of heavy) await get(one.url, one.bytes, told)
  const cache = await caches.open(SAVED)
  const document = new Blob([found.html], { type: 'text/html;charset=utf-8' })
  const sum = (row.sums[found.url] = await digest(document))
  await cache.put(found.url, new Response(document, { headers: { 'X-Sum': sum } }))
  remember(found.page, { ...row, done: true })
}

// what no saved lesson names any longer goes
const sweep = async () => {
  const cache = await caches.open(SAVED)
  const named = new Set(Object.entries(all()).flatMap(([page, row]) => [whole(site.top + page), ...row.files, ...(row.coming ?? [])]))
  for (const { url } of await cache.keys()) if (!named.has(url)) await cache.delete(url)
  const parts = await caches.open(PARTS)
  for (const { url } of await parts.keys()) if (!named.has(url.split('?')[0])) await parts.delete(url)
}

export const save = async control => {
  const page = control.dataset.page ?? document.querySelector('main').dataset.page
  const box = made('div')
  const dialog = sheet(w.save, box)
  // a browser keeps nothing of a page that came over plain http, as 'serve --host' gives it to a phone
  if (!isSecureContext) return box.append(made('p', { className: 'notice', textContent: w.save_https }))
  let found
  const owned = new Set()
  try {
    found = await lesson(page)
    await broken(page)
    for (const { url } of await (await caches.open(SAVED)).keys()) owned.add(url)
  } catch (error) {
    return box.append(made('p', { className: 'notice', textContent: error.name === 'Wrong' ? w.save_wrong : w.save_no_line }))
  }
  const before = all()[page]
  const radio = (text, value, chosen) => {
    const input = made('input', { type: 'radio', name: 'film', value, checked: chosen })
    return made('label', { className: 'pick' }, input, made('span', { textContent: text }), value >= 0 ? data(found.films[value].bytes) : '')
  }
  const wanted = before?.film ? found.films.findIndex(film => film.name === before.film[0]) : found.films.findIndex(film => film.name)
  const picks = found.films.map((film, at) => radio(film.name, at, at === wanted))
  picks.push(radio(w.save_no_film, -1, wanted < 0))
  const paper = found.paper && made('input', { type: 'checkbox', checked: !!before?.paper })
  const sum = made('p', { className: 'sum' })
  const go = made('button', { className: 'button main', textContent: before && !before.done ? w.save_on : w.save_go })
  const bar = made('progress', { hidden: true })
  const said = made('p', { className: 'small' })
  said.setAttribute('role', 'status')
  const chosen = () => found.films[box.querySelector('[name=film]:checked').value]
  // what is here already, and was not harmed, is not paid for again
  const cost = one => (one && !owned.has(one.url) ? one.bytes : 0)
  const total = () => (smallFiles(found).every(url => owned.has(url)) ? 0 : found.small) + cost(chosen()) + cost(paper?.checked && found.paper)
  const count = () => sum.replaceChildren(`${w.save_total} `, data(total()))
  box.append(
    made('p', { textContent: w.save_lead }),
    made('fieldset', {}, made('legend', { textContent: w.film }), ...picks),
    ...(paper ? [made('label', { className: 'pick' }, paper, made('span', { textContent: w.save_leaflet }), data(found.paper.bytes))] : []),
    sum,
    go,
    bar,
    said,
  )
  box.addEventListener('change', count)
  count()
  let renewed
  const run = async () => {
    const most = total()
    let come = 0
    let cut
    heard('save', { r: chosen()?.name ?? '' })
    go.disabled = true
    bar.hidden = false
    bar.max = most || 1
    try {
      const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {}
      if (quota - usage < most) throw new DOMException('', 'QuotaExceededError')
      navigator.storage?.persist?.()
      await bring(found, chosen(), paper?.checked && found.paper, bytes => {
        if (cut) return // others were on their way
        bar.value = come = Math.min(come + bytes, most)
        said.textContent = filled(w.save_progress, { some: size(come), all: size(most) })
      })
      await sweep()
      // where one comes in from the home screen, and finds what is saved
      navigator.serviceWorker?.ready.then(({ active }) => active.postMessage({ seen: [], pages: found.doors }))
      said.textContent = w.saved_done
      go.hidden = bar.hidden = true
      shown()
      if (document.querySelector('[data-now=phone]')) phone()
    } catch (error) {
      cut = true
      if (error.status && !renewed) {
        // a newer page was published since: its files have other names
        renewed = true
        found = await lesson(page).catch(() => found)
        return run()
      }
      // what came is kept: the next try goes on from there, by itself when the line is back
      said.textContent = { QuotaExceededError: w.save_no_room, Wrong: w.save_wrong }[error.name] ?? w.save_cut
      go.textContent = w.save_on
      go.disabled = false
      addEventListener('online', () => dialog.open && run(), { once: true })
    }
  }
  go.addEventListener('click', run)
}

// on a how-to's page: its button says that it is saved
const shown = () => {
  const button = document.querySelector('[data-do=save] span')
  const row = all()[document.querySelector('main').dataset.page]
  if (button && row) button.textContent = row.done ? w.saved : w.save_on
}

// as above, once it is known that the saved files are what came; what is not is told, and one tap fetches it again
export const proven = async () => {
  shown()
  const { page } = document.querySelector('main').dataset
  if (await broken(page)) {
    shown()
    tell(w.saved_broken)
  }
}

const broken = async page => {
  const row = all()[page]
  if (!row?.done || (await unharmed(page, row))) return
  // deleted, or saved again, while it was looked at
  if (JSON.stringify(all()[page]) !== JSON.stringify(row)) return
  remember(page, { ...row, done: false })
  return true
}

const older = (one, other) => {
  const [mine, yours] = [one, other].map(version => version.split('.').map(Number))
  const at = mine.findIndex((number, place) => number !== yours[place])
  return at >= 0 && mine[at] < yours[at]
}

// serious corrections: the saved page and its pictures are replaced at once, a film that was changed is taken away
export const correct = async () => {
  const list = await (await fetched(whole(`${site.top}corrections.json`), { cache: 'no-cache' })).json()
  for (const [page, row] of Object.entries(all())) {
    const [version, what] = list[page] ?? []
    if (!version || !row.version || !older(row.version, version)) continue
    const found = await lesson(page)
    const film = row.film && found.films.find(one => one.url === row.film[1])
    const paper = row.paper && found.paper?.url === row.paper[0] && found.paper
    await bring(found, film, paper, () => {})
    remember(page, { ...all()[page], replaced: what })
    tell(filled(w.saved_replaced, { title: row.title, what }) + (row.film && !film ? ` ${w.saved_film_gone}` : ''))
  }
  await sweep()
  store('asked', used()[0])
}

// the page "On this phone": what is saved, the room that it takes, the day's data
export const phone = async () => {
  const list = document.querySelector('[data-saved]')
  const rows = Object.entries(all())
  const line = ([page, row]) => {
    const link = made('a', { href: site.top + page }, made('strong', { textContent: row.title }))
    const state = row.done ? [row.film?.[0], size(row.bytes)].filter(Boolean).join(' · ') : w.saved_half
    const facts = made('span', { className: 'facts' }, made('span', { textContent: state }))
    if (row.replaced) facts.append(made('span', { textContent: filled(w.corrected_copy, { what: row.replaced }) }))
    link.append(facts)
    const more = row.done ? [] : [made('button', { type: 'button', className: 'button', textContent: w.save_on })]
    more[0]?.addEventListener('click', () => save({ dataset: { page } }))
    const gone = made('button', { type: 'button', className: 'button', textContent: w.delete })
    gone.setAttribute('aria-label', `${w.delete}: ${row.title}`)
    gone.addEventListener('click', async () => {
      remember(page)
      await sweep()
      await phone()
      list.focus()
    })
    return made('li', {}, link, ...more, gone)
  }
  const room = rows.reduce((sum, [, row]) => sum + row.bytes, 0)
  const head = rows.length ? filled(w.saved_room, { n: rows.length, size: size(room) }) : w.saved_none
  list.replaceChildren(made('p', { textContent: head }), made('ul', { className: 'rows' }, ...rows.map(line)))
  tariffs(document.querySelector('[data-tariffs]'))
  for (const [page] of rows)
    if (await broken(page)) {
      tell(w.saved_broken)
      return phone()
    }
}
