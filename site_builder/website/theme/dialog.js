// The search's dialog: as she types, the how-tos that fit. Comes with matcher.js in one file.
const NEWER = 'video/mp4; codecs="av01.0.04M.08, opus"'
let begun

const element = (name, ...inside) => {
  const made = document.createElement(name)
  made.append(...inside)
  return made
}

const result = (opener, [href, lang, title, category, time, film, newer]) => {
  const bytes = document.createElement('video').canPlayType(NEWER) ? newer : film
  const facts = [category, time, bytes && `${w.film} ${tag(bytes)}`].filter(Boolean)
  const line = element('span', ...facts.map(fact => element('span', fact)))
  line.className = 'facts'
  const link = element('a', element('strong', title), line)
  link.href = new URL(href, opener.href)
  link.lang = lang
  return element('li', link)
}

export const begin = (dialog, opener) => {
  if (begun) return
  begun = true
  dialog.querySelector('button').ariaLabel = w.close
  const input = dialog.querySelector('input')
  input.placeholder = w.search_hint
  const list = dialog.querySelector('ul')
  const status = dialog.querySelector('[role=status]')
  let index

  const load = () =>
    (index ??= fetch(new URL(facts.index, new URL(site.top, location)))
      .then(answer => answer.json())
      .then(learn))

  const answer = async () => {
    const query = input.value
    let rows = []
    let said = ''
    if (query.trim()) {
      status.textContent ||= w.search_loading
      try {
        rows = search(await load(), query)
        said = rows.length ? filled(w.search_some, { n: rows.length }) : w.search_none
      } catch {
        index = null
        said = w.search_failed
      }
    }
    // she has typed on while the list was loading
    if (query !== input.value) return
    list.replaceChildren(...rows.map(row => result(opener, row)))
    status.textContent = said
  }

  input.addEventListener('input', answer)
  dialog.querySelector('form').addEventListener('submit', event => {
    event.preventDefault()
    list.querySelector('a')?.click()
  })
  dialog.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const stops = [input, ...list.querySelectorAll('a')]
    const next = stops.indexOf(document.activeElement) + step
    stops[Math.max(0, Math.min(stops.length - 1, next))].focus()
  })
  load().catch(() => (index = null))
  answer()
}
