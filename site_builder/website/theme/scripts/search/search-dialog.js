// The search's dialog: as she types, the how-tos that fit. Comes with search-match.js in one file.
const SHOWN = 8
const PERHAPS = 4 // where nothing is what she asked for: more would look like an answer
const PAUSE = 250 // between two keys; half a word would load files for nothing
let begun

const element = (name, facts, ...inside) => {
  const made = Object.assign(document.createElement(name), facts)
  made.append(...inside)
  return made
}

const top = new URL(site.top, location)
const files = new Map()
const fetched = name => {
  if (!files.has(name)) {
    files.set(
      name,
      fetch(new URL(name, top)).then(answer => (answer.ok ? answer.json() : Promise.reject(answer.status))),
    )
    files.get(name).catch(() => files.clear())
  }
  return files.get(name)
}
const index = () => fetched(`search.${facts.lang}.json`)
const load = async name => fetched(`search/${name}.${(await index()).version}.json`)

const row = async at => (await load(`${facts.lang}-${Math.floor(at / facts.block)}`))[at % facts.block]

const result = categories => ([page, title, category, time, film, newer, thumb, lang]) => {
  const bytes = can(NEWER) ? newer : film
  const said = [categories[category], time].filter(Boolean).map(one => element('span', {}, one))
  if (bytes) said.push(element('span', {}, w.film, element('data', { value: bytes }, tag(bytes))))
  // a name's folder is the how-to's own; small, and only where somebody scrolls to it
  const picture = thumb && element('img', { loading: 'lazy', alt: '', width: 72, height: 40, src: new URL(`media/${page.split('/').at(-2)}/thumb.${thumb}.avif`, top) })
  const line = element('span', { className: 'facts' }, ...said)
  return element('li', {}, element('a', { href: new URL(page, top), lang: lang ?? facts.lang }, ...(picture ? [picture] : []), element('strong', {}, title), line))
}

// without a connection: what is kept on this phone, by the words of its pages; and the categories in which it stands
const kept = async query => {
  const found = new Map()
  for (const name of ['saved', 'seen']) {
    const cache = await caches.open(name)
    for (const { url } of await cache.keys()) {
      if (!url.endsWith('/') || found.has(url)) continue
      const page = new DOMParser().parseFromString(await (await cache.match(url)).text(), 'text/html')
      if (page.querySelector('main[data-page]')) found.set(url, page)
    }
  }
  const rows = []
  const words = {}
  const add = (weight, text) => {
    for (const word of plain(text)) (words[word] ??= []).push(rows.length * 4 + weight)
  }
  const text = (page, selector) => $$(selector, page).map(one => one.textContent).join(' ')
  const subjects = new Map()
  for (const [url, page] of found) {
    for (const [weight, selector] of [[3, 'h1'], [1, '.lead,h3,.need'], [0, 'main']]) add(weight, text(page, selector))
    rows.push([url, text(page, 'h1'), -1, '', 0, 0, 0, page.documentElement.lang])
    const link = page.querySelector('.crumbs a:last-child')
    subjects.set(new URL(link.getAttribute('href'), url).href, link.textContent)
  }
  const count = rows.length
  for (const [url, title] of subjects) {
    add(2, title)
    rows.push([url, title, -1, '', 0, 0, 0])
  }
  const { found: best, sure } = await find(query, { ...facts, starts: '', count }, async () => words)
  return { rows: best.map(([at]) => rows[at]), sure }
}

export const begin = (dialog, opener) => {
  if (begun) return
  begun = true
  const input = dialog.querySelector('input')
  const list = dialog.querySelector('ul')
  const status = dialog.querySelector('[role=status]')

  let categories = []
  const show = (said, rows, ...more) => {
    status.textContent = said
    list.replaceChildren(...rows.map(result(categories)), ...more)
  }

  // her words are kept for the store: what is asked for and not there is what should be made next
  const ask = query => {
    const link = element('a', { className: 'button', href: opener.href }, w.ask)
    link.dataset.do = 'ask'
    link.dataset.query = query
    return element('li', {}, link)
  }

  let answered // whether what is shown is what she asked for
  let telling // what she typed is told once, when she has stopped typing
  const answer = async (again = true) => {
    const query = input.value
    answered = false
    if (!query.trim()) return show('', [])
    status.textContent ||= w.search_loading
    let said
    let rows = []
    const more = []
    try {
      const known = await index()
      categories = known.categories
      const { found, sure } = await find(query, { ...facts, ...known }, load)
      rows = await Promise.all(found.slice(0, sure ? SHOWN : PERHAPS).map(([at]) => row(at)))
      said = sure ? filled(w.search_some, { n: found.length }) : rows.length ? w.search_near : w.search_none
      more.push(ask(query))
      if (query === input.value) answered = sure
      clearTimeout(telling)
      telling = setTimeout(() => heard(sure ? 'search' : 'search-none', { q: query }), 1500)
    } catch {
      // a newer site was published since she began, and its index has other names; or there is no connection
      if (again) return answer(false)
      const { rows: some, sure } = await kept(query).catch(() => ({ rows: [] }))
      rows = some.slice(0, sure ? SHOWN : PERHAPS)
      answered = sure
      said = sure ? w.search_saved : rows.length ? `${w.offline}. ${w.search_near}` : w.search_failed
    }
    // she has typed on while a file was loading
    if (query === input.value) show(said, rows, ...more)
  }

  let pause
  input.addEventListener('input', () => {
    clearTimeout(pause)
    pause = setTimeout(() => answer(), PAUSE)
  })
  dialog.querySelector('form').addEventListener('submit', event => {
    event.preventDefault()
    const first = list.querySelector('a')
    // what is only near is not opened unseen
    answered ? first?.click() : first?.focus()
  })
  dialog.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const stops = [input, ...list.querySelectorAll('a')]
    const next = stops.indexOf(document.activeElement) + step
    stops[Math.max(0, Math.min(stops.length - 1, next))].focus()
  })
  answer()
}
