// First on every page: prices at the phone's own tariff, the meter of the day, what is kept for a time without a
// connection, and the door to all that is loaded only at a tap.
const site = document.currentScript.dataset
const $$ = (selector, inside = document) => [...inside.querySelectorAll(selector)]
const stored = name => {
  try {
    return JSON.parse(localStorage[name])
  } catch {}
}
const store = (name, value) => {
  try {
    localStorage[name] = JSON.stringify(value)
  } catch {}
}

// every rounding goes up, as where the pages are made; the crumb taken off keeps 29.000000001 at 29
const up = number => Math.ceil(number - 1e-9)
const places = hundredths => `${Math.floor(hundredths / 100)}${site.decimal}${`${hundredths % 100}`.padStart(2, 0)}`
const size = bytes => `${places(up(bytes / 1e4))}\u00a0MB`
// [name, rand for a megabyte, date]; remembered on this phone and nowhere else
const tariff = () => stored('tariff') ?? ['', +site.rate, '']
const price = (bytes, rate = tariff()[1]) => {
  const cents = up((bytes * rate) / 1e4)
  return cents < 100 ? `${cents}c` : `R${places(cents)}`
}
const tag = bytes => size(bytes) + (tariff()[1] ? ` ·\u00a0${price(bytes)}` : '')
const filled = (sentence, values) => sentence.replace(/{(\w+)}/g, (_, name) => values[name])

// a link that does something here: a button to who cannot see it, and to the space bar
const press = (link, act) => {
  const pressed = event => {
    event.preventDefault()
    act()
  }
  link.setAttribute('role', 'button')
  link.addEventListener('click', pressed)
  link.addEventListener('keydown', event => event.key === ' ' && pressed(event))
}

// a file that this page names is gone where a newer site was published since it was opened: said where she tapped. Once: where
// the file is not there after that either, it is something else
const newer = async (near, link) => {
  const { href } = new URL(link, location)
  const { status } = await fetch(href, { method: 'HEAD' }).catch(() => 0)
  if (!(status > 399 && status < 500) || sessionStorage.again === href) return
  sessionStorage.again = href
  near.insertAdjacentHTML('afterend', `<p role=alert><a class=button href>${site.again}</a>`)
  return true
}

const later = () => import(new URL(site.later, location))
const act = (name, ...about) => later().then(all => all[name](...about))

// off by a setting of the site, and wherever the phone asks not to be followed
const heard = (...about) =>
  site.listen &&
  !navigator.globalPrivacyControl &&
  navigator.doNotTrack !== '1' &&
  import(new URL(site.listen, location)).then(listen => listen.hear(...about)).catch(() => {})

const showPrices = () => {
  for (const one of $$('data[value]')) one.textContent = tag(one.value)
  const [name, , date] = tariff()
  if (name) for (const one of $$('[data-at]')) one.textContent = `${name} (${date})`
  showUsed()
}

const used = () => {
  const today = new Date().toDateString()
  const [day, bytes] = stored('used') ?? []
  return [today, day === today ? bytes : 0]
}
const showUsed = () => {
  const [, bytes] = used()
  for (const one of $$('[data-used]')) {
    one.textContent = filled(one.dataset.used, { size: size(bytes), price: price(bytes) })
    one.hidden = !bytes
  }
}

if (stored('tariff')) showPrices()

const spend = bytes => {
  const [day, before] = used()
  store('used', [day, before + bytes])
  showUsed()
}
// what was really transferred: 0 for what the phone had already; the worker tells what went through it
for (const type of ['navigation', 'resource'])
  new PerformanceObserver(list =>
    spend(list.getEntries().reduce((sum, entry) => sum + (entry.workerStart ? 0 : entry.transferSize), 0)),
  ).observe({ type, buffered: true })
navigator.serviceWorker?.addEventListener('message', ({ data }) => spend(data))
navigator.serviceWorker?.startMessages()

document.addEventListener('click', event => {
  const told = event.target.closest('[data-tell]')
  if (told) heard(told.dataset.tell)
  const control = event.target.closest('[data-do]')
  if (!control) return
  event.preventDefault()
  act(control.dataset.do, control).catch(async () => {
    if (control.dataset.said) heard('verdict', { a: control.dataset.said })
    // no connection: its link says what can be done
    if (!(await newer(control, site.later))) location = control.href
  })
})

// a number can be changed only where its answer can: never does an old answer stand beside a new number
for (const box of $$('[data-sum]')) {
  const script = box.dataset.script
  const inputs = $$('input', box)
  for (const one of inputs) one.readOnly = false
  box.addEventListener('input', () => $$('output', box).forEach(one => (one.value = '–')))
  box.addEventListener('focusin', () => import(new URL(script, location)).catch(async () => {
    for (const one of $$('input, output', box)) one.value = one.defaultValue
    for (const one of inputs) one.readOnly = true
    const said = box.querySelector('[role=alert]')
    if (!(await newer(box, script))) said.textContent = said.dataset.off
  }), { once: true })
}

for (const one of $$('[data-now]')) act(one.dataset.now, one).catch(() => {})
const page = document.querySelector('main').dataset.page
const saved = stored('saved') ?? {}
// a how-to with a serious correction replaces its saved copy: asked once a day, and only where something is saved
if (saved[page]) act('proven').catch(() => {})
if (Object.keys(saved).length && stored('asked') !== used()[0]) act('correct').catch(() => {})

// who only looks in pays nothing for it: the worker comes at the first touch, and then keeps this page too
const keep = () => {
  const worker = navigator.serviceWorker
  worker
    ?.register(site.top + 'sw.js', { updateViaCache: 'all' })
    .then(() => worker.ready)
    .then(({ active }) => active.postMessage({ seen: performance.getEntriesByType('resource').map(entry => entry.name) }))
    .catch(() => {})
}
if (navigator.serviceWorker?.controller) addEventListener('load', keep)
else for (const type of ['pointerdown', 'keydown']) addEventListener(type, keep, { once: true })
