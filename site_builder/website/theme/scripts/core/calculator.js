// How much to buy; loaded when a number is about to be changed. The formula comes with each sign after its two numbers, so
// it needs no eval: `a b *`. All is worked out in fractions of whole numbers: no float noise buys another bag.
for (const box of $$('[data-sum]')) {
  const inputs = $$('input', box)
  const act = {
    '+': ([a, b], [c, d]) => [a * d + c * b, b * d],
    '-': ([a, b], [c, d]) => [a * d - c * b, b * d],
    '*': ([a, b], [c, d]) => [a * c, b * d],
    '/': ([a, b], [c, d]) => [a * d, b * c],
  }
  const fraction = text => [...text.split('/').map(BigInt), 1n].slice(0, 2)
  // a comma or a point, and the digits of the reader's own keyboard; 1,500 may be two numbers where a point is written
  const typed = text => {
    const plain = text.replace(/\s/g, '').replace(/[٠-٩۰-۹०-९]/g, sign => '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९'.indexOf(sign) % 10)
    const [, whole = '', sign, rest = ''] = plain.match(/^(\d*)(?:([.,٫])(\d*))?$/) ?? []
    if (!(whole + rest) || (rest.length === 3 && whole > 0 && sign !== site.decimal)) return
    return [BigInt(whole + rest), 10n ** BigInt(rest.length), rest ? (whole || 0) + site.decimal + rest : whole]
  }
  const up = (a, b) => (a + b - 1n) / b
  // three figures at least, rounded up
  const amount = (a, b) => {
    let places = 0n
    while (places < 6n && a * 10n ** places < 100n * b) places++
    const digits = `${up(a * 10n ** places, b)}`.padStart(Number(places) + 1, 0)
    const at = digits.length - Number(places)
    const rest = digits.slice(at).replace(/0+$/, '')
    return digits.slice(0, at) + (rest && site.decimal + rest)
  }
  const answer = () => {
    const values = {}
    const wrong = inputs.filter(input => {
      const [a, b] = (values[input.name] = typed(input.value) ?? [])
      const [[low, under], [high, over]] = [fraction(input.dataset.min), fraction(input.dataset.max)]
      const off = b === undefined || a * under < low * b || a * over > high * b
      input.setAttribute('aria-invalid', off)
      return off
    })
    box.querySelector('[role=alert]').textContent = wrong.map(input => input.dataset.wrong).join(' ')
    const lines = $$('output', box)
    for (const line of lines) line.textContent = '–'
    if (wrong[0]) return
    const stack = []
    for (const word of box.dataset.sum.split(' ')) {
      if (act[word]) {
        const right = stack.pop()
        stack.push(act[word](stack.pop(), right))
      } else stack.push(values[word] ?? fraction(word))
    }
    let [a, b] = stack[0]
    if (b < 0) [a, b] = [-a, -b]
    if (!b || a < 0) return
    lines.forEach((line, index) => {
      const { rate, size, amount: before, buy, one, many } = line.dataset
      const [need, of] = act['*']([a, b], fraction(rate))
      const packs = size && up(...act['/']([need, of], fraction(size)))
      const name = packs > 1 ? many : one
      const said = text => text.replace('{a}', amount(need, of)).replace('{p}', packs + (name && '\u00a0' + name))
      line.textContent = said(before + buy)
      // the shopping list buys the same
      for (const row of $$(`[data-give="${index}"]`)) row.textContent = said(buy)
    })
    for (const row of $$('[data-batch]'))
      row.textContent = row.dataset.batch.replace('{}', () => inputs.map(input => input.dataset.says.replace(/{}(?!.*{})/, values[input.name][2])).join(' · '))
  }
  box.addEventListener('input', answer)
  answer()
}
