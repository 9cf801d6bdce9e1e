// The search's dialog: as she types, the how-tos that fit. Comes with matcher.js in one file.
const NEWER = 'video/mp4; codecs="av01.0.04M.08, opus"'
let begun

const made = (name, ...inside) => {
  const element = document.createElement(name)
  element.append(...inside)
  return element
}

const result = (dialog, opener, [href, lang, title, category, time, film, newer]) => {
  const tag = document.createElement('video').canPlayType(NEWER) ? newer : film
  const facts = [category, time, film && `${dialog.dataset.film} ${tag}`].filter(Boolean)
  const line = made('span', ...facts.map(fact => made('span', fact)))
  line.className = 'facts'
  const link = made('a', made('strong', title), line)
  link.href = new URL(href, opener.href)
  link.lang = lang
  return made('li', link)
}

export const begin = (dialog, opener) => {
  if (begun) return
  begun = true
  const input = dialog.querySelector('input')
  const list = dialog.querySelector('ul')
  const status = dialog.querySelector('[role=status]')
  let index

  const load = () =>
    (index ??= fetch(new URL(opener.dataset.search, location))
      .then(answer => answer.json())
      .then(learn))

  const answer = async () => {
    const query = input.value
    let rows = []
    let said = ''
    if (query.trim()) {
      status.textContent ||= dialog.dataset.loading
      try {
        rows = search(await load(), query)
        said = rows.length ? dialog.dataset.some.replace('{n}', rows.length) : dialog.dataset.none
      } catch {
        index = null
        said = dialog.dataset.failed
      }
    }
    // she has typed on while the list was loading
    if (query !== input.value) return
    list.replaceChildren(...rows.map(row => result(dialog, opener, row)))
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
