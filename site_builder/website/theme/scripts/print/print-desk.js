// The print desk's own maker of files: chosen how-tos, or an aisle's labels, put together from the prints that are ready,
// at the PC where they are wanted. Paper needs no tags, so the file has none; every line and letter is the ready print's own.
const box = document.querySelector('[data-parts]')
const form = box.querySelector('form')
const field = form.elements
const list = box.querySelector('.picks')
const said = box.querySelector('[role=status]')
const MM = 72 / 25.4
const COARSE = 0.9 // mm of a module, as where the prints are made: benchmarks/print.md says why
const FINE = 0.85
const MOST = 8 // version

const filled = (sentence, values) => sentence.replace(/{(\w+)}/g, (_, name) => values[name])
const made = (name, facts, ...inside) => {
  const element = Object.assign(document.createElement(name), facts)
  element.append(...inside)
  return element
}
const whole = link => new URL(link, new URL(box.dataset.top, location))
const fetched = async link => {
  const answer = await fetch(whole(link))
  if (!answer.ok) throw Error(link)
  return answer
}
const loaded = link =>
  new Promise((done, failed) => document.head.append(made('script', { src: whole(link), onload: done, onerror: failed })))
const named = link => /\/([^/?]+)\/?(?:\?|$)/.exec(link)[1]

// ---- a code with the store's number

const symbol = (link, side) => {
  const [, host, path] = /^(https?:\/\/[a-z0-9.:-]+)(.*)$/i.exec(link)
  const drawn = (version, level) => {
    try {
      const code = qrcode(version, level)
      code.addData(host.toUpperCase(), 'Alphanumeric')
      code.addData(path, 'Byte')
      code.make()
      return code
    } catch {} // the link is too long for it
  }
  const versions = [...Array(MOST).keys()].map(at => at + 1)
  const module = version => side / (17 + 4 * version)
  const smallest = level => versions.find(version => drawn(version, level))
  const largest = versions.findLast(version => module(version) >= COARSE)
  const wide = largest && drawn(largest, 'H')
  if (wide) return wide
  const high = smallest('H')
  if (high && module(high) >= FINE) return drawn(high, 'H')
  const least = smallest('M')
  if (!least) throw Error(link)
  return drawn(least, 'H') ?? drawn(least, 'Q') ?? drawn(least, 'M')
}

// the new code in the very place of the old one: its modules are no larger, so its quiet zone is there
const stamp = (page, [, left, bottom, right, top, link], store, x = 0, y = 0) => {
  const { pushGraphicsState, popGraphicsState, setFillingGrayscaleColor, rectangle, fill } = PDFLib
  const side = Math.max(right - left, top - bottom)
  const code = symbol(`${link}-${store}`, side / MM)
  const count = code.getModuleCount()
  const edge = side / count
  const squares = []
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++) {
      let run = 0
      while (column + run < count && code.isDark(row, column + run)) run++
      if (run) squares.push(rectangle(left + x + column * edge, bottom + y + side - (row + 1) * edge, run * edge, edge))
      column += run
    }
  page.pushOperators(
    ...[pushGraphicsState(), setFillingGrayscaleColor(1), rectangle(left + x - 0.5, bottom + y - 0.5, side + 1, side + 1), fill()],
    ...[setFillingGrayscaleColor(0), ...squares, fill(), popGraphicsState()],
  )
}

// ---- files

const opened = async file => PDFLib.PDFDocument.load(await (await fetched(file)).arrayBuffer())

const leaflets = async (chosen, format, store) => {
  const out = await PDFLib.PDFDocument.create()
  const prints = chosen.map(howto => howto.prints[format]).filter(Boolean)
  const both = prints.some(([, pages]) => pages > 1)
  for (const [file, , codes] of prints) {
    const from = await opened(file)
    for (const page of from.getPages()) for (const name of ['Annots', 'StructParents', 'Tabs']) page.node.delete(PDFLib.PDFName.of(name))
    const pages = await out.copyPages(from, from.getPageIndices())
    for (const page of pages) out.addPage(page)
    if (store) for (const code of codes) stamp(pages[code[0]], code, store)
    // each begins on its own sheet
    if (both && pages.length % 2) out.addPage([pages[0].getWidth(), pages[0].getHeight()])
  }
  return [out, both]
}

const labels = async (chosen, { file, sheet, codes }, store, start, copies) => {
  const out = await PDFLib.PDFDocument.create()
  const { pushGraphicsState, popGraphicsState, rectangle, clip, endPath } = PDFLib
  const from = await opened(file)
  const sources = await out.embedPages(from.getPages())
  const [wide, high] = [sources[0].width, sources[0].height]
  const each = sheet.across * sheet.down
  const place = slot => [
    (sheet.left + (slot % sheet.across) * (sheet.width + sheet.gap_x)) * MM,
    high - (sheet.top + Math.floor(slot / sheet.across) * (sheet.height + sheet.gap_y) + sheet.height) * MM,
  ]
  const wanted = new Set(chosen.map(howto => howto.code))
  let slot = start - 1
  let page
  for (const code of codes) {
    if (!wanted.has(named(code[5]))) continue
    const column = Math.floor((code[1] / MM - sheet.left) / (sheet.width + sheet.gap_x))
    const row = Math.floor(((high - code[4]) / MM - sheet.top) / (sheet.height + sheet.gap_y))
    const [left, bottom] = place(row * sheet.across + column)
    for (let copy = 0; copy < copies; copy++, slot++) {
      if (!page || slot % each === 0) page = out.addPage([wide, high])
      const [x, y] = place(slot % each)
      page.pushOperators(pushGraphicsState(), rectangle(x, y, sheet.width * MM, sheet.height * MM), clip(), endPath())
      page.drawPage(sources[code[0]], { x: x - left, y: y - bottom })
      page.pushOperators(popGraphicsState())
      if (store) stamp(page, code, store, x - left, y - bottom)
    }
  }
  return out
}

// what the printer's window is told: how many, on which sides, at full size
const told = (document, copies, duplex) => {
  const wish = document.catalog.getOrCreateViewerPreferences()
  wish.setPrintScaling(PDFLib.PrintScaling.None)
  wish.setDuplex(PDFLib.Duplex[duplex])
  if (copies > 1) wish.setNumCopies(copies)
}

// ---- what is chosen

const begin = async () => {
  const parts = await (await fetched(box.dataset.parts)).json()
  const of = () => parts.howtos.filter(one => one.lang === field.lang.value)
  const sheet = () => parts.labels.find(one => one.format === field.what.value && one.lang === field.lang.value && one.aisle === (one.format === 'labels' ? field.aisle.value : ''))
  const shown = () => [...list.querySelectorAll('label:not([hidden]) input')]

  const show = () => {
    const picked = new Set([...list.querySelectorAll('input:checked')].map(one => one.value))
    const aisle = field.aisle.value
    const rows = of().filter(howto => !aisle || howto.aisles.includes(aisle))
    list.replaceChildren(
      ...rows.map(({ title, code }) => {
        const tick = made('input', { type: 'checkbox', value: code, checked: aisle ? true : picked.has(code) })
        return made('label', { className: 'pick' }, tick, made('span', {}, title, made('small', {}, code)))
      }),
    )
    find()
  }
  const find = () => {
    const typed = field.find.value.toLocaleLowerCase()
    for (const one of list.children) one.hidden = !one.textContent.toLocaleLowerCase().includes(typed)
  }
  const aisles = () => {
    const names = [...new Set(of().flatMap(howto => howto.aisles))].sort()
    field.aisle.replaceChildren(field.aisle.options[0], ...names.map(name => new Option(name)))
  }
  const sides = () => {
    const stock = sheet()
    field.start.closest('label').hidden = !stock
    if (stock) field.start.max = stock.sheet.across * stock.sheet.down
  }

  form.addEventListener('change', ({ target }) => {
    if (target === field.lang) aisles()
    if (target === field.aisle && target.value) field.what.value = 'labels'
    if (target === field.lang || target === field.aisle) show()
    if (target === field.all) for (const one of shown()) one.checked = target.checked
    sides()
  })
  field.find.addEventListener('input', find)
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const picked = new Set([...list.querySelectorAll('input:checked')].map(one => one.value))
    const chosen = of().filter(howto => picked.has(howto.code))
    if (!chosen.length) return (said.textContent = box.dataset.none)
    const [format, store, copies, stock] = [field.what.value, field.store.value, +field.copies.value, sheet()]
    const button = form.querySelector('button')
    button.disabled = true
    said.textContent = ''
    try {
      if (!window.PDFLib) await loaded(box.dataset.pdf)
      if (store && !window.qrcode) await loaded(box.dataset.qr)
      let out
      if (stock) told((out = await labels(chosen, stock, store, +field.start.value, copies)), 1, 'Simplex')
      else {
        const [file, both] = await leaflets(chosen, format, store)
        const short = chosen.some(howto => howto.prints[format]?.[3])
        told((out = file), copies, short ? 'DuplexFlipShortEdge' : both ? 'DuplexFlipLongEdge' : 'Simplex')
      }
      const pages = out.getPageCount()
      const url = URL.createObjectURL(new Blob([await out.save()], { type: 'application/pdf' }))
      const name = [format, field.aisle.value, store, `${chosen.length}`].filter(Boolean).join('-').replace(/[^\p{L}\p{N}-]+/gu, '-')
      made('a', { href: url, download: `${name}.pdf` }).click()
      setTimeout(() => URL.revokeObjectURL(url), 60_000)
      const more = !stock && copies > 1 ? ` ${filled(box.dataset.copies, { n: copies })}` : ''
      said.textContent = filled(box.dataset.ready, { n: pages }) + more
    } catch (error) {
      console.warn(error)
      said.textContent = box.dataset.failed
    }
    button.disabled = false
  })

  aisles()
  show()
  sides()
  box.hidden = false
}

begin()
