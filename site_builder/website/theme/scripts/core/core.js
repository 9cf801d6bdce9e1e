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
const places = hundredths => (hundredths / 100).toFixed(2).replace('.', site.decimal)
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
  link.role = 'button'
  link.addEventListener('click', pressed)
  link.addEventListener('keydown', event => event.key === ' ' && pressed(event))
}

// a file that this page names is gone where a newer site was published since it was opened: said where she tapped. Once: where
// the file is not there after that either, it is something else
const newer = async (near, link) => {
  const { status } = await fetch(link, { method: 'HEAD' }).catch(() => 0)
  // a status of 400 to 499, and no other: `^` drops what stands behind the point
  if ((status / 100) ^ 4 || sessionStorage.again === link) return
  sessionStorage.again = link
  near.insertAdjacentHTML('afterend', `<p role=alert><a class=button href>${site.again}</a>`)
  return true
}

const act = (name, ...about) => import(new URL(site.later, location)).then(all => all[name](...about))

// off by a setting of the site, and wherever the phone asks not to be followed
const heard = (...about) =>
  site.listen &&
  !(navigator.globalPrivacyControl || navigator.doNotTrack > 0) &&
  import(new URL(site.listen, location)).then(listen => listen.hear(...about)).catch(() => {})

const showPrices = () => {
  const [name, , date] = tariff()
  for (const one of $$('data[value]')) one.textContent = tag(one.value)
  for (const one of $$('[data-at]')) if (name) one.textContent = `${name} (${date})`
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
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.workerStart) spend(entry.transferSize)
  }).observe({ type, buffered: true })
const worker = navigator.serviceWorker
if (worker) worker.onmessage = ({ data }) => spend(data)

document.addEventListener('click', event => {
  const told = event.target.closest('[data-tell]')
  if (told) heard(told.dataset.tell)
  const control = event.target.closest('[data-do]')
  if (!control) return
  event.preventDefault()
  act(control.dataset.do, control).catch(async () => {
    if (control.dataset.said) heard('verdict', { a: control.dataset.said })
    // no connection: its link says what can be done
    ;(await newer(control, site.later)) || (location = control.href)
  })
})

// never does an old answer stand beside a new number: what works it out is asked for at each touch, until it comes
for (const box of $$('[data-sum]')) {
  for (const one of $$('input', box)) one.readOnly = false
  box.addEventListener('input', () => {
    for (const one of $$('output', box)) one.value = '–'
  })
  box.addEventListener('focusin', () => import(new URL(box.dataset.script, location)).catch(async () => {
    for (const one of $$('input, output', box)) one.value = one.defaultValue
    const said = box.querySelector('[role=alert]')
    if (!(await newer(box, box.dataset.script))) said.textContent = said.dataset.off
  }))
}

for (const one of $$('[data-now]')) act(one.dataset.now, one).catch(() => {})
const page = document.querySelector('main').dataset.page
const saved = stored('saved') ?? {}
// a how-to with a serious correction replaces its saved copy: asked once a day, and only where something is saved
if (saved[page]) act('proven').catch(() => {})
if (Object.keys(saved)[0] && stored('asked') !== used()[0]) act('correct').catch(() => {})

// who only looks in pays nothing for it: the worker comes at the first touch, and then keeps this page too
const keep = () => {
  worker
    ?.register(site.top + 'sw.js', { updateViaCache: 'all' })
    .then(() => worker.ready)
    .then(({ active }) => active.postMessage({ seen: performance.getEntriesByType('resource').map(entry => entry.name) }))
    .catch(() => {})
}
if (worker?.controller) addEventListener('load', keep)
else for (const type of ['pointerdown', 'keydown']) addEventListener(type, keep, { once: true })
